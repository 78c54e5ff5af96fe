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
from detente.model.channels import Channel
from detente.model.memory import Memory, Weight

BACKOFF = 4.0  # pseudo-acts of the class behind every channel's own table
TAIL_PRIOR_MEDIAN, TAIL_PRIOR_SD_LOG = (
    1.0,
    0.5,
)  # exponent of P(deaths >= k); Clauset, Young & Gleditsch: 1.4, wars: .5
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
    death_tail: Floats  # (act,) a in P(deaths >= k | deaths > 0) = k ** -a, k = 1, 2, ...
    death_cap: int  # deaths never exceed this
    # (act,) source, target, class, action, mode, issue, victim_rank, code, intensity, mutual
    looks: pl.DataFrame = field(default_factory=pl.DataFrame)
    deaths_known: bool = True  # False where no toll was ever recorded: futures then leave deaths unknown
    _factors: dict[tuple[int, Weight], Floats] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @cached_property
    def _looks(self) -> tuple[list[str], Floats, list[str | None], list[str | None]]:
        """What weights look at, for each act."""
        action, rank, mode = (self.looks[name].to_list() for name in ("action", "victim_rank", "mode"))
        return action, self.looks["intensity"].to_numpy(), rank, mode

    def expected_log_deaths(self) -> Floats:
        """Return for each row the mean of ``log1p(deaths)``, shape (act,): what an unknown toll is imputed with."""
        k = np.arange(1, 20_001, dtype=float)
        out = np.zeros(len(self.chance))
        for tail in np.unique(self.death_tail):
            mass = k**-tail - (k + 1) ** -tail
            out[self.death_tail == tail] = float(np.log1p(k) @ mass / mass.sum())
        return out * self.death_chance

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
    channels: Sequence[Channel], roles: Sequence[str], acts: pl.DataFrame, channel_of: Ints, counted: Ints
) -> tuple[ActTable, Ints]:
    """Learn the table of acts, and say which row each act seen is.

    Each channel's acts are those it has shown plus `BACKOFF` pseudo-acts spread like all acts of the channels that
    take the same acts (the mean of a Dirichlet posterior). Deaths are zero or a discrete power tail (Richardson;
    Clauset).

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
    death_chance, tail = _learn_deaths(frame, seen)
    tolls = seen["fatalities"].count() > 0
    table = ActTable(
        np.array(start), np.array(chance), death_chance, np.full(len(rows), tail), DEATH_CAP, frame, tolls
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


def _learn_deaths(rows: pl.DataFrame, seen: pl.DataFrame) -> tuple[Floats, float]:
    """Return each row's chance of killing, and the exponent of the tail shared by all.

    An action kills as often as its recorded tolls say (Jeffreys' prior); one whose toll was never recorded, not even as
    zero, is taken to kill nobody: tolls are recorded where people die.
    """
    known = seen.filter(pl.col("fatalities").is_not_null())
    kills: Counter[str] = Counter()
    count: Counter[str] = Counter()
    for action, deaths in known.select("action", "fatalities").iter_rows():
        count[action] += 1
        kills[action] += deaths > 0
    chance = np.zeros(rows.height)
    for i, (action, rank) in enumerate(rows.select("action", "victim_rank").iter_rows()):
        if rank is not None:
            chance[i] = 1.0
        elif count[action]:
            chance[i] = (kills[action] + 0.5) / (count[action] + 1)
    deaths = known.filter(pl.col("fatalities") > 0)["fatalities"].to_numpy().astype(float)
    return chance, _tail_exponent(deaths)


def _tail_exponent(deaths: Floats) -> float:
    """Return the posterior mode of ``a`` in ``P(D >= k) = k ** -a`` under a log-normal prior, by a fine grid."""
    grid = np.exp(np.linspace(np.log(0.2), np.log(5.0), 1001))
    log_post = -0.5 * ((np.log(grid) - np.log(TAIL_PRIOR_MEDIAN)) / TAIL_PRIOR_SD_LOG) ** 2
    for d in deaths:
        log_post += np.log(d**-grid - (d + 1) ** -grid)
    return float(grid[np.argmax(log_post)])
