"""The phase of every day of every future."""

from __future__ import annotations

from detente.argument.argument import Argument
from detente.argument.sides import sides_of
from detente.base.days import Window
from detente.events.chronicle import Chronicle
from detente.events.phase_days import read_days
from detente.events.phase_runs import PhaseRuns, phases_of_log
from detente.futures.futures import Futures
from detente.model.layout import lay_out


def phases_of_futures(
    futures: Futures, argument: Argument, chronicle: Chronicle, *, threads: int = 0
) -> PhaseRuns:
    """Label every day of every future, going on from what was known of the chronicle when they start.

    Days between the chronicle's end and the futures' start hold no known act. Deaths drawn for a future count as
    known ones; in history an unknown toll is not a deadly one.
    """
    start, scheme = futures.window.start, futures.scheme
    known = chronicle.known_at(start)
    sides = sides_of(argument, start, known.gaps)
    events = lay_out(argument, scheme).counted_once(known.events)
    before = read_days(events, Window(known.window.start, start), sides, scheme=scheme)
    return phases_of_log(futures.acts, sides, scheme=scheme, before=before, threads=threads)
