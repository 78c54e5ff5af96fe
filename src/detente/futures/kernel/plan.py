"""Check a `Dynamics` and lay it out for the compiled loop."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from detente.base.errors import shorten
from detente.futures.kernel.arithmetic import MAX_RATE_PER_DAY
from detente.model.program import INDICATOR, LOG1P, NO_ATOM, SATURATE, SCHEDULE, Dynamics

MAX_CHANNELS = 2**15  # what an int16 column of an event log holds


class Plan(NamedTuple):
    """A `Dynamics` laid out for the compiled loop: fixed types, atoms by kind, terms by form, sparse effects."""

    decay: npt.NDArray[np.float64]  # (memory,)
    initial: npt.NDArray[np.float32]  # (memory,)
    floored: npt.NDArray[np.int64]  # memories that an act may draw down, never below zero
    atoms: int
    smooth: npt.NDArray[np.int64]  # (LOG1P and SATURATE atoms, 2): atom, memory
    smooth_scale: npt.NDArray[np.float64]  # (same, 2): 1 / scale, 1 / cap
    indicator: npt.NDArray[np.int64]  # (INDICATOR atoms, 2): atom, memory
    indicator_above: npt.NDArray[np.float64]
    declared: npt.NDArray[np.int64]  # (SCHEDULE atoms, 2): atom, row of the schedule
    schedule: npt.NDArray[np.float32]  # (row, day)
    single_start: npt.NDArray[np.int64]  # (channel + 1,) terms with at most one atom, in runs of four
    single: npt.NDArray[np.int64]  # (term, 2): coefficient, atom
    product_start: npt.NDArray[np.int64]  # (channel + 1,) terms with two
    product: npt.NDArray[np.int64]  # (term, 3): coefficient, atom, atom
    channel_class: npt.NDArray[np.int64]  # (channel,)
    act_start: npt.NDArray[np.int64]  # (channel + 1,)
    act_until: npt.NDArray[np.float64]  # (act,) summed chances within the channel
    death_chance: npt.NDArray[np.float64]  # (act,)
    single_power: npt.NDArray[np.float64]  # (point,) -1 / exponent of a single act's toll
    single_taper: npt.NDArray[np.float64]  # (point,)
    hostile_power: npt.NDArray[np.float64]  # (point,) -1 / exponent of a toll in hostilities
    death_cap: int
    truce: npt.NDArray[
        np.int64
    ]  # (channel,) row of a ceasefire that its acts may be in hostilities, -1 for none
    ceasefire: npt.NDArray[np.float64]  # (point,) hazard of one a day of hostilities
    role: npt.NDArray[np.int8]  # (act,) what it is to hostilities
    hostile_until: int  # first day without them, if nothing else happens
    hostile_renewed: int  # last day on which one more strike keeps them
    strikes_before: npt.NDArray[np.int32]  # (day before day 0, side)
    outbreak: npt.NDArray[np.float64]  # (point,) outbreaks a day; 0 where they cannot be
    blow: npt.NDArray[np.float64]  # (point,) the least that a side strikes a day from an outbreak on
    blow_share: npt.NDArray[np.float64]  # (channel,) how much of that its acts are, 0 for none
    strike_chance: npt.NDArray[np.float64]  # (channel,) that an act is a strike
    act_chance: npt.NDArray[np.float64]  # (act,)
    peace: int  # channel whose acts may end an outbreak, -1 for none
    effect_start: npt.NDArray[np.int64]  # (act + 1,) memories an act feeds
    effect_memory: npt.NDArray[np.int64]
    effect: npt.NDArray[np.float64]  # (effect, 2): weight, weight on log1p(deaths)


def plan_of(dynamics: Dynamics, days: int) -> Plan:
    """Check a `Dynamics` and lay it out for the compiled loop."""
    d, acts = dynamics, dynamics.acts
    require(1 <= days < 2**31, "days", "must lie from 1 to 2**31 - 1", days)
    memories, atoms, terms, rows = len(d.decay), len(d.atom_kind), len(d.term_coefficient), len(acts.chance)
    require(1 <= d.channels <= MAX_CHANNELS, "channels", f"must number 1 to {MAX_CHANNELS}", d.channels)
    for name, shape in {
        "initial": (memories,),
        "atom_index": (atoms,),
        "atom_scale": (atoms,),
        "atom_cap": (atoms,),
        "term_atom_a": (terms,),
        "term_atom_b": (terms,),
        "channel_class": (d.channels,),
        "weight": (memories, rows),
        "weight_log_deaths": (memories, rows),
    }.items():
        got = np.shape(getattr(d, name))
        require(got == shape, name, f"must have shape {shape}", got)
    decay = as_array(d.decay, np.float64)
    require(bool(((decay >= 0) & (decay <= 1)).all()), "decay", "must lie from 0 to 1", decay)
    for name in ("initial", "weight", "weight_log_deaths"):
        require(bool(np.isfinite(getattr(d, name)).all()), name, "must be finite", "inf or nan")
    term_start = _starts(d.term_start, terms, "term_start")
    kind, index = as_array(d.atom_kind, np.int64), as_array(d.atom_index, np.int64)
    scale, cap = as_array(d.atom_scale, np.float64), as_array(d.atom_cap, np.float64)
    smooth, indicator, declared = (kind == LOG1P) | (kind == SATURATE), kind == INDICATOR, kind == SCHEDULE
    require(bool((smooth | indicator | declared).all()), "atom_kind", "must be one of program's kinds", kind)
    require(bool((scale[smooth] > 0).all()), "atom_scale", "must be above 0", scale)
    require(bool((cap[kind == SATURATE] > 0).all()), "atom_cap", "must be above 0", cap)
    schedule = as_array(d.schedule, np.float32)
    covered = schedule.ndim == 2 and (schedule.shape[1] >= days or not declared.any())
    require(covered, "schedule", f"must have shape (row, {days} or more)", schedule.shape)
    as_index(index[~declared], memories, "atom_index", "memories")
    as_index(index[declared], len(schedule), "atom_index", "rows of the schedule")
    bend = np.where(kind == SATURATE, 1 / np.where(kind == SATURATE, cap, 1.0), 0.0)
    gain = 1 / np.where(smooth, scale, 1.0)
    coefficient = as_array(d.term_coefficient, np.int64)
    a, b = (np.asarray(x, np.int64) for x in (d.term_atom_a, d.term_atom_b))
    for x in (a, b):
        as_index(x[x != NO_ATOM], atoms, "term_atom_a and term_atom_b", "atoms")
    a, b = np.where(a == NO_ATOM, b, a), np.where(a == NO_ATOM, a, b)  # a lone atom may stand in either place
    # The loop counts coefficients from 1 on and keeps 0 for a row of zeros; its atom number `atoms` is always one.
    require(bool((coefficient >= 0).all()), "term_coefficient", "must be 0 or more", coefficient)
    owner, coefficient = np.repeat(np.arange(d.channels), np.diff(term_start)), coefficient + 1
    double = b != NO_ATOM
    of_single, a = owner[~double], np.where(a == NO_ATOM, atoms, a)
    single_start = np.append(0, np.cumsum(-(-np.bincount(of_single, minlength=d.channels) // 4) * 4))
    single = np.tile([0, atoms], (single_start[-1], 1))  # what is left of a run of four adds zero times one
    rank = np.arange(len(of_single)) - np.searchsorted(of_single, of_single)
    single[single_start[of_single] + rank] = _columns(coefficient[~double], a[~double])
    product_start = np.searchsorted(owner[double], np.arange(d.channels + 1))
    effects = np.stack([np.transpose(d.weight), np.transpose(d.weight_log_deaths)], axis=2)
    act, memory = np.nonzero((effects != 0).any(axis=2))
    act_start, until = _act_table(dynamics)
    strikes, blows = acts.strikes
    can_break_out = bool(blows.any())
    return Plan(
        decay=decay,
        initial=as_array(d.initial, np.float32),
        floored=as_array(np.flatnonzero((np.asarray(d.weight) < 0).any(axis=1)), np.int64),
        atoms=atoms,
        smooth=_columns(np.flatnonzero(smooth), index[smooth]),
        smooth_scale=as_array(np.stack([gain, bend], axis=1)[smooth], np.float64),
        indicator=_columns(np.flatnonzero(indicator), index[indicator]),
        indicator_above=as_array(scale[indicator], np.float64),
        declared=_columns(np.flatnonzero(declared), index[declared]),
        schedule=schedule,
        single_start=as_array(single_start, np.int64),
        single=as_array(single, np.int64),
        product_start=as_array(product_start, np.int64),
        product=_columns(coefficient[double], a[double], b[double]),
        channel_class=as_array(d.channel_class, np.int64),
        act_start=act_start,
        act_until=until,
        death_chance=as_array(acts.death_chance, np.float64),
        single_power=as_array(-1 / acts.tolls.single[:, 0], np.float64),
        single_taper=as_array(acts.tolls.single[:, 1], np.float64),
        hostile_power=as_array(-1 / acts.tolls.hostilities, np.float64),
        death_cap=int(acts.death_cap),
        truce=as_array(acts.truces, np.int64),
        ceasefire=as_array(acts.ceasefires, np.float64),
        role=as_array(acts.roles, np.int8),
        hostile_until=int(d.fighting.until),
        hostile_renewed=int(d.fighting.renewed),
        strikes_before=as_array(d.fighting.recent, np.int32),
        outbreak=as_array(acts.outbreaks.hazard if can_break_out else np.zeros(1), np.float64),
        blow=as_array(acts.outbreaks.strikes, np.float64),
        blow_share=as_array(blows, np.float64),
        strike_chance=as_array(strikes, np.float64),
        act_chance=as_array(acts.chance, np.float64),
        peace=int(next(iter(np.flatnonzero(acts.truces >= 0)), -1)),
        effect_start=as_array(np.searchsorted(act, np.arange(rows + 1)), np.int64),
        effect_memory=as_array(memory, np.int64),
        effect=as_array(effects[act, memory], np.float64),
    )


def plan_for(dynamics: Dynamics | Plan, days: int) -> Plan:
    """Return the plan of a `Dynamics`; one already made serves as many days as it was made for, or fewer."""
    if not isinstance(dynamics, Plan):
        return plan_of(dynamics, days)
    plan = dynamics
    require(1 <= days < 2**31, "days", "must lie from 1 to 2**31 - 1", days)
    most = plan.schedule.shape[1]
    require(len(plan.declared) == 0 or days <= most, "days", f"must be the plan's {most} or fewer", days)
    return plan


def _act_table(dynamics: Dynamics) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Check the act table; return its starts, and the chances summed within each channel."""
    acts, channels = dynamics.acts, dynamics.channels
    chance, kills = as_array(acts.chance, np.float64), as_array(acts.death_chance, np.float64)
    rows = len(chance)
    start = _starts(acts.start, rows, "acts.start")
    require(len(start) == channels + 1, "acts.start", f"must have shape ({channels + 1},)", start.shape)
    require(kills.shape == (rows,), "acts.death_chance", f"must have shape ({rows},)", kills.shape)
    hazards = acts.ceasefires
    require(bool(len(hazards) and (hazards >= 0).all()), "acts.ceasefires", "must be 0 or more", hazards)
    for values in (acts.outbreaks.hazard, acts.outbreaks.strikes):
        ok = bool(len(values) and ((values >= 0) & (values < MAX_RATE_PER_DAY)).all())
        require(ok, "acts.outbreaks", f"must lie from 0 to {MAX_RATE_PER_DAY:g}", values)
    for values in (acts.tolls.single, acts.tolls.hostilities):
        require(bool(len(values) and (values > 0).all()), "acts.tolls", "must be above 0", values)
    require(bool(((kills >= 0) & (kills <= 1)).all()), "acts.death_chance", "must lie from 0 to 1", kills)
    require(1 <= acts.death_cap < 2**31, "acts.death_cap", "must lie from 1 to 2**31 - 1", acts.death_cap)
    until = np.empty(rows)
    for c in range(channels):
        part = chance[start[c] : start[c + 1]]
        ok = bool(len(part) and (part >= 0).all() and abs(part.sum() - 1) < 1e-6)
        require(ok, "acts.chance", f"must be 0 or more and sum to 1 in channel {c}", part)
        until[start[c] : start[c + 1]] = np.cumsum(part)
        # From the last possible act on, so that rounding never leaves a draw without a row.
        until[start[c] + np.flatnonzero(part)[-1] : start[c + 1]] = 2.0
    return start, until


def require(ok: bool, what: str, constraint: str, got: Any = None) -> None:
    """Refuse arrays that do not fit together: the caller's mistake, not the user's."""
    if not ok:
        raise ValueError(f"{what} {constraint}, got {shorten(repr(got))}")


def as_array(values: npt.ArrayLike, dtype: type[np.generic]) -> npt.NDArray[Any]:
    """Return values as the one type of array the loop is compiled for, copying only what is not."""
    # Read-only or strided input would be another type to the compiler, and compile the kernel once more.
    return np.require(values, dtype=dtype, requirements=["C", "A", "W"])


def _columns(*columns: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    return as_array(np.stack(columns, axis=1), np.int64)


def as_index(values: npt.ArrayLike, size: int, what: str, of: str) -> npt.NDArray[np.int64]:
    """Return whole numbers from 0 to `size` - 1."""
    found = as_array(np.asarray(values).reshape(-1), np.int64)
    require(bool(((found >= 0) & (found < size)).all()), what, f"must lie from 0 to {size - 1} ({of})", found)
    return found


def _starts(values: npt.ArrayLike, total: int, what: str) -> npt.NDArray[np.int64]:
    """Return the rows at which runs start, the total last."""
    found = as_array(values, np.int64)
    ok = bool(found[0] == 0 and found[-1] == total and (np.diff(found) >= 0).all())
    require(ok, what, f"must rise from 0 to {total}", found)
    return found
