"""Lay the channels of an argument out under a class scheme, with the facts it declares."""

from __future__ import annotations

from datetime import date

from detente.argument.argument import Argument
from detente.argument.blocks import FactSpec
from detente.argument.overlaps import overlaps
from detente.argument.yaml_lines import Path_
from detente.base.errors import ArgumentError, Fault
from detente.events.ontology.classes import scheme_of
from detente.model.channels import AgentRule, Channel, Fact, Layout, Party


def lay_out(argument: Argument, scheme_name: str, as_of: date | None = None) -> Layout:
    """Return the channels of an argument under a class scheme, with the facts known by `as_of` (all if it is None).

    The principals get every directed class, and the joint channel where the scheme has one; the argument adds the
    others. Roles become classes by the scheme, so one argument runs on any of them.
    """
    if argument.principals is None:
        raise ArgumentError(Fault("required", "principals", where=argument.argument, hint="give_principals"))
    scheme = scheme_of(scheme_name)
    for overlap in overlaps(argument, scheme):
        at: Path_ = ("channels", overlap.channel)
        where, hint = argument.place(at), "part_channels"
        field = f"channels.{overlap.channel}"
        raise ArgumentError(
            Fault("overlapping_channels", field, got=overlap.act, where=where, hint=hint, other=overlap.other)
        )
    first, second = (Party(code, (code,), code) for code in argument.principals)
    channels = [
        Channel(a, b, cls, (cls,))
        for a, b in ((first, second), (second, first))
        for cls in scheme.classes
        if cls != scheme.joint_class
    ]
    if scheme.joint_class is not None:
        channels.append(Channel(first, second, scheme.joint_class, (scheme.joint_class,), joint=True))
    parties = {p.name: p for p in (first, second)}
    parties["principals"] = Party("principals", (first.name, second.name))
    for name, spec in argument.parties.items():
        parties[name] = Party(name, spec.members, spec.side or "", spec.closeness)
    for extra in argument.channels:
        cls = scheme.classes_of(extra.role)[0]
        classes = dict.fromkeys(c for role in (extra.role, *extra.includes) for c in scheme.classes_of(role))
        ends = parties[extra.source], parties[extra.target]
        channels.append(
            Channel(
                *ends, cls, tuple(classes), actions=extra.actions, modes=extra.modes, name=extra.name or ""
            )
        )
    agents = tuple(
        AgentRule(
            rule.agents,
            rule.acts_for,
            rule.partner,
            tuple(dict.fromkeys(c for role in rule.roles for c in scheme.classes_of(role))),
            rule.actions,
            rule.direction,
            rule.start.isoformat() if rule.start else "0001-01-01",
            rule.end.isoformat() if rule.end else "9999-12-31",
        )
        for rule in argument.agents
    )
    return Layout(
        argument.principals,
        tuple(channels),
        {cls: scheme.role_of(cls).value for cls in scheme.classes},
        agents,
        _facts(argument, as_of),
        argument.locker or "",
    )


def _facts(argument: Argument, as_of: date | None) -> tuple[Fact, ...]:
    return tuple(
        Fact(kind, fact.actor, fact.start, _end(fact, as_of), fact.value, fact.known_from)
        for kind, facts in argument.facts.items()
        for fact in facts
        if as_of is None or fact.known_from <= as_of
    )


def _end(fact: FactSpec, as_of: date | None) -> date | None:
    """Return the end of a fact as it was known: one that nobody could know yet has none."""
    late = as_of is not None and fact.end_known_from is not None and fact.end_known_from > as_of
    return None if late else fact.end
