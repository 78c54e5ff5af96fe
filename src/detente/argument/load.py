"""Reading an argument: a YAML file, the file it extends, and the types of its fields."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from detente.argument.argument import Argument
from detente.argument.texts import still_true
from detente.argument.world_prior import read_world_prior
from detente.argument.yaml_lines import Places, lay_over, lay_places, parse_yaml, read_text
from detente.base.errors import ArgumentError, Fault
from detente.base.given import path_given, text_given
from detente.base.input_limits import LIMITS, Limits
from detente.base.printable import name_of
from detente.base.spelling import suggest

_PLAIN: dict[str, tuple[str, dict[str, Any]]] = {  # pydantic's type of an error: our code, hint and values
    "dict_type": ("not_named_fields", {"hint": "indent_fields"}),
    "model_type": ("not_named_fields", {"hint": "indent_fields"}),
    "tuple_type": ("not_a_list", {"hint": "write_list"}),
    "date_type": ("not_a_day", {"hint": "try", "example": "2020-01-17"}),
    "string_type": ("not_text", {}),
    "float_type": ("not_a_number", {}),
    "finite_number": ("not_a_number", {}),
    "int_type": ("not_whole", {}),
    "int_from_float": ("not_whole", {}),
    "bool_type": ("not_a_flag", {}),
}
_LIMITED = {  # pydantic's type of an error: our code, and its value by ours and by pydantic's name
    "greater_than": ("not_above", "low", "gt"),
    "greater_than_equal": ("too_small", "low", "ge"),
    "less_than": ("not_below", "high", "lt"),
    "less_than_equal": ("too_large", "high", "le"),
    "string_too_short": ("too_short", "low", "min_length"),
    "string_too_long": ("too_long", "high", "max_length"),
    "string_pattern_mismatch": ("wrong_pattern", "pattern", "pattern"),
    "too_short": ("too_few_items", "low", "min_length"),
    "too_long": ("too_many_items", "high", "max_length"),
}

_NAMED = re.compile(r"^argument:", re.MULTILINE)


def find_argument(name: str | Path, rivalry: str | None) -> Path:
    """Return the file of an argument: the path given, or an embedded one by its name.

    Raises
    ------
    ArgumentError
        If no embedded argument has that name.
    """
    path = path_given("argument", name)
    if path.suffix in (".yaml", ".yml"):
        return path
    known = dict(_embedded(rivalry))
    if str(name) not in known:
        hint = suggest(str(name), known)
        raise ArgumentError(Fault("unknown_argument", "argument", got=str(name), **hint))
    return known[str(name)]


def argument_names(rivalry: str | None = None) -> tuple[str, ...]:
    """Return the names of the arguments that come with the program: a rivalry's own first, then those for any pair.

    Examples
    --------
    >>> "essay" in argument_names("us-iran")
    True
    """
    return tuple(dict.fromkeys(name for name, _ in _embedded(rivalry)))


def _embedded(rivalry: str | None) -> Iterator[tuple[str, Path]]:
    data = Path(str(resources.files("detente"))) / "data"
    # a rivalry's earlier chronicle (``name@first``) has the same arguments
    name = text_given("rivalry", rivalry).partition("@")[0] if rivalry is not None else None
    folders = [data / name.replace("-", "_")] if name is not None else []
    for folder in filter(os.path.isdir, [*folders, data]):
        for path in sorted(folder.glob("*.yaml")):
            yield path.stem, path


@cache
def embedded_arguments() -> tuple[Argument, ...]:
    """Return every argument that comes with the program, as `read_argument` reads it.

    Examples
    --------
    >>> sorted(one.argument for one in embedded_arguments() if one.rivalry == "us-iran")
    ['essay', 'essay-evidence', 'maximum-pressure']
    """
    data = Path(str(resources.files("detente"))) / "data"
    paths = sorted((*data.glob("*/*.yaml"), *data.glob("*.yaml")))
    # Beside arguments lie other files of the same format, such as lists of questions.
    return tuple(read_argument(path) for path in paths if _NAMED.search(path.read_text(encoding="utf-8")))


def read_argument(path: Path, limits: Limits = LIMITS) -> Argument:
    """Read one argument file; the types of its fields are checked and nothing else."""
    return _argument(*_read(path, read_text(path, limits), (), limits), path.parent, limits)


def parse_argument(
    text: str, name: str = "argument.yaml", folder: Path | None = None, limits: Limits = LIMITS
) -> Argument:
    """Read an argument from text; the types of its fields are checked and nothing else.

    Parameters
    ----------
    text, name : str
        The text, and the name that messages give its file.
    folder : Path, optional
        Where files that it names are looked for; the current folder by default.
    limits : Limits
        How much it may hold.

    Raises
    ------
    ArgumentError
        With every fault found, each with its line.
    """
    path = (folder or Path()) / name
    return _argument(*_read(path, text, (), limits), path.parent, limits)


def _argument(value: dict[str, Any], places: Places, folder: Path, limits: Limits) -> Argument:
    try:
        argument = Argument.model_validate(value).at(places)
    except ValidationError as error:
        raise ArgumentError(*(_fault(detail, places) for detail in error.errors())) from None
    if isinstance(argument.world_prior, str):
        prior = read_world_prior(argument.world_prior, folder, argument.clocks.fast, limits)
        places.files = (*places.files, (folder / argument.world_prior).absolute())
        argument = argument.model_copy(update={"world_prior": prior})
    return argument


def _read(path: Path, text: str, above: tuple[str, ...], limits: Limits) -> tuple[dict[str, Any], Places]:
    """Parse a file and lay it over the argument it extends, if it names one; `above` holds the real paths so far."""
    value, places = parse_yaml(text, name_of(path), limits)
    if not isinstance(value, dict):
        raise ArgumentError(Fault("not_named_fields", "argument file", where=f"{name_of(path)}:1"))
    places.home, places.files = path.parent, (path.absolute(),)
    if "extends" not in value:
        return value, places
    where = places.nearest(("extends",))
    name = str(value.pop("extends"))
    home = str(value["rivalry"]) if isinstance(value.get("rivalry"), str) else None
    try:
        base = find_argument(path.parent / name if name.endswith((".yaml", ".yml")) else name, home)
    except ArgumentError as error:
        raise ArgumentError(error.faults[0].at("extends", where)) from None
    above = (*above, os.path.realpath(path))  # a file that is written in two ways is one file
    if os.path.realpath(base) in above:
        raise ArgumentError(Fault("extends_itself", "extends", got=name, where=where))
    under, below = _read(base, read_text(base, limits), above, limits)
    places.pop(("extends",))
    laid = lay_places(under, value, below, places)
    laid.home = path.parent if "events" in value else below.home
    laid.files = (*places.files, *below.files)
    return _told_anew(under, value), laid


def _told_anew(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """Lay one argument over another: an article is given anew as a whole, a translation goes with its original."""
    texts = under.get("texts")
    below = {name: part for name, part in under.items() if name != "texts"}
    if "article" in over:
        below.pop("article", None)
    out = lay_over(below, over)
    if not isinstance(texts, dict):
        return out
    kept = {language: still_true(part, under, out) for language, part in texts.items()}
    return lay_over({"texts": {language: part for language, part in kept.items() if part}}, out)


def _fault(detail: Any, places: Places) -> Fault:
    loc = tuple(part for part in detail["loc"] if part != "[key]")
    where = places.nearest(loc)
    field, kind, got = ".".join(map(str, loc)) or "argument", detail["type"], detail["input"]
    if kind == "extra_forbidden":
        return Fault("unknown_field", field, where=where, **suggest(str(loc[-1]), _fields_at(loc[:-1])))
    if kind == "missing":
        return Fault("required", field, where=where, hint="add_it")
    if kind in _PLAIN:
        code, rest = _PLAIN[kind]
        return Fault(code, field, got=got, where=where, **rest)
    if kind in _LIMITED:
        code, ours, theirs = _LIMITED[kind]
        return Fault(code, field, got=got, where=where, **{ours: detail["ctx"][theirs]})
    if kind == "literal_error":
        choices = re.findall("'([^']*)'", detail["ctx"]["expected"])
        near = suggest(got, choices, known=False)
        return Fault("not_one_of", field, got=got, where=where, choices=choices, **near)
    return Fault("invalid", field, got=got, where=where, text=detail["msg"])


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
