"""Checks of what an argument says of itself: names that refer to each other, days in order, unique ids."""

from __future__ import annotations

from detente.argument.check_bargain import check_bargain
from detente.argument.check_texts import check_texts
from detente.argument.faults import Faults
from detente.argument.overlaps import directed_pairs, overlaps
from detente.argument.words import survey_words
from detente.argument.yaml_lines import Path_
from detente.base import limits
from detente.base.errors import ArgumentError
from detente.events.ontology.classes import scheme_of

_RESERVED = ("any", "principals")  # words of questions and channels


def check_argument(faults: Faults) -> None:
    """Add what no single field can know and no model is needed to see."""
    checks = (
        _principals,
        _parties,
        _channels,
        _agents,
        _run,
        _days,
        _facts,
        _questions,
        _claims,
        check_bargain,
        check_texts,
    )
    for check in checks:
        check(faults)


def _principals(faults: Faults) -> None:
    argument = faults.argument
    try:
        argument.event_file()
    except ArgumentError as error:
        faults.found += error.faults
    sides = argument.principals or ()
    if sides and sides[0] == sides[1]:
        faults.add(("principals",), "not_two_actors", sides)
    _reserved(faults, ("principals",), *sides)
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
        _reserved(faults, at, name)
        _reserved(faults, (*at, "members"), *party.members)
        for member in sorted({*party.members} & {*sides}):
            faults.add((*at, "members"), "holds_a_principal", member)


def _reserved(faults: Faults, at: Path_, *names: str) -> None:
    for name in names:
        if name in _RESERVED:
            faults.add(at, "reserved_word", name)


def _channels(faults: Faults) -> None:
    ends = (*(faults.argument.principals or ()), "principals", *faults.argument.parties)
    for i, channel in enumerate(faults.argument.channels):
        for end in ("source", "target"):
            faults.unless_in(("channels", i, end), getattr(channel, end), ends, "not_an_end")
    if not faults.found:  # what channels take is known where their ends are
        _what_channels_take(faults)


def _what_channels_take(faults: Faults) -> None:
    argument, names = faults.argument, set[str]()
    for i, channel in enumerate(argument.channels):
        if not directed_pairs(argument, i):
            faults.add(("channels", i, "target"), "same_actor", channel.target)
        if channel.name in names:
            faults.add(("channels", i, "name"), "not_unique", channel.name)
        names |= {channel.name} if channel.name else set()
    for overlap in overlaps(argument, scheme_of("detente")):
        at: Path_ = ("channels", overlap.channel)
        faults.add(at, "overlapping_channels", overlap.act, other=overlap.other, hint="part_channels")


def _agents(faults: Faults) -> None:
    for i, agent in enumerate(faults.argument.agents):
        for end in ("acts_for", "partner"):
            sides = faults.argument.principals or ()
            faults.unless_in(("agents", i, end), getattr(agent, end), sides, "not_a_principal")
        if agent.acts_for == agent.partner:
            faults.add(("agents", i, "partner"), "not_the_other_principal", agent.partner)
        if agent.start is not None and agent.end is not None and agent.end <= agent.start:
            faults.add(("agents", i, "until"), "not_after", agent.end, other="from")


def _run(faults: Faults) -> None:
    run = faults.argument.run
    if run.as_of is not None and run.as_of.year > limits.LAST_YEAR:
        faults.add(("run", "as_of"), "year_out_of_range", run.as_of, last=limits.LAST_YEAR)
    if run.as_of is not None and run.fit_from is not None and run.fit_from >= run.as_of:
        faults.add(("run", "fit_from"), "not_before", run.fit_from, other="as_of")


def _days(faults: Faults) -> None:
    for i, toll in enumerate(faults.argument.tolls):
        if toll.end <= toll.start:
            faults.add(("tolls", i, "end"), "not_after", toll.end, other="start")
    for i, gap in enumerate(faults.argument.gaps):
        if gap.end <= gap.start:
            faults.add(("gaps", i, "end"), "not_after", gap.end, other="start")
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
        if claim.given and claim.size_of is None:
            faults.add((*at, "given"), "only_with", claim.given, other="size_of")
        for plan in claim.plans:
            faults.unless_in((*at, "plans"), plan, argument.levers, "not_a_plan")
        if claim.plans and len(claim.plans) != 2:
            faults.add((*at, "plans"), "not_two_plans", claim.plans)
        if claim.door and argument.door is None:
            faults.add((*at, "door"), "needs_block", claim.id, block="door")
