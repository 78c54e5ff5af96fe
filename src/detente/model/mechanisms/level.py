"""Level: what an actor did in the last year or so says how often it goes on doing it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from detente.model.channels import Channel, Layout
from detente.model.mechanisms.base import Mechanism, Prior, TermSpec, remembered
from detente.model.memory import Expression

_SAYS = {
    "cooperation_by_word": "own cooperation by word in the last year or so makes more of it likely",
    "cooperation_by_deed": "own cooperation by deed in the last year or so makes more of it likely",
    "hostility_by_word": "own hostility by word in the last year or so makes more of it likely",
    "pressure": "own pressure in the last year or so makes more of it likely",
    "force": "own force in the last year or so makes more of it likely",
    "talks": "talks and accords in the last year or so make more of them likely",
}


class Level(Mechanism):
    """Own acts of the same class feed themselves through the slow clock: a level that drifts.

    An intercept says how often a class of acts comes in all fitted years, an era where coding became denser, momentum
    what the last weeks add. Between weeks and eras the level of most classes moves by itself: years of sanctions,
    years of talks.
    """

    name = "level"
    title = "Drifting level"
    says = "How often an actor does something drifts over the years; the last year or so shows the present level."
    source = ("goldstein1991", "fokianos2011")
    example = (
        "Iran was sanctioned a dozen times a year from 2017 to 2020, and two or three times a year before."
    )
    clocks = ("slow",)
    dynamic = True
    terms = tuple(TermSpec(role, says, Prior(0.40, 0.30), "goldstein1991") for role, says in _SAYS.items())
    proposed = 5

    def features(
        self, layout: Layout, clocks: Mapping[str, float], settings: Mapping[str, float]
    ) -> Iterable[tuple[str, Channel, Expression]]:
        """Yield one term per role, on every channel of that role."""
        for channel in layout.channels:
            expression = remembered(layout, clocks["slow"], [(channel, 1.0)])
            if expression is not None:
                yield layout.role(channel), channel, expression


MECHANISM = Level()
