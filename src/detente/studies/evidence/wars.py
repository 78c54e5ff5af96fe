"""Interstate wars between pairs, with the first day that some source gives."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from math import isnan, nan

from detente.events.ontology.states import from_gw
from detente.studies.evidence.disputes import Dispute
from detente.studies.evidence.sources import Files

_NEAR_YEARS = (0, -1, 1)
_INTERSTATE = "interstate"


@dataclass(frozen=True, slots=True)
class PairWar:
    """A war as a pair of opponents fought it.

    Attributes
    ----------
    number, own, other : int
        Codes ascend.
    start : date
    dated_by : str
        ``ucdp``, ``dispute`` or ``year``, in the order in which they are looked for.
    """

    number: int
    own: int
    other: int
    start: date
    dated_by: str


def pair_wars(files: Files, disputes: list[Dispute], since: int) -> list[PairWar]:
    """Return the wars of all pairs of opponents that began in a year or later."""
    conflicts = _conflict_days(files)
    at_war: dict[tuple[int, int, int], int] = {}
    for d in disputes:
        if d.war and d.own < d.other:
            key = (d.own, d.other, d.year)
            at_war[key] = min(d.start, at_war.get(key, d.start))
    found: dict[tuple[int, int, int], PairWar] = {}
    names = ("warnum", "ccode1", "ccode2", "year", "cowinteronset")
    for number, one, two, year, onset in zip(*files.numbers("cow_war_inter.csv", *names), strict=True):
        own, other, first = int(min(one, two)), int(max(one, two)), int(year)
        if onset != 1 or first < since or (int(number), own, other) in found:
            continue
        days = [
            day for k in _NEAR_YEARS for day in conflicts[own, other] if day.year == first + k
        ]  # the war's own year first
        if days:
            start, by = days[0], "ucdp"
        elif (own, other, first) in at_war:
            month = at_war[own, other, first]
            start, by = date(month // 12, month % 12 + 1, 1), "dispute"
        else:
            start, by = date(first, 7, 1), "year"
        found[int(number), own, other] = PairWar(int(number), own, other, start, by)
    return list(found.values())


def _conflict_days(files: Files) -> dict[tuple[int, int], list[date]]:
    """Return the first days of interstate conflicts by pair, ascending."""
    days: dict[tuple[int, int], set[date]] = defaultdict(set)
    columns = ("type_of_conflict", "start_date2", "gwno_a", "gwno_a_2nd", "gwno_b", "gwno_b_2nd")
    for kind, start, *sides in files.rows("ucdp_acd.csv", *columns):
        if kind != _INTERSTATE or not start:
            continue
        day = date.fromisoformat(start)
        a, b = (
            {from_gw(int(float(code)), day.year) for text in both for code in text.split(",") if code.strip()}
            for both in (sides[:2], sides[2:])
        )
        for one in a:
            for two in b:
                days[min(one, two), max(one, two)].add(day)
    return defaultdict(list, {pair: sorted(found) for pair, found in days.items()})


def tolls_of(files: Files, since: int, held_out: tuple[int, int] | None) -> list[float]:
    """Return the battle deaths of each war that began in a year or later, known for all who fought in it."""
    deaths: dict[int, dict[int, float]] = defaultdict(dict)
    first: dict[int, int] = {}
    sides: dict[int, set[tuple[int, int]]] = defaultdict(set)
    names = ("warnum", "ccode1", "ccode2", "year", "batdeath1", "batdeath2")
    for number, one, two, year, lost, also in zip(*files.numbers("cow_war_inter.csv", *names), strict=True):
        war = int(number)
        first[war] = min(first.get(war, int(year)), int(year))
        deaths[war] |= {int(one): lost, int(two): also}
        sides[war].add((int(min(one, two)), int(max(one, two))))
    totals = {
        war: sum(each.values(), 0.0) if not any(map(isnan, each.values())) else nan
        for war, each in deaths.items()
    }
    return sorted(
        total
        for war, total in totals.items()
        if first[war] >= since and not isnan(total) and sides[war] != {held_out}
    )
