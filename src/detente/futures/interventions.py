"""Run futures with acts put in, facts declared and channels held, on the random numbers of the run without."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from itertools import islice
from math import inf
from typing import Any

import numpy as np

from detente.argument.argument import Argument
from detente.base.arrays import Floats, Ints
from detente.base.days import Window
from detente.base.input_limits import LIMITS, Limits
from detente.base.memo import Memo
from detente.base.random import Stream, generator
from detente.base.workers import Threads
from detente.futures.injection import hold, more_terms, with_acts
from detente.futures.kernel.event_log import EventLog, join_logs
from detente.futures.kernel.plan import Plan, plan_of
from detente.futures.kernel.simulate import simulate_log
from detente.futures.levers.base import Declare, Effect, PutIn
from detente.futures.pilot import refuse_many_futures
from detente.futures.unseen import Unseen, unseen
from detente.model.act_table import ActTable
from detente.model.channels import Fact, Layout
from detente.model.fit import Draws
from detente.model.mechanisms import mechanism_registry
from detente.model.memory import Atom, Expression, Schedule, atoms_of
from detente.model.program import NO_ATOM, Dynamics, Program
from detente.model.rivalries import prior_of

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
    threads, record, record_every, mute
        See `Pulls.paths`.
    limits : Limits
        How much of the memory they may take.

    Raises
    ------
    DataError
        If they would need more.
    """
    pulls = Pulls(draws, argument, [effect], days=days, limits=limits)
    return next(pulls.paths(threads=threads, record=record, record_every=record_every, mute=mute))


class Pulls:
    """Effects pulled on the same draws one by one: programs are laid out once, with room for the acts of each.

    Parameters
    ----------
    draws : Draws
    argument : Argument
        The one the programs were compiled from: its mechanisms say what a declared fact does.
    effects : sequence of Effect
    days : int
        How far any of them is run.
    limits : Limits
        How much of the memory the futures of one effect may take.

    Raises
    ------
    DataError
        If they would need more.
    """

    def __init__(
        self,
        draws: Draws,
        argument: Argument,
        effects: Sequence[Effect],
        *,
        days: int,
        limits: Limits = LIMITS,
    ) -> None:
        program = draws.program
        refuse_many_futures(draws, days=days, limits=limits)
        self._draws, self._argument, self._effects, self._days = draws, argument, tuple(effects), days
        acts = [act for effect in self._effects for act in effect.acts if act.day < days]
        channels = [program.layout.index(act.channel) for act in acts]
        self._table, rows = with_acts(program.acts, channels, [_look(act) for act in acts])
        put = iter(zip(acts, channels, rows, strict=True))
        self._put = [[next(put) for act in effect.acts if act.day < days] for effect in self._effects]
        self._parts = [(replace(part.program, acts=self._table), numbers) for part, numbers in draws.parts]
        changed = sum(effect.changes_terms for effect in self._effects)
        self._dynamics = Memo[int, Dynamics](len(self._parts))
        self._plans = Memo[tuple[int, int], tuple[Plan, Floats]](len(self._parts) * (1 + changed))

    def paths(
        self,
        numbers: Sequence[int] | None = None,
        *,
        days: int | None = None,
        threads: int = 0,
        record: Sequence[tuple[str, str]] = (),
        record_every: int = 30,
        mute: int | None = None,
    ) -> Iterator[Paths]:
        """Run the futures under each effect, in order.

        Parameters
        ----------
        numbers : sequence of int, optional
            Which effects, counted from 0; all by default.
        days : int, optional
            As far as any is run by default.
        threads : int
            0 uses every core; the result does not depend on it.
        record : sequence of (principal, clock)
            Watched memories to trace.
        record_every : int
        mute : int, optional
            A channel held while its hazard is summed; see `kernel.simulate_log`.

        Raises
        ------
        UnstableModelError
            If a future runs away.
        """
        days = self._days if days is None else days
        chosen = range(len(self._effects)) if numbers is None else numbers
        tasks = [(e, p) for e in chosen for p in range(len(self._parts))]
        run = partial(
            self._run,
            days=days,
            threads=threads if len(tasks) == 1 else 1,
            record=record,
            record_every=record_every,
            mute=mute,
        )
        workers = Threads(threads)
        logs = workers.stream(run, tasks, ahead=len(self._parts) + workers.count)
        rows = [mine for _, mine in self._parts]
        for e in chosen:
            log = join_logs(list(islice(logs, len(rows))), rows)
            yield self._told(log, self._effects[e], [item for item in self._put[e] if item[0].day < days])

    def _run(
        self,
        task: tuple[int, int],
        *,
        days: int,
        threads: int,
        record: Sequence[tuple[str, str]],
        record_every: int,
        mute: int | None,
    ) -> EventLog:
        """Run the futures of one program under one effect."""
        effect, part = task
        # What changes no term differs in the acts put in alone, which are no part of a plan.
        own = effect if self._effects[effect].changes_terms else -1
        plan, beta = self._plans.get((own, part), lambda: self._plan(own, part))
        program, numbers = self._parts[part]
        put = [
            (act.day, channel, row, act.deaths) for act, channel, row in self._put[effect] if act.day < days
        ]
        return simulate_log(
            plan,
            beta,
            self._draws.log_alpha[numbers],
            days=days,
            seed=self._draws.seed,
            threads=threads,
            record=[program.watched[key] for key in record],
            record_every=record_every,
            numbers=numbers,
            injected=np.array(put, dtype=np.int64).reshape(-1, 4),
            mute=mute,
        )

    def _plan(self, effect: int, part: int) -> tuple[Plan, Floats]:
        """Lay out a program, changed by an effect unless that is -1; return it with its futures' coefficients."""
        program, numbers = self._parts[part]
        dynamics, beta = self._dynamics.get(part, lambda: self._with_put(program)), self._draws.beta[numbers]
        if effect >= 0:
            change, days = self._effects[effect], self._days
            if change.facts:
                facts = declared(program.layout.facts, change.facts, program.as_of)
                dynamics, beta = _with_facts(
                    dynamics, beta, program, self._argument, facts, self._draws, numbers, days
                )
            for day, channel in change.held:
                dynamics, beta = hold(dynamics, beta, [program.layout.index(channel)], day, days)
        return plan_of(dynamics, self._days), beta

    def _with_put(self, program: Program) -> Dynamics:
        """Return the dynamics of a program in which the acts put in do what they are to do."""
        dynamics = program.dynamics(self._days)
        for act, _, row in (item for put in self._put for item in put):
            if act.silent:
                dynamics.weight[:, row] = 0.0
            if act.drawdown:
                _draw_down(dynamics, program, row, act.drawdown)
        return dynamics

    def _told(self, log: EventLog, effect: Effect, put: Sequence[tuple[PutIn, int, int]]) -> Paths:
        main = self._parts[0][0]
        facts = declared(main.layout.facts, effect.facts, main.as_of)
        aloud = [(act, channel) for act, channel, _ in put if not act.silent]
        moved = _moved(main, self._argument, effect, facts, [channel for _, channel in aloud])
        beyond = unseen(main, effect, [act for act, _ in aloud])
        return Paths(log, self._table, frozenset(row for *_, row in put), main, tuple(moved), beyond)


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
    spec = next(term for term in mechanism_registry()[name[0]].terms if term.name == name[1])
    prior, _ = prior_of(argument, name[0], spec)
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
