"""Where results are kept: the same two options on every command that keeps some, and one field of a case in Python."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.main import get_command
from typer.testing import CliRunner

from detente.cli.main import app
from detente.lab.case import Case
from detente.studies.scoring import backtest as scored
from detente.studies.scoring.backtest_result import Backtest
from detente.studies.scoring.protocol import protocol_of
from detente.studies.world import fit_class
from many_pairs import event_file
from worlds import essay_case

KEEPING = {
    "analogues", "article", "ask", "backtest", "claims", "compare", "diff", "evidence", "exercise", "forecasts",
    "report", "run", "serve", "unlock", "whatif", "world",
}  # fmt: skip


def test_every_command_that_keeps_something_takes_both_options() -> None:
    taking = set()
    for name, command in get_command(app).commands.items():  # type: ignore[attr-defined]
        flags = {flag for parameter in command.params for flag in parameter.opts}
        if name != "cache":
            assert ("--cache" in flags) == ("--no-cache" in flags), name
            taking |= {name} if "--cache" in flags else set()
    assert taking == KEEPING


@pytest.mark.parametrize(
    ("flags", "expected"), [((), True), (("--no-cache",), False), (("--cache", "x"), Path("x"))]
)
def test_the_options_reach_the_case(
    flags: tuple[str, ...], expected: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Any] = []

    def stop(case: Case, **_: Any) -> None:
        seen.append(case.cache)
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
    alone = replace(case, cache=False)
    assert scored.kept_backtest(alone) is None
    scored.backtest(alone)
    assert list(tmp_path.iterdir()) == []
    scored.backtest(essay_case())
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize(
    "words", [("backtest", "many.csv"), ("claims", "--events", "many.csv", "--pairs", "3")]
)
@pytest.mark.parametrize(
    "flags",
    [
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


@pytest.mark.parametrize("flags", [("--cache", "x"), ("--no-cache",)])
def test_claims_over_all_pairs_keep_nothing(flags: tuple[str, ...]) -> None:
    done = CliRunner().invoke(app, ["claims", "--events", "many.csv", "--pairs", "3", *flags])
    assert "applies to a single rivalry" in str(done.exception)


@pytest.mark.parametrize("words", [("world",), ("backtest", "--quick", "--horizons", "1,7")])
def test_worlds_are_kept_and_found_again(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = event_file(tmp_path / "made.csv")
    command = [words[0], str(file), *words[1:], "--pairs", "3", "--json"]
    kept = tmp_path / "kept"
    first = CliRunner().invoke(app, [*command, "--cache", str(kept)])
    assert {entry.name.split("-")[0] for entry in kept.iterdir()} == {"world"}

    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("fitted again")

    monkeypatch.setattr(fit_class, "_Problem", refuse)
    again = CliRunner().invoke(app, [*command, "--cache", str(kept)])
    assert unhurried(again.stdout) == unhurried(first.stdout)
    for entry in kept.iterdir():  # a damaged file is made again
        entry.write_bytes(entry.read_bytes()[:-9])
    for flags in (("--no-cache",), ("--cache", str(kept))):
        assert "fitted again" in str(CliRunner().invoke(app, [*command, *flags]).exception)


def unhurried(text: str) -> Any:
    """Read a result without the seconds that its models took."""
    found = json.loads(text)
    for model in found.get("models", []):
        del model["seconds"]
    return found


@pytest.mark.parametrize("flags", [("--futures", "9"), ("--seed", "0"), ("--explain", "M1"), ("us-iran",)])
def test_claims_over_pairs_simulate_and_explain_nothing(flags: tuple[str, ...]) -> None:
    done = CliRunner().invoke(app, ["claims", *flags, "--events", "many.csv", "--pairs", "3"])
    assert "applies to a single rivalry" in str(done.exception)


def test_a_folder_and_none_at_once_is_refused() -> None:
    done = CliRunner().invoke(app, ["report", "us-iran", "--cache", "x", "--no-cache"])
    assert "cache cannot be combined with no_cache" in str(done.exception)
