from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest

from detente.argument.blocks import CountSpec, QuestionSpec
from detente.base.days import Window
from detente.base.errors import QuestionError
from detente.base.shares import share_of
from detente.events.chronicle import Chronicle
from detente.events.phases import Sides
from detente.lab.chronicles import of_history
from detente.questions.answers import answer
from detente.questions.chronicles import Chronicles
from detente.questions.question import Question, bind, resolve
from detente.questions.settle import Outcome, settle
from detente.questions.statements import Acts, Count, Kind, War
from worlds import AS_OF, baseline, embedded, essay, random_chronicle

SPAN = Window(date(2020, 1, 1), date(2021, 1, 1))


def world(*acts: dict[str, object], window: Window = SPAN) -> Chronicle:
    base = {
        "source": "USA",
        "target": "IRN",
        "action": "ASSAULT",
        "class": "force",
        "mode": "airstrike",
        "issue": "x",
    }
    rows = [{**base, "fatalities": None, "precision": "day", "mutual": False, **act} for act in acts]
    return Chronicle.of(pl.DataFrame(rows, schema_overrides={"fatalities": pl.Int64}), window)


def ask(
    window: Window = SPAN, at_least: int | None = 1, at_most: int | None = None, **fields: Any
) -> Question:
    kinds = (Kind(classes=fields.pop("classes", ())), Kind(actions=fields.pop("actions", ())))
    acts = Acts(kinds=tuple(k for k in kinds if k.classes or k.actions), **fields)
    return Question("q", "?", Count(acts, window, at_least, at_most))


DAY = date(2020, 3, 1)


def test_yes_when_enough_acts_count_and_no_when_the_window_is_over() -> None:
    one = world({"date": DAY})
    assert resolve(ask(classes=("force",)), one) is Outcome.YES
    assert resolve(ask(classes=("pressure",)), one) is Outcome.NO
    assert resolve(ask(at_least=2), one) is Outcome.NO


def test_windows_are_half_open() -> None:
    act = world({"date": DAY})
    assert resolve(ask(window=Window(date(2020, 1, 1), DAY)), act) is Outcome.NO
    assert resolve(ask(window=Window(DAY, date(2020, 3, 2))), act) is Outcome.YES


def test_unknown_deaths_make_it_ambiguous_only_if_the_answer_hangs_on_them() -> None:
    unknown, known = world({"date": DAY}), world({"date": DAY}, {"date": DAY, "fatalities": 3})
    assert resolve(ask(deaths_at_least=1), unknown) is Outcome.AMBIGUOUS
    assert resolve(ask(deaths_at_least=1), known) is Outcome.YES
    assert resolve(ask(deaths_at_least=5), world({"date": DAY, "fatalities": 3})) is Outcome.NO
    assert resolve(ask(at_least=None, at_most=0, deaths_at_least=1), unknown) is Outcome.AMBIGUOUS


@pytest.mark.parametrize(
    ("dead", "of_target", "either_way", "of_nobody_named"),
    [
        (None, "yes", "yes", "yes"),
        ("IRN", "yes", "yes", "yes"),
        ("USA", "no", "yes", "yes"),  # a raid that cost its own side
        ("IRQ", "no", "no", "yes"),
        ("mixed", "ambiguous", "yes", "yes"),
    ],
)
def test_deaths_are_of_the_sides_a_question_names(
    dead: str | None, of_target: str, either_way: str, of_nobody_named: str
) -> None:
    on = world({"date": DAY, "fatalities": 8, "fatalities_of": dead})
    ends = {"sources": ("USA",), "targets": ("IRN",)}
    assert resolve(ask(deaths_at_least=1, **ends), on).word == of_target
    assert resolve(ask(deaths_at_least=1, **ends, either_way=True), on).word == either_way
    assert resolve(ask(deaths_at_least=1), on).word == of_nobody_named
    assert resolve(ask(deaths_at_least=9, **ends, either_way=True), on) is Outcome.NO
    assert resolve(ask(**ends), on) is Outcome.YES  # the act counts, whoever died


def test_an_unknown_toll_of_somebody_else_leaves_nothing_open() -> None:
    on = world({"date": DAY, "fatalities_of": "IRQ"})
    assert resolve(ask(deaths_at_least=1, sources=("USA",), targets=("IRN",)), on) is Outcome.NO


@pytest.mark.parametrize(
    ("dead", "outcome"), [(None, "yes"), ("USA", "yes"), ("IRN", "yes"), ("mixed", "yes"), ("IRQ", "no")]
)
def test_a_war_is_counted_in_dead_of_the_principals(dead: str | None, outcome: str) -> None:
    on = world({"date": DAY, "fatalities": 1200, "fatalities_of": dead, "mode": "cyber"})
    sides = Sides(("USA", "IRN"))
    assert settle(War(SPAN), replace(Chronicles.of(on), sides=sides))[0] == Outcome[outcome.upper()]


def test_a_month_dated_act_may_or_may_not_fall_into_the_window() -> None:
    vague = world({"date": date(2020, 3, 1), "precision": "month"})
    assert resolve(ask(window=Window(date(2020, 2, 1), date(2020, 4, 1))), vague) is Outcome.YES
    assert resolve(ask(window=Window(date(2020, 3, 15), date(2020, 4, 1))), vague) is Outcome.AMBIGUOUS
    assert resolve(ask(window=Window(date(2020, 4, 1), date(2020, 5, 1))), vague) is Outcome.NO


def test_a_missing_mode_may_or_may_not_fit() -> None:
    assert resolve(ask(modes=("airstrike",)), world({"date": DAY, "mode": None})) is Outcome.AMBIGUOUS
    assert resolve(ask(modes=("airstrike",)), world({"date": DAY, "mode": "rocket"})) is Outcome.NO


def test_not_yet_until_the_last_day_is_covered_unless_already_won() -> None:
    short = Window(date(2020, 1, 1), date(2020, 6, 1))
    assert resolve(ask(at_least=2), world({"date": DAY}, window=short)) is Outcome.NOT_YET
    assert resolve(ask(at_least=1), world({"date": DAY}, window=short)) is Outcome.YES
    assert resolve(ask(at_least=None, at_most=0), world({"date": DAY}, window=short)) is Outcome.NO
    assert resolve(ask(at_least=None, at_most=1), world({"date": DAY}, window=short)) is Outcome.NOT_YET


def test_days_before_the_chronicle_are_unknown() -> None:
    late = Window(date(2020, 2, 1), date(2021, 1, 1))
    assert resolve(ask(at_least=2), world({"date": DAY}, window=late)) is Outcome.AMBIGUOUS


def test_mutual_acts_count_in_either_order_and_directed_acts_do_not() -> None:
    q = ask(sources=("IRN",), targets=("USA",))
    assert resolve(q, world({"date": DAY, "mutual": True, "class": "joint"})) is Outcome.YES
    assert resolve(q, world({"date": DAY})) is Outcome.NO
    both = ask(sources=("IRN",), targets=("USA",), either_way=True)
    assert resolve(both, world({"date": DAY})) is Outcome.YES


def test_probability_leaves_ambiguous_futures_out_and_tells_their_share() -> None:
    outcomes = np.array([1, 1, 0, 2, 2, 0, 1, 0, 0, 0], dtype=np.int8)
    told = answer(ask(), outcomes, Outcome.NO)
    assert (told.yes, told.settled, told.probability) == (3, 8, share_of(3, 8))
    assert told.ambiguous == 0.2
    assert told.low is not None
    assert told.high is not None
    assert 0 < told.low < told.probability < told.high < 1
    nothing = answer(ask(), np.full(4, 2, dtype=np.int8), Outcome.AMBIGUOUS)
    assert (nothing.probability, nothing.low, nothing.ambiguous) == (None, None, 1.0)


def test_binding_turns_parties_and_roles_into_codes_and_classes() -> None:
    spec = QuestionSpec(
        id="x",
        text="t",
        count=CountSpec(source=("IRN", "proxies"), target=("USA",), role=("force",)),
        at_least=1,
        within_days=30,
    )
    q = bind(spec, essay(), "detente", AS_OF)
    assert isinstance(q.asks, Count)
    assert q.asks.acts.sources[0] == "IRN"
    assert "LBN-HEZ" in q.asks.acts.sources
    assert (q.asks.acts.kinds, q.window) == ((Kind(("force",)),), Window(AS_OF, date(2020, 2, 16)))
    quad = bind(spec, essay(), "quad", AS_OF).asks
    assert isinstance(quad, Count)
    assert quad.acts.kinds == (Kind(("material-conflict",)),)
    past = spec.model_copy(update={"within_days": None, "closes": date(2019, 1, 1)})
    with pytest.raises(QuestionError, match="x must close after it opens"):
        bind(past, essay(), "detente", AS_OF)


def test_history_settles_the_essay_questions() -> None:
    """Outcomes anyone can check in the chronicle: Vienna's indirect talks of April 2021, no accord by January 2022."""
    questions = tuple(bind(q, essay(), "detente", AS_OF) for q in essay().questions)
    history = of_history(essay(), embedded(), questions)
    settled = {q.id: resolve(q, history) for q in questions}
    assert settled["talks-24m"] is Outcome.YES
    assert settled["accord-24m"] is Outcome.YES
    assert settled["relief-12m"] is Outcome.YES


def test_where_no_toll_was_ever_recorded_futures_leave_deaths_unknown() -> None:
    from detente.argument.blocks import RunSpec
    from detente.lab.case import Case
    from detente.lab.run import run

    chronicle = random_chronicle(4)
    silent = replace(chronicle, events=chronicle.events.with_columns(fatalities=pl.lit(None, dtype=pl.Int64)))
    spec = baseline("A", "B").model_copy(
        update={"run": RunSpec(as_of=date(2003, 1, 1), days=90, futures=30, seed=1)}
    )
    with_tolls, without = run(Case("x", spec, chronicle)), run(Case("x", spec, silent))
    assert with_tolls.futures.events["fatalities"].null_count() == 0
    assert without.futures.events["fatalities"].null_count() == without.futures.events.height
    q = ask(window=without.futures.window, classes=("force",), deaths_at_least=1)
    assert resolve(q, without.futures.chronicle(0)) is Outcome.AMBIGUOUS
