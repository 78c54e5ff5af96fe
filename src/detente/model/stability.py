"""Stability: how many further acts one act sets off, and the refusal of feedback that explodes."""

from __future__ import annotations

import numpy as np

from detente.base.arrays import Floats
from detente.base.errors import Fault, UnstableModelError
from detente.model.memory import Log1p, Schedule
from detente.model.program import NO_ATOM, Program

LAST_YEAR = 365
"""Days at the end of the fit, where memories are as they are when futures begin."""
_STOCK_DAYS = 3653.0
_DAYS, _DRAWS = 128, 200  # of one piece of the rates


def spectral_radius(program: Program, beta: Floats, *, last: int | None = None) -> float:
    """Return the largest absolute eigenvalue of the feedback matrix at the mean memories of training.

    Parameters
    ----------
    program : Program
    beta : ndarray of shape (coefficient,)
    last : int, optional
        Only so many days at the end of the fit; the whole fit where it is shorter.
    """
    return float(np.abs(np.linalg.eigvals(feedback(program, beta, last=last))).max())


def spectral_radii(program: Program, betas: Floats) -> Floats:
    """Return the spectral radius at each of many draws of the coefficients.

    Parameters
    ----------
    program : Program
    betas : ndarray of shape (draw, coefficient)

    Returns
    -------
    ndarray of shape (draw,)

    Notes
    -----
    The largest absolute eigenvalue of `feedback` at each draw: slopes at the mean memories, which no draw moves, and
    rates at the draw's own coefficients. Below 1 a burst dies out of itself; at 1 and above only saturation ends it.

    Examples
    --------
    >>> from datetime import date
    >>> from detente.model.compiler import compile_argument
    >>> from detente.model.fit import fit
    >>> from detente.lab.case import load_case
    >>> case = load_case("us-iran", argument="baseline")
    >>> posterior = fit(compile_argument(case.argument, case.chronicle, date(2020, 1, 17)))
    >>> radii = spectral_radii(posterior.program, posterior.draws(50, seed=1).beta)
    >>> radii.shape, bool((radii < 1).all())
    ((50,), True)
    """
    kick = _mean_weight(program) * _mass(program)[:, None]
    reach = np.einsum("cmj,me->cej", _reactions(program), kick, optimize=True) @ betas.T
    matrices = np.moveaxis(reach * _rates(program, betas)[:, None], 2, 0)
    return np.asarray(np.abs(np.linalg.eigvals(matrices)).max(axis=1))


def _rates(program: Program, betas: Floats) -> Floats:
    """Return the mean daily rate of each channel over the fitted days at each draw, shape (channel, draw).

    In single precision, since a hundred million exponentials need no more: the error is some parts in a million. The
    pieces fit the processor's cache and are too small for the matrix library to spread over threads, which would
    wait for one another on a busy machine.
    """
    draws = betas.astype(np.float32)
    total = np.zeros((len(program.layout.channels), len(betas)))
    for c, (columns, design) in enumerate(program.designs()):
        features, own = np.ascontiguousarray(design, dtype=np.float32), draws[:, columns].T
        for first in range(0, len(betas), _DRAWS):
            some = np.ascontiguousarray(own[:, first : first + _DRAWS])
            room = np.empty((_DAYS, some.shape[1]), dtype=np.float32)
            for start in range(0, len(features), _DAYS):
                part = features[start : start + _DAYS]
                rate = np.matmul(part, some, out=room[: len(part)])
                np.exp(np.minimum(rate, 50, out=rate), out=rate)
                total[c, first : first + _DRAWS] += rate.sum(axis=0)
    return total / max(program.history.window.days, 1)


def refuse_if_explosive(program: Program, beta: Floats) -> None:
    """Raise unless growth through memories that never saturate stays below one.

    Raises
    ------
    UnstableModelError
        With the spectral radius and the remedy.
    """
    if not any(isinstance(atom, Log1p) for atom in program.atoms):
        return  # every memory saturates: nothing is left to grow through
    radius = float(np.abs(np.linalg.eigvals(_asymptotic_elasticity(program, beta))).max())
    if radius >= 1:
        what = "feedback through unsaturated memories"
        raise UnstableModelError(Fault("explosive", what, got=round(radius, 3), hint="saturate_or_shorten"))


def feedback(program: Program, beta: Floats, *, last: int | None = None) -> Floats:
    """Return the feedback matrix: acts of each channel that one act of another sets off, in the long run.

    ``N[c, d] = mu_c * sum over memories of (d eta_c / d S_m) * weight_md * decay_m / (1 - decay_m)``, linearised at
    the mean memories and rates of the fitted days, or of the `last` of them.

    Returns
    -------
    ndarray of shape (channel, channel)
    """
    days = program.history.window.days
    some = slice(max(days - last, 0) if last else 0, None)
    spanned = max(days - (some.start or 0), 1)
    rate = np.array(
        [np.exp(np.clip(x[some] @ beta[k], -50, 50)).sum() / spanned for k, x in program.designs()]
    )
    return rate[:, None] * (
        _reactions(program, some) @ beta @ (_mean_weight(program) * _mass(program)[:, None])
    )


def _reactions(program: Program, some: slice = slice(None)) -> Floats:
    """Return how each channel's log rate moves with each memory per unit of each coefficient.

    Linearised at the mean memories of the fitted days, or of some of them.

    Returns
    -------
    ndarray of shape (channel, memory, coefficient)
    """
    mean_memory = [float(row[some].mean()) for row in program.history.memory_rows]
    level = [float(row[some].mean()) for row in program.history.atom_rows]
    slopes = np.zeros(len(program.atoms))
    memory_of = np.full(len(program.atoms), -1)
    for i, atom in enumerate(program.atoms):
        if not isinstance(atom, Schedule):
            memory_of[i] = program.memories.index(atom.memory)
            slopes[i] = atom.slope(mean_memory[memory_of[i]], program.caps[i])
    out = np.zeros((len(program.layout.channels), len(program.memories), len(program.coefficients)))
    for c, j, a, b in program.terms:
        for moved, still in ((a, b), (b, a)):
            if moved != NO_ATOM and memory_of[moved] >= 0:
                out[c, memory_of[moved], j] += slopes[moved] * (level[still] if still != NO_ATOM else 1.0)
    return out


def _asymptotic_elasticity(program: Program, beta: Floats) -> Floats:
    """Log-elasticities between channels when memories grow without bound: saturated ones have none left."""
    share = _mean_weight(program)
    share = (share > 0) / np.maximum((share > 0).sum(axis=1, keepdims=True), 1)
    out = np.zeros((len(program.layout.channels), len(program.layout.channels)))
    for c, j, a, b in program.terms:
        for atom in (a, b):
            if atom != NO_ATOM:
                spec = program.atoms[atom]
                if isinstance(spec, Log1p):
                    out[c] += beta[j] * share[program.memories.index(spec.memory)]
    return out


def _mass(program: Program) -> Floats:
    """Total a unit of each memory contributes over all later days, of a stock over ten years; shape (memory,)."""
    decay = np.array([memory.decay for memory in program.memories])
    return np.asarray(np.where(decay < 1, decay / np.maximum(1 - decay, 1e-9), _STOCK_DAYS))


def _mean_weight(program: Program) -> Floats:
    """Mean of what an act of each channel adds to each memory, shape (memory, channel)."""
    weight, slope = program.acts.weights(program.memories)
    mean = (weight + slope * program.acts.expected_log_deaths()) * program.acts.chance
    return np.add.reduceat(mean, program.acts.start[:-1], axis=1)
