"""Analogues: earlier days on which the mechanisms expected what they expect on `as_of`, and what followed them.

May import: no other study.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl

from detente.base.arrays import Floats
from detente.base.days import Window
from detente.model.fit import Fitted
from detente.model.memory import Schedule
from detente.model.program import NO_ATOM, Program

APART_DAYS = 180  # two analogues lie at least so far from one another, and from as_of
_TELLING = 3  # acts told of the days before an analogue


@dataclass(frozen=True)
class Analogue:
    """An earlier day like `as_of`, and what followed it.

    Attributes
    ----------
    day : date
    distance : float
        Root mean square difference of the channels' log rates, as mechanisms move them, from those of `as_of`.
    before : tuple of dict
        The most intense acts of the 30 days before, each once: date, source, target, action, mode, summary, citation.
    window : Window
        The days that followed.
    followed : dict of str to int
        Acts of each class between the principals in that window.
    deaths : int
        Known deaths of these acts; unknown ones are not counted.
    talked : bool
        Whether a mutual act, talks or an accord, stood among them.
    """

    day: date
    distance: float
    before: tuple[dict[str, Any], ...]
    window: Window
    followed: dict[str, int]
    deaths: int
    talked: bool

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return {
            "day": self.day.isoformat(),
            "distance": self.distance,
            "before": [act | {"date": act["date"].isoformat()} for act in self.before],
            "until": self.window.end.isoformat(),
            "followed": self.followed,
            "deaths": self.deaths,
            "talked": self.talked,
        }


def analogues(posterior: Fitted, events: pl.DataFrame, *, count: int, days: int) -> tuple[Analogue, ...]:
    """Find the earlier days most like `as_of` and tell what followed each.

    Two days are alike when the mechanisms, at their posterior means, move the rates of all channels alike; levels and
    eras are left out, so that a crisis of 1988 may resemble one of 2019 that was written down more densely.

    Parameters
    ----------
    posterior : Fitted
    events : polars.DataFrame
        Canonical events, agents' acts under their principals; only those before `as_of` are read.
    count : int
        How many to return at most.
    days : int
        How far to look after each; an analogue's days end by `as_of`.

    Returns
    -------
    tuple of Analogue
        The closest first.

    Examples
    --------
    >>> from detente.lab.case import load_case
    >>> from detente.lab.chronicles import history_of
    >>> from detente.model.clocks import fit_argument
    >>> case = load_case("us-iran", argument="baseline")
    >>> posterior = fit_argument(case.argument, case.known(date(2020, 1, 17)))
    >>> found = analogues(posterior, history_of(case).events, count=3, days=90)
    >>> len(found), found[0].distance <= found[1].distance
    (3, True)
    """
    program = posterior.program
    past, now = _moved(program, posterior.mean)
    window = program.history.window
    distance = np.sqrt(((past - now[:, None]) ** 2).mean(axis=0))
    last = window.index(program.as_of) - max(days, APART_DAYS)
    distance[max(last + 1, 0) :] = np.inf
    for end in window.bounds[1:-1]:  # what followed in a gap is not known
        distance[max(end - days, 0) : end] = np.inf
    out: list[Analogue] = []
    while len(out) < count and np.isfinite(distance).any():
        at = int(np.argmin(distance))
        out.append(_told(program, events, window.day(at), float(distance[at]), days))
        distance[max(at - APART_DAYS, 0) : at + APART_DAYS + 1] = np.inf
    return tuple(out)


def _moved(program: Program, mean: Floats) -> tuple[Floats, Floats]:
    """Return what mechanisms add to the log rates, on the fitted days (channel, day) and on as_of (channel,)."""
    atoms = program.history.atom_rows
    now = np.empty(len(program.atoms))
    for i, atom in enumerate(program.atoms):
        if isinstance(atom, Schedule):
            now[i] = atom.at(program.as_of)
        else:
            state = program.initial[[program.memories.index(atom.memory)]]
            now[i] = atom.value(state, program.caps[i])[0]
    channels = len(program.layout.channels)
    past, today = np.zeros((channels, program.history.window.days)), np.zeros(channels)
    for c, j, a, b in program.terms:
        if program.coefficients[j].mechanism in ("intercept", "era"):
            continue
        rows = [i for i in (a, b) if i != NO_ATOM]
        then: Any = mean[j]
        for i in rows:
            then = then * atoms[i]
        past[c] += then
        today[c] += mean[j] * np.prod(now[rows])
    return past, today


def _told(program: Program, events: pl.DataFrame, day: date, distance: float, days: int) -> Analogue:
    both = list(program.layout.principals)
    known = events.filter(pl.col("date") < program.as_of)
    between = known.filter(pl.col("source").is_in(both) & pl.col("target").is_in(both))
    window = Window(day, day + timedelta(days=days))
    after = between.filter(pl.col("date").is_between(window.start, window.end, closed="left"))
    lately = known.filter(pl.col("date").is_between(day - timedelta(days=30), day, closed="left"))
    lately = lately.filter(pl.col("source").is_in(both) | pl.col("target").is_in(both))
    fields = ("date", "source", "target", "action", "mode", "summary", "citation")
    shown = [c for c in fields if c in lately.columns]
    strongest = lately.sort(pl.col("intensity").abs(), "date", descending=[True, True])
    strongest = strongest.unique(shown, keep="first", maintain_order=True).head(_TELLING)
    return Analogue(
        day,
        distance,
        tuple(strongest.sort("date").select(shown).to_dicts()),
        window,
        {
            str(cls): int(n)
            for cls, n in after.group_by("class")
            .len()
            .sort("len", "class", descending=[True, False])
            .iter_rows()
        },
        int(after["fatalities"].sum() or 0),
        bool(after["mutual"].any()),
    )
