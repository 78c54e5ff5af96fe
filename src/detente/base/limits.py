"""How large a number may be that a caller gives: the same for Python, the command line and an argument's file."""

from __future__ import annotations

DAYS = 1, 36_500
FUTURES = 1, 1_000_000
SEED = 0, 2**63 - 1
THREADS = 0, 32
FEW_DAYS, FEW_ACTS = 730, 100
"""Covered days, and acts between the principals, below which a result says that its prior decides most."""
LAST_YEAR = 9700
"""Last year of an as-of day: windows of questions that open and last 36,500 days each still end within the calendar."""
