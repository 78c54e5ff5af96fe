"""Random chronicles of a made-up rivalry and random statements about them, for the properties of questions."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl
from hypothesis import strategies as st

from detente.base.days import Window
from detente.events.act_log import UNKNOWN
from detente.events.chronicle import Chronicle
from detente.events.phases import Phase, Sides
from detente.questions.statements import (
    Acts,
    All,
    Any,
    Count,
    InPhase,
    Kind,
    MemoryChange,
    Not,
    Rate,
    Statement,
    War,
)

START, DAYS, BEFORE = date(2020, 1, 1), 400, 420  # more than a year, for wars and for the pair's own mean
CLASS_OF = {
    "ASSAULT": "force",
    "COERCE": "force",
    "CONSULT": "joint",
    "AGREE": "joint",
    "YIELD": "material-cooperation",
    "SUPPORT": "verbal-cooperation",
    "REJECT": "verbal-conflict",
}
MODES = [None, "airstrike", "cyber", "ceasefire", "walkout"]
SIDES = Sides(("A", "B"), (("F",), ()), ((), ("P",)), (Window(START + timedelta(70), START + timedelta(80)),))


def looks_of(action: str, pair: str, mode: str | None) -> dict[str, object]:
    joint = CLASS_OF[action] == "joint"
    return {
        "source": pair[0],
        "target": pair[1],
        "class": CLASS_OF[action],
        "action": action,
        "mode": mode,
        "issue": None if mode == "cyber" else "other",
        "mutual": joint,
    }


LOOKS = [looks_of(a, p, m) for a in CLASS_OF for p in ("AB", "BA", "PA", "FB") for m in MODES]
LIKELY = np.array([6.0 if look["action"] == "ASSAULT" else 2.0 if look["mutual"] else 1.0 for look in LOOKS])

Rows = list[tuple[int, int, int, str]]  # day, look, deaths, precision; sorted by day


def rows_of(seed: int, days: int) -> Rows:
    """Return acts of a few busy times, most of them strikes and talks, so that every rule of phases is met."""
    rng = np.random.default_rng(seed)
    number, busy = int(rng.integers(0, 90)), rng.integers(0, days, size=rng.integers(1, 6))
    day = np.sort(np.clip(rng.choice(busy, number) + rng.integers(-15, 16, number), 0, days - 1))
    look = rng.choice(len(LOOKS), number, p=LIKELY / LIKELY.sum())
    deaths = rng.choice([UNKNOWN, 0, 1, 300, 600], number, p=[0.4, 0.2, 0.2, 0.15, 0.05])
    precision = rng.choice(list("dmy"), number, p=[0.9, 0.07, 0.03])
    return list(zip(day.tolist(), look.tolist(), deaths.tolist(), precision.tolist(), strict=True))


def acts_on(days: int) -> st.SearchStrategy[Rows]:
    return st.integers(0, 2**32 - 1).map(lambda seed: rows_of(seed, days))


def history(rows: Rows, start: date, days: int) -> Chronicle:
    words = {"d": "day", "m": "month", "y": "year"}
    frame = [
        LOOKS[look]
        | {
            "date": start + timedelta(day),
            "precision": words[precision],
            "fatalities": None if deaths == UNKNOWN else deaths,
        }
        for day, look, deaths, precision in rows
    ]
    schema = {"mode": pl.String, "issue": pl.String, "fatalities": pl.Int64, "date": pl.Date}
    columns = {**dict.fromkeys(("source", "target", "class", "action"), pl.String), "mutual": pl.Boolean}
    return Chronicle.of(
        pl.DataFrame(frame, schema=schema | columns | {"precision": pl.String}),
        Window(start, start + timedelta(days)),
    )


@st.composite
def windows(draw: st.DrawFn) -> Window:
    start = START + timedelta(draw(st.integers(-60, DAYS + 20)))
    return Window(start, start + timedelta(draw(st.integers(1, DAYS + 40))))


some = st.sampled_from
chosen_acts = st.builds(
    Acts,
    some([(), ("A",), ("A", "P")]),
    some([(), ("B",), ("A", "B")]),
    st.booleans(),
    some(
        [
            (),
            (Kind(classes=("force",)),),
            (Kind(actions=("AGREE", "YIELD")),),
            (Kind(("joint",), ("YIELD",)),),
        ]
    ),
    some([(), ("airstrike",), ("ceasefire", "cyber")]),
    some([(), (), ("other",)]),
    some([None, None, 1, 500]),
)
counts = st.one_of(
    st.builds(Count, chosen_acts, windows(), at_least=st.integers(1, 6)),
    st.builds(Count, chosen_acts, windows(), at_most=st.integers(0, 6)),
)
phases = some([*(phase.word for phase in Phase), "talks"])
leaf = st.one_of(
    counts,
    st.builds(Rate, chosen_acts, windows(), windows(), some([0.5, 1.0, 2.0]), st.booleans()),
    st.builds(InPhase, phases, windows(), st.none() | st.floats(0.01, 1), st.booleans()),
    st.builds(War, windows()),
    st.builds(MemoryChange, some(["fast", "slow"]), st.just("A"), windows(), st.booleans()),
)
statements: st.SearchStrategy[Statement] = st.recursive(
    leaf,
    lambda part: st.one_of(
        st.builds(Not, part),
        *(st.builds(kind, st.lists(part, min_size=1, max_size=3).map(tuple)) for kind in (All, Any)),
    ),
    max_leaves=4,
)
