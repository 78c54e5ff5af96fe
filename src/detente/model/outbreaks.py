"""How often fighting breaks out that no rate foresees, and how hard each side then strikes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from detente.base.arrays import Floats
from detente.base.days import Window
from detente.events.hostilities import Spells
from detente.model.points import gamma_points

# An exchange of force with more than 25 dead begins in .030 of rivalry-years (174 pairs, 1946 to 2010). One imagined
# outbreak makes the widest gamma law without a pole at zero; .45 of such rivalries see none in 40 years.
PRIOR_OUTBREAKS, PRIOR_DAYS = 1.0, 12_175.0
# Two strikes of a side in four days; .1 to .9 of the law is .13 to .97 a day, and the rule of phases asks for .29.
PRIOR_STRIKES, PRIOR_SIDE_DAYS = 2.0, 4.0


@dataclass(frozen=True, eq=False)
class Outbreaks:
    """The posteriors of how often fighting breaks out and of how hard it is fought, as points of equal mass.

    Attributes
    ----------
    hazard : ndarray of shape (point,)
        Outbreaks a day.
    strikes : ndarray of shape (point,)
        The least that each side strikes a day from an outbreak on.
    """

    hazard: Floats = field(default_factory=lambda: np.zeros(1))
    strikes: Floats = field(default_factory=lambda: np.zeros(1))


def learn_outbreaks(hostilities: Spells, window: Window, gaps: Sequence[Window] = ()) -> Outbreaks:
    """Learn both from the hostilities on record.

    Parameters
    ----------
    hostilities : Spells
        Those known by the cut.
    window : Window
        Fitted days: those before them teach nothing of how often fighting breaks out.
    gaps : sequence of Window
        Stretches that the chronicle does not cover.

    Returns
    -------
    Outbreaks

    Notes
    -----
    Each onset of hostilities in the window counts one, each covered day of it without hostilities a day. Strikes are
    counted from the first day of hostilities to the day of their last strike, for both sides together.

    Examples
    --------
    >>> from datetime import date
    >>> window = Window(date(2001, 1, 1), date(2011, 1, 1))
    >>> first = date(2005, 1, 1).toordinal()
    >>> quiet = Spells([], [], 0, {}, frozenset())
    >>> war = Spells([first], [first + 22], first + 21, {first: (4, 4), first + 1: (3, 5)}, frozenset())
    >>> [round(float(learn_outbreaks(spells, window).hazard.mean() * 365.25), 3) for spells in (quiet, war)]
    [0.023, 0.046]
    >>> [round(float(learn_outbreaks(spells, window).strikes.mean()), 1) for spells in (quiet, war)]
    [0.5, 2.2]
    """
    spells = list(zip(hostilities.begins, hostilities.ends, strict=True))
    quiet = np.ones(window.days, dtype=np.bool_)
    start = window.start.toordinal()
    for begin, end in (*spells, *((gap.start.toordinal(), gap.end.toordinal()) for gap in gaps)):
        quiet[max(begin - start, 0) : max(end - start, 0)] = False
    fought = [[day for day in hostilities.strikes if begin <= day < end] for begin, end in spells]
    struck = sum(sum(hostilities.strikes[day]) for days in fought for day in days)
    side_days = 2 * sum(max(days) - min(days) + 1 for days in fought)
    return Outbreaks(
        gamma_points(PRIOR_OUTBREAKS + sum(begin >= start for begin, _ in spells), PRIOR_DAYS + quiet.sum()),
        gamma_points(PRIOR_STRIKES + struck, PRIOR_SIDE_DAYS + side_days),
    )
