"""Checks of an argument's plans of levers and of its door, which need the levers themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from detente.argument.argument import Argument
from detente.base.errors import ArgumentError, Fault
from detente.futures.levers.doses import effect_of, parse_dose
from detente.model.channels import Layout
from detente.model.layout import lay_out
from detente.model.mechanisms import registry


def plan_faults(argument: Argument, scheme: str = "detente") -> list[Fault]:
    """Return what cannot be read of an argument's ``levers:`` and ``door:`` blocks.

    Parameters
    ----------
    argument : Argument
    scheme : str
        Class scheme of the chronicle it is for.
    """
    if argument.principals is None or not (argument.levers or argument.door):
        return []
    layout = lay_out(argument, scheme)
    return [*_of_plans(argument, layout), *door_faults(argument, layout)]


def _of_plans(argument: Argument, layout: Layout) -> Iterator[Fault]:
    for name, plan in argument.levers.items():
        for text in plan.pull:
            yield from _unread(f"levers.{name}", text, layout)


def door_faults(argument: Argument, layout: Layout) -> Iterator[Fault]:
    """Yield what is wrong with the door: its mediator, its gestures, and the terms of the thesis."""
    spec, where = argument.door, f"door of {argument.argument}"
    if spec is None:
        return
    third = sorted({m for channel in layout.third_parties() for m in channel.source.members})
    if spec.mediator not in third:
        known = ", ".join(third) or "none in this argument"
        yield Fault("door.mediator", "must be a third party", spec.mediator, where, f"There are {known}.")
    if set(spec.gestures) != set(layout.principals):
        rule = f"must be of {layout.principals[0]} and {layout.principals[1]}"
        yield Fault("door.gestures", rule, ", ".join(spec.gestures), where)
    else:
        for actor, text in spec.gestures.items():
            lever, _, size = text.partition("=")
            yield from _unread(
                f"door.gestures.{actor}", f"{lever}:{actor}={size or 1}@0", replace(layout, locker=actor)
            )
    for term in spec.thesis:
        mechanism, _, part = term.partition(".")
        if mechanism not in argument.mechanisms:
            known = ", ".join(argument.mechanisms)
            yield Fault(
                "door.thesis", "must be a term of the argument", term, where, f"Its mechanisms: {known}."
            )
        elif part not in [t.name for t in registry()[mechanism].terms]:
            known = ", ".join(t.name for t in registry()[mechanism].terms)
            yield Fault("door.thesis", f"must be a term of {mechanism}", term, where, f"Known: {known}.")
    if spec.gate not in spec.thesis:
        yield Fault("door.gate", "must be one of the thesis", spec.gate, where)


def _unread(what: str, text: str, layout: Layout) -> Iterator[Fault]:
    try:
        effect_of([parse_dose(text, layout)], layout)
    except ArgumentError as error:
        for fault in error.faults:
            yield replace(fault, where=what if fault.where is None else f"{what}: {fault.where}")
