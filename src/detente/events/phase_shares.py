"""Labels of phases summed up: their runs, the share of days of each, and the phase with the most days."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from detente.base.days import Window
from detente.events.phases import NO_PHASE, Labels, Phase


def runs(values: npt.NDArray[np.generic], window: Window) -> list[tuple[int, Window]]:
    """Return the runs of one value in a history of shape (day,), as (value, window).

    Examples
    --------
    >>> from datetime import date
    >>> [(v, w.days) for v, w in runs(np.array([0, 0, 2]), Window(date(2020, 1, 1), date(2020, 1, 4)))]
    [(0, 2), (2, 1)]
    """
    cuts = [0, *(np.flatnonzero(values[1:] != values[:-1]) + 1).tolist(), len(values)]
    return [(int(values[a]), Window(window.day(a), window.day(b))) for a, b in pairwise(cuts)]


def shares(phase: Labels) -> npt.NDArray[np.float64]:
    """Return the share of covered days each phase has in each future, shape (future, phase); NaN where no day is.

    Examples
    --------
    >>> shares(np.array([[0, 2, NO_PHASE, NO_PHASE]], dtype=np.int8)).tolist()
    [[0.5, 0.0, 0.5, 0.0]]
    """
    counts = np.stack([(phase == value).sum(axis=1) for value in Phase], axis=1)
    covered = counts.sum(axis=1, keepdims=True)
    return np.asarray(np.where(covered > 0, counts / np.maximum(covered, 1), np.nan))


def main_phase(phase: Labels) -> Labels:
    """Return the phase with the most days of each future; of equals the calmer one, and of no covered day `NO_PHASE`.

    Parameters
    ----------
    phase : ndarray of shape (future, day)

    Returns
    -------
    ndarray of shape (future,)

    Examples
    --------
    >>> main_phase(np.array([[0, 2, 2], [0, 0, 3]], dtype=np.int8)).tolist()
    [2, 0]
    """
    share = shares(phase)
    return np.where(np.isnan(share[:, 0]), NO_PHASE, share.argmax(axis=1)).astype(np.int8)
