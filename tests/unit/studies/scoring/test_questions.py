"""The backtest of questions: what is asked when, no look-ahead, what is counted, and the shape of its JSON."""

from __future__ import annotations

import json
import pickle
from dataclasses import replace
from datetime import date
from functools import cache, partial
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from detente.base.errors import ArgumentError, DataError
from detente.events.chronicle import Chronicle
from detente.lab.arguments import load_argument
from detente.lab.ask import ask
from detente.lab.case import Case
from detente.lab.record import track_record
from detente.questions.question import bind
from detente.questions.settle import Outcome
from detente.questions.types import horizon_of, types_of
from detente.report.languages.language import in_language
from detente.report.pages.question_backtest import render_question_page
from detente.report.pictures.question_backtest import PICTURES
from detente.report.pictures.render import PHONE, to_svg
from detente.report.text.as_json import page_values, to_json
from detente.report.text.backtests.backtest_questions import (
    bin_text,
    question_reached,
    question_summary,
    text_of,
)
from detente.studies.scoring import question_cases as module
from detente.studies.scoring.question_backtest import QuestionBacktest
from detente.studies.scoring.question_cases import QuestionCases, forecast_day
from detente.studies.scoring.question_protocol import (
    ALL,
    ARGUMENT,
    OF_TYPE,
    RECENT,
    AskedQuestion,
    QuestionProtocol,
    question_protocol_of,
    question_templates,
)
from detente.studies.scoring.questions import backtest_questions, questions_estimate, scored_questions
from page_texts import english, numbers
from worlds import among_others, baseline, embedded, essay_case, random_chronicle

ASKED = """
IRN,proxies->USA force within 90d
IRN,proxies->USA ASSAULT deaths>=1 within 180d
USA->IRN force within 90d
USA->IRN force within 12m
USA->IRN pressure count>=3 within 90d
USA->IRN pressure count>=10 within 12m
USA<->IRN talks within 90d
USA<->IRN talks within 12m
USA<->IRN AGREE within 12m
phase crisis within 90d
phase crisis share>=.5 within 12m
phase hostilities within 24m
USA->IRN cooperation_by_deed within 180d
phase thaw within 12m
talks within 12m
IRN->USA pressure count>=2 within 180d
USA<->IRN ASSAULT count>=2 within 90d
"""
DAY = date(2018, 7, 1)


def small_case(days: int = 1400, cache: Path | bool = False) -> Case:
    return Case(None, baseline("A", "B"), random_chronicle(days=days), cache=cache)


def quick(case: Case, dates: int = 2) -> QuestionProtocol:
    protocol = question_protocol_of(case)
    return replace(protocol, dates=protocol.dates[:dates], futures=20)


@cache
def two_days() -> QuestionBacktest:
    return scored_questions(small_case(), quick(small_case()))


def test_the_rivalry_that_comes_with_the_program_is_asked_what_the_protocol_says() -> None:
    protocol = question_protocol_of(Case("us-iran", load_argument("essay", "us-iran"), embedded()))
    assert "\n".join(question.ask for question in protocol.questions) == ASKED.strip()
    assert (protocol.dates[0], protocol.dates[-1], len(protocol.dates)) == (
        date(2000, 1, 1),
        date(2024, 10, 1),
        100,
    )
    assert protocol.fixed
    assert {(day.month, day.day) for day in protocol.dates} == {(1, 1), (4, 1), (7, 1), (10, 1)}


def test_each_template_is_of_the_type_and_the_horizon_it_declares() -> None:
    argument = baseline("A", "B")
    for template in question_templates():
        asked = AskedQuestion(template.id, template.type, template.horizon, template.line(argument))
        question = bind(asked.spec, argument, "detente", DAY)
        assert types_of(question, "detente") == {template.type}, template.id
        assert horizon_of(question, DAY) == template.horizon, template.id
        assert not {"USA", "IRN"} & set(template.ask.replace("->", " ").replace("<", " ").split())


def test_parties_on_the_side_of_the_second_principal_are_asked_for_with_it() -> None:
    first, *_ = question_templates()
    assert first.line(among_others()) == "B,friends->A force within 90d"
    assert first.line(baseline("A", "B")) == "B->A force within 90d"
    with pytest.raises(ArgumentError, match="principals"):
        first.line(load_argument("baseline"))


def test_days_of_another_chronicle_come_from_its_coverage() -> None:
    protocol = question_protocol_of(small_case(days=1400))
    assert not protocol.fixed
    assert protocol.dates[0] == date(2001, 7, 1)  # a third of 1,400 days is 11 April 2001
    assert protocol.dates[-1] == date(2003, 10, 1)  # the coverage ends on 1 November 2003
    with pytest.raises(DataError, match="whole quarter"):
        question_protocol_of(small_case(days=100))


def test_days_on_which_too_little_was_known_are_left_out() -> None:
    chronicle = random_chronicle(days=1400)
    quiet = pl.col("date") >= date(2002, 2, 1)
    case = Case(None, baseline("A", "B"), replace(chronicle, events=chronicle.events.filter(quiet)))
    protocol = question_protocol_of(case)
    assert protocol.too_early == (date(2001, 7, 1), date(2001, 10, 1), date(2002, 1, 1))
    assert protocol.dates[0] == date(2002, 4, 1)


def altered(chronicle: Chronicle, since: date) -> Chronicle:
    """Everything from a day on turned round, deadlier, and fourfold."""
    late = pl.col("date") >= since
    turned = chronicle.events.with_columns(
        source=pl.when(late).then(pl.col("target")).otherwise(pl.col("source")),
        target=pl.when(late).then(pl.col("source")).otherwise(pl.col("target")),
        fatalities=pl.when(late).then(500).otherwise(pl.col("fatalities")),
    )
    more = pl.concat([turned, *[turned.filter(late)] * 3])
    return replace(chronicle, events=more.sort("date", maintain_order=True))


def test_nothing_on_or_after_a_day_moves_what_was_said_on_it() -> None:
    case = essay_case()
    asked = question_protocol_of(case).questions
    protocol = QuestionProtocol(asked, (DAY,), fixed=True, futures=20)
    one = scored_questions(case, protocol)
    two = scored_questions(replace(case, chronicle=altered(case.chronicle, DAY)), protocol)
    np.testing.assert_array_equal(one.cases.said, two.cases.said)
    assert not np.array_equal(one.cases.outcome, two.cases.outcome)
    earlier = scored_questions(replace(case, chronicle=altered(case.chronicle, date(2018, 1, 1))), protocol)
    assert not np.array_equal(one.cases.said, earlier.cases.said)  # the day before it does


def test_the_argument_says_what_ask_says() -> None:
    case = essay_case()
    asked = question_protocol_of(case).questions[:3]
    said = forecast_day(case, asked, 30, 1, DAY)["said"]
    result = ask(case, *(question.ask for question in asked), as_of=DAY, futures=30, seed=1)
    for question, found in zip(asked, result.asked, strict=True):
        assert said[question.id][ARGUMENT] == found.answer.probability
        assert said[question.id][ALL] == found.base_rates[0].share
        assert said[question.id][RECENT] == found.base_rates[1].share


def test_the_frequency_of_a_type_is_the_mean_over_its_questions() -> None:
    case = small_case()
    asked = (
        AskedQuestion("a", "force", 90, "A->B force count>=3 within 90d"),
        AskedQuestion("b", "force", 90, "B->A force count>=6 within 90d"),
        AskedQuestion("c", "talks", 90, "A<->B talks count>=5 within 90d"),
    )
    said = forecast_day(case, asked, 10, 1, date(2002, 1, 1))["said"]
    rates = [said[name][ALL] for name in "abc"]
    assert said["a"][OF_TYPE] == said["b"][OF_TYPE] == pytest.approx((rates[0] + rates[1]) / 2)
    assert said["c"][OF_TYPE] == rates[2]


def test_a_window_cut_short_by_the_end_of_the_coverage_is_not_counted_even_if_its_act_came() -> None:
    case = small_case()
    asked = (AskedQuestion("a", "force", 365, "A->B force within 12m"),)
    protocol = QuestionProtocol(asked, (date(2002, 1, 1), date(2003, 10, 1)), fixed=False, futures=5)
    found = scored_questions(case, protocol).cases
    assert found.outcome.tolist() == [[Outcome.YES, Outcome.NOT_YET]]
    assert found.left_out() == {
        "ambiguous": 0,
        "not_yet": 1,
        "unstable": 0,
        "not_modelled": 0,
        "no_base_rate": 0,
    }


def test_days_are_kept_and_later_acts_make_none_stale(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = small_case(cache=tmp_path)
    protocol, told = quick(case), []
    one = scored_questions(case, protocol, progress=lambda *step: told.append(step))
    assert told == [("dates", 0, 2), ("dates", 1, 2), ("dates", 2, 2)]
    monkeypatch.setattr(module, "forecast_day", lambda *_: pytest.fail("asked again"))
    two = scored_questions(case, protocol)
    assert one.to_dict() == two.to_dict()
    later = replace(case, chronicle=altered(case.chronicle, protocol.dates[-1]))
    np.testing.assert_array_equal(scored_questions(later, protocol).cases.said, one.cases.said)
    with pytest.raises(pytest.fail.Exception, match="asked again"):
        scored_questions(case, replace(protocol, futures=21))


def test_threads_change_nothing_and_a_day_can_be_sent_away() -> None:
    case = small_case()
    again = scored_questions(case, quick(case), threads=2)
    assert again.to_dict() == two_days().to_dict()
    parts = case.rivalry, case.argument, case.chronicle, case.allow_unstable, case.limits
    sent = pickle.loads(  # noqa: S301  our own
        pickle.dumps(partial(module._said_on, parts, quick(case).questions, 20, 1))
    )
    day = quick(case).dates[0]
    assert sent(day)["said"]["force-90d"][ARGUMENT] == two_days().cases.said[0, 2, 0]


def test_every_case_can_be_had_as_a_table() -> None:
    frame = two_days().to_polars("cases")
    assert frame.height == 2 * 17
    assert set(frame["outcome"].unique()) <= {"yes", "no", "ambiguous", "not yet"}
    row = frame.row(4, named=True)  # the third question on the first day
    assert (row["question"], row["as_of"]) == ("force-90d", two_days().cases.protocol.dates[0])
    assert row["argument"] == two_days().cases.said[0, 2, 0]
    assert two_days().to_polars("questions")["cases"].sum() == frame["scored"].sum()


def test_the_whole_command_keeps_a_record(tmp_path: Path) -> None:
    case = small_case(days=800, cache=tmp_path)
    assert track_record(case) is None
    found = backtest_questions(case)
    record = track_record(case)
    assert record is not None
    assert record.cases == int(found.cases.scored.sum())
    said = {question.id: question.probability for question in record.questions}
    assert said["force-90d"] == tuple(
        round(float(p), 4) for p in found.cases.said[0, 2][found.cases.scored[2]]
    )


def test_a_day_on_which_bursts_would_grow_is_left_out_and_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("detente.model.fit.Posterior.spectral_radius", 1.25)
    case = small_case(cache=tmp_path)
    protocol = quick(case, dates=1)
    found = scored_questions(case, protocol)
    assert found.cases.unstable.all()
    assert found.cases.left_out()["unstable"] == int((found.cases.outcome <= Outcome.YES).sum()) > 0
    assert "No past question could be scored. On 1 of 1 dates the argument was refused" in text_of(found)
    allowed = scored_questions(replace(case, allow_unstable=True), protocol)
    assert not allowed.cases.unstable.any()
    assert [caution.code for caution in allowed.cautions] == ["unstable"]
    assert scored_questions(case, protocol).cases.unstable.all()  # also beside what is now kept


def test_its_json_has_the_keys_that_are_promised() -> None:
    value = json.loads(json.dumps(two_days().to_dict()))
    for name in ("forecasters", "by_question", "by_horizon", "by_type", "reliability", "targets"):
        assert isinstance(value[name], list), name
    assert set(value["overall"]) == {
        "brier",
        "log",
        "skill",
        "calibration_slope",
        "auc",
        "cases",
        "separate",
    }
    assert set(value["overall"]["skill"]) == {"mean", "low", "high"}
    assert [row["name"] for row in value["forecasters"]] == [ARGUMENT, ALL, RECENT, OF_TYPE]
    assert sum(row["reference"] for row in value["forecasters"]) == 1
    assert len(value["by_question"]) == 17
    assert sum(row["cases"] for row in value["by_question"]) == value["overall"]["cases"]
    assert sum(row["cases"] for row in value["by_type"]) == value["overall"]["cases"]
    assert sum(row["cases"] for row in value["reliability"]) == value["overall"]["cases"]


def made(said: list[list[list[float]]], outcome: list[list[int]], days: int = 90) -> QuestionBacktest:
    """Questions of type talks at 90 days, on first days of quarters."""
    number = len(outcome[0])
    dates = tuple(date(2000 + i // 4, 1 + 3 * (i % 4), 1) for i in range(number))
    asked = tuple(AskedQuestion(f"q{i}", "talks", 90, "?", 2.0) for i in range(len(outcome)))
    protocol = QuestionProtocol(asked, dates, fixed=False)
    names = (ARGUMENT, ALL, RECENT, OF_TYPE)[: len(said)]
    lengths, none = np.full((len(outcome), number), days), np.zeros(number, dtype=bool)
    found = QuestionCases(protocol, names, np.array(said), np.array(outcome), lengths, none)
    return QuestionBacktest(found, {"argument": "mine"})


def test_the_better_base_rate_is_chosen_once_for_all_cases() -> None:
    outcome = [[1, 0, 0, 0], [0, 1, 1, 1]]
    said = [[[0.5] * 4] * 2, [[0.2] * 4, [0.5] * 4], [[0.4] * 4, [0.6] * 4], [[0.5] * 4] * 2]
    found = made(said, outcome)
    every, recent = (np.mean((np.array(said[row]) - np.array(outcome)) ** 2) for row in (1, 2))
    assert recent < every
    assert [row["reference"] for row in found.forecasters()] == [False, False, True, False]
    assert found.skill().mean == pytest.approx(1 - 0.25 / recent)
    first = found.by_question()[0]["skill"]["mean"]
    assert first == pytest.approx(
        1 - 0.25 / 0.21
    )  # against the same base rate, though the other is better here


def test_unsettled_cases_and_those_without_a_forecast_are_left_out_for_all() -> None:
    nan = float("nan")
    outcome = [[0, 1, 2, 3, 0, 1]]
    said = [[[0.1, 0.9, 0.5, 0.5, nan, 0.8]], [[0.5] * 6], [[0.5, 0.5, 0.5, 0.5, 0.5, nan]], [[0.5] * 6]]
    found = made(said, outcome)
    assert found.overall()["cases"] == 2
    assert found.overall()["brier"] == pytest.approx(0.01)
    left = {"ambiguous": 1, "not_yet": 1, "unstable": 0, "not_modelled": 1, "no_base_rate": 1}
    assert found.cases.left_out() == left


def test_windows_that_overlap_are_counted_apart() -> None:
    same = [[[0.5] * 8]] * 4
    assert made(same, [[0, 1] * 4], days=90).overall()["separate"] == 8
    assert made(same, [[0, 1] * 4], days=365).overall()["separate"] == 2


def test_targets_say_met_missed_or_not_measured() -> None:
    outcome = [[0, 1] * 10]
    good = [[0.2, 0.8] * 10]
    found = made([good, [[0.5] * 20], [[0.5] * 20], [[0.5] * 20]], outcome)
    met = {(target.kind, target.of): target.met for target in found.targets()}
    assert met == {
        ("skill", ""): True,
        ("skill of horizon", "90"): True,
        ("skill of type", "talks"): True,
        ("slope", ""): None,  # the probabilities separate yes from no
        ("frequency", "q0"): True,
    }
    bad = made([[[0.8, 0.2] * 10], [[0.5] * 20], [[0.5] * 20], [[0.5] * 20]], outcome)
    assert [target.met for target in bad.targets()] == [False, False, False, None, True]
    rare = made([[[0.6] * 20], [[0.2] * 20], [[0.2] * 20], [[0.2] * 20]], [[1, 0, 0, 0] * 5])
    frequency = rare.targets()[-1]
    assert (frequency.value, frequency.beside, frequency.met) == (pytest.approx(0.6), 0.25, False)
    assert frequency.target == (0.125, 0.5)
    few = made([[[0.6] * 20], [[0.2] * 20], [[0.2] * 20], [[0.2] * 20]], [[1, 0, 0, 0, 0] * 4])
    assert [target.met for target in few.targets()][1:3] == [None, None]  # four came true


def test_the_first_sentence_says_how_it_compares() -> None:
    first = text_of(two_days()).splitlines()[0]
    assert first.startswith("Over ")
    assert "too few dates for an interval" in first
    outcome = [[0, 1] * 10]
    plain = [[[0.5] * 20]] * 3
    better = question_summary(made([[[0.2, 0.8] * 10], *plain], outcome).to_dict())
    assert better == (
        "Over 20 past questions the forecasts of mine were 84 % better than the better base rate, all earlier windows "
        "(90 % interval 84 % to 84 %): Brier score 0.040 against 0.250."
    )
    worse = question_summary(made([[[0.8, 0.2] * 10], *plain], outcome).to_dict())
    assert "156 % worse than the better base rate" in worse
    unclear = question_summary(made([[[0.2, 0.8] * 5 + [0.8, 0.2] * 5], *plain], outcome).to_dict())
    assert "no clear difference" in unclear
    assert bin_text({"low": 0.9, "high": 1.0}) == ".9 to 1"


def test_page_and_pictures_have_the_same_numbers_in_chinese_and_no_english() -> None:
    pages, plain = {}, to_json(two_days())
    for tag in ("en", "zh-Hant"):
        with in_language(tag):
            value = page_values(two_days())
            drawn = {name: to_svg(draw(value)) for name, draw in PICTURES.items()}
            svgs = drawn | {f"{name}{PHONE}": "<svg></svg>" for name in drawn}
            pages[tag] = render_question_page(two_days(), svgs)
            assert to_json(two_days()) == plain
    assert english(pages["zh-Hant"], "zh-Hant") == []
    assert numbers(pages["zh-Hant"]) == numbers(pages["en"])


def test_the_first_sentence_names_the_best_simple_forecast_that_beat_the_argument() -> None:
    outcome, half = [[0, 1] * 10], [[0.5] * 20]
    good, fair, wrong = [[0.2, 0.8] * 10], [[0.4, 0.6] * 10], [[0.6, 0.4] * 10]

    def said(*forecasts: list[list[float]]) -> str:
        return question_summary(made(list(forecasts), outcome).to_dict())

    assert said(fair, half, wrong, good).endswith(
        "A simple forecast was better still: frequency of the type, with 0.040."
    )
    for forecasts in ((good, half, wrong, fair), (half, good, fair, fair), (fair, half, half, fair)):
        assert "better still" not in said(*forecasts)


def test_a_target_is_said_with_its_interval_or_that_there_is_none() -> None:
    many = made([[[0.2, 0.8] * 10], *[[[0.5] * 20]] * 3], [[0, 1] * 10]).to_dict()["targets"][0]
    few = made([[[0.2, 0.8] * 5], *[[[0.5] * 10]] * 3], [[0, 1] * 5]).to_dict()["targets"][0]
    assert question_reached(many) == "+0.84 (+0.84)"
    assert question_reached(few) == "+0.84, too few dates for an interval"


def test_an_estimate_keeps_nothing(tmp_path: Path) -> None:
    found = questions_estimate(small_case(days=700, cache=tmp_path))
    assert found.seconds > 0
    assert found.futures == 500
    assert list(tmp_path.iterdir()) == []
