"""Seconds and memory of `detente import` on a large ICEWS file, beside Polars reading and filtering that file alone.

The file is synthetic: the rows of the small invented file in the ICEWS layout, day after day, in a temporary folder
that is deleted. Each run is a process of its own; they take turns, so that a busy machine slows all. The size is 1 GB,
or as many MB as the first argument says.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from importlib import resources
from pathlib import Path

DETENTE = str(Path(sys.executable).with_name("detente"))
ROUNDS = 5
A_DAY = 3000  # rows

ALONE = """
import sys
import polars as pl
rows = pl.scan_csv(sys.argv[1], separator="\\t", quote_char=None, infer_schema=False)
kept = rows.filter(pl.col("Source Country") != pl.col("Target Country"))
print(kept.{select}collect().height)
"""
SOME = 'select("Event Date", "Source Country", "Target Country", "CAMEO Code").'


def make(path: Path, size: int) -> int:
    """Write a synthetic ICEWS file of about `size` bytes, and return its rows: 50 cities a row, some told twice."""
    source = Path(str(resources.files("detente"))) / "data" / "formats" / "icews.tab"
    head, *rows = source.read_text(encoding="utf-8").splitlines()
    kinds = [row.split("\t") for row in rows]
    written, total, day = 0, 0, date(1995, 1, 1)
    with path.open("w", encoding="utf-8") as out:
        out.write(head + "\n")
        while written < size:
            lines = []
            for i in range(A_DAY):
                fields = list(kinds[i % len(kinds)])
                fields[0], fields[1], fields[11] = (
                    str(30_000_000 + total + i),
                    day.isoformat(),
                    str(total + i),
                )
                fields[14] = f"City {i % 50}"
                lines.append("\t".join(fields) + "\n")
            text = "".join(lines)
            out.write(text)
            written, total, day = written + len(text), total + A_DAY, day + timedelta(days=1)
    return total


def timed(command: list[str]) -> tuple[float, float, float]:
    """Return seconds, seconds of the processor, and peak memory in MB of one process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    code = (
        "import os, resource, subprocess, sys; done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss); sys.exit(done.returncode)"
    )
    done = subprocess.run([sys.executable, "-c", code, *command], capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - start
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}\n{done.stderr}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, used, int(done.stdout) / 1e3


def main() -> None:
    """Measure and print one table."""
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory() as name:
        path, out = Path(name) / "events.tab", Path(name) / "events.parquet"
        rows = make(path, size * 1_000_000)
        print(f"{path.stat().st_size / 1e6:,.0f} MB, {rows:,} rows of ICEWS, {ROUNDS} rounds")
        commands = {
            "detente import": [DETENTE, "import", "icews", str(path), "-o", str(out)],
            "polars, all columns": [sys.executable, "-c", ALONE.format(select=""), str(path)],
            "polars, four columns": [sys.executable, "-c", ALONE.format(select=SOME), str(path)],
        }
        found: dict[str, list[tuple[float, float, float]]] = {what: [] for what in commands}
        for _ in range(ROUNDS):
            for what, command in commands.items():
                found[what].append(timed(command))
        for what, runs in found.items():
            seconds, used, peak = (list(column) for column in zip(*runs, strict=True))
            print(
                f"{what:<22}{statistics.median(seconds):>7.2f} s ({min(seconds):.2f}–{max(seconds):.2f})  "
                f"processor {statistics.median(used):>6.2f} s  peak {max(peak):>6,.0f} MB"
            )
        ours = found.pop("detente import")
        for what, runs in found.items():
            ratios = [alone[0] / own[0] for alone, own in zip(runs, ours, strict=True)]
            print(
                f"speed against {what}: {statistics.median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f})"
            )


if __name__ == "__main__":
    main()
