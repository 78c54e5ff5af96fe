"""How much a program may be made to read and to hold: named limits, each with a default and a way to raise it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import date

from detente.base.errors import ArgumentError, DataError, Fault
from detente.base.spelling import suggest

_BYTES = {"": 1, "kB": 10**3, "MB": 10**6, "GB": 10**9}
_UNITS = {
    "yaml": _BYTES,
    "table": _BYTES,
    "file": _BYTES,
    "window": {"": 1, "y": 1},
    "memory": {"%": 1},
}
_AMOUNT = re.compile(r"(\d{1,15})\s*([A-Za-z%]*)", re.ASCII)
_DAYS_PER_YEAR = 365.2425


@dataclass(frozen=True, slots=True)
class Limits:
    """What is read and held at most; a file, a question or a run beyond it is refused before it costs anything.

    Attributes
    ----------
    yaml : int
        Bytes of an argument's file, and of a world prior.
    lines : int
        Lines of a YAML file.
    aliases : int
        Aliases in a YAML file.
    values : int
        Values in a YAML file once its aliases are written out.
    table : int
        Bytes, unpacked, of an event file that is loaded whole.
    file : int
        Bytes, unpacked, of an event file that is imported in pieces.
    ratio : int
        How many times its packed size a gzip or zip file may unpack to, and every beginning of a gzip file too;
        `UNSUSPICIOUS` bytes always may.
    window : int
        Years of a chronicle, of a question's window and of a run.
    question : int
        Characters of a question.
    memory : int
        Percent of the memory now available that a run may be expected to need.

    Examples
    --------
    >>> Limits(question=5000).question, Limits().yaml
    (5000, 2000000)
    """

    yaml: int = 2_000_000
    lines: int = 100_000
    aliases: int = 100
    values: int = 100_000
    table: int = 1 << 29
    file: int = 20_000_000_000
    ratio: int = 100
    window: int = 200
    question: int = 2_000
    memory: int = 80

    def unpacked(self, packed: int, most: int) -> int:
        """Return the bytes that so many packed ones may become, where `most` are allowed of any file."""
        return min(most, max(self.ratio * packed, UNSUSPICIOUS))

    def check_window(self, start: date, end: date, field: str, where: str | None = None) -> None:
        """Refuse days that lie too far apart.

        Raises
        ------
        DataError

        Examples
        --------
        >>> Limits().check_window(date(1, 1, 1), date(2020, 1, 1), "window")
        Traceback (most recent call last):
        detente.base.errors.DataError: window must not be longer than 200 years, got 0001-01-01, 2020-01-01. Check the \
years, or raise the limit window.
        """
        if self.too_long(start, end):
            fault = Fault(
                "window_too_long", field, got=(start, end), where=where, hint="check_years", years=self.window
            )
            raise DataError(fault)

    def too_long(self, start: date, end: date) -> bool:
        """Return whether two days lie further apart than a window may be long."""
        return (end - start).days > self.window * _DAYS_PER_YEAR + 1


UNSUSPICIOUS = 1_000_000
"""Bytes that a packed file may always unpack to: a small table of equal rows packs very well."""


LIMITS = Limits()


def limits_of(settings: Iterable[str], base: Limits = LIMITS) -> Limits:
    """Return limits with some of them set, each written NAME=VALUE.

    Raises
    ------
    ArgumentError
        If there is no such limit, or its value is none.

    Examples
    --------
    >>> raised = limits_of(["yaml=4MB", "window=500y", "memory=90%"])
    >>> raised.yaml, raised.window, raised.memory
    (4000000, 500, 90)
    """
    names = tuple(field.name for field in fields(Limits))
    given: dict[str, int] = {}
    for setting in settings:
        name, sign, text = (part.strip() for part in setting.partition("="))
        if not sign:
            raise ArgumentError(
                Fault("not_assignment", "limits", got=setting, hint="try", example="yaml=4MB")
            )
        if name not in names:
            hint = suggest(name, names, known=False)
            raise ArgumentError(Fault("not_one_of", "limits", got=name, choices=names, **hint))
        given[name] = _amount(name, text)
    return replace(base, **given)


def _amount(name: str, text: str) -> int:
    units = _UNITS.get(name, {"": 1})
    match = _AMOUNT.fullmatch(text)
    if match is None or match[2] not in units or not int(match[1]):
        example = f"{name}={'1000' if '' in units else '90'}{list(units)[-1]}"
        raise ArgumentError(
            Fault("not_an_amount", "limits", got=f"{name}={text}", hint="try", example=example)
        )
    return int(match[1]) * units[match[2]]
