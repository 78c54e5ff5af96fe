"""The interval that every output prints: central, 90 %."""

from __future__ import annotations

LOW, HIGH = 0.05, 0.95  # every interval printed is the central 90 %
