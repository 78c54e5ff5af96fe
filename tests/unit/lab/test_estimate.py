"""What a command is expected to cost: the futures of a sample, scaled; nothing is kept."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from command_line import detente
from detente.base import clock, memory
from detente.base.store import Store, key_of
from detente.lab import estimate
from detente.lab.case import Case
from detente.lab.estimate import Estimate, run_estimate, sample, without_keeping
from detente.lab.run import run
from detente.studies.claims.claims import claims
from detente.studies.claims.estimate import claims_estimate
from detente.studies.scoring.backtest import backtest
from detente.studies.scoring.estimate import backtest_estimate
from worlds import baseline, essay_case, random_chronicle


def test_a_sample_grows_until_the_difference_is_no_noise() -> None:
    asked: list[int] = []

    def seconds(futures: int) -> tuple[float, float]:
        asked.append(futures)
        return 5 + futures / 1000, 1 + futures / 1000

    timed = sample(seconds, 100_000)
    assert asked == [50, 50, 200, 800, 3200]
    assert timed.seconds(100_000) == pytest.approx(105)


def test_no_more_futures_are_sampled_than_are_asked_for() -> None:
    asked: list[int] = []

    def seconds(futures: int) -> tuple[float, float]:
        asked.append(futures)
        return 1.0, 1.0

    assert sample(seconds, 20).seconds(20) == 1
    assert sample(seconds, 70).seconds(70) == 1
    assert asked == [20, 50, 50, 70]


def test_a_frozen_store_finds_and_keeps_nothing_new(tmp_path: Path) -> None:
    store, key, other = Store(tmp_path), key_of({"a": 1}), key_of({"a": 2})
    store.keep("fit", key, 1)
    used = next(tmp_path.iterdir()).stat().st_mtime_ns
    frozen = without_keeping(replace(essay_case(), cache=tmp_path)).store
    frozen.keep("fit", other, 2)
    assert (frozen.value("fit", key), frozen.value("fit", other)) == (1, None)
    assert [path.stat().st_mtime_ns for path in tmp_path.iterdir()] == [used]


def test_a_dry_run_writes_and_keeps_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "available_bytes", lambda: 16_000_000_000)
    monkeypatch.setattr(estimate, "available_bytes", lambda: 16_000_000_000)
    kept, out = tmp_path / "kept", tmp_path / "out"
    given: tuple[Any, ...] = ("run", "us-iran", "--futures", "1000000", "--dry-run", "--cache", kept)
    now = [0.0]

    def run_of_a_second_for_each_future(case: object, *, futures: int, **_: object) -> SimpleNamespace:
        now[0] += futures
        return SimpleNamespace(fit_seconds=0.0, futures=SimpleNamespace(acts_a_day=0.1))

    monkeypatch.setattr(clock, "seconds", lambda: now[0])
    monkeypatch.setattr(estimate, "run", run_of_a_second_for_each_future)
    found = json.loads(detente(*given, "--out", out, "--json").stdout)
    assert (found["futures"], found["days"], found["refused"]) == (1_000_000, 1827, True)
    assert found["seconds"] == pytest.approx(1_000_000)
    assert found["share"] == found["memory"] / 16e9 > 1
    assert "would be refused" in detente(*given).stdout
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("command", "module", "name", "other"),
    [
        ("claims", "detente.studies.claims.estimate", "claims_estimate", ("--explain", "E1")),
        ("backtest", "detente.studies.scoring.estimate", "backtest_estimate", ("--robustness",)),
    ],
)
def test_other_commands_only_estimate_too(
    command: str, module: str, name: str, other: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = Estimate(2000, 730, 1.5, 800_000_000, None, 80, {"futures": 50})
    monkeypatch.setattr(import_module(module), name, lambda case, **_: found)
    said = detente(command, "us-iran", "--dry-run").stdout
    assert said.startswith("2,000 futures of 730 days: about 1.5 s, and 800.0 MB of memory at the peak.")
    assert "a timed sample of 50 futures" in said
    assert json.loads(detente(command, "us-iran", "--dry-run", "--json").stdout)["share"] is None
    refused = detente(command, "us-iran", "--dry-run", *other, code=4).stderr
    assert "cannot be combined with" in refused
    assert "--dry-run" in refused


@pytest.fixture
def processor(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let seconds be those of the processor: a busy machine must not fail a test."""
    monkeypatch.setattr(clock, "seconds", time.process_time)


@pytest.mark.slow
@pytest.mark.usefixtures("processor")
@pytest.mark.parametrize("futures", [500, 8000])
def test_the_estimate_is_within_a_factor_of_two(futures: int) -> None:
    case = replace(essay_case(), cache=False)
    run(case, futures=50)  # compiled
    expected = run_estimate(case, futures=futures)
    watch = clock.stopwatch()
    run(case, futures=futures)
    assert watch() / 2 < expected.seconds < watch() * 2


@pytest.mark.slow
@pytest.mark.usefixtures("processor")
def test_the_estimate_of_claims_is_within_a_factor_of_two() -> None:
    case = replace(essay_case(), cache=False)
    claims(case, futures=50)  # compiled
    expected = claims_estimate(case, futures=1000)
    watch = clock.stopwatch()
    claims(case, futures=1000)
    assert watch() / 2 < expected.seconds < watch() * 2


@pytest.mark.slow
@pytest.mark.usefixtures("processor")
def test_the_estimate_of_a_backtest_is_within_a_factor_of_two() -> None:
    case = Case(None, baseline("A", "B"), random_chronicle(days=4000), cache=False)
    backtest_estimate(case)  # compiled
    expected = backtest_estimate(case)
    watch = clock.stopwatch()
    backtest(case)
    assert watch() / 2 < expected.seconds < watch() * 2
