"""Which of the tiers runs: `make test`, where every rule is tried once and fast, or `make slow`."""

from __future__ import annotations

import os

SLOW_TIER = os.environ.get("DETENTE_TIER") == "slow"
FEW = 25


def examples(most: int) -> int:
    """Return how many examples a property is tried on: `most` of them in the slow tier, a few in the quick one."""
    return most if SLOW_TIER else min(FEW, most)
