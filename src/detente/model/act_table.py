"""What an event of each channel looks like: its action, mode, issue and deaths, learnt from the acts seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from detente.base.arrays import Floats, Ints
from detente.events.hostilities import NEITHER, Roles, Spells, follow_hostilities, roles_of
from detente.events.phases import Sides
from detente.model.channels import Channel
from detente.model.memory import Memory, Weight
from detente.model.tolls import Tolls, learn_tolls

BACKOFF = 4.0  # pseudo-acts of the class behind every channel's own table
DEATH_CAP = 1_000_000
_LOOKS = ("class", "action", "mode", "issue", "victim_rank", "code", "intensity")
_DEFAULT_ACTION = {
    "cooperation_by_word": "SUPPORT",
    "cooperation_by_deed": "COOPERATE",
    "hostility_by_word": "ACCUSE",
    "pressure": "SANCTION",
    "force": "COERCE",
    "talks": "CONSULT",
}


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

    def expected_log_deaths(self, *, hostilities: bool = False) -> Floats:
        """Return for each row the mean of ``log1p(deaths)``, shape (act,): what an unknown toll is imputed with."""
        return self.tolls.expected_log(hostilities=hostilities) * self.death_chance

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


def learn_acts(
    channels: Sequence[Channel],
    roles: Sequence[str],
    acts: pl.DataFrame,
    channel_of: Ints,
    counted: Ints,
    *,
    sides: Sides,
    scheme: str,
) -> tuple[ActTable, Ints]:
    """Learn the table of acts, and say which row each act seen is.

    Each channel's acts are those it has shown plus `BACKOFF` pseudo-acts spread like all acts of the channels that
    take the same acts (the mean of a Dirichlet posterior). Deaths are zero or follow one of two laws, of single acts
    and of acts in hostilities; see `tolls`.

    Parameters
    ----------
    channels, roles : sequences
        The channels and the leading role of each.
    acts : polars.DataFrame
        Canonical events known at the cut.
    channel_of : ndarray of shape (event,)
        Channel of each, -1 for none.
    counted : ndarray of shape (event,)
        The same for the acts of the fitted days only: chances are learnt from these, rows from all.
    sides : Sides
        Who stands where: tells a toll in hostilities from that of a single act.
    scheme : str
        Class scheme of the acts.

    Returns
    -------
    table : ActTable
    row_of : ndarray of shape (event,)
        Row of each act in the table, -1 for none.
    """
    looks = list(acts.select(_LOOKS).iter_rows())
    pairs = list(acts.select("source", "target").iter_rows())
    own: list[Counter[Any]] = [Counter() for _ in channels]
    takes = [(channel.classes, channel.actions, channel.modes) for channel in channels]
    pool: dict[Any, Counter[Any]] = {kind: Counter() for kind in takes}
    for i, c in enumerate(channel_of):
        if c >= 0:
            n = int(counted[i] >= 0)
            own[c][(_pair(channels[c], pairs[i]), looks[i])] += n
            pool[takes[c]][looks[i]] += n
    rows: list[Any] = []
    chance: list[float] = []
    start = [0]
    index: dict[Any, int] = {}
    for c, channel in enumerate(channels):
        chances = _blend(own[c], pool[takes[c]], _usual_pair(channel, own[c]), roles[c], channel.cls)
        for (pair, look), p in chances.items():
            index[c, pair, look] = len(rows)
            rows.append((*pair, *look, channel.joint))
            chance.append(p)
        start.append(len(rows))
    frame = pl.DataFrame(
        rows,
        schema={"source": pl.String, "target": pl.String, **dict.fromkeys(_LOOKS[:-1], pl.String)}
        | {"intensity": pl.Float64, "mutual": pl.Boolean},
        orient="row",
    )
    row_of = np.array(
        [
            index[c, _pair(channels[c], pairs[i]), looks[i]] if c >= 0 else -1
            for i, c in enumerate(channel_of)
        ],
        dtype=np.int64,
    )
    seen = acts.filter(pl.Series(channel_of >= 0))
    hostilities = follow_hostilities(acts, sides, scheme)
    table = ActTable(
        np.array(start),
        np.array(chance),
        _death_chances(frame, np.array(start), seen, channel_of[channel_of >= 0]),
        _learn_tolls(seen, hostilities),
        DEATH_CAP,
        frame,
        seen["fatalities"].count() > 0,
        sides,
        scheme,
    )
    return table, row_of


def _pair(channel: Channel, pair: tuple[str, str]) -> tuple[str, str]:
    """Return who an act is between: the channel's two ends, or the actual members where an end is a group."""
    if channel.joint or (len(channel.source.members) == 1 and len(channel.target.members) == 1):
        return channel.source.members[0], channel.target.members[0]
    return pair


def _usual_pair(channel: Channel, own: Counter[Any]) -> tuple[str, str]:
    by_pair: Counter[tuple[str, str]] = Counter()
    for (pair, _), n in own.items():
        by_pair[pair] += n
    return by_pair.most_common(1)[0][0] if by_pair else next(channel.pairs())


def _blend(
    own: Counter[Any], pool: Counter[Any], pair: tuple[str, str], role: str, cls: str
) -> dict[tuple[tuple[str, str], Any], float]:
    n, total = sum(own.values()), sum(pool.values())
    if not total:
        from detente.events.ontology.actions import intensity_of

        action = _DEFAULT_ACTION[role]
        usual = (pair, (cls, action, None, None, None, None, intensity_of(action, None)))
        return dict.fromkeys(own, 0.0) | {usual: 1.0}
    out = {key: count / (n + BACKOFF) for key, count in own.items()}
    for look, count in pool.items():
        out[pair, look] = out.get((pair, look), 0.0) + BACKOFF * count / total / (n + BACKOFF)
    return out


def _death_chances(rows: pl.DataFrame, start: Ints, seen: pl.DataFrame, channel_of: Ints) -> Floats:
    """Return each row's chance of killing.

    An action kills as often as its recorded tolls say (Jeffreys' prior), in a channel as often as the channel's own say
    with `BACKOFF` more at the rate of all channels. One whose toll was never recorded, not even as zero, is taken to
    kill nobody: tolls are recorded where people die.
    """
    kills: Counter[Any] = Counter()
    count: Counter[Any] = Counter()
    acts = zip(channel_of.tolist(), *seen.select("action", "fatalities").get_columns(), strict=True)
    for channel, action, deaths in acts:
        if deaths is not None:
            for kind in (action, (channel, action)):
                count[kind] += 1
                kills[kind] += deaths > 0
    chance = np.zeros(rows.height)
    channels = np.repeat(np.arange(len(start) - 1), np.diff(start)).tolist()
    for i, (action, rank) in enumerate(rows.select("action", "victim_rank").iter_rows()):
        if rank is not None:
            chance[i] = 1.0
        elif count[action]:
            everywhere = (kills[action] + 0.5) / (count[action] + 1)
            own = channels[i], action
            chance[i] = (kills[own] + BACKOFF * everywhere) / (count[own] + BACKOFF)
    return chance


def _learn_tolls(seen: pl.DataFrame, hostilities: Spells) -> Tolls:
    """Learn how many acts kill that kill, on days of hostilities and on others; a vague date is no such day."""
    killed = seen.filter(pl.col("fatalities") > 0)
    deaths, held = killed["fatalities"].to_numpy(), hostilities.held(killed)
    return learn_tolls(deaths[~held].tolist(), deaths[held].tolist())
