"""What was known at a day: acts, layout and counts, cut once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl

from detente.argument.argument import Argument
from detente.argument.sides import sides_of
from detente.base.arrays import Floats, Ints
from detente.base.days import Window, span_of
from detente.base.errors import Fault, FitError
from detente.base.store import Store
from detente.events.chronicle import Chronicle
from detente.events.coverage import Coverage
from detente.events.hostilities import Spells, follow_hostilities
from detente.model.act_table import ActTable
from detente.model.channels import Layout
from detente.model.layout import lay_out
from detente.model.learn_acts import learn_acts
from detente.model.losses import channels_of_losses, losses_of_targets, of_loss
from detente.model.memory import Memory
from detente.model.outbreaks import learn_outbreaks


@dataclass(frozen=True)
class Known:
    """What was known of a chronicle by `as_of`, laid on an argument's channels; the same for any clocks and priors."""

    as_of: date
    layout: Layout
    cut: Chronicle  # as it was known, acts under those who did them
    chronicle: Chronicle  # the same with agents' acts under their principals, each act once
    window: Coverage  # fitted days
    channel_of: Ints  # (event,)
    lost_in: Ints  # (event,) channel through which its dead were lost; see `channels_of_losses`
    row_of: Ints  # (event,) row of the act table
    acts: ActTable
    counts: Ints  # (channel, day)
    hostilities: Spells
    place: Ints  # (event of cut,) its row in `chronicle`, -1 for one that repeats a principal's own act
    store: Store = Store()  # noqa: RUF009  a frozen value: where fits to it are kept

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
            Rows of `cut`; all of them by default.

        Yields
        ------
        day : date
        amount : ndarray of shape (memory,)
        """
        memories = tuple(memories)
        weight, slope = self.acts.weights(memories)
        tolls = self.log_deaths(impute=impute)
        half_life = np.array([memory.half_life_days for memory in memories])
        vague = np.array([memory.keeps_vague_dates for memory in memories])
        events = self.chronicle.events
        rows = (
            range(events.height) if acts is None else [int(self.place[i]) for i in acts if self.place[i] >= 0]
        )
        for i in rows:
            c, lost_in = self.channel_of[i], self.lost_in[i]
            if c < 0 and lost_in < 0:
                continue
            amount = np.zeros(len(memories))
            if c >= 0:
                amount += weight[:, self.row_of[i]]
                if c == lost_in:
                    amount += slope[:, self.row_of[i]] * tolls[i]
            if c != lost_in and lost_in >= 0:
                amount += self._loss(memories, events.row(i, named=True), int(lost_in), float(tolls[i]))
            day, precision = events["date"][i], events["precision"][i]
            if precision != "day":
                span = span_of(day, precision)
                day = span.end - timedelta(days=1)
                age = (day - span.start).days - span.days / 2
                amount = np.where(vague, amount * 2.0 ** (-age / half_life), 0.0)
            yield day, amount

    def log_deaths(self, *, impute: bool) -> Floats:
        """Return ``log1p`` of the deaths of each act, shape (event,), a toll nobody recorded as fits count it.

        Parameters
        ----------
        impute : bool
            Whether an unknown toll counts as what acts of its kind are expected to cost, in hostilities or outside;
            else as none. Of an act of no channel nothing is learnt: a victim of rank then counts as one death.
        """
        events = self.chronicle.events
        known = np.log1p(events["fatalities"].cast(pl.Float64).to_numpy())
        single, hostile = (
            np.append(self.acts.expected_log_deaths(hostilities=held), 0.0)[self.row_of]
            for held in (False, True)
        )
        expected = np.where(self.hostilities.held(events), hostile, single)
        ranked = events["victim_rank"].is_not_null().to_numpy()
        expected = np.where(ranked, np.maximum(expected, np.log1p(1.0)), expected)
        return np.where(np.isnan(known), expected * impute, known)

    def _loss(
        self, memories: Sequence[Memory], act: dict[str, Any], lost_in: int, log_deaths: float
    ) -> Floats:
        """Return what people lost outside the target's party add to each memory."""
        caused = act["source"] in self.layout.channels[lost_in].source.members
        return np.array(
            [
                sum(of_loss(w, act, log_deaths, caused=caused) for c, w in memory.feeds if c == lost_in)
                for memory in memories
            ]
        )


def read_known(argument: Argument, chronicle: Chronicle, as_of: date, layout: Layout | None = None) -> Known:
    """Cut a chronicle at `as_of` and find the channel and the act of everything left; see `compile_argument`.

    Parameters
    ----------
    argument : Argument
    chronicle : Chronicle
    as_of : date
    layout : Layout, optional
        The argument's own, with channels added; without it none is added.
    """
    layout = layout or lay_out(argument, chronicle.scheme, as_of)
    cut = chronicle.known_at(as_of)
    once = layout.counted_once(cut.events.with_row_index("_cut"))
    place = np.full(cut.events.height, -1, dtype=np.int64)
    place[once["_cut"].to_numpy()] = np.arange(once.height)
    known = replace(cut, events=once.drop("_cut"))
    start = max(argument.run.fit_from or known.window.start, known.window.start)
    if start >= known.window.end:
        got = (start, known.window.end)
        raise FitError(Fault("no_day_to_fit", "fit window", got=got, hint="later_as_of"))
    sides = sides_of(argument, as_of, cut.gaps)
    # days after the chronicle's end are unknown, not quiet, and so are those of its gaps
    window = Coverage(Window(start, known.window.end), sides.gaps)
    if not window.days:
        raise FitError(Fault("no_day_to_fit", "fit window", got=str(window.span), hint="later_as_of"))
    channel_of = layout.assign(known.events)
    in_fit = np.where(window.indices(known.events["date"]) >= 0, channel_of, -1)
    lost_in = channels_of_losses(layout, known.events, channel_of)
    taught = losses_of_targets(known.events, channel_of, lost_in)
    hostilities = follow_hostilities(known.events, sides, known.scheme)
    acts, row_of = learn_acts(
        layout.channels,
        taught,
        channel_of,
        in_fit,
        hostilities=hostilities,
        as_of=as_of,
        sides=sides,
        scheme=known.scheme,
        codebook=known.codebook,
    )
    if argument.run.outbreaks:
        acts = replace(acts, outbreaks=learn_outbreaks(hostilities, window.span, window.gaps))
    counts = _counts(known, in_fit, window, len(layout.channels))
    return Known(
        as_of, layout, cut, known, window, channel_of, lost_in, row_of, acts, counts, hostilities, place
    )


def _counts(known: Chronicle, channel_of: Ints, window: Coverage, channels: int) -> Ints:
    counts = np.zeros((channels, window.days), dtype=np.int64)
    exact = (known.events["precision"] == "day").to_numpy() & (channel_of >= 0)
    index = window.indices(known.events["date"])[exact]
    np.add.at(counts, (channel_of[exact], index), 1)
    return counts
