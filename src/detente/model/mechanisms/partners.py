"""Partners: armed partners strike where their patron is struck or squeezed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from detente.model.channels import Channel, Layout
from detente.model.mechanisms.base import Mechanism, Prior, TermSpec, remembered
from detente.model.memory import Expression


class Partners(Mechanism):
    """Pressure and force the patron received itself raise its partners' force on the other side."""

    name = "partners"
    title = "Armed partners"
    says = "When the patron is pressed or struck, its armed partners strike for it."
    source = ("salehyan2010",)
    example = "Rockets on bases in Iraq in the winter of 2019."
    clocks = ("fast",)
    terms = (
        TermSpec(
            "force", "what the patron received raises its partners' force", Prior(0.10, 0.15), "salehyan2010"
        ),
    )

    def features(
        self, layout: Layout, clocks: Mapping[str, float], settings: Mapping[str, float]
    ) -> Iterable[tuple[str, Channel, Expression]]:
        """Yield what the patron received on the force of its partners."""
        for channel in layout.sided("force"):
            if channel.source.name in layout.principals:
                continue
            suffered = [
                (other, 1.0)
                for other in layout.directed("pressure", "force")
                if other.target.name == channel.source.side
            ]
            expression = remembered(layout, clocks["fast"], suffered)
            if expression is not None:
                yield "force", channel, expression


MECHANISM = Partners()
