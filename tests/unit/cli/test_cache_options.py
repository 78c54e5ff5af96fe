"""Where results are kept: one group of options, one environment variable, one argument in Python."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.main import get_command
from typer.testing import CliRunner

import detente
from detente.base import disk_cache
from detente.cli.main import app
from detente.studies.scoring import backtest as scored
from detente.studies.scoring.backtest_result import Backtest
from detente.studies.scoring.protocol import protocol_of
from worlds import essay_case

FUNCTIONS = {"report": "report_on"}  # commands whose use case has another name


def takes_cache(command: str) -> bool:
    name = FUNCTIONS.get(command, command)
    return name in detente.__all__ and "cache" in inspect.signature(getattr(detente, name)).parameters


def test_every_command_that_keeps_something_takes_both_options() -> None:
    keeping = set()
    for name, command in get_command(app).commands.items():  # type: ignore[attr-defined]
        flags = {flag for parameter in command.params for flag in parameter.opts}
        assert ("--cache" in flags) == ("--no-cache" in flags) == takes_cache(name), name
        keeping |= {name} if "--cache" in flags else set()
    assert keeping == {"backtest", "claims", "compare", "report"}


def test_the_environment_sets_the_default(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    monkeypatch.setenv("DETENTE_CACHE", str(tmp_path / "own"))
    assert disk_cache.folder_of(True) == tmp_path / "own"
    assert disk_cache.folder_of(tmp_path) == tmp_path
    assert disk_cache.folder_of(False) is None
    monkeypatch.setenv("DETENTE_CACHE", "")
    assert disk_cache.folder_of(True) == tmp_path / "xdg" / "detente"


@pytest.mark.parametrize(
    ("flags", "expected"), [((), True), (("--no-cache",), False), (("--cache", "x"), Path("x"))]
)
def test_the_options_reach_the_use_case(
    flags: tuple[str, ...], expected: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Any] = []

    def stop(*_: Any, cache: Any, **__: Any) -> None:
        seen.append(cache)
        raise KeyboardInterrupt

    monkeypatch.setattr(scored, "backtest", stop)
    CliRunner().invoke(app, ["backtest", "us-iran", *flags])
    assert seen == [expected]


def test_without_a_cache_nothing_is_read_or_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    case = essay_case()
    protocol = protocol_of(case.argument, case.chronicle)
    scores = np.zeros((2, len(protocol.origins)))
    made = Backtest("essay", protocol, (), (), ("essay", "ridge"), scores)
    monkeypatch.setenv("DETENTE_CACHE", str(tmp_path))
    monkeypatch.setattr(scored, "run_backtest", lambda *_, **__: made)
    assert scored.kept_backtest(essay_case(), cache=False) is None
    scored.backtest(essay_case(), cache=False)
    assert list(tmp_path.iterdir()) == []
    scored.backtest(essay_case())
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize(
    "words", [("backtest", "many.csv"), ("claims", "--events", "many.csv", "--pairs", "3")]
)
@pytest.mark.parametrize(
    "flags",
    [
        ("--cache", "x"),
        ("--no-cache",),
        ("--allow-unstable",),
        ("--principals", "USA,IRN"),
        ("--add", "more.csv"),
        ("--add-until", "2020-01-01"),
    ],
)
def test_over_all_pairs_of_a_file_no_option_is_taken_that_would_not_act(
    words: tuple[str, ...], flags: tuple[str, ...]
) -> None:
    done = CliRunner().invoke(app, [*words, *flags])
    name = flags[0].removeprefix("--").replace("-", "_")
    assert f"{name} applies to a single rivalry, not to all pairs of a file" in str(done.exception)


@pytest.mark.parametrize("flags", [("--futures", "9"), ("--seed", "0"), ("--explain", "M1"), ("us-iran",)])
def test_claims_over_pairs_simulate_and_explain_nothing(flags: tuple[str, ...]) -> None:
    done = CliRunner().invoke(app, ["claims", *flags, "--events", "many.csv", "--pairs", "3"])
    assert "applies to a single rivalry" in str(done.exception)


def test_a_folder_and_none_at_once_is_refused() -> None:
    done = CliRunner().invoke(app, ["report", "us-iran", "--cache", "x", "--no-cache"])
    assert "cache cannot be combined with no_cache" in str(done.exception)
