"""How busy futures are, from a few of them: the past does not tell it of a rivalry that has changed."""

from __future__ import annotations

from detente.base.input_limits import Limits
from detente.futures.kernel.simulate import simulate_log
from detente.futures.memory_estimate import acts_expected, has_room, refuse_if_too_large
from detente.model.fit import Draws

PILOT = 500
BUSIEST = 10.0
"""Times the acts that were expected, up to which futures are let run without a pilot if they would still fit."""


def refuse_many_futures(draws: Draws, *, days: int, limits: Limits) -> None:
    """Refuse futures that memory cannot hold, by the acts of the past and, where that may not do, by a few of them.

    Parameters
    ----------
    draws : Draws
        One for each future.
    days : int
    limits : Limits

    Raises
    ------
    DataError
        With the estimate, and with how many futures would fit.
    UnstableModelError
        If one of the few explodes.
    """
    futures = len(draws.beta)
    expected = acts_expected(draws.program.history.counts)
    refuse_if_too_large(expected, days=days, futures=futures, limits=limits)
    if not has_room(BUSIEST * expected, days=days, futures=futures, limits=limits):
        busy = max(expected, acts_a_day(draws, days=days, futures=min(PILOT, futures)))
        refuse_if_too_large(busy, days=days, futures=futures, limits=limits)


def acts_a_day(draws: Draws, *, days: int, futures: int) -> float:
    """Return how many acts a day the first so many futures hold: those that they hold in the whole run too."""
    acts = 0
    for part, rows in draws.parts:
        few = rows[rows < futures]
        if len(few):
            dynamics = part.program.dynamics(days)
            beta, log_alpha = draws.beta[few], draws.log_alpha[few]
            log = simulate_log(dynamics, beta, log_alpha, days=days, seed=draws.seed, numbers=few)
            acts += len(log.day)
    return acts / (futures * days)
