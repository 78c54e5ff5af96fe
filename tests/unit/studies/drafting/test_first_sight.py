"""What a first argument says of what it leaves out: third parties, questions, stretches that nobody coded."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import polars as pl
import pytest
from tests.unit.studies.drafting.test_from_events import FORCE, FRIENDLY, START, chronicle

from detente.base.days import Window
from detente.studies.drafting.actors import others_of
from detente.studies.drafting.from_events import propose
from detente.studies.drafting.quiet import quiet_stretches
from detente.studies.drafting.templates import template
from worlds import random_chronicle

BOTH = (("AAA", "BBB"), ("BBB", "AAA"))


def force(days):
    return [(day, *ends, FORCE) for day in days for ends in BOTH]


def test_who_is_no_third_party_is_named_with_its_counts():
    others = [(9, "UNO", "AAA", FRIENDLY), (10, "UNO", "AAA", FORCE), (11, "UNO", "BBB", FRIENDLY)]
    rows = [*force(range(0, 600, 7)), *others]
    made = chronicle(rows, 600)
    assert [(one.code, one.acts, one.friendly) for one in others_of(made, ("AAA", "BBB"))] == [
        ("UNO", (2, 1), (1, 1))
    ]
    assert "#   UNO: 1 of 2 toward AAA, 1 of 1 toward BBB" in propose(made, ("AAA", "BBB")).text


def test_nobody_else_acts_on_the_two():
    assert (
        "nobody else acts on AAA or BBB"
        in propose(chronicle(force(range(0, 600, 7)), 600), ("AAA", "BBB")).text
    )


def test_long_stretches_without_an_act_are_offered_as_gaps():
    made = chronicle(force([*range(0, 400, 7), *range(900, 1200, 7)]), 1200)
    (stretch,) = quiet_stretches(made)
    assert stretch == Window(START + timedelta(days=400), START + timedelta(days=900))
    assert "#   - {start: 2002-02-05, end: 2003-06-20, because:" in propose(made, ("AAA", "BBB")).text


@pytest.mark.parametrize("days", [range(0, 1200, 7), range(0, 1200, 170)])
def test_acts_as_rare_as_ever_leave_no_gap(days):
    assert quiet_stretches(chronicle(force(days), 1200)) == ()


def test_days_after_the_last_act_are_a_stretch_too():
    (stretch,) = quiet_stretches(chronicle(force(range(0, 400, 7)), 900))
    assert (stretch.start, stretch.end) == (date(2002, 2, 5), date(2003, 6, 20))


def test_what_cannot_come_true_any_more_is_not_asked():
    """Nothing lately to fall below: the answer is no today, and a run would print none of its futures."""
    made = propose(chronicle(force(range(0, 1000, 40)), 1500), ("AAA", "BBB"))
    assert "hostile-deeds-falls" not in {asked.spec.id for asked in made.questions}
    assert "# Not asked: hostile-deeds-falls, which cannot come true" in made.text


def test_of_two_questions_that_ask_the_opposite_one_is_left_out():
    same, at_one_act, apart = (
        [
            one.spec.ask.partition(" rate ")[2]
            for one in propose(chronicle(acts, 1500), ("AAA", "BBB")).questions
        ]
        for acts in (force(range(0, 1500, 9)), force(range(0, 1500, 60))[::2], force(range(0, 1500, 25)))
    )
    assert same == ["> last 12m within 90d"]
    assert len(at_one_act) == 1, "none, or at least one"
    assert apart == ["> 1.5 * last 12m within 30d", "< last 12m within 90d"]


def test_where_one_class_holds_pressure_and_force_hostile_deeds_are_asked_about():
    acts = force([day for day in range(0, 1500, 7) if day % 5 or day > 900])
    text = propose(chronicle(acts, 1500), ("AAA", "BBB")).text
    assert "hostile-deeds-rises" in text
    assert "Hostile deeds between AAA and BBB are" in text
    assert "force-rises" not in text


def test_questions_left_out_say_why():
    text = propose(chronicle(force(range(0, 1500, 3)), 1500), ("AAA", "BBB")).text
    assert "# Not asked: deadly-strike, which needs deaths, and the column fatalities holds none." in text
    assert (
        "# Not asked: friendly-words, which came true in fewer than 5 % of the windows of every length."
        in text
    )


def test_data_without_an_act_done_together_are_not_asked_about_talks():
    made = random_chronicle(days=1500, per_day=0.05)
    apart = replace(made, events=made.events.filter(pl.col("class") != "joint"))
    assert "talks" in {one.spec.id for one in propose(made, ("A", "B")).questions}
    assert "# Not asked: talks, which needs acts that both do together" in propose(apart, ("A", "B")).text


def test_a_forecast_without_a_question_is_a_comment():
    text = template("claims", ("AAA", "BBB"), None, None)
    assert "#     question: FILL-IN" in text
    assert [line for line in text.splitlines() if "FILL-IN" in line and not line.startswith("#")] == []


def test_who_is_struck_and_never_strikes_gets_no_channel():
    rows = [*force(range(0, 900, 9)), *((day, "BBB", "VVV", FORCE, None, 2) for day in range(0, 900, 30))]
    rows += [(day, "GGG", "BBB", FORCE) for day in range(0, 900, 50)]
    made = propose(chronicle(rows, 900), ("AAA", "BBB"))
    assert "VVV" not in {member for party in made.argument.parties.values() for member in party.members}
    assert "# Left out: VVV, on which BBB acts with force (30 acts, 60 deaths)" in made.text
    assert made.foes["BBB"].members == ("GGG",)


def test_no_door_is_drafted_that_unlock_would_refuse():
    rows = [(day, *pair, FRIENDLY) for day in range(0, 900, 9) for pair in (("MED", "AAA"), ("MED", "BBB"))]
    made = propose(chronicle([*force(range(0, 900, 7)), *rows], 900), ("AAA", "BBB"), with_=("door",))
    assert made.offices.members == ("MED",)
    assert made.argument.door is None
    assert "the codes of these events know none: `detente unlock` would refuse it" in made.text
