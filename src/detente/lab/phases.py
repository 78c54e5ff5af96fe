"""Phases of an argument's rivalry: on its chronicle with the acts that opened each period, and on every future."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import polars as pl

from detente.argument.argument import Argument
from detente.argument.sides import sides_of
from detente.base.arrays import Bools
from detente.base.days import Window
from detente.base.errors import ArgumentError, Fault
from detente.base.tables import Tables, heading, html_table
from detente.events.chronicle import Chronicle
from detente.events.phase_days import read_days
from detente.events.phase_runs import PhaseRuns
from detente.events.phase_shares import runs, shares
from detente.events.phases import (
    BURST,
    CRISIS_POINTS,
    NO_COVERAGE,
    NO_PHASE,
    OPENED_BY,
    Labels,
    Phase,
    feeds,
    force_scale,
    label,
    phase_word,
)
from detente.lab.case import Case, case_of
from detente.lab.run_result import Run
from detente.lab.settings import Day, day_given
from detente.model.layout import lay_out

_PERIOD = {"kind": pl.String, "start": pl.Date, "end": pl.Date, "days": pl.Int64, "ongoing": pl.Boolean}
_SHOWN = 12  # last periods that a notebook shows


@dataclass(frozen=True)
class Period:
    """Days of one phase, or of talks, and what opened them.

    Attributes
    ----------
    kind : str
        The phase's word, ``talks``, or ``no coverage``.
    window : Window
    opened_by : tuple of dict
        The acts (date, source, target, action, mode, summary) of the opening rule's days, if the last of them fell on
        the first day; empty where the period began because another ended.
    because : str
        What is declared of the siege that opened it, or of the gap that it is.
    ongoing : bool
        Whether it reaches the last day looked at.
    """

    kind: str
    window: Window
    opened_by: tuple[dict[str, Any], ...] = ()
    because: str = ""
    ongoing: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Return plain values; ``end`` is the first day outside."""
        return {
            "kind": self.kind,
            "start": self.window.start.isoformat(),
            "end": self.window.end.isoformat(),
            "days": self.window.days,
            "ongoing": self.ongoing,
            "opened_by": [act | {"date": act["date"].isoformat()} for act in self.opened_by],
            "because": self.because or None,
        }


@dataclass(frozen=True)
class PhaseHistory(Tables):
    """The phases of a chronicle.

    Attributes
    ----------
    window : Window
    phase : ndarray of shape (day,)
        `Phase` values; `NO_PHASE` on days that the chronicle does not cover.
    talks : ndarray of shape (day,)
        False on those days.
    periods : tuple of Period
        Of the phases, one after another.
    talk_periods : tuple of Period
    force_scale : float
        On the last covered day shown, the factor on the points of force that make a crisis; see `phases.force_scale`.
    points : int
        Points of force of the 28 days up to and with that day.
    """

    window: Window
    phase: Labels
    talks: Bools
    periods: tuple[Period, ...]
    talk_periods: tuple[Period, ...]
    force_scale: float = 1.0
    points: int = 0
    tables: ClassVar[tuple[str, ...]] = ("periods", "days")

    def _about(self) -> str:
        return heading(self.window, periods=len(self.periods), periods_of_talks=len(self.talk_periods))

    def _table(self, name: str) -> pl.DataFrame:
        if name == "days":
            day = [self.window.day(i) for i in range(self.window.days)]
            words = [phase_word(int(code)) for code in self.phase]
            talks = pl.Series(self.talks).set(pl.Series(~self.covered), None)
            return pl.DataFrame({"date": day, "phase": words, "talks": talks})
        both = (*self.periods, *self.talk_periods)
        rows = [(p.kind, p.window.start, p.window.end, p.window.days, p.ongoing) for p in both]
        return pl.DataFrame(rows, _PERIOD, orient="row").sort("start", maintain_order=True)

    def _repr_html_(self) -> str:
        periods = self._table("periods")
        return html_table(
            f"Phases and talks, {self.window}", list(_PERIOD), periods.tail(_SHOWN).rows(), len(periods)
        )

    @property
    def points_needed(self) -> float:
        """Points of force in 28 days from which a crisis would begin."""
        return CRISIS_POINTS * self.force_scale

    @property
    def last(self) -> Phase:
        """The phase of the last covered day."""
        return Phase(int(self.phase[self.covered][-1]))

    @property
    def covered(self) -> Bools:
        """Whether the chronicle covers each day, shape (day,)."""
        return np.asarray(self.phase != NO_PHASE)

    def at(self, day: date) -> Phase | None:
        """Return the phase of a day; None if the chronicle does not cover it.

        Raises
        ------
        IndexError
            If the day lies outside the window.
        """
        if day not in self.window:
            raise IndexError(f"{day.isoformat()} is not in {self.window}")
        code = int(self.phase[self.window.index(day)])
        return None if code == NO_PHASE else Phase(code)

    def share(self, kind: str, first: date, last: date) -> float:
        """Return the share of covered days of a kind (a phase's word, or talks) from `first` to `last`, both included.

        It is NaN if none of the days is covered.
        """
        part = slice(self.window.index(first), self.window.index(last) + 1)
        covered = self.covered[part]
        if not covered.any():
            return float("nan")
        held = self.talks if kind == "talks" else self.phase == [p.word for p in Phase].index(kind)
        return float(held[part][covered].mean())

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        share = shares(self.phase[None])[0]
        return {
            "window": [self.window.start.isoformat(), self.window.end.isoformat()],
            "force_scale": self.force_scale,
            "points_of_force": {"seen": self.points, "needed": self.points_needed},
            "days_without_coverage": int((~self.covered).sum()),
            "share_of_days": {p.word: float(share[p]) for p in Phase}
            | {"talks": float(self.talks[self.covered].mean())},
            "phases": [p.to_dict() for p in self.periods],
            "talks": [p.to_dict() for p in self.talk_periods],
        }


def phase_history(
    argument: Argument, chronicle: Chronicle, *, since: date | None = None, until: date | None = None
) -> PhaseHistory:
    """Label every day of a chronicle.

    Parameters
    ----------
    argument : Argument
        Says who stands on which side, and which sieges there were.
    chronicle : Chronicle
    since, until : date, optional
        First day shown, and first day outside; days before `since` still count in the windows that look back. Days
        outside the chronicle's window, or in a gap that the argument declares, have no phase.

    Raises
    ------
    ArgumentError
        If the argument has no principals, or no covered day is left to show.
    """
    whole = chronicle.window
    start, end = since or whole.start, until or whole.end
    # the days shown that lie in the chronicle's window
    first, last = max(start, whole.start), min(end, whole.end)
    got = (start, end)
    gone = Fault("no_day_shown", "since and until", got=got, hint="chronicle_covers", window=str(whole))
    if last <= first:
        raise ArgumentError(gone)
    sides, scheme = sides_of(argument, whole.end, chronicle.gaps), chronicle.scheme
    events = lay_out(argument, scheme).counted_once(chronicle.events)
    days = read_days(events, whole, sides, scheme=scheme)
    shown, inside = Window(start, end), slice(whole.index(first), whole.index(last))
    around = (whole.index(first) - whole.index(start), whole.index(end) - whole.index(last))
    labelled, talking = (row[0, inside] for row in label(days))
    phase: Labels = np.pad(labelled, around, constant_values=NO_PHASE)
    talks: Bools = np.pad(talking, around, constant_values=False)
    covered = labelled != NO_PHASE
    if not covered.any():
        raise ArgumentError(gone)
    final = inside.start + int(np.flatnonzero(covered)[-1])  # the last covered day, as a row of the chronicle
    acts = events.filter(pl.col("precision") == "day").with_columns(
        **{f"feeds_{name}": rule for name, rule in feeds(sides, scheme).items()}
    )

    def because_of(kind: str, day: date) -> str:
        if kind == NO_COVERAGE:
            return next((g.because for g in argument.gaps if g.start <= day < g.end), "")
        if kind == Phase.CRISIS.word:
            return next((s.because for s in argument.sieges if max(s.start, s.known_from) == day), "")
        return ""

    def period(kind: str, window: Window) -> Period:
        opened = _openers(acts, kind, window.start)
        because = because_of(kind, window.start)
        return Period(kind, window, opened, because, kind != NO_COVERAGE and window.end == shown.end)

    return PhaseHistory(
        shown,
        phase,
        talks,
        tuple(period(phase_word(code), window) for code, window in runs(phase, shown)),
        tuple(period("talks", window) for value, window in runs(talks, shown) if value),
        float(force_scale(days)[0, inside][covered][-1]),
        int(days.points[0, max(final - BURST + 1, 0) : final + 1].sum()),
    )


def _openers(acts: pl.DataFrame, kind: str, day: date) -> tuple[dict[str, Any], ...]:
    if kind not in OPENED_BY:
        return ()
    names, back = OPENED_BY[kind]
    feeding = pl.any_horizontal(pl.col(f"feeds_{name}") > 0 for name in names)
    near = pl.col("date").is_between(day - timedelta(days=back - 1), day)
    chosen = acts.filter(feeding & near)
    if chosen.is_empty() or (kind != Phase.THAW.word and chosen["date"].max() != day):
        return ()
    return tuple(chosen.select("date", "source", "target", "action", "mode", "summary").to_dicts())


def phases_of(case: Case | str | Path, *, since: Day | None = None, until: Day | None = None) -> PhaseHistory:
    """Label every day of a case's chronicle with its phase; see `phase_history`.

    Examples
    --------
    >>> from detente.lab.case import load_case
    >>> phases_of(load_case("us-iran")).at(date(1980, 1, 1)).word
    'crisis'
    """
    case = case_of(case)
    days = {"since": day_given("since", since), "until": day_given("until", until)}
    return phase_history(case.argument, case.chronicle, **days)


def phases_of_run(result: Run) -> PhaseRuns:
    """Return the phase of every day of every future of a run; see `phases_of_futures`."""
    return result.chronicles.phases
