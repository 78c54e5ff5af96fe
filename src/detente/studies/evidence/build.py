"""A row's sample: its units chosen, cut into episodes and controls, counted."""

from __future__ import annotations

import numpy as np

from detente.argument.evidence_blocks import EvidenceRow
from detente.base.arrays import Floats, Ints
from detente.studies.evidence.changes import by_shifts, of_months, tenures_of
from detente.studies.evidence.gather import of_cases, of_crises, of_disputes, of_pair_years
from detente.studies.evidence.protocol import EvidenceProtocol
from detente.studies.evidence.risk_sets import by_days, course_of, risk_sets
from detente.studies.evidence.sample import Flags, Measured, Redraw, UnitSample, cells_of, within_cells
from detente.studies.evidence.units import Units
from detente.studies.evidence.world import States


def sample_of(
    row: EvidenceRow, states: States, protocol: EvidenceProtocol, *, never_mediated_only: bool = False
) -> UnitSample:
    """Return the sample of a row.

    Parameters
    ----------
    row : EvidenceRow
    states : States
    protocol : EvidenceProtocol
    never_mediated_only : bool
        The forbidden variant of controls of mediation, as a check.

    Raises
    ------
    ArgumentError
        If the row names a field that its units lack.
    """
    if row.units == "months":
        return _of_months(row, states, protocol)
    if row.units == "crises":
        units, crises = of_crises(states, protocol, row)
        if row.event == "mediation":
            usable = _known(units, row, states) & np.array([c.usable for c in crises], dtype=bool)
            cell = cells_of(_fields(units, row), row.cells, np.arange(len(units.year)))
            course = course_of(crises)
            rows, episode, sets = risk_sets(
                course, course.mediated, cell, usable, never_mediated_only=never_mediated_only
            )
            return _sample(row, units, states, protocol, rows, episode, sets, by_days(course, cell, usable))
    elif row.units == "disputes":
        units = of_disputes(states, protocol)
    elif row.units == "cases":
        units = of_cases(states, protocol)
    else:
        units = of_pair_years(states, protocol)
    usable = _known(units, row, states)
    if row.event == "sanction_imposed":
        usable &= units.fields["in_force"] == 0
        episode = units.fields["imposed"] == 1
    elif row.event == "sanction_ended":
        usable &= units.fields["in_force"] == 1
        episode = units.fields["ended"] == 1
    else:
        episode = units.fulfil(row.episode, row)
        usable &= episode | units.fulfil(row.control, row)
    rows = np.flatnonzero(usable)
    cell = cells_of(_fields(units, row), row.cells, rows)
    draw = within_cells(rows, episode[rows], cell)
    return _sample(row, units, states, protocol, rows, episode[rows], cell, draw)


def _of_months(row: EvidenceRow, states: States, protocol: EvidenceProtocol) -> UnitSample:
    units, place = of_months(states, protocol)
    usable = _known(units, row, states)
    cell = cells_of(_fields(units, row), row.cells, np.arange(len(units.year)))
    tenures = tenures_of(states, protocol.span.pairs, row.least_tenure_months)
    at_risk, changes = tenures.at(place, units.start)
    rows = np.flatnonzero(at_risk & usable)
    draw = by_shifts(tenures, units.start, place, cell, usable)
    return _sample(row, units, states, protocol, rows, changes[rows], cell[rows], draw)


def _fields(units: Units, row: EvidenceRow) -> dict[str, Floats]:
    return {name: units.field(name, row) for name in row.cells}


def _known(units: Units, row: EvidenceRow, states: States) -> Flags:
    """Return the units that fulfil the row's conditions, with a known outcome and known cells."""
    known = units.fulfil(row.among, row)
    known &= units.outcome(states.measures, row).exposure > 0
    for name in row.cells:
        known &= ~np.isnan(units.field(name, row))
    return known


def _sample(
    row: EvidenceRow,
    units: Units,
    states: States,
    protocol: EvidenceProtocol,
    rows: Ints,
    episode: Flags,
    cell: Ints,
    draw: Redraw,
) -> UnitSample:
    spec, placebo = row.outcome, row.placebo
    unit = "months" if units.step == 1 else "years"
    lead_windows, lag_windows = getattr(protocol.leads, unit), getattr(protocol.lags, unit)
    leads = tuple((a, b, units.count(states.measures, placebo, (a, b))) for a, b in lead_windows)
    lags: tuple[tuple[int, int, Measured], ...] = ()
    if spec.measure is not None:
        lags = tuple(
            (a, b, units.count(states.measures, spec.measure, (a, b), after=spec.after))
            for a, b in lag_windows
        )
    return UnitSample(
        units.pair,
        units.year,
        units.outcome(states.measures, row),
        leads,
        lags,
        rows,
        episode,
        cell,
        spec.as_ == "share",
        draw,
    )
