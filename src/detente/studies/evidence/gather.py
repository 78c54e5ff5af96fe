"""Units of each kind, gathered from what the files say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from detente.argument.evidence_blocks import EvidenceRow
from detente.base.arrays import Floats
from detente.studies.evidence.crises import HEAVY_FIGHTING, PairCrisis
from detente.studies.evidence.disputes import FORCE, NEGOTIATED, WAR
from detente.studies.evidence.months import month_of
from detente.studies.evidence.protocol import EvidenceProtocol
from detente.studies.evidence.sanctions import ONGOING
from detente.studies.evidence.units import YEARLY, Units, histories
from detente.studies.evidence.world import States

_ERAS = (1963, 1990)  # first years of the second and the third


def of_disputes(states: States, protocol: EvidenceProtocol) -> Units:
    """Return both sides of every dispute of rivals whose month is known."""
    first, last = protocol.span.pairs
    chosen = [
        d
        for d in states.disputes
        if d.dated and first <= d.year <= last and states.rivals.at(d.own, d.other, d.year)
    ]
    own_hostility = np.array([d.own_hostility for d in chosen], dtype=float)
    other_hostility = np.array([d.other_hostility for d in chosen], dtype=float)
    settlement = np.array([d.settlement for d in chosen], dtype=float)
    year = np.array([d.year for d in chosen], dtype=np.int64)
    fields = {
        "own_deaths": np.array([d.own_deaths for d in chosen], dtype=float),
        "other_deaths": np.array([d.other_deaths for d in chosen], dtype=float),
        "own_hostility": own_hostility,
        "other_hostility": other_hostility,
        "own_force": (own_hostility >= FORCE) * 1.0,
        "war": np.array([d.war for d in chosen], dtype=float),
        "other_war": (other_hostility >= WAR) * 1.0,
        "initiator": np.array([d.initiator for d in chosen], dtype=float),
        "settlement": settlement,
        "negotiated": np.where(np.isnan(settlement), np.nan, settlement == NEGOTIATED),
        "decade": year // 10 * 10.0,
        "year": year * 1.0,
    }
    units = Units(
        np.array([d.own for d in chosen], dtype=np.int64),
        np.array([d.other for d in chosen], dtype=np.int64),
        year,
        np.array([d.start for d in chosen], dtype=np.int64),
        np.array([d.end for d in chosen], dtype=np.int64),
        fields,
    )
    return replace(units, fields=fields | histories(units, states.measures))


def of_crises(states: States, protocol: EvidenceProtocol, row: EvidenceRow) -> tuple[Units, list[PairCrisis]]:
    """Return pairs of states in crises, rivals only or all, with the crises they come from."""
    first, last = protocol.span.crises
    chosen = [
        c
        for c in states.crises
        if first <= c.start.year <= last
        and (row.pairs == "all" or states.late_rivals.at(c.own, c.other, c.start.year))
    ]
    year = np.array([c.start.year for c in chosen], dtype=np.int64)
    lesser = np.array([_lesser(states, c) for c in chosen], dtype=float)
    fields = {
        "era": np.searchsorted(_ERAS, year, side="right") * 1.0,
        "violent_trigger": np.array([c.violent_trigger for c in chosen], dtype=float),
        "agreement": np.array([c.agreement for c in chosen], dtype=float),
        "heavy_fighting": np.array([c.severity >= HEAVY_FIGHTING for c in chosen], dtype=float),
        "lesser_capability": lesser,
        "lesser_capability_rank": _ranks(lesser),
        "decade": year // 10 * 10.0,
        "year": year * 1.0,
    }
    units = Units(
        np.array([c.own for c in chosen], dtype=np.int64),
        np.array([c.other for c in chosen], dtype=np.int64),
        year,
        np.array([month_of(c.start.year, c.start.month) for c in chosen], dtype=np.int64),
        np.array([month_of(c.end.year, c.end.month) for c in chosen], dtype=np.int64),
        fields,
    )
    return replace(units, fields=fields | histories(units, states.measures)), chosen


def _lesser(states: States, crisis: PairCrisis) -> float:
    year = crisis.start.year
    return float(min(states.capability.get((code, year), np.nan) for code in (crisis.own, crisis.other)))


def _ranks(values: Floats) -> Floats:
    """Return each value's place among the known ones, from 0 to 1."""
    known = np.sort(values[~np.isnan(values)])
    places = np.searchsorted(known, values, side="left") / max(len(known), 1)
    return np.where(np.isnan(values), np.nan, places)


def of_cases(states: States, protocol: EvidenceProtocol) -> Units:
    """Return single cases of sanctions."""
    first, last = protocol.span.sanctions
    chosen = [s for s in states.sanctions if first <= s.begin <= last]
    year = np.array([s.begin for s in chosen], dtype=np.int64)
    fields = {
        "heavy": np.array([s.heavy for s in chosen], dtype=float),
        "objective": np.array([s.objective for s in chosen], dtype=float),
        "success": np.array([np.nan if s.success is None else s.success for s in chosen], dtype=float),
        "decade": year // 10 * 10.0,
        "year": year * 1.0,
    }
    return Units(
        np.array([s.sender for s in chosen], dtype=np.int64),
        np.array([s.target for s in chosen], dtype=np.int64),
        year,
        year * YEARLY,
        np.array([s.end for s in chosen], dtype=np.int64) * YEARLY,
        fields,
        YEARLY,
    )


def of_pair_years(states: States, protocol: EvidenceProtocol) -> Units:
    """Return years of sender and target that had a sanction at any time.

    Fields say what was in force when the year began, and what began or ended in it.
    """
    first, last = protocol.span.sanctions
    pairs = sorted({(s.sender, s.target) for s in states.sanctions})
    years = np.arange(first, last + 1)
    shape = (len(pairs), len(years))
    in_force, imposed, ended, alive = (np.zeros(shape) for _ in range(4))
    place = {pair: i for i, pair in enumerate(pairs)}
    for s in states.sanctions:
        i = place[s.sender, s.target]
        in_force[i, (years > s.begin) & (years <= s.end)] = 1
        imposed[i, years == s.begin] = 1
        if s.end < ONGOING:
            ended[i, years == s.end] = 1
    for (sender, target), i in place.items():
        alive[i] = [
            (sender, y) in states.capability and (target, y) in states.capability for y in years.tolist()
        ]
    which, when = np.nonzero(alive)
    codes = np.array(pairs, dtype=np.int64).reshape(-1, 2)[which]
    year = years[when].astype(np.int64)
    fields: dict[str, Floats] = {
        "in_force": in_force[which, when],
        "imposed": imposed[which, when],
        "ended": ended[which, when],
        "decade": year // 10 * np.float64(10),
        "year": year.astype(float),
    }
    units = Units(codes[:, 0], codes[:, 1], year, year * YEARLY, year * YEARLY, fields, YEARLY)
    return replace(units, fields=fields | histories(units, states.measures, yearly=True))
