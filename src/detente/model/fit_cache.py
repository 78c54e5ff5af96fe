"""Fits of this process, found again by what they were made from."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from datetime import date
from threading import Lock

from detente.argument.argument import Argument
from detente.events.chronicle import Chronicle
from detente.model.clocks import ClockFit, fit_argument
from detente.model.fit import Posterior

_KEPT = 6
_fits: OrderedDict[tuple[str, str], Posterior | ClockFit] = OrderedDict()
_lock = Lock()
_ASKED_ONLY = {"claims", "questions", "levers", "bargain", "title", "summary", "source", "run"}


def fitted(
    argument: Argument,
    chronicle: Chronicle,
    as_of: date,
    *,
    threads: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Posterior | ClockFit:
    """Fit an argument to what was known by a day, or return the fit made of the same before.

    The key is the day with the digests of what was known by then and of those parts of the argument that a fit reads.
    """
    text = argument.model_dump_json(exclude=_ASKED_ONLY)
    text += f"{argument.run.fit_from} {argument.run.unknown_deaths} {as_of}"
    key = hashlib.sha256(text.encode()).hexdigest(), chronicle.known_at(as_of).digest
    with _lock:
        if key in _fits:
            _fits.move_to_end(key)
            found = _fits[key]
            if progress:
                progress(1, 1)
            return found
    made = fit_argument(argument, chronicle, as_of, threads=threads, progress=progress)
    with _lock:
        _fits[key] = made
        while len(_fits) > _KEPT:
            _fits.popitem(last=False)
    return made
