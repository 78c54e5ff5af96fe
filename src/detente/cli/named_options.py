"""The flags of an error's fields: messages name fields, and only the command line knows how an option is written."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from typer.core import TyperGroup, TyperOption

from detente.base.errors import DetenteError, Fault

_LINE = re.compile(r":(row )?\d+$")


def options_of(program: TyperGroup, given: Sequence[str]) -> dict[str, str]:
    """Return the flag of each field that the command being run takes as an option.

    Parameters
    ----------
    program : TyperGroup
        The program, one of whose commands the first word names.
    given : sequence of str
        The command line without the program's name.
    """
    word = next((word for word in given if not word.startswith("-")), "")
    command = program.commands.get(word)
    found = {}
    for parameter in command.params if command is not None else ():
        if isinstance(parameter, TyperOption):
            flag = max(parameter.opts, key=len)
            found[str(parameter.name).strip("_")] = flag
            found[flag.removeprefix("--").replace("-", "_")] = flag
    return found


def option_of(fault: Fault, options: Mapping[str, str]) -> str | None:
    """Return the flags that a fault's field stands for, or None if it is no option or stands on a line of a file.

    Examples
    --------
    >>> option_of(Fault("no_day_shown", "since and until"), {"since": "--since", "until": "--until"})
    '--since, --until'
    >>> fault = Fault("required", "as_of", where="essay.yaml:3")
    >>> option_of(fault, {"as_of": "--as-of"}) is None
    True
    """
    if fault.where is not None and _LINE.search(fault.where):
        return None
    flags = [options.get(name) for name in fault.field.split(" and ")]
    return ", ".join(flag for flag in flags if flag is not None) if all(flags) else None


def told(fault: Fault, options: Mapping[str, str]) -> str:
    """Return the message of a fault, with the flag of its field."""
    option = option_of(fault, options)
    return f"{fault} (option {option})" if option else str(fault)


def as_json(error: DetenteError, options: Mapping[str, str]) -> dict[str, Any]:
    """Return an error as plain values; a fault whose field is an option has its flag as ``option``."""
    whole = error.to_dict()
    for fault, plain in zip(error.faults, whole["faults"], strict=True):
        if option := option_of(fault, options):
            plain["option"] = option
    return whole
