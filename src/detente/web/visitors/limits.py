"""How often one visitor may ask: so many times a second, with a short burst."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from detente.base.clock import seconds


@dataclass
class Bucket:
    """Drops that run out with each request, and come back with time.

    Attributes
    ----------
    drops : float
    at : float
        Seconds of the clock when they were last counted.
    """

    drops: float
    at: float


class Rates:
    """Buckets by name; the least recently used are forgotten, which only ever fills them.

    Parameters
    ----------
    rate : float
        Requests a second in the long run.
    burst : float
        Requests at once.
    names : int
        How many are remembered.

    Examples
    --------
    >>> rates = Rates(1, burst=2)
    >>> [rates.allows("a") for _ in range(3)], rates.allows("b")
    ([True, True, False], True)
    """

    def __init__(self, rate: float, burst: float, names: int = 10_000) -> None:
        self.rate, self.burst, self._names = rate, burst, names
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()

    def allows(self, name: str, cost: float = 1.0) -> bool:
        """Return whether a name may ask now; a request that is refused costs nothing."""
        now = seconds()
        bucket = self._buckets.setdefault(name, Bucket(self.burst, now))
        self._buckets.move_to_end(name)
        if len(self._buckets) > self._names:
            self._buckets.popitem(last=False)
        bucket.drops = min(self.burst, bucket.drops + (now - bucket.at) * self.rate)
        bucket.at = now
        if bucket.drops < cost:
            return False
        bucket.drops -= cost
        return True
