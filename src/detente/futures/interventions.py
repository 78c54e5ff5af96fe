"""Run futures with acts put in, facts declared and channels held, on the random numbers of the run without."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from math import inf
from typing import Any

import numpy as np

from detente.argument.argument import Argument
from detente.base.arrays import Floats, Ints
from detente.base.days import Window
from detente.base.input_limits import LIMITS, Limits
from detente.base.random import Stream, generator
from detente.base.workers import Threads
from detente.futures.injection import hold, more_terms, with_acts
from detente.futures.kernel.event_log import EventLog, join_logs
from detente.futures.kernel.simulate import simulate_log
from detente.futures.levers.base import Declare, Effect, PutIn
from detente.futures.memory_estimate import refuse_if_too_large
from detente.futures.unseen import Unseen, unseen
from detente.model.act_table import ActTable
from detente.model.channels import Fact, Layout
from detente.model.fit import Draws
from detente.model.mechanisms import mechanism_registry
from detente.model.mechanisms.base import Prior
from detente.model.memory import Atom, Expression, Schedule, atoms_of
from detente.model.program import NO_ATOM, Dynamics, Program

Uses = dict[tuple[str, str, int], Expression]  # (mechanism, term, channel) -> feature


@dataclass(frozen=True)
class Paths:
    """Futures under an effect, with the acts put in told apart from those drawn."""

    log: EventLog
    acts: ActTable
    put: frozenset[int]  # rows of the acts put in
    program: Program
    moved: tuple[tuple[str, str], ...]  # (mechanism, term) whose features the effect touches at once
    beyond: tuple[Unseen, ...]  # what has never been seen in the days fitted


def run_paths(
    draws: Draws,
    argument: Argument,
    effect: Effect,
    *,
    days: int,
    threads: int = 0,
    record: Sequence[tuple[str, str]] = (),
    record_every: int = 30,
    mute: int | None = None,
    limits: Limits = LIMITS,
) -> Paths:
    """Run futures under an effect; without one they are those of the run itself, to the byte.

    Parameters
    ----------
    draws : Draws
    argument : Argument
        The one the programs were compiled from: its mechanisms say what a declared fact does.
    effect : Effect
    days : int
    threads : int
    record : sequence of (principal, clock)
        Watched memories to trace.
    record_every : int
    mute : int, optional
        A channel held while its hazard is summed; see `kernel.simulate_log`.
    limits : Limits
        How much of the memory they may take.

    Raises
    ------
    DataError
        If they would need more.
    """
    program, as_of = draws.program, draws.program.as_of
    counts = program.history.counts
    refuse_if_too_large(counts, days=days, futures=len(draws.beta), limits=limits)
    inside = [act for act in effect.acts if act.day < days]
    channels = [program.layout.index(act.channel) for act in inside]
    table, rows = with_acts(program.acts, channels, [_look(act) for act in inside])
    injected = np.array(
        [[a.day, c, r, a.deaths] for a, c, r in zip(inside, channels, rows, strict=True)], dtype=np.int64
    ).reshape(-1, 4)
    changed = declared(program.layout.facts, effect.facts, as_of)
    parts = [(replace(part.program, acts=table), numbers) for part, numbers in draws.parts]
    run = partial(
        _run_part,
        draws,
        argument,
        effect,
        changed,
        list(zip(inside, rows, strict=True)),
        days=days,
        threads=threads if len(parts) == 1 else 1,
        record=record,
        record_every=record_every,
        injected=injected,
        mute=mute,
    )
    log = join_logs(Threads(threads).map(run, parts), [numbers for _, numbers in parts])
    main = parts[0][0]
    return Paths(
        log,
        table,
        frozenset(rows),
        main,
        tuple(
            _moved(
                main,
                argument,
                effect,
                changed,
                [c for c, a in zip(channels, inside, strict=True) if not a.silent],
            )
        ),
        unseen(main, effect, [act for act in inside if not act.silent]),
    )


def _run_part(
    draws: Draws,
    argument: Argument,
    effect: Effect,
    facts: tuple[Fact, ...],
    acts: Sequence[tuple[PutIn, int]],
    part: tuple[Program, Ints],
    *,
    days: int,
    threads: int,
    record: Sequence[tuple[str, str]],
    record_every: int,
    injected: Ints,
    mute: int | None,
) -> EventLog:
    """Run the futures of one program; `acts` are those put in, each with its row of the table."""
    program, numbers = part
    dynamics, beta = program.dynamics(days), draws.beta[numbers]
    for act, row in acts:
        if act.silent:
            dynamics.weight[:, row] = 0.0
        if act.drawdown:
            _draw_down(dynamics, program, row, act.drawdown)
    if effect.facts:
        dynamics, beta = _with_facts(dynamics, beta, program, argument, facts, draws, numbers, days)
    for day, channel in effect.held:
        dynamics, beta = hold(dynamics, beta, [program.layout.index(channel)], day, days)
    return simulate_log(
        dynamics,
        beta,
        draws.log_alpha[numbers],
        days=days,
        seed=draws.seed,
        threads=threads,
        record=[program.watched[key] for key in record],
        record_every=record_every,
        numbers=numbers,
        injected=injected,
        mute=mute,
    )


def declared(facts: Sequence[Fact], more: Sequence[Declare], as_of: date) -> tuple[Fact, ...]:
    """Return the facts with those a lever declares or ends."""
    out = list(facts)
    for change in more:
        day = as_of + timedelta(days=change.day)
        if change.ends:
            out = [
                replace(f, end=day)
                if f.kind == change.kind
                and f.actor == change.actor
                and f.start < day
                and (f.end is None or f.end > day)
                else f
                for f in out
            ]
        else:
            end = None if change.days is None else day + timedelta(days=change.days)
            out.append(Fact(change.kind, change.actor, day, end, change.value, as_of))
    return tuple(out)


def _look(act: PutIn) -> dict[str, Any]:
    return {
        "source": act.source,
        "target": act.target,
        "class": act.channel.cls,
        "action": act.action,
        "mode": act.mode,
        "issue": act.issue,
        "victim_rank": act.victim_rank,
        "code": None,
        "intensity": act.intensity,
        "mutual": act.channel.joint,
    }


def _draw_down(dynamics: Dynamics, part: Program, row: int, share: float) -> None:
    """Let an act take a share of what each stock it feeds held on as_of."""
    for m, memory in enumerate(part.memories):
        if memory.half_life_days == inf and _feeds(part, m, row):
            dynamics.weight[m, row] = -share * part.initial[m]


def _feeds(part: Program, memory: int, row: int) -> bool:
    """Whether a stock is of the side an act is done to: some act of the act's own source is fed into it."""
    channel = int(np.searchsorted(part.acts.start, row, side="right")) - 1
    ends = part.layout.channels[channel]
    targets = {part.layout.channels[c].target.name for c, w in part.memories[memory].feeds if w.per_act > 0}
    return ends.target.name in targets


def _uses(argument: Argument, program: Program, facts: tuple[Fact, ...]) -> Uses:
    """Return every feature of the mechanisms that read declared facts, under some facts."""
    layout: Layout = replace(program.layout, facts=facts)
    out: Uses = {}
    for name, use in argument.mechanisms.items():
        mechanism = mechanism_registry()[name]
        if not mechanism.facts:
            continue
        clocks = {clock: program.clocks[clock] for clock in mechanism.clocks}
        for term, channel, expression in mechanism.features(
            layout, clocks, {**mechanism.settings, **use.settings}
        ):
            if term not in use.without:
                out[name, term, layout.index(channel)] = expression
    return out


def _with_facts(
    dynamics: Dynamics,
    beta: Floats,
    part: Program,
    argument: Argument,
    facts: tuple[Fact, ...],
    draws: Draws,
    numbers: Ints,
    days: int,
) -> tuple[Dynamics, Floats]:
    """Bring declared facts into the days simulated: other values of schedules, and terms that had nothing to read."""
    window = Window(part.as_of, part.as_of + timedelta(days=days))
    before, after = _uses(argument, part, part.layout.facts), _uses(argument, part, facts)
    schedules = [atom for atom in part.atoms if isinstance(atom, Schedule)]
    values = np.array(dynamics.schedule, dtype=float).reshape(-1, days)
    fresh: list[tuple[int, int, Floats]] = []
    column = {(c.mechanism, c.term): j for j, c in enumerate(part.coefficients)}
    for key, expression in after.items():
        if key in before:
            for old, new in zip(atoms_of(before[key]), atoms_of(expression), strict=True):
                if isinstance(old, Schedule) and isinstance(new, Schedule) and old != new:
                    values[schedules.index(old)] = new.values(window)
        elif isinstance(expression, Schedule):
            name = key[:2]
            if name not in column:
                column[name] = beta.shape[1]
                beta = np.hstack([beta, _prior_draws(argument, name, draws, numbers)[:, None]])
            fresh.append((key[2], column[name], expression.values(window)))
    return more_terms(replace(dynamics, schedule=values), fresh, days), beta


def _prior_draws(argument: Argument, name: tuple[str, str], draws: Draws, numbers: Ints) -> Floats:
    """Draw a coefficient that no event has informed from its prior, the same for every run of a seed."""
    given = argument.mechanisms[name[0]].terms.get(name[1])
    spec = next(term for term in mechanism_registry()[name[0]].terms if term.name == name[1])
    prior = Prior(given.mean, given.sd) if given else spec.prior
    noise = generator(draws.seed, Stream.NEW_TERM, zlib.crc32(".".join(name).encode()))
    return np.asarray(prior.mean + prior.sd * noise.standard_normal(len(draws.beta))[numbers])


def _moved(
    part: Program, argument: Argument, effect: Effect, facts: tuple[Fact, ...], channels: Sequence[int]
) -> list[tuple[str, str]]:
    """Return the coefficients whose features the effect touches at once, in the program's order."""
    found: dict[tuple[str, str], None] = {}
    fed = set(channels)
    touched: set[Atom] = {
        atom
        for atom in part.atoms
        if not isinstance(atom, Schedule) and any(c in fed for c, _ in atom.memory.feeds)
    }
    for _, j, a, b in part.terms:
        if any(atom != NO_ATOM and part.atoms[atom] in touched for atom in (a, b)):
            found[part.coefficients[j].mechanism, part.coefficients[j].term] = None
    if effect.facts:
        before, after = _uses(argument, part, part.layout.facts), _uses(argument, part, facts)
        found |= {key[:2]: None for key, expression in after.items() if before.get(key) != expression}
    return list(found)
