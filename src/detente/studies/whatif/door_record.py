"""The door test's companion: the chronicle alone, by windows of ninety days."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from detente.base.days import Window
from detente.lab.case import Case
from detente.lab.chronicles import history_of
from detente.model.layout import lay_out
from detente.model.mediation import mediations
from detente.studies.whatif.door_result import CELLS

_NO_GESTURE = ("certification", "swap-offer", "prisoner-release", "truce", "ceasefire-extension")


def companion(case: Case, locker: str) -> dict[str, tuple[int, int]]:
    """Return, from the chronicle alone, how often talks followed windows in which a mediator or the locker moved.

    Windows of 90 days from the first fitted day; talks within the 180 days after. Renewals, certifications, swaps and
    acts within a day of talks are no gestures.
    """
    history = history_of(case)
    layout = lay_out(case.argument, case.chronicle.scheme)
    channel_of = layout.assign(history.events)
    dates = history.events["date"].to_list()
    modes = history.events["mode"].to_list()
    exact = (history.events["precision"] == "day").to_list()
    joint = {layout.index(c) for c in layout.joint()}
    third = [layout.index(c) for c in layout.third_parties()]
    offices = np.isin(channel_of, third) & mediations(history.events, layout, case.chronicle.codebook)
    deeds = {layout.index(c) for c in layout.directed("cooperation_by_deed") if c.source.name == locker}
    acts = zip(dates, channel_of, modes, offices, exact, strict=True)
    rows = [(d, int(c), m, bool(helps)) for d, c, m, helps, ok in acts if ok]
    talks = sorted(d for d, c, _, _ in rows if c in joint)
    near = {d + timedelta(days=k) for d in talks for k in (-1, 0, 1)}
    helped = [d for d, _, _, helps in rows if helps and d not in near]
    gestures = [d for d, c, m, _ in rows if c in deeds and d not in near and m not in _NO_GESTURE]
    start = case.argument.run.fit_from or history.window.start
    out = {name: [0, 0] for name in CELLS[:4]}
    while start + timedelta(days=270) <= history.window.end:
        window = Window(start, start + timedelta(days=90))
        after = Window(window.end, window.end + timedelta(days=180))
        m, g = any(d in window for d in helped), any(d in window for d in gestures)
        cell = out[CELLS[m + 2 * g]]
        cell[0] += any(d in after for d in talks)
        cell[1] += 1
        start = window.end
    return {name: (a, b) for name, (a, b) in out.items()}
