"""Reference rates of rivalries: how often war and force follow, how long they last, what they cost, how crises end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, TypeVar

import numpy as np

from detente.base.arrays import Floats
from detente.studies.evidence.crises import FULL_WAR, VIOLENCE, PairCrisis
from detente.studies.evidence.disputes import FORCE, Dispute
from detente.studies.evidence.episodes import interstate_days
from detente.studies.evidence.protocol import EvidenceProtocol
from detente.studies.evidence.rivalries import Pair
from detente.studies.evidence.sources import Files
from detente.studies.evidence.wars import PairWar, pair_wars, tolls_of
from detente.studies.evidence.world import States

HORIZONS = (6, 12, 24)  # months
LATER_DAYS = 7
MANY_DEAD = 2  # from this category of deaths on, more than 25
LAST_WAR = 2007  # the last year of the wars
_SLACK = timedelta(days=15)  # a war known by its month may seem to begin before its crisis
_RESAMPLINGS = 1000
_TAIL_FROM = 1000.0  # deaths from which a toll counts as a war's
T = TypeVar("T")


def reference_rates(
    files: Files, states: States, protocol: EvidenceProtocol, noise: np.random.Generator
) -> dict[str, list[dict[str, Any]]]:
    """Return all reference rates as plain values.

    Returns
    -------
    dict
        ``chances``, each with its `id`, how many cases it is of, and its share with a 90 % interval by months;
        ``quantiles`` (days and deaths, 10, 50 and 90 %), ``exponents`` and ``shares``.
    """
    wars = pair_wars(files, states.disputes, protocol.span.pairs[0])
    rivals_wars = [w for w in wars if states.rivals.at(w.own, w.other, w.start.year)]
    own = [d for d in states.disputes if d.own < d.other]
    disputes = [
        d for d in own if d.year >= protocol.span.pairs[0] and states.rivals.at(d.own, d.other, d.year)
    ]
    crises = [c for c in states.crises if c.actors and states.late_rivals.at(c.own, c.other, c.start.year)]
    resample = _Resampling(noise)
    tolls = np.array(tolls_of(files, protocol.span.pairs[0], states.held_out))
    below = {d.number: d for d in disputes if max(d.own_hostility, d.other_hostility) >= FORCE and not d.war}
    found: dict[str, list[dict[str, Any]]] = {
        "chances": [
            *_after_crises(crises, rivals_wars, resample),
            *_of_years(states, own, wars, resample),
        ],
        "quantiles": [
            *_quantiles("days_war_ucdp", "gleditsch2002", interstate_days(files, states.held_out, war=True)),
            *_quantiles("days_war_dispute", "gibler2016", _days(d for d in disputes if d.war)),
            *_quantiles("days_exchange", "gibler2016", _days(d for d in disputes if d.exchange)),
            *_quantiles(
                "days_exchange_25_dead",
                "gibler2016",
                _days(d for d in disputes if d.exchange and d.deaths >= MANY_DEAD),
            ),
            *_quantiles("deaths_war", "sarkees2010", tolls),
        ],
        "exponents": _exponent("deaths_war", tolls),
        "shares": [
            *_tolls_below(list(below.values()), resample),
            *_ends(crises, resample),
        ],
    }
    return {kind: [each for each in rates if each["n"]] for kind, rates in found.items()}


class _Resampling:
    """Intervals of shares from pairs drawn with replacement."""

    def __init__(self, noise: np.random.Generator) -> None:
        self._noise = noise

    def share(self, of: Sequence[T], pair: Callable[[T], Pair], hit: Callable[[T], bool]) -> dict[str, float]:
        """Return the share of cases that are a hit, with its interval; nothing if there is no case."""
        if not of:
            return {}
        pairs: dict[Pair, list[int]] = defaultdict(lambda: [0, 0])
        for each in of:
            pairs[pair(each)][0] += hit(each)
            pairs[pair(each)][1] += 1
        hits, all_ = np.array(list(pairs.values()), dtype=float).reshape(-1, 2).T
        drawn = self._noise.integers(len(hits), size=(_RESAMPLINGS, len(hits)))
        shares = hits[drawn].sum(axis=1) / all_[drawn].sum(axis=1)
        low, high = np.quantile(shares, [0.05, 0.95])
        return {"share": float(hits.sum() / all_.sum()), "low": float(low), "high": float(high)}


def _pair(each: PairCrisis | Dispute) -> Pair:
    return each.own, each.other


def _later(day: date, months: int) -> date:
    """Return the day so many months later."""
    years, month = divmod(day.month - 1 + months, 12)
    return date(day.year + years, month + 1, min(day.day, 28))


def _after_crises(
    crises: list[PairCrisis], wars: list[PairWar], resample: _Resampling
) -> list[dict[str, Any]]:
    days: dict[Pair, list[date]] = defaultdict(list)
    for war in wars:
        days[war.own, war.other].append(war.start)
    violent = [c for c in crises if c.severity >= VIOLENCE and c.start.year <= LAST_WAR]
    late = timedelta(days=LATER_DAYS)
    calm = [c for c in violent if not any(c.start - _SLACK <= d <= c.start + late for d in days[_pair(c)])]

    def within(months: int, after: timedelta) -> Callable[[PairCrisis], bool]:
        return lambda c: any(c.start + after < d <= _later(c.start, months) for d in days[_pair(c)])

    return [
        _chance("war_after_violent_crisis", "brecher2000, sarkees2010", len(violent), "violent_crises")
        | {"by": [_at(m, resample.share(violent, _pair, within(m, -_SLACK))) for m in HORIZONS]},
        _chance("war_later_in_violent_crisis", "brecher2000, sarkees2010", len(calm), "calm_crises")
        | {"by": [_at(m, resample.share(calm, _pair, within(m, late))) for m in HORIZONS]},
    ]


def _of_years(
    states: States, disputes: list[Dispute], wars: list[PairWar], resample: _Resampling
) -> list[dict[str, Any]]:
    years = [(a, b, y) for (a, b), active in states.rivals.years.items() for y in sorted(active)]
    exchanges = [d for d in disputes if d.exchange]
    kinds = {
        "exchange_in_year": ("gibler2016", [(_pair(d), d.start) for d in exchanges]),
        "exchange_25_dead_in_year": (
            "gibler2016",
            [(_pair(d), d.start) for d in exchanges if d.deaths >= MANY_DEAD],
        ),
        "war_in_year": (
            "sarkees2010",
            [((w.own, w.other), w.start.year * 12 + w.start.month - 1) for w in wars],
        ),
    }
    found = []
    for name, (source, starts) in kinds.items():
        by_pair: dict[Pair, list[int]] = defaultdict(list)
        for pair, month in starts:
            by_pair[pair].append(month)
        by = [_at(m, resample.share(years, lambda each: each[:2], _begins(by_pair, m))) for m in HORIZONS]
        found.append(_chance(name, source, len(years), "rivalry_years") | {"by": by})
    return found


def _begins(starts: Mapping[Pair, list[int]], months: int) -> Callable[[tuple[int, int, int]], bool]:
    """Return whether something of a pair began within so many months of a year's first."""

    def hit(each: tuple[int, int, int]) -> bool:
        first = 12 * each[2]
        return any(first <= month < first + months for month in starts.get(each[:2], ()))

    return hit


def _chance(name: str, source: str, n: int, of: str) -> dict[str, Any]:
    return {"id": name, "source": source, "n": n, "of": of}


def _at(months: int, share: dict[str, float]) -> dict[str, float]:
    return {"months": months, **share}


def _days(disputes: Iterable[Dispute]) -> Floats:
    """Return the least days of each dispute, once however many pairs were in it."""
    return np.array(list({d.number: d.days for d in disputes}.values()), dtype=float)


def _quantiles(name: str, source: str, values: Floats) -> list[dict[str, Any]]:
    known = values[~np.isnan(values)]
    if not len(known):
        return []
    q10, q50, q90 = (float(q) for q in np.quantile(known, [0.1, 0.5, 0.9]))
    return [{"id": name, "source": source, "n": len(known), "q10": q10, "q50": q50, "q90": q90}]


def _exponent(name: str, tolls: Floats) -> list[dict[str, Any]]:
    """Return Hill's estimate of the exponent of survival above a thousand dead, with its standard error."""
    above = tolls[tolls >= _TAIL_FROM]
    if not (above > _TAIL_FROM).any():
        return []
    value = 1 / float(np.log(above / _TAIL_FROM).mean())
    error = value / len(above) ** 0.5
    about = {"id": name, "source": "sarkees2010", "n": len(above), "from": _TAIL_FROM}
    return [about | {"value": value, "error": error}]


def _tolls_below(disputes: list[Dispute], resample: _Resampling) -> list[dict[str, Any]]:
    known = [d for d in disputes if not np.isnan(d.deaths)]
    named = (
        ("force_without_dead", lambda d: d.deaths == 0),
        ("force_25_dead", lambda d: d.deaths >= MANY_DEAD),
    )
    return [
        {"id": name, "source": "gibler2016", "n": len(known), **resample.share(known, _pair, hit)}
        for name, hit in named
    ]


def _ends(crises: list[PairCrisis], resample: _Resampling) -> list[dict[str, Any]]:
    full = [c for c in crises if c.severity == FULL_WAR]
    violent = [c for c in crises if c.severity >= VIOLENCE]
    return [
        {
            "id": "full_war_ends_in_agreement",
            "source": "brecher2000",
            "n": len(full),
            **resample.share(full, _pair, lambda c: c.agreement),
        },
        {
            "id": "violent_crisis_ends_in_agreement_24m",
            "source": "brecher2000",
            "n": len(violent),
            **resample.share(violent, _pair, lambda c: c.agreement and c.end <= _later(c.start, 24)),
        },
    ]
