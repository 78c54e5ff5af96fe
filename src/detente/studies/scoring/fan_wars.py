"""Wars and crises in the futures of fan windows, compared with what happened and with comparable rivalries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from detente.argument.argument import Argument
from detente.base.days import Window
from detente.events.chronicle import Chronicle
from detente.events.phases import Phase
from detente.futures.futures import Futures
from detente.lab.chronicles import of_futures, of_history

WAR_DEATHS = 1_000
REFERENCE = 0.026
"""Share of rivalries in which a war of a thousand battle deaths begins within two years, 1946 to 2010, without that of
the principals of the embedded chronicle. Decision 0024 states it and where it comes from."""
FACTOR, WITHOUT, CRISIS = 3.0, 0.005, 0.05


@dataclass(frozen=True, slots=True)
class FanWars:
    """How often wars and crises came in the futures of one window, and whether they came.

    Attributes
    ----------
    hostilities, deadly, deadly_without : float
        Shares of futures with a day of hostilities, with a thousand known deaths between the principals, and with those
        but no day of hostilities.
    crisis_days : float
        Mean share of days in crisis.
    hostilities_observed : bool
    crisis_days_observed : float
    """

    hostilities: float
    deadly: float
    deadly_without: float
    crisis_days: float
    hostilities_observed: bool
    crisis_days_observed: float

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class WarTarget:
    """One target of wars and crises, as a mean over windows.

    Attributes
    ----------
    kind : str
        ``deadly``, ``deadly_without`` or ``crisis_days``: the share of days in futures minus that which happened.
    value : float
    target : (float, float)
        The least and the greatest value that meet it.
    met : bool
    """

    kind: str
    value: float
    target: tuple[float, float]
    met: bool

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return {"kind": self.kind, "value": self.value, "target": list(self.target), "met": self.met}


def wars_of(futures: Futures, argument: Argument, chronicle: Chronicle) -> FanWars | None:
    """Return how often wars and crises came in futures, and in what happened on the same days.

    Parameters
    ----------
    futures : Futures
    argument : Argument
    chronicle : Chronicle
        Covers the days of the futures.

    Returns
    -------
    FanWars or None
        None without principals, who alone can be at war.
    """
    if argument.principals is None:
        return None
    window = futures.window
    ahead = of_futures(futures, argument, chronicle, threads=1)
    days = ahead.phases.days()
    fought = days[:, Phase.HOSTILITIES] > 0
    deadly = ahead.deadly_years(0, window.days, deaths=WAR_DEATHS, days=window.days)
    seen = _days_of(argument, chronicle, window)
    return FanWars(
        float(fought.mean()),
        float(deadly.mean()),
        float((deadly & ~fought).mean()),
        float(days[:, Phase.CRISIS].mean() / window.days),
        bool(seen[Phase.HOSTILITIES] > 0),
        float(seen[Phase.CRISIS] / window.days),
    )


def mean_wars(windows: Sequence[FanWars]) -> dict[str, float]:
    """Return the mean of each share over windows; nothing without any."""
    if not windows:
        return {}
    return {name: float(np.mean([getattr(one, name) for one in windows])) for name in FanWars.__slots__}


def war_targets(mean: Mapping[str, float]) -> tuple[WarTarget, ...]:
    """Return the targets of wars and crises, and whether the means over windows meet them.

    Examples
    --------
    >>> mean = {"deadly": 0.02, "deadly_without": 0.0, "crisis_days": 0.3, "crisis_days_observed": 0.1}
    >>> [(target.kind, target.met) for target in war_targets(mean)]
    [('deadly', True), ('deadly_without', True), ('crisis_days', False)]
    """
    if not mean:
        return ()
    found = (
        ("deadly", mean["deadly"], (REFERENCE / FACTOR, REFERENCE * FACTOR)),
        ("deadly_without", mean["deadly_without"], (0.0, WITHOUT)),
        ("crisis_days", mean["crisis_days"] - mean["crisis_days_observed"], (-CRISIS, CRISIS)),
    )
    return tuple(
        WarTarget(kind, value, (low, high), low <= value <= high) for kind, value, (low, high) in found
    )


def _days_of(argument: Argument, chronicle: Chronicle, window: Window) -> Mapping[Phase, int]:
    """Count the days that each phase had in a window of what happened."""
    past = of_history(argument, chronicle)
    start = past.window.index(window.start)
    (days,) = past.phases.days(start, start + window.days)
    return {phase: int(days[phase]) for phase in Phase}
