"""How long armed conflicts between states lasted."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import numpy as np

from detente.base.arrays import Floats
from detente.events.ontology.states import from_gw
from detente.studies.evidence.rivalries import Pair
from detente.studies.evidence.sources import Files

_INTERSTATE, _WAR = "interstate", "2"


def interstate_days(files: Files, held_out: Pair | None, *, war: bool) -> Floats:
    """Return the days of each episode of an interstate conflict that has ended.

    Of wars only, if wanted: a year of those cost a thousand lives.
    """
    rows: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    columns = (
        "type_of_conflict",
        "conflict_id",
        "start_date2",
        "intensity_level",
        "ep_end_date",
        "gwno_a",
        "gwno_b",
    )
    for kind, number, start, intensity, end, a, b in files.rows("ucdp_acd.csv", *columns):
        if kind != _INTERSTATE or not start or held_out == _pair(a, b, int(start[:4])):
            continue
        rows[number, start].append((intensity, end))
    found = []
    for (_, start), years in rows.items():
        ends = [end for _, end in years if end]
        if ends and (not war or any(intensity == _WAR for intensity, _ in years)):
            found.append((date.fromisoformat(max(ends)) - date.fromisoformat(start)).days + 1)
    return np.array(sorted(found), dtype=float)


def _pair(a: str, b: str, year: int) -> Pair | None:
    """Return the codes of a conflict between two states alone."""
    if "," in a + b or not (a and b):
        return None
    one, two = from_gw(int(float(a)), year), from_gw(int(float(b)), year)
    return min(one, two), max(one, two)
