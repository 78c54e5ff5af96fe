"""The phase of every day of every future."""

from __future__ import annotations

from dataclasses import dataclass

from detente.argument.argument import Argument
from detente.argument.sides import sides_of
from detente.base.arrays import Bools
from detente.base.days import Window
from detente.events.chronicle import Chronicle
from detente.events.phase_shares import main_phase
from detente.events.phases import Labels, label, read_days
from detente.futures.futures import Futures
from detente.model.layout import lay_out


@dataclass(frozen=True)
class FuturePhases:
    """The phases of every future.

    Attributes
    ----------
    window : Window
    phase : ndarray of int8, shape (future, day)
    talks : ndarray of bool, shape (future, day)
    """

    window: Window
    phase: Labels
    talks: Bools

    @property
    def main_phase(self) -> Labels:
        """The phase with the most days of each future, shape (future,); see `phases.main_phase`."""
        return main_phase(self.phase)


def phases_of_futures(futures: Futures, argument: Argument, chronicle: Chronicle) -> FuturePhases:
    """Label every day of every future, going on from what was known of the chronicle when they start.

    Days between the chronicle's end and the futures' start hold no known act. Deaths drawn for a future count as
    known ones; in history an unknown toll is not a deadly one.
    """
    start, scheme = futures.window.start, futures.scheme
    known = chronicle.known_at(start)
    sides = sides_of(argument, start)
    events = lay_out(argument, scheme).attribute(known.events)
    before = read_days(events, Window(known.window.start, start), sides, scheme=scheme)
    days = read_days(futures.events, futures.window, sides, scheme=scheme, futures=futures.count)
    return FuturePhases(futures.window, *label(days, before))
