"""Probabilities agree with one another: laws of counts of futures, over random statements on the same futures.

An ambiguous future is neither a yes nor a no. The laws hold future by future for *surely yes* and for *surely no*, so
they hold of both counts whatever else is ambiguous. What is never likelier in both counts is never likelier in the
probability, and the probabilities of a statement and its opposite sum to 1. What adds up are the counts: of *A or B*,
and of *A given B*, whose futures are those in which B surely holds and A is known. A sort of act that is not modelled
has no count at all, so it is compared with nothing.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from detente.base.arrays import Bools
from detente.base.days import Window
from detente.base.shares import share_of
from detente.events.act_log import UNKNOWN, ActLog
from detente.questions.amounts import measure
from detente.questions.chronicles import Chronicles
from detente.questions.distributions import steps
from detente.questions.question import Question, resolve_many
from detente.questions.settle import Outcome, settle
from detente.questions.statements import (
    Acts,
    All,
    Amount,
    Any,
    Count,
    InPhase,
    Kind,
    Not,
    Statement,
    War,
)
from random_statements import (
    BEFORE,
    DAYS,
    LOOKS,
    SIDES,
    START,
    acts_on,
    chosen_acts,
    history,
    phases,
    statements,
    windows,
)
from tiers import SLOW_TIER

FUTURES = 12
law = settings(max_examples=300 if SLOW_TIER else 10)


@st.composite
def worlds(draw: st.DrawFn) -> Chronicles:
    """Draw futures with a past, in which modes, tolls and days are known or not, and some acts may not be modelled."""
    futures = [draw(acts_on(DAYS)) for _ in range(FUTURES)]
    flat = [row for rows in futures for row in rows]
    day, look, deaths = (np.array([row[i] for row in flat], dtype=np.int32) for i in range(3))
    deaths = np.maximum(deaths, 0) if draw(st.booleans()) else deaths
    looks = pl.DataFrame(LOOKS, schema_overrides={"mode": pl.String, "issue": pl.String})
    spans = np.ones(len(LOOKS), dtype=np.int64)
    if draw(st.booleans()):
        spans[::3] = 30  # as of a month
    log = ActLog(
        Window(START, START + timedelta(DAYS)),
        np.cumsum([0, *map(len, futures)]),
        *(day, look, deaths, looks, spans, spans == 1),
    )
    past = history(draw(acts_on(BEFORE)), START - timedelta(BEFORE), BEFORE)
    gaps = draw(st.sampled_from([(), (Window(START + timedelta(200), START + timedelta(210)),)]))
    pairs = [(look["source"], look["target"], look["class"]) for look in LOOKS if look["source"] != "F"]
    modelled = draw(st.sampled_from([None, frozenset(pairs)]))
    return Chronicles(log, "detente", past, replace(SIDES, gaps=gaps), modelled=modelled)  # type: ignore[arg-type]


def yes(statement: Statement, on: Chronicles) -> Bools:
    return settle(statement, on) == Outcome.YES


def no(statement: Statement, on: Chronicles) -> Bools:
    return settle(statement, on) == Outcome.NO


def probability(statement: Statement, on: Chronicles) -> float | None:
    """Return the probability that an answer would have."""
    surely, not_at_all = int(yes(statement, on).sum()), int(no(statement, on).sum())
    return share_of(surely, surely + not_at_all)


def never_more(less: Statement, more: Statement, on: Chronicles) -> None:
    """Hold one statement to be never more likely than another: in counts, future by future, and in the answer."""
    assert not (yes(less, on) & ~yes(more, on)).any()
    if all(on.can_hold(part.acts) for part in (less, more) if isinstance(part, Count)):
        assert not (no(more, on) & ~no(less, on)).any()
        one, other = probability(less, on), probability(more, on)
        assert one is None or other is None or one <= other


inside = st.tuples(st.integers(0, 250), st.integers(1, 150)).map(
    lambda w: Window(START + timedelta(w[0]), START + timedelta(sum(w)))
)
ambiguous = st.builds(Count, chosen_acts.filter(lambda acts: bool(acts.modes)), inside, st.integers(1, 2))
occurrences = st.one_of(
    st.builds(Count, chosen_acts, inside | windows(), at_least=st.integers(1, 6)),
    st.builds(InPhase, phases, windows()),
    st.builds(War, windows()),
)


@law
@given(worlds(), occurrences, st.integers(1, 200))
def test_what_happens_within_a_window_happens_within_a_longer_one(
    on: Chronicles, asks: Count | InPhase | War, more: int
) -> None:
    longer = Window(asks.window.start, asks.window.end + timedelta(more))
    never_more(asks, replace(asks, window=longer), on)


@law
@given(worlds(), statements)
def test_the_opposite_is_the_rest(on: Chronicles, asks: Statement) -> None:
    assert_array_equal(yes(Not(asks), on), no(asks, on))
    assert_array_equal(no(Not(asks), on), yes(asks, on))
    chance, other = probability(asks, on), probability(Not(asks), on)
    assert (chance is None) == (other is None)
    if chance is not None and other is not None:
        assert chance + other == pytest.approx(1, abs=1e-15)


@law
@given(worlds(), statements | occurrences, ambiguous | statements)
def test_given_is_both_over_the_condition(on: Chronicles, asks: Statement, condition: Statement) -> None:
    told = resolve_many(Question("q", "?", asks, condition), on)
    assert_array_equal(told == Outcome.YES, yes(All((asks, condition)), on))
    assert_array_equal(told == Outcome.NO, yes(All((Not(asks), condition)), on))
    assert_array_equal(told == Outcome.VOID, no(condition, on))
    held = yes(condition, on)
    settled = (told == Outcome.YES) | (told == Outcome.NO)
    assert not (settled & ~held).any()
    assert_array_equal(
        held & ~settled, held & ~yes(asks, on) & ~no(asks, on), "of the rest the question is open"
    )


@law
@given(worlds(), statements, statements)
def test_either_is_one_and_the_other_less_both(on: Chronicles, one: Statement, other: Statement) -> None:
    either, both = Any((one, other)), All((one, other))
    for says in (yes, no):
        counts = [int(says(part, on).sum()) for part in (either, one, other, both)]
        assert counts[0] == counts[1] + counts[2] - counts[3]


@law
@given(worlds(), chosen_acts, windows(), st.integers(1, 6))
def test_more_acts_are_never_likelier(on: Chronicles, acts: Acts, window: Window, least: int) -> None:
    never_more(Count(acts, window, least + 1), Count(acts, window, least), on)
    never_more(Count(acts, window, at_most=least - 1), Count(acts, window, at_most=least), on)
    assert_array_equal(yes(Count(acts, window, at_most=least - 1), on), no(Count(acts, window, least), on))


@st.composite
def narrower(draw: st.DrawFn, acts: Acts) -> Acts:
    """Draw acts that are some of others: fewer actors, actions or modes, one way instead of both, or more deaths."""
    part = draw(st.sampled_from(["sources", "targets", "kinds", "modes", "issues", "way", "deaths"]))
    match part:
        case "sources" | "targets":
            given_ = getattr(acts, part)
            return replace(acts, **{part: given_[:1] or ("A" if part == "sources" else "B",)})
        case "kinds":
            extra = draw(st.sampled_from([Kind(actions=("ASSAULT",)), Kind(classes=("force",))]))
            return replace(acts, kinds=(*acts.kinds, extra))
        case "modes":
            return replace(acts, modes=acts.modes[:1] or ("airstrike",))
        case "issues":
            return replace(acts, issues=("other",))
        case "way":
            return replace(acts, either_way=False)
    return replace(acts, deaths_at_least=(acts.deaths_at_least or 0) + 1)


@law
@given(worlds(), chosen_acts, windows(), st.integers(1, 4), st.data())
def test_some_acts_are_never_likelier_than_all(
    on: Chronicles, acts: Acts, window: Window, least: int, data: st.DataObject
) -> None:
    some = data.draw(narrower(acts))
    never_more(Count(some, window, least), Count(acts, window, least), on)


@law
@given(worlds(), chosen_acts, windows())
def test_how_many_says_what_counts_say(on: Chronicles, acts: Acts, window: Window) -> None:
    acts = replace(acts, deaths_at_least=None)
    found = measure(Amount(acts, window, "count"), on)
    for least in range(1, 12):
        count = Count(acts, window, least)
        assert_array_equal(found.low >= least, yes(count, on))
        assert_array_equal(found.high < least, no(count, on))
        surely, settled = int(yes(count, on).sum()), int((yes(count, on) | no(count, on)).sum())
        if found.known.any():
            values, chances = steps(found)
            assert chances[values >= least].sum() == pytest.approx(surely / settled)


@law
@given(worlds(), chosen_acts, windows(), st.lists(st.integers(1, 400), min_size=5, max_size=20))
def test_when_says_what_shorter_windows_say(
    on: Chronicles, acts: Acts, window: Window, days: list[int]
) -> None:
    acts = replace(acts, deaths_at_least=None)
    found = measure(Amount(acts, window, "day"), on)
    for day in {min(d, window.days) for d in (*days, window.days)}:
        within = Count(acts, Window(window.start, window.start + timedelta(day)), at_least=1)
        assert_array_equal(found.high < day, yes(within, on))
        assert_array_equal(found.low >= day, no(within, on))


@law
@given(worlds(), chosen_acts, windows())
def test_deaths_of_some_acts_are_never_more_than_those_of_all(
    on: Chronicles, acts: Acts, window: Window
) -> None:
    acts = replace(acts, deaths_at_least=None)
    whole = measure(Amount(acts, window, "deaths"), on)
    for some in (
        replace(acts, kinds=(*acts.kinds, Kind(classes=("force",)))),
        replace(acts, modes=acts.modes[:1] or ("cyber",)),
    ):
        part = measure(Amount(some, window, "deaths"), on)
        if on.can_hold(some):
            assert (part.low <= whole.low).all()
            assert (part.high <= whole.high).all()


def test_the_worlds_hold_what_is_open() -> None:
    """Laws of ambiguous futures mean nothing unless there are some."""
    seen = set()

    @settings(max_examples=60, database=None, derandomize=True)
    @given(worlds(), statements)
    def look(on: Chronicles, asks: Statement) -> None:
        seen.update(settle(asks, on).tolist())
        seen.update({"unknown toll"} if (on.acts.deaths == UNKNOWN).any() else set())

    look()
    assert seen >= {Outcome.YES, Outcome.NO, Outcome.AMBIGUOUS, Outcome.NOT_YET, "unknown toll"}
