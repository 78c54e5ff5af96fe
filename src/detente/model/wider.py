"""A fit with channels added that its argument does not have: for questions about acts that none of its own takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from detente.argument.argument import Argument
from detente.base.arrays import Floats
from detente.events.chronicle import Chronicle
from detente.model.channels import Channel, Layout, Party
from detente.model.clocks import ClockFit, at_clocks
from detente.model.compiler import INTERCEPT, Shared, run_atoms
from detente.model.fit import Fitted, Posterior
from detente.model.known import Known, read_known
from detente.model.mechanisms import mechanism_registry
from detente.model.mechanisms.base import Prior
from detente.model.memory import Atom, atoms_of
from detente.model.program import NO_ATOM, Coefficient, Program

_LEAST_MASS = 1e-4  # of a point of the grid of clocks, below which no future falls to it
_GRID = 4001  # points on which the level of an added channel is worked out


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
    The log rate of an added channel is its level, the eras of all channels as fitted, and momentum and reprisal at
    their default priors. Its level has a normal prior from like channels, those of the argument with its class: their
    mean, and their variance with the argument's own prior variance of a level as one more observation. The acts seen
    of it move that prior by their Poisson likelihood; the normal that stands for the result has its sd, and its mean
    rate.
    """
    layout = fitted.program.layout
    wider = replace(layout, channels=(*layout.channels, *added))
    known = read_known(argument, chronicle, fitted.program.as_of, wider)
    rows = _rows(fitted)
    parts = [fitted.posteriors[row] for row in rows] if isinstance(fitted, ClockFit) else [_one(fitted)]
    uses = [list(_uses(argument, wider, len(layout.channels), part.program)) for part in parts]
    shared = Shared()
    run_atoms([use.atom for found in uses for use in found], known, argument.run.unknown_deaths, shared)
    wide = tuple(_wide(part, known, found, shared) for part, found in zip(parts, uses, strict=True))
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
    """Yield momentum and reprisal on the channels from `first` on, each at its default prior."""
    clocks = at_clocks(argument, program.clocks).clocks.half_lives()
    for name in ("momentum", "reprisal"):
        mechanism = mechanism_registry()[name]
        priors = {spec.name: spec.prior for spec in mechanism.terms}
        for c in range(first, len(layout.channels)):
            seen = layout if name == "momentum" else between(layout, layout.channels[c])
            for term, channel, expression in mechanism.features(seen, clocks, mechanism.settings):
                if seen.index(channel) == c:
                    yield from (_Use(name, term, priors[term], c, atom) for atom in atoms_of(expression))


def between(layout: Layout, channel: Channel) -> Layout:
    """Return a layout as its two ends see it: they are the principals, and nobody else is on a side."""
    ends = channel.source.name, channel.target.name

    def seen(party: Party) -> Party:
        return replace(party, side=party.name if party.name in ends else "", closeness=1.0)

    channels = tuple(replace(c, source=seen(c.source), target=seen(c.target)) for c in layout.channels)
    return replace(layout, principals=ends, channels=channels)


def _wide(part: Posterior, known: Known, uses: Sequence[_Use], shared: Shared) -> Posterior:
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
        like = [i for i in range(first) if layout.channels[i].cls == channel.cls]
        prior = _like(known.counts[like].sum(axis=1), float(np.exp(era_path).sum()))
        mean, sd = _level(prior, int(known.counts[c].sum()), float(np.exp(offset).sum()))
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
    return replace(part, program=program, mean=np.array(means), precision=precision)


def _eras(program: Program) -> Iterator[tuple[int, int]]:
    """Yield a term and the coefficient of each era that all channels share."""
    seen: set[int] = set()
    for i, (_, j, _, _) in enumerate(program.terms):
        shared = program.coefficients[j].mechanism == "era" and " " not in program.coefficients[j].term
        if shared and j not in seen:
            seen.add(j)
            yield i, j


def _like(counts: Floats, exposure: float) -> Prior:
    """Return the prior of a level from the acts of like channels over the same days."""
    levels = np.log((counts + 0.5) / exposure)
    mean = float(levels.mean())
    variance = (float(((levels - mean) ** 2).sum()) + INTERCEPT.sd**2) / len(levels)
    return Prior(mean, variance**0.5)


def _level(prior: Prior, acts: int, exposure: float) -> tuple[float, float]:
    """Return the normal that stands for the level of a channel with so many acts: it keeps their sd and mean rate."""
    x = np.linspace(prior.mean - 8 * prior.sd, prior.mean + 4 * prior.sd, _GRID)
    log_mass = acts * x - np.exp(x) * exposure - ((x - prior.mean) / prior.sd) ** 2 / 2
    mass = np.exp(log_mass - log_mass.max())
    mass /= mass.sum()
    mean = float(mass @ x)
    variance = float(mass @ (x - mean) ** 2)
    return float(np.log(mass @ np.exp(x))) - variance / 2, variance**0.5
