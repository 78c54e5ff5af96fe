"""What an event of each channel looks like: its action, mode, issue and deaths, learnt from the acts seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import polars as pl

from detente.base.arrays import Bools, Floats, Ints
from detente.events.hostilities import FIRST, NEITHER, SECOND, TRUCE, Roles, roles_of
from detente.events.ontology.classes import scheme_of
from detente.events.phases import OPENED_BY, Sides, acts_from_to, feeds
from detente.model.memory import Memory, Weight
from detente.model.outbreaks import Outbreaks
from detente.model.tolls import Tolls

CHANNEL, CLASS, CHRONICLE = 1, 2, 3
"""What a row's chance rests on: acts of its channel, acts of channels like it, or acts of anyone and the codebook."""


@dataclass(frozen=True)
class ActTable:
    """What an act of each channel looks like: one row per channel and act it may be.

    Row ``a`` of channel ``c`` lies in ``start[c] <= a < start[c + 1]``; chances within a channel sum to one.
    """

    start: Ints  # (channel + 1,)
    chance: Floats  # (act,) chance of the row given an event in its channel
    death_chance: Floats  # (act,) chance that an act of this kind kills
    tolls: Tolls  # how many an act kills that kills
    death_cap: int  # deaths never exceed this
    # (act,) source, target, class, action, mode, issue, victim_rank, code, intensity, mutual
    looks: pl.DataFrame = field(default_factory=pl.DataFrame)
    deaths_known: bool = True  # False where no toll was ever recorded: futures then leave deaths unknown
    ceasefires: Floats = field(default_factory=lambda: np.zeros(1))  # (point,) hazards a day of hostilities
    outbreaks: Outbreaks = field(default_factory=Outbreaks)  # how often fighting breaks out, and how hard
    step: Ints | None = None  # (act,) `CHANNEL`, `CLASS` or `CHRONICLE`; None where nothing was learnt
    # what an act of each row is to hostilities: `hostilities.NEITHER`, ...; without sides none is anything
    sides: Sides | None = None
    scheme: str = "detente"
    _factors: dict[tuple[int, Weight], Floats] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @cached_property
    def _looks(self) -> tuple[list[str], Floats, list[str | None], list[str | None]]:
        """What weights look at, for each act."""
        action, rank, mode = (self.looks[name].to_list() for name in ("action", "victim_rank", "mode"))
        return action, self.looks["intensity"].to_numpy(), rank, mode

    @cached_property
    def roles(self) -> Roles:
        """What an act of each row is to hostilities, shape (act,)."""
        if self.sides is None:
            return np.full(len(self.chance), NEITHER, dtype=np.int64)
        return roles_of(self.looks.with_columns(fatalities=pl.lit(0)), self.sides, self.scheme)

    @cached_property
    def truces(self) -> Ints:
        """Row of the ceasefire that a joint act of each channel may be, the likeliest of several, -1 for none."""
        out = np.full(len(self.start) - 1, -1, dtype=np.int64)
        if self.sides is not None:
            may = (self.roles == TRUCE) & self.looks["mutual"].to_numpy() & (self.chance > 0)
            for c, first in enumerate(self.start[:-1]):
                rows = first + np.flatnonzero(may[first : self.start[c + 1]])
                if len(rows):
                    out[c] = rows[self.chance[rows].argmax()]
        return out

    @cached_property
    def feeds_phases(self) -> frozenset[str]:
        """The phases that acts of these rows can begin, ``talks`` and ``war`` among them.

        In a scheme without a class of joint acts a day of talks needs an act of each side, and futures draw acts one by
        one: they would hold talks by chance alone.
        """
        if self.sides is None:
            return frozenset()
        kills = pl.Series((self.death_chance > 0) & self.deaths_known).cast(pl.Int64)
        drawn = self.looks.with_columns(fatalities=kills).filter(pl.Series(self.chance > 0))
        begin = drawn.select(
            (rule > 0).any().alias(name) for name, rule in feeds(self.sides, self.scheme).items()
        )
        can = begin.row(0, named=True)
        found = {word for word, (names, _) in OPENED_BY.items() if all(can[name] for name in names)}
        if scheme_of(self.scheme).joint_class is None:
            found.discard("talks")
        both = self.sides.principals
        if not drawn.filter(acts_from_to(both, both) & (pl.col("fatalities") > 0)).is_empty():
            found.add("war")
        return frozenset(found)

    @cached_property
    def strikes(self) -> tuple[Floats, Floats]:
        """Chance that an act of each channel is a strike, and its share of those between the principals of its side.

        Both have the shape (channel,). All shares are zero where one of the sides has no such channel: there is no
        fighting in which only one side can strike.
        """
        channels = len(self.start) - 1
        chance, share = np.zeros(channels), np.zeros(channels)
        if self.sides is None:
            return chance, share
        ends = (
            self.looks.select(
                pl.all_horizontal(pl.col("source", "target").is_in(list(self.sides.principals)))
            )
            .to_series()
            .to_numpy()
        )
        owner = np.repeat(np.arange(channels), np.diff(self.start))
        for side in (FIRST, SECOND):
            strike = self.roles == side
            chance += np.bincount(owner, self.chance * strike, channels)
            own = np.bincount(owner, self.chance * (strike & ends), channels)
            if not own.any():
                return chance, np.zeros(channels)
            share += own / own.sum()
        return chance, share

    def expected_log_deaths(self, *, hostilities: bool = False) -> Floats:
        """Return for each row the mean of ``log1p(deaths)``, shape (act,): what an unknown toll is imputed with."""
        return self.tolls.expected_log(hostilities=hostilities) * self.death_chance

    def share_on_chronicle(self, fits: Bools, acts_of: Floats) -> float | None:
        """Return how much of the chance of some acts rests on the third step: no act like them was seen in its class.

        Parameters
        ----------
        fits : ndarray of bool, shape (act,)
            The rows asked about.
        acts_of : ndarray of shape (channel,)
            How many acts each channel has, or is expected to have: what its rows weigh.

        Returns
        -------
        float or None
            From 0 to 1; None where no row that fits can be drawn.
        """
        if self.step is None:
            return None
        chance = self.chance * fits * np.repeat(acts_of, np.diff(self.start))
        third, seen = (float(chance[on].sum()) for on in (self.step == CHRONICLE, self.step != CHRONICLE))
        return third / (third + seen) if third + seen > 0 else None

    def weights(self, memories: Sequence[Memory]) -> tuple[Floats, Floats]:
        """Return what one act of each row adds to each memory.

        Returns
        -------
        weight, weight_log_deaths : ndarray of shape (memory, act)
            The act adds ``weight + weight_log_deaths * log1p(deaths)``.
        """
        base = np.zeros((len(memories), len(self.chance)))
        slope = np.zeros_like(base)
        for m, memory in enumerate(memories):
            for channel, weight in memory.feeds:
                rows = slice(int(self.start[channel]), int(self.start[channel + 1]))
                factor = self._factor(channel, weight)
                base[m, rows] += factor * weight.per_act
                slope[m, rows] += factor * weight.per_log_death
        return base, slope

    def _factor(self, channel: int, weight: Weight) -> Floats:
        """Return what a weight makes of each act of a channel; memories of other half-lives share it."""
        key = channel, weight
        if key not in self._factors:
            first, last = int(self.start[channel]), int(self.start[channel + 1])
            actions, intensities, ranks, modes = self._looks
            own = slice(first, last)
            self._factors[key] = weight.factors(actions[own], intensities[own], ranks[own], modes[own])
        return self._factors[key]
