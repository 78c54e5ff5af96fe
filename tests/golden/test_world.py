"""One seeded world, kept: a change here is a change of results and belongs in the changelog.

`python tests/golden/test_world.py` rewrites it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from detente.lab.case import load_case
from detente.lab.run import run

KEPT = Path(__file__).with_name("world.json")
DIGITS = 6  # linear algebra differs in the last digits between machines


def rounded(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}")
    if isinstance(value, dict):
        return {k: rounded(v) for k, v in value.items() if k not in ("seconds", "version", "steps")}
    return [rounded(v) for v in value] if isinstance(value, list) else value


def world() -> dict[str, Any]:
    result = run(load_case("us-iran"), days=365, futures=30, seed=20200117)
    events = result.futures.events.filter(future=0).head(12)
    told = events.select("date", "source", "target", "class", "action", "mode", "fatalities").rows()
    acts = [" ".join("" if v is None else str(v) for v in row) for row in told]
    return {"first_acts_of_future_0": acts, "run": rounded(result.to_dict())}


def test_the_seeded_world_is_the_kept_one() -> None:
    kept, now = json.loads(KEPT.read_text(encoding="utf-8")), world()
    assert now["first_acts_of_future_0"] == kept["first_acts_of_future_0"]
    assert now["run"]["data"] == kept["run"]["data"]
    for key in ("channels", "questions"):
        assert now["run"][key] == kept["run"][key]
    for a, b in zip(now["run"]["fit"]["coefficients"], kept["run"]["fit"]["coefficients"], strict=True):
        assert a["mean"] == pytest.approx(b["mean"], rel=1e-4, abs=1e-6), a
        assert a["sd"] == pytest.approx(b["sd"], rel=1e-4)


if __name__ == "__main__":
    KEPT.write_text(json.dumps(world(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    sys.stdout.write(f"wrote {KEPT}\n")
