"""Injuries: each side's own ledger of what was done to it, remembered in talk and in culture."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from detente.model.biexponential import Stores, ledger
from detente.model.channels import Channel, Layout
from detente.model.mechanisms.base import Mechanism, Prior, TermSpec
from detente.model.memory import Expression, Fading


class Injuries(Mechanism):
    """Declared injuries with symbolic weights in two stores of memory; own evocations bring part of them back.

    What the events hold is in the memory of losses; this ledger adds what they do not: what a people names when
    asked, back to before the chronicle, and with weights that no death toll gives. The two stores fade as attention to
    papers, songs and people does in [candia2019], which says nothing of nations.
    """

    name = "injuries"
    title = "Ledger of injuries"
    says = "Each side keeps a ledger of injuries; it feeds hostile words for a generation and longer."
    source = ("volkan2001", "candia2019")
    example = "1953 and the airliner on one side, the hostages on the other."
    clocks = ()
    terms = (
        TermSpec(
            "hostility_by_word",
            "own remembered injuries raise own hostile words",
            Prior(0.10, 0.10),
            "volkan2001",
        ),
    )
    settings = {"p_per_year": 0.05, "r_per_year": 0.02, "q_per_year": 0.01, "revived": 0.2}
    facts = {"injury": "something done to the actor that its people name; the value is its symbolic weight"}

    def features(
        self, layout: Layout, clocks: Mapping[str, float], settings: Mapping[str, float]
    ) -> Iterable[tuple[str, Channel, Expression]]:
        """Yield the log of the ledger on the hostile words of the side that keeps it."""
        stores = self.stores(settings)
        for channel in layout.directed("hostility_by_word"):
            own = [fact for fact in layout.facts if fact.actor == channel.source.name]
            suffered = [(fact.start, fact.value) for fact in own if fact.kind == "injury"]
            if suffered:
                evoked = [fact.start for fact in own if fact.kind == "evoked"]
                pulses = ledger(suffered, evoked, stores)
                yield (
                    "hostility_by_word",
                    channel,
                    Fading(f"injuries of {own[0].actor}", (), pulses, log=True),
                )

    def stores(self, settings: Mapping[str, float]) -> Stores:
        """Return the store of talk and the store of culture, at the rates of the settings."""
        return Stores(*(settings[name] for name in ("p_per_year", "r_per_year", "q_per_year", "revived")))


MECHANISM = Injuries()
