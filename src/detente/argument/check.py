"""Checks across the parts of an argument: names that refer to each other, days that must follow each other."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from detente.argument.bargain_blocks import check_bargain
from detente.argument.words import survey_words
from detente.argument.yaml_lines import Path_
from detente.base.errors import Fault
from detente.model.mechanisms import registry
from detente.questions.check import _check_line

if TYPE_CHECKING:
    from detente.argument.argument import Argument

# Conditions of a claim that the chronicle itself fulfils; `_episodes` has a rule for each.
CONDITIONS = (
    "loss",
    "ranked loss",
    "deaths at home",
    "reprisals",
    "crisis begins",
    "pressure wave",
    "third parties",
    "force received",
    "friendly deed",
)


def place_of(places: dict[Path_, str], loc: tuple[Any, ...]) -> str:
    """Return the file and line of a field, or of the nearest part that holds it."""
    return next(places[loc[:end]] for end in range(len(loc), -1, -1) if loc[:end] in places)


def cross_check(argument: Argument, places: dict[Path_, str]) -> Iterator[Fault]:
    """Yield what no single field can know: names that refer to other parts."""

    def fault(loc: Path_, constraint: str, got: object, choices: Any = ()) -> Fault:
        near = difflib.get_close_matches(str(got), list(choices), 1)
        known = ", ".join(list(choices)[:12])
        hint = f"Did you mean {near[0]}?" if near else (f"Known: {known}." if known else None)
        return Fault(".".join(map(str, loc)), constraint, got=got, where=place_of(places, loc), hint=hint)

    sides = argument.principals or ()
    if sides and sides[0] == sides[1]:
        yield fault(("principals",), "must be two different actors", ", ".join(sides))
    if argument.locker is not None and argument.locker not in sides:
        yield fault(("locker",), "must be one of the principals", argument.locker, sides)
    for party, spec in argument.parties.items():
        if spec.side is not None and spec.side not in sides:
            yield fault(("parties", party, "side"), "must be one of the principals", spec.side, sides)
        if spec.ally_of is not None and spec.ally_of not in sides:
            yield fault(("parties", party, "ally_of"), "must be one of the principals", spec.ally_of, sides)
        if spec.ally_of is not None and spec.side is not None:
            yield fault(("parties", party, "ally_of"), "must not stand beside side", spec.ally_of)
        if party in sides:
            yield fault(("parties", party), "must not carry the name of a principal", party)
    ends = (*sides, "principals", *argument.parties)
    for i, channel in enumerate(argument.channels):
        for end in ("source", "target"):
            if getattr(channel, end) not in ends:
                yield fault(
                    ("channels", i, end),
                    "must be a principal or a declared party",
                    getattr(channel, end),
                    ends,
                )
    for i, agent in enumerate(argument.agents):
        for end in ("acts_for", "partner"):
            if getattr(agent, end) not in sides:
                yield fault(("agents", i, end), "must be one of the principals", getattr(agent, end), sides)
    for i, toll in enumerate(argument.tolls):
        if toll.end <= toll.start:
            yield fault(("tolls", i, "end"), "must come after start", toll.end.isoformat())
    for i, siege in enumerate(argument.sieges):
        if siege.end is not None and siege.end <= siege.start:
            yield fault(("sieges", i, "end"), "must come after start", siege.end.isoformat())
        elif siege.end is not None and siege.end <= siege.known_from:
            got = siege.known_from.isoformat()
            yield fault(("sieges", i, "known_from"), "must come before end", got)
    for key, use in argument.mechanisms.items():
        if key not in registry():
            yield fault(("mechanisms", key), "must be a registered mechanism", key, registry())
            continue
        names = [term.name for term in registry()[key].terms]
        for field, given in (("terms", use.terms), ("without", use.without)):
            for term in given:
                if term not in names:
                    loc = ("mechanisms", key, field, term) if field == "terms" else ("mechanisms", key, field)
                    yield fault(loc, f"must be a term of {key}", term, names)
        for setting in use.settings:
            if setting not in registry()[key].settings:
                loc = ("mechanisms", key, "settings", setting)
                yield fault(loc, f"must be a setting of {key}", setting, registry()[key].settings)
    kinds = sorted({kind for mechanism in registry().values() for kind in mechanism.facts})
    for kind, facts in argument.facts.items():
        if kind not in kinds:
            yield fault(("facts", kind), "must be a kind of fact some mechanism reads", kind, kinds)
        for i, fact in enumerate(facts):
            if fact.actor not in sides:
                yield fault(("facts", kind, i, "actor"), "must be one of the principals", fact.actor, sides)
            if fact.end is not None and fact.end <= fact.start:
                yield fault(("facts", kind, i, "end"), "must come after start", fact.end.isoformat())
    if argument.bargain is not None:
        yield from check_bargain(argument.bargain, argument.principals, fault)
    yield from _check_questions(argument, fault)


def _check_questions(argument: Argument, fault: Any) -> Iterator[Fault]:
    seen: set[str] = set()
    for i, question in enumerate(argument.questions):
        at: Path_ = ("questions", i)
        if question.id in seen:
            yield fault((*at, "id"), "must be unique", question.id)
        seen.add(question.id)
        if question.ask is not None:
            yield from _check_line(argument, i, fault)
            continue
        if question.count is None:
            yield fault(at, "must have ask or count", question.id)
        if (question.at_least is None) == (question.at_most is None):
            yield fault(at, "must have exactly one of at_least and at_most", question.id)
        if (question.closes is None) == (question.within_days is None):
            yield fault(at, "must have exactly one of closes and within_days", question.id)
        if question.opens is not None and question.opens_after_days:
            yield fault(at, "must have only one of opens and opens_after_days", question.id)
        if question.opens and question.closes and question.closes <= question.opens:
            yield fault((*at, "closes"), "must come after opens", question.closes.isoformat())
        if question.within_days is not None and question.within_days <= question.opens_after_days:
            yield fault((*at, "within_days"), "must be more than opens_after_days", question.within_days)
    ids: set[str] = set()
    for i, claim in enumerate(argument.claims):
        if claim.id in ids:
            yield fault(("claims", i, "id"), "must be unique", claim.id)
        ids.add(claim.id)
        if claim.question is not None and claim.question not in seen:
            yield fault(("claims", i, "question"), "must be the id of a question", claim.question, seen)
        if (claim.words is None) != (claim.read_as is None):
            yield fault(("claims", i), "must have both words and read_as, or neither", claim.id)
        if claim.read_as is not None and claim.read_as not in survey_words():
            yield fault(("claims", i, "read_as"), "must be survey:word", claim.read_as, survey_words())
        if claim.terms and claim.sign is None:
            yield fault(("claims", i, "sign"), "must be given with terms", claim.id, ("+", "-"))
        for name in claim.plans:
            if name not in argument.levers:
                yield fault(("claims", i, "plans"), "must be a plan of levers", name, argument.levers)
        if claim.plans and len(claim.plans) != 2:
            yield fault(("claims", i, "plans"), "must be two, one that helps and one that hurts", claim.id)
        if claim.door and argument.door is None:
            yield fault(("claims", i, "door"), "needs a door: block", claim.id)
        kinds = [kind for m in registry().values() for kind in m.facts]
        for name in (*claim.condition, *((claim.during,) if claim.during else ())):
            if name not in (*CONDITIONS, *kinds):
                yield fault(
                    ("claims", i, "condition"),
                    "must be a condition or a kind of fact",
                    name,
                    [*CONDITIONS, *kinds],
                )
        for term in (t.removeprefix("-") for t in (*claim.terms, *claim.beside)):
            mechanism, _, name = term.partition(".")
            used = argument.mechanisms.get(mechanism)
            known = registry()[mechanism].terms if used and mechanism in registry() else ()
            if name not in [spec.name for spec in known]:
                choices = [
                    f"{m}.{t.name}"
                    for m in argument.mechanisms
                    if m in registry()
                    for t in registry()[m].terms
                ]
                yield fault(
                    ("claims", i, "terms"), "must be mechanism.term of a mechanism in use", term, choices
                )
