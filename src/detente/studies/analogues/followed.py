"""What followed a moment within one, six and twenty-four months, as far as it was known by a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from detente.base.days import Window
from detente.events.phases import Phase
from detente.questions.chronicles import Chronicles
from detente.questions.settle import Outcome, settle
from detente.questions.statements import War
from detente.questions.windows import later

MONTHS = (1, 6, 24)
"""How far to look after a moment."""


@dataclass(frozen=True, slots=True)
class Followed:
    """What the two did to one another in the months after a moment.

    Attributes
    ----------
    months : int
    window : Window
    acts : dict of str to int
        Acts of each class, the most frequent first.
    deaths : int or None
        Known deaths of these acts; None where none is known and an act of force has no toll on record.
    unknown_tolls : int
        Acts of force whose deaths nobody recorded.
    phases : tuple of str
        The phases that some day was in, the most violent first.
    talks : bool
        Whether talks went on on some day.
    war : bool or None
        None where it cannot be told.
    """

    months: int
    window: Window
    acts: dict[str, int]
    deaths: int | None
    unknown_tolls: int
    phases: tuple[str, ...]
    talks: bool
    war: bool | None

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return {
            "months": self.months,
            "until": self.window.end.isoformat(),
            "known": True,
            "acts": self.acts,
            "deaths": self.deaths,
            "unknown_tolls": self.unknown_tolls,
            "phases": list(self.phases),
            "talks": self.talks,
            "war": self.war,
        }


@dataclass(frozen=True, slots=True)
class NotKnown:
    """That nothing can be said of so many months: the data end before, or a gap takes days of them."""

    months: int
    window: Window

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return {"months": self.months, "until": self.window.end.isoformat(), "known": False}


def what_followed(
    known: Chronicles, between: pl.DataFrame, day: date, end: date, months: tuple[int, ...] = MONTHS
) -> tuple[Followed | NotKnown, ...]:
    """Say what followed a day.

    Parameters
    ----------
    known : Chronicles
        One history of what is known, with its sides.
    between : polars.DataFrame
        Its acts between the principals.
    day : date
        The first day that counts.
    end : date
        First day of which nothing is known.
    months : tuple of int

    Returns
    -------
    tuple of Followed or NotKnown
        One for each of the spans; not known where the window runs past the end or over a gap.
    """
    found: list[Followed | NotKnown] = []
    for span in months:
        window = Window(day, later(day, f"{span}m"))
        unknown = window.end > end or known.has_gap(window)
        found.append(NotKnown(span, window) if unknown else _followed(known, between, span, window))
    return tuple(found)


def _followed(known: Chronicles, between: pl.DataFrame, months: int, window: Window) -> Followed:
    after = between.filter(pl.col("date").is_between(window.start, window.end, closed="left"))
    counted = after.group_by("class").len().sort("len", "class", descending=[True, False])
    first, end = (known.window.index(day) for day in (window.start, window.end))
    days = known.phases.days(first, end)[0]
    war = int(settle(War(window), known)[0])
    deaths = int(after["fatalities"].sum() or 0)
    open_ = after.filter((pl.col("action") == "ASSAULT") & pl.col("fatalities").is_null()).height
    return Followed(
        months,
        window,
        {str(cls): int(n) for cls, n in counted.iter_rows()},
        None if open_ and not deaths else deaths,
        open_,
        tuple(phase.word for phase in reversed(Phase) if days[phase]),
        bool(known.phases.talk_days(first, end)[0]),
        bool(war) if war in (Outcome.NO, Outcome.YES) else None,
    )
