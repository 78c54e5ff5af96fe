"""Chronicles and cases that several tests share."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from detente.argument.argument import Argument
from detente.argument.blocks import ChannelSpec, PartySpec
from detente.base.days import Window
from detente.events.chronicle import Chronicle
from detente.events.files.embedded import load_embedded
from detente.events.provenance import Provenance
from detente.lab.arguments import load_argument
from detente.lab.case import Case

AS_OF = date(2020, 1, 17)
ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"


@cache
def embedded() -> Chronicle:
    return load_embedded("us-iran")


@cache
def essay() -> Argument:
    """The essay on a grid of two clocks, so that what is averaged is tested without 48 fits."""
    whole = load_argument("essay", "us-iran")
    return whole.model_copy(
        update={"clocks": whole.clocks.model_copy(update={"grid": {"fast": (14.0, 30.0)}})}
    )


@cache
def essay_case() -> Case:
    return Case("us-iran", essay(), embedded())


@cache
def baseline(first: str = "USA", second: str = "IRN") -> Argument:
    return load_argument("baseline").between(first, second)


def among_others(**update: Any) -> Argument:
    """A, who locked the door, against B, for whom F strikes, before the bystander O."""
    circle = {
        "locker": "A",
        "parties": {"friends": PartySpec(members=("F",), side="B"), "others": PartySpec(members=("O",))},
        "channels": (
            ChannelSpec(source="friends", target="A", role="force"),
            ChannelSpec(source="others", target="principals", role="cooperation_by_word"),
        ),
    }
    return baseline("A", "B").model_copy(update=circle | update)


def random_chronicle(
    seed: int = 0, days: int = 1500, per_day: float = 0.4, scheme: str = "detente"
) -> Chronicle:
    """Two actors, A and B, doing things at random on a window that starts in 2000."""
    rng = np.random.default_rng(seed)
    window = Window(date(2000, 1, 1), date(2000, 1, 1) + timedelta(days=days))
    n = rng.poisson(days * per_day)
    kinds = [
        ("verbal-cooperation", "SUPPORT", 5.0),
        ("material-cooperation", "COOPERATE", 9.5),
        ("verbal-conflict", "ACCUSE", -3.0),
    ]
    if scheme == "detente":
        kinds += [("pressure", "SANCTION", -7.0), ("force", "ASSAULT", -9.0), ("joint", "CONSULT", 2.5)]
    else:
        kinds += [("material-conflict", "ASSAULT", -9.0)]
    picks, turns = rng.integers(len(kinds), size=n), rng.integers(2, size=n)
    deaths = [
        (None if rng.random() < 0.3 else int(rng.random() < 0.4) * int(rng.integers(1, 30)))
        if kinds[k][1] == "ASSAULT"
        else None
        for k in picks
    ]
    rows = pl.DataFrame(
        {
            "date": [window.day(int(d)) for d in np.sort(rng.integers(days, size=n))],
            "source": ["AB"[t] for t in turns],
            "target": ["BA"[t] for t in turns],
            "class": [kinds[k][0] for k in picks],
            "action": [kinds[k][1] for k in picks],
            "intensity": [kinds[k][2] for k in picks],
            "mode": [("statement", "visit", "airstrike")[i] for i in rng.integers(3, size=n)],
            "issue": ["other"] * n,
            "fatalities": deaths,
        },
        schema_overrides={"fatalities": pl.Int64},
    )
    return Chronicle.of(rows, window, scheme, provenance=Provenance("random", rows_read=n))


def renamed(chronicle: Chronicle, names: dict[str, str]) -> Chronicle:
    columns = [pl.col(c).replace(names) for c in ("source", "target", "fatalities_of")]
    return replace(chronicle, events=chronicle.events.with_columns(columns))
