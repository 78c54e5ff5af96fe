"""Time and weigh the world fit of an event file: 200 pairs, both directions, the first 70 % of days.

Run: OPENBLAS_NUM_THREADS=1 python benchmarks/bench_world.py EVENTS.csv.gz
"""

from __future__ import annotations

import resource
import sys
import time
from datetime import timedelta
from math import ceil

import numpy as np

from detente.events.files.event_file import load_events
from detente.studies.world.pairs import RANKED_SHARE, acts_between, pairs_of
from detente.studies.world.plain_models import split_of
from detente.studies.world.skill import FUTURES
from detente.studies.world.totals import simulate_totals
from detente.studies.world.trial import SEED
from detente.studies.world.world import fit_world


def main(path: str) -> None:
    """Print one table."""
    began = time.perf_counter()
    chronicle = load_events(path, duplicates="keep")
    window = chronicle.window
    ranked = window.start + timedelta(days=ceil(RANKED_SHARE * window.days))
    pairs = pairs_of(acts_between(chronicle), window, pairs=200, ranked_until=ranked)
    print(f"read and count: {time.perf_counter() - began:.2f} s")
    split = split_of(pairs, 0.7)
    known = pairs.until(window.day(split.train))
    taken, used = [], []
    for _ in range(4):
        began, cpu = time.perf_counter(), time.process_time()
        world = fit_world(known, days=split.trained)
        taken.append(time.perf_counter() - began)
        used.append(time.process_time() - cpu)
    print(
        f"fit of {len(pairs.source)} directed pairs on {len(split.trained)} days: first (with compiling) "
        f"{taken[0]:.2f} s, then {min(taken[1:]):.2f} to {max(taken[1:]):.2f} s, {min(used[1:]):.2f} s of processor"
    )
    starts = np.array([split.train, split.train + 1])
    simulate_totals(pairs, world.spec, world.fits, starts, (1,), futures=2, seed=SEED)
    began, cpu = time.perf_counter(), time.process_time()
    simulate_totals(pairs, world.spec, world.fits, starts, (7,), futures=FUTURES, seed=SEED)
    print(
        f"{FUTURES} futures of 7 days from 2 days: {time.perf_counter() - began:.2f} s, "
        f"{time.process_time() - cpu:.2f} s of processor"
    )
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.2f} GB")


if __name__ == "__main__":
    main(sys.argv[1])
