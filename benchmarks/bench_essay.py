"""Time the essay's own fit, clocks and futures, beside a plain NumPy loop of the same draws.

Run: python benchmarks/bench_essay.py
"""

from __future__ import annotations

import resource
import statistics
import time
from collections.abc import Callable
from datetime import date

import numpy as np
from reference import simulate_reference

from detente.futures.kernel.simulate import simulate_log
from detente.lab.case import load_case
from detente.lab.run import run
from detente.model.clocks import fit_clocks, with_usual_grid
from detente.model.compiler import compile_argument
from detente.model.fit import fit

AS_OF, DAYS, FUTURES, SEED = date(2020, 1, 17), 730, 10_000, 1


def seconds(work: Callable[[], object], times: int) -> tuple[float, float]:
    """Return the median and the least of several timings, after one that does not count."""
    work()
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken), min(taken)


def main() -> None:
    """Print one table."""
    case = load_case("us-iran")
    program = compile_argument(case.argument, case.chronicle, AS_OF)
    posterior = fit(program)
    dynamics = program.dynamics(DAYS)
    draws = posterior.draws(FUTURES, SEED)
    beta, log_alpha = draws.beta, draws.log_alpha

    def line(what: str, work: Callable[[], object], times: int = 5) -> float:
        median, least = seconds(work, times)
        print(f"{what:58s} median {median:7.3f} s, least {least:7.3f} s of {times}")
        return median

    print(
        f"essay as of {AS_OF}: {len(program.layout.channels)} channels, {len(program.memories)} memories, "
        f"{len(program.coefficients)} coefficients, {program.history.window.days:,} days fitted"
    )
    line("compile", lambda: compile_argument(case.argument, case.chronicle, AS_OF))
    line("fit", lambda: fit(program))
    grid = with_usual_grid(case.argument)
    line("clocks: 48 fits", lambda: fit_clocks(grid, case.known(AS_OF)), 3)
    for threads in (1, 2):
        kernel = line(
            f"kernel, {FUTURES:,} futures of {DAYS} days, {threads} thread{'s' * (threads > 1)}",
            lambda threads=threads: simulate_log(  # type: ignore[misc]
                dynamics, beta, log_alpha, days=DAYS, seed=SEED, threads=threads
            ),
        )
    line("run, 2,000 futures, without files", lambda: run(case, futures=2000), 3)
    few, short = 200, 100
    start = time.perf_counter()
    plain = simulate_reference(dynamics, beta[:few], log_alpha[:few], days=short, seed=SEED)
    per_day = (time.perf_counter() - start) / (few * short)
    mine = simulate_log(program.dynamics(short), beta[:few], log_alpha[:few], days=short, seed=SEED)
    columns = np.column_stack([mine.future, mine.day, mine.channel, mine.act, mine.deaths])
    alike = "yes" if np.array_equal(plain, columns) else "no"
    ratio = per_day / (kernel / FUTURES / DAYS)
    print(f"plain NumPy loop of the same draws, {few} futures of {short} days: {per_day * few * short:.2f} s")
    print(f"  the same events: {alike}; per future and day {ratio:.0f} times the kernel")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")


if __name__ == "__main__":
    main()
