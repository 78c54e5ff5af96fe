"""What single acts are worth in the memories on `as_of`, and a fit from which they are taken away."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property

import numpy as np

from detente.argument.argument import Argument
from detente.base.arrays import Floats
from detente.base.days import Window
from detente.events.chronicle import Chronicle
from detente.model.clocks import ClockFit
from detente.model.fit import Fitted, Posterior
from detente.model.known import Known, read_known
from detente.model.memory import Memory, Schedule
from detente.model.program import NO_ATOM, Program

_NOTHING = 1e-9  # share of a memory that is only rounding


@dataclass(frozen=True)
class Accounts:
    """Memories that acts draw down to no less than zero, day by day.

    Attributes
    ----------
    as_of : date
    memories : tuple of Memory
    added : mapping of date to ndarray of shape (memory,)
        What each day's acts add, in order of the days.
    """

    as_of: date
    memories: tuple[Memory, ...]
    added: Mapping[date, Floats]

    def left(self, taken: Mapping[date, Floats]) -> Floats:
        """Return what they hold on `as_of` beyond what they would without what acts added on some days.

        Examples
        --------
        A blow on the first day is answered on the second, so of both nothing is left; without the blow the answer
        answers nothing:

        >>> one, two = date(2020, 1, 1), date(2020, 1, 2)
        >>> accounts = Accounts(date(2020, 1, 3), (Memory(1.0, ()),), {one: np.ones(1), two: -np.ones(1)})
        >>> accounts.left({one: np.ones(1)}), accounts.left({two: -np.ones(1)})
        (array([0.]), array([-0.25]))
        """
        return self._with_all - self._on_as_of(taken) if taken else np.zeros(len(self.memories))

    @cached_property
    def _with_all(self) -> Floats:
        return self._on_as_of({})

    def _on_as_of(self, taken: Mapping[date, Floats]) -> Floats:
        decay = np.array([memory.decay for memory in self.memories])
        state, last = np.zeros(len(self.memories)), min(self.added, default=self.as_of)
        for day, amount in self.added.items():
            if day in taken:
                rest = amount - taken[day]
                amount = np.where(np.abs(rest) <= _NOTHING * np.abs(amount), 0.0, rest)
            state = np.maximum(state * decay ** (day - last).days + amount, 0.0)
            last = day
        return np.asarray(state * decay ** (self.as_of - last).days)


@dataclass(frozen=True)
class Traces:
    """The acts known by a program's `as_of` and what each adds to its memories.

    Attributes
    ----------
    known : Known
    impute : bool
        Whether unknown deaths count as expected ones.
    """

    known: Known
    impute: bool
    _accounts: dict[tuple[Memory, ...], Accounts] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, argument: Argument, chronicle: Chronicle, program: Program) -> Traces:
        """Read what was known of a chronicle when a program was compiled."""
        return cls(read_known(argument, chronicle, program.as_of), argument.run.unknown_deaths == "impute")

    def left_by(self, program: Program, acts: Sequence[int]) -> Floats:
        """Return what each memory on the morning of `as_of` holds beyond what it would hold without some acts.

        What acts leave in a memory that only grows is a sum over them. A memory that acts draw down, never below zero,
        is run again without them: an act that answers leaves less than nothing, or nothing where there was nothing to
        answer, and what several acts left together is not the sum of what each left alone.

        Parameters
        ----------
        program : Program
            Compiled from what is known, at any half-lives.
        acts : sequence of int
            Rows of the known events, ``known.cut``.

        Returns
        -------
        ndarray of shape (memory,)
        """
        decay = np.array([memory.decay for memory in program.memories])
        drawn = np.flatnonzero([memory.drawn_down for memory in program.memories])
        out = np.zeros(len(program.memories))
        taken: dict[date, Floats] = {}
        for day, amount in self.known.amounts(program.memories, impute=self.impute, acts=acts):
            out += amount * decay ** (self.known.as_of - day).days
            if amount[drawn].any():
                taken[day] = taken.get(day, 0.0) + amount[drawn]
        out[drawn] = self._accounts_of(tuple(program.memories[m] for m in drawn)).left(taken)
        return out

    def _accounts_of(self, memories: tuple[Memory, ...]) -> Accounts:
        """Return memories that acts draw down, run once."""
        if memories not in self._accounts:
            added: dict[date, Floats] = {}
            for day, amount in self.known.amounts(memories, impute=self.impute):
                if amount.any():
                    added[day] = added.get(day, 0.0) + amount
            self._accounts[memories] = Accounts(self.known.as_of, memories, dict(sorted(added.items())))
        return self._accounts[memories]

    def without(self, posterior: Fitted, acts: Sequence[int]) -> Fitted:
        """Return a fit whose memories on `as_of` lack what acts left; its coefficients stay."""

        def forget(part: Posterior) -> Posterior:
            program = part.program
            rest = program.initial - self.left_by(program, acts)
            # An indicator asks whether a memory is above zero, so rounding must not stand in for an act.
            rest[np.abs(rest) <= _NOTHING * np.abs(program.initial)] = 0.0
            return replace(part, program=replace(program, initial=rest))

        return on_parts(posterior, forget)

    def pull(self, posterior: Fitted, acts: Sequence[int]) -> Floats:
        """Return for each act how far it moves the day's rates: the sum over channels of what they change, per day.

        Returns
        -------
        ndarray of shape (act,)
        """
        program, mode = posterior.program, posterior.mode
        full = expected_acts(program, mode, program.initial)
        one_less = (expected_acts(program, mode, program.initial - self.left_by(program, [i])) for i in acts)
        return np.array([float(np.abs(full - less).sum()) for less in one_less])


def on_parts(posterior: Fitted, change: Callable[[Posterior], Posterior]) -> Fitted:
    """Return a fit with each of its posteriors changed; weights of a grid of clocks stay."""
    if isinstance(posterior, ClockFit):
        return replace(posterior, posteriors=tuple(change(part) for part in posterior.posteriors))
    if not isinstance(posterior, Posterior):
        raise TypeError(f"posterior must be a Posterior or a ClockFit, got {type(posterior).__name__}")
    return change(posterior)


def expected_acts(program: Program, coefficients: Floats, memories: Floats) -> Floats:
    """Return the expected acts of each channel on `as_of`, per day, shape (channel,).

    Parameters
    ----------
    program : Program
    coefficients : ndarray of shape (coefficient,)
    memories : ndarray of shape (memory,)
    """
    row = {memory: i for i, memory in enumerate(program.memories)}
    today = Window(program.as_of, program.as_of + timedelta(days=1))
    values = []
    for atom, cap in zip(program.atoms, program.caps, strict=True):
        if isinstance(atom, Schedule):
            state = atom.values(today)
        else:
            state = atom.value(np.maximum(memories[[row[atom.memory]]], 0.0), float(cap))
        values.append(float(state[0]))
    log_rate = np.zeros(len(program.layout.channels))
    for c, j, a, b in program.terms:
        log_rate[c] += coefficients[j] * np.prod([values[atom] for atom in (a, b) if atom != NO_ATOM])
    return np.exp(log_rate)
