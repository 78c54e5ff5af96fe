"""Time what-ifs, the door test and a comparison, and print how much narrower paired intervals are, by horizon.

Run: python benchmarks/bench_levers.py
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from detente.lab.case import load_case
from detente.studies.scoring.backtest import kept_backtest
from detente.studies.scoring.compare import compare
from detente.studies.whatif.door_test import unlock
from detente.studies.whatif.whatif import whatif

LEVER, FUTURES, DAYS = "relief=0.33@30", 2000, 730
HORIZONS = (60, 90, 180, 365, 730)


def timed(what: str, work: Callable[[], object]) -> None:
    """Print how long some work takes."""
    start, used = time.perf_counter(), time.process_time()
    work()
    seconds = time.perf_counter() - start
    print(f"{what:58s} {seconds:7.2f} s, {time.process_time() - used:7.2f} s of processor")


def main() -> None:
    """Print one table of ratios and one of seconds."""
    case = load_case("us-iran")
    timed("whatif, first call with the fit", lambda: whatif(case, [LEVER], futures=FUTURES, days=DAYS))
    for _ in range(2):
        timed("whatif, fit kept", lambda: whatif(case, [LEVER], futures=FUTURES, days=DAYS))
    print(f"\n{LEVER}, {FUTURES:,} futures: width of an unpaired interval over the paired one")
    print(f"  {'days':>6}{'talks':>9}{'accords':>9}{'force':>9}{'pressure':>10}")
    for days in HORIZONS:
        result = whatif(case, [LEVER], futures=FUTURES, days=days)
        found = [result.outcomes[name, days].unpaired for name in ("talks", "accords", "force", "pressure")]
        print(f"  {days:>6}{found[0]:>9.1f}{found[1]:>9.1f}{found[2]:>9.1f}{found[3]:>10.1f}")
    print()
    timed("unlock, nothing beside", lambda: unlock(case, beside=False))
    timed("unlock, with what stands beside", lambda: unlock(case))
    names = ("essay", "maximum-pressure")
    arguments = [load_case("us-iran", argument=name).argument for name in names]
    kept = [kept_backtest(replace(case, argument=a)) for a in arguments]
    if all(kept):
        timed("compare, backtests kept", lambda: compare("us-iran", names))
    else:
        print("compare: no backtests are kept here; run detente compare us-iran essay maximum-pressure first")


if __name__ == "__main__":
    main()
