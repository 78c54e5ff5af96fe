"""The compiled loops over the columns of an `ActLog`; each takes the starts of some chronicles' acts and all acts."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from detente.base.arrays import Bools, Floats, Ints
from detente.base.compiled import compiled

_I32 = npt.NDArray[np.int32]
_I8 = npt.NDArray[np.int8]


@compiled
def count_acts(
    starts: Ints,
    day: _I32,
    act: _I32,
    deaths: _I32,
    looks: _I8,
    spans: Ints,
    least: int,
    first: int,
    end: int,
    out: Ints,
) -> None:
    """Fill out[f] with the acts that surely, and that possibly, fit and fell into a window, and the first sure day.

    `looks` says of each row of the table whether it fits: 0 no, 1 maybe, 2 surely. Fewer than `least` deaths do not
    fit, unknown ones (below 0) may.
    """
    for f in range(len(starts) - 1):
        certain, possible, seen = 0, 0, -1
        for i in range(starts[f], starts[f + 1]):
            fits, begins = looks[act[i]], day[i]
            ends = begins + spans[act[i]]
            if fits == 0 or begins >= end or ends <= first:
                continue
            if least > 0:
                if deaths[i] < 0:
                    fits = 1
                elif deaths[i] < least:
                    continue
            possible += 1
            if fits == 2 and begins >= first and ends <= end:
                certain += 1
                if seen < 0 or begins - first < seen:
                    seen = begins - first
        out[f, 0], out[f, 1], out[f, 2] = certain, possible, seen


@compiled
def first_acts(
    starts: Ints, day: _I32, act: _I32, looks: _I8, spans: Ints, first: int, end: int, out: Ints
) -> None:
    """Fill out[f] with the days by which an act may have come, and by which one surely has, counted from `first`.

    Without such an act they are those of the window. An act whose date stands for several days may have come on the
    first of them, and has come by the last.
    """
    for f in range(len(starts) - 1):
        may, sure = end - first, end - first
        for i in range(starts[f], starts[f + 1]):
            fits, begins = looks[act[i]], day[i]
            ends = begins + spans[act[i]]
            if fits == 0 or begins >= end or ends <= first:
                continue
            may = min(may, max(begins - first, 0))
            if fits == 2 and begins >= first:
                sure = min(sure, ends - 1 - first)
        out[f, 0], out[f, 1] = may, sure


@compiled
def sum_deaths(
    starts: Ints,
    day: _I32,
    act: _I32,
    deaths: _I32,
    looks: _I8,
    spans: Ints,
    sorts: Ints,
    usual: Floats,
    first: int,
    end: int,
    sums: Floats,
    acts: Ints,
) -> None:
    """Fill sums[f] with the deaths of acts that surely, and that possibly, fit and fell into a window.

    An unknown toll counts as `usual` says of its sort; where that is infinite, nothing surely and anything possibly.
    `acts` gets how many possible acts have a toll, known or usual, and how many of these are the usual ones; an unknown
    toll that is usually none is left out.

    Parameters
    ----------
    sorts : ndarray of shape (look,)
    usual : ndarray of shape (chronicle, sort)
    sums : ndarray of shape (chronicle, 2)
    acts : ndarray of shape (chronicle, 2)
    """
    for f in range(len(starts) - 1):
        certain, possible, count, unknown = 0.0, 0.0, 0, 0
        for i in range(starts[f], starts[f + 1]):
            fits, begins = looks[act[i]], day[i]
            ends = begins + spans[act[i]]
            if fits == 0 or begins >= end or ends <= first:
                continue
            toll = usual[f, sorts[act[i]]] if deaths[i] < 0 else float(deaths[i])
            count += 1 if deaths[i] >= 0 or toll > 0 else 0
            unknown += 1 if deaths[i] < 0 and toll > 0 else 0
            possible += toll
            if fits == 2 and begins >= first and ends <= end and toll < np.inf:
                certain += toll
        sums[f, 0], sums[f, 1] = certain, possible
        acts[f, 0], acts[f, 1] = count, unknown


@compiled
def many_deaths(
    starts: Ints,
    day: _I32,
    act: _I32,
    deaths: _I32,
    looks: Bools,
    first: int,
    end: int,
    most: int,
    days: int,
    out: Bools,
) -> None:
    """Fill out[f] with whether some stretch of so many days in a window holds so many known deaths."""
    for f in range(len(starts) - 1):
        total, oldest, found = 0, starts[f], False
        for i in range(starts[f], starts[f + 1]):
            if day[i] < first or day[i] >= end or deaths[i] <= 0 or not looks[act[i]]:
                continue
            total += deaths[i]
            while day[oldest] <= day[i] - days or day[oldest] < first:
                if day[oldest] >= first and deaths[oldest] > 0 and looks[act[oldest]]:
                    total -= deaths[oldest]
                oldest += 1
            if total >= most:
                found = True
                break
        out[f] = found


@compiled
def add_by_day(
    starts: Ints, day: _I32, act: _I32, deaths: _I32, adds: npt.NDArray[np.int32], out: npt.NDArray[np.int32]
) -> None:
    """Add what each act adds to each count of its day.

    Parameters
    ----------
    adds : ndarray of shape (2, look, count)
        Of an act that is not known to have killed, and of one that is.
    out : ndarray of shape (count, chronicle, day)
    """
    for f in range(len(starts) - 1):
        for i in range(starts[f], starts[f + 1]):
            d = day[i]
            if 0 <= d < out.shape[2]:
                kills = 1 if deaths[i] > 0 else 0
                for c in range(adds.shape[2]):
                    out[c, f, d] += adds[kills, act[i], c]
