"""Momentum: an actor goes on doing what it has just been doing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from detente.events.ontology.classes import Role
from detente.model.channels import Channel, Layout
from detente.model.mechanisms.base import Mechanism, PairTerm, Prior, TermSpec, remembered
from detente.model.memory import Expression

_SAYS = {
    "cooperation_by_word": "own cooperation by word in recent weeks makes more of it likely",
    "cooperation_by_deed": "own cooperation by deed in recent weeks makes more of it likely",
    "hostility_by_word": "own hostility by word in recent weeks makes more of it likely",
    "pressure": "own pressure in recent weeks makes more of it likely",
    "force": "own force in recent weeks makes more of it likely",
    "talks": "talks and accords in recent weeks make more of them likely",
}


class Momentum(Mechanism):
    """Own acts of the same class feed themselves through the fast clock (policy inertia)."""

    name = "momentum"
    title = "Momentum"
    says = "Policy has inertia: what an actor did in the last weeks it is likely to do again."
    source = ("goldstein1991", "fokianos2011")
    example = "After three days of air strikes another strike is likelier than a year later."
    clocks = ("fast",)
    dynamic = True
    terms = tuple(TermSpec(role, says, Prior(0.80, 0.40), "goldstein1991") for role, says in _SAYS.items())
    proposed = 1
    of_any_pair = True
    pair_terms = tuple(PairTerm(role, Role(role), Role(role), received=False) for role in _SAYS)

    def features(
        self, layout: Layout, clocks: Mapping[str, float], settings: Mapping[str, float]
    ) -> Iterable[tuple[str, Channel, Expression]]:
        """Yield one term per role, on every channel of that role."""
        for channel in layout.channels:
            expression = remembered(layout, clocks["fast"], [(channel, 1.0)])
            if expression is not None:
                yield layout.role(channel), channel, expression


MECHANISM = Momentum()
