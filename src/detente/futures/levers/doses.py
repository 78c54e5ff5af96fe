"""Doses of levers: reading them from text and adding up their effects."""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import isfinite

from detente.base.errors import ArgumentError, Fault
from detente.base.spelling import suggest
from detente.futures.levers import lever_registry
from detente.futures.levers.base import Dose, Effect, Lever
from detente.model.channels import Layout

_FORM = re.compile(r"(?P<lever>[a-z_]+)(?::(?P<actor>[^=@]+))?(?:=(?P<size>[^=@]+))?@(?P<day>[^=@]+)")
_FARTHEST, _EXAMPLE = 36_500, "relief=0.33@30"


def parse_dose(text: str, layout: Layout) -> Dose:
    """Read a dose written ``NAME[:ACTOR][=SIZE]@DAY``.

    Parameters
    ----------
    text : str
        SIZE in the lever's own unit, DAY counted from as_of. Without an ACTOR a principal's lever is pulled by the
        argument's locker; without a SIZE it has the lever's default, which every output prints.
    layout : Layout

    Raises
    ------
    ArgumentError
        Saying what is wrong with it and what would do.
    """
    match = _FORM.fullmatch(text.strip())
    if match is None:
        raise ArgumentError(Fault("not_a_dose", "lever", got=text, hint="try", example=_EXAMPLE))
    size = None if match["size"] is None else _number(match["size"], text)
    return dose(
        match["lever"], layout, actor=match["actor"], size=size, day=_number(match["day"], text), text=text
    )


def dose(
    name: str,
    layout: Layout,
    *,
    day: float,
    actor: str | None = None,
    size: float | None = None,
    text: str | None = None,
) -> Dose:
    """Return a dose of a lever, its values checked.

    Parameters
    ----------
    name : str
    layout : Layout
    day : float
        Days after as_of.
    actor, size : optional
        As in `parse_dose`.
    text : str, optional
        How it was written, for messages.

    Raises
    ------
    ArgumentError
    """
    if name not in lever_registry():
        raise ArgumentError(Fault("not_a_lever", "lever", got=name, **suggest(name, lever_registry())))
    lever = lever_registry()[name]
    size = lever.default if size is None else size
    low, high = lever.limits
    what = f"size of {name} ({lever.unit})"
    if not low <= size <= high:
        raise ArgumentError(Fault("out_of_range", what, got=f"{size:g}", where=text, low=low, high=high))
    if lever.whole and size != int(size):
        raise ArgumentError(Fault("not_whole", what, got=f"{size:g}", where=text))
    if day != int(day) or not 0 <= day <= _FARTHEST:
        fault = Fault(
            "not_whole_in_range", "day of a lever", got=f"{day:g}", where=text, low=0, high=_FARTHEST
        )
        raise ArgumentError(fault)
    return Dose(name, _actor(lever, actor, layout, text or name), size, int(day))


def parse_gesture(text: str, actor: str, layout: Layout, *, day: int = 0) -> Dose:
    """Read a gesture of an argument's door, written ``NAME[=SIZE]`` with size 1 by default, as a dose of an actor.

    Raises
    ------
    ArgumentError
    """
    name, _, size = text.partition("=")
    return dose(name, layout, actor=actor, size=_number(size, text) if size else 1.0, day=day, text=text)


def effect_of(doses: Sequence[Dose], layout: Layout) -> Effect:
    """Return what some doses do together; a dose of size zero does nothing."""
    total = Effect()
    for one in doses:
        if one.size > 0:
            total = total + lever_registry()[one.lever].effect(layout, one)
    return total


def _number(text: str, where: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not isfinite(value):
        raise ArgumentError(
            Fault("not_a_number", "lever", got=text, where=where, hint="try", example=_EXAMPLE)
        )
    return value


def _actor(lever: Lever, given: str | None, layout: Layout, text: str) -> str:
    third = sorted({m for channel in layout.third_parties() for m in channel.source.members})
    choices = {
        "principal": list(layout.principals),
        "third party": third,
        "channel": [channel.label for channel in layout.channels],
    }[lever.who]
    if given is None and lever.who == "principal" and layout.locker:
        return layout.locker
    if given is None:
        known = tuple(choices) or ("none in this argument",)
        raise ArgumentError(
            Fault(
                "no_lever_actor",
                f"lever {lever.name}",
                got=text,
                hint="try_or_known",
                who=lever.who,
                example=text.replace(lever.name, f"{lever.name}:{choices[0]}", 1)
                if choices
                else lever.example,
                known=known,
            )
        )
    if given not in choices:
        hint, what = suggest(given, choices) or {"hint": "none_known"}, f"actor of {lever.name}"
        raise ArgumentError(Fault("not_a_lever_actor", what, got=given, where=text, who=lever.who, **hint))
    return given
