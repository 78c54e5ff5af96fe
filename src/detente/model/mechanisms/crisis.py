"""Crisis: while a crisis lasts, force comes several times as often."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from detente.base.errors import ArgumentError, Fault
from detente.model.channels import Channel, Layout
from detente.model.mechanisms.base import Mechanism, Prior, TermSpec
from detente.model.memory import Expression, Indicator, Memory, Weight


class Crisis(Mechanism):
    """While recent points of force are above a threshold, the force of both sides stands on another level.

    Points are those of the crisis phase (docs/phases.md): ASSAULT between the principals 2, COERCE or MOBILIZE 1, a
    principal's ASSAULT on a proxy 1. A memory cannot count days in a window; it decays. Its half-life h and threshold
    c stand in for *at least 3 points in 28 days*: three points on one day hold the indicator for 28 days
    (``3 * 2 ** (-28 / h) = c``), two never raise it (``c = 2``), so ``h = 28 / log2(3 / 2)``, about 48 days. Points
    that come apart raise it where the window would not, and more points hold it longer, as the phase itself does.
    Proxies' own attacks are left out: a memory cannot take the deadly ones alone.
    """

    name = "crisis"
    title = "Crisis"
    says = "Once force has flared up it stays likely for weeks, so crises last and can escalate suddenly."
    source = ("brecher2000",)
    example = "The drone shot down on 20 June 2019 opened half a year of seizures, rockets and strikes."
    clocks = ()
    terms = (
        TermSpec("force", "an open crisis raises the force of both sides", Prior(1.5, 0.5), "brecher2000"),
    )
    settings = {
        "half_life_days": 48.0,
        "threshold": 2.0,
        "assault": 2.0,
        "other_force": 1.0,
        "proxy_struck": 1.0,
    }

    def features(
        self, layout: Layout, clocks: Mapping[str, float], settings: Mapping[str, float]
    ) -> Iterable[tuple[str, Channel, Expression]]:
        """Yield the indicator of an open crisis on every channel of force between the sides."""
        if settings["half_life_days"] <= 0:
            got = settings["half_life_days"]
            raise ArgumentError(Fault("not_above", "crisis.half_life_days", got=got, low=0))
        feeds = []
        for channel in layout.sided("force"):
            if {channel.source.name, channel.target.name} == set(layout.principals):
                points = [
                    (settings["assault"], ("ASSAULT",)),
                    (settings["other_force"], ("COERCE", "MOBILIZE")),
                ]
            elif channel.source.name in layout.principals:
                points = [(settings["proxy_struck"], ("ASSAULT",))]
            else:
                continue
            row = layout.index(channel)
            feeds += [(row, Weight(closeness=value, actions=names)) for value, names in points if value > 0]
        if not feeds:
            return
        memory = Memory(settings["half_life_days"], tuple(sorted(feeds, key=lambda f: (f[0], f[1].actions))))
        for channel in layout.sided("force"):
            yield "force", channel, Indicator(memory, settings["threshold"])


MECHANISM = Crisis()
