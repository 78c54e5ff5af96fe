"""Every result begins with its bottom line, and every number is rounded once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from detente.base.shares import share_of
from detente.futures.outcomes import Difference
from detente.futures.unseen import Unseen
from detente.lab.ask import Ask, ask
from detente.lab.case import Case, load_case
from detente.lab.head import head_of
from detente.lab.phases import phases_of
from detente.lab.why import Mover, ProbabilitySpread
from detente.model.clocks import at_clocks
from detente.questions.base_rates import BaseRate
from detente.report.pictures.fans import fans_of
from detente.report.pictures.style import dress
from detente.report.text import ask as ask_text
from detente.report.text import compare as compare_text
from detente.report.text import diff as diff_text
from detente.report.text import events as events_text
from detente.report.text import run as run_text
from detente.report.text import whatif as whatif_text
from detente.report.text.actors import named, names_in, spelled
from detente.report.text.answers.cautions import cautions
from detente.report.text.answers.changes import of_diff, of_whatif
from detente.report.text.answers.sentence import answer_sentence
from detente.report.text.answers.subject import subject_of
from detente.report.text.as_json import to_json
from detente.report.text.bottom_line import (
    by_move,
    of_ask,
    of_run,
    trust_sentence,
)
from detente.report.text.numbers import (
    chance,
    change,
    from_to,
    interval_text,
    portion,
    share,
    spread_text,
)
from detente.report.text.unread import unread_text, why_idle
from detente.studies.diff import Diff, diff
from detente.studies.whatif.every_lever import Idle
from detente.studies.whatif.unread import Unread
from detente.studies.whatif.whatif import WhatIf, whatif
from worlds import essay_case

DAY = date(2000, 1, 1)


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
    assert "before 16 April 2020: " in line
    assert "of all earlier windows" in line
    assert "of those of the last four years" in line
    assert "How far to trust it" in line
    assert "all but excluded" in line
    assert "none of 100 futures" in line


def test_a_run_begins_with_its_first_questions_and_its_trust(asked: Ask) -> None:
    line = of_run(asked.run)
    assert to_json(asked.run)["sentences"]["bottom_line"] == line
    assert " ".join(line.split()) in " ".join(run_text.text_of(asked.run, []).split())
    assert "none of 100 futures" in run_text.text_of(asked.run, [])


def test_a_run_puts_its_first_questions_beside_the_same_past_as_ask(asked: Ask) -> None:
    line, value = of_run(asked.run), to_json(asked.run)
    assert "of all earlier windows" in line
    assert "of those of the last four years" in line
    for first, full in zip(value["first_answers"], to_json(asked)["questions"], strict=True):
        assert first == {key: full[key] for key in ("id", "base_rates", "why")}
    assert of_ask(asked).startswith(line[: line.index("How far")].split(" What would")[0])


def test_a_share_that_moved_never_reads_as_one_that_did_not() -> None:
    for before in (0.0, 0.0004, 0.1, 0.788, 0.9996, 1.0):
        for step in (0.001, 0.003, 0.2):
            after = before + step if before + step <= 1 else before - step
            one, other = from_to(before, after, 2000, 2000).split(" to ")
            assert one != other, (before, after)


def test_a_lever_that_moves_only_a_phase_says_which(pulled: WhatIf) -> None:
    outcomes = {key: replace(d, low=-1.0, high=1.0) for key, d in pulled.outcomes.items()}
    outcomes["phase thaw", pulled.days] = replace(
        outcomes["phase thaw", pulled.days], without=0.01, with_=0.07, mean=0.06, low=0.04, high=0.08
    )
    line = of_whatif(replace(pulled, outcomes=outcomes))
    assert "no outcome" not in line
    assert "moves the phases alone beyond chance in 100 futures: thaw most, 1 % to 7 % of days." in line


def test_what_moves_a_question_most_is_said_with_its_size(asked: Ask) -> None:
    first = asked.run.first_answers[0]
    mover = Mover("reprisal.force", ("A -> B force",), -0.061, 0.01, 0.1)
    shown = replace(asked.run)
    shown.__dict__["first_answers"] = (replace(first, why=(mover,)),)
    assert (
        "What would change the first probability most: one standard deviation more of "
        "the coefficient of Reprisal (force received is returned as force) "
        "lowers it by 6 points." in of_run(shown)
    )


def test_a_chance_of_none_or_all_says_what_it_can_mean(asked: Ask) -> None:
    never = asked.asked[1]
    assert (never.answer.yes, never.answer.probability) == (0, share_of(0, 100))
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
    assert "contradicts what happened before (98 % and all of earlier windows)" in caution
    short = replace(peace, base_rates=(replace(rate, separate=1.0), replace(rate, separate=1.0)))
    assert cautions(short) == []


def test_a_spread_of_no_width_cannot_be_estimated() -> None:
    assert spread_text(ProbabilitySpread(0.001, 0.0, 0.03, 0.938, 0.941)).startswith("cannot be estimated")
    assert spread_text(ProbabilitySpread(0.0, 0.0, 0.0, 1.0, 1.0)).startswith("cannot be estimated")
    assert spread_text(None).startswith("cannot be estimated")


def test_futures_that_differ_are_never_said_to_agree(asked: Ask) -> None:
    hidden = ProbabilitySpread(0.0, 0.0, 0.0, 0.32, 0.32)
    assert spread_text(hidden) == "cannot be estimated: these futures vary no more than by chance"
    assert spread_text(hidden, agree=True) == "cannot be estimated: all settled futures agree"
    some, none = (replace(row, spread=hidden) for row in asked.asked)
    assert some.answer.probability not in (0, 1)
    assert (ask_text.agree(some), ask_text.agree(none)) == (False, True)


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


# --- names beside codes -----------------------------------------------------------------------------------------------


def test_names_stand_beside_codes_in_channels_answers_and_levers(asked: Ask) -> None:
    assert "Actors: USA United States, IRN Iran." in ask_text.text_of(asked)
    run = asked.run
    text = run_text.text_of(run, [])
    assert "United States (USA) -> Iran (IRN) pressure" in text
    assert "good offices" in text
    assert "Iran (IRN)" in of_run(replace(run, answers=()))
    assert any("Iran (IRN)" in fan.label for fan in fans_of(run))
    assert "Actors: USA United States, IRN Iran." in dress(run, "title", says="")["title"].subtitle
    idle = Idle(
        "mediator:OMN@30", "Mediator", (Unread("acts", "OMN -> both", "OMN", "CONSULT", "mediation"),)
    )
    assert "mediation of Oman (OMN) in" in why_idle(idle, named(run.case))
    assert "mediation of ZZZ in" in unread_text(
        Unread("acts", "x", "ZZZ", "CONSULT", "mediation"), named(run.case)
    )
    assert "United States (USA) -> Iran (IRN) force" in whatif_text.outside(
        Unseen("rank", "USA -> IRN force"), spelled(run.case)
    )


def test_acts_and_phases_are_printed_with_the_names_of_their_actors() -> None:
    case = essay_case()
    some = case.chronicle.filter(source="OMN")
    names = names_in("us-iran")
    acts = events_text.text_of(case.chronicle, some, some.events, 3, counted=False, names=names)
    assert "OMN Oman" in acts
    counts = events_text.text_of(case.chronicle, some, some.count_by("source"), 3, counted=True, names=names)
    assert "Actors: OMN Oman." in counts
    history = phases_of(case, since="2020-01-01", until="2020-02-01")
    assert "Actors: " in events_text.phases_text_of(head_of(case), phases_of(case, since="2019-01-01"), names)
    assert "Actors: " not in events_text.phases_text_of(head_of(case), history, {})


# --- nothing is certain -----------------------------------------------------------------------------------------------


def test_no_probability_is_written_as_certain() -> None:
    assert (share(1.0), share(0.0), share(0.99999, 4), share(0.2, 2)) == (
        "> 0.999",
        "< 0.001",
        "> 0.9999",
        "0.20",
    )
    assert (portion(1.0), portion(0.0), portion(0.9999)) == ("all", "none", "> 0.999")
    assert (chance(1.0), chance(0.0), chance(0.25)) == ("> 99 %", "< 1 %", "25 %")


def test_intervals_without_width_are_said_in_words(pulled: WhatIf) -> None:
    same = change(1.0, 1.0, 0.0, 0.0, of_futures=True)
    assert (same.before, same.interval) == ("all", "no future differs")
    assert interval_text(0.0301, 0.0304) == "+0.030, narrower than 0.001"
    still = Difference(1.0, 1.0, 0.0, 0.0, 0.0, 1.0)
    outcomes = {key: d if key[0] == "pressure" else still for key, d in pulled.outcomes.items()}
    text = whatif_text.text_of(replace(pulled, outcomes=outcomes))
    assert "no future differs" in text
    rows = [
        line
        for line in text.splitlines()
        if line.startswith(("share of futures with talks", "share of days in "))
    ]
    assert rows
    assert not any("1.000" in row for row in rows)


def test_a_diff_writes_shares_of_none_and_all_as_shares() -> None:
    move, none = {"points": 0.0, "low": 0.0, "high": 0.0}, share_of(0, 9)
    (line,) = diff_text._shift({"before": none, "after": none, "change": move})
    assert line == "  0.050 -> 0.050   +0.000 (no future differs)"
    (line,) = diff_text._shift({"before": 1.0, "after": 0.0, "change": move | {"points": None}})
    assert "> 0.999 -> < 0.001" in line


def test_a_comparison_prints_no_chance_as_certain() -> None:
    value = {
        "questions": [
            {
                "id": "q",
                "chances": [1.0, 0.0, None],
                "statuses": ["modelled"] * 3,
                "stacked": 0.5,
                "outcome": "yes",
            }
        ]
    }
    (row,) = compare_text._questions(value, ["a", "b", "c"])[2:]
    assert "> 0.99" in row
    assert "< 0.01" in row
    assert "1.00" not in row


def test_a_comparison_says_of_each_plan_what_cannot_act(pulled: WhatIf) -> None:
    lacks = (Unread("acts", "good offices", "OMN", "CONSULT", "mediation", ("good_offices",)),)
    kinds = ("talks", "accords", "force", "pressure")
    numbers = {"without": 0.0, "with": 0.0, "mean": 0.0, "low": 0.0, "high": 0.0}
    under = {"argument": "mine"} | dict.fromkeys(kinds, numbers)
    value = {"plans": [{"plan": "p", "levers": ["x"], "days": 9, "under": [under]}]}
    part = replace(pulled, unread=lacks)
    said = "\n".join(compare_text._plans(value, {"p": (part,)}))
    assert "partly without effect: no mechanism reads mediation of Oman (OMN)" in said
    still = Difference(0.0, 0.0, 0.0, 0.0, 0.0, 1.0)
    idle = replace(part, outcomes=dict.fromkeys(pulled.outcomes, still))
    said = "\n".join(compare_text._plans(value, {"p": (idle,)}))
    assert "changes nothing: no mechanism reads mediation of Oman (OMN)" in said


def test_the_trust_sentence_tells_mechanisms_from_levels(asked: Ask) -> None:
    line = trust_sentence(asked.run)
    assert "narrow the priors of mechanisms by at most" in line
    assert line.endswith("on the argument; how often each side acts comes from the events.")
    posterior = asked.run.posterior
    program, unlearnt = (
        posterior.program,
        posterior.sd * 0 + [c.prior.sd for c in posterior.program.coefficients],
    )
    vague = SimpleNamespace(program=program, sd=unlearnt)
    unsure = SimpleNamespace(posterior=vague, cautions=(), moved_by_events=lambda: {"a.b": 0.0})
    assert trust_sentence(unsure).endswith("mostly on the argument.")  # type: ignore[arg-type]


def test_the_command_that_makes_a_record_names_the_case_at_hand(tmp_path: Path) -> None:
    events, mine = tmp_path / "acts.csv", tmp_path / "mine.yaml"
    events.write_text("date,source,target,action\n2001-01-01,A,B,ASSAULT\n2001-02-01,B,A,CONSULT\n")
    mine.write_text(
        "{argument: a, title: A, principals: [A, B], events: acts.csv, mechanisms: {momentum: {}}}"
    )
    told = [
        subject_of(case)
        for case in (
            load_case("us-iran"),
            load_case("us-iran@first", argument="baseline", add=[events]),
            load_case(argument=mine),
            load_case(argument=mine, events=events),
            load_case(events=events, principals=("A", "B")),
        )
    ]
    assert told == [
        "us-iran",
        f"us-iran@first --argument baseline --add {events}",
        str(mine),
        str(mine),
        f"--events {events} --principals A,B",
    ]


def test_a_base_rate_within_the_monte_carlo_interval_is_about_the_same(asked: Ask) -> None:
    plain = asked.asked[0].answer
    answer = replace(plain, probability=0.5, low=0.44, high=0.56, yes=50, settled=100)

    def beside(share: float) -> str:
        rates = (BaseRate(DAY, 100, 10.0, share, 0), BaseRate(DAY, 100, 10.0, None, 0))
        return answer_sentence(answer, rates)

    assert "50 %, about the same as the share of all earlier windows (45 %)" in beside(0.45)
    assert "50 %, the same as the share of all earlier windows (50 %)" in beside(0.5)
    assert "50 %, higher than the share of all earlier windows (43 %)" in beside(0.43)
    assert "50 %, lower than the share of all earlier windows (57 %)" in beside(0.57)
