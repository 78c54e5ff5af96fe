"""A compiled argument: arrays only, ready to fit and to run forward."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise

import numpy as np

from detente.base.arrays import Floats, Ints
from detente.base.days import Window
from detente.base.store import Store
from detente.events.coverage import Coverage
from detente.events.hostilities import Fighting, Spells
from detente.model.act_table import ActTable
from detente.model.channels import Layout
from detente.model.mechanisms.base import Prior
from detente.model.memory import Atom, Indicator, Log1p, Memory, Saturate, Schedule

Design = tuple[Ints, Ints, Floats]
"""The designs of all channels, one below the other; see `Program.stacked_design`."""

# Kinds of atoms: the one-memory pieces features are made of.
LOG1P, SATURATE, INDICATOR, SCHEDULE = 0, 1, 2, 3
NO_ATOM = -1


@dataclass(frozen=True, slots=True)
class Dynamics:
    """Everything the recursion of one day needs; the simulation kernel reads nothing else.

    With ``S`` the memories before the day's acts, each atom is a number::

        LOG1P      log1p(S[m] / scale)
        SATURATE   log1p(S[m] / (scale * (1 + S[m] / cap)))
        INDICATOR  1 if S[m] > scale else 0
        SCHEDULE   schedule[index, day]

    each term of channel ``c`` adds ``beta[coefficient] * atom_a * atom_b`` to ``eta_c`` (a missing atom counts as 1),
    the day's count is negative binomial with mean ``exp(eta_c)`` and variance ``mean + alpha * mean ** 2``, and
    ``S' = decay * max(S + a, 0)``, each of the day's acts adding to ``a`` its
    ``weight[m, act] + weight_log_deaths[m, act] * log1p(deaths)``.
    """

    decay: Floats  # (memory,) share kept from one day to the next
    initial: Floats  # (memory,) S on day 0, before its acts
    atom_kind: Ints  # (atom,)
    atom_index: Ints  # (atom,) memory, or row of the schedule
    atom_scale: Floats  # (atom,)
    atom_cap: Floats  # (atom,) inf where nothing saturates
    schedule: Floats  # (schedule, day) declared values over the days to simulate
    term_start: Ints  # (channel + 1,) terms of channel c: term_start[c] <= i < term_start[c + 1]
    term_coefficient: Ints  # (term,)
    term_atom_a: Ints  # (term,) NO_ATOM for a constant
    term_atom_b: Ints  # (term,) NO_ATOM where there is no product
    channel_class: Ints  # (channel,) row of log_alpha
    weight: Floats  # (memory, act)
    weight_log_deaths: Floats  # (memory, act)
    acts: ActTable
    fighting: Fighting = field(default_factory=Fighting)  # how hostilities stood before day 0

    @property
    def channels(self) -> int:
        """Number of channels."""
        return len(self.term_start) - 1


@dataclass(frozen=True, slots=True)
class Coefficient:
    """One number of the model: which mechanism and term it belongs to, where it acts, and its prior."""

    mechanism: str
    term: str
    channels: tuple[str, ...]
    prior: Prior
    source: str = ""


@dataclass(frozen=True)
class History:
    """What happened on the fitted days, as arrays.

    Rows stay apart, since programs on a grid of clocks share most of them; `memories` and `atoms` join them when asked.
    """

    window: Coverage  # fitted days; every array here holds the covered ones alone
    counts: Ints  # (channel, day) acts of day precision
    memory_rows: tuple[Floats, ...]  # each (day,), before the day's acts
    atom_rows: tuple[Floats, ...]  # each (day,)
    acts: int  # acts known, in a channel or not
    acts_in_channels: int
    hostilities: Spells

    @cached_property
    def memories(self) -> Floats:
        """Every memory before each day's acts, shape (memory, day)."""
        return np.array(self.memory_rows).reshape(len(self.memory_rows), self.window.days)

    @cached_property
    def atoms(self) -> Floats:
        """Every atom on each day, shape (atom, day)."""
        return np.array(self.atom_rows).reshape(len(self.atom_rows), self.window.days)


@dataclass(frozen=True, slots=True)
class Program:
    """An argument compiled against a chronicle known up to `as_of`.

    ``terms[i] = (channel, coefficient, atom_a, atom_b)``; an absent atom is `NO_ATOM`. Its fits are kept in `store`.
    """

    layout: Layout
    classes: tuple[str, ...]
    as_of: date
    clocks: Mapping[str, float]
    memories: tuple[Memory, ...]
    initial: Floats  # (memory,) on as_of, before its acts
    atoms: tuple[Atom, ...]
    caps: Floats  # (atom,) where a saturated memory levels off; inf elsewhere
    coefficients: tuple[Coefficient, ...]
    terms: tuple[tuple[int, int, int, int], ...]
    acts: ActTable
    history: History
    watched: Mapping[tuple[str, str], int]  # (principal, "fast" or "slow") -> memory of what it has received
    store: Store = Store()  # noqa: RUF009  a frozen value

    @property
    def prior_mean(self) -> Floats:
        """Prior means, shape (coefficient,)."""
        return np.array([c.prior.mean for c in self.coefficients])

    @property
    def prior_sd(self) -> Floats:
        """Prior standard deviations, shape (coefficient,)."""
        return np.array([c.prior.sd for c in self.coefficients])

    @property
    def channel_class(self) -> Ints:
        """Row of each channel's class, shape (channel,)."""
        return np.array([self.classes.index(channel.cls) for channel in self.layout.channels], dtype=np.int64)

    def designs(self) -> list[tuple[Ints, Floats]]:
        """Return for each channel its coefficients and its design matrix.

        Returns
        -------
        list of (columns, design)
            ``columns`` of shape (k,) are rows of `coefficients`, the intercept first; ``design`` has shape (day, k),
            each column contiguous in memory.
        """
        columns, first, design = self.stacked_design()
        return [(columns[a:b], design[a:b].T) for a, b in pairwise(first)]

    def stacked_design(self) -> Design:
        """Return the designs of all channels, one below the other.

        Returns
        -------
        columns : ndarray of shape (row,)
            The coefficient that each row belongs to.
        first : ndarray of shape (channel + 1,)
            Channel ``c`` has the rows ``first[c]`` to ``first[c + 1]``, its intercept first.
        design : ndarray of shape (row, day)
        """
        of_channel = self._wiring()
        wired = [pairs for terms in of_channel for pairs in terms.values()]
        design, rows = np.empty((len(wired), self.history.window.days)), self.history.atom_rows
        for feature, pairs in zip(design, wired, strict=True):
            for n, pair in enumerate(pairs):
                factors = [rows[atom] for atom in pair if atom != NO_ATOM] or [np.ones(1)]
                x = factors[0] if len(factors) == 1 else factors[0] * factors[1]
                feature[:] = x if n == 0 else feature + x
        columns = np.array([coefficient for terms in of_channel for coefficient in terms], dtype=np.int64)
        return columns, np.cumsum([0, *map(len, of_channel)]), design

    def owns(self, design: Design) -> bool:
        """Return whether a design has the rows of this program's, each for the same coefficient and channel."""
        columns, first, _ = design
        own = self._wiring()
        same = columns.tolist() == [coefficient for terms in own for coefficient in terms]
        return bool(same and np.diff(first).tolist() == [len(terms) for terms in own])

    def _wiring(self) -> list[dict[int, list[tuple[int, int]]]]:
        """Return for each channel the pairs of atoms whose products each coefficient multiplies."""
        of_channel: list[dict[int, list[tuple[int, int]]]] = [{} for _ in self.layout.channels]
        for channel, coefficient, a, b in self.terms:
            of_channel[channel].setdefault(coefficient, []).append((a, b))
        return of_channel

    def dynamics(self, days: int) -> Dynamics:
        """Return the arrays that run the model `days` forward from `as_of`."""
        schedules = [atom for atom in self.atoms if isinstance(atom, Schedule)]
        future = Window(self.as_of, self.as_of + timedelta(days=days))
        memory_row = {memory: i for i, memory in enumerate(self.memories)}
        parts = [_parts(atom, memory_row, schedules) for atom in self.atoms]
        ordered = sorted(self.terms, key=lambda term: term[0])
        start = np.searchsorted([term[0] for term in ordered], np.arange(len(self.layout.channels) + 1))
        columns = np.array(ordered, dtype=np.int64).reshape(-1, 4)
        weight, weight_log_deaths = self.acts.weights(self.memories)
        return Dynamics(
            decay=np.array([memory.decay for memory in self.memories]),
            initial=self.initial,
            atom_kind=np.array([kind for kind, _, _ in parts], dtype=np.int64),
            atom_index=np.array([index for _, index, _ in parts], dtype=np.int64),
            atom_scale=np.array([scale for _, _, scale in parts], dtype=float),
            atom_cap=self.caps,
            schedule=np.array([s.values(future) for s in schedules]).reshape(len(schedules), days),
            term_start=start.astype(np.int64),
            term_coefficient=columns[:, 1],
            term_atom_a=columns[:, 2],
            term_atom_b=columns[:, 3],
            channel_class=self.channel_class,
            weight=weight,
            weight_log_deaths=weight_log_deaths,
            acts=self.acts,
            fighting=self.history.hostilities.before(self.as_of),
        )


def _parts(atom: Atom, memory_row: Mapping[Memory, int], schedules: list[Schedule]) -> tuple[int, int, float]:
    """Return an atom's kind, the row it reads and its scale."""
    match atom:
        case Schedule():
            return SCHEDULE, schedules.index(atom), 1.0
        case Indicator():
            return INDICATOR, memory_row[atom.memory], atom.threshold
        case Log1p():
            return LOG1P, memory_row[atom.memory], atom.scale
        case Saturate():
            return SATURATE, memory_row[atom.memory], atom.scale


def contrast(program: Program, terms: Sequence[str]) -> Floats:
    """Return the weights of the mean of some terms, shape (coefficient,); all zero where none is in the program."""
    weight = np.zeros(len(program.coefficients))
    row = {f"{c.mechanism}.{c.term}": j for j, c in enumerate(program.coefficients)}
    present = [term for term in terms if term.lstrip("-") in row]
    for term in present:
        weight[row[term.lstrip("-")]] += (-1.0 if term.startswith("-") else 1.0) / len(present)
    return weight
