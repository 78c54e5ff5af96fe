"""Doses of levers: reading them from text and adding up their effects."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from math import isfinite

from detente.base.errors import ArgumentError, Fault
from detente.futures.levers import registry
from detente.futures.levers.base import Dose, Effect, Lever
from detente.model.channels import Layout

_FORM = re.compile(r"(?P<lever>[a-z_]+)(?::(?P<actor>[^=@]+))?(?:=(?P<size>[^=@]+))?@(?P<day>[^=@]+)")
_FARTHEST = 36_500


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
    whole = "lever"
    match = _FORM.fullmatch(text.strip())
    if match is None:
        raise ArgumentError(
            Fault(whole, "must read NAME[:ACTOR][=SIZE]@DAY", got=text, hint="Try relief=0.33@30.")
        )
    name = match["lever"]
    if name not in registry():
        near = difflib.get_close_matches(name, registry(), 1)
        hint = f"Did you mean {near[0]}?" if near else f"Known: {', '.join(registry())}."
        raise ArgumentError(Fault(whole, "must be a lever", got=name, hint=hint))
    lever = registry()[name]
    size = lever.default if match["size"] is None else _number(match["size"], text)
    low, high = lever.limits
    if not low <= size <= high:
        what = f"size of {name} ({lever.unit})"
        raise ArgumentError(Fault(what, f"must lie from {low:g} to {high:g}", got=match["size"], where=text))
    if lever.whole and size != int(size):
        raise ArgumentError(
            Fault(f"size of {name} ({lever.unit})", "must be a whole number", got=match["size"], where=text)
        )
    day = _number(match["day"], text)
    if day != int(day) or not 0 <= day <= _FARTHEST:
        raise ArgumentError(
            Fault(
                "day of a lever",
                f"must be a whole number from 0 to {_FARTHEST:,}",
                got=match["day"],
                where=text,
            )
        )
    return Dose(name, _actor(lever, match["actor"], layout, text), size, int(day))


def effect_of(doses: Sequence[Dose], layout: Layout) -> Effect:
    """Return what some doses do together; a dose of size zero does nothing."""
    total = Effect()
    for dose in doses:
        if dose.size > 0:
            total = total + registry()[dose.lever].effect(layout, dose)
    return total


def _number(text: str, where: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not isfinite(value):
        raise ArgumentError(
            Fault("lever", "needs a number here", got=text, where=where, hint="Try relief=0.33@30.")
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
        hint = f"Try {lever.example}; there are {', '.join(choices) or 'none in this argument'}."
        raise ArgumentError(Fault(f"lever {lever.name}", f"must name its {lever.who}", got=text, hint=hint))
    if given not in choices:
        near = difflib.get_close_matches(given, choices, 1)
        known = ", ".join(choices) or "none in this argument"
        hint = f"Did you mean {near[0]}?" if near else f"There are {known}."
        raise ArgumentError(
            Fault(f"actor of {lever.name}", f"must be a {lever.who}", got=given, where=text, hint=hint)
        )
    return given
