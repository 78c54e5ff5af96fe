"""Phases: every rule on a tiny made-up chronicle, then the periods the rule was tuned on."""

from __future__ import annotations

import json
import time
from dataclasses import fields, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.argument.argument import Argument
from detente.argument.blocks import GapSpec, PartySpec, SiegeSpec
from detente.argument.sides import sides_of
from detente.base.days import Window
from detente.base.errors import ArgumentError
from detente.cli.main import app
from detente.events.act_log import ActLog
from detente.events.chronicle import Chronicle
from detente.events.files.embedded import load_embedded
from detente.events.phase_days import read_days
from detente.events.phase_runs import PhaseRuns, phases_of_log
from detente.events.phase_shares import main_phase, runs, shares
from detente.events.phases import (
    NO_PHASE,
    Days,
    Phase,
    Sides,
    force_scale,
    label,
)
from detente.futures.phases import phases_of_futures
from detente.lab.arguments import load_argument
from detente.lab.case import Case
from detente.lab.chronicles import history_of
from detente.lab.head import head_of
from detente.lab.phases import PhaseHistory, phase_history, phases_of, phases_of_run
from detente.lab.run import run
from detente.lab.run_result import Run
from detente.report.text.answers.phases import cold_text
from detente.report.text.events import phases_text_of
from worlds import baseline, embedded, essay, essay_case, random_chronicle

START = date(2000, 1, 1)
COLD, THAW, CRISIS, HOSTILITIES = Phase
AB = Sides(("A", "B"), allies=(("F",), ()), proxies=((), ("P",)))
CLASS_OF = {
    "ASSAULT": "force",
    "COERCE": "force",
    "MOBILIZE": "force",
    "CONSULT": "joint",
    "AGREE": "joint",
    "SUPPORT": "verbal-cooperation",
    "YIELD": "material-cooperation",
    "REJECT": "verbal-conflict",
}

Act = tuple[int, str, str] | tuple[int, str, str, str]  # day, A>B, action[, mode]


def chronicle(*acts: Act, days: int = 400, scheme: str = "detente", **columns: object) -> Chronicle:
    rows = []
    for day, pair, action, *mode in acts:
        source, target = pair.split(">")
        rows.append(
            {
                "date": START + timedelta(days=day),
                "source": source,
                "target": target,
                "action": action,
                "class": CLASS_OF[action],
                "mode": mode[0] if mode else None,
                "mutual": CLASS_OF[action] == "joint",
                "fatalities": None,
            }
            | columns
        )
    frame = pl.DataFrame(rows, schema_overrides={"mode": pl.String, "fatalities": pl.Int64})
    return Chronicle.of(frame, Window(START, START + timedelta(days=days)), scheme)


def read(what: Chronicle, sides: Sides = AB) -> Days:
    return read_days(what.events, what.window, sides, scheme=what.scheme)


def spans(what: Chronicle, kind: Phase | None, sides: Sides = AB) -> list[tuple[int, int]]:
    """First and last day of every period of a phase, or of talks where `kind` is None."""
    phase, talks = label(read(what, sides))
    values, wanted = (talks[0], 1) if kind is None else (phase[0], int(kind))
    out = []
    for value, window in runs(values, what.window):
        if value == wanted:
            out.append((what.window.index(window.start), what.window.index(window.end) - 1))
    return out


EXCHANGE: tuple[Act, ...] = ((10, "A>B", "ASSAULT"), (10, "B>A", "ASSAULT"), (12, "A>B", "ASSAULT"))


# --- hostilities -----------------------------------------------------------------------------------------------------


def test_hostilities_begin_with_the_second_strike_back_within_seven_days_and_end_on_the_21st_quiet_day() -> (
    None
):
    assert spans(chronicle(*EXCHANGE, (16, "B>A", "ASSAULT")), HOSTILITIES) == [(16, 16 + 20)]
    assert spans(chronicle(*EXCHANGE, (17, "B>A", "ASSAULT")), HOSTILITIES) == [], (
        "day 10 is the eighth day back"
    )
    assert spans(chronicle(*EXCHANGE, (12, "A>B", "ASSAULT")), HOSTILITIES) == [], (
        "one strike back is not two"
    )


def test_a_strike_after_20_quiet_days_keeps_hostilities_going_and_after_21_it_is_too_late() -> None:
    begun: tuple[Act, ...] = (*EXCHANGE, (12, "B>A", "ASSAULT"))
    assert spans(chronicle(*begun, (33, "B>A", "ASSAULT")), HOSTILITIES) == [(12, 53)]
    assert spans(chronicle(*begun, (34, "B>A", "ASSAULT")), HOSTILITIES) == [(12, 32)]


@pytest.mark.parametrize("mode", ["cyber", "rescue", "rescue-raid", "sabotage", "drone-shootdown"])
def test_some_modes_are_no_strikes(mode: str) -> None:
    assert spans(chronicle(*EXCHANGE, (12, "B>A", "ASSAULT", mode)), HOSTILITIES) == []
    assert spans(chronicle(*EXCHANGE, (12, "B>A", "ASSAULT", "drone")), HOSTILITIES) == [(12, 32)]


def test_only_assault_is_a_strike() -> None:
    assert spans(chronicle(*EXCHANGE, (12, "B>A", "COERCE")), HOSTILITIES) == []


def test_an_allys_strikes_and_strikes_on_it_count_but_not_a_strangers() -> None:
    by_ally: tuple[Act, ...] = (
        (10, "F>B", "ASSAULT"),
        (10, "B>F", "ASSAULT"),
        (11, "A>B", "ASSAULT"),
        (12, "B>A", "ASSAULT"),
    )
    assert spans(chronicle(*by_ally), HOSTILITIES) == [(12, 32)]
    assert spans(chronicle(*by_ally), HOSTILITIES, Sides(("A", "B"))) == []
    alone: tuple[Act, ...] = tuple((d, p.replace("A", "F"), *rest) for d, p, *rest in by_ally)
    assert spans(chronicle(*alone), HOSTILITIES) == [(12, 32)], "the ally may fight alone"


def test_a_truce_leaves_its_own_day_and_ends_hostilities_on_the_next() -> None:
    begun: tuple[Act, ...] = (*EXCHANGE, (12, "B>A", "ASSAULT"))
    for action, pair, mode in (
        ("YIELD", "A>B", "ceasefire"),
        ("AGREE", "A>B", "stand-down"),
        ("AGREE", "B>F", "ceasefire"),
    ):
        assert spans(chronicle(*begun, (14, pair, action, mode)), HOSTILITIES) == [(12, 14)]
    for act in (
        (14, "A>F", "AGREE", "ceasefire"),
        (14, "A>B", "AGREE", "accord"),
        (14, "P>A", "YIELD", "truce"),
    ):
        assert spans(chronicle(*begun, act), HOSTILITIES) == [(12, 32)], act


def test_after_a_truce_only_a_new_strike_begins_them_anew() -> None:
    begun: tuple[Act, ...] = (*EXCHANGE, (12, "B>A", "ASSAULT"), (13, "A>B", "YIELD", "ceasefire"))
    assert spans(chronicle(*begun), HOSTILITIES) == [(12, 13)], (
        "the week before still holds two strikes a side"
    )
    assert spans(chronicle(*begun, (15, "A>B", "ASSAULT")), HOSTILITIES) == [(12, 13), (15, 35)]
    assert spans(chronicle(*begun, (14, "A>B", "ASSAULT")), HOSTILITIES) == [(12, 34)]
    assert spans(chronicle(*begun, (20, "A>B", "ASSAULT")), HOSTILITIES) == [(12, 13)]


# --- crisis ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("acts", "first"),
    [
        ([(10, "A>B", "ASSAULT"), (20, "B>A", "COERCE")], 20),
        ([(10, "A>B", "ASSAULT"), (37, "B>A", "MOBILIZE")], 37),
        ([(10, "A>B", "ASSAULT"), (38, "B>A", "MOBILIZE")], None),  # 29 days
        ([(10, "A>B", "ASSAULT"), (10, "B>A", "ASSAULT")], 10),
        ([(10, "A>B", "ASSAULT")], None),
        ([(day, "A>B", "MOBILIZE") for day in (10, 11, 12)], 12),
        ([(day, "A>P", "ASSAULT") for day in (10, 11, 12)], 12),  # strikes on the other's proxy
        ([(day, "B>P", "ASSAULT") for day in (10, 11, 12)], None),  # on its own
        ([(day, "A>P", "COERCE") for day in (10, 11, 12)], None),
        ([(day, "P>A", "ASSAULT") for day in (10, 11, 12)], None),  # tolls unknown
        ([(day, "F>B", "ASSAULT") for day in (10, 11, 12)], None),  # allies' strikes are no points
        ([(10, "A>B", "ASSAULT", "cyber"), (10, "B>A", "COERCE", "harassment")], 10),  # any mode
    ],
)
def test_crisis_begins_at_three_points_in_28_days(acts: list[Act], first: int | None) -> None:
    found = spans(chronicle(*acts), CRISIS)
    assert (found[0][0] if found else None) == first


def weekly(days: int) -> Days:
    """Days of a pair one of whose sides strikes once a week."""
    rows = [
        {
            "date": START + timedelta(days=i),
            "source": "A",
            "target": "B",
            "action": "ASSAULT",
            "class": "force",
        }
        for i in range(0, days, 7)
    ]
    window = Window(START, START + timedelta(days=days))
    return read_days(Chronicle.of(pl.DataFrame(rows), window).events, window, Sides(("A", "B")))


def test_a_pair_that_fights_every_week_is_not_always_in_crisis() -> None:
    days = weekly(2000)
    phase, _ = label(days)
    assert phase[0, 300] == CRISIS  # a year has to be known before its own mean says anything
    assert phase[0, 900] == COLD
    assert force_scale(days)[0, 900] > 10
    plain, _ = label(replace(days, scaled=False))
    assert plain[0, 900] == CRISIS


def test_the_scale_looks_back_only_and_goes_on_over_a_lead_in() -> None:
    whole = weekly(5000)
    for cut in (100, 400, 4500):
        counts = [f.name for f in fields(whole) if f.name != "scaled"]
        parts = [
            replace(whole, **{name: getattr(whole, name)[:, part] for name in counts})
            for part in (slice(None, cut), slice(cut, None))
        ]
        assert np.array_equal(force_scale(parts[0])[0], force_scale(whole)[0, :cut])
        assert np.allclose(force_scale(parts[1], parts[0])[0], force_scale(whole)[0, cut:])
        both = np.concatenate([label(parts[0])[0], label(parts[1], parts[0])[0]], axis=1)
        assert np.array_equal(both, label(whole)[0])


def test_the_pair_of_the_rule_keeps_its_thresholds() -> None:
    assert phases_of(essay_case()).force_scale == 1.0
    assert phases_of(essay_case()).to_dict()["force_scale"] == 1.0


def test_a_proxys_attack_counts_if_it_kills() -> None:
    acts: list[Act] = [(day, "P>A", "ASSAULT") for day in (10, 11, 12)]
    assert spans(chronicle(*acts, fatalities=1), CRISIS)[0][0] == 12
    assert spans(chronicle(*acts, fatalities=0), CRISIS) == []
    assert spans(chronicle(*[(d, "P>F", a) for d, _, a in acts], fatalities=1), CRISIS) == []


def test_coercion_of_the_pressure_class_is_no_force() -> None:
    acts: list[Act] = [(day, "A>B", "COERCE") for day in (10, 11, 12)]
    assert spans(chronicle(*acts, **{"class": "pressure"}), CRISIS) == []


def test_crisis_stays_while_two_points_lie_in_120_days() -> None:
    begun: tuple[Act, ...] = ((10, "A>B", "MOBILIZE"), (11, "A>B", "MOBILIZE"), (12, "A>B", "MOBILIZE"))
    assert spans(chronicle(*begun), CRISIS) == [(12, 11 + 119)]
    assert spans(chronicle(*begun, (100, "B>A", "COERCE")), CRISIS) == [(12, 12 + 119)]
    assert spans(chronicle(*begun, (100, "B>A", "ASSAULT")), CRISIS) == [(12, 100 + 119)]


def test_a_siege_is_crisis_on_each_of_its_days_and_hostilities_win_over_it() -> None:
    sides = Sides(("A", "B"), sieges=(Window(START + timedelta(5), START + timedelta(60)),))
    assert spans(chronicle((1, "A>B", "SUPPORT")), CRISIS, sides) == [(5, 59)]
    fought = chronicle(*EXCHANGE, (12, "B>A", "ASSAULT"))
    assert spans(fought, HOSTILITIES, sides) == [(12, 32)]
    assert spans(fought, CRISIS, sides) == [(5, 11), (33, 12 + 119)]


# --- thaw ------------------------------------------------------------------------------------------------------------

KIND: tuple[Act, ...] = ((10, "A>B", "SUPPORT"), (20, "B>A", "YIELD"))


def test_a_thaw_takes_a_friendly_act_of_each_side_and_lasts_while_both_lie_in_120_days() -> None:
    assert spans(chronicle(*KIND), THAW) == [(20, 10 + 119)]
    assert spans(chronicle((10, "A>B", "SUPPORT"), (20, "A>B", "YIELD")), THAW) == []
    assert spans(chronicle((10, "A>B", "CONSULT"), (20, "B>A", "YIELD")), THAW) == [], (
        "talks are no friendly act"
    )


def test_a_thaw_bears_no_force_between_the_principals() -> None:
    assert spans(chronicle((5, "A>B", "MOBILIZE"), *KIND), THAW) == [(125, 129)], "until 120 days have passed"
    assert spans(chronicle((5, "P>A", "ASSAULT"), *KIND), THAW) == [(20, 129)]


def test_a_thaw_takes_three_fifths_of_cooperation() -> None:
    words: list[Act] = [(15, "A>B", "REJECT"), (15, "B>A", "REJECT")]
    assert spans(chronicle(*KIND, *words[:1]), THAW) == [(20, 129)], "two of three"
    assert spans(chronicle(*KIND, *words), THAW) == [], "two of four"
    assert spans(chronicle(*KIND, *words, (30, "A>B", "CONSULT")), THAW) == [(30, 129)], "three of five"


def test_a_mutual_friendly_act_is_one_of_each_side() -> None:
    assert spans(chronicle((10, "A>B", "YIELD"), mutual=True), THAW) == [(10, 129)]


# --- talks -----------------------------------------------------------------------------------------------------------


def test_talks_begin_on_the_second_day_of_meeting_within_180_and_last_180_quiet_days() -> None:
    assert spans(chronicle((10, "A>B", "CONSULT"), (10, "A>B", "AGREE")), None) == [], "one day twice"
    assert spans(chronicle((10, "A>B", "CONSULT"), (20, "A>B", "AGREE")), None) == [(20, 20 + 179)]
    assert spans(chronicle((10, "A>B", "CONSULT"), (189, "A>B", "AGREE")), None) == [(189, 189 + 179)]
    assert spans(chronicle((10, "A>B", "CONSULT"), (190, "A>B", "AGREE")), None) == []


def test_talks_lie_over_any_phase() -> None:
    both = chronicle((10, "A>B", "CONSULT"), (12, "A>B", "CONSULT"), *EXCHANGE, (12, "B>A", "ASSAULT"))
    assert spans(both, None) == [(12, 191)]
    assert spans(both, HOSTILITIES) == [(12, 32)]


@pytest.mark.parametrize(
    "mode", ["walkout", "talks-cancelled", "talks-suspended", "talks-delayed", "withdrawal"]
)
def test_a_break_leaves_its_own_day_and_ends_talks_until_a_new_meeting(mode: str) -> None:
    met: tuple[Act, ...] = ((10, "A>B", "CONSULT"), (20, "A>B", "CONSULT"), (30, "B>A", "REJECT", mode))
    assert spans(chronicle(*met), None) == [(20, 30)]
    assert spans(chronicle(*met, (60, "A>B", "CONSULT")), None) == [(20, 30), (60, 239)]
    assert spans(chronicle(*met[:2], (30, "B>A", "REJECT", "statement")), None) == [(20, 199)]


def test_one_sided_and_vaguely_dated_meetings_are_no_talks() -> None:
    words = {"class": "verbal-cooperation", "mutual": False}
    assert spans(chronicle((10, "A>B", "CONSULT"), (20, "B>A", "CONSULT"), **words), None) == []
    assert spans(chronicle((31, "A>B", "CONSULT"), (60, "A>B", "CONSULT"), precision="month"), None) == []


# --- the quad scheme -------------------------------------------------------------------------------------------------


def quad(*acts: Act, **columns: object) -> Chronicle:
    what = chronicle(*acts, scheme="detente", **columns)
    names = {"force": "material-conflict", "joint": "verbal-cooperation", "pressure": "material-conflict"}
    events = what.events.with_columns(pl.col("class").replace(names), mutual=pl.lit(value=False), mode=None)
    events = events.with_columns(pl.col("mode").cast(pl.String))
    return Chronicle.of(events, what.window, "quad")


def test_quad_data_have_phases_too() -> None:
    assert spans(quad(*EXCHANGE, (12, "B>A", "ASSAULT")), HOSTILITIES) == [(12, 32)]
    assert spans(quad(*KIND), THAW) == [(20, 129)]
    held = [(d, p, "CONSULT") for d in (10, 20) for p in ("A>B", "B>A")]
    assert spans(quad(*held), None) == [(20, 199)]
    assert spans(quad(*held[:3]), None) == [], "one side alone does not meet"


def test_quad_protest_and_sanctions_are_no_force() -> None:
    rows = quad((10, "A>B", "COERCE"), (11, "B>A", "COERCE"), (12, "A>B", "COERCE"))
    assert spans(rows, CRISIS) != []
    milder = Chronicle.of(rows.events.with_columns(action=pl.lit("SANCTION")), rows.window, "quad")
    assert spans(milder, CRISIS) == []


# --- properties ------------------------------------------------------------------------------------------------------

PAIRS = ("A>B", "B>A", "F>B", "B>F", "P>A", "A>P")
MODES = (None, "ceasefire", "walkout", "cyber", "accord")
acts_of = st.lists(
    st.tuples(
        st.integers(0, 299), st.sampled_from(PAIRS), st.sampled_from(sorted(CLASS_OF)), st.sampled_from(MODES)
    ),
    min_size=1,
    max_size=40,
)


BESIEGED = replace(AB, sieges=(Window(START + timedelta(100), START + timedelta(130)),))


def as_acts(drawn: list[tuple[int, str, str, str | None]]) -> list[Act]:
    return [(d, p, a, m) if m else (d, p, a) for d, p, a, m in drawn]


@given(acts_of, st.integers(1, 299))
def test_what_comes_later_never_changes_earlier_labels(
    drawn: list[tuple[int, str, str, str | None]], cut: int
) -> None:
    whole = chronicle(*as_acts(drawn), days=300)
    early = whole.events.filter(pl.col("date") < START + timedelta(cut))
    phase, talks = label(read(whole))
    cut_phase, cut_talks = label(read_days(early, whole.window, AB))
    np.testing.assert_array_equal(phase[:, :cut], cut_phase[:, :cut])
    np.testing.assert_array_equal(talks[:, :cut], cut_talks[:, :cut])


@given(acts_of, st.integers(1, 299))
def test_history_in_one_go_equals_lead_in_and_continuation(
    drawn: list[tuple[int, str, str, str | None]], cut: int
) -> None:
    whole = chronicle(*as_acts(drawn), days=300)
    middle = START + timedelta(cut)
    phase, talks = label(read(whole, BESIEGED))
    before = read_days(whole.events, Window(START, middle), BESIEGED)
    log = ActLog.of(whole.events, Window(middle, whole.window.end))
    twice = replace(
        log,
        starts=np.array([0, len(log.day), 2 * len(log.day)]),
        **{name: np.tile(getattr(log, name), 2) for name in ("day", "act", "deaths")},
    )
    later = phases_of_log(twice, BESIEGED, scheme="detente", before=before)
    for future in (0, 1):
        np.testing.assert_array_equal(phase[0, cut:], later.phase[future])
        np.testing.assert_array_equal(talks[0, cut:], later.talks[future])


@given(acts_of)
def test_a_day_by_day_reading_of_the_rule_agrees(drawn: list[tuple[int, str, str, str | None]]) -> None:
    """The same rule written as a loop over days, with a siege."""
    days = read(chronicle(*as_acts(drawn), days=300), BESIEGED)
    phase, talks = label(days)

    def back(name: str, day: int, span: int) -> int:
        return int(getattr(days, name)[0, max(day - span + 1, 0) : day + 1].sum())

    fighting = crisis = talking = False
    for t in range(300):
        struck = days.strikes_first[0, t] + days.strikes_second[0, t] > 0
        enough = back("strikes_first", t, 7) >= 2 and back("strikes_second", t, 7) >= 2
        lately = back("strikes_first", t, 21) + back("strikes_second", t, 21) > 0
        truce = t > 0 and days.truces[0, t - 1] > 0
        fighting = (struck and enough) or (fighting and lately and not truce)
        crisis = back("points", t, 28) >= 3 or (crisis and back("points", t, 120) >= 2)
        kind = back("friendly_first", t, 120) > 0 and back("friendly_second", t, 120) > 0
        share = back("cooperative", t, 120) / max(back("acts", t, 120), 1)
        thaw = kind and back("force", t, 120) == 0 and share >= 0.6
        meetings = int((days.talks[0, max(t - 179, 0) : t + 1] > 0).sum())
        broken = t > 0 and days.breaks[0, t - 1] > 0
        talking = (days.talks[0, t] > 0 and meetings >= 2) or (talking and meetings > 0 and not broken)
        expected = HOSTILITIES if fighting else CRISIS if crisis or 100 <= t < 130 else THAW if thaw else COLD
        assert (phase[0, t], bool(talks[0, t])) == (expected, talking), t


def test_swapping_the_principals_changes_nothing() -> None:
    events = random_chronicle(5, days=900, per_day=0.3)
    one, other = (label(read(events, Sides(pair))) for pair in (("A", "B"), ("B", "A")))
    np.testing.assert_array_equal(one[0], other[0])
    np.testing.assert_array_equal(one[1], other[1])
    assert len(np.unique(one[0])) > 1


def test_the_main_phase_has_the_most_days() -> None:
    phase = np.array([[0, 2, 2, 3], [1, 1, 0, 0], [3, 3, 3, 0]], dtype=np.int8)
    assert main_phase(phase).tolist() == [CRISIS, COLD, HOSTILITIES]
    np.testing.assert_allclose(shares(phase).sum(axis=1), 1)


# --- sides and sieges of an argument ---------------------------------------------------------------------------------


def test_sides_come_from_the_argument() -> None:
    sides = sides_of(essay(), date(2026, 7, 1), ())
    assert sides.allies == (("ISR",), ())
    assert sides.proxies[0] == ()
    assert "IRQ-KH" in sides.proxies[1]
    assert [str(w) for w in sides.sieges] == ["1979-11-04 to 1981-01-20", "2026-04-13 to 2026-06-14"]
    with pytest.raises(ArgumentError, match="principals"):
        sides_of(essay().model_copy(update={"principals": None}), date(2020, 1, 1), ())


def test_a_siege_counts_from_the_day_it_was_known_and_never_past_what_is_known() -> None:
    siege = SiegeSpec(
        start=START + timedelta(5), end=START + timedelta(60), known_from=START + timedelta(9), because="held"
    )
    argument = baseline("A", "B").model_copy(update={"sieges": (siege,)})
    quiet = chronicle((1, "A>B", "SUPPORT"))
    history = phase_history(argument, quiet)
    assert np.flatnonzero(history.phase == CRISIS).tolist() == list(range(9, 60))
    assert history.periods[1].because == "held"
    assert sides_of(argument, START + timedelta(9), ()).sieges == ()
    assert sides_of(argument, START + timedelta(20), ()).sieges == (
        Window(START + timedelta(9), START + timedelta(20)),
    )
    open_ended = siege.model_copy(update={"end": None})
    history = phase_history(argument.model_copy(update={"sieges": (open_ended,)}), quiet)
    assert history.periods[-1].kind == "crisis"
    assert history.periods[-1].ongoing


# --- days without coverage -------------------------------------------------------------------------------------------


def gapped(first: int, end: int) -> Argument:
    gap = GapSpec(start=START + timedelta(first), end=START + timedelta(end), because="the archive burned")
    return baseline("A", "B").model_copy(update={"gaps": (gap,)})


FOUGHT = chronicle(*[(day, pair, "ASSAULT") for day in range(10, 14) for pair in ("A>B", "B>A")])


def test_days_of_a_declared_gap_have_no_phase_and_no_talks() -> None:
    history = phase_history(gapped(12, 50), FOUGHT)
    assert np.flatnonzero(history.phase == NO_PHASE).tolist() == list(range(12, 50))
    before_and_after = [p.kind for p in history.periods[1:5]]
    assert before_and_after == ["crisis", "hostilities", "no coverage", "crisis"]
    assert history.periods[3].because == "the archive burned"
    assert history.at(START + timedelta(20)) is None
    assert history.to_polars("days")["phase"][20] == "no coverage"
    assert history.to_polars("days")["talks"][20] is None
    met = chronicle((1, "A>B", "CONSULT"), (5, "A>B", "CONSULT"))
    assert phase_history(gapped(12, 50), met).talks[[11, 12, 49, 50]].tolist() == [True, False, False, True]


HEAD = {"rivalry": "ours", "argument": "mine", "version": "1", "data": {"digest": "ab"}}


def test_shares_are_of_the_days_covered() -> None:
    history = phase_history(gapped(11, 391), FOUGHT)
    value = history.to_dict()
    assert value["days_without_coverage"] == 380
    assert value["share_of_days"]["cold disengagement"] == 0.95
    assert history.share("crisis", START, START + timedelta(399)) == 0.05
    assert np.isnan(history.share("talks", START + timedelta(20), START + timedelta(30)))
    none = np.full((1, 3), NO_PHASE, dtype=np.int8)
    assert main_phase(none).tolist() == [NO_PHASE]
    assert "share of the 20 days covered" in phases_text_of(HEAD, history, {})


def test_a_cold_day_with_force_says_by_what_it_falls_short() -> None:
    history = phase_history(baseline("A", "B"), FOUGHT)
    fights = replace(history, phase=np.full_like(history.phase, COLD), points=3, force_scale=4.5)
    assert "hold 3 points of force, and a crisis begins at 13.5 (" in phases_text_of(HEAD, fights, {})
    assert fights.to_dict()["points_of_force"] == {"seen": 3, "needed": 13.5}
    assert cold_text(replace(fights, phase=np.full_like(history.phase, CRISIS))) == ""


def test_the_points_seen_are_those_of_the_days_before_the_last_one() -> None:
    until = START + timedelta(10)
    whole = phase_history(baseline("A", "B"), FOUGHT, until=until)
    acts = FOUGHT.events.filter(pl.col("date") < until)
    assert whole.points == 2 * acts.filter(pl.col("action") == "ASSAULT").height


def test_days_asked_for_outside_the_chronicle_have_no_phase() -> None:
    history = phase_history(
        baseline("A", "B"), FOUGHT, since=START - timedelta(3), until=START + timedelta(402)
    )
    assert np.flatnonzero(history.phase == NO_PHASE).tolist() == [0, 1, 2, 403, 404]
    assert history.periods[0].kind == history.periods[-1].kind == "no coverage"
    assert not history.periods[-1].ongoing
    with pytest.raises(ArgumentError, match="must leave a day to show"):
        phase_history(gapped(10, 20), FOUGHT, since=START + timedelta(12), until=START + timedelta(18))


def test_the_scale_of_force_leaves_a_gap_out_of_the_mean() -> None:
    points = np.full((1, 1600), 2, dtype=np.int32)
    gap = np.zeros((1, 1600), dtype=bool)
    gap[0, 800:] = True
    points[gap] = 0
    none = np.zeros_like(points)
    days = Days(none, none, points, *(none,) * 8, none > 0, scaled=True, gap=gap)
    assert force_scale(days)[0, [799, 1599]].tolist() == [175.0, 175.0]


def test_a_gap_is_declared_in_the_argument_and_ends_where_it_is_read(tmp_path: Path) -> None:
    assert sides_of(gapped(12, 50), START + timedelta(20), ()).gaps == (
        Window(START + timedelta(12), START + timedelta(20)),
    )
    assert sides_of(gapped(12, 50), START + timedelta(12), ()).gaps == ()
    path = tmp_path / "mine.yaml"
    gap = "gaps: [{start: 1979-11-04, end: 1979-11-04, because: no one wrote}]\n"
    path.write_text(FILE + gap, encoding="utf-8")
    with pytest.raises(ArgumentError, match=r"gaps.0.end must be after start, got 1979-11-04"):
        load_argument(path)


FILE = """\
argument: mine
title: A view
principals: [USA, IRN]
parties:
  israel: {members: [ISR], ally_of: USA}
sieges:
  - {start: 1979-11-04, end: 1981-01-21, known_from: 1979-11-05, because: the embassy}
mechanisms:
  momentum: {}
"""


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("ally_of: USA", "ally_of: GBR", r"ally_of must be one of the principals, got GBR \(mine.yaml:5\)"),
        (
            "ally_of: USA",
            "ally_of: USA, side: USA",
            r"ally_of cannot be combined with side, got USA \(mine.yaml:5\)",
        ),
        (
            "end: 1981-01-21",
            "end: 1979-11-04",
            r"sieges.0.end must be after start, got 1979-11-04 \(mine.yaml:7\)",
        ),
        (
            "known_from: 1979-11-05",
            "known_from: 1981-01-21",
            r"known_from must be before end.*\(mine.yaml:7\)",
        ),
        ("known_from: 1979-11-05, ", "", r"sieges.0.known_from is required \(mine.yaml:7\)"),
        ("because: the embassy", "becuase: x", r"becuase is not a field here.*Did you mean because"),
        (
            "start: 1979-11-04",
            "start: soon",
            r"sieges.0.start must be an existing day written YYYY-MM-DD, got soon \(mine.yaml:7\)",
        ),
    ],
)
def test_a_faulty_siege_or_ally_is_told_with_its_line(tmp_path: Path, old: str, new: str, told: str) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(FILE, encoding="utf-8")
    sound = load_argument(path)
    assert sound.sieges[0].known_from == date(1979, 11, 5)
    assert old in FILE
    path.write_text(FILE.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ArgumentError, match=told):
        load_argument(path)


def test_an_argument_about_another_pair_leaves_the_sieges_behind() -> None:
    assert essay().between("IRN", "USA").sieges == essay().sieges
    assert essay().between("USA", "ISR").sieges == ()


def test_a_period_names_the_acts_that_opened_it() -> None:
    argument = baseline("A", "B").model_copy(
        update={"parties": {"friend": PartySpec(members=("F",), ally_of="A")}}
    )
    fought = chronicle(
        *EXCHANGE, (12, "F>B", "ASSAULT"), (12, "B>F", "ASSAULT"), (14, "A>B", "YIELD", "truce")
    )
    history = phase_history(argument, fought, since=START + timedelta(2))
    assert [p.kind for p in history.periods] == [
        "cold disengagement",
        "crisis",
        "hostilities",
        "crisis",
        "cold disengagement",
    ]
    by_kind = [sorted((a["date"].day - 1, a["source"]) for a in p.opened_by) for p in history.periods]
    assert by_kind == [
        [],
        [(10, "A"), (10, "B")],
        [(10, "A"), (10, "B"), (12, "A"), (12, "B"), (12, "F")],
        [],
        [],
    ]
    assert [p.window.days for p in history.periods] == [8, 2, 3, 117, 268]
    assert history.at(START + timedelta(12)) is HOSTILITIES
    with pytest.raises(IndexError):
        history.at(START)
    told = history.to_dict()
    assert told["phases"][2]["opened_by"][0]["date"] == "2000-01-11"
    assert sum(p["days"] for p in told["phases"]) == 398
    with pytest.raises(ArgumentError, match="must leave a day"):
        phase_history(argument, fought, since=date(2030, 1, 1))


# --- the embedded chronicle ------------------------------------------------------------------------------------------


@cache
def history() -> PhaseHistory:
    return phases_of(essay_case())


@pytest.mark.parametrize(
    ("kind", "first", "last", "right", "of"),
    [
        ("crisis", date(1979, 11, 4), date(1981, 1, 20), 444, 444),
        # The escort of 21 July is one point; the third comes with the mine of 24 July.
        ("crisis", date(1987, 7, 22), date(1987, 10, 19), 88, 90),
        # The mine of 14 April is two points, and nothing stands in the 27 days before; the third comes on the 18th.
        ("crisis", date(1988, 4, 14), date(1988, 7, 18), 92, 96),
        ("cold disengagement", date(2002, 2, 1), date(2002, 12, 31), 334, 334),
        ("talks", date(2013, 9, 27), date(2015, 7, 14), 656, 656),
        # Talks cannot begin before their second day, 15 April; Iran's delay of 17 July ends them (the rule names
        # delays), and no meeting follows before 29 November: 9 + 134 days are lost.
        ("talks", date(2021, 4, 6), date(2022, 3, 11), 197, 340),
        # On 13 June the tankers hit are Japan's and Norway's; of the principals' own acts 24 May and 17 June are one
        # point each, and the third comes with the drone of 20 June.
        ("crisis", date(2019, 6, 13), date(2020, 1, 17), 212, 219),
        ("hostilities", date(2025, 6, 19), date(2025, 6, 23), 5, 5),
        ("hostilities", date(2026, 2, 28), date(2026, 4, 7), 39, 39),
    ],
)
def test_checked_periods(kind: str, first: date, last: date, right: int, of: int) -> None:
    """The rule was tuned on these periods; what its words cannot reach is counted here, not bent to fit.

    It was tuned on the chronicle before its revision. Meetings of January and March 2002, added since, keep the thaw
    of the autumn before going until 3 April.
    """
    days = (last - first).days + 1
    before = phases_of(
        replace(essay_case(), rivalry="us-iran@first", chronicle=load_embedded("us-iran@first"))
    )
    assert (round(before.share(kind, first, last) * days), days) == (right, of)
    now = {date(2002, 2, 1): 272}.get(first, right)
    assert round(history().share(kind, first, last) * days) == now
    assert right / of >= (0.95 if first.year != 2021 else 0.57)


def test_agents_talks_are_talks_of_the_principals() -> None:
    """Talks of the powers with Iran open 2012, long before the two met alone."""
    opened = [p.window.start for p in history().talk_periods]
    assert date(2012, 5, 23) in opened
    alone = essay().model_copy(update={"agents": ()})
    bare = phase_history(alone, embedded())
    assert bare.talks.sum() < history().talks.sum()


def test_the_command_prints_and_gives_json(capsys: pytest.CaptureFixture[str]) -> None:
    app(
        ["phases", "us-iran", "--since", "2025-06-01", "--until", "2025-07-10", "--json"],
        standalone_mode=False,
    )
    told = json.loads(capsys.readouterr().out)
    expected = phases_of(essay_case(), since=date(2025, 6, 1), until=date(2025, 7, 10)).to_dict()
    assert told == head_of(essay_case()) | expected
    app(["phases", "us-iran", "--since", "2025-06-01", "--until", "2025-07-10"], standalone_mode=False)
    text = capsys.readouterr().out
    assert f"data {embedded().digest[:12]}." in text.splitlines()[0]
    assert (
        "2025-06-19 to 2025-06-23  hostilities, 5 days\n      2025-06-13 IRN -> ISR ASSAULT, missile" in text
    )
    assert "2025-06-24 to 2025-07-09  crisis, 16 days, and going on" in text
    assert "2025-06-01 to 2025-07-02  talks, 32 days\n" in text


def test_a_shown_part_equals_that_part_of_the_whole() -> None:
    part = phases_of(essay_case(), since=date(2019, 1, 1), until=date(2021, 1, 1))
    whole = history()
    a = whole.window.index(date(2019, 1, 1))
    np.testing.assert_array_equal(part.phase, whole.phase[a : a + part.window.days])


@cache
def futures() -> tuple[Run, PhaseRuns]:
    result = run(essay_case(), futures=40, days=300, seed=3)
    return result, phases_of_run(result)


def test_phases_of_futures_equal_those_of_each_future_laid_after_history() -> None:
    result, found = futures()
    start = result.futures.window.start
    assert found.phase.dtype == np.int8
    assert found.talks.dtype == np.bool_
    assert found.phase.shape == found.talks.shape == (40, result.futures.window.days)
    known = history_of(essay_case()).known_at(start).events
    sides = sides_of(essay(), start, ())
    columns = ["date", "precision", "source", "target", "class", "action", "mode", "mutual", "fatalities"]
    for future in (0, 17, 39):
        own = result.futures.chronicle(future).events
        events = pl.concat([known.select(columns), own.select(columns)])
        phase, talks = label(
            read_days(events, Window(embedded().window.start, result.futures.window.end), sides)
        )
        np.testing.assert_array_equal(phase[0, -found.phase.shape[1] :], found.phase[future])
        np.testing.assert_array_equal(talks[0, -found.phase.shape[1] :], found.talks[future])
    assert found.main_phase.shape == (40,)


def test_nothing_after_the_start_of_futures_reaches_their_phases() -> None:
    result, found = futures()
    start = result.futures.window.start
    late = essay().model_copy(
        update={
            "sieges": (
                *essay().sieges,
                SiegeSpec(start=date(2020, 1, 10), end=date(2021, 1, 1), known_from=start, because="later"),
            )
        }
    )
    cut = embedded().known_at(start)
    again = phases_of_futures(result.futures, late, cut)
    np.testing.assert_array_equal(found.phase, again.phase)
    np.testing.assert_array_equal(found.talks, again.talks)


@pytest.mark.slow
def test_two_thousand_futures_of_two_years_take_half_a_second() -> None:
    result = run(essay_case(), futures=2000, days=730, seed=1)
    best = min(_seconds(result) for _ in range(3))
    assert best < 1.0, "half a second on a quiet machine"


def _seconds(result: Run) -> float:
    start = time.perf_counter()
    phases_of_run(result)
    return time.perf_counter() - start


def test_quad_futures_have_phases() -> None:
    spec = baseline("A", "B")
    case = Case("quad", spec, random_chronicle(4, days=900, scheme="quad"))
    result = run(case, as_of=date(2002, 1, 1), days=200, futures=20, seed=1)
    found = phases_of_run(result)
    assert len(np.unique(found.phase)) > 1
