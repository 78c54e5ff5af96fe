"""Seconds and memory of commands in processes of their own, what the parts cost, and how each cost grows.

Run: python benchmarks/bench.py [WORD ...]

Only rows whose name holds one of the words are measured. The table is printed and kept in out/bench.json, from which
`make docs` writes docs/performance.md. BENCH_REPEATS (5) says how often each command runs; DETENTE_OLD names the `src`
folder of a checkout of 2deb81f, whose commands are measured beside ours.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from parts import growth, ratios

ROOT = Path(__file__).resolve().parents[1]
RESULT = ROOT / "out" / "bench.json"
START = """
import importlib, sys
sys.argv[0] = "detente"
try:
    cli = importlib.import_module("detente.cli.main")
except ModuleNotFoundError:  # at 2deb81f it was one file
    cli = importlib.import_module("detente.cli")
cli.main()
"""
# A process inherits the peak of the one that starts it, so a small one in between starts each command and measures it.
MEASURE = """
import json, os, subprocess, sys, time
said, told, *command = sys.argv[1:]
with open(said, "w") as errors:
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-c", *command], stderr=errors)
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
code = os.waitstatus_to_exitcode(status)
with open(told, "w") as file:
    json.dump([code, seconds, used.ru_utime + used.ru_stime, used.ru_maxrss], file)
"""
SEEDS = count(1_000)  # none is used twice, unless everything is to be kept


@dataclass(frozen=True)
class Row:
    """A command, with the seconds at 2deb81f and the target that the issue gives; `less` is taken off both."""

    name: str
    command: tuple[str, ...]
    before: float
    target: float
    seeded: bool = True
    page: bool = False
    fresh: bool = False
    less: tuple[str, ...] = ()


RUN, TEN = ("run", "us-iran"), ("--futures", "10000")
ROWS = (
    Row("--help", ("--help",), 0.21, 0.30, seeded=False),
    Row("ask, one question", ("ask", "us-iran", "IRN->USA ASSAULT within 90d"), 4.75, 2.0),
    Row("run with its page", RUN, 6.5, 3.0, page=True),
    Row("run", RUN, 6.5, 2.0),
    Row("run, 10,000 futures beyond 100", (*RUN, *TEN), 13.7, 4.0, less=(*RUN, "--futures", "100")),
    Row("claims", ("claims", "us-iran"), 14.8, 6.0),
    Row("whatif, one lever", ("whatif", "us-iran", "--lever", "relief=0.33@30"), 7.4, 2.5),
    Row("unlock, all beside", ("unlock", "us-iran"), 34.5, 15.0),
    Row("report", ("report", "us-iran"), 27.5, 10.0, page=True),
    Row("bargain, 10,000 draws", ("bargain", "us-iran", "--draws", "10000"), 8.0, 4.0),
    Row("backtest, first time", ("backtest", "us-iran"), 76.0, 40.0, seeded=False, fresh=True),
)


@dataclass
class Program:
    """A version of the program: where its source lies, and its own caches."""

    source: Path
    folder: Path
    environment: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        """Give it caches that it shares with nobody."""
        caches = {
            "NUMBA_CACHE_DIR": str(self.folder / "numba"),
            "DETENTE_CACHE": str(self.folder / "kept"),
            "PYTHONPYCACHEPREFIX": str(self.folder / "python"),
            "PYTHONDONTWRITEBYTECODE": "",  # a warm program is not compiled at each start
        }
        self.environment = os.environ | caches | {"PYTHONPATH": str(self.source)}

    def measure(self, command: tuple[str, ...], seed: int | None, row: Row) -> tuple[float, float, float]:
        """Run a command; return seconds, seconds of the processor, and peak memory in MB."""
        with tempfile.TemporaryDirectory() as name:
            own = {"DETENTE_CACHE": name} if row.fresh else {}
            more = [] if seed is None else ["--seed", str(seed)]
            more += ["--out", f"{name}/page"] if row.page else []
            said, told = Path(name, "said"), Path(name, "told")
            subprocess.run(
                [sys.executable, "-I", "-S", "-c", MEASURE, str(said), str(told), START, *command, *more],
                env={**self.environment, **own}, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True,
            )  # fmt: skip
            code, seconds, used, peak = json.loads(told.read_text(encoding="utf-8"))
            if code:
                raise SystemExit(f"{' '.join(command)} ended with {code}\n{said.read_text(encoding='utf-8')}")
        return seconds, used, peak / 1e3


def measured(program: Program, row: Row, repeats: int, *, again: bool = False) -> dict[str, float]:
    """Return median, least and most seconds of a row, and its peak in MB; the first run does not count."""
    fixed = next(SEEDS)
    found, less = [], []
    for _ in range(repeats + 1):
        seed = (fixed if again else next(SEEDS)) if row.seeded else None
        found.append(program.measure(row.command, seed, row))
        if row.less:
            less.append(program.measure(row.less, seed, row))
    runs = found[1:] if not less else [_beyond(a, b) for a, b in zip(found[1:], less[1:], strict=True)]
    seconds, used, peak = zip(*runs, strict=True)
    return {
        "median": statistics.median(seconds),
        "least": min(seconds),
        "most": max(seconds),
        "processor": statistics.median(used),
        "peak_mb": max(peak),
    }


def _beyond(
    large: tuple[float, float, float], small: tuple[float, float, float]
) -> tuple[float, float, float]:
    """Return what a large run takes above a small one; the peak is that of the large one."""
    return large[0] - small[0], large[1] - small[1], large[2]


def machine() -> dict[str, Any]:
    """Return what the seconds were measured on."""
    model = platform.processor() or platform.machine()
    memory = 0
    if sys.platform == "linux":
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
        names = [
            line.partition(":")[2].strip() for line in text.splitlines() if line.startswith("model name")
        ]
        model = names[0] if names else model
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "processor": model,
        "cores": os.cpu_count(),
        "memory_gb": round(memory / 1e9, 1),
        "system": platform.platform(terse=True),
        "python": platform.python_version(),
        "load": round(os.getloadavg()[0], 1),
    }


def line(row: Row, found: Mapping[str, dict[str, float]]) -> str:
    """Return a row of the table as text."""
    cells = [f"{row.name:<32}"]
    for name in ("old", "now", "again"):
        each = found.get(name)
        cells.append(
            f"{each['median']:>7.2f} ({each['least']:.2f}–{each['most']:.2f})" if each else f"{'–':>7}"
        )
    now = found["now"]
    ratio = f"{now['median'] / found['old']['median']:.2f}" if "old" in found else "–"
    cells.append(f"ratio {ratio}, target {row.target / row.before:.2f}; peak {now['peak_mb']:,.0f} MB")
    return "  ".join(cells)


def commands(words: list[str], repeats: int, tell: Callable[[str], None]) -> list[dict[str, Any]]:
    """Measure the rows that the words name, and return them as plain values."""
    old = os.environ.get("DETENTE_OLD")
    if old is None:
        tell("NOT MEASURED: 2deb81f. DETENTE_OLD names no checkout's src folder, so no ratio can be printed.")
    elif not (Path(old) / "detente").is_dir():
        raise SystemExit(f"DETENTE_OLD must name a folder that holds detente, got {old}")
    tell(f"{'seconds, median (least–most)':<32}  {'2deb81f':>7}  {'now':>7}  {'now again':>7}")
    rows = []
    with tempfile.TemporaryDirectory() as name:
        new = Program(ROOT / "src", Path(name) / "new")
        for row in ROWS:
            if words and not any(word in row.name for word in words):
                continue
            found = {"old": measured(Program(Path(old), Path(name) / "old"), row, repeats)} if old else {}
            found["now"] = measured(new, row, repeats)
            if row.seeded and not row.less:
                found["again"] = measured(new, row, repeats, again=True)
            tell(line(row, found))
            rows.append(
                {
                    "name": row.name,
                    "command": " ".join(row.command),
                    "before": row.before,
                    "target": row.target,
                }
                | found
            )
    return rows


def main() -> None:
    """Measure, print and keep the table."""
    words, repeats = sys.argv[1:], int(os.environ.get("BENCH_REPEATS", "5"))
    result: dict[str, Any] = {"machine": machine(), "repeats": repeats}
    print(" ".join(f"{name} {value}," for name, value in result["machine"].items()), f"repeats {repeats}")
    result["commands"] = commands(words, repeats, lambda text: print(text, flush=True))
    for title, measure in (("ratios", ratios), ("growth", growth)):
        if not words or title in words:
            result[title] = measure(repeats)
            for each in result[title]:
                print(f"{each['name']:<60} {each['value']:>8.2f}", flush=True)
    if words:
        print("not kept: only some rows were measured")
        return
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    print(f"kept in {RESULT.relative_to(ROOT)}; `make docs` writes docs/performance.md from it")


if __name__ == "__main__":
    main()
