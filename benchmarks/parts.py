"""What the parts cost beside plain code, and how each cost grows: rows of the table of `bench.py`."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from reference import simulate_reference

from detente.base.days import Window
from detente.events.chronicle import Chronicle
from detente.futures.futures import Futures, simulate
from detente.futures.kernel.simulate import simulate_log
from detente.lab.arguments import load_argument
from detente.lab.case import Case, load_case
from detente.lab.chronicles import of_futures, of_history
from detente.lab.too_much import bound_questions
from detente.model.compiler import compile_argument
from detente.model.fit import Fitted, fit
from detente.questions.answers import answer_all
from detente.questions.question import Question, resolve_many

TESTS = Path(__file__).resolve().parents[1] / "tests"
AS_OF, SEED = date(2020, 1, 17), 1
FUTURES, DAYS = 2_000, 730
PLAIN_FUTURES, PLAIN_DAYS = 200, 100


def seconds(work: Callable[[], object], repeats: int) -> float:
    """Return the median seconds of some work, after one time that does not count."""
    work()
    taken = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def ratios(repeats: int) -> list[dict[str, Any]]:
    """Return how many times as long plain code, and the old settling code, take for the same work."""
    case = load_case("us-iran")
    return [
        {"name": "plain NumPy loop / kernel, one thread", "value": _plain_to_kernel(case, repeats)},
        {"name": "settling by frames, as at 2deb81f / compiled", "value": _frames_to_compiled(case, repeats)},
    ]


def _plain_to_kernel(case: Case, repeats: int) -> float:
    program = compile_argument(case.argument, case.chronicle, AS_OF)
    draws = fit(program).draws(FUTURES, SEED)
    dynamics = program.dynamics(DAYS)
    kernel = seconds(
        lambda: simulate_log(dynamics, draws.beta, draws.log_alpha, days=DAYS, seed=SEED, threads=1), repeats
    )
    few = draws.beta[:PLAIN_FUTURES], draws.log_alpha[:PLAIN_FUTURES]
    start = time.perf_counter()
    plain = simulate_reference(dynamics, *few, days=PLAIN_DAYS, seed=SEED)
    each = (time.perf_counter() - start) / (PLAIN_FUTURES * PLAIN_DAYS)
    mine = simulate_log(program.dynamics(PLAIN_DAYS), *few, days=PLAIN_DAYS, seed=SEED)
    if not np.array_equal(
        plain, np.column_stack([mine.future, mine.day, mine.channel, mine.act, mine.deaths])
    ):
        raise SystemExit("the plain NumPy loop and the kernel drew different events")
    return each / (kernel / FUTURES / DAYS)


def _frames_to_compiled(case: Case, repeats: int) -> float:
    sys.path.append(str(TESTS))
    oracle: Any = import_module("oracle_settling")
    posterior = case.fitted(AS_OF)
    futures, questions = _futures(case, posterior, FUTURES, DAYS), _questions(case)

    def compiled() -> list[Any]:
        on = of_futures(replace(futures), case.argument, case.chronicle)  # a copy has made nothing yet
        return [resolve_many(question, on) for question in questions]

    def by_frames() -> list[Any]:
        fresh = replace(futures)
        on = of_futures(fresh, case.argument, case.chronicle)
        frames = oracle.FrameChronicles(
            fresh.events, fresh.window, fresh.count, on.scheme, on.past, on.sides, paths=on.paths
        )
        return [oracle.resolve_many(question, frames) for question in questions]

    if not all(map(np.array_equal, compiled(), by_frames())):
        raise SystemExit("the old settling code and the compiled one differ")
    return seconds(by_frames, repeats) / seconds(compiled, repeats)


def growth(repeats: int) -> list[dict[str, Any]]:
    """Return how many times as long each part takes when what it depends on is doubled or multiplied by ten."""
    case = load_case("us-iran")
    posterior = case.fitted(AS_OF)
    base, many = _futures(case, posterior, FUTURES, DAYS), _futures(case, posterior, 2 * FUTURES, DAYS)
    long = _futures(case, posterior, FUTURES, 2 * DAYS)

    def drawing(futures: int, days: int) -> float:
        return seconds(lambda: _futures(case, posterior, futures, days), repeats)

    def settling(futures: Futures, times: int = 1) -> float:
        return seconds(lambda: _settled(case, posterior, futures, times), repeats)

    drawn, settled = drawing(FUTURES, DAYS), settling(base)
    found = {
        "drawing, futures x 2": drawing(2 * FUTURES, DAYS) / drawn,
        "drawing, days x 2": drawing(FUTURES, 2 * DAYS) / drawn,
        "settling, futures x 2": settling(many) / settled,
        "settling, days x 2": settling(long) / settled,
        "settling, questions x 10": settling(base, 10) / settled,
        "fit, events x 10": _fitting(5.0, repeats) / _fitting(0.5, repeats),
    }
    return [{"name": name, "value": value} for name, value in found.items()]


def _futures(case: Case, posterior: Fitted, futures: int, days: int) -> Futures:
    scheme, codebook = case.chronicle.scheme, case.chronicle.codebook
    return simulate(
        posterior,
        days=days,
        futures=futures,
        seed=SEED,
        scheme=scheme,
        codebook=codebook,
        record=tuple(posterior.program.watched),
    )


def _settled(case: Case, posterior: Fitted, futures: Futures, times: int) -> object:
    asked = tuple(replace(q, id=f"{q.id}-{i}") for i in range(times) for q in _questions(case))
    history = of_history(case.argument, case.chronicle, asked, posterior=posterior)
    return answer_all(asked, of_futures(replace(futures), case.argument, case.chronicle), history)


def _questions(case: Case) -> tuple[Question, ...]:
    """Return the questions of an argument that the shortest futures here can settle."""
    questions, _ = bound_questions(case, AS_OF, DAYS)
    end = AS_OF + timedelta(days=DAYS)
    return tuple(question for question in questions if question.window.end <= end)


def _fitting(acts_per_day: float, repeats: int) -> float:
    """Return the seconds of a fit to ten years of an invented pair."""
    rng, window = np.random.default_rng(SEED), Window(date(2000, 1, 1), date(2010, 1, 1))
    days = np.sort(rng.integers(window.days, size=round(window.days * acts_per_day)))
    acts = rng.integers(4, size=len(days))
    turns = rng.integers(2, size=len(days))
    classes = ("verbal-cooperation", "verbal-conflict", "force", "joint")
    actions = ("SUPPORT", "ACCUSE", "ASSAULT", "CONSULT")
    rows = pl.DataFrame(
        {
            "date": [window.day(int(day)) for day in days],
            "source": ["AB"[turn] for turn in turns],
            "target": ["BA"[turn] for turn in turns],
            "class": [classes[act] for act in acts],
            "action": [actions[act] for act in acts],
            "intensity": [-1.0] * len(days),
            "mode": ["statement"] * len(days),
            "issue": [f"issue {i}" for i in range(len(days))],  # else acts of a day fold into one
            "fatalities": pl.Series([None] * len(days), dtype=pl.Int64),
        }
    )
    argument = load_argument("baseline").between("A", "B")
    program = compile_argument(argument, Chronicle.of(rows, window, "detente"), window.end)
    return seconds(lambda: fit(program), repeats)
