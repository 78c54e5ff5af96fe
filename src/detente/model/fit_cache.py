"""Fits found again by what they were made from: in this process, and on disk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from detente.argument.argument import Argument
from detente.base.memo import Memo
from detente.base.store import Arrays, Store, key_of
from detente.model.clocks import ClockFit, fit_argument, grid_of
from detente.model.compiler import Shared, assemble
from detente.model.fit import Posterior, numbers_of, posteriors_of
from detente.model.known import Known

_fits = Memo[str, Posterior | ClockFit](6)
_ASKED_ONLY = {"claims", "questions", "levers", "bargain", "title", "summary", "source", "run"}


def fit_key(argument: Argument, known: Known) -> str:
    """Return the digest of all that a fit depends on: the day, what was known, and what it reads of the argument."""
    return key_of({**read_of_argument(argument), "as_of": known.as_of, "known": known.digest})


def read_of_argument(argument: Argument) -> dict[str, Any]:
    """Return what a fit and its futures read of an argument, as values that go into a digest."""
    return {
        "argument": argument.model_dump_json(exclude=_ASKED_ONLY),
        "fit_from": argument.run.fit_from,
        "unknown_deaths": argument.run.unknown_deaths,
        "outbreaks": argument.run.outbreaks,
    }


def fitted(
    argument: Argument,
    known: Known,
    *,
    store: Store = Store(),  # noqa: B008  a frozen value
    threads: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Posterior | ClockFit:
    """Fit an argument to what was known by a day, or return the fit made of the same before.

    Parameters
    ----------
    argument : Argument
    known : Known
    store : Store
        Where fits are kept from one process to the next; the usual one keeps none.
    threads : int
        0 uses every core; the result does not depend on it.
    progress : callable, optional
        Called with (done, total).
    """
    key = fit_key(argument, known)
    known = replace(known, store=Store())  # the points of a grid are kept together

    def made() -> Posterior | ClockFit:
        kept = store.arrays("fit", key)
        found = None if kept is None else _rebuilt(argument, known, kept)
        if found is not None:
            return found
        fit = fit_argument(argument, known, threads=threads, progress=progress)
        store.keep_arrays("fit", key, numbers_of(fit.posteriors if isinstance(fit, ClockFit) else (fit,)))
        return fit

    here = key in _fits
    fit = _fits.get(key, made)
    if progress and here:
        progress(1, 1)
    return fit


def _rebuilt(argument: Argument, known: Known, kept: Arrays) -> Posterior | ClockFit | None:
    """Return a fit from its numbers and the programs they belong to; None if they do not belong together."""
    shared = Shared()
    if not argument.clocks.grid:
        posteriors = posteriors_of([assemble(argument, known, shared)], kept)
        return posteriors[0] if posteriors else None
    grid = grid_of(argument)
    posteriors = posteriors_of(grid.programs(argument, known, shared), kept)
    if not posteriors:
        return None
    evidence = np.array([posterior.log_evidence for posterior in posteriors])
    return ClockFit(grid.half_lives, grid.points, posteriors, grid.log_prior, evidence)
