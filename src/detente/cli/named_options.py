"""The flags of an error's fields: messages name fields, and only the command line knows how an option is written."""

from __future__ import annotations

import re
import shlex
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
    """Return the flags that a fault's field stands for, or None if it is no option, or a column or line of a file.

    Examples
    --------
    >>> option_of(Fault("no_day_shown", "since and until"), {"since": "--since", "until": "--until"})
    '--since, --until'
    >>> fault = Fault("required", "as_of", where="essay.yaml:3")
    >>> option_of(fault, {"as_of": "--as-of"}) is None
    True
    """
    of_file = fault.code == "missing_column" or (fault.where is not None and _LINE.search(fault.where))
    if of_file:
        return None
    flags = [options.get(name) for name in fault.field.split(" and ")]
    return ", ".join(flag for flag in flags if flag is not None) if all(flags) else None


_IMPORTS = {
    "import_it": "",
    "import_csv": "",
    "name_columns": ' --columns "{columns}"',
    "import_zeros_lost": " --leading-zeros lost",
    "import_dates": " --dates {order}",
}
"""What follows the format and the file in a command that a hint means."""


def command_of(fault: Fault) -> str | None:
    """Return the command line that the hint of a fault means, if it means one.

    Examples
    --------
    >>> hint = {"hint": "import_it", "format": "icews", "title": "ICEWS", "file": "a.tab"}
    >>> command_of(Fault("other_format", "file", **hint))
    'detente import icews a.tab -o events.parquet'
    """
    more = _IMPORTS.get(fault.hint or "")
    if more is None:
        return None
    values = {"format": "csv", **dict(fault.values)}
    values["file"] = shlex.quote(str(values["file"]))
    return f"detente import {{format}} {{file}}{more} -o events.parquet".format(**values)


def told(fault: Fault, options: Mapping[str, str]) -> str:
    """Return the message of a fault, with the flag of its field and the command that its hint means."""
    option, command = option_of(fault, options), command_of(fault)
    text = f"{fault} Try `{command}`." if command else str(fault)
    return f"{text} (option {option})" if option else text


def as_json(error: DetenteError, options: Mapping[str, str]) -> dict[str, Any]:
    """Return an error as plain values; a fault whose field is an option has its flag as ``option``."""
    whole = error.to_dict()
    for fault, plain in zip(error.faults, whole["faults"], strict=True):
        if option := option_of(fault, options):
            plain["option"] = option
        if command := command_of(fault):
            plain["command"] = command
    return whole
