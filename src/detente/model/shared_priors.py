"""The priors that belong to no mechanism: what every fit and every future believe before the events."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np

from detente.model.ceasefires import PRIOR_CEASEFIRES, PRIOR_DAYS
from detente.model.clock_prior import PRIOR_SD_LOG
from detente.model.compiler import ERA_DEVIATION, ERA_LEVEL, INTERCEPT
from detente.model.learn_acts import BACKOFF, JEFFREYS
from detente.model.likelihood import DISPERSION_PRIOR
from detente.model.new_kinds import DISCOUNTS, STRENGTHS
from detente.model.outbreaks import PRIOR_DAYS as OUTBREAK_DAYS
from detente.model.outbreaks import PRIOR_OUTBREAKS, PRIOR_SIDE_DAYS, PRIOR_STRIKES
from detente.model.tolls import HOSTILITIES_EXPONENT, SINGLE_EXPONENT, SINGLE_MANY


@dataclass(frozen=True, slots=True)
class SharedPrior:
    """What is believed of a quantity before the events.

    Attributes
    ----------
    name : str
    law : str
        ``normal``; ``log-normal``, whose log is normal; ``beta`` or ``Dirichlet``, with `spread` acts imagined;
        ``gamma``, of a rate, with so many events imagined in so many days; ``flat`` or ``log-flat`` from one number to
        another; ``imputed``, put in for what is not known.
    middle : float or None
        Mean, of a log-normal the median, of a gamma the events imagined, of a flat law its least number; None where
        the argument or the events give it.
    spread : float or None
        Standard deviation, of a log-normal that of the log; of a beta or a Dirichlet the acts imagined, of a gamma the
        days, of a flat law its greatest number.
    """

    name: str
    law: Literal["normal", "log-normal", "beta", "Dirichlet", "gamma", "flat", "log-flat", "imputed"]
    middle: float | None = None
    spread: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return asdict(self)


def shared_priors() -> tuple[SharedPrior, ...]:
    """Return the priors that belong to no mechanism, as the code that uses them has them.

    Examples
    --------
    >>> [prior.name for prior in shared_priors()][:4]
    ['intercept', 'era', 'era-of-channel', 'dispersion']
    """
    return (
        SharedPrior("intercept", "normal", INTERCEPT.mean, INTERCEPT.sd),
        SharedPrior("era", "normal", ERA_LEVEL.mean, ERA_LEVEL.sd),
        SharedPrior("era-of-channel", "normal", ERA_DEVIATION.mean, ERA_DEVIATION.sd),
        SharedPrior("dispersion", "log-normal", float(np.exp(DISPERSION_PRIOR[0])), DISPERSION_PRIOR[1]),
        *(SharedPrior(f"half-life-{clock}", "log-normal", None, sd) for clock, sd in PRIOR_SD_LOG.items()),
        SharedPrior("look-of-an-act", "Dirichlet", None, BACKOFF),
        SharedPrior("new-kind-discount", "flat", float(DISCOUNTS[0]), float(DISCOUNTS[-1])),
        SharedPrior("new-kind-strength", "log-flat", float(STRENGTHS[0]), float(STRENGTHS[-1])),
        SharedPrior("kills", "beta", 0.5, 2 * JEFFREYS),
        SharedPrior("kills-in-channel", "beta", None, BACKOFF),
        SharedPrior("toll-exponent", "log-normal", *SINGLE_EXPONENT),
        SharedPrior("toll-of-a-thousand", "log-normal", *SINGLE_MANY),
        SharedPrior("toll-exponent-in-hostilities", "log-normal", *HOSTILITIES_EXPONENT),
        SharedPrior("unknown-toll", "imputed"),
        SharedPrior("ceasefire", "gamma", PRIOR_CEASEFIRES, PRIOR_DAYS),
        SharedPrior("outbreak", "gamma", PRIOR_OUTBREAKS, OUTBREAK_DAYS),
        SharedPrior("strikes-from-an-outbreak-on", "gamma", PRIOR_STRIKES, PRIOR_SIDE_DAYS),
    )
