"""The clock, and how a test replaces it."""

from __future__ import annotations

import pytest

from detente.base import clock


def test_seconds_never_go_back() -> None:
    readings = [clock.seconds() for _ in range(100)]
    assert readings == sorted(readings)


def test_a_stopwatch_reads_what_the_clock_says(monkeypatch: pytest.MonkeyPatch) -> None:
    readings = iter([10.0, 12.5, 13.0])
    monkeypatch.setattr(clock, "seconds", lambda: next(readings))
    elapsed = clock.stopwatch()
    assert [elapsed(), elapsed()] == [2.5, 3.0]
