"""Pairs of states that were rivals, year by year."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np

from detente.studies.evidence.sources import Files

LISTS = {
    "td": ("derived_td_rivalries.csv", ("ccode1", "ccode2", "styear", "endyear")),
    "tss": ("derived_tss_rivalries.csv", ("ccode1", "ccode2", "start", "end")),
}
Pair = tuple[int, int]


@dataclass(frozen=True)
class Rivals:
    """The years of each pair, codes in ascending order."""

    years: Mapping[Pair, AbstractSet[int]]

    def at(self, a: int, b: int, year: int) -> bool:
        """Whether two states were rivals in a year, in either order."""
        return year in self.years.get((min(a, b), max(a, b)), ())


def rivals_of(
    files: Files, span: tuple[int, int], held_out: Pair | None, lists: tuple[str, ...] = tuple(LISTS)
) -> Rivals:
    """Return all rivals of the lists in a span of years, but for the pair held out.

    Parameters
    ----------
    files : Files
    span : (int, int)
        First and last year.
    held_out : (int, int) or None
    lists : tuple of str
        Keys of `LISTS`.
    """
    years: dict[Pair, set[int]] = {}
    for name in lists:
        file, columns = LISTS[name]
        for one, two, start, end in np.transpose(files.numbers(file, *columns)):
            if np.isnan([one, two, start, end]).any():
                continue
            pair = (int(min(one, two)), int(max(one, two)))
            active = range(max(int(start), span[0]), min(int(end), span[1]) + 1)
            if pair != held_out and active:
                years.setdefault(pair, set()).update(active)
    return Rivals(dict(sorted(years.items())))
