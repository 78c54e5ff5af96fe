"""Reading an argument: a YAML file, the file it extends, and the types of its fields."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from detente.argument.argument import Argument
from detente.argument.world_prior import read_world_prior
from detente.argument.yaml_lines import Places, lay_over, lay_places, parse_yaml, read_text
from detente.base.errors import ArgumentError, Fault

_FIELDS = "must hold named fields", "Indent them below it, one step deeper."
_PLAIN = {
    "dict_type": _FIELDS,
    "model_type": _FIELDS,
    "tuple_type": ("must be a list", "Write [a, b], or a line with a dash for each."),
    "date_type": ("must be an existing day written YYYY-MM-DD", "Try 2020-01-17."),
}


def find_argument(name: str | Path, rivalry: str | None) -> Path:
    """Return the file of an argument: the path given, or an embedded one by its name.

    Raises
    ------
    ArgumentError
        If no embedded argument has that name.
    """
    path = Path(name)
    if path.suffix in (".yaml", ".yml"):
        return path
    known = dict(_embedded(rivalry))
    if str(name) not in known:
        near = difflib.get_close_matches(str(name), known, 1)
        hint = f"Did you mean {near[0]}?" if near else f"Known: {', '.join(known)}; or give a .yaml file."
        raise ArgumentError(Fault("argument", "must be known or a .yaml file", got=str(name), hint=hint))
    return known[str(name)]


def _embedded(rivalry: str | None) -> Iterator[tuple[str, Path]]:
    data = Path(str(resources.files("detente"))) / "data"
    folders = [data / rivalry.replace("-", "_")] if rivalry else []
    for folder in [*folders, data]:
        for path in sorted(folder.glob("*.yaml")):
            yield path.stem, path


def read_argument(path: Path) -> Argument:
    """Read one argument file; the types of its fields are checked and nothing else."""
    return _argument(*_read(path, read_text(path), ()), path.parent)


def parse_argument(text: str, name: str = "argument.yaml", folder: Path | None = None) -> Argument:
    """Read an argument from text; the types of its fields are checked and nothing else.

    Parameters
    ----------
    text, name : str
        The text, and the name that messages give its file.
    folder : Path, optional
        Where files that it names are looked for; the current folder by default.

    Raises
    ------
    ArgumentError
        With every fault found, each with its line.
    """
    path = (folder or Path()) / name
    return _argument(*_read(path, text, ()), path.parent)


def _argument(value: dict[str, Any], places: Places, folder: Path) -> Argument:
    try:
        argument = Argument.model_validate(value).at(places)
    except ValidationError as error:
        raise ArgumentError(*(_fault(detail, places) for detail in error.errors())) from None
    if isinstance(argument.world_prior, str):
        prior = read_world_prior(argument.world_prior, folder, argument.clocks.fast)
        argument = argument.model_copy(update={"world_prior": prior})
    return argument


def _read(path: Path, text: str, above: tuple[Path, ...]) -> tuple[dict[str, Any], Places]:
    """Parse a file and lay it over the argument it extends, if it names one."""
    value, places = parse_yaml(text, path.name)
    if not isinstance(value, dict):
        raise ArgumentError(Fault("argument file", "must hold named fields", where=f"{path.name}:1"))
    if "extends" not in value:
        return value, places
    where = places.nearest(("extends",))
    name = str(value.pop("extends"))
    home = str(value["rivalry"]) if isinstance(value.get("rivalry"), str) else None
    try:
        base = find_argument(path.parent / name if name.endswith((".yaml", ".yml")) else name, home)
    except ArgumentError as error:
        hint = error.faults[0].hint
        raise ArgumentError(Fault("extends", "must be known or a .yaml file", name, where, hint)) from None
    if base in above or base == path:
        rule = "must not extend itself, directly or through other files"
        raise ArgumentError(Fault("extends", rule, got=name, where=where))
    under, below = _read(base, read_text(base), (*above, path))
    places.pop(("extends",))
    return lay_over(under, value), lay_places(under, value, below, places)


def _fault(detail: Any, places: Places) -> Fault:
    loc = tuple(part for part in detail["loc"] if part != "[key]")
    where = places.nearest(loc)
    what = ".".join(map(str, loc)) or "argument"
    if detail["type"] == "extra_forbidden":
        fields = _fields_at(loc[:-1])
        near = difflib.get_close_matches(str(loc[-1]), fields, 1)
        hint = (
            f"Did you mean {near[0]}?" if near else (f"Fields here: {', '.join(fields)}." if fields else None)
        )
        return Fault(what, "is not a field here", where=where, hint=hint)
    if detail["type"] == "missing":
        return Fault(what, "is required", where=where, hint="Add it.")
    if detail["type"] in _PLAIN:
        message, hint = _PLAIN[detail["type"]]
        return Fault(what, message, got=detail["input"], where=where, hint=hint)
    message = str(detail["msg"]).replace("Input should be ", "must be ").replace("Input should ", "must ")
    message = message.replace("String should ", "must ").replace("Tuple should ", "must ")
    message = message.replace("Dictionary should ", "must ")
    return Fault(what, message, got=detail["input"], where=where)


def _fields_at(loc: tuple[Any, ...]) -> list[str]:
    """Return the field names of the model at a path, following the schema."""
    schema = Argument.model_json_schema()
    node = schema
    for part in loc:
        while "$ref" in node:
            node = schema["$defs"][node["$ref"].rsplit("/", 1)[1]]
        for option in node.get("anyOf", []):
            if "$ref" in option or "properties" in option:
                node = option
                while "$ref" in node:
                    node = schema["$defs"][node["$ref"].rsplit("/", 1)[1]]
        if isinstance(part, int):
            node = node.get("items", {})
        else:
            node = node.get("properties", {}).get(part) or node.get("additionalProperties") or {}
        if not isinstance(node, dict):
            return []
    while "$ref" in node:
        node = schema["$defs"][node["$ref"].rsplit("/", 1)[1]]
    return list(node.get("properties", {}))
