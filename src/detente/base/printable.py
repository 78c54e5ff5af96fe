"""Characters that upset a terminal: refused in what is read, and spelled out in what is printed."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
"""Characters that no text needs; tabs and line breaks may stay."""

# Those, a lone carriage return, other breaks of lines, what turns the direction of writing, and bytes that are no text.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def printable(text: str) -> str:
    r"""Return a text that a terminal shows as it is: what would move its cursor is spelled as in JSON.

    Examples
    --------
    >>> print(printable("\x1b[31mred"))
    \u001b[31mred
    """
    return _UNSAFE.sub(lambda found: _spelled(found[0]), text)


def name_of(path: Path) -> str:
    r"""Return the name of a file as results and messages hold it, also if its bytes are no text.

    Examples
    --------
    >>> print(name_of(Path("events/iran.csv")), name_of(Path("\udcff.csv")))
    iran.csv \udcff.csv
    """
    return printable(path.name)


def _spelled(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i : i + 2].hex()}" for i in range(0, len(units), 2))


def _spell(error: UnicodeError) -> tuple[str, int]:
    """Spell what an encoding lacks, as an error handler of codecs."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_spelled, error.object[error.start : error.end])), error.end


SPELLED = "detente.spelled"
"""The error handler of a stream whose encoding lacks some letters: they are spelled as in JSON."""

codecs.register_error(SPELLED, _spell)
