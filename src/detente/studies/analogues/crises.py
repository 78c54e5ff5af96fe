"""International crises like the one that runs on a day, or would begin on it, and what followed each."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Any

from detente.base.days import Window, span_of
from detente.events.ontology.state_codes import state_of
from detente.events.phases import Phase
from detente.lab.phases import PhaseHistory
from detente.questions.windows import later
from detente.studies.analogues.followed import MONTHS

FEATURES = ("trigger_violent", "violence", "mediation", "protracted", "power_gap", "outcome")
AT_START = ("trigger_violent", "protracted", "power_gap")
"""The features that are known when a crisis begins; the others describe the whole of it, and match nothing."""
COVERED_UNTIL = date.fromisoformat("2018-01-01")
"""First day on which a crisis that began would not be in the table."""
AGAIN = 24
"""Months after a crisis in which another one of its states is looked for."""
_IN_CRISIS = (Phase.CRISIS.word, Phase.HOSTILITIES.word)
_PROTRACTED_CRISES, _PROTRACTED_YEARS = 3, 5  # of a protracted conflict
_WIDEST_GAP = math.log1p(179)  # 179 is the widest that the scale of power allows


@dataclass(frozen=True, slots=True)
class PastCrisis:
    """One international crisis of the table.

    Attributes
    ----------
    number : int
    name : str
    actors, triggered_by : tuple of str
        Its crisis actors, and the states that triggered it without being one.
    first, last : Window or None
        The days that each may be: one, or a month. `last` is None where it is not known.
    trigger_violent : bool or None
    violence, mediation, protracted, outcome : str
        As in the table; empty where unknown.
    power_gap : int or None
    """

    number: int
    name: str
    actors: tuple[str, ...]
    triggered_by: tuple[str, ...]
    first: Window
    last: Window | None
    trigger_violent: bool | None
    violence: str
    mediation: str
    protracted: str
    power_gap: int | None
    outcome: str

    @property
    def states(self) -> frozenset[str]:
        """All states in it."""
        return frozenset((*self.actors, *self.triggered_by))


@dataclass(frozen=True, slots=True)
class Feature:
    """One of the six features as far as it is known on the as-of day.

    Attributes
    ----------
    name : str
    value : bool, int, str or None
        None if it is not known: it is left out then.
    known_from : str
        ``chronicle``, ``table`` (an earlier crisis of the two in it), or empty.
    number : int or None
        The number of that crisis.
    why : str
        Why it is left out: ``no crisis`` runs on the day, ``no opening act`` is known, ``whole crisis`` (it is known
        only when the crisis is over), ``no earlier crisis`` of the two in the table; else empty.
    """

    name: str
    value: bool | int | str | None
    known_from: str = ""
    number: int | None = None
    why: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        about = {"known_from": self.known_from or None, "number": self.number, "why": self.why or None}
        return {"name": self.name, "value": self.value, **about}


@dataclass(frozen=True, slots=True)
class SimilarCrisis:
    """A crisis like the one that runs, or would begin, and what followed.

    Attributes
    ----------
    crisis : PastCrisis
    similarity : float
        One minus the mean of `parts`.
    parts : mapping of str to float
        Difference in each feature used, 0 to 1.
    of_the_pair : bool
        Whether both principals were in it.
    over : bool
        Whether it had ended by the as-of day.
    ended : mapping of int to (bool or None)
        Whether it had ended so many months after its first day; None where that is not known by the as-of day.
    outcome : str or None
        Form of outcome; None if it was not over by the as-of day, or is unknown.
    another : bool or None
        Whether another crisis with two or more of its states began within 24 months after its last day.
    """

    crisis: PastCrisis
    similarity: float
    parts: Mapping[str, float]
    of_the_pair: bool
    over: bool
    ended: Mapping[int, bool | None]
    outcome: str | None
    another: bool | None

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON; of a crisis that was not over nothing that was not known."""
        crisis = self.crisis
        return {
            "number": crisis.number,
            "name": crisis.name,
            "actors": list(crisis.actors),
            "triggered_by": list(crisis.triggered_by),
            "first": _shown(crisis.first),
            "similarity": self.similarity,
            "parts": dict(self.parts),
            "of_the_pair": self.of_the_pair,
            "trigger_violent": crisis.trigger_violent,
            "protracted": crisis.protracted or None,
            "power_gap": crisis.power_gap,
            "ended": {str(months): value for months, value in self.ended.items()},
            "last": _shown(crisis.last) if self.over and crisis.last else None,
            "violence": crisis.violence or None if self.over else None,
            "mediation": crisis.mediation or None if self.over else None,
            "outcome": self.outcome,
            "another": self.another,
            "over": self.over,
        }


@cache
def crises() -> tuple[PastCrisis, ...]:
    """Return the crises of the table that comes with the program, in order.

    Notes
    -----
    Source: [brecher2000]; ``data/crises/README.md`` says what each column is.

    Examples
    --------
    >>> found = {crisis.number: crisis for crisis in crises()}[309]
    >>> found.name, found.actors, str(found.first), found.outcome
    ('US HOSTAGES IN IRAN', ('IRN', 'USA'), '1979-11-04', 'formal agreement')
    """
    text = (resources.files("detente") / "data" / "crises" / "crises.csv").read_text(encoding="utf-8")
    return tuple(_crisis(row) for row in csv.DictReader(text.splitlines()))


def features_now(
    phases: PhaseHistory, pair: tuple[str, str], as_of: date, known: Iterable[PastCrisis] | None = None
) -> tuple[Feature, ...]:
    """Return the six features of the crisis that runs on a day, or would begin on it, as far as they are known.

    Parameters
    ----------
    phases : PhaseHistory
        Of what was known by the day.
    pair : (str, str)
        The principals.
    as_of : date
    known : iterable of PastCrisis, optional
        The table of crises; the shipped one by default.

    Notes
    -----
    A crisis runs if the last day known before `as_of` is one of crisis or hostilities. Its trigger was violent if one
    of the acts that opened the first of these days was an assault. The conflict is protracted if the chronicle has
    three crises, the last begun five years or more after the first [brecher2000]; where it has not, the last crisis of
    the two in the table says so, and five covered years without three such crises say no. The power gap is
    always that of their last crisis in the table.
    """
    last = _last_of_pair(pair, as_of, crises() if known is None else known)
    spells = _spells(phases)
    running = bool(spells) and spells[-1][1].end >= phases.window.end
    opened = spells[-1][2] if running else ()
    if not running:
        trigger = Feature("trigger_violent", None, why="no crisis")
    elif not opened:
        trigger = Feature("trigger_violent", None, why="no opening act")
    else:
        trigger = Feature("trigger_violent", any(a["action"] == "ASSAULT" for a in opened), "chronicle")
    starts = [window.start for _, window, _ in spells]
    long = len(starts) >= _PROTRACTED_CRISES and later(starts[0], f"{_PROTRACTED_YEARS}y") <= starts[-1]
    start = phases.window.start
    spans = phases.covered.sum() >= (later(start, f"{_PROTRACTED_YEARS}y") - start).days
    if long or (spans and not (last and last.protracted)):
        protracted = Feature("protracted", "protracted" if long else "no", "chronicle")
    else:
        protracted = _of_table("protracted", last, last.protracted or None if last else None)
    gap = _of_table("power_gap", last, last.power_gap if last else None)
    whole = {name: Feature(name, None, why="whole crisis") for name in FEATURES if name not in AT_START}
    found = {"trigger_violent": trigger, "protracted": protracted, "power_gap": gap} | whole
    return tuple(found[name] for name in FEATURES)


def similar_crises(
    features: Iterable[Feature],
    pair: tuple[str, str],
    as_of: date,
    known: Iterable[PastCrisis] | None = None,
) -> tuple[tuple[SimilarCrisis, ...], int]:
    """Rank the crises before a day by how like they are to the one of some features.

    Parameters
    ----------
    features : iterable of Feature
        See `features_now`; those of `AT_START` that are known are used, and no other.
    pair : (str, str)
    as_of : date
    known : iterable of PastCrisis, optional
        The table of crises; the shipped one by default.

    Returns
    -------
    found : tuple of SimilarCrisis
        All that began before the day and have every feature used, the most similar first, of equals the latest; none if
        no feature is known.
    left_out : int
        How many lack one of the features.

    Notes
    -----
    The distance is Gower's [gower1971]: the mean over features of their difference, 0 or 1 for words, and for the power
    gap the difference of ``log1p`` as a share of the widest there can be.

    Examples
    --------
    >>> now = [Feature("trigger_violent", True), Feature("power_gap", 52)]
    >>> found, left_out = similar_crises(now, ("USA", "IRN"), date(2017, 1, 1))
    >>> found[0].crisis.trigger_violent, found[0].crisis.power_gap, left_out
    (True, 53, 63)
    """
    used = {f.name: f.value for f in features if f.name in AT_START and f.value is not None}
    every = tuple(c for c in (crises() if known is None else known) if c.first.end <= as_of)
    if not used:
        return (), len(every)
    sides = {_state(code) for code in pair}
    whole = [c for c in every if all(_value(c, name) is not None for name in used)]
    rated = []
    for crisis in whole:
        parts = {name: _difference(name, value, _value(crisis, name)) for name, value in used.items()}
        rated.append((sum(parts.values()) / len(parts), crisis, parts))
    rated.sort(key=lambda row: (row[0], -row[1].first.start.toordinal(), row[1].number))
    found = tuple(
        SimilarCrisis(
            crisis,
            1 - distance,
            parts,
            sides <= crisis.states,
            _over(crisis, as_of),
            {months: _ended(crisis, months, as_of) for months in MONTHS},
            (crisis.outcome or None) if _over(crisis, as_of) else None,
            _another(crisis, every, as_of),
        )
        for distance, crisis, parts in rated
    )
    return found, len(every) - len(whole)


def _crisis(row: Mapping[str, str]) -> PastCrisis:
    return PastCrisis(
        int(row["number"]),
        row["name"],
        tuple(row["actors"].split()),
        tuple(row["triggered_by"].split()),
        _days(row["first"]),
        _days(row["last"]) if row["last"] else None,
        {"yes": True, "no": False}.get(row["trigger_violent"]),
        row["violence"],
        row["mediation"],
        row["protracted"],
        int(row["power_gap"]) if row["power_gap"] else None,
        row["outcome"],
    )


def _days(text: str) -> Window:
    """Return the days that a day, or a month, of the table means."""
    month = len(text) == len("YYYY-MM")
    return span_of(date.fromisoformat(f"{text}-01" if month else text), "month" if month else "day")


def _shown(days: Window) -> str:
    return days.start.isoformat() if days.days == 1 else days.start.isoformat()[: len("YYYY-MM")]


def _state(code: str) -> str:
    return state_of(code) or code


def _last_of_pair(pair: tuple[str, str], as_of: date, known: Iterable[PastCrisis]) -> PastCrisis | None:
    """Return the last crisis that both were in and that was over by a day."""
    sides = {_state(code) for code in pair}
    found = [c for c in known if sides <= c.states and _over(c, as_of)]
    return max(found, key=lambda c: c.first.start, default=None)


def _of_table(name: str, last: PastCrisis | None, value: bool | int | str | None) -> Feature:
    if last is None or value is None:
        return Feature(name, None, why="no earlier crisis")
    return Feature(name, value, "table", last.number)


def _spells(phases: PhaseHistory) -> list[tuple[str, Window, tuple[dict[str, Any], ...]]]:
    """Return the runs of days of crisis or hostilities, with the acts that opened each."""
    spells: list[tuple[str, Window, tuple[dict[str, Any], ...]]] = []
    for period in phases.periods:
        if period.kind not in _IN_CRISIS:
            continue
        if spells and spells[-1][1].end == period.window.start:
            kind, window, opened = spells[-1]
            spells[-1] = kind, Window(window.start, period.window.end), opened
        else:
            spells.append((period.kind, period.window, period.opened_by))
    return spells


def _value(crisis: PastCrisis, name: str) -> bool | int | str | None:
    value: bool | int | str | None = getattr(crisis, name)
    return None if value == "" else value


def _difference(name: str, now: Any, then: Any) -> float:
    if name == "power_gap":
        return min(abs(math.log1p(now) - math.log1p(then)) / _WIDEST_GAP, 1.0)
    if name == "protracted":  # a long war is a protracted conflict too
        return float((now == "no") != (then == "no"))
    return float(now != then)


def _over(crisis: PastCrisis, as_of: date) -> bool:
    return crisis.last is not None and crisis.last.end <= as_of


def _ended(crisis: PastCrisis, months: int, as_of: date) -> bool | None:
    """Whether a crisis had ended so many months after it began, as far as dates and the as-of day let one know."""
    soonest, latest = (later(day, f"{months}m") for day in (crisis.first.start, _end(crisis.first)))
    if crisis.last is not None and _over(crisis, as_of):
        if _end(crisis.last) < soonest:
            return True
        return False if crisis.last.start >= latest else None
    if crisis.last is None:
        return None
    return False if latest <= min(as_of, crisis.last.start) else None


def _another(crisis: PastCrisis, every: Iterable[PastCrisis], as_of: date) -> bool | None:
    """Whether another crisis with two of its states began within `AGAIN` months after it."""
    if crisis.last is None or not _over(crisis, as_of):
        return None
    first, last = (later(day, f"{AGAIN}m") for day in (crisis.last.start, _end(crisis.last)))
    others = [c for c in every if c is not crisis and len(c.states & crisis.states) > 1]
    if any(_end(crisis.last) < c.first.start and _end(c.first) <= first for c in others):
        return True
    possible = any(crisis.last.start < _end(c.first) and c.first.start <= last for c in others)
    return None if possible or last >= min(as_of, COVERED_UNTIL) else False


def _end(days: Window) -> date:
    return days.end - timedelta(days=1)
