"""Collective memory in two stores: what people tell each other, and what a culture keeps (Candia and others 2019)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np

DAYS_PER_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class Stores:
    """Rates per year, and the share of cultural memory that an evocation brings back to talk.

    ``u' = -(p + r) u`` and ``v' = r u - q v``; an injury adds its weight to `u`.
    """

    p: float
    r: float
    q: float
    revived: float = 0.0

    def remembered(self, years: float) -> float:
        """Return what is left of a unit injury after some years, without evocations.

        Examples
        --------
        >>> [round(Stores(0.3, 0.05, 0.01).remembered(t), 4) for t in (0, 1, 5, 10, 40)]
        [1.0, 0.7467, 0.2881, 0.1588, 0.0986]
        """
        p, r, q = self.p, self.r, self.q
        return float(((p - q) * np.exp(-(p + r) * years) + r * np.exp(-q * years)) / (p + r - q))


def ledger(
    injuries: Iterable[tuple[date, float]], evocations: Iterable[date], stores: Stores
) -> tuple[tuple[date, float, float], ...]:
    """Return the pulses (day, amount, half-life in days) whose sum is the memory of injuries, kept alive by evocations.

    An evocation moves a share of the cultural store back into talk: the sum is as before on that day and fades faster
    after it, since talk is forgotten sooner than culture and only partly returns to it. That an evocation stirs people
    is another term's pulse, not this sum's.

    Parameters
    ----------
    injuries : iterable of (day, weight)
    evocations : iterable of day
    stores : Stores

    Returns
    -------
    tuple of (day, amount, half-life in days)

    Examples
    --------
    >>> one = ledger([(date(1988, 7, 3), 1.0)], [], Stores(0.05, 0.02, 0.01))
    >>> round(sum(amount for _, amount, _ in one), 6)
    1.0
    """
    fast, slow = stores.p + stores.r, stores.q
    to_days = np.log(2) * DAYS_PER_YEAR
    halves = to_days / fast, to_days / slow
    to_culture = stores.r / (fast - slow)  # of a unit put into talk, what decays with the culture
    u = v = 0.0
    last: date | None = None
    pulses: list[tuple[date, float, float]] = []
    for day, weight in sorted([*injuries, *((day, -1.0) for day in evocations)]):
        years = 0.0 if last is None else (day - last).days / DAYS_PER_YEAR
        fade = np.exp(-fast * years), np.exp(-slow * years)
        u, v = u * fade[0], v * fade[1] + to_culture * u * (fade[1] - fade[0])
        last = day
        amount = stores.revived * v if weight < 0 else weight
        u, v = u + amount, v - amount if weight < 0 else v
        if amount > 0:
            pulses.append((day, (1 - to_culture) * amount, halves[0]))
            pulses.append((day, to_culture * amount - (amount if weight < 0 else 0.0), halves[1]))
    return tuple(pulses)
