"""Checks of what an argument says of itself: names that refer to each other, days in order, unique ids."""

from __future__ import annotations

from detente.argument.check_bargain import check_bargain
from detente.argument.faults import Faults
from detente.argument.words import survey_words
from detente.argument.yaml_lines import Path_

_PRINCIPAL = "must be one of the principals"
_AFTER_START = "must come after start"


def check_argument(faults: Faults) -> None:
    """Add what no single field can know and no model is needed to see."""
    checks = (_principals, _parties, _channels, _agents, _days, _facts, _questions, _claims, check_bargain)
    for check in checks:
        check(faults)


def _principals(faults: Faults) -> None:
    argument = faults.argument
    sides = argument.principals or ()
    if sides and sides[0] == sides[1]:
        faults.add(("principals",), "must be two different actors", ", ".join(sides))
    if argument.locker is not None:
        faults.unless_in(("locker",), argument.locker, sides, _PRINCIPAL)


def _parties(faults: Faults) -> None:
    sides = faults.argument.principals or ()
    for name, party in faults.argument.parties.items():
        at: Path_ = ("parties", name)
        if party.side is not None:
            faults.unless_in((*at, "side"), party.side, sides, _PRINCIPAL)
        if party.ally_of is not None:
            faults.unless_in((*at, "ally_of"), party.ally_of, sides, _PRINCIPAL)
        if party.ally_of is not None and party.side is not None:
            faults.add((*at, "ally_of"), "cannot be combined with `side`", party.ally_of)
        if name in sides:
            faults.add(at, "must not have the same name as a principal", name)


def _channels(faults: Faults) -> None:
    ends = (*(faults.argument.principals or ()), "principals", *faults.argument.parties)
    for i, channel in enumerate(faults.argument.channels):
        for end in ("source", "target"):
            rule = "must be a principal or a declared party"
            faults.unless_in(("channels", i, end), getattr(channel, end), ends, rule)


def _agents(faults: Faults) -> None:
    for i, agent in enumerate(faults.argument.agents):
        for end in ("acts_for", "partner"):
            sides = faults.argument.principals or ()
            faults.unless_in(("agents", i, end), getattr(agent, end), sides, _PRINCIPAL)


def _days(faults: Faults) -> None:
    for i, toll in enumerate(faults.argument.tolls):
        if toll.end <= toll.start:
            faults.add(("tolls", i, "end"), _AFTER_START, toll.end.isoformat())
    for i, siege in enumerate(faults.argument.sieges):
        if siege.end is not None and siege.end <= siege.start:
            faults.add(("sieges", i, "end"), _AFTER_START, siege.end.isoformat())
        elif siege.end is not None and siege.end <= siege.known_from:
            faults.add(("sieges", i, "known_from"), "must come before end", siege.known_from.isoformat())


def _facts(faults: Faults) -> None:
    for kind, facts in faults.argument.facts.items():
        for i, fact in enumerate(facts):
            at: Path_ = ("facts", kind, i)
            faults.unless_in((*at, "actor"), fact.actor, faults.argument.principals or (), _PRINCIPAL)
            if fact.end is not None and fact.end <= fact.start:
                faults.add((*at, "end"), _AFTER_START, fact.end.isoformat())


def _questions(faults: Faults) -> None:
    ids: set[str] = set()
    for i, question in enumerate(faults.argument.questions):
        if question.id in ids:
            faults.add(("questions", i, "id"), "must be unique", question.id)
        ids.add(question.id)


def _claims(faults: Faults) -> None:
    argument, ids = faults.argument, set[str]()
    questions = list(dict.fromkeys(question.id for question in argument.questions))
    for i, claim in enumerate(argument.claims):
        at: Path_ = ("claims", i)
        if claim.id in ids:
            faults.add((*at, "id"), "must be unique", claim.id)
        ids.add(claim.id)
        if claim.question is not None:
            faults.unless_in((*at, "question"), claim.question, questions, "must be the id of a question")
        if (claim.words is None) != (claim.read_as is None):
            faults.add(at, "must have both words and read_as, or neither", claim.id)
        if claim.read_as is not None:
            faults.unless_in((*at, "read_as"), claim.read_as, survey_words(), "must be survey:word")
        if claim.terms and claim.sign is None:
            faults.add((*at, "sign"), "must be given with terms", claim.id, ("+", "-"))
        for plan in claim.plans:
            faults.unless_in((*at, "plans"), plan, argument.levers, "must be a plan of levers")
        if claim.plans and len(claim.plans) != 2:
            faults.add((*at, "plans"), "must be two, one that helps and one that hurts", claim.id)
        if claim.door and argument.door is None:
            faults.add((*at, "door"), "needs a door: block", claim.id)
