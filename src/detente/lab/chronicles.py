"""History and futures as chronicles on which questions are settled."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from detente.argument.argument import Argument
from detente.argument.sides import sides_of
from detente.base.days import Window
from detente.events.chronicle import Chronicle
from detente.futures.futures import TRACE_EVERY, Futures
from detente.lab.case import Case
from detente.model.clocks import ClockFit, at_clocks
from detente.model.compiler import Shared, assemble_all
from detente.model.fit import Fitted
from detente.model.known import read_known
from detente.model.layout import lay_out
from detente.model.program import Program
from detente.questions.chronicles import Chronicles, MemoryPath
from detente.questions.question import Question
from detente.questions.statements import MemoryChange, leaves


def history_of(case: Case) -> Chronicle:
    """Return the whole chronicle with agents' acts under the principals they were done for."""
    layout = lay_out(case.argument, case.chronicle.scheme)
    return replace(case.chronicle, events=layout.counted_once(case.chronicle.events))


LIKELY = 0.05  # posterior mass from which a pair of half-lives has a say in what a clock did


def of_history(
    argument: Argument,
    chronicle: Chronicle,
    questions: tuple[Question, ...] = (),
    *,
    posterior: Fitted | None = None,
) -> Chronicles:
    """Return a chronicle ready to be asked.

    Parameters
    ----------
    argument : Argument
        Says who stands on which side, whose acts count as whose, and which sieges and tolls were declared.
    chronicle : Chronicle
    questions : tuple of Question
        Clocks are worked out only if one of these asks for one.
    posterior : Fitted, optional
        Says which half-lives the clocks may have; without it they have those that the argument declares.
    """
    end = chronicle.window.end
    paths: dict[tuple[str, str], MemoryPath] = {}
    if any(isinstance(leaf, MemoryChange) for q in questions for part in q.parts for leaf in leaves(part)):
        programs = _programs(argument, chronicle, posterior)
        for principal, clock in programs[0].watched:
            # each program has its own rows: memories of equal half-life are one
            rows = [(p, p.watched[principal, clock]) for p in programs]
            covered = programs[0].history.window
            # the last value stands before the acts of the day after the chronicle
            values = [
                np.append(covered.spread(p.history.memory_rows[row]), p.initial[row]) for p, row in rows
            ]
            paths[clock, principal] = MemoryPath(covered.start, 1, np.array(values))
    sides = sides_of(argument, end, chronicle.gaps) if argument.principals else None
    tolls = tuple((Window(t.start, t.end), t.deaths) for t in argument.tolls if t.known_from <= end)
    ready = Chronicles.of(_attributed(chronicle, argument))
    return replace(ready, sides=sides, tolls=tolls, paths=paths)


def _programs(argument: Argument, chronicle: Chronicle, posterior: Fitted | None) -> list[Program]:
    """Return the chronicle compiled once for each likely pair of fast and slow half-lives."""
    likely: dict[tuple[float, float], float] = {}
    if isinstance(posterior, ClockFit):
        for point, mass in zip(posterior.points, posterior.weights, strict=True):
            pair = point["fast"], point["slow"]
            likely[pair] = likely.get(pair, 0.0) + float(mass)
    clocks = argument.clocks.half_lives() if posterior is None else dict(posterior.program.clocks)
    pairs = [pair for pair, mass in likely.items() if mass >= LIKELY] or [(clocks["fast"], clocks["slow"])]
    known = read_known(argument, chronicle, chronicle.window.end)
    points = [clocks | {"fast": fast, "slow": slow} for fast, slow in pairs]
    return assemble_all([at_clocks(argument, point) for point in points], known, Shared())


def _attributed(chronicle: Chronicle, argument: Argument) -> Chronicle:
    """Put agents' acts under the principals they were done for."""
    if argument.principals is None:
        return chronicle
    layout = lay_out(argument, chronicle.scheme)
    return replace(chronicle, events=layout.counted_once(chronicle.events))


def of_futures(futures: Futures, argument: Argument, chronicle: Chronicle, *, threads: int = 0) -> Chronicles:
    """Return futures ready to be asked, with the past that was known when they start."""
    start, scheme = futures.window.start, futures.scheme
    past = _attributed(chronicle.known_at(start), argument)
    recorded = list(futures.program.watched)  # traces keep this order
    traces = futures.log.traces
    paths = {
        (clock, principal): MemoryPath(start, TRACE_EVERY, traces[:, i, :].astype(float))
        for i, (principal, clock) in enumerate(recorded)
        if traces.shape[1] == len(recorded)
    }
    sides = sides_of(argument, start, past.gaps)
    modelled = frozenset(
        (*pair, cls)
        for channel in futures.program.layout.channels
        for pair in channel.pairs()
        for cls in channel.classes
    )
    return Chronicles(futures.acts, scheme, past, sides, paths=paths, modelled=modelled, threads=threads)
