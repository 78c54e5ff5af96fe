"""What two states of knowledge differ by, and what single acts are worth in the memories."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from detente.argument.blocks import QuestionSpec
from detente.base.errors import ArgumentError, DataError
from detente.lab.case import Case, load_case
from detente.lab.chronicles import of_history
from detente.model.clocks import at_clocks, fit_argument
from detente.model.compiler import compile_argument
from detente.model.fit import Fitted, fit
from detente.model.known import read_known
from detente.model.leave_out import Traces, expected_acts
from detente.questions.question import bind
from detente.report.text.answers.changes import of_diff, shifts_by_move
from detente.report.text.diff import text_of
from detente.studies.diff import Diff, decided, diff
from worlds import AS_OF, baseline, embedded, essay, random_chronicle

PLAIN = {"fast": 14, "slow": 365, "generational": 7305}


@cache
def case() -> Case:
    argument = at_clocks(essay(), PLAIN)
    chosen = tuple(q for q in argument.questions if q.id in ("strike-30d", "pressure-90d", "no-war-12m"))
    return Case("us-iran", argument.model_copy(update={"questions": chosen, "claims": ()}), embedded())


@cache
def posterior() -> Fitted:
    return fit_argument(case().argument, case().known(AS_OF))


@pytest.fixture(scope="module")
def january() -> Diff:
    return diff(case(), case(), as_of=(date(2020, 1, 2), AS_OF), futures=400, seed=1, most=3)


def test_what_all_acts_left_is_the_memory() -> None:
    for argument in (case().argument, at_clocks(essay(), {"fast": 30, "slow": 90, "generational": 3652})):
        program = compile_argument(argument, embedded(), AS_OF)
        traces = Traces.of(argument, embedded(), program)
        every = range(traces.known.chronicle.acts)
        np.testing.assert_allclose(traces.left_by(program, every), program.initial, rtol=1e-9, atol=1e-12)


def test_memories_without_any_act_are_empty_on_every_point_of_a_grid() -> None:
    averaged = fit_argument(essay(), read_known(essay(), embedded(), AS_OF))
    traces = Traces.of(essay(), embedded(), averaged.program)
    empty = traces.without(averaged, range(traces.known.chronicle.acts))
    parts = empty.draws(50, 1).parts
    assert len(parts) > 1
    for part, _ in parts:
        assert not part.program.initial.any()
    assert np.array_equal(empty.draws(50, 1).beta, averaged.draws(50, 1).beta)


def test_rates_of_the_day_are_those_of_the_fit() -> None:
    # without declared facts: these move between the last fitted day and as_of
    plain = fit(compile_argument(baseline(), embedded(), AS_OF))
    program, mean = plain.program, plain.mean
    got = expected_acts(program, mean, program.history.memories[:, -1])
    last_day = [np.exp(design[-1] @ mean[columns]) for columns, design in program.designs()]
    np.testing.assert_allclose(got, last_day, rtol=1e-9)


def test_both_sides_answer_the_same_dated_questions(january: Diff) -> None:
    for shift in january.shifts:
        assert shift.before.question == shift.after.question
        assert shift.after.question.window.start >= AS_OF
    assert len(january.movers) == 3
    between = pl.col("date").is_between(date(2020, 1, 2), AS_OF, closed="left")
    assert january.new == embedded().events.filter(between).height > 3
    assert all(date(2020, 1, 1) <= act["date"] < AS_OF for act in january.movers)


def test_a_change_is_that_of_the_chances_where_all_settle(january: Diff) -> None:
    shift = next(s for s in january.shifts if s.after.question.id == "strike-30d")
    assert shift.before.probability is not None
    assert shift.after.probability is not None
    assert shift.change.points == pytest.approx(shift.after.probability - shift.before.probability)
    assert shift.change.low < shift.change.points < shift.change.high
    assert shift.acts.points > 0  # two weeks of strikes make another one likelier


def test_one_state_of_knowledge_twice_is_no_difference(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="must differ by an act or a day"):
        diff(case(), case(), as_of=(AS_OF, AS_OF))
    with pytest.raises(ArgumentError, match="must be in chronological order"):
        diff(case(), case(), as_of=(AS_OF, date(2020, 1, 2)))
    path = tmp_path / "news.csv"
    path.write_text("date,source,target,action\n2026-07-06,USA,IRN,ASSAULT\n", encoding="utf-8")
    later = replace(case(), chronicle=load_case("us-iran", add=[path]).chronicle)
    with pytest.raises(DataError, match="is known from 2026-07-07"):
        diff(case(), later, as_of=(AS_OF, AS_OF))


def test_an_act_of_no_one_moves_nothing_and_a_strike_does(tmp_path: Path) -> None:
    path = tmp_path / "news.csv"
    head = "date,source,target,action,mode,fatalities\n"
    path.write_text(
        head + "2020-01-16,FRA,DEU,AID,,\n" + "2020-01-15,IRN,USA,ASSAULT,missile,30\n" * 1, encoding="utf-8"
    )
    later = replace(case(), chronicle=load_case("us-iran", add=[path]).chronicle)
    told = diff(case(), later, as_of=(AS_OF, AS_OF), futures=400, seed=1)
    assert told.new == 2
    assert [act["source"] for act in told.movers] == ["IRN", "FRA"]
    for shift in told.shifts:
        assert (shift.by_act[1].points, shift.by_act[1].low, shift.by_act[1].high) == (0, 0, 0)
    assert any(shift.by_act[0].points != 0 for shift in told.shifts)
    assert told.to_dict()["after"]["added"][0]["file"] == "news.csv"


def test_no_act_taken_away_leaves_the_fit_as_it_is() -> None:
    traces = Traces.of(case().argument, embedded(), posterior().program)
    assert np.array_equal(traces.without(posterior(), []).program.initial, posterior().program.initial)
    assert traces.pull(posterior(), [0]).shape == (1,)
    assert isinstance(traces.known.chronicle.events, pl.DataFrame)


def test_a_rate_that_cannot_fall_below_none_is_decided() -> None:
    chronicle = random_chronicle(days=900)
    quiet = replace(chronicle, events=chronicle.events.filter(pl.col("class") != "force"))
    day = chronicle.window.end
    spec = QuestionSpec(id="falls", text="It falls", ask="A<->B force rate < 0.5 * last 12m within 90d")
    question = bind(spec, baseline("A", "B"), "detente", day)
    assert decided(question, of_history(baseline("A", "B"), quiet)) is False
    assert decided(question, of_history(baseline("A", "B"), chronicle)) is None


def test_what_is_decided_is_said_last_and_never_as_a_move(january: Diff) -> None:
    first = shifts_by_move(january)[0]
    over = replace(first, decided=False)
    result = replace(january, shifts=tuple(over if s is first else s for s in january.shifts))
    assert shifts_by_move(result)[-1] is over
    text = text_of(result)
    assert f"“{first.after.question.text.rstrip('.')}” cannot come true any more (before " in text
    assert "Moved most: " + first.after.question.text not in of_diff(result)
    assert [q["decided"] for q in result.to_dict()["questions"]].count(False) == 1
