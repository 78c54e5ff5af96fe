from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from typer.testing import CliRunner

from detente.argument.blocks import QuestionSpec
from detente.base.errors import ArgumentError, QuestionError
from detente.base.shares import share_of
from detente.lab.added import counted_acts
from detente.lab.ask import MOSTLY, ask
from detente.lab.case import Case
from detente.lab.run import run
from detente.lab.third_step import third_step_share
from detente.questions.statuses import CHANNELS_ADDED, NOT_MODELLED
from detente.report.text.as_json import to_json
from detente.report.text.ask import caveat_text
from detente.report.text.ask import text_of as in_words
from detente.studies.claims.forecasts import FORECASTERS, Forecasts, forecasts
from detente.studies.scoring.scores import brier, log_loss
from worlds import baseline, embedded, essay, essay_case


def test_ask_and_run_agree_to_the_last_digit() -> None:
    asked = ask(essay_case(), "talks-12m", "direct-force-12m", futures=150, seed=4)
    ran = {q["id"]: q for q in run(essay_case(), futures=150, seed=4).to_dict()["questions"]}
    for told in asked.to_dict()["questions"]:
        assert told.items() >= ran[told["id"]].items()


def test_a_line_and_a_declared_question_are_one() -> None:
    line = "USA->IRN talks within 366d"
    asked = ask(
        essay_case(), "talks-12m", line, QuestionSpec(id="x", text="x", ask=line), futures=120, seed=4
    )
    first, second, third = (a.answer for a in asked.asked)
    assert (first.probability, first.outcome) == (second.probability, second.outcome)
    assert second.probability == third.probability


def test_a_condition_is_a_share_of_the_futures_where_it_held() -> None:
    both = "USA<->IRN talks within 12m and USA->IRN pressure count >= 5 within 90d"
    condition = "USA->IRN pressure count >= 5 within 90d"
    asked = ask(
        essay_case(), both, condition, "USA<->IRN talks within 12m given " + condition, futures=200, seed=4
    )
    joint, given, conditional = (a.answer for a in asked.asked)
    assert joint.probability is not None
    assert given.probability is not None
    assert (conditional.yes, conditional.settled) == (joint.yes, given.yes)
    assert conditional.probability == share_of(joint.yes, given.yes)


def test_what_does_not_occur_is_told() -> None:
    with pytest.raises(QuestionError, match="Did you mean ISR"):
        ask(essay_case(), "IRM->USA force within 90d", futures=10)
    told = ask(essay_case(), "USA->IRN mode=accrod within 90d", futures=10).asked[0]
    assert [caveat_text(caveat) for caveat in told.caveats if caveat.kind == "unknown"] == [
        "no act known by then has mode accrod, so futures never hold it. Did you mean accord?",
    ]
    assert told.spread is None


def test_channels_are_added_for_acts_that_no_channel_takes() -> None:
    line = "FRA->IRN pressure within 12m"
    result = ask(essay_case(), line, f"{line} or USA->IRN pressure within 12m", futures=20)
    alone, either = (asked.answer for asked in result.asked)
    assert (alone.status, either.status) == (CHANNELS_ADDED, CHANNELS_ADDED)
    assert alone.added == either.added == ("FRA -> IRN pressure", "IRN -> FRA pressure")
    assert alone.settled == either.yes == either.settled == 20
    assert "FRA -> IRN pressure and IRN -> FRA pressure were added in separate futures" in in_words(result)
    assert to_json(result)["questions"][0]["status"] == "channels added"


def test_questions_without_added_channels_keep_their_digits_in_company() -> None:
    """And those with some do too: each set of channels has futures of its own."""
    lines = "USA->IRN pressure within 60d", "SAU->IRN force within 60d", "FRA->IRN pressure within 12m"
    together = ask(essay_case(), *lines, futures=60, seed=3).asked
    for line, asked in zip(lines, together, strict=True):
        alone = ask(essay_case(), line, futures=60, seed=3).asked[0].answer
        assert replace(asked.answer, question=alone.question) == alone


@pytest.mark.parametrize(
    ("line", "why", "actors"),
    [
        ("CHL->IRN force within 60d", "actor", ("CHL",)),  # a state that the chronicle never names
        ("USA->IRN ASSAULT mode=accrod within 60d", "act", ()),
        ("USA->IRN ACCUSE deaths>=1 within 60d", "act", ()),
    ],
)
def test_what_cannot_be_modelled_has_base_rates_and_no_number(
    line: str, why: str, actors: tuple[str, ...]
) -> None:
    result = ask(essay_case(), line, futures=20)
    (told,) = result.asked
    assert (told.answer.status, told.answer.probability, told.spread) == (NOT_MODELLED, None, None)
    assert [(c.why, c.actors) for c in told.caveats if c.kind == "not modelled"] == [(why, actors)]
    text = in_words(result)
    assert f"This argument does not model “{line}”, so it gives no probability" in text
    assert "it came true in " in text
    assert ("it came true in none" in text) is ("deaths" not in line)  # of that the tolls of acts say less
    assert "chance      not modelled" in text


def test_an_answer_on_acts_that_nobody_like_them_has_shown_says_so() -> None:
    lines = "USA<->IRN AGREE mode=ceasefire within 12m", "USA->IRN pressure within 90d"
    unseen, usual = ask(essay_case(), *lines, futures=20).asked
    (caveat,) = [c for c in unseen.caveats if c.kind == "unlike"]
    case = essay_case()
    program = case.fitted(case.settings().as_of).program
    assert caveat.share == third_step_share(program, counted_acts(unseen.answer.question)[0])
    assert (caveat.share or 0) > MOSTLY
    assert "of the chance of such acts of USA<->IRN rests on acts that these" in caveat_text(caveat)
    assert not usual.caveats


def test_like_channels_share_a_run_whatever_the_order_of_a_question() -> None:
    there, back = ask(
        essay_case(), "SAU->IRN force within 60d", "IRN->SAU force within 60d", futures=20
    ).asked
    assert there.answer.added == back.answer.added


def test_a_window_that_opens_before_the_futures_do_is_told() -> None:
    told = ask(essay_case(), "IRN->USA force from 2019-01-01 to 2020-03-01", futures=10).asked[0]
    assert [caveat_text(caveat) for caveat in told.caveats] == [
        "its window opens on 2019-01-01, before the futures start: use a window that starts on or after 2020-01-17",
    ]


def test_no_interval_of_no_width_is_printed() -> None:
    result = ask(
        essay_case(), "proxies->USA force count >= 4 within 90d", "war within 1d", futures=200, seed=1
    )
    text = in_words(result)
    spread = result.asked[0].spread
    assert spread is not None
    assert spread.sd == 0.0
    assert f"cannot be estimated from these futures (sd anywhere up to {spread.sd_high:.3f})" in text
    assert "draws       cannot be estimated: all settled futures agree" in text
    assert "no coefficient moves it beyond chance, as far as 200 futures show" in text


def test_what_must_be_given_is_asked_for() -> None:
    with pytest.raises(ArgumentError, match="as_of is required and has no default"):
        ask(Case("x", baseline(), embedded()), "war within 12m")
    with pytest.raises(QuestionError, match="question is required"):
        ask(essay_case())
    with pytest.raises(ArgumentError, match="must hold a forecast in words"):
        forecasts(Case("x", baseline(), embedded()), as_of=date(2020, 1, 17), futures=10, seed=1)


@pytest.fixture(scope="module")
def told() -> Forecasts:
    return forecasts(essay_case(), futures=120, seed=2)


def test_every_forecast_has_chances_an_outcome_and_scores(told: Forecasts) -> None:
    outcomes = {row.claim.id: row.asked.answer.outcome.word for row in told.rows}
    assert outcomes == {
        "F1": "yes", "F2": "no", "F2 24m": "no", "F3": "yes", "F3 24m": "yes", "F4": "yes", "F5": "yes",
        "F6": "no", "F6 24m": "yes", "F7": "yes", "F8": "ambiguous", "F8 60m": "yes",
    }  # fmt: skip
    for row in told.rows:
        chances, scores = row.chances(), row.scores()
        assert tuple(chances) == FORECASTERS
        for name, p in chances.items():
            happened, settled = row.asked.answer.outcome.word == "yes", row.claim.id != "F8"
            assert scores[name] == (
                None if p is None or not settled else (brier(p, happened), log_loss(p, happened))
            )
    assert [row.claim.id for row in told.rows if row.before is not None] == ["F4"]
    json.dumps(told.to_dict())


def test_means_are_over_the_forecasts_all_could_make(told: Forecasts) -> None:
    means = told.means()
    kept = [row for row in told.rows if None not in row.scores().values()]
    assert len(kept) == 9  # F8 is ambiguous, and no window of 60 months fits into four years
    model = means["model"]
    assert model is not None
    scores = [pair for row in kept if (pair := row.scores()["model"]) is not None]
    assert model[0] == 9
    assert model[1] == pytest.approx(sum(b for b, _ in scores) / 9)


def test_the_commands_print_what_the_use_cases_return(
    monkeypatch: pytest.MonkeyPatch, told: Forecasts
) -> None:
    from detente.cli import main

    result = ask(
        essay_case(), "first USA<->IRN talks within 12m", "USA<->IRN talks within 60d", futures=120, seed=4
    )
    monkeypatch.setattr("detente.lab.ask.ask", lambda *a, **k: result)
    monkeypatch.setattr("detente.studies.claims.forecasts.forecasts", lambda *a, **k: told)
    runner = CliRunner()
    out = runner.invoke(main.app, ["ask", "us-iran", "war within 12m", "--json"])
    assert json.loads(out.stdout) == json.loads(json.dumps(to_json(result)))
    text = runner.invoke(main.app, ["ask", "us-iran", "war within 12m"]).stdout
    answer = result.asked[1].answer
    assert f"{answer.probability:.3f}; Monte Carlo {answer.low:.3f} to {answer.high:.3f}" in text
    assert "first act" in text
    rows = runner.invoke(main.app, ["forecasts", "us-iran"]).stdout
    assert '"chances are high", read as with high probability: 0.80 (half of readers 0.75 to 0.90' in rows
    assert json.loads(runner.invoke(main.app, ["forecasts", "us-iran", "--json"]).stdout)["forecasts"]


def test_essay_questions_are_read_with_their_lines() -> None:
    assert sum(spec.ask is not None for spec in essay().questions) == 9
