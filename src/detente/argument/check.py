"""Checks of what an argument says of itself: names that refer to each other, days in order, unique ids."""

from __future__ import annotations

from detente.argument.check_bargain import check_bargain
from detente.argument.faults import Faults
from detente.argument.words import survey_words
from detente.argument.yaml_lines import Path_


def check_argument(faults: Faults) -> None:
    """Add what no single field can know and no model is needed to see."""
    checks = (_principals, _parties, _channels, _agents, _days, _facts, _questions, _claims, check_bargain)
    for check in checks:
        check(faults)


def _principals(faults: Faults) -> None:
    argument = faults.argument
    sides = argument.principals or ()
    if sides and sides[0] == sides[1]:
        faults.add(("principals",), "not_two_actors", sides)
    if argument.locker is not None:
        faults.unless_in(("locker",), argument.locker, sides, "not_a_principal")


def _parties(faults: Faults) -> None:
    sides = faults.argument.principals or ()
    for name, party in faults.argument.parties.items():
        at: Path_ = ("parties", name)
        if party.side is not None:
            faults.unless_in((*at, "side"), party.side, sides, "not_a_principal")
        if party.ally_of is not None:
            faults.unless_in((*at, "ally_of"), party.ally_of, sides, "not_a_principal")
        if party.ally_of is not None and party.side is not None:
            faults.add((*at, "ally_of"), "cannot_combine", party.ally_of, other="side")
        if name in sides:
            faults.add(at, "named_like_a_principal", name)


def _channels(faults: Faults) -> None:
    ends = (*(faults.argument.principals or ()), "principals", *faults.argument.parties)
    for i, channel in enumerate(faults.argument.channels):
        for end in ("source", "target"):
            faults.unless_in(("channels", i, end), getattr(channel, end), ends, "not_an_end")


def _agents(faults: Faults) -> None:
    for i, agent in enumerate(faults.argument.agents):
        for end in ("acts_for", "partner"):
            sides = faults.argument.principals or ()
            faults.unless_in(("agents", i, end), getattr(agent, end), sides, "not_a_principal")


def _days(faults: Faults) -> None:
    for i, toll in enumerate(faults.argument.tolls):
        if toll.end <= toll.start:
            faults.add(("tolls", i, "end"), "not_after", toll.end, other="start")
    for i, siege in enumerate(faults.argument.sieges):
        if siege.end is not None and siege.end <= siege.start:
            faults.add(("sieges", i, "end"), "not_after", siege.end, other="start")
        elif siege.end is not None and siege.end <= siege.known_from:
            faults.add(("sieges", i, "known_from"), "not_before", siege.known_from, other="end")


def _facts(faults: Faults) -> None:
    for kind, facts in faults.argument.facts.items():
        for i, fact in enumerate(facts):
            at: Path_ = ("facts", kind, i)
            faults.unless_in((*at, "actor"), fact.actor, faults.argument.principals or (), "not_a_principal")
            if fact.end is not None and fact.end <= fact.start:
                faults.add((*at, "end"), "not_after", fact.end, other="start")


def _questions(faults: Faults) -> None:
    ids: set[str] = set()
    for i, question in enumerate(faults.argument.questions):
        if question.id in ids:
            faults.add(("questions", i, "id"), "not_unique", question.id)
        ids.add(question.id)


def _claims(faults: Faults) -> None:
    argument, ids = faults.argument, set[str]()
    questions = list(dict.fromkeys(question.id for question in argument.questions))
    for i, claim in enumerate(argument.claims):
        at: Path_ = ("claims", i)
        if claim.id in ids:
            faults.add((*at, "id"), "not_unique", claim.id)
        ids.add(claim.id)
        if claim.question is not None:
            faults.unless_in((*at, "question"), claim.question, questions, "not_a_question_id")
        if (claim.words is None) != (claim.read_as is None):
            faults.add(at, "both_or_neither", claim.id, one="words", other="read_as")
        if claim.read_as is not None:
            faults.unless_in((*at, "read_as"), claim.read_as, survey_words(), "not_a_survey_word")
        if claim.terms and claim.sign is None:
            faults.add((*at, "sign"), "required_with", None, ("+", "-"), other="terms")
        for plan in claim.plans:
            faults.unless_in((*at, "plans"), plan, argument.levers, "not_a_plan")
        if claim.plans and len(claim.plans) != 2:
            faults.add((*at, "plans"), "not_two_plans", claim.plans)
        if claim.door and argument.door is None:
            faults.add((*at, "door"), "needs_block", claim.id, block="door")
