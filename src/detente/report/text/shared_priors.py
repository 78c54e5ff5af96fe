"""The priors that belong to no mechanism, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from detente.model.shared_priors import SharedPrior

SAYS = {
    "intercept": "log of a channel's daily rate before any term is added",
    "era": "log of how much denser coding is from a break in coverage on, for all channels together",
    "era-of-channel": "how far one channel departs from that",
    "dispersion": "alpha of each class: a count with mean mu has the variance mu + alpha mu²; not estimated where few "
    "days have several acts",
    "half-life-fast": "half-life of the fast clock, if the argument gives a grid; the median is the declared half-life",
    "half-life-slow": "the same for the slow clock",
    "half-life-generational": "the same for the generational clock",
    "look-of-an-act": "action, mode, issue and rank of an act in a channel; the prior counts as so many acts that look "
    "like those of its class",
    "new-kind-discount": "how fast kinds of acts that a class has not shown become rarer as more of them appear",
    "new-kind-strength": "how frequent acts of such kinds are to begin with",
    "kills": "chance that an act of a given action kills, in all channels together, where tolls are recorded",
    "kills-in-channel": "the same in one channel; the prior counts as so many acts that kill as often as in all "
    "channels",
    "toll-exponent": "exponent a of the toll of a single act that kills: P(deaths ≥ k) = k^−a, tapered",
    "toll-of-a-thousand": "chance that a single act that kills kills a thousand, which sets the taper",
    "toll-exponent-in-hostilities": "exponent b of the toll of an act in hostilities that kills: P(deaths ≥ k) = k^−b",
    "unknown-toll": "a toll that is not recorded counts as the mean of log(1 + deaths) of such acts "
    "(`unknown_deaths: impute`) or not at all (`exclude`)",
    "ceasefire": "ceasefires per day of hostilities, or per day after an outbreak",
    "outbreak": "outbreaks per day: fighting between the principals that the rates do not produce (none under "
    "`run: {outbreaks: false}`)",
    "strikes-from-an-outbreak-on": "least number of strikes of each side per day after an outbreak",
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
