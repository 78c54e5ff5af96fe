"""Militarised disputes as each side of a pair was in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from detente.studies.evidence.months import month_of
from detente.studies.evidence.sources import Files

FORCE, WAR, THREAT = 4, 5, 2  # of hostility
NEGOTIATED = 1  # of settlement
_JULY = 7
_COLUMNS = ("dispnum", "ccode1", "ccode2", "year", "sidea1", "fatality1", "fatality2", "hostlev1", "hostlev2")
_MORE = ("settle", "fatality", "fatalpre", "mindur", "stmon", "endmon")


@dataclass(frozen=True, slots=True)
class Dispute:
    """One side of a pair in one dispute; deaths are categories, and what is unknown is NaN."""

    number: int
    own: int
    other: int
    year: int
    start: int
    end: int
    dated: bool
    initiator: bool
    own_deaths: float
    other_deaths: float
    own_hostility: float
    other_hostility: float
    settlement: float
    deaths: float
    days: float

    @property
    def war(self) -> bool:
        """Whether either side's acts were war."""
        return max(self.own_hostility, self.other_hostility) >= WAR

    @property
    def exchange(self) -> bool:
        """Whether both sides used force."""
        return min(self.own_hostility, self.other_hostility) >= FORCE


def disputes_of(files: Files) -> list[Dispute]:
    """Return every directed pair's disputes, each once: in the pair's first year, and until its last.

    The month is known where the pair was in the dispute from its first year on; else the dispute is dated to July.
    """
    first_year = {row[0]: row[1] for row in _rows(files, "gml_mid_disps.csv", ("dispnum", "styear"))}
    seen: dict[tuple[int, int, int], list[tuple[float, ...]]] = {}
    for row in _rows(files, "gml_dirdisp.csv", (*_COLUMNS, *_MORE)):
        seen.setdefault((int(row[0]), int(row[1]), int(row[2])), []).append(row)
    found = []
    for (number, own, other), rows in seen.items():
        rows.sort(key=lambda row: row[3])
        values = dict(zip((*_COLUMNS, *_MORE), rows[0], strict=True))
        year, last = int(rows[0][3]), int(rows[-1][3])
        dated = first_year.get(number) == year and 1 <= values["stmon"] <= 12
        start = month_of(year, int(values["stmon"]) if dated else _JULY)
        end_month = values["endmon"] if 1 <= values["endmon"] <= 12 else 12
        end = max(start, month_of(last, int(end_month)))
        found.append(
            Dispute(
                number,
                own,
                other,
                year,
                start,
                end,
                dated,
                values["sidea1"] == 1,
                values["fatality1"],
                values["fatality2"],
                values["hostlev1"],
                values["hostlev2"],
                values["settle"],
                values["fatality"],
                values["mindur"],
            )
        )
    return found


def _rows(files: Files, name: str, columns: tuple[str, ...]) -> Iterator[tuple[float, ...]]:
    return zip(*(column.tolist() for column in files.numbers(name, *columns)), strict=True)


def deadly(category: float) -> bool | None:
    """Return whether a category of deaths means any; None if it is unknown.

    Examples
    --------
    >>> deadly(0.0), deadly(2.0), deadly(float("nan"))
    (False, True, None)
    """
    return None if np.isnan(category) else category >= 1
