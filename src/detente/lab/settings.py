"""The settings of a run: what the caller gives, else what the argument's ``run:`` block declares."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from detente.argument.argument import Argument
from detente.argument.blocks import RunSpec
from detente.base.errors import ArgumentError, Fault


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
    as_of: date | None = None,
    days: int | None = None,
    futures: int | None = None,
    seed: int | None = None,
    threads: int = 0,
) -> Settings:
    """Return the settings of a run of an argument.

    Parameters
    ----------
    argument : Argument
    as_of : date, optional
    days, futures, seed : int, optional
        Each overrides the argument's ``run:`` block.
    threads : int

    Examples
    --------
    >>> from detente.lab.arguments import load_argument
    >>> settings = settings_of(load_argument("essay", "us-iran"), futures=50)
    >>> settings.futures, settings.as_of
    (50, datetime.date(2020, 1, 17))
    """
    values = {"as_of": as_of, "days": days, "futures": futures, "seed": seed}
    given = tuple((name, value) for name, value in values.items() if value is not None)
    return Settings(argument.run, given, threads)


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
