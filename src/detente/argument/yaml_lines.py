"""YAML to plain values, remembering the line of every field."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any, TypeGuard

from detente.argument.fast_yaml import compose_fast
from detente.base.days import parse_day
from detente.base.errors import ArgumentError, DataError, Fault
from detente.base.input_files import raised, too_large, unfit
from detente.base.input_limits import LIMITS, Limits
from detente.base.printable import CONTROL

Path_ = tuple[str | int, ...]
_DEEPEST = 20
_LONGEST_WORD = 10_000
_BETWEEN = re.compile(r"""[\s,"']+""")
_VALUE_MARKS = ",", "- ", ": ", "[", "{"
_TAG = "tag:yaml.org,2002:"
_PLAIN_TAGS = {
    _TAG + kind
    for kind in ("null", "bool", "int", "float", "timestamp", "str", "map", "seq", "merge", "value")
}


class Places(dict[Path_, str]):
    """Where every field of a file is: its path to the file's name and the 1-based line.

    Two files that say the same are the same argument wherever they say it, so all places compare equal.

    Attributes
    ----------
    home : Path or None
        The folder of the file that names the events, for its name is relative to it.
    files : tuple of Path
        The files read: its own, those it extends and its world prior.
    """

    home: Path | None = None
    files: tuple[Path, ...] = ()

    def nearest(self, at: tuple[Any, ...]) -> str | None:
        """Return the place of a field, or of the nearest part that holds it; None if nothing was read.

        Examples
        --------
        >>> Places({(): "a.yaml:1", ("run",): "a.yaml:7"}).nearest(("run", "seed"))
        'a.yaml:7'
        """
        return next((self[at[:end]] for end in range(len(at), -1, -1) if at[:end] in self), None)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Places)

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = None


def read_text(path: Path, limits: Limits = LIMITS) -> str:
    """Read an argument's file.

    Raises
    ------
    ArgumentError
        If it cannot be read, is no regular file, is too large or is not UTF-8.
    """
    try:
        if fault := unfit(path, "argument file", "yaml", limits.yaml, "check_path"):
            raise ArgumentError(fault)
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ArgumentError(Fault("not_utf8", "argument file", where=str(path), hint="check_path")) from None
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise ArgumentError(
            Fault("unreadable", "argument file", where=str(path), hint="check_path", reason=reason)
        ) from None


def parse_yaml(text: str, name: str, limits: Limits = LIMITS) -> tuple[Any, Places]:
    """Read YAML 1.2 into dicts, tuples and scalars.

    Only plain data is read: no tags, no duplicate keys, no nesting beyond twenty levels. Days become dates. Aliases are
    counted while the text is read, and the values they stand for before any more are made.

    Parameters
    ----------
    text, name : str
        The text, and the name of its file, for messages.
    limits : Limits
        How long the text may be, and how many aliases and values it may hold.

    Returns
    -------
    value : dict, tuple, str, int, float, bool, date or None
    places : Places

    Raises
    ------
    ArgumentError
        If it is not such YAML.
    """
    _refuse_slow(text, name, limits)
    node = compose_fast(text, limits.aliases)
    if node is None:
        from detente.argument.slow_yaml import compose_slow  # loads a parser that few texts need

        node = compose_slow(text, name, limits)
    if _values(node, {}) > limits.values:
        raise ArgumentError(Fault("too_many_values", "YAML", where=name, **raised(limits, "values")))
    places = Places()
    return _plain(node, (), places, name), places


def _refuse_slow(text: str, name: str, limits: Limits) -> None:
    """Refuse texts that would keep the parser busy for longer than a second and that no argument needs.

    It takes a microsecond for each line, even an empty one, and thirty for each value.
    """
    if len(text) > limits.yaml:
        raise ArgumentError(too_large(name, "argument file", "yaml", limits.yaml))
    if len(text.splitlines()) > limits.lines:
        raise ArgumentError(Fault("too_many_lines", "YAML", where=name, **raised(limits, "lines")))
    if max(map(len, _BETWEEN.split(text))) > _LONGEST_WORD:
        raise ArgumentError(Fault("too_long_word", "YAML", where=name, hint="add_spaces", most=_LONGEST_WORD))
    if sum(map(text.count, _VALUE_MARKS)) > limits.values:
        raise ArgumentError(Fault("too_many_values", "YAML", where=name, **raised(limits, "values")))
    if text.startswith("%") or "\n%" in text:
        raise ArgumentError(Fault("yaml_directive", "YAML", where=name, hint="remove_them"))


def _values(node: Any, known: dict[int, int]) -> int:
    """Count the values that a node holds, those of an alias each time; a node that holds itself counts once."""
    if node.id == "scalar":
        return 1
    if id(node) not in known:
        known[id(node)] = 1
        parts = node.value
        if node.id == "mapping":
            parts = [value for _, value in parts]
        known[id(node)] = 1 + sum(_values(part, known) for part in parts)
    return known[id(node)]


def _plain(node: Any, at: Path_, places: Places, name: str) -> Any:
    where = f"{name}:{node.start_mark.line + 1}"
    places.setdefault(at, where)

    def refuse(code: str, **data: Any) -> ArgumentError:
        return ArgumentError(Fault(code, field, where=where, **data))

    field = ".".join(map(str, at)) or "argument"
    if len(at) > _DEEPEST:
        raise refuse("too_deep", most=_DEEPEST)
    if str(node.tag) not in _PLAIN_TAGS:
        raise refuse("yaml_tag", got=str(node.tag), hint="write_plain")
    if node.id == "scalar":
        return _scalar(node, field, refuse)
    if node.id == "mapping":
        out: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = key_node.value if key_node.id == "scalar" else None
            if not isinstance(key, str):
                raise refuse("not_text_keys")
            if key in out:
                raise ArgumentError(Fault("given_twice", key, where=f"{name}:{key_node.start_mark.line + 1}"))
            places[(*at, key)] = f"{name}:{key_node.start_mark.line + 1}"
            out[key] = _plain(value_node, (*at, key), places, name)
        return out
    return tuple(_plain(item, (*at, i), places, name) for i, item in enumerate(node.value))


def _scalar(node: Any, field: str, refuse: Any) -> str | int | float | bool | date | None:
    tag, text = str(node.tag).removeprefix(_TAG), str(node.value)
    if CONTROL.search(text):
        raise refuse("control_characters", got=text, hint="remove_them")
    try:
        match tag:
            case "null":
                return None
            case "bool":
                return text.lower() in ("true", "yes", "on")
            case "int":
                return int(text.replace("_", ""), 0 if text[:2].lower() in ("0x", "0o", "0b") else 10)
            case "float":
                return float(
                    text.replace("_", "").replace(".inf", "inf").replace(".nan", "nan").replace(".NaN", "nan")
                )
            case "timestamp":
                return parse_day(text, what=field)
            case _:
                return text
    except (ValueError, DataError):
        raise refuse("not_plain", got=text) from None


def lay_over(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of one mapping laid over another's; mappings inside are laid over too, lists replaced.

    A list whose entries all have an ``id`` is laid over entry by entry, new ids at the end.

    Examples
    --------
    >>> lay_over({"a": {"b": 1, "c": 2}, "d": (1,)}, {"a": {"c": 3}, "d": (2, 3)})
    {'a': {'b': 1, 'c': 3}, 'd': (2, 3)}
    >>> lay_over({"rows": ({"id": "x", "n": 1}, {"id": "y"})}, {"rows": ({"id": "x", "n": 2},)})
    {'rows': ({'id': 'x', 'n': 2}, {'id': 'y'})}
    """
    out = dict(under)
    for key, value in over.items():
        old = out.get(key)
        if isinstance(old, dict) and isinstance(value, dict):
            out[key] = lay_over(old, value)
        elif old is not None and _named(old) and _named(value):
            rows = {row["id"]: row for row in old}
            out[key] = tuple((rows | {row["id"]: rows.get(row["id"], {}) | row for row in value}).values())
        else:
            out[key] = value
    return out


def lay_places(under: Any, over: Any, below: Places, above: Places) -> Places:
    """Return where every field of `lay_over` of two mappings stands, from where it stood in each of them."""
    return Places(below | {_moved(at, under, over): place for at, place in above.items()})


def _moved(at: Path_, under: Any, over: Any) -> Path_:
    """Return the path of a field of the upper mapping in what the two become."""
    out: list[str | int] = []
    for part in at:
        if isinstance(part, int) and _named(under) and _named(over):
            ids = list(dict.fromkeys(row["id"] for row in (*under, *over)))
            out.append(ids.index(over[part]["id"]))
            under = None  # inside a row nothing is laid over
        else:
            out.append(part)
            under = under.get(part) if isinstance(under, dict) else None
        over = over[part]
    return tuple(out)


def _named(value: Any) -> TypeGuard[tuple[dict[str, Any], ...]]:
    """Return whether a value is a list of rows that each have an id of their own."""
    if not isinstance(value, tuple) or not all(isinstance(row, dict) for row in value):
        return False
    ids = [row.get("id") for row in value]
    return bool(ids) and all(isinstance(i, str) for i in ids) and len(set(ids)) == len(ids)
