"""The bench measures processes of their own, and its page shows what it kept."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[1]


def module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"benches_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    found = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = found
    spec.loader.exec_module(found)
    return found


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    sys.path.insert(0, str(ROOT / "benchmarks"))
    try:
        return module(ROOT / "benchmarks" / "bench.py")
    finally:
        sys.path.remove(str(ROOT / "benchmarks"))


def kept(
    bench: ModuleType, monkeypatch: pytest.MonkeyPatch, times: dict[str, list[float]]
) -> list[dict[str, Any]]:
    """Measure two rows with seconds that a table gives for each source."""

    def measure(
        self: Any, command: tuple[str, ...], seed: int | None, row: Any
    ) -> tuple[float, float, float]:
        seeds.append(seed)
        return times[self.source.parent.name].pop(0), 0.5, 300.0

    seeds: list[int | None] = []
    monkeypatch.setattr(bench.Program, "measure", measure)
    said: list[str] = []
    rows: list[dict[str, Any]] = bench.commands(["--help", "whatif"], 2, said.append)
    rows.append({"said": said, "seeds": seeds})
    return rows


def test_a_seed_is_used_twice_only_where_everything_is_to_be_kept(
    bench: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DETENTE_OLD", raising=False)
    helped, pulled, about = kept(bench, monkeypatch, {ROOT.name: [9, 1, 3, 9, 4, 6, 9, 1, 1]})
    assert (helped["now"]["median"], helped["now"]["least"], helped["now"]["most"]) == (2, 1, 3)
    assert "again" not in helped
    assert (pulled["now"]["median"], pulled["again"]["median"]) == (5, 1)
    assert about["seeds"][:3] == [None] * 3
    assert len(set(about["seeds"][3:6])) == 3
    assert len(set(about["seeds"][6:])) == 1
    assert about["said"][0].startswith("NOT MEASURED: 2deb81f")


def test_a_checkout_is_measured_beside(
    bench: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "src" / "detente").mkdir(parents=True)
    monkeypatch.setenv("DETENTE_OLD", str(tmp_path / "src"))
    old, new = [9.0, 4, 4, 9, 8, 8], [9.0, 1, 1, 9, 2, 2, 9, 1, 1]
    _, pulled, about = kept(bench, monkeypatch, {tmp_path.name: old, ROOT.name: new})
    assert pulled["old"]["median"] == 8
    assert "ratio 0.25, target 0.34" in about["said"][-1]
    monkeypatch.setenv("DETENTE_OLD", str(tmp_path))
    with pytest.raises(SystemExit, match="must name a folder that holds detente"):
        bench.commands([], 1, print)


def test_a_command_is_measured_in_a_process_of_its_own(bench: ModuleType, tmp_path: Path) -> None:
    program = bench.Program(ROOT / "src", tmp_path)
    ours = np.ones(100_000_000)  # 800 MB, which are not the command's
    seconds, used, peak = program.measure(("--version",), None, bench.ROWS[0])
    assert ours.nbytes == 8e8
    assert seconds > 0
    assert used > 0
    assert 5 < peak < 500
    with pytest.raises(SystemExit, match=r"run nowhere ended with 3\nerror"):
        program.measure(("run", "nowhere"), None, bench.ROWS[0])


def test_the_page_shows_what_was_kept(bench: ModuleType) -> None:
    found = {"median": 2.0, "least": 1.5, "most": 3.0, "processor": 2.0, "peak_mb": 1234.0}
    row = {"name": "run", "before": 6.5, "target": 2.0, "old": found | {"median": 8.0}, "now": found}
    result = {
        "machine": bench.machine(),
        "repeats": 5,
        "commands": [row],
        "ratios": [{"name": "loop", "value": 90.0}],
        "growth": [{"name": "futures", "value": 2.0}],
    }
    text = module(ROOT / "docs" / "generate.py").bench_block(result)
    assert "| run | 8.00 (1.50 to 3.00) | 2.00 (1.50 to 3.00) | – | 0.25 | 0.31 | 1,234 |" in text
    assert "| loop | 90.0 |" in text
    assert "repetitions: 5" in text
