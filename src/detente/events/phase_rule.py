"""The compiled day-by-day rule of phases: what `phases.label` runs over counts by day."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from detente.base.arrays import Bools, Floats, Ints
from detente.base.compiled import compiled

Counts = npt.NDArray[np.int32]


@compiled
def follow(
    lead: Counts,
    own: tuple[Counts, ...],
    scale: Floats,
    siege: Bools,
    spans: Ints,
    least: Floats,
    states: Bools,
    phase: npt.NDArray[np.int8],
    talks: Bools,
) -> None:
    """Fill `phase` and `talks` day by day, and leave in `states` how each chronicle stands after its last day.

    Parameters
    ----------
    lead : ndarray of shape (count, day)
        The days just before, as many as the longest span; zeros where none are known.
    own : tuple of ndarray of shape (future, day)
        The counts of `phases.Days`, in its order.
    scale : ndarray of shape (future, day)
        Factor on the points of force that make a crisis.
    siege : ndarray of shape (future, day)
    spans : ndarray of shape (5,)
        Days that an outbreak, its end, a burst, settling and talks look back, the last the longest.
    least : ndarray of shape (5,)
        Strikes of each side, points that begin and that keep a crisis, share of cooperation, days of talks.
    states : ndarray of shape (future, 3)
        Hostilities, burst and talks on the day before the first.
    phase, talks : ndarray of shape (future, day)
    """
    outbreak, ceased, burst_days, settling, talking_days = spans
    back, days = lead.shape[1], phase.shape[1]
    c = np.zeros((lead.shape[0], back + days), dtype=np.int32)
    c[:, :back] = lead
    for f in range(len(phase)):
        for k in range(lead.shape[0]):
            c[k, back:] = own[k][f]
        struck, struck_back = c[0, back - outbreak : back].sum(), c[1, back - outbreak : back].sum()
        fighting = c[0, back - ceased : back].sum() + c[1, back - ceased : back].sum()
        lately, kept = c[2, back - burst_days : back].sum(), c[2, back - settling : back].sum()
        force, given, taken = (
            c[3, back - settling : back].sum(),
            c[4, back - settling : back].sum(),
            c[5, back - settling : back].sum(),
        )
        cooperative, acts = c[6, back - settling : back].sum(), c[7, back - settling : back].sum()
        meetings = (c[8, back - talking_days : back] > 0).sum()
        hostile, burst, talking = states[f, 0], states[f, 1], states[f, 2]
        for t in range(back, back + days):
            struck += c[0, t] - c[0, t - outbreak]
            struck_back += c[1, t] - c[1, t - outbreak]
            strikes = c[0, t] + c[1, t]
            fighting += strikes - c[0, t - ceased] - c[1, t - ceased]
            lately += c[2, t] - c[2, t - burst_days]
            kept += c[2, t] - c[2, t - settling]
            force += c[3, t] - c[3, t - settling]
            given += c[4, t] - c[4, t - settling]
            taken += c[5, t] - c[5, t - settling]
            cooperative += c[6, t] - c[6, t - settling]
            acts += c[7, t] - c[7, t - settling]
            meetings += int(c[8, t] > 0) - int(c[8, t - talking_days] > 0)
            factor = scale[f, t - back]
            begins = struck >= least[0] and struck_back >= least[0] and strikes > 0
            hostile = begins or (hostile and fighting > 0 and c[10, t - 1] == 0)
            burst = lately >= least[1] * factor or (burst and kept >= least[2] * factor)
            talking = (meetings >= least[4] and c[8, t] > 0) or (
                talking and meetings > 0 and c[9, t - 1] == 0
            )
            now = 0
            if hostile:
                now = 3
            elif burst or siege[f, t - back]:
                now = 2
            elif given > 0 and taken > 0 and force == 0 and cooperative >= least[3] * acts:
                now = 1
            phase[f, t - back] = now
            talks[f, t - back] = talking
        states[f, 0], states[f, 1], states[f, 2] = hostile, burst, talking
