"""Exchange: force is answered within days, and an answer settles the account."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from detente.base.errors import ArgumentError, Fault
from detente.model.channels import Channel, Layout
from detente.model.mechanisms.base import Mechanism, Prior, TermSpec
from detente.model.memory import Expression, Memory, Saturate, Weight


class Exchange(Mechanism):
    """Force received in the last days and not yet answered raises own force, up to a ceiling.

    It runs between the sides, armed partners included: a blow at a partner counts by its closeness to its patron. Each
    blow received adds to an account that fades within days; each own blow at the same adversary takes one off it, so
    that blow and answer end an exchange which a plain memory of either would feed for months. What is left of the
    account stands in the rate as ``log1p(S / (1 + S / cap))``: a hundred blows are hardly answered more often than ten.
    """

    name = "exchange"
    title = "Exchange of force"
    says = (
        "Force is answered within days. "
        "An answer settles the exchange, and many blows draw hardly more answers than a few."
    )
    source = ("goldstein1991", "goldstein1997")
    example = (
        "The missiles of 8 January 2020 answered the killing of 3 January, and neither state struck again."
    )
    clocks = ()
    dynamic = True
    terms = (
        TermSpec(
            "received",
            "force received in the last days and not yet answered raises own force",
            Prior(1.0, 0.5),
            "goldstein1991",
        ),
    )
    settings = {"half_life_days": 4.0, "cap": 1.0}
    proposed = 6

    def features(
        self, layout: Layout, clocks: Mapping[str, float], settings: Mapping[str, float]
    ) -> Iterable[tuple[str, Channel, Expression]]:
        """Yield the open account on every channel of force between the sides."""
        for setting in ("half_life_days", "cap"):
            if settings[setting] <= 0:
                raise ArgumentError(Fault("not_above", f"exchange.{setting}", got=settings[setting], low=0))
        for channel in layout.sided("force"):
            received = [(other, close) for other, close in layout.received(channel, "force") if close > 0]
            if not received:
                continue
            feeds = [(layout.index(other), Weight(closeness=closeness)) for other, closeness in received]
            feeds += [(layout.index(own), Weight(per_act=-1.0)) for own, _ in layout.done(channel, "force")]
            account = Memory(settings["half_life_days"], tuple(sorted(feeds, key=lambda feed: feed[0])))
            yield "received", channel, Saturate(account, 1.0, settings["cap"])


MECHANISM = Exchange()
