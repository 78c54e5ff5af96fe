"""What was known at a day: acts, layout and counts, cut once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from detente.argument.argument import Argument
from detente.base.arrays import Floats, Ints
from detente.base.days import Window, span_of
from detente.base.errors import Fault, FitError
from detente.events.chronicle import Chronicle
from detente.model.act_table import ActTable, learn_acts
from detente.model.channels import Layout
from detente.model.layout import lay_out
from detente.model.memory import Memory


@dataclass(frozen=True)
class Known:
    """What was known of a chronicle by `as_of`, laid on an argument's channels; the same for any clocks and priors."""

    as_of: date
    layout: Layout
    cut: Chronicle  # as it was known, acts under those who did them
    chronicle: Chronicle  # the same with agents' acts under the principals they were done for
    window: Window  # fitted days
    channel_of: Ints  # (event,)
    row_of: Ints  # (event,) row of the act table
    acts: ActTable
    counts: Ints  # (channel, day)

    @property
    def digest(self) -> str:
        """SHA-256 of what was known."""
        return self.cut.digest

    def amounts(
        self, memories: Sequence[Memory], *, impute: bool, acts: Sequence[int] | None = None
    ) -> Iterator[tuple[date, Floats]]:
        """Yield for each act of a channel the day on which it enters memories, and what it adds to each.

        An act dated to a month or a year enters only memories that blur such dates, on the last day of its span and
        aged as if it had happened in the middle.

        Parameters
        ----------
        memories : sequence of Memory
        impute : bool
            Whether an unknown toll counts as the expected one.
        acts : sequence of int, optional
            Rows of the known events; all of them by default.

        Yields
        ------
        day : date
        amount : ndarray of shape (memory,)
        """
        weight, slope = self.acts.weights(tuple(memories))
        expected = self.acts.expected_log_deaths() * impute
        half_life = np.array([memory.half_life_days for memory in memories])
        vague = np.array([memory.keeps_vague_dates for memory in memories])
        columns = self.chronicle.events.select("date", "precision", "fatalities")
        for i in range(columns.height) if acts is None else acts:
            if self.channel_of[i] < 0:
                continue
            row = self.row_of[i]
            day, precision, deaths = columns.row(i)
            amount = weight[:, row] + slope[:, row] * (expected[row] if deaths is None else np.log1p(deaths))
            if precision != "day":
                span = span_of(day, precision)
                day = span.end - timedelta(days=1)
                age = (day - span.start).days - span.days / 2
                amount = np.where(vague, amount * 2.0 ** (-age / half_life), 0.0)
            yield day, amount


def read_known(argument: Argument, chronicle: Chronicle, as_of: date) -> Known:
    """Cut a chronicle at `as_of` and find the channel and the act of everything left; see `compile_argument`."""
    layout = lay_out(argument, chronicle.scheme, as_of)
    cut = chronicle.known_at(as_of)
    known = replace(cut, events=layout.attribute(cut.events))
    start = max(argument.run.fit_from or known.window.start, known.window.start)
    if start >= known.window.end:
        got = (start, known.window.end)
        raise FitError(Fault("no_day_to_fit", "fit window", got=got, hint="later_as_of"))
    window = Window(start, known.window.end)  # days after the chronicle's end are unknown, not quiet
    channel_of = layout.assign(known.events)
    roles = [layout.role(channel) for channel in layout.channels]
    in_fit = np.where((known.events["date"] >= start).to_numpy(), channel_of, -1)
    acts, row_of = learn_acts(layout.channels, roles, known.events, channel_of, in_fit)
    counts = _counts(known, in_fit, window, len(layout.channels))
    return Known(as_of, layout, cut, known, window, channel_of, row_of, acts, counts)


def _counts(known: Chronicle, channel_of: Ints, window: Window, channels: int) -> Ints:
    counts = np.zeros((channels, window.days), dtype=np.int64)
    exact = (known.events["precision"] == "day").to_numpy() & (channel_of >= 0)
    index = (known.events["date"] - window.start).dt.total_days().to_numpy()[exact]
    np.add.at(counts, (channel_of[exact], index), 1)
    return counts
