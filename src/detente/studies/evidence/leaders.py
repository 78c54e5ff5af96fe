"""Months in which a state's leader changed."""

from __future__ import annotations

from collections import defaultdict

from detente.events.ontology.states import from_gw
from detente.studies.evidence.months import month_of
from detente.studies.evidence.sources import Files


def leader_starts(files: Files) -> tuple[dict[int, list[int]], dict[int, int]]:
    """Return the months in which each state's leaders took office, ascending, and the last month anyone held it."""
    starts: dict[int, set[int]] = defaultdict(set)
    last: dict[int, int] = {}
    for state, start, end in files.rows("archigos.csv", "gwcode", "startdate", "enddate"):
        year, month = int(start[:4]), int(start[5:7])
        code = from_gw(int(float(state)), year)
        starts[code].add(month_of(year, month))
        last[code] = max(last.get(code, 0), month_of(int(end[:4]), int(end[5:7])))
    return {code: sorted(months) for code, months in starts.items()}, last
