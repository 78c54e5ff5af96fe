"""What acts leave in memories that acts draw down: that which the same memories lack when run without them."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import polars as pl
import pytest

from detente.base.arrays import Floats
from detente.model.clocks import at_clocks
from detente.model.compiler import compile_argument
from detente.model.leave_out import Traces
from detente.model.program import Program
from worlds import AS_OF, embedded, essay

ARGUMENT = at_clocks(essay(), {"fast": 14, "slow": 365, "generational": 7305})


@cache
def compiled() -> tuple[Program, Traces]:
    program = compile_argument(ARGUMENT, embedded(), AS_OF)
    return program, Traces.of(ARGUMENT, embedded(), program)


def accounts(program: Program) -> dict[int, float]:
    """Return the memories that acts draw down, by their place."""
    return {m: float(program.initial[m]) for m, memory in enumerate(program.memories) if memory.drawn_down}


def force(source: str) -> int:
    """Return the row of an actor's last known act of force against the other."""
    events, (one, two) = compiled()[1].known.cut.events.with_row_index("_row"), ("USA", "IRN")
    target = two if source == one else one
    found = (pl.col("class") == "force") & (pl.col("source") == source) & (pl.col("target") == target)
    return int(events.filter(found)["_row"][-1])


@pytest.mark.parametrize("left_out", [("USA",), ("IRN",), ("USA", "IRN")])
def test_an_account_without_acts_is_that_of_a_chronicle_without_them(left_out: tuple[str, ...]) -> None:
    program, traces = compiled()
    rows = [force(source) for source in left_out]
    lacking = traces.known.cut.events.with_row_index("_row").filter(~pl.col("_row").is_in(rows)).drop("_row")
    again = compile_argument(ARGUMENT, replace(traces.known.cut, events=lacking), AS_OF)
    rest = program.initial - traces.left_by(program, rows)
    expected = accounts(again)
    assert {program.memories[m] for m in accounts(program)} == {again.memories[m] for m in expected}
    for m in accounts(program):
        there = expected[again.memories.index(program.memories[m])]
        assert rest[m] == pytest.approx(there, rel=1e-9, abs=1e-12)


def test_an_answer_leaves_less_than_nothing_in_the_account_it_settles() -> None:
    program, traces = compiled()
    assert left(program, traces, "IRN").min() < 0 < left(program, traces, "IRN").max()


def test_what_two_acts_left_is_not_the_sum_where_one_answers_the_other() -> None:
    program, traces = compiled()
    together, apart = (
        left(program, traces, "USA", "IRN"),
        left(program, traces, "USA") + left(program, traces, "IRN"),
    )
    assert not np.allclose(together, apart)


def left(program: Program, traces: Traces, *sources: str) -> Floats:
    return traces.left_by(program, [force(source) for source in sources])[list(accounts(program))]
