"""Errors of the tools' own arguments as objects, and lines of a client that hold half a character."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from typing import Any, BinaryIO

from pydantic import ValidationError

from detente.base.errors import ArgumentError, Fault
from detente.base.spelling import suggest

_CODES = {"missing": "required", "list_type": "not_a_list", "string_type": "not_text"}
_ESCAPES = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"  # both halves of a character
    rb"|(?P<half>\\u[dD][89a-fA-F][0-9a-fA-F]{2})"
    rb"|\\."
)


def refuse_unknown(given: Iterable[str], known: Iterable[str]) -> None:
    """Refuse arguments that a tool does not take: a misspelt one would be ignored in silence.

    Raises
    ------
    ArgumentError
    """
    names = tuple(known)
    faults = [Fault("unknown_field", name, **suggest(name, names)) for name in given if name not in names]
    if faults:
        raise ArgumentError(*faults)


def no_truth(value: Any) -> Any:
    """Refuse true and false where a number is asked for: they would be read as 1 and 0."""
    if isinstance(value, bool):
        raise ValueError
    return value


def refused(error: ValidationError) -> ArgumentError:
    """Return the faults of arguments that have not the declared type."""
    found = []
    for each in error.errors():
        code, (field, *place) = _CODES.get(each["type"], "not_whole"), map(str, each["loc"])
        got = None if code == "required" else each["input"]
        found.append(Fault(code, field, got=got, where=f"item {'.'.join(place)}" if place else None))
    return ArgumentError(*found)


def whole_characters(line: bytes) -> bytes:
    r"""Return a line of JSON in which every escaped half of a character is U+FFFD, as bytes that are no text are.

    A parser refuses a line with a half, so that its sender would wait for an answer for ever.

    Examples
    --------
    >>> whole_characters(rb'["\ud83d", "\ud83d\ude00", "\\ud83d"]')
    b'["\\ufffd", "\\ud83d\\ude00", "\\\\ud83d"]'
    """
    return _ESCAPES.sub(lambda found: rb"\ufffd" if found["half"] else found[0], line)


class WholeLines(io.RawIOBase):
    """The lines of a stream, with whole characters only.

    Parameters
    ----------
    source : binary stream
    """

    def __init__(self, source: BinaryIO) -> None:
        self._source, self._rest = source, b""

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer with the next line, or what of it has room."""
        self._rest = self._rest or whole_characters(self._source.readline())
        part, self._rest = self._rest[: len(buffer)], self._rest[len(buffer) :]
        buffer[: len(part)] = part
        return len(part)
