"""What the chronicle alone holds of talks, accords, gestures and mediation, and the door test's companion."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from detente.argument.sides import gaps_of
from detente.base.days import Window
from detente.events.coverage import Coverage
from detente.futures.outcomes import accord_modes
from detente.lab.case import Case
from detente.lab.chronicles import history_of
from detente.model.layout import lay_out
from detente.model.mediation import mediations

CELLS = ("neither", "mediator", "gesture", "both", "other_gesture")
_NO_GESTURE = ("certification", "swap-offer", "prisoner-release", "truce", "ceasefire-extension")


@dataclass(frozen=True, slots=True)
class DoorRecord:
    """Days on record, in order.

    Attributes
    ----------
    window : Window
        From the first fitted day, or the first covered one, to the chronicle's end.
    talks, accords, helped : tuple of date
        Joint acts of the principals, those of them that are substantive accords, and acts of mediation.
    steps : mapping of str to tuple of date
        By principal: friendly deeds. Renewals, certifications and swaps are none, nor what falls within a day of an
        accord: it is part of that.
    gestures : mapping of str to tuple of date
        The steps that are not within a day of talks; one that is, or mediation that is, announces the talks.
    gaps : tuple of Window
        Days on which nobody looked.
    """

    window: Window
    talks: tuple[date, ...]
    accords: tuple[date, ...]
    helped: tuple[date, ...]
    steps: Mapping[str, tuple[date, ...]]
    gestures: Mapping[str, tuple[date, ...]]
    gaps: tuple[Window, ...] = ()

    def covers(self, window: Window) -> bool:
        """Return whether no gap takes days of a window: else what happened in it is not known."""
        return not Coverage(self.window, self.gaps).touches(window)


def door_record(case: Case) -> DoorRecord:
    """Read the days of a chronicle on which talks, accords, gestures and mediation are on record, dated to the day."""
    history = history_of(case)
    layout = lay_out(case.argument, case.chronicle.scheme)
    events = history.events
    channel_of = layout.assign(events)
    joint = {layout.index(c) for c in layout.joint()}
    third = [layout.index(c) for c in layout.third_parties()]
    deeds = {layout.index(c): c.source.name for c in layout.directed("cooperation_by_deed")}
    offices = np.isin(channel_of, third) & mediations(events, layout, case.chronicle.codebook)
    columns = (events[name].to_list() for name in ("date", "action", "mode", "precision"))
    rows = [
        (day, action, mode, int(c), bool(helps))
        for day, action, mode, precision, c, helps in zip(*columns, channel_of, offices, strict=True)
        if precision == "day"
    ]
    modes = accord_modes()
    talks = sorted(day for day, *_, c, _ in rows if c in joint)
    accords = sorted(day for day, act, mode, c, _ in rows if c in joint and act == "AGREE" and mode in modes)
    near, part = _within_a_day(talks), _within_a_day(accords)
    steps: dict[str, list[date]] = {side: [] for side in layout.principals}
    for day, _, mode, c, _ in rows:
        if c in deeds and deeds[c] in steps and day not in part and mode not in _NO_GESTURE:
            steps[deeds[c]].append(day)
    return DoorRecord(
        Window(case.argument.run.fit_from or history.window.start, history.window.end),
        tuple(talks),
        tuple(accords),
        tuple(sorted(day for day, *_, helps in rows if helps and day not in near)),
        {side: tuple(sorted(days)) for side, days in steps.items()},
        {side: tuple(sorted(day for day in days if day not in near)) for side, days in steps.items()},
        gaps_of(case.argument, history.window.end, history.gaps),
    )


def _within_a_day(days: Iterable[date]) -> set[date]:
    return {day + timedelta(days=k) for day in days for k in (-1, 0, 1)}


def companion(case: Case, locker: str) -> dict[str, tuple[int, int]]:
    """Return, from the chronicle alone, how often talks followed windows in which a mediator or the locker moved.

    Windows of 90 days from the first fitted day; talks within the 180 days after. Those that a gap takes days of are
    left out.
    """
    record = door_record(case)
    out = {name: [0, 0] for name in CELLS[:4]}
    start = record.window.start
    while start + timedelta(days=270) <= record.window.end:
        window = Window(start, start + timedelta(days=90))
        after = Window(window.end, window.end + timedelta(days=180))
        start = window.end
        if not record.covers(Window(window.start, after.end)):
            continue
        m = any(d in window for d in record.helped)
        g = any(d in window for d in record.gestures[locker])
        cell = out[CELLS[m + 2 * g]]
        cell[0] += any(d in after for d in record.talks)
        cell[1] += 1
    return {name: (a, b) for name, (a, b) in out.items()}
