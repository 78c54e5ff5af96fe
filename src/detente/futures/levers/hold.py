"""A channel is held at zero."""

from __future__ import annotations

from detente.futures.levers.base import Dose, Effect, Lever
from detente.model.channels import Layout


class Hold(Lever):
    """A channel is held at zero."""

    name = "hold"
    title = "A channel held at zero"
    says = "From that day on no act happens in the channel with this label."
    unit = "1 holds it, 0 leaves it"
    default = 1.0
    limits = (0.0, 1.0)
    who = "channel"
    example = "hold:'proxies -> USA force'@0"
    whole = True

    def effect(self, layout: Layout, dose: Dose) -> Effect:
        """Return what the dose does."""
        held = tuple((dose.day, channel) for channel in layout.channels if channel.label == dose.actor)
        return Effect(held=held)


LEVER = Hold()
