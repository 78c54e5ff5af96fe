"""Time the simulation kernel on a model of the essay's size, beside a plain NumPy loop of the same draws.

Run: PYTHONPATH=src python benchmarks/bench_kernel.py
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import numpy.typing as npt
from reference import simulate_reference

from detente.futures.kernel.simulate import simulate_log
from detente.model.act_table import ActTable
from detente.model.program import INDICATOR, LOG1P, NO_ATOM, SATURATE, SCHEDULE, Dynamics
from detente.model.tolls import Tolls


def synthetic(
    *,
    channels: int = 20,
    memories: int = 40,
    terms: int = 12,
    days: int = 730,
    futures: int = 10_000,
    per_day: float = 0.2,
    seed: int = 7,
) -> tuple[Dynamics, npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return a Dynamics of the given size with coefficients, shape (future, coefficient), and log dispersions.

    45 atoms (20 log1p, 17 saturating, 4 indicators, 4 schedules); each channel has an intercept, a schedule, two
    products and single atoms for the rest; half-lives run from 3 days to 40 years; an act feeds 8 memories.
    """
    rng = np.random.default_rng(seed)
    half_lives = np.exp(rng.uniform(np.log(3.0), np.log(40 * 365.0), memories))
    per_channel = 12
    rows = channels * per_channel
    weight = np.zeros((memories, rows))
    for act in range(rows):
        weight[rng.choice(memories, 8, replace=False), act] = rng.uniform(0.2, 2.0, 8)
    kind = np.repeat([LOG1P, SATURATE, INDICATOR, SCHEDULE], [20, 17, 4, 4])
    index = np.concatenate([rng.permutation(memories)[:37], rng.integers(0, memories, 4), np.arange(4)])
    a = rng.integers(0, 41, (channels, terms))
    b = np.full((channels, terms), NO_ATOM)
    a[:, 0], a[:, 1], b[:, -2:] = NO_ATOM, 41 + np.arange(channels) % 4, rng.integers(0, 41, (channels, 2))
    chance = rng.dirichlet(np.ones(per_channel), channels).reshape(-1)
    acts = ActTable(
        start=np.arange(channels + 1) * per_channel,
        chance=chance,
        death_chance=rng.choice([0.0, 0.0, 0.3], rows),
        tolls=Tolls.of(1.2),
        death_cap=100_000,
    )
    dynamics = Dynamics(
        decay=0.5 ** (1 / half_lives),
        initial=rng.uniform(0, 5, memories),
        atom_kind=kind,
        atom_index=index,
        atom_scale=np.where(kind == INDICATOR, 2.0, rng.uniform(0.5, 3.0, 45)),
        atom_cap=np.where(kind == SATURATE, 20.0, np.inf),
        schedule=rng.normal(0, 0.3, (4, days)),
        term_start=np.arange(channels + 1) * terms,
        term_coefficient=np.arange(channels * terms),
        term_atom_a=a.reshape(-1),
        term_atom_b=b.reshape(-1),
        channel_class=np.arange(channels) % 6,
        weight=weight,
        weight_log_deaths=np.where(weight > 0, 0.1, 0.0),
        acts=acts,
    )
    beta = rng.normal(0.0, 0.05, (futures, channels, terms))
    beta[:, :, 0] = np.log(per_day / channels) + rng.normal(0, 0.1, (futures, channels))
    log_alpha = np.log(0.5) + rng.normal(0, 0.2, (futures, 6))
    return dynamics, beta.reshape(futures, -1), log_alpha


COLD = """
import time
begin = time.perf_counter()
from bench_kernel import synthetic
from detente.futures.kernel.simulate import simulate_log
read = time.perf_counter() - begin
dynamics, beta, log_alpha = synthetic(days=2, futures=2)
begin = time.perf_counter()
simulate_log(dynamics, beta, log_alpha, days=2, seed=1)
print(f"{read:.2f} s to import, {time.perf_counter() - begin:.2f} s for the first call")
"""


def first_call(cache: str) -> str:
    """Return what a new process says of its first call, with the compilation cache in a given folder."""
    here = Path(__file__).parent
    environment = os.environ | {"NUMBA_CACHE_DIR": cache}
    return subprocess.run(
        [sys.executable, "-c", COLD], cwd=here, env=environment, capture_output=True, text=True, check=True
    ).stdout.strip()


def say(label: str, text: str) -> None:
    print(f"{label:38}{text}", flush=True)


def main() -> None:
    """Print seconds, memory and the ratio to the plain loop."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--futures", type=int, default=10_000)
    parser.add_argument("--days", type=int, default=730)
    parser.add_argument("--channels", type=int, default=20)
    parser.add_argument("--repeats", type=int, default=9)
    parser.add_argument("--plain-futures", type=int, default=500)
    parser.add_argument("--plain-days", type=int, default=100)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as cache:
        say("new process, empty cache", first_call(cache))
        say("new process, cached", first_call(cache))

    dynamics, beta, log_alpha = synthetic(
        channels=options.channels, days=options.days, futures=options.futures
    )
    simulate_log(dynamics, beta[:1], log_alpha[:1], days=options.days, seed=1)
    seconds: dict[int, float] = {}
    for threads in (1, 2):
        runs = []
        for _ in range(options.repeats):
            begin = time.perf_counter()
            log = simulate_log(dynamics, beta, log_alpha, days=options.days, seed=1, threads=threads)
            runs.append(time.perf_counter() - begin)
        seconds[threads] = statistics.median(runs)
        say(
            f"threads: {threads}", f"{seconds[threads]:.3f} s, fastest {min(runs):.3f} s of {options.repeats}"
        )
    future_days = options.futures * options.days
    say("futures x days x channels", f"{options.futures:,} x {options.days} x {dynamics.channels}")
    say("events", f"{len(log):,}, {len(log) / future_days:.3f} a day")
    say("peak memory", f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3:.0f} MB")

    n, days = min(options.plain_futures, options.futures), min(options.plain_days, options.days)
    begin = time.perf_counter()
    plain = simulate_reference(dynamics, beta[:n], log_alpha[:n], days=days, seed=1)
    plain_seconds = time.perf_counter() - begin
    short = simulate_log(dynamics, beta[:n], log_alpha[:n], days=days, seed=1)
    columns = np.stack([short.future, short.day, short.channel, short.act, short.deaths], axis=1)
    say(f"plain NumPy, {n} futures x {days} days", f"{plain_seconds:.2f} s")
    say("same events", "yes" if np.array_equal(plain, columns) else "no")
    per_day = plain_seconds / (n * days) * future_days
    ratios = ", ".join(f"{per_day / seconds[threads]:.0f} on {threads}" for threads in seconds)
    say("plain / kernel per future-day", f"{ratios} threads")


if __name__ == "__main__":
    main()
