"""Every result begins with its bottom line, and every number is rounded once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from detente.futures.outcomes import Difference
from detente.lab.ask import Ask, ask
from detente.lab.case import Case
from detente.lab.why import ProbabilitySpread
from detente.model.clocks import at_clocks
from detente.questions.base_rates import BaseRate
from detente.report.text import ask as ask_text
from detente.report.text import diff as diff_text
from detente.report.text import run as run_text
from detente.report.text import whatif as whatif_text
from detente.report.text.as_json import to_json
from detente.report.text.bottom_line import by_move, of_ask, of_diff, of_run, of_whatif
from detente.report.text.numbers import cautions, change, spread_text
from detente.studies.diff import Diff, diff
from detente.studies.whatif.whatif import WhatIf, whatif
from worlds import essay_case


def plain() -> Case:
    """The essay at its declared half-lives."""
    case = essay_case()
    return replace(case, argument=at_clocks(case.argument, case.argument.clocks.half_lives()))


@pytest.fixture(scope="module")
def asked() -> Ask:
    return ask(plain(), "IRN->USA ASSAULT deaths>=1 within 90d", "war within 1d", futures=100, seed=1)


@pytest.fixture(scope="module")
def pulled() -> WhatIf:
    return whatif(plain(), ["sanctions=40@1"], futures=100, days=120, seed=1)


@pytest.fixture(scope="module")
def moved() -> Diff:
    case = plain()
    return diff(case, case, as_of=(date(2020, 1, 2), date(2020, 1, 17)), futures=60, seed=1, most=2)


def test_an_answer_begins_with_its_likelihood_its_past_its_horizon_and_its_trust(asked: Ask) -> None:
    line = of_ask(asked)
    assert line in ask_text.text_of(asked)
    assert to_json(asked)["sentences"]["bottom_line"] == line
    assert "before 16 April 2020 (" in line
    assert "in the past" in line
    assert "lately" in line
    assert "How far to trust it" in line
    assert "all but excluded" in line
    assert "none of 100 futures" in line


def test_a_run_begins_with_its_first_questions_and_its_trust(asked: Ask) -> None:
    line = of_run(asked.run)
    assert to_json(asked.run)["sentences"]["bottom_line"] == line
    assert " ".join(line.split()) in " ".join(run_text.text_of(asked.run, []).split())
    assert "none of 100 futures" in run_text.text_of(asked.run, [])


def test_a_chance_of_none_or_all_says_what_it_can_mean(asked: Ask) -> None:
    never = asked.asked[1]
    assert never.answer.probability == 0
    (caution,) = cautions(never)
    assert caution.startswith("none of 100 futures say yes")
    assert "below" in caution
    assert f"caution     {caution}" in ask_text.text_of(asked)
    assert caution in to_json(asked)["questions"][1]["sentences"]["cautions"]


def test_a_chance_far_from_both_base_rates_is_cautioned(asked: Ask) -> None:
    rate = BaseRate(date(1979, 1, 1), 2000, 100.0, 0.98, 0)
    peace = replace(
        asked.asked[0],
        answer=replace(asked.asked[0].answer, probability=0.05),
        base_rates=(rate, replace(rate, share=1.0)),
    )
    (caution,) = cautions(peace)
    assert "contradicts what happened before (98 % and 100 % of earlier windows)" in caution
    short = replace(peace, base_rates=(replace(rate, separate=1.0), replace(rate, separate=1.0)))
    assert cautions(short) == []


def test_a_spread_of_no_width_cannot_be_estimated() -> None:
    assert spread_text(ProbabilitySpread(0.001, 0.0, 0.03, 0.938, 0.941)).startswith("cannot be estimated")
    assert spread_text(ProbabilitySpread(0.0, 0.0, 0.0, 1.0, 1.0)).startswith("cannot be estimated")
    assert spread_text(None).startswith("cannot be estimated")


def test_a_whatif_begins_with_what_moved_most(pulled: WhatIf) -> None:
    text, line = whatif_text.text_of(pulled), of_whatif(pulled)
    assert line in text
    assert to_json(pulled)["sentences"]["bottom_line"] == line
    last = {name: d for (name, days), d in pulled.outcomes.items() if days == pulled.days}
    first = by_move({name: d for name, d in last.items() if name in whatif_text.OUTCOMES})[0][0]
    table = text[text.index("without") :].splitlines()[1:]
    assert table[0].startswith((first, whatif_text.OUTCOMES[first]))
    assert "fast clock (half-life 14 days) of IRN" in text


def test_printed_differences_are_those_of_the_printed_numbers(pulled: WhatIf, moved: Diff) -> None:
    for line in whatif_text.text_of(pulled).splitlines():
        words = line.split()
        if len(words) > 5 and words[-1].endswith(")") and words[-2] == "to":
            without, with_, difference = map(float, words[-6:-3])
            assert with_ - without == pytest.approx(difference, abs=1e-9), line
    pairs = [line.split() for line in diff_text.text_of(moved).splitlines() if " -> 0." in line]
    assert pairs
    for words in pairs:
        assert float(words[2]) - float(words[0]) == pytest.approx(float(words[3]), abs=1e-9)


def test_a_difference_is_that_of_what_is_shown() -> None:
    shown = change(0.12345, 0.12355, -0.0001, 0.0003)
    assert (shown.before, shown.after, shown.difference) == ("0.123", "0.124", "+0.001")
    assert change(0.5, 0.5, 0.0, 0.0).difference == "+0.000"


def test_a_comparison_begins_with_what_moved_most(moved: Diff) -> None:
    text, line = diff_text.text_of(moved), of_diff(moved)
    assert line in text
    assert to_json(moved)["sentences"]["bottom_line"] == line
    sure = [
        s for s in moved.shifts if s.change.low is not None and (s.change.low > 0 or (s.change.high or 0) < 0)
    ]
    most = max(sure, key=lambda s: abs(s.change.points or 0.0))
    assert most.after.question.text in line
    at = [text.index(f"\n{s.after.question.text}   (") for s in moved.shifts]
    assert min(at) == text.index(f"\n{most.after.question.text}   (")


def test_what_moves_in_proportion_comes_first_and_chance_last() -> None:
    sure, chance = Difference(10, 9, -1, -1.1, -0.9, 1.0), Difference(10, 1, -9, -20, 2, 1.0)
    large = Difference(0.2, 0.4, 0.2, 0.1, 0.3, 1.0)
    assert [name for name, _ in by_move({"chance": chance, "sure": sure, "large": large})] == [
        "large",
        "sure",
        "chance",
    ]
