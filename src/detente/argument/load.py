"""Arguments: a view of a rivalry as a file of principals, mechanisms with priors, claims, questions and a run."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from detente.argument.argument import Argument
from detente.argument.check import cross_check, place_of
from detente.argument.world_prior import read_world_prior
from detente.argument.yaml_lines import Path_, lay_over, lay_places, read_yaml
from detente.base.errors import ArgumentError, Fault

_FIELDS = "must hold named fields", "Indent them below it, one step deeper."
_PLAIN = {
    "dict_type": _FIELDS,
    "model_type": _FIELDS,
    "tuple_type": ("must be a list", "Write [a, b], or a line with a dash for each."),
    "date_type": ("must be an existing day written YYYY-MM-DD", "Try 2020-01-17."),
}


def _found(name: str | Path, rivalry: str | None) -> Path:
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


def parse_argument(path: Path) -> Argument:
    """Read and validate one argument file; see `load_argument`."""
    value, places = _read(path, ())
    try:
        argument = Argument.model_validate(value)
    except ValidationError as error:
        raise ArgumentError(*(_fault(detail, places) for detail in error.errors())) from None
    faults = list(cross_check(argument, places))
    if faults:
        raise ArgumentError(*faults)
    if isinstance(argument.world_prior, str):
        prior = read_world_prior(argument.world_prior, path.parent, argument.clocks.fast)
        argument = argument.model_copy(update={"world_prior": prior})
    return argument


def _read(path: Path, above: tuple[Path, ...]) -> tuple[dict[str, Any], dict[Path_, str]]:
    """Read a file and lay it over the argument it extends, if it names one."""
    value, places = read_yaml(path)
    if not isinstance(value, dict):
        raise ArgumentError(Fault("argument file", "must hold named fields", where=f"{path.name}:1"))
    if "extends" not in value:
        return value, places
    where = place_of(places, ("extends",))
    name = str(value.pop("extends"))
    home = str(value["rivalry"]) if isinstance(value.get("rivalry"), str) else None
    try:
        base = _found(path.parent / name if name.endswith((".yaml", ".yml")) else name, home)
    except ArgumentError as error:
        hint = error.faults[0].hint
        raise ArgumentError(Fault("extends", "must be known or a .yaml file", name, where, hint)) from None
    if base in above or base == path:
        raise ArgumentError(Fault("extends", "must not lead back to the file itself", got=name, where=where))
    under, below = _read(base, (*above, path))
    places.pop(("extends",))
    return lay_over(under, value), lay_places(under, value, below, places)


def _fault(detail: Any, places: dict[Path_, str]) -> Fault:
    loc = tuple(part for part in detail["loc"] if part != "[key]")
    where = place_of(places, loc)
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
