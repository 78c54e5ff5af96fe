from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from detente.base.days import Window
from detente.base.errors import QuestionError
from detente.events.chronicle import Chronicle
from detente.events.phases import Sides
from detente.questions.answers import answer
from detente.questions.chronicles import Chronicles, MemoryPath
from detente.questions.grammar import QuestionNames, parse_question
from detente.questions.question import Question, first_days, resolve, resolve_many
from detente.questions.settle import Outcome, settle_earlier

START = date(2020, 1, 1)
NAMES = QuestionNames({"principals": ("A", "B")})
NO, YES, AMBIGUOUS, NOT_YET, VOID, _ = Outcome


def day(n: int) -> date:
    return START + timedelta(days=n)


def act(
    n: int, source: str = "A", target: str = "B", action: str = "ASSAULT", **more: object
) -> dict[str, object]:
    class_ = {"ASSAULT": "force", "CONSULT": "joint", "ACCUSE": "verbal-conflict"}[action]
    row = {"date": day(n), "source": source, "target": target, "action": action, "class": class_}
    return {**row, "mode": "airstrike", "fatalities": None, "mutual": class_ == "joint", **more}


def world(*acts: dict[str, object], days: int = 366, past: Chronicle | None = None) -> Chronicles:
    rows = pl.DataFrame([*acts, act(days - 1, "X", "Y")], schema_overrides={"fatalities": pl.Int64})
    chronicle = Chronicle.of(rows, Window(START, day(days)))
    return replace(Chronicles.of(chronicle), sides=Sides(("A", "B")), past=past)


def among(one: Chronicles, count: int) -> Chronicles:
    """Put a chronicle first among others in which nothing happened."""
    starts = np.array([0, *[len(one.acts.day)] * count])
    return replace(one, acts=replace(one.acts, starts=starts))


def ask(text: str, as_of: date = START) -> Question:
    parsed = parse_question(text, NAMES, as_of)
    return Question("q", text, parsed.asks, parsed.given, parsed.first)


FIGHT = tuple(act(n, *pair) for n in (100, 101) for pair in (("A", "B"), ("B", "A")))


def test_phase_on_a_day_on_a_share_and_on_most_days() -> None:
    fought = world(*FIGHT)
    assert resolve(ask("phase hostilities within 366d"), fought) is YES
    assert resolve(ask("phase hostilities within 100d"), fought) is NO
    assert resolve(ask("phase hostilities share>=.05 within 366d"), fought) is YES
    assert resolve(ask("phase hostilities share>=.5 within 366d"), fought) is NO
    assert resolve(ask("phase cold on most days within 366d"), fought) is YES
    assert resolve(ask("phase crisis on most days from 100d to 200d"), fought) is YES


def test_phases_wait_for_days_that_could_change_them() -> None:
    fought = world(*FIGHT, days=200)
    assert resolve(ask("phase hostilities within 366d"), fought) is YES
    assert resolve(ask("phase thaw within 366d"), fought) is NOT_YET
    assert resolve(ask("phase cold on most days within 366d"), fought) is NOT_YET
    assert resolve(ask("phase hostilities share>=.9 within 366d"), fought) is NO
    early = date(2019, 6, 1)
    assert resolve(ask("phase thaw within 300d", early), fought) is AMBIGUOUS


def test_days_of_a_gap_leave_phases_and_wars_ambiguous() -> None:
    gap = Sides(("A", "B"), gaps=(Window(day(98), day(130)),))
    hidden = replace(world(*FIGHT), sides=gap)
    for line in ("phase hostilities within 366d", "talks within 366d", "phase thaw share>=.05 within 366d"):
        assert resolve(ask(line), hidden) is AMBIGUOUS
    assert resolve(ask("phase cold on most days within 366d"), hidden) is AMBIGUOUS
    assert resolve(ask("phase thaw share>=.5 within 366d"), hidden) is NO  # whatever the gap held
    assert resolve(ask("phase cold share>=.2 within 366d"), hidden) is YES
    assert resolve(ask("phase cold on most days within 90d"), hidden) is YES
    assert resolve(ask("war within 12m"), hidden) is AMBIGUOUS
    assert resolve(ask("war within 12m"), replace(world(), sides=gap)) is AMBIGUOUS
    assert resolve(ask("war within 12m"), world()) is NO
    quick = settle_earlier(ask("phase thaw within 60d", day(200)).asks, hidden, np.array([0, 40, 95, 170]))
    assert quick is not None
    assert quick.tolist() == [NO, NO, AMBIGUOUS, NO]


def test_counts_and_rates_over_a_gap_are_ambiguous_unless_settled_anyway() -> None:
    gap = Sides(("A", "B"), gaps=(Window(day(98), day(130)),))
    hidden = replace(world(act(5), act(10), act(200)), sides=gap)
    assert resolve(ask("A->B force count >= 5 within 150d"), hidden) is AMBIGUOUS
    assert resolve(ask("A->B force count <= 5 within 150d"), hidden) is AMBIGUOUS
    assert resolve(ask("A->B force count >= 2 within 150d"), hidden) is YES  # whatever the gap held
    assert resolve(ask("A->B force count <= 1 within 150d"), hidden) is NO
    assert resolve(ask("A->B force count >= 5 within 98d"), hidden) is NO
    rate = "A->B force rate > 1.5 * last 60d within 30d"
    assert resolve(ask(rate, day(150)), hidden) is AMBIGUOUS
    assert resolve(ask(rate, day(190)), hidden) is YES
    assert (
        resolve(
            ask(rate, day(190)), replace(hidden, sides=Sides(("A", "B"), gaps=(Window(day(210), day(211)),)))
        )
        is YES
    )


def test_talks_are_the_overlay_and_meetings_are_acts() -> None:
    met = world(act(10, action="CONSULT"), act(300, action="CONSULT"))
    assert resolve(ask("A<->B talks within 100d"), met) is YES
    assert resolve(ask("talks within 366d"), met) is NO  # two days apart by more than 180
    assert (
        resolve(ask("talks within 366d"), world(act(10, action="CONSULT"), act(40, action="CONSULT"))) is YES
    )


def test_the_past_feeds_phases() -> None:
    met = Chronicle.of(pl.DataFrame([act(-20, action="CONSULT")]), Window(day(-30), START))
    now = world(act(10, action="CONSULT"), past=met)
    assert resolve(ask("talks within 100d"), now) is YES
    assert resolve(ask("talks within 100d"), replace(now, past=None)) is NO


def test_war_by_known_deaths_then_by_hostilities() -> None:
    def deaths(*tolls: tuple[int, int]) -> Chronicles:
        return world(*(act(n, fatalities=toll) for n, toll in tolls), days=800)

    assert resolve(ask("war within 24m"), deaths((10, 600), (300, 400))) is YES
    assert (
        resolve(ask("war within 24m"), deaths((10, 600), (376, 400))) is NO
    )  # more than twelve months apart
    assert resolve(ask("war within 24m"), deaths((10, 999))) is NO
    assert resolve(ask("war within 12m"), world(*FIGHT)) is AMBIGUOUS
    assert resolve(ask("war within 12m"), world(*FIGHT, days=300)) is NOT_YET
    spell = Window(day(95), day(130))
    assert resolve(ask("war within 12m"), replace(world(*FIGHT), tolls=((spell, 1500),))) is YES
    assert resolve(ask("war within 12m"), replace(world(*FIGHT), tolls=((spell, 15),))) is NO


def test_each_of_several_tolls_speaks_of_its_own_days() -> None:
    def cited(*spells: tuple[int, int]) -> Chronicles:
        return replace(world(*FIGHT), tolls=tuple((Window(day(a), day(b)), 15) for a, b in spells))

    asked = ask("war within 12m")
    assert resolve(asked, cited((0, 20), (95, 130))) is NO  # the second holds all hostilities
    assert resolve(asked, cited((90, 200), (100, 110))) is NO  # one within the other
    assert resolve(asked, cited((0, 20), (95, 101))) is AMBIGUOUS  # some are in neither


def test_phases_and_wars_need_to_know_the_sides() -> None:
    bare = replace(world(), sides=None)
    for text in ("war within 12m", "talks within 12m", "phase thaw within 12m"):
        with pytest.raises(QuestionError, match="who is on which side"):
            resolve(ask(text), bare)


def test_rates_against_a_reference() -> None:
    held = world(*(act(n) for n in (5, 15, 25, 60)))
    assert resolve(ask("A->B force rate < last 50d within 50d", day(50)), held) is YES  # 1 against 3
    assert resolve(ask("A->B force rate > last 50d within 50d", day(50)), held) is NO
    assert resolve(ask("A->B force rate < 0.2 * last 50d within 50d", day(50)), held) is NO  # 1 against .6
    assert resolve(ask("A->B force rate > 0.2 * last 50d within 50d", day(50)), held) is YES
    assert (
        resolve(ask("A->B force rate < last 90d within 50d", day(50)), held) is AMBIGUOUS
    )  # before coverage
    tied = world(act(5), act(60))
    assert resolve(ask("A->B force rate < last 50d within 50d", day(50)), tied) is NO
    assert resolve(ask("A->B force rate > last 50d within 50d", day(50)), tied) is NO


def test_the_past_feeds_references() -> None:
    before = Chronicle.of(pl.DataFrame([act(-9), act(-8)]), Window(day(-30), START))
    assert resolve(ask("A->B force rate < last 20d within 20d"), world(act(3), past=before)) is YES
    assert resolve(ask("A->B force rate < last 20d within 20d"), world(act(3), act(4), past=before)) is NO


def test_clocks_are_read_every_28_days_and_half_lives_must_agree() -> None:
    def on(*rows: list[float], count: int = 1) -> Chronicles:
        path = MemoryPath(START, 1, np.array(rows))
        return replace(among(world(), count), paths={("fast", "A"): path})

    falling, rising = np.linspace(9, 1, 100).tolist(), np.linspace(1, 9, 100).tolist()
    assert resolve(ask("clock fast A lower within 60d"), on(falling)) is YES
    assert resolve(ask("clock fast A higher within 60d"), on(falling)) is NO
    late_dip = [5.0] * 57 + [1.0] * 43  # day 57 is after the last step of a window of 60 days
    assert resolve(ask("clock fast A lower within 60d"), on(late_dip)) is NO
    assert resolve(ask("clock fast A lower within 60d"), on(falling, falling)) is YES
    assert resolve(ask("clock fast A lower within 60d"), on(falling, rising)) is AMBIGUOUS
    both = resolve_many(ask("clock fast A lower within 60d"), on(falling, rising, count=2))
    assert both.tolist() == [YES, NO]
    assert resolve(ask("clock fast B lower within 60d"), on(falling)) is AMBIGUOUS  # nothing recorded


def test_not_and_or_with_answers_that_are_out() -> None:
    later = world(act(3), days=100)
    yes, no, open_ = "A->B force within 50d", "B->A force within 50d", "B->A force within 200d"
    for text, outcome in (
        (f"not {yes}", NO),
        (f"not {open_}", NOT_YET),
        (f"{yes} and {open_}", NOT_YET),
        (f"{no} and {open_}", NO),
        (f"{yes} or {open_}", YES),
        (f"{no} or {open_}", NOT_YET),
        (f"{yes} and not {no}", YES),
    ):
        assert resolve(ask(text), later) is outcome, text


def test_a_condition_that_did_not_hold_makes_it_void() -> None:
    happened = world(act(3))
    assert resolve(ask("A->B force within 50d given B->A force within 50d"), happened) is VOID
    assert resolve(ask("B->A force within 50d given A->B force within 50d"), happened) is NO
    outcomes = resolve_many(ask("A->B force within 9d given A->B force within 50d"), among(happened, 4))
    told = answer(ask("war within 1d"), outcomes, VOID)
    assert outcomes.tolist() == [YES, VOID, VOID, VOID]
    assert (told.yes, told.settled, told.ambiguous) == (1, 1, 0.0)


def test_days_of_the_first_act() -> None:
    happened = among(world(act(30), act(12)), 4)
    question = ask("first A->B force within 100d")
    days = first_days(question, happened)
    assert days.tolist() == [12, np.inf, np.inf, np.inf]
    told = answer(question, resolve_many(question, happened), YES, first=days, first_seen=12)
    assert told.first == (day(12), day(12), None, None, None)
    assert told.first_seen == day(12)
