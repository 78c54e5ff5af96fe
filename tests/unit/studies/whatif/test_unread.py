"""A lever that cannot act says why, and an implausible sign is named."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from detente.futures.levers import lever_registry
from detente.futures.modelled import OUTCOMES
from detente.futures.outcomes import Difference
from detente.lab.case import Case
from detente.model.clocks import at_clocks
from detente.report.text.answers.changes import of_whatif
from detente.report.text.as_json import to_json
from detente.report.text.whatif import text_of
from detente.studies.whatif.every_lever import change_of
from detente.studies.whatif.whatif import contrary, whatif
from worlds import essay_case


def without(*mechanisms: str) -> Case:
    """The essay at its declared half-lives, less some of its mechanisms and what rests on them."""
    case = essay_case()
    argument = at_clocks(case.argument, case.argument.clocks.half_lives())
    kept = {name: use for name, use in argument.mechanisms.items() if name not in mechanisms}
    return replace(
        case, argument=argument.model_copy(update={"mechanisms": kept, "door": None, "claims": ()})
    )


def test_mediation_that_nothing_reads_names_what_to_add() -> None:
    result = whatif(without("good_offices"), ["mediator:OMN@10"], futures=10, days=60, seed=1)
    assert result.inert
    said = "no mechanism reads mediation of Oman (OMN) in this argument: add good_offices"
    assert said in of_whatif(result)
    text = text_of(result)
    assert said in text
    assert "+0.000" not in text
    value = to_json(result)
    assert value["unread"][0]["readers"] == ["good_offices"]
    assert value["sentences"]["unread"] == [said]


def test_a_lever_that_is_read_has_nothing_unread() -> None:
    result = whatif(without(), ["mediator:OMN@10"], futures=10, days=60, seed=1)
    assert result.unread == ()
    assert result.drivers


def test_a_fact_that_nothing_reads_names_who_would() -> None:
    result = whatif(without("leaders"), ["new_leader:USA@10"], futures=10, days=60, seed=1)
    assert "add leaders" in of_whatif(result)


def test_a_lever_of_size_zero_says_so() -> None:
    assert of_whatif(whatif(without(), ["relief=0@30"], futures=10, days=60, seed=1)).endswith(
        "its size is 0."
    )


def test_the_overview_lists_levers_that_cannot_act() -> None:
    change = change_of(without("good_offices"), date(2020, 1, 17), seed=1)
    idle = {row.lever.split(":")[0]: row for row in change.idle}
    assert idle["mediator"].why[0].readers == ("good_offices",)
    assert not any(row.dose.lever == "mediator" for row in change.pulled)


def test_a_sign_against_what_a_lever_declares_is_implausible() -> None:
    more, less = Difference(0.2, 0.3, 0.1, 0.05, 0.15, 1.0), Difference(0.3, 0.2, -0.1, -0.15, -0.05, 1.0)
    assert contrary(["assassination"], "talks", more)
    assert not contrary(["assassination"], "talks", less)
    assert not contrary(["assassination", "mediator"], "talks", more)
    assert not contrary(["assassination"], "talks", replace(more, low=-0.01))
    for lever in lever_registry().values():
        assert set(lever.expected) <= set(OUTCOMES)
        assert set(lever.expected.values()) <= {-1, 1}
    result = whatif(without(), ["assassination:USA=1@1"], futures=10, days=60, seed=1)
    days = {key: more if key == ("talks", 60) else d for key, d in result.outcomes.items()}
    odd = replace(result, outcomes=days)
    assert odd.implausible == ("talks",)
    assert "The direction for futures with talks is implausible" in of_whatif(odd)
    assert "rest on the argument's priors" in of_whatif(odd)
