"""A made-up world of many pairs, as counts and as an event file, and the command line run in this process."""

from __future__ import annotations

import sys
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from detente.base.days import Window
from detente.cli.main import main
from detente.studies.world.pairs import Pairs

START = date(2001, 1, 1)
CODES = ("036", "070", "112", "190")


def made(days: int = 150, undirected: int = 6, seed: int = 1) -> Pairs:
    """A world in which acts feed acts of the same pair and are answered."""
    rng = np.random.Generator(np.random.Philox(key=[seed, 0]))
    pairs = 2 * undirected
    level = rng.gamma(1.0, 0.4, size=(pairs, 4))
    counts = np.zeros((days, pairs, 4))
    state = np.zeros((pairs, 4))
    for t in range(days):
        mean = np.minimum(0.5 * level + 0.25 * state + 0.15 * state[np.arange(pairs) ^ 1], 8)
        counts[t] = rng.poisson(mean)
        state = 0.7 * state + 0.3 * counts[t]
    ends = [d for k in range(undirected) for d in ((k, k + 1), (k + 1, k))]
    actors = tuple(f"A{k:02d}" for k in range(undirected + 1))
    source, target = (np.array([d[i] for d in ends]) for i in (0, 1))
    return Pairs(counts, actors, source, target, Window(START, START + timedelta(days=days)))


def event_file(path: Path, *, days: int = 150) -> Path:
    """Write the world of `made` as an event file, and return its path."""
    pairs = made(days)
    rows = ["date,source,target,cameo"]
    for t, i, c in zip(*np.nonzero(pairs.counts), strict=True):
        ends = pairs.actors[pairs.source[i]], pairs.actors[pairs.target[i]]
        day = START + timedelta(days=int(t))
        rows += [f"{day},{ends[0]},{ends[1]},{CODES[c]}"] * int(pairs.counts[t, i, c])
    path.write_text("\n".join(rows) + "\n")
    return path


def run(argv: list[str]) -> int:
    """Run the command line and return its exit code."""
    kept, sys.argv = sys.argv, ["detente", *argv]
    try:
        main()
    except SystemExit as error:
        return int(error.code or 0)
    finally:
        sys.argv = kept
    return 0
