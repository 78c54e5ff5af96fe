"""Learn what an event of each channel looks like from the acts seen: three steps, from the channel to the codebook."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from detente.base.arrays import Floats, Ints
from detente.events.hostilities import Spells
from detente.events.ontology.classes import scheme_of
from detente.events.ontology.modes import kinds_of_class
from detente.events.phases import Sides
from detente.model.act_table import CHANNEL, CHRONICLE, CLASS, ActTable
from detente.model.ceasefires import learn_ceasefires
from detente.model.channels import Channel
from detente.model.new_kinds import learn_new_kinds
from detente.model.tolls import Tolls, learn_tolls

BACKOFF = 4.0  # pseudo-acts of the class behind every channel's own table
JEFFREYS = 0.5  # imagined acts that kill, and as many that do not, behind the tolls of an action
DEATH_CAP = 1_000_000
_LOOKS = ("class", "action", "mode", "issue", "victim_rank", "code", "intensity")

Look = tuple[Any, ...]  # the values of `_LOOKS`
Key = tuple[tuple[str, str], Look]  # who it is between, and what it looks like


def learn_acts(
    channels: Sequence[Channel],
    acts: pl.DataFrame,
    channel_of: Ints,
    counted: Ints,
    *,
    hostilities: Spells,
    as_of: date,
    sides: Sides,
    scheme: str,
    codebook: str,
) -> tuple[ActTable, Ints]:
    """Learn the table of acts, and say which row each act seen is.

    Each channel's acts are those it has shown plus `BACKOFF` pseudo-acts of its class. Those are mostly acts of all
    channels that take the same acts; with the chance that an act is of a kind new to them, they are acts of anyone in
    the chronicle and of the codebook. So nothing possible has chance zero. Deaths are zero or follow one of two laws,
    of single acts and of acts in hostilities; see `tolls`.

    Parameters
    ----------
    channels : sequence of Channel
    acts : polars.DataFrame
        Canonical events known at the cut.
    channel_of : ndarray of shape (event,)
        Channel of each, -1 for none.
    counted : ndarray of shape (event,)
        The same for the acts of the fitted days only: chances are learnt from these, rows from all.
    hostilities : Spells
        When they held: tells a toll in hostilities from that of a single act, and how soon a ceasefire comes.
    as_of : date
        The cut.
    sides : Sides
        Who stands where.
    scheme, codebook : str
        Class scheme and codebook of the acts.

    Returns
    -------
    table : ActTable
    row_of : ndarray of shape (event,)
        Row of each act in the table, -1 for none.
    """
    looks = list(acts.select(_LOOKS).iter_rows())
    pairs = list(acts.select("source", "target").iter_rows())
    own: list[Counter[Key]] = [Counter() for _ in channels]
    takes = [(channel.classes, channel.actions, channel.modes) for channel in channels]
    pool: dict[Any, Counter[Look]] = {kind: Counter() for kind in takes}
    for i, c in enumerate(channel_of):
        if c >= 0:
            n = int(counted[i] >= 0)
            own[c][(_pair(channels[c], pairs[i]), looks[i])] += n
            pool[takes[c]][looks[i]] += n
    new = learn_new_kinds([list(_kinds(shown).values()) for shown in pool.values()])
    possible = _possible(looks, scheme, codebook)
    rows: list[Any] = []
    chance: list[float] = []
    step: list[int] = []
    start = [0]
    index: dict[Any, int] = {}
    for c, channel in enumerate(channels):
        shown = pool[takes[c]]
        others = _others(channel, _kinds(shown), possible)
        kinds = _kinds(shown)
        rare = new.chance(len(kinds), sum(kinds.values())) if others else 0.0
        pair = _usual_pair(channel, own[c])
        for (between, look), (p, rests_on) in _blend(own[c], shown, others, rare, pair).items():
            index[c, between, look] = len(rows)
            rows.append((*between, *look, channel.joint))
            chance.append(p)
            step.append(rests_on)
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
    table = ActTable(
        np.array(start),
        np.array(chance),
        _death_chances(frame, np.array(start), seen, channel_of[channel_of >= 0]),
        _learn_tolls(seen, hostilities),
        DEATH_CAP,
        frame,
        seen["fatalities"].count() > 0,
        learn_ceasefires(*hostilities.lasted(as_of)),
        step=np.array(step),
        sides=sides,
        scheme=scheme,
    )
    return table, row_of


def _kinds(looks: Counter[Look]) -> Counter[tuple[str, str | None]]:
    """Return how many acts there are of each action and mode, those of none left out."""
    out: Counter[tuple[str, str | None]] = Counter()
    for (_, action, mode, *_), n in looks.items():
        if n:
            out[action, mode] += n
    return out


def _possible(looks: Sequence[Look], scheme: str, codebook: str) -> dict[str, Counter[Look]]:
    """Return what acts of each class may be, each action and mode once, with how often anyone did it and one more.

    What the codebook names without a mode counts only where nothing else is known of the action: an act without a mode
    might be anything.
    """
    done: dict[str, Counter[Look]] = {}
    usual: dict[tuple[str, str, str | None], Counter[float]] = {}
    for cls, action, mode, _, _, _, intensity in looks:
        usual.setdefault((cls, action, mode), Counter())[intensity] += 1
    for (cls, action, mode), intensities in usual.items():
        look = (cls, action, mode, None, None, None, intensities.most_common(1)[0][0])
        done.setdefault(cls, Counter())[look] = intensities.total()
    modes = any(look[2] is not None for look in looks)
    for cls in scheme_of(scheme).classes:
        counts = done.setdefault(cls, Counter())
        known = {(look[1], look[2]): look for look in counts}
        actions = {action for action, _ in known}
        for kind in kinds_of_class(cls, scheme, codebook, modes=modes):
            if kind.mode is not None or kind.action not in actions:
                named: Look = (cls, kind.action, kind.mode, None, None, None, kind.intensity)
                counts[known.get((kind.action, kind.mode), named)] += 1
    return done


def _others(
    channel: Channel, shown: Iterable[tuple[str, str | None]], possible: dict[str, Counter[Look]]
) -> Counter[Look]:
    """Return what an act of a channel may be that channels like it have not shown."""
    known = set(shown)
    fitting = [
        (look, n)
        for cls in channel.classes
        for look, n in possible.get(cls, Counter()).items()
        if (not channel.actions or look[1] in channel.actions)
        and (not channel.modes or look[2] in channel.modes)
    ]
    if not fitting:  # a channel of modes that nobody has shown
        named = next(iter(possible[channel.cls]))
        action = channel.actions[0] if channel.actions else named[1]
        mode = channel.modes[0] if channel.modes else None
        fitting = [((channel.cls, action, mode, None, None, None, named[-1]), 1)]
    return Counter({look: n for look, n in fitting if (look[1], look[2]) not in known})


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
    own: Counter[Key], shown: Counter[Look], others: Counter[Look], rare: float, pair: tuple[str, str]
) -> dict[Key, tuple[float, int]]:
    """Return the chance of each act of a channel, and the step that it rests on.

    Parameters
    ----------
    own : Counter
        Acts of the channel.
    shown : Counter
        Acts of the channels that take the same acts.
    others : Counter
        What they have not shown.
    rare : float
        Chance that an act of theirs is one of these.
    pair : (str, str)
        Who an act is between that the channel has not shown.
    """
    n, total, all_others = sum(own.values()), sum(shown.values()), sum(others.values())
    out = {key: (count / (n + BACKOFF), CHANNEL if count else CHRONICLE) for key, count in own.items()}
    for weights, weight, step in (
        (shown, (1 - rare) / total if total else 0.0, CLASS),
        (others, rare / all_others if all_others else 0.0, CHRONICLE),
    ):
        for look, count in weights.items():
            p, rests_on = out.get((pair, look), (0.0, CHRONICLE))
            more = BACKOFF * count * weight / (n + BACKOFF)
            out[pair, look] = p + more, min(rests_on, step) if more else rests_on
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
            everywhere = (kills[action] + JEFFREYS) / (count[action] + 2 * JEFFREYS)
            own = channels[i], action
            chance[i] = (kills[own] + BACKOFF * everywhere) / (count[own] + BACKOFF)
    return chance


def _learn_tolls(seen: pl.DataFrame, hostilities: Spells) -> Tolls:
    """Learn how many acts kill that kill, on days of hostilities and on others; a vague date is no such day."""
    killed = seen.filter(pl.col("fatalities") > 0)
    deaths, held = killed["fatalities"].to_numpy(), hostilities.held(killed)
    return learn_tolls(deaths[~held].tolist(), deaths[held].tolist())
