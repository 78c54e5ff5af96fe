"""A fit with channels added that its argument does not have: for questions about acts that none of its own takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, permutations

import numpy as np
import polars as pl

from detente.argument.argument import Argument
from detente.base.arrays import Ints
from detente.events.chronicle import Chronicle
from detente.model.channels import Channel, Layout, Party
from detente.model.clocks import ClockFit, at_clocks
from detente.model.compiler import Shared, run_atoms
from detente.model.fit import Fitted, Posterior
from detente.model.known import Known, read_known
from detente.model.mechanisms import mechanism_registry
from detente.model.mechanisms.base import Prior
from detente.model.memory import Atom, atoms_of
from detente.model.program import NO_ATOM, Coefficient, Program

_LEAST_MASS = 1e-4  # of a point of the grid of clocks, below which no future falls to it
_SHAPES, _GRID = (0.002, 50.0), 400  # of the gamma law of rates over pairs: tried between these


@dataclass(frozen=True, slots=True)
class _Use:
    """A term of a mechanism on an added channel, with its default prior."""

    mechanism: str
    term: str
    prior: Prior
    channel: int
    atom: Atom


def widen(fitted: Fitted, argument: Argument, chronicle: Chronicle, added: Sequence[Channel]) -> Fitted:
    """Return a fit with channels added; what was fitted stays as it is.

    Parameters
    ----------
    fitted : Fitted
        Of `argument`.
    argument : Argument
    chronicle : Chronicle
    added : sequence of Channel
        Each takes acts that no channel of the argument does.

    Returns
    -------
    Fitted

    Notes
    -----
    The log rate of an added channel is its level, the eras of all channels as fitted, and the mechanisms of any pair
    (`Mechanism.of_any_pair`) at their default priors. Its level is learnt from the acts seen of it and from like pairs,
    which have no channel either (`like_pairs`): the argument's own channels are its busiest, and no guide to others
    (decision 0026).
    """
    layout = fitted.program.layout
    wider = replace(layout, channels=(*layout.channels, *added))
    known = read_known(argument, chronicle, fitted.program.as_of, wider)
    rows = _rows(fitted)
    parts = [fitted.posteriors[row] for row in rows] if isinstance(fitted, ClockFit) else [_one(fitted)]
    uses = [list(_uses(argument, wider, len(layout.channels), part.program)) for part in parts]
    shared = Shared()
    run_atoms([use.atom for found in uses for use in found], known, argument.run.unknown_deaths, shared)
    like = {
        c: like_pairs(known, wider.channels[c], len(layout.channels))
        for c in range(len(layout.channels), len(wider.channels))
    }
    wide = tuple(_wide(part, known, found, shared, like) for part, found in zip(parts, uses, strict=True))
    if not isinstance(fitted, ClockFit):
        return wide[0]
    points = tuple(fitted.points[row] for row in rows)
    return ClockFit(fitted.grid, points, wide, fitted.log_prior[rows], fitted.evidence[rows])


def _rows(fitted: Fitted) -> list[int]:
    """Return the points of the grid that some future may fall to."""
    masses = fitted.weights if isinstance(fitted, ClockFit) else np.ones(1)
    return [int(row) for row in np.flatnonzero(masses >= _LEAST_MASS)]


def _one(fitted: Fitted) -> Posterior:
    if not isinstance(fitted, Posterior):
        raise TypeError(type(fitted).__name__)
    return fitted


def _uses(argument: Argument, layout: Layout, first: int, program: Program) -> Iterator[_Use]:
    """Yield what any pair is taken to do on the channels from `first` on, each term at its default prior."""
    clocks = at_clocks(argument, program.clocks).clocks.half_lives()
    for mechanism in mechanism_registry().values():
        priors = {spec.name: spec.prior for spec in mechanism.terms}
        for c in range(first, len(layout.channels)) if mechanism.of_any_pair else ():
            seen = seen_from(layout, layout.channels[c])
            for term, channel, expression in mechanism.features(seen, clocks, mechanism.settings):
                if seen.index(channel) == c:
                    found = ((mechanism.name, term, priors[term], c, atom) for atom in atoms_of(expression))
                    yield from (_Use(*use) for use in found)


def seen_from(layout: Layout, channel: Channel) -> Layout:
    """Return a layout as its two ends see it: they are the principals, and nobody else is on a side."""
    ends = channel.source.name, channel.target.name

    def seen(party: Party) -> Party:
        return replace(party, side=party.name if party.name in ends else "", closeness=1.0)

    channels = tuple(replace(c, source=seen(c.source), target=seen(c.target)) for c in layout.channels)
    return replace(layout, principals=ends, channels=channels)


def _wide(
    part: Posterior, known: Known, uses: Sequence[_Use], shared: Shared, like: Mapping[int, LikePairs]
) -> Posterior:
    """Return one posterior with the channels added."""
    old, layout = part.program, known.layout
    first = len(old.layout.channels)
    memories = list(old.memories)
    atoms, caps = list(old.atoms), list(old.caps)
    initial, memory_rows, atom_rows = (
        list(old.initial),
        list(old.history.memory_rows),
        list(old.history.atom_rows),
    )
    gap = (known.as_of - known.window.end).days
    for atom in dict.fromkeys(use.atom for use in uses):
        memory = getattr(atom, "memory", None)
        if memory is not None and memory not in memories:
            memories.append(memory)
            initial.append(shared.paths[memory][1] * memory.decay**gap)
            memory_rows.append(shared.paths[memory][0])
        if atom not in atoms:
            atoms.append(atom)
            caps.append(shared.paths[atom][1])
            atom_rows.append(shared.paths[atom][0])
    eras = {j: old.terms[i][2] for i, j in _eras(old)}
    coefficients, terms = list(old.coefficients), list(old.terms)
    means, variances = list(part.mean), []
    era_path = sum(
        (part.mean[j] * old.history.atom_rows[a] for j, a in eras.items()), np.zeros(known.window.days)
    )
    index: dict[tuple[str, str], int] = {}
    for c in range(first, len(layout.channels)):
        channel = layout.channels[c]
        own = [use for use in uses if use.channel == c]
        offset = era_path + sum(use.prior.mean * shared.paths[use.atom][0] for use in own)
        days = float(np.exp(era_path).sum())
        mean, sd = like[c].level(
            int(known.counts[c].sum()), float(np.exp(offset).sum()), days, max(len(channel.only), 1)
        )
        prior = Prior(*like[c].level(0, 0.0, days))
        terms.append((c, len(coefficients), NO_ATOM, NO_ATOM))
        coefficients.append(Coefficient("intercept", channel.label, (channel.label,), prior))
        means.append(mean)
        variances.append(sd**2)
        terms += [(c, j, atom, NO_ATOM) for j, atom in eras.items()]
        for use in own:
            key = use.mechanism, use.term
            if key not in index:
                index[key] = len(coefficients)
                labels = tuple(layout.channels[u.channel].label for u in uses if (u.mechanism, u.term) == key)
                coefficients.append(Coefficient(*key, labels, use.prior))
                means.append(use.prior.mean)
                variances.append(use.prior.sd**2)
            terms.append((c, index[key], atoms.index(use.atom), NO_ATOM))
    history = replace(
        old.history, counts=known.counts, memory_rows=tuple(memory_rows), atom_rows=tuple(atom_rows)
    )
    program = replace(
        old,
        layout=layout,
        memories=tuple(memories),
        initial=np.array(initial),
        atoms=tuple(atoms),
        caps=np.array(caps),
        coefficients=tuple(coefficients),
        terms=tuple(terms),
        acts=known.acts,
        history=history,
    )
    precision = np.zeros((len(means), len(means)))
    precision[: len(part.mean), : len(part.mean)] = part.precision
    rest = np.arange(len(part.mean), len(means))
    precision[rest, rest] = 1 / np.array(variances)
    mode = np.array([*part.mode, *means[len(part.mean) :]])
    return replace(part, program=program, mode=mode, mean=np.array(means), precision=precision)


def _eras(program: Program) -> Iterator[tuple[int, int]]:
    """Yield a term and the coefficient of each era that all channels share."""
    seen: set[int] = set()
    for i, (_, j, _, _) in enumerate(program.terms):
        shared = program.coefficients[j].mechanism == "era" and " " not in program.coefficients[j].term
        if shared and j not in seen:
            seen.add(j)
            yield i, j


@dataclass(frozen=True, slots=True)
class LikePairs:
    """How often acts of a class came between pairs of actors that have no channel for it: a gamma law of their rates.

    Attributes
    ----------
    shape : float
        1 over the squared coefficient of variation of their rates.
    mean : float
        Acts of a pair on the fitted days.
    pairs : int
        How many there are, most of them without such an act.
    """

    shape: float
    mean: float
    pairs: int

    @classmethod
    def of(cls, counts: Ints) -> LikePairs:
        """Estimate the law from the acts of each pair, by the likelihood of their negative binomial counts.

        Examples
        --------
        >>> even, uneven = LikePairs.of(np.full(50, 4)), LikePairs.of(np.repeat([0, 40], [45, 5]))
        >>> round(even.mean, 2), round(uneven.mean, 2), even.shape > 10 > 1 > uneven.shape
        (4.01, 4.01, True)
        """
        from scipy.special import gammaln

        mean = (float(counts.sum()) + 0.5) / len(counts)
        if not counts.any():
            return cls(1.0, mean, len(counts))
        shapes = np.exp(np.linspace(np.log(_SHAPES[0]), np.log(_SHAPES[1]), _GRID))[:, None]
        log_mass = gammaln(counts + shapes) - gammaln(shapes) + shapes * np.log(shapes / (shapes + mean))
        log_mass += counts * np.log(mean / (shapes + mean))
        return cls(float(shapes[np.argmax(log_mass.sum(axis=1)), 0]), mean, len(counts))

    def level(self, acts: int, exposure: float, days: float, pairs: int = 1) -> tuple[float, float]:
        """Return the mean and sd of the log rate of a channel, from the acts seen of it.

        Parameters
        ----------
        acts : int
        exposure : float
            Days, each weighed by what the channel's dynamics and era make of its rate.
        days : float
            Days of like pairs, each weighed by its era.
        pairs : int
            How many pairs share the channel.

        Notes
        -----
        The rate of each pair is gamma given its acts; the normal of the log has the mean and the variance of their sum.
        """
        shape = acts + self.shape * pairs
        rate = shape / (exposure + self.shape * days / self.mean)
        variance = float(np.log1p(1 / shape))
        return float(np.log(rate)) - variance / 2, variance**0.5


def like_pairs(known: Known, channel: Channel, own: int) -> LikePairs:
    """Return how often acts of a channel's class came between like pairs.

    Like are all pairs of actors seen that have no channel for the class among the first `own`, and as many principals
    at their ends as the channel has.

    Parameters
    ----------
    known : Known
    channel : Channel
    own : int
        How many channels are the argument's own.
    """
    layout, events = known.layout, known.chronicle.events
    ends = sum(end in layout.principals for end in next(channel.pairs()))
    taken = {pair for c in layout.channels[:own] if channel.cls in c.classes for pair in c.pairs()}
    inside = (pl.col("date") >= known.window.start) & (pl.col("precision") == "day")
    of_class = events.filter(inside & (pl.col("class") == channel.cls)).select("source", "target")
    seen = Counter(tuple(sorted(pair)) if channel.joint else pair for pair in of_class.iter_rows())
    actors = sorted({*events["source"], *events["target"]})
    pairs = (combinations if channel.joint else permutations)(actors, 2)
    counts = [
        seen[pair]
        for pair in pairs
        if pair not in taken and sum(end in layout.principals for end in pair) == ends
    ]
    return LikePairs.of(np.array(counts, dtype=np.int64))
