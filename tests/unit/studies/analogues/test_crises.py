"""Crises: the table as its sources have it, features known at the start alone, nothing known later."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from importlib import resources

import polars as pl
import pytest

from detente.base.days import Window
from detente.lab.phases import phase_history
from detente.studies.analogues.crises import (
    AT_START,
    Feature,
    PastCrisis,
    crises,
    features_now,
    similar_crises,
)
from detente.studies.analogues.icb_table import COLUMNS, crisis_table, table_from
from worlds import AS_OF, SHARED, baseline, embedded, essay, random_chronicle

PAIR = ("USA", "IRN")
VIOLENT = (Feature("trigger_violent", True, "chronicle"),)


def crisis(number: int, first: str, last: str, states: str = "A B", outcome: str = "faded") -> PastCrisis:
    def day(text: str) -> Window:
        start = date.fromisoformat(text if len(text) > 7 else f"{text}-01")
        end = start.replace(day=28) if len(text) == 7 else start
        return Window(start, end.fromordinal(end.toordinal() + 1))

    about = (number, f"CRISIS {number}", tuple(states.split()), ())
    return PastCrisis(*about, day(first), day(last), True, "none", "no", "no", 4, outcome)


def test_the_table_is_what_its_sources_make_it() -> None:
    folder = SHARED / "data" / "icb"
    if not folder.is_dir():
        pytest.skip(f"NOT CHECKED on the real files: {folder} is not there")
    shipped = resources.files("detente") / "data" / "crises" / "crises.csv"
    assert table_from(folder) == shipped.read_bytes()


def test_codes_that_mean_nothing_known_stay_empty() -> None:
    row = dict.fromkeys(
        (
            *("crisno", "crisname", "yrtrig", "motrig", "datrig", "yrterm", "moterm", "daterm"),
            *("break", "viol", "mednum", "protrac", "powdissy", "forout"),
        ),
        "",
    )
    rows = [
        row
        | {"crisno": "7", "crisname": "ONE", "yrtrig": "1956", "motrig": "2", "datrig": "66", "mednum": "9"},
        row | {"crisno": "474", "crisname": "NOTHING KNOWN"},
        row
        | {"crisno": "8", "yrtrig": "1957", "motrig": "3", "datrig": "4", "break": "9", "viol": "4"}
        | {"mednum": "3", "protrac": "3", "powdissy": "-12", "forout": "2"},
    ]
    actors = [
        {"crisno": "8", "cracid": "2", "actor": "USA", "trigent": "630"},
        {"crisno": "8", "cracid": "671", "actor": "HIJ", "trigent": "996"},
    ]
    made = crisis_table(pl.DataFrame(rows), pl.DataFrame(actors))
    assert made.rows() == [
        ("7", "ONE", "", "", "1956-02", "", "", "", "", "", "", ""),
        (
            *("8", "", "HIJ USA", "IRN", "1957-03-04", "", "yes", "full-scale war", "yes", "long war", "12"),
            "semi-formal agreement",
        ),
    ]
    assert tuple(made.columns) == COLUMNS


def test_only_features_known_at_the_start_match() -> None:
    known = crises()
    found, left_out = similar_crises(VIOLENT, PAIR, AS_OF, known)
    assert set(found[0].parts) == {"trigger_violent"}
    more = (*VIOLENT, Feature("outcome", "faded"), Feature("violence", "none"), Feature("mediation", "yes"))
    assert similar_crises(more, PAIR, AS_OF, known) == (found, left_out)
    assert similar_crises([Feature(name, None) for name in AT_START], PAIR, AS_OF, known)[0] == ()


def test_features_of_the_day_are_those_of_the_chronicle_and_of_earlier_crises() -> None:
    def now(day: date) -> dict[str, Feature]:
        history = phase_history(essay(), embedded().known_at(day))
        return {feature.name: feature for feature in features_now(history, PAIR, day)}

    in_crisis, quiet = now(AS_OF), now(date(2003, 5, 5))
    assert in_crisis["trigger_violent"].value is True
    assert quiet["trigger_violent"].why == "no crisis"
    assert in_crisis["power_gap"].number == 448  # Iran's nuclear programme, 2006
    assert quiet["power_gap"].number == 309  # the hostages, 1979
    assert {in_crisis[name].why for name in ("violence", "mediation", "outcome")} == {"whole crisis"}


def test_five_years_of_which_a_gap_takes_one_do_not_say_that_a_conflict_is_not_protracted() -> None:
    chronicle = random_chronicle(days=2000)
    quiet = chronicle.events.filter(pl.col("class") == "verbal-cooperation")
    gap = Window(date(2002, 1, 1), date(2003, 1, 1))
    rest = quiet.filter(~pl.col("date").is_between(gap.start, gap.end, "left"))
    said = []
    for known in (replace(chronicle, events=quiet), replace(chronicle, events=rest, gaps=(gap,))):
        features = features_now(phase_history(baseline("A", "B"), known), ("A", "B"), known.window.end, [])
        said += [each.value for each in features if each.name == "protracted"]
    assert said == ["no", None]


def test_what_was_not_over_by_the_day_is_not_told() -> None:
    running = crisis(1, "2000-01-01", "2001-06-01")
    (now,), _ = similar_crises(VIOLENT, PAIR, date(2000, 3, 1), [running])
    assert (now.outcome, now.another, dict(now.ended)) == (None, None, {1: False, 6: None, 24: None})
    value = now.to_dict()
    assert {value[key] for key in ("last", "outcome", "violence", "mediation")} == {None}
    (later,), _ = similar_crises(VIOLENT, PAIR, date(2002, 3, 1), [running])
    assert (later.outcome, dict(later.ended)) == ("faded", {1: False, 6: False, 24: True})
    assert later.another is None  # two years after it had not passed
    assert similar_crises(VIOLENT, PAIR, date(2000, 1, 1), [running])[0] == ()


def test_days_that_only_months_are_known_of_decide_nothing_they_cannot() -> None:
    vague = crisis(1, "2000-01", "2000-02")
    (now,), _ = similar_crises(VIOLENT, PAIR, date(2004, 1, 1), [vague])
    assert dict(now.ended) == {1: None, 6: True, 24: True}


def test_another_crisis_needs_two_of_the_states_and_two_years() -> None:
    first = crisis(1, "2000-01-01", "2000-02-01")
    for number, (day, states, expected) in enumerate(
        (
            ("2001-01-01", "A B C", True),
            ("2001-01-01", "A C", False),
            ("2002-03-01", "A B", False),
            ("2000-01-15", "A B", False),  # began before the other was over
        ),
        start=2,
    ):
        other = crisis(number, day, "2003-01-01", states)
        found, _ = similar_crises(VIOLENT, PAIR, date(2005, 1, 1), [first, other])
        assert next(each for each in found if each.crisis is first).another is expected
