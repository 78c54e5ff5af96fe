"""Two sides that strike each other, meet and agree on ceasefires: futures of theirs, and the phases of these."""

from __future__ import annotations

import importlib.util
import sys
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from detente.base.days import Window
from detente.events.act_log import ActLog
from detente.events.hostilities import Fighting
from detente.events.phase_runs import phases_of_log
from detente.events.phases import Days, Phase, Sides
from detente.futures.kernel.event_log import EventLog
from detente.futures.kernel.simulate import simulate_log
from detente.model.act_table import ActTable
from detente.model.program import NO_ATOM, Dynamics
from detente.model.tolls import Tolls
from worlds import ROOT

COLUMNS = ("future", "day", "channel", "act", "deaths")
SIDES = Sides(("A", "B"), ((), ()))
START, DAYS, CAP = date(2001, 1, 1), 300, 50_000
LOOKS = pl.DataFrame(
    {
        "source": ["A", "A", "B", "A", "A"],
        "target": ["B", "B", "A", "B", "B"],
        "class": ["force", "force", "force", "joint", "joint"],
        "action": ["ASSAULT", "ASSAULT", "ASSAULT", "CONSULT", "AGREE"],
        "mode": ["missile", "cyber", None, "meeting", "ceasefire"],
        "issue": pl.Series([None] * 5, dtype=pl.String),
        "mutual": [False, False, False, True, True],
    }
)
WINDOW = Window(START, START + timedelta(days=DAYS))


def load_reference() -> Any:
    spec = importlib.util.spec_from_file_location("reference", ROOT / "benchmarks" / "reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules.setdefault("reference", importlib.util.module_from_spec(spec))
    spec.loader.exec_module(module)
    return module


def events_of(log: EventLog) -> npt.NDArray[np.int64]:
    return np.stack([getattr(log, name).astype(np.int64) for name in COLUMNS], axis=1)


NEVER = np.zeros(1)


def world(
    tolls: Tolls,
    fighting: Fighting | None = None,
    kills: float = 1.0,
    ceasefires: npt.NDArray[np.float64] = NEVER,
) -> Dynamics:
    """A strikes B or hacks it, B strikes A, and both meet or agree on a ceasefire."""
    acts = ActTable(
        start=np.array([0, 2, 3, 5]),
        chance=np.array([0.8, 0.2, 1.0, 0.7, 0.3]),
        death_chance=np.array([kills, kills, kills, 0.0, 0.0]),
        tolls=tolls,
        death_cap=CAP,
        ceasefires=ceasefires,
        looks=LOOKS,
        sides=SIDES,
    )
    none, blank, ones = np.zeros(0), np.zeros(0, np.int64), np.full(3, NO_ATOM)
    return Dynamics(
        decay=none, initial=none, atom_kind=blank, atom_index=blank, atom_scale=none, atom_cap=none,
        schedule=np.zeros((0, 0)), term_start=np.arange(4), term_coefficient=np.arange(3), term_atom_a=ones,
        term_atom_b=ones, channel_class=np.arange(3), weight=np.zeros((0, 5)), weight_log_deaths=np.zeros((0, 5)),
        acts=acts, fighting=fighting or Fighting(),
    )  # fmt: skip


def simulated(dynamics: Dynamics, futures: int, rate: float = 0.12, **more: Any) -> EventLog:
    rows = np.ones((futures, 3))
    beta = rows * np.log([rate, rate, rate / 3])
    return simulate_log(dynamics, beta, rows * np.log(2.0), days=DAYS, seed=4, **more)


def held(log: EventLog, before: Days | None = None) -> npt.NDArray[np.bool_]:
    """Whether hostilities held on each future's day by the rule of phases."""
    starts = np.searchsorted(log.future, np.arange(log.futures + 1))
    acts = ActLog(
        WINDOW, starts, log.day, log.act, log.deaths, LOOKS, np.ones(5, np.int64), np.ones(5, dtype=bool)
    )
    runs = phases_of_log(acts, SIDES, scheme="detente", before=before)
    return np.asarray(runs.phase == Phase.HOSTILITIES)


# Outside hostilities an act kills one, in them as many as may be: the toll says which law it followed.
TELLING = Tolls(np.array([[60.0, np.inf]]), np.array([1e-4]))
