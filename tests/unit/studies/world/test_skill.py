"""The backtest over many pairs: its shape, its baselines, and what it refuses."""

from __future__ import annotations

import importlib
import json
import math
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from detente.events.files.event_file import load_events
from detente.studies.world import plain_models
from detente.studies.world.fast_scores import crps_and_pit, log_scores
from detente.studies.world.pairs import acts_between, pairs_of
from detente.studies.world.skill import ABLATIONS, OURS
from many_pairs import event_file, made, run
from worlds import SHARED


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return event_file(tmp_path_factory.mktemp("world") / "made.csv")


def test_json_has_the_agreed_shape(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = ["--pairs", "6", "--train-share", "0.7", "--horizons", "1,7", "--json"]
    assert run(["backtest", str(file), *told]) == 0
    found = json.loads(capsys.readouterr().out)
    assert list(found) == [
        "data",
        "protocol",
        "models",
        "differences",
        "ablations",
        "verdict",
        "left_out",
        "few_spans",
        "sentences",
    ]
    assert found["protocol"]["days"] == {"train": 105, "fitted": 79, "test": 45}
    for m in found["models"]:
        assert {"name", "horizon", "log_score", "crps", "seconds"} <= set(m)
        assert math.isfinite(m["log_score"])
        assert m["crps"] > 0
        assert sum(m["pit"]) == pytest.approx(1)
    names = {(m["name"], m["horizon"]) for m in found["models"]}
    plain_names = {plain_models.TRAINING, plain_models.EXPANDING, "EWMA 7 d", "EWMA 14 d", "EWMA 30 d"}
    assert {n for n, h in names if h == 7} == plain_names | {OURS}
    assert {n for n, h in names if h == 1} >= plain_names | {OURS, plain_models.RICH, *ABLATIONS}
    for d in found["differences"]:
        assert {"against", "horizon", "mean", "low", "high"} <= set(d)
        assert d["low"] <= d["mean"] <= d["high"]
    assert [d["against"] for d in found["ablations"]] == list(ABLATIONS)
    assert len(found["verdict"]["differences"]) == 2
    scores = {(m["name"], m["horizon"]): m["log_score"] for m in found["models"]}
    row = next(d for d in found["differences"] if d["against"] == "EWMA 7 d" and d["horizon"] == 7)
    assert row["mean"] == pytest.approx(scores[OURS, 7] - scores["EWMA 7 d", 7])


def test_without_lightgbm_its_row_is_left_out_and_said_so(
    file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("detente.studies.world.plain_models.importlib.import_module", _absent)
    assert run(["backtest", str(file), "--pairs", "2", "--horizons", "1"]) == 0
    out = capsys.readouterr().out
    assert "LightGBM is not installed" in out
    assert f"  {plain_models.RICH}" in out


def _absent(name: str, real: Any = importlib.import_module) -> Any:
    if name == "lightgbm":
        raise ImportError(name)
    return real(name)  # compiled code is found so too


@pytest.mark.parametrize(
    ("argv", "code", "said"),
    [
        (["us-iran", "--pairs", "5"], 4, "needs an event file as first argument"),
        (["FILE", "--horizons", "1,x"], 4, "days ahead from 1 to 365"),
        (["FILE", "--horizons", "60"], 3, "must be enough to fit and to score on"),
        (["FILE", "--principals", "USA,IRN"], 4, "applies to a single rivalry"),
        (["absent.csv"], 3, "does not exist"),
    ],
)
def test_mistakes_are_told(
    file: Path, capsys: pytest.CaptureFixture[str], argv: list[str], code: int, said: str
) -> None:
    assert run(["backtest", *(str(file) if a == "FILE" else a for a in argv)]) == code
    assert said in capsys.readouterr().err


def test_running_means_use_days_before_only() -> None:
    pairs = made()
    days = np.array([60, 90])
    for model in (plain_models.EXPANDING, "EWMA 7 d", plain_models.TRAINING):
        whole = plain_models.rate(pairs, model, days, 50)
        until = plain_models.rate(pairs.until(pairs.window.day(60)), model, days[:1], 50)
        assert np.array_equal(whole[0], until[0])


@pytest.mark.slow
def test_baselines_are_those_of_the_protocol() -> None:
    path = SHARED / "data" / "icews18" / "icews18_states.csv.gz"
    if not path.exists():
        pytest.skip(f"NOT CHECKED on the real file: {path} is not there")
    chronicle = load_events(path, duplicates="keep")
    window = chronicle.window
    ranked = window.start + timedelta(days=math.ceil(0.6 * window.days))
    pairs = pairs_of(acts_between(chronicle), window, pairs=200, ranked_until=ranked)
    assert pairs.counts.sum(axis=(0, 1)).tolist() == [66343, 2000, 11245, 8548]
    split = plain_models.split_of(pairs, 0.7)
    training, y = np.arange(split.first, split.train), pairs.counts[split.test]
    rich = plain_models.fit_rich(pairs, split)
    printed = {  # by the protocol's own script
        plain_models.TRAINING: (-1.16642, 0.47837),
        plain_models.EXPANDING: (-1.14906, 0.47257),
        "EWMA 7 d": (-1.14035, 0.44636),
        "EWMA 14 d": (-1.12012, 0.45262),
        "EWMA 30 d": (-1.11722, 0.45986),
        plain_models.RICH: (-1.07366, 0.42451),
    }
    for model, (score, crps) in printed.items():
        if model == plain_models.RICH:
            fitted, mean = rich(training)[0], rich(split.test)[0]
        else:
            fitted, mean = (
                plain_models.rate(pairs, model, days, split.train) for days in (training, split.test)
            )
        alpha = np.broadcast_to(plain_models.dispersions(pairs, training, fitted), y.shape)
        mean = np.ascontiguousarray(mean)
        assert log_scores(y, mean, alpha).mean(axis=(0, 1)).sum() == pytest.approx(score, abs=2e-5), model
        assert crps_and_pit(y, mean, alpha)[0].mean(axis=(0, 1)).sum() == pytest.approx(crps, abs=2e-5), model
