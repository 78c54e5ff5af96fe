"""The files that an argument is read from."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from detente.argument.yaml_lines import parse_yaml, read_text
from detente.base.errors import ArgumentError
from detente.base.input_limits import LIMITS, Limits

_YAML = (".yaml", ".yml")


def files_of(path: Path, limits: Limits = LIMITS) -> tuple[Path, ...]:
    """Return an argument's file with those that it names: what it extends, its world prior and its events.

    A file that cannot be read within limits names none: reading the argument says why.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "mine.yaml"
    ...     _ = path.write_text("{extends: theirs.yaml, events: acts.csv}")
    ...     [file.name for file in files_of(path)]
    ['mine.yaml', 'acts.csv', 'theirs.yaml']
    """
    found: list[Path] = []
    ahead = [path]
    while ahead:
        file = ahead.pop()
        if os.path.realpath(file) in map(os.path.realpath, found):  # arguments that extend each other
            continue
        found.append(file)
        value = _value_of(file, limits)
        found += [file.parent / value[key] for key in ("world_prior", "events") if _is_name(value.get(key))]
        if _is_name(value.get("extends")) and value["extends"].endswith(_YAML):
            ahead.append(file.parent / value["extends"])
    return tuple(found)


def _value_of(path: Path, limits: Limits) -> dict[Any, Any]:
    try:
        value, _ = parse_yaml(read_text(path, limits), path.name, limits)
    except ArgumentError:
        return {}
    return value if isinstance(value, dict) else {}


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and "\0" not in value
