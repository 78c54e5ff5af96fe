"""How many and when, asked of a case: in a run, a file of answers, on the page, and between two days."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from detente.argument.blocks import QuestionSpec
from detente.base.errors import ArgumentError, QuestionError
from detente.lab.arguments import checked
from detente.lab.ask import Ask, ask
from detente.lab.case import Case
from detente.lab.chronicles import of_history
from detente.lab.run import run
from detente.lab.run_result import Run
from detente.questions.answers import score_distribution
from detente.questions.base_rates import base_rates
from detente.questions.question import amounts
from detente.questions.settle import Outcome
from detente.report.pages.run import page_context, render_run_page
from detente.report.text.answers.amounts import amount_sentence
from detente.report.text.ask import text_of as ask_text
from detente.report.text.diff import text_of as diff_text
from detente.report.text.run import text_of as run_text
from detente.report.write_answers import write_answers
from detente.studies.diff import diff
from worlds import AS_OF, essay, essay_case

LINES = {
    "acts": "how many USA->IRN pressure within 12m",
    "toll": "how many deaths IRN,proxies->USA force within 12m",
    "day": "when USA<->IRN talks within 24m",
    "chance": "USA->IRN pressure within 12m",
}
SPECS = tuple(QuestionSpec(id=name, text=line, ask=line) for name, line in LINES.items())


def case() -> Case:
    only = essay().model_copy(update={"questions": SPECS, "claims": ()})
    return replace(essay_case(), argument=only)


@cache
def told() -> Ask:
    return ask(case(), *LINES, futures=60, seed=4)


@cache
def ran() -> Run:
    return run(case(), futures=60, seed=4, days=90)


def test_an_answer_is_a_distribution_beside_earlier_windows_and_what_happened() -> None:
    acts, toll, day, chance = (told().to_dict()["questions"][i] for i in range(4))
    for q in (acts, toll, day):
        assert q["probability"] is q["low"] is q["high"] is q["yes"] is q["spread"] is None
        assert q["outcome"] == "settled"
        assert list(q["distribution"]["quantiles"]) == ["0.05", "0.25", "0.5", "0.75", "0.95"]
        assert all(rate["distribution"] and rate["share"] is None for rate in q["base_rates"].values())
    assert "distribution" not in chance
    assert "distribution" not in chance["base_rates"]["all"]
    assert acts["distribution"]["never"] == pytest.approx(1 - chance["probability"], abs=1e-15)
    assert acts["observed"] == 14
    assert 0 < toll["observed_imputed"] < 1, "the chronicle leaves some tolls of that year open"
    assert toll["distribution"]["imputed"] == 0, "a future knows its tolls"
    assert day["observed"] == "2021-04-06"
    assert date.fromisoformat(day["distribution"]["quantiles"]["0.05"]) >= AS_OF
    assert day["distribution"]["mean"] is None, "not every future holds talks"


def test_ask_and_run_give_the_same_distribution() -> None:
    asked = [a.answer.distribution for a in told().asked]
    assert asked == [a.distribution for a in ran().answers]


def test_the_numbers_are_those_of_the_futures() -> None:
    answer = ran().answers[0]
    found = amounts(answer.question, ran().chronicles)
    assert answer.distribution is not None
    assert answer.distribution.mean == pytest.approx(found.low.mean())
    known = ran().case.known(AS_OF).cut
    history = of_history(ran().case.argument, known)
    since = ran().case.argument.run.fit_from
    assert since is not None
    assert told().asked[0].base_rates == base_rates(answer.question, history, AS_OF, since)


def test_a_question_is_scored_by_its_futures() -> None:
    for answer in ran().answers[:3]:
        score = score_distribution(answer.question, ran().chronicles, answer.observed)
        assert score is not None
        assert score > 0
    with pytest.raises(QuestionError, match="how many or when"):
        score_distribution(ran().answers[3].question, ran().chronicles, 1)


def test_tables_hold_days_as_numbers(tmp_path: Path) -> None:
    table = told().to_polars()
    day = table.row(2, named=True)
    assert day["kind"] == "day"
    assert day["observed"] == (date(2021, 4, 6) - AS_OF).days
    assert table["kind"].to_list() == ["count", "deaths", "day", None]
    assert table["q50"].null_count() <= 2
    assert table.row(3, named=True)["never"] is None
    assert table["base_rate_q50"].null_count() == 1
    same = ("kind", "mean", "q05", "q50", "q95", "never", "observed")
    assert ran().to_polars("answers").select(same).equals(table.select(same))
    write_answers(told(), tmp_path / "answers.csv")
    again = pl.read_csv(tmp_path / "answers.csv", comment_prefix="#")
    assert again["q50"].to_list() == table["q50"].to_list()


def test_what_is_printed_is_what_was_computed() -> None:
    text = ask_text(told())
    assert "acts        median" in text
    assert "observed    14" in text
    assert re.search(
        r"before      median \d+ days?, 90 % \d+ days? to (\d+ days?|none), no such act in", text
    )
    day = told().asked[2]
    assert re.search(
        r"\(within \d+ days? in half of earlier windows", amount_sentence(day.answer, day.base_rates)
    )
    assert "of the tolls are not known and taken as usual" in text
    assert "How many and when" in run_text(ran(), [])
    page = render_run_page(ran(), {})
    assert page.count('class="half"') == 3
    rows = page_context(ran())["amounts"]
    assert [row["observed"] for row in rows][::2] == ["14", "2021-04-06"]
    for row in rows:
        assert 0 <= row["at"][0] <= row["at"][1] <= row["at"][2] <= 100
        assert row["at"][1] + row["wide"][1] <= row["at"][0] + row["wide"][0] + 0.011


def test_two_days_are_compared_future_by_future() -> None:
    result = diff(case(), case(), as_of=(date(2020, 1, 2), date(2020, 1, 4)), futures=30, seed=1, most=1)
    by_name = {shift.after.question.id: shift for shift in result.shifts}
    told_ = {q["id"]: q for q in result.to_dict()["questions"]}
    for name in ("acts", "toll", "day"):
        assert by_name[name].change.points is not None
        assert told_[name]["before"] is None
        assert told_[name]["distribution"]["after"]["kind"] in ("count", "deaths", "day")
    assert "distribution" not in told_["chance"]
    text = diff_text(result)
    assert "1 + acts:" in text
    assert "mean day" in text
    assert text.index(LINES["chance"]) < text.index(LINES["acts"]), "how many and when come last"


def test_a_claim_is_not_tied_to_an_amount() -> None:
    worded = next(claim for claim in essay().claims if claim.kind == "forecast" and claim.read_as)
    claim = worded.model_copy(update={"question": "acts"})
    bare = {"article": None, "texts": {}}  # these name other claims
    with pytest.raises(ArgumentError, match="yes or no") as caught:
        checked(essay().model_copy(update={"questions": SPECS, "claims": (claim,), **bare}))
    assert [fault.code for fault in caught.value.faults] == ["not_yes_or_no"]
    fine = claim.model_copy(update={"question": "chance"})
    assert checked(essay().model_copy(update={"questions": SPECS, "claims": (fine,), **bare}))


def test_the_outcome_has_its_word() -> None:
    assert Outcome.SETTLED.word == "settled"
