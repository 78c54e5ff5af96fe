"""Checks of an argument's plans of levers and of its door, which need the levers themselves."""

from __future__ import annotations

from dataclasses import replace

from detente.argument.faults import Faults
from detente.argument.yaml_lines import Path_
from detente.base.errors import ArgumentError
from detente.futures.levers.doses import effect_of, parse_dose
from detente.model.channels import Layout
from detente.model.layout import lay_out
from detente.model.mechanisms import registry


def check_levers(faults: Faults, scheme: str = "detente") -> None:
    """Add what cannot be read of an argument's ``levers:`` and ``door:`` blocks.

    Parameters
    ----------
    faults : Faults
    scheme : str
        Class scheme of the chronicle it is for.
    """
    argument = faults.argument
    if argument.principals is None or not (argument.levers or argument.door):
        return
    layout = lay_out(argument, scheme)
    for name, plan in argument.levers.items():
        for i, text in enumerate(plan.pull):
            _dose(faults, ("levers", name, "pull", i), text, layout)
    if argument.door is not None:
        _door(faults, layout)


def _door(faults: Faults, layout: Layout) -> None:
    """Add what is wrong with the door: its mediator, its gestures, and the terms of the thesis."""
    door = faults.argument.door
    if door is None:
        return
    third = sorted({m for channel in layout.third_parties() for m in channel.source.members})
    faults.unless_in(("door", "mediator"), door.mediator, third, "must be a third party")
    if set(door.gestures) != set(layout.principals):
        rule = f"must be of {layout.principals[0]} and {layout.principals[1]}"
        faults.add(("door", "gestures"), rule, ", ".join(door.gestures))
    else:
        for actor, text in door.gestures.items():
            lever, _, size = text.partition("=")
            dose = f"{lever}:{actor}={size or 1}@0"
            _dose(faults, ("door", "gestures", actor), dose, replace(layout, locker=actor))
    used = [registry()[name] for name in faults.argument.mechanisms]
    terms = [f"{mechanism.name}.{term.name}" for mechanism in used for term in mechanism.terms]
    for i, term in enumerate(door.thesis):
        faults.unless_in(("door", "thesis", i), term, terms, "must be a term of the argument")
    faults.unless_in(("door", "gate"), door.gate, door.thesis, "must be one of the thesis")


def _dose(faults: Faults, at: Path_, text: str, layout: Layout) -> None:
    try:
        effect_of([parse_dose(text, layout)], layout)
    except ArgumentError as error:
        field, place = ".".join(map(str, at)), faults.argument.place(at)
        for fault in error.faults:
            where = place if fault.where is None else f"{place}: {fault.where}"
            faults.found.append(replace(fault, what=f"{field}: {fault.what}", where=where))
