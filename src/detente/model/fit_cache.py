"""Fits of this process, found again by what they were made from."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from detente.argument.argument import Argument
from detente.base.memo import Memo
from detente.model.clocks import ClockFit, fit_argument
from detente.model.fit import Posterior
from detente.model.known import Known

_fits = Memo[tuple[str, str], Posterior | ClockFit](6)
_ASKED_ONLY = {"claims", "questions", "levers", "bargain", "title", "summary", "source", "run"}


def fitted(
    argument: Argument,
    known: Known,
    *,
    threads: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Posterior | ClockFit:
    """Fit an argument to what was known by a day, or return the fit made of the same before.

    The key is the day with the digests of what was known by then and of those parts of the argument that a fit reads.
    """
    text = argument.model_dump_json(exclude=_ASKED_ONLY)
    text += f"{argument.run.fit_from} {argument.run.unknown_deaths} {known.as_of}"
    key = hashlib.sha256(text.encode()).hexdigest(), known.digest
    if progress and key in _fits:
        progress(1, 1)
    return _fits.get(key, lambda: fit_argument(argument, known, threads=threads, progress=progress))
