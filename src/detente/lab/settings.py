"""The settings of a run: what the caller gives, else what the argument's ``run:`` block declares."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from numbers import Integral
from typing import Any

from detente.argument.argument import Argument
from detente.argument.blocks import RunSpec
from detente.base.days import parse_day
from detente.base.errors import ArgumentError, Fault
from detente.base.limits import DAYS, FUTURES, LAST_YEAR, SEED, THREADS

Day = date | str
"""A day as a caller gives it: a date, or text written YYYY-MM-DD."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run was asked for; a field that neither the caller nor the argument gives is refused when it is read.

    `settings_of` makes one. A use case reads the fields it needs before it starts to work, so that nothing is refused
    late.

    Attributes
    ----------
    declared : RunSpec
        The argument's ``run:`` block.
    given : tuple of (str, value)
        What the caller gives; it overrides what is declared.
    threads : int
        0 uses every core; results do not depend on it.
    """

    declared: RunSpec
    given: tuple[tuple[str, Any], ...] = ()
    threads: int = 0

    @property
    def as_of(self) -> date:
        """First day to simulate; nothing known later is used."""
        day: date = self._value("as_of")
        return day

    @property
    def days(self) -> int:
        """Days to simulate and to count acts over."""
        return int(self._value("days"))

    @property
    def futures(self) -> int:
        """How many futures."""
        return int(self._value("futures"))

    @property
    def seed(self) -> int:
        """What fixes every random number."""
        return int(self._value("seed"))

    def _value(self, name: str) -> Any:
        return required(name, dict(self.given).get(name), getattr(self.declared, name))


def settings_of(
    argument: Argument,
    *,
    as_of: Day | None = None,
    days: int | None = None,
    futures: int | None = None,
    seed: int | None = None,
    threads: int = 0,
) -> Settings:
    """Return the settings of a run of an argument.

    Parameters
    ----------
    argument : Argument
    as_of : date or str, optional
    days, futures, seed : int, optional
        Each overrides the argument's ``run:`` block.
    threads : int

    Raises
    ------
    ArgumentError, DataError
        If one of them is of the wrong kind or outside the limits, which are those of the command line.

    Examples
    --------
    >>> from detente.lab.arguments import load_argument
    >>> settings = settings_of(load_argument("essay", "us-iran"), as_of="2020-01-02", futures=50)
    >>> settings.futures, settings.as_of
    (50, datetime.date(2020, 1, 2))
    """
    values = {
        "as_of": day_given("as_of", as_of),
        "days": whole_given("days", days, *DAYS),
        "futures": whole_given("futures", futures, *FUTURES),
        "seed": whole_given("seed", seed, *SEED),
    }
    given = tuple((name, value) for name, value in values.items() if value is not None)
    return Settings(argument.run, given, whole_given("threads", threads, *THREADS) or 0)


def day_given(name: str, value: object) -> date | None:
    """Return the day that a caller gives as a date or as text, if one is given.

    Raises
    ------
    DataError, ArgumentError
        If it is no day, or so late that what it is needed for would leave the calendar.

    Examples
    --------
    >>> day_given("as_of", "2020-01-17")
    datetime.date(2020, 1, 17)
    """
    if value is None:
        return None
    day = parse_day(value, what=name) if isinstance(value, str) else value
    if not isinstance(day, date) or isinstance(day, datetime):
        raise ArgumentError(Fault("not_a_day", name, got=value, hint="try", example='"2020-01-17"'))
    if day.year > LAST_YEAR:
        raise ArgumentError(Fault("year_out_of_range", name, got=day, hint="earlier_day", last=LAST_YEAR))
    return day


def whole_given(name: str, value: object, low: int, high: int) -> int | None:
    """Return the whole number that a caller gives, if one is given; numbers of numpy are fine.

    Raises
    ------
    ArgumentError
        If it is no whole number, or outside the limits.

    Examples
    --------
    >>> import numpy as np
    >>> whole_given("futures", np.int64(50), 1, 1_000_000)
    50
    """
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, Integral) or not low <= int(value) <= high:
        example = low if high < 1000 else max(low, 1000)
        raise ArgumentError(
            Fault("not_whole_in_range", name, got=value, hint="try", example=example, low=low, high=high)
        )
    return int(value)


def required(name: str, given: Any, declared: Any, block: str = "run") -> Any:
    """Return what the caller gives, else what the argument declares in a block.

    Raises
    ------
    ArgumentError
        If neither gives it: nothing that matters has a silent default.
    """
    value = declared if given is None else given
    if value is None:
        raise ArgumentError(Fault("no_default", name, hint="give_or_declare", block=block))
    return value
