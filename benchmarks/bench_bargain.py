"""Time the essay's bargain: all variants at 1,000 to 20,000 draws, and the whole study.

Run: python benchmarks/bench_bargain.py
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

from detente.lab.arguments import load_argument
from detente.studies.bargain.bargain import bargain_inputs, bargain_of
from detente.studies.bargain.inputs import with_quantiles
from detente.studies.bargain.variants import variants_of

SIZES, SEED = (1_000, 10_000, 20_000), 1


def seconds(work: Callable[[], object], times: int = 3) -> float:
    """Return the least of several timings, after one that does not count."""
    work()
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return min(taken)


def main() -> None:
    """Print one table."""
    argument = load_argument("essay", "us-iran")
    inputs = bargain_inputs(argument)
    print(f"{'variants (demands and levers)':44} {'s':>8} {'us a draw and variant':>24}")
    for draws in SIZES:
        values = with_quantiles(inputs, draws, SEED)
        rows = variants_of(inputs, values, (), lambda done, total: None)
        taken = seconds(partial(variants_of, inputs, values, (), lambda done, total: None))
        print(
            f"{f'{draws:,} draws, {len(rows)} variants':44} {taken:8.3f} {1e6 * taken / draws / len(rows):24.2f}"
        )
    for draws in SIZES:
        taken = seconds(partial(bargain_of, argument, draws=draws, seed=SEED), times=1)
        print(f"{f'the whole study, {draws:,} draws':44} {taken:8.3f}")


if __name__ == "__main__":
    main()
