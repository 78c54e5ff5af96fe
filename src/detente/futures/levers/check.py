"""Checks of an argument's plans of levers and of its door, which need the levers themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from detente.argument.faults import Faults
from detente.argument.yaml_lines import Path_
from detente.base.errors import ArgumentError, Fault
from detente.futures.levers.base import Dose
from detente.futures.levers.doses import effect_of, parse_dose, parse_gesture
from detente.model.channels import Layout
from detente.model.layout import lay_out
from detente.model.mechanisms import mechanism_registry


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
            _try(faults, ("levers", name, "pull", i), partial(parse_dose, text), layout)
    if argument.door is not None:
        _door(faults, layout)


def _door(faults: Faults, layout: Layout) -> None:
    """Add what is wrong with the door: its mediator, its gestures, and the terms of the thesis."""
    door = faults.argument.door
    if door is None:
        return
    if not any(layout.joint()):
        where = faults.argument.place(("door",))
        faults.found.append(Fault("no_joint_channel", "door", where=where, hint="no_joint_codes"))
    third = sorted({m for channel in layout.third_parties() for m in channel.source.members})
    faults.unless_in(("door", "mediator"), door.mediator, third, "not_a_third_party")
    if set(door.gestures) != set(layout.principals):
        faults.add(("door", "gestures"), "gestures_of_others", tuple(door.gestures), sides=layout.principals)
    else:
        for actor, text in door.gestures.items():
            read = partial(parse_gesture, text, actor)
            _try(faults, ("door", "gestures", actor), read, replace(layout, locker=actor))
    used = [mechanism_registry()[name] for name in faults.argument.mechanisms]
    terms = [f"{mechanism.name}.{term.name}" for mechanism in used for term in mechanism.terms]
    for i, term in enumerate(door.thesis):
        faults.unless_in(("door", "thesis", i), term, terms, "not_a_term_in_use")
    faults.unless_in(("door", "gate"), door.gate, door.thesis, "not_in_thesis")


def _try(faults: Faults, at: Path_, read: Callable[[Layout], Dose], layout: Layout) -> None:
    """Read a dose and work its effect out; what either refuses becomes a fault of the field."""
    try:
        effect_of([read(layout)], layout)
    except ArgumentError as error:
        field, place = ".".join(map(str, at)), faults.argument.place(at)
        for fault in error.faults:
            where = place if fault.where is None else f"{place}: {fault.where}"
            faults.found.append(fault.at(f"{field}: {fault.field}", where))
