"""Seconds of the command line: `detente --help`, and the demo's run with a warm and with an empty compilation cache."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

DETENTE = str(Path(sys.executable).with_name("detente"))
RUN = [
    "run",
    "us-iran",
    "--as-of",
    "2020-01-17",
    "--days",
    "730",
    "--futures",
    "2000",
    "--seed",
    "1",
    "--out",
]


def seconds(arguments: list[str], cache: Path) -> float:
    """Return the wall time of one call of the program, with the compilation cache in a given folder."""
    start = time.perf_counter()
    environment = os.environ | {"NUMBA_CACHE_DIR": str(cache)}
    done = subprocess.run(
        [DETENTE, *arguments],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"detente {' '.join(arguments)} ended with {done.returncode}\n{done.stderr}")
    return time.perf_counter() - start


def row(what: str, times: list[float]) -> None:
    """Print the median and the range of several times."""
    print(
        f"{what:<42}{statistics.median(times):>8.2f} s   {min(times):.2f}–{max(times):.2f}   n={len(times)}"
    )


def main() -> None:
    """Measure and print one table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        warm = folder / "warm"
        seconds(["--help"], warm)  # the first start reads every file from the disk
        row("detente --help", [seconds(["--help"], warm) for _ in range(7)])
        row(
            "detente run us-iran, empty cache",
            [seconds([*RUN, str(folder / f"cold-{i}")], folder / f"cache-{i}") for i in range(3)],
        )
        seconds([*RUN, str(folder / "first")], warm)
        row("detente run us-iran, warm", [seconds([*RUN, str(folder / f"warm-{i}")], warm) for i in range(5)])


if __name__ == "__main__":
    main()
