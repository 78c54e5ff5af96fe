"""A forecast's words as an interval, its parts, and what its verdict rests on."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from detente.argument.blocks import QuestionSpec
from detente.report.text.forecasts import text_of
from detente.report.text.numbers import portion
from detente.report.text.reasons import why
from detente.studies.claims.forecasts import Forecast, Forecasts, forecasts
from detente.studies.claims.rows import forecast_row
from worlds import essay_case


@cache
def told() -> Forecasts:
    return forecasts(essay_case(), futures=60, seed=1)


def row(name: str) -> Forecast:
    return next(row for row in told().rows if row.claim.id == name)


def test_force_and_words_of_one_forecast_are_judged_apart() -> None:
    for name in ("F2", "F2 24m"):
        force, words = row(name).parts
        assert "force" in force.answer.question.text
        assert "hostility_by_word" in words.answer.question.text
        assert (force.answer.outcome.word, words.answer.outcome.word) == ("yes", "no")
        assert row(name).asked.answer.outcome.word == "no"
        said = why(forecast_row(row(name)))
        assert (
            f"12m: yes (model {portion(force.answer.probability or 0, 2)})".replace("12m", name[3:] or "12m")
            in said
        )
        assert f": no (model {portion(words.answer.probability or 0, 2)})" in said
    assert row("F1").parts == ()
    assert "part        USA<->IRN force rate" in text_of(told())


@pytest.mark.parametrize("name", ["F2", "F2 24m", "F7", "F8 60m"])
def test_no_part_is_less_likely_than_the_whole(name: str) -> None:
    whole = row(name).asked.answer
    assert len(row(name).parts) > 1
    for part in row(name).parts:
        assert part.answer.yes >= whole.yes
        assert whole.outcome.word != "yes" or part.answer.outcome.word == "yes"


def test_a_part_that_the_argument_cannot_produce_has_no_chance() -> None:
    case = essay_case()
    asks = {"id": "no-war-12m", "text": "x", "ask": "not war within 12m and CHN->USA ASSAULT within 12m"}
    questions = [
        QuestionSpec.model_validate(asks) if q.id == "no-war-12m" else q for q in case.argument.questions
    ]
    claims = [c for c in case.argument.claims if c.id == "F3"]
    argument = case.argument.model_copy(update={"questions": tuple(questions), "claims": tuple(claims)})
    peace, assault = forecasts(replace(case, argument=argument), futures=60, seed=1).rows[0].parts
    assert peace.answer.status == "modelled"
    assert peace.answer.probability is not None
    assert assault.answer.status != "modelled"
    assert (assault.answer.probability is None) is (assault.answer.status == "not modelled")


def test_words_of_a_least_chance_cannot_fail() -> None:
    loose = {row.claim.id for row in told().rows if row.cannot_fail}
    assert loose == {"F6", "F6 24m", "F7"}
    for name in loose:
        assert forecast_row(row(name)).verdict == "cannot fail"
        assert row(name).interval == (row(name).word.q25, 1.0)
    every, can = told().means()["words"], told().means(that_can_fail=True)["words"]
    assert every is not None
    assert can is not None
    kept = [r for r in told().rows if None not in r.scores().values()]
    assert every[0] - can[0] == sum(r.cannot_fail for r in kept) > 0
    assert "Cannot fail" in text_of(told())


def test_what_happened_is_judged_and_not_how_the_model_changed_its_mind() -> None:
    chance = row("F4").asked.answer.probability
    assert chance is not None
    for before in (chance - 0.1, chance + 0.1):
        other = replace(row("F4"), before=before)
        assert forecast_row(other).verdict == "came true"
        assert "the verdict is of the outcome alone" in why(forecast_row(other))
        assert other.to_dict()["before"]["higher_now"] is (chance > before)


def test_the_interval_holds_the_word_and_its_scores() -> None:
    for forecast in told().rows:
        low, high = forecast.interval
        assert low <= forecast.word.median <= high
        found, scores = forecast.interval_scores(), forecast.scores()["words"]
        assert (found is None) is (scores is None)
        if found is not None and scores is not None:
            for (best, worst), score in zip(found, scores, strict=True):
                assert best <= score <= worst
    assert row("F1").standards == {"icd203": (0.55, 0.80), "ipcc": (0.66, 1.0)}


def test_where_the_chance_lies_is_said() -> None:
    low, high = row("F1").interval
    for chance, place in ((low - 0.1, "below"), (low, "inside"), (high, "inside"), (high + 0.1, "above")):
        asked = replace(row("F1").asked, answer=replace(row("F1").asked.answer, probability=chance))
        assert replace(row("F1"), asked=asked).to_dict()["interval"]["model"] == place
