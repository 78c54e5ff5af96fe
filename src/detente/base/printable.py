"""Characters that upset a terminal: refused in what is read, and spelled out in what is printed."""

from __future__ import annotations

import re

CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
"""Characters that no text needs; tabs and line breaks may stay."""

# Those, a lone carriage return, other breaks of lines, and what turns the direction of writing.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


def printable(text: str) -> str:
    r"""Return a text that a terminal shows as it is: what would move its cursor is spelled as in JSON.

    Examples
    --------
    >>> print(printable("\x1b[31mred"))
    \u001b[31mred
    """
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
