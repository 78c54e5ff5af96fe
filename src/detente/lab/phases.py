"""Phases of an argument's rivalry: on its chronicle with the acts that opened each period, and on every future."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, ClassVar

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
from detente.events.phases import (
    BURST,
    OUTBREAK,
    SETTLING,
    TALKING,
    Labels,
    Phase,
    feeds,
    force_scale,
    label,
    runs,
    shares,
)
from detente.lab.case import Case, case_of
from detente.lab.run_result import Run
from detente.lab.settings import Day, day_given
from detente.model.layout import lay_out

_OPENED_BY = {  # which counts open a phase, and how many days back they reach
    Phase.HOSTILITIES.word: (("strikes_first", "strikes_second"), OUTBREAK),
    Phase.CRISIS.word: (("points",), BURST),
    Phase.THAW.word: (("friendly_first", "friendly_second"), SETTLING),
    "talks": (("talks",), TALKING),
}
_PERIOD = {"kind": pl.String, "start": pl.Date, "end": pl.Date, "days": pl.Int64, "ongoing": pl.Boolean}
_SHOWN = 12  # last periods that a notebook shows


@dataclass(frozen=True)
class Period:
    """Days of one phase, or of talks, and what opened them.

    Attributes
    ----------
    kind : str
        The phase's word, or ``talks``.
    window : Window
    opened_by : tuple of dict
        The acts (date, source, target, action, mode, summary) of the opening rule's days, if the last of them fell on
        the first day; empty where the period began because another ended.
    because : str
        What is declared of the siege that opened it, if one did.
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
        `Phase` values.
    talks : ndarray of shape (day,)
    periods : tuple of Period
        Of the phases, one after another.
    talk_periods : tuple of Period
    force_scale : float
        On the last day shown, the factor on the points of force that make a crisis; see `phases.force_scale`.
    """

    window: Window
    phase: Labels
    talks: Bools
    periods: tuple[Period, ...]
    talk_periods: tuple[Period, ...]
    force_scale: float = 1.0
    tables: ClassVar[tuple[str, ...]] = ("periods", "days")

    def _about(self) -> str:
        return heading(self.window, periods=len(self.periods), periods_of_talks=len(self.talk_periods))

    def _table(self, name: str) -> pl.DataFrame:
        if name == "days":
            words = [phase.word for phase in Phase]
            day = [self.window.day(i) for i in range(self.window.days)]
            return pl.DataFrame({"date": day, "phase": [words[p] for p in self.phase], "talks": self.talks})
        both = (*self.periods, *self.talk_periods)
        rows = [(p.kind, p.window.start, p.window.end, p.window.days, p.ongoing) for p in both]
        return pl.DataFrame(rows, _PERIOD, orient="row").sort("start", maintain_order=True)

    def _repr_html_(self) -> str:
        periods = self._table("periods")
        return html_table(
            f"Phases and talks, {self.window}", list(_PERIOD), periods.tail(_SHOWN).rows(), len(periods)
        )

    def at(self, day: date) -> Phase:
        """Return the phase of a day.

        Raises
        ------
        IndexError
            If the day lies outside the window.
        """
        if day not in self.window:
            raise IndexError(f"{day.isoformat()} is not in {self.window}")
        return Phase(int(self.phase[self.window.index(day)]))

    def share(self, kind: str, first: date, last: date) -> float:
        """Return the share of days of a kind (a phase's word, or talks) from `first` to `last`, both included."""
        part = slice(self.window.index(first), self.window.index(last) + 1)
        if kind == "talks":
            return float(self.talks[part].mean())
        return float((self.phase[part] == [p.word for p in Phase].index(kind)).mean())

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        share = shares(self.phase[None])[0]
        return {
            "window": [self.window.start.isoformat(), self.window.end.isoformat()],
            "force_scale": self.force_scale,
            "share_of_days": {p.word: float(share[p]) for p in Phase} | {"talks": float(self.talks.mean())},
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
        First day shown, and first day outside; days before `since` still count in the windows that look back.

    Raises
    ------
    ArgumentError
        If the argument has no principals, or no day is left to show.
    """
    whole = chronicle.window
    start, end = max(since or whole.start, whole.start), min(until or whole.end, whole.end)
    if end <= start:
        got, hint = (start, end), "chronicle_covers"
        raise ArgumentError(Fault("no_day_shown", "since and until", got=got, hint=hint, window=str(whole)))
    sides, scheme = sides_of(argument, whole.end), chronicle.scheme
    events = lay_out(argument, scheme).attribute(chronicle.events)
    days = read_days(events, whole, sides, scheme=scheme)
    phase, talks = label(days)
    shown = Window(start, end)
    part = slice(whole.index(start), whole.index(end))
    acts = events.filter(pl.col("precision") == "day").with_columns(
        **{f"feeds_{name}": rule for name, rule in feeds(sides, scheme).items()}
    )

    def period(kind: str, window: Window) -> Period:
        siege = next((s for s in argument.sieges if max(s.start, s.known_from) == window.start), None)
        because = siege.because if siege is not None and kind == Phase.CRISIS.word else ""
        opened = _openers(acts, kind, window.start)
        return Period(kind, window, opened, because, window.end == shown.end)

    return PhaseHistory(
        shown,
        phase[0, part],
        talks[0, part],
        tuple(period(Phase(value).word, window) for value, window in runs(phase[0, part], shown)),
        tuple(period("talks", window) for value, window in runs(talks[0, part], shown) if value),
        float(force_scale(days)[0, part][-1]),
    )


def _openers(acts: pl.DataFrame, kind: str, day: date) -> tuple[dict[str, Any], ...]:
    if kind not in _OPENED_BY:
        return ()
    names, back = _OPENED_BY[kind]
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
