"""Restraint signalled: a reprisal declared over lowers the other side's force."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from detente.model.channels import Channel, Layout
from detente.model.mechanisms.base import Mechanism, Prior, TermSpec
from detente.model.memory import Expression


class Restraint(Mechanism):
    """A declared signal of restraint (a reprisal announced as concluded, warned of, or without deaths), fading fast."""

    name = "restraint"
    title = "Restraint signalled"
    says = "When one side declares its answer finished, the other strikes less for some weeks."
    source = ("kydd2005",)
    example = "After the missiles of 8 January 2020 Tehran called its answer concluded."
    clocks = ()
    terms = (
        TermSpec(
            "force", "restraint signalled by the other lowers own force", Prior(-0.30, 0.20), "kydd2005"
        ),
    )
    settings = {"half_life_days": 28.0}
    facts = {
        "restraint_signal": "the actor declares its reprisal concluded; the value is the share of four signs of "
        "restraint that this carries"
    }

    def features(
        self, layout: Layout, clocks: Mapping[str, float], settings: Mapping[str, float]
    ) -> Iterable[tuple[str, Channel, Expression]]:
        """Yield the other's signal on a principal's own force."""
        for channel in layout.directed("force"):
            signal = layout.fading("restraint_signal", settings["half_life_days"], channel.target.name)
            if signal is not None:
                yield "force", channel, signal


MECHANISM = Restraint()
