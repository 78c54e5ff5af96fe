"""Futures that would not fit into the memory are refused before any is run."""

from __future__ import annotations

from dataclasses import replace

import pytest

import detente
from detente.base import memory
from detente.base.errors import DataError
from detente.base.input_limits import Limits
from detente.futures import memory_estimate
from worlds import essay_case


def test_a_million_futures_are_refused_with_the_estimate(monkeypatch) -> None:
    monkeypatch.setattr(memory, "available_bytes", lambda: 20_000_000_000)
    case = essay_case()
    with pytest.raises(DataError) as caught:
        detente.run(case, futures=1_000_000)
    fault = caught.value.faults[0]
    assert fault.code == "too_much_memory"
    assert dict(fault.values)["most"] == 16
    assert "GB for 1,000,000 futures" in str(fault)
    fewer = dict(fault.values)["fewer"]
    assert 10_000 < fewer < 1_000_000
    futures = detente.run(case, futures=20).futures
    needed = memory_estimate.bytes_needed(futures.program, days=futures.window.days, futures=fewer)
    assert needed <= 16e9


def test_the_share_can_be_raised_and_holds_under_levers_too(monkeypatch) -> None:
    monkeypatch.setattr(memory, "available_bytes", lambda: 100_000)
    case = essay_case()
    with pytest.raises(DataError, match=r"must not exceed 0\.0 GB"):
        detente.run(case, futures=20)
    raised = replace(case, limits=Limits(memory=1_000_000))
    assert detente.run(raised, futures=20).futures.count == 20
    with pytest.raises(DataError, match="raise the limit memory"):
        detente.whatif(case, ["relief=0.33@30"], days=90, futures=20)


def test_a_system_that_does_not_say_what_it_has_refuses_nothing(monkeypatch) -> None:
    monkeypatch.setattr(memory, "available_bytes", lambda: None)
    assert detente.run(essay_case(), futures=20).futures.count == 20


def test_days_beyond_the_limit_of_windows_are_refused() -> None:
    with pytest.raises(DataError, match=r"as_of must not be longer than 200 years"):
        detente.run(essay_case(), as_of="9000-01-01", futures=20)
