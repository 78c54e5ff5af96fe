"""The priors that belong to no mechanism, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from detente.model.shared_priors import SharedPrior

SAYS = {
    "intercept": "log of a channel's daily rate, before anything else acts on it",
    "era": "log of how much denser coding is from a break in coverage on, for all channels",
    "era-of-channel": "how far a channel departs from that",
    "dispersion": "alpha of each class: a count of mean mu has the variance mu + alpha mu²; not learnt where few "
    "days have several acts",
    "half-life-fast": "half-life of the fast clock, where the argument gives a grid; the median is what it declares",
    "half-life-slow": "the same of the slow clock",
    "half-life-generational": "the same of the generational clock",
    "look-of-an-act": "action, mode, issue and rank of an act of a channel: the number of imagined acts that look like "
    "its class",
    "new-kind-discount": "how fast acts of kinds that a class has not shown become rarer",
    "new-kind-strength": "how many acts of such kinds there are to begin with",
    "kills": "chance that an act of an action kills, over all channels, where tolls are recorded",
    "kills-in-channel": "the same in one channel: the number of imagined acts that kill as often as in all channels",
    "toll-exponent": "a of single acts that kill: P(deaths ≥ k) = k^−a, tapered",
    "toll-of-a-thousand": "chance that a single act that kills kills a thousand, which sets the taper",
    "toll-exponent-in-hostilities": "b of acts in hostilities that kill: P(deaths ≥ k) = k^−b",
    "unknown-toll": "a toll that is not recorded counts as the mean of log(1 + deaths) of such an act "
    "(`unknown_deaths: impute`) or not at all (`exclude`)",
    "ceasefire": "ceasefires a day of hostilities, or from an outbreak on",
    "outbreak": "outbreaks a day: fighting between the principals that no rate foresees (none under "
    "`run: {outbreaks: false}`)",
    "strikes-from-an-outbreak-on": "the least that each side strikes a day from an outbreak on",
}
"""What each prior is about."""


def law_text(prior: SharedPrior) -> str:
    """Return a prior's law with its numbers.

    Examples
    --------
    >>> from detente.model.shared_priors import SharedPrior
    >>> law_text(SharedPrior("era", "normal", 0.0, 1.0)), law_text(SharedPrior("unknown-toll", "imputed"))
    ('normal, mean 0, sd 1', 'imputed')
    """
    if prior.law == "imputed" or prior.spread is None:
        return prior.law
    middle, spread = ("" if x is None else f"{x:g}".replace("-", "−") for x in (prior.middle, prior.spread))
    if prior.law in ("beta", "Dirichlet"):
        mean = f", mean {middle}" if middle else ""
        return f"{prior.law}{mean}, {spread} imagined act{'' if prior.spread == 1 else 's'}"
    if prior.law == "gamma":
        return f"gamma, {middle} imagined in {spread} days"
    if prior.law in ("flat", "log-flat"):
        return f"{prior.law}, {middle} to {spread}"
    if prior.law == "normal":
        return f"normal, mean {middle}, sd {spread}"
    return f"log-normal, median {middle or 'as declared'}, sd of the log {spread}"


def prior_rows(priors: Sequence[SharedPrior]) -> list[tuple[str, str, str]]:
    """Return name, law and what it is about, of each."""
    return [(prior.name, law_text(prior), SAYS[prior.name]) for prior in priors]
