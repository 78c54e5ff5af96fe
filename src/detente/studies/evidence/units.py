"""Units of comparison as plain columns: what a row's conditions, cells and windows refer to."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from detente.argument.evidence_blocks import EvidenceRow
from detente.base.arrays import Floats, Ints
from detente.base.errors import ArgumentError, Fault
from detente.studies.evidence.months import Measures, pair_key
from detente.studies.evidence.sample import Flags, Measured

_OPERATORS: dict[str, Callable[[Floats, float], Flags]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
}
YEARLY = 12  # months of a step where units are years
Window = tuple[int, int]


@dataclass(frozen=True)
class Units:
    """Units with their fields; unknown values are NaN, and fulfil no condition.

    Attributes
    ----------
    own, other : ndarray of shape (unit,)
        State codes.
    year, start, end : ndarray of shape (unit,)
        Start and end as months; of pair-years the first and the last month of the year.
    fields : mapping of str to ndarray
    step : int
        Months in a step of windows: 1, or 12 of pair-years.
    """

    own: Ints
    other: Ints
    year: Ints
    start: Ints
    end: Ints
    fields: Mapping[str, Floats]
    step: int = 1

    @property
    def pair(self) -> Ints:
        """Codes in ascending order, shape (unit, 2)."""
        return np.sort(np.column_stack([self.own, self.other]), axis=1)

    def fulfil(self, conditions: tuple[str, ...], row: EvidenceRow) -> Flags:
        """Return which units fulfil all conditions.

        Raises
        ------
        ArgumentError
            If a condition names no field of these units.
        """
        out = np.ones(len(self.year), dtype=bool)
        for condition in conditions:
            name, sign, value = condition.split()
            out &= _OPERATORS[sign](self.field(name, row), float(value))
            out &= ~np.isnan(self.fields[name])
        return out

    def field(self, name: str, row: EvidenceRow) -> Floats:
        """Return a field.

        Raises
        ------
        ArgumentError
            If these units have none of this name.
        """
        if name not in self.fields:
            known = tuple(sorted(self.fields))
            raise ArgumentError(
                Fault("not_a_unit_field", row.id, got=name, hint="known", units=row.units, known=known)
            )
        return self.fields[name]

    def count(self, measures: Measures, name: str, window: Window, *, after: str = "start") -> Measured:
        """Return a measure of the units in a window of steps, before (negative) or after them."""
        anchor = self.start if after == "start" or window[0] < 0 else self.end
        since = anchor + window[0] * self.step
        until = anchor + window[1] * self.step + (self.step - 1)
        measure = measures[name]
        exposure = measure.covered(since, until)
        counted = measure.count(pair_key(self.own, self.other), since, np.minimum(until, measure.last))
        return Measured(np.where(exposure > 0, counted, 0.0), exposure)

    def outcome(self, measures: Measures, row: EvidenceRow) -> Measured:
        """Return what is compared; an exposure of 0 where it is unknown.

        Whether any happened is asked only of windows that the sources cover wholly.
        """
        spec = row.outcome
        if spec.measure is None or spec.from_ is None or spec.until is None:
            values = self.field(spec.field or "", row)
            known = ~np.isnan(values)
            return Measured(np.where(known, values, 0.0), known.astype(float))
        counted = self.count(measures, spec.measure, (spec.from_, spec.until), after=spec.after)
        if spec.as_ == "any":
            whole = counted.exposure == (spec.until - spec.from_ + 1) * self.step
            return Measured((counted.count > 0) * whole * 1.0, whole.astype(float))
        return counted


def histories(units: Units, measures: Measures, *, yearly: bool = False) -> dict[str, Floats]:
    """Return the fields of what went before: `recent`, `earlier` and `recent_crisis`, as the protocol bins them."""
    if yearly:
        recent = units.count(measures, "disputes", (-3, -2)).count
        earlier = units.count(measures, "disputes", (-10, -4)).count
        return {"recent": np.minimum(recent, 1), "earlier": np.minimum(earlier, 2)}
    recent = units.count(measures, "disputes", (-36, -7)).count
    earlier = units.count(measures, "disputes", (-120, -37)).count
    crisis = units.count(measures, "crises", (-36, -7)).count
    return {
        "recent": np.minimum(recent, 2),
        "earlier": np.select([earlier == 0, earlier <= 2], [0.0, 1.0], 2.0),
        "recent_crisis": np.minimum(crisis, 1),
    }
