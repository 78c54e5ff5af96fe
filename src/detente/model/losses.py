"""Losses: through which channel the dead of an act are remembered, by the side that lost them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl

from detente.base.arrays import Ints
from detente.events.columns import MIXED
from detente.model.channels import Layout
from detente.model.memory import Weight


def channels_of_losses(layout: Layout, events: pl.DataFrame, channel_of: Ints) -> Ints:
    """Return for each event the channel through which its dead were lost, -1 for none.

    The target lost them unless `fatalities_of` names somebody outside the target's party. Dead of the source's own side
    were lost in an act against the target: they are remembered where the target acts on those who died. Dead of anybody
    else are remembered where the source acts on them, and nowhere if the argument has no such channel. Of mixed dead
    no share is known, so they stay with the target.

    Parameters
    ----------
    layout : Layout
    events : polars.DataFrame
        Attributed canonical events.
    channel_of : ndarray of shape (event,)
        Channel of each act, -1 for none.

    Returns
    -------
    ndarray of shape (event,)

    Examples
    --------
    >>> from detente.model.channels import Channel, Party
    >>> a, b = Party("A", ("A",), "A"), Party("B", ("B",), "B")
    >>> there, back = Channel(a, b, "force", ("force",)), Channel(b, a, "force", ("force",))
    >>> layout = Layout(("A", "B"), (there, back), {"force": "force"})
    >>> raid = {"source": "A", "target": "B", "class": "force", "action": "ASSAULT", "mode": None}
    >>> events = pl.DataFrame([raid | {"fatalities_of": code} for code in ("B", "A", "C", "mixed")])
    >>> channels_of_losses(layout, events, layout.assign(events)).tolist()
    [0, 1, -1, 0]
    """
    side = {
        m: end.side for c in layout.channels for end in (c.source, c.target) for m in end.members if end.side
    }
    out = channel_of.copy()
    columns = events.select("source", "target", "fatalities_of").iter_rows()
    rows: list[int] = []
    pairs: list[tuple[str, str]] = []
    for i, (source, target, dead) in enumerate(columns):
        if dead is None or dead in (MIXED, target):
            continue
        c = int(channel_of[i])
        if (
            c >= 0
            and dead in layout.channels[c].target.members
            and target in layout.channels[c].target.members
        ):
            continue
        own = dead == source or side.get(dead, dead) == side.get(source, source)
        rows.append(i)
        pairs.append((target if own else source, dead))
    if rows:
        moved = events[rows].with_columns(
            source=pl.Series([source for source, _ in pairs]), target=pl.Series([dead for _, dead in pairs])
        )
        out[rows] = layout.assign(moved)
    return out


def losses_of_targets(events: pl.DataFrame, channel_of: Ints, lost_in: Ints) -> pl.DataFrame:
    """Return the events with deaths and a victim's rank only where the target lost people.

    An act of the future has no say in whose people die, so its target loses them. A table of acts learnt from these
    rows never gives the target a dead leader who was somebody else's, nor the toll of an accident on the other side.
    """
    others = pl.Series(np.asarray(channel_of != lost_in))
    return events.with_columns(
        pl.when(others).then(None).otherwise(pl.col(name)).alias(name)
        for name in ("fatalities", "victim_rank")
    )


def of_loss(weight: Weight, act: Mapping[str, Any], log_deaths: float, *, caused: bool) -> float:
    """Return what the loss adds to a memory beyond an act that costs nobody.

    Parameters
    ----------
    weight : Weight
        Of the channel through which the dead were lost.
    act : mapping
        Its action, intensity, mode and victim_rank.
    log_deaths : float
        ``log1p`` of its deaths.
    caused : bool
        Whether the other side killed them; else they died in an act of their own side.

    Examples
    --------
    >>> from dataclasses import replace
    >>> raid = {"action": "ASSAULT", "intensity": -10.0, "mode": None, "victim_rank": None}
    >>> own = Weight(per_log_death=0.5)
    >>> round(of_loss(own, raid, math.log1p(8), caused=False), 3)
    1.099
    >>> of_loss(replace(own, only_caused=True), raid, math.log1p(8), caused=False)
    0.0
    """
    if weight.only_caused and not caused:
        return 0.0
    look = {name: act[name] for name in ("action", "intensity", "mode")}
    with_loss = weight.of(rank=act["victim_rank"], deaths=math.expm1(log_deaths), **look)
    return with_loss - weight.of(rank=None, deaths=0, **look)
