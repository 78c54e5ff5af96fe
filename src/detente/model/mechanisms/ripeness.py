"""Ripeness: talks come when both sides see that they hurt and cannot win."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from detente.model.channels import Channel, Layout
from detente.model.mechanisms.base import Mechanism, Prior, TermSpec, together
from detente.model.memory import Expression


class Ripeness(Mechanism):
    """The product of what each side is declared to feel of a hurting stalemate raises talks."""

    name = "ripeness"
    title = "Ripeness"
    says = "Talks come when both sides feel a stalemate that hurts and see a way out."
    source = ("zartman2000",)
    example = "Summer 1988, when Tehran took the ceasefire it had refused for a year."
    clocks = ()
    terms = (TermSpec("talks", "a stalemate that hurts both raises talks", Prior(0.50, 0.30), "zartman2000"),)
    facts = {"stalemate": "the actor feels a hurting stalemate with a way out, from 0 (not) to 1 (fully)"}

    def features(
        self, layout: Layout, clocks: Mapping[str, float], settings: Mapping[str, float]
    ) -> Iterable[tuple[str, Channel, Expression]]:
        """Yield the product of both sides' stalemates on talks."""
        first, second = (layout.level("stalemate", side) for side in sorted(layout.principals))
        for channel in layout.talks():
            for both in together(first, second):
                yield "talks", channel, both


MECHANISM = Ripeness()
