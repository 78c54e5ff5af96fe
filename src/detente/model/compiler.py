"""Compile an argument and what was known by a day into a `Program`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
import polars as pl

from detente.argument.argument import Argument
from detente.argument.sides import sides_of
from detente.argument.world_prior import WorldPrior
from detente.base.arrays import Floats
from detente.base.days import Window
from detente.base.errors import Fault, FitError
from detente.events.chronicle import Chronicle
from detente.events.columns import span_ends
from detente.events.coverage import Coverage
from detente.events.ontology.classes import scheme_of
from detente.model.channels import Layout
from detente.model.known import Known, read_known
from detente.model.learn_acts import learn_acts
from detente.model.losses import losses_of_targets
from detente.model.mechanisms import mechanism_registry
from detente.model.mechanisms.base import HOSTILE, LOSSES, Prior, remembered
from detente.model.memory import Atom, Constant, Expression, Memory, Saturate, Schedule, atoms_of, memories_of
from detente.model.program import NO_ATOM, Coefficient, History, Program
from detente.model.rivalries import prior_of

INTERCEPT = Prior(-4.0, 3.0)  # about one act in 55 days, times or divided by twenty
ERA_LEVEL = Prior(0.0, 1.0)  # how much denser coding is, shared by all channels
ERA_DEVIATION = Prior(0.0, 0.5)  # and how far a channel departs from that
_CAP_QUANTILE = 0.98
_CHUNK = 512  # days filled at once between acts


def compile_argument(argument: Argument, chronicle: Chronicle, as_of: date) -> Program:
    """Compile an argument against what was known of a chronicle by `as_of`.

    Nothing dated, or known only, on or after `as_of` enters: not as a count, a memory, an act, an era or a cap.

    Raises
    ------
    ArgumentError
        If the argument has no principals.
    FitError
        If there is no day to fit.
    """
    return assemble(argument, read_known(argument, chronicle, as_of), Shared())


@dataclass(frozen=True, slots=True)
class Shared:
    """What the programs of one argument share, whatever its clocks and priors; `assemble` fills it.

    Attributes
    ----------
    paths : dict
        What each memory was on the fitted days, and on the day after; what each atom was, and its cap.
    features : dict
        What each mechanism yields for each of its terms at the half-lives of the clocks it reads.
    levels : dict
        Intercepts and eras, which read no clock.
    """

    paths: dict[Memory | Atom, tuple[Floats, float]] = field(default_factory=dict)
    features: dict[tuple[str, tuple[float, ...]], dict[str, Uses]] = field(default_factory=dict)
    levels: dict[tuple[str, str], tuple[Prior, str, Uses]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Uses:
    """The channels that a term acts on, and through which atoms.

    Attributes
    ----------
    labels : tuple of str
    atoms, memories : tuple
        Each once, in the order in which they are first used.
    wires : tuple of (channel, left, right)
        Rows of `atoms`, or `NO_ATOM`.
    """

    labels: tuple[str, ...]
    atoms: tuple[Atom, ...]
    memories: tuple[Memory, ...]
    wires: tuple[tuple[int, int, int], ...]

    @classmethod
    def of(cls, pairs: Sequence[tuple[int, Expression]], labels: Sequence[str]) -> Uses:
        """Return the uses of (channel, expression) pairs."""
        expressions = [expression for _, expression in pairs]
        atoms = tuple(dict.fromkeys(atom for e in expressions for atom in atoms_of(e)))
        row = {atom: i for i, atom in enumerate(atoms)}
        wires = []
        for c, expression in pairs:
            left, right, *_ = [*(row[atom] for atom in atoms_of(expression)), NO_ATOM, NO_ATOM]
            wires.append((c, left, right))
        memories = tuple(dict.fromkeys(m for e in expressions for m in memories_of(e)))
        return cls(tuple(labels[c] for c, _ in pairs), atoms, memories, tuple(wires))


@dataclass(frozen=True, slots=True)
class _Wired:
    """An argument's coefficients and what they act through, before any memory has run."""

    coefficients: tuple[Coefficient, ...]
    uses: tuple[Uses, ...]
    memories: tuple[Memory, ...]
    watched: Mapping[tuple[str, str], Memory]


def assemble(argument: Argument, known: Known, shared: Shared) -> Program:
    """Compile an argument on what is known, running only those memories that `shared` does not hold yet.

    Parameters
    ----------
    argument : Argument
        May differ in clocks and priors from the one `known` was read with, not in channels.
    known : Known
    shared : Shared
        Filled with all that was computed.
    """
    return assemble_all([argument], known, shared)[0]


def assemble_all(arguments: Sequence[Argument], known: Known, shared: Shared) -> list[Program]:
    """Compile arguments that differ in clocks and priors only, running the memories of all of them at once."""
    wired = [_wire(argument, known, shared) for argument in arguments]
    for impute in dict.fromkeys(argument.run.unknown_deaths for argument in arguments):
        used = (
            one.memories for one, a in zip(wired, arguments, strict=True) if a.run.unknown_deaths == impute
        )
        missing = dict.fromkeys(m for memories in used for m in memories if m not in shared.paths)
        _remember(tuple(missing), known, impute, shared)
    return [_program(argument, known, one, shared) for argument, one in zip(arguments, wired, strict=True)]


def _wire(argument: Argument, known: Known, shared: Shared) -> _Wired:
    coefficients, found = [], []
    for (mechanism, term), (prior, source, uses) in _terms(argument, known, shared).items():
        coefficients.append(Coefficient(mechanism, term, uses.labels, prior, source))
        found.append(uses)
    watched = _watched(argument, known.layout)
    memories = dict.fromkeys(m for uses in found for m in uses.memories) | dict.fromkeys(watched.values())
    return _Wired(tuple(coefficients), tuple(found), tuple(memories), watched)


def _program(argument: Argument, known: Known, wired: _Wired, shared: Shared) -> Program:
    window, paths, memories = known.window, shared.paths, wired.memories
    gap = (known.as_of - window.end).days
    initial = np.array([paths[m][1] * m.decay**gap for m in memories])
    atoms = tuple(dict.fromkeys(atom for uses in wired.uses for atom in uses.atoms))
    run_atoms(atoms, known, argument.run.unknown_deaths, shared)
    row = {atom: i for i, atom in enumerate(atoms)}
    terms: list[tuple[int, int, int, int]] = []
    for j, uses in enumerate(wired.uses):
        rows = [*(row[atom] for atom in uses.atoms), NO_ATOM]  # the last is for a wire without an atom
        terms += [(c, j, rows[left], rows[right]) for c, left, right in uses.wires]
    history = History(
        window,
        known.counts,
        tuple(paths[memory][0] for memory in memories),
        tuple(paths[atom][0] for atom in atoms),
        known.chronicle.events.height,
        int((known.channel_of >= 0).sum()),
        known.hostilities,
    )
    return Program(
        known.layout,
        scheme_of(known.chronicle.scheme).classes,
        known.as_of,
        argument.clocks.half_lives(),
        memories,
        initial,
        atoms,
        np.array([paths[atom][1] for atom in atoms]),
        wired.coefficients,
        tuple(terms),
        known.acts,
        history,
        {key: memories.index(memory) for key, memory in wired.watched.items()},
        known.store,
    )


def run_atoms(atoms: Sequence[Atom], known: Known, unknown_deaths: str, shared: Shared) -> None:
    """Put into `shared` what atoms, and the memories they read, were on the fitted days.

    Parameters
    ----------
    atoms : sequence of Atom
    known : Known
    unknown_deaths : str
        ``impute`` or ``exclude``, as the argument's run says.
    shared : Shared
    """
    missing = dict.fromkeys(m for atom in atoms for m in memories_of(atom) if m not in shared.paths)
    _remember(tuple(missing), known, unknown_deaths, shared)
    for atom in atoms:
        if atom not in shared.paths:
            cap = _cap(atom, shared)
            shared.paths[atom] = _evaluate(atom, shared, cap, known.window), cap


def extend(program: Program, argument: Argument, known: Known) -> History:
    """Return what happened from a program's `as_of` to a later day, read with nothing else learnt since `as_of`.

    Each day's memories hold the acts of the days before it, so that the program's rates on these days are forecasts
    of one day ahead. Caps, eras and the tolls imputed to unknown deaths stay those of `as_of`.

    Parameters
    ----------
    program : Program
    argument : Argument
        The one the program was compiled from.
    known : Known
        What was known by the first day outside.

    Returns
    -------
    History
        Of the window from one `as_of` to the other, with the rows of the program's memories and atoms.

    Raises
    ------
    FitError
        If the chronicle does not cover the window.
    """
    ahead, covered = Window(program.as_of, known.as_of), known.cut.window
    window = Coverage(ahead, known.window.gaps)
    if not (covered.start <= ahead.start and ahead.end <= covered.end and window.days):
        got, hint = str(ahead), "chronicle_covers"
        raise FitError(
            Fault("not_covered", "window to forecast", got=got, hint=hint, window=str(known.cut.coverage))
        )
    events, layout = known.chronicle.events, known.layout
    # A toll of these days may weigh in memories, but must not teach how deadly acts of an unknown toll were.
    late = span_ends(events) > program.as_of
    taught = losses_of_targets(events, known.channel_of, known.lost_in)
    taught = taught.with_columns(fatalities=pl.when(late).then(None).otherwise(pl.col("fatalities")))
    acts, row_of = learn_acts(
        layout.channels,
        taught,
        known.channel_of,
        known.channel_of,
        hostilities=known.hostilities,
        as_of=known.as_of,
        sides=sides_of(argument, known.as_of, known.cut.gaps),
        scheme=known.chronicle.scheme,
        codebook=known.chronicle.codebook,
    )
    shared = Shared()
    seen = replace(known, window=window, acts=acts, row_of=row_of)
    _remember(program.memories, seen, argument.run.unknown_deaths, shared)
    with_caps = zip(program.atoms, program.caps, strict=True)
    return History(
        window,
        known.counts[:, known.window.index(window.start) :],
        tuple(shared.paths[memory][0] for memory in program.memories),
        tuple(_evaluate(atom, shared, cap, window) for atom, cap in with_caps),
        events.height,
        int((known.channel_of >= 0).sum()),
        known.hostilities,
    )


def _watched(argument: Argument, layout: Layout) -> dict[tuple[str, str], Memory]:
    """Return the clocks every output shows: for each principal what it has received, lately and over the long run.

    The long clock is the generational one where the argument uses it, else the slow one.
    """
    clocks = {clock for name in argument.mechanisms for clock in mechanism_registry()[name].clocks}
    long = argument.clocks.generational if "generational" in clocks else argument.clocks.slow
    ranks = (LOSSES["officer"], LOSSES["senior"], LOSSES["leader"])
    out = {}
    for channel in layout.directed("force"):
        received = list(layout.received(channel, *HOSTILE))
        for name, days, deaths, factors in (
            ("fast", argument.clocks.fast, 0.0, (1.0, 1.0, 1.0)),
            ("slow", long, LOSSES["per_log_death"], ranks),
        ):
            memory = remembered(
                layout, days, received, by_intensity=True, per_log_death=deaths, rank_factors=factors
            )
            if memory is not None:
                out[channel.source.name, name] = memory.memory
    return out


def _terms(
    argument: Argument, known: Known, shared: Shared
) -> dict[tuple[str, str], tuple[Prior, str, Uses]]:
    """Return every coefficient with its prior, its source and what it multiplies."""
    layout = known.layout
    labels = [channel.label for channel in layout.channels]
    if not shared.levels:
        shared.levels.update(_levels(argument, known, labels))
    out = dict(shared.levels)
    world = argument.world_prior.known_at(known.as_of) if isinstance(argument.world_prior, WorldPrior) else {}
    for name, use in argument.mechanisms.items():
        mechanism = mechanism_registry()[name]
        clocks = {clock: getattr(argument.clocks, clock) for clock in mechanism.clocks}
        key = name, tuple(clocks.values())
        if key not in shared.features:
            settings = {**mechanism.settings, **use.settings}
            pairs: dict[str, list[tuple[int, Expression]]] = {}
            for term, channel, expression in mechanism.features(layout, clocks, settings):
                pairs.setdefault(term, []).append((layout.index(channel), expression))
            shared.features[key] = {term: Uses.of(found, labels) for term, found in pairs.items()}
        for spec in mechanism.terms:
            acts_on = shared.features[key].get(spec.name)
            if spec.name in use.without or acts_on is None:
                continue
            out[name, spec.name] = (*prior_of(argument, name, spec, world), acts_on)
    return out


def _levels(
    argument: Argument, known: Known, labels: Sequence[str]
) -> dict[tuple[str, str], tuple[Prior, str, Uses]]:
    """Return the coefficients of every argument: how often each channel acts, and how densely each era is coded."""
    out = {}
    for c, label in enumerate(labels):
        out["intercept", label] = (INTERCEPT, "", Uses.of([(c, Constant())], labels))
    for start in _era_starts(argument, known):
        step = Schedule(f"era {start.isoformat()}", ((start, 1.0),))
        every = [(c, step) for c in range(len(labels))]
        out["era", start.isoformat()] = (ERA_LEVEL, "", Uses.of(every, labels))
        for c, label in enumerate(labels):
            out["era", f"{start.isoformat()} {label}"] = (ERA_DEVIATION, "", Uses.of([(c, step)], labels))
    return out


def _era_starts(argument: Argument, known: Known) -> list[date]:
    """Return the breaks in coverage known by as_of that fall inside the fitted days."""
    eras, window = argument.eras or known.chronicle.eras, known.window
    inside = (
        era.start for era in eras if era.known_from <= known.as_of and window.start < era.start < window.end
    )
    return sorted(set(inside))


def _remember(memories: tuple[Memory, ...], known: Known, unknown_deaths: str, shared: Shared) -> None:
    """Run memories over all that is known; put what they were on the fitted days, and on the day after, into `shared`.

    ``S[t + 1] = decay * max(S[t] + what day t's acts add, 0)``. Acts dated to a month or a year enter only memories
    that blur such dates, at the middle of their span, from the day the span has ended. Through a gap memories fade as
    on any day, and nothing is added: what was known before it is still known after it.
    """
    if not memories:
        return
    window = known.window.span
    added: dict[int, Floats] = {}
    for day_of_act, amount in known.amounts(memories, impute=unknown_deaths == "impute"):
        at = window.index(day_of_act)
        added[at] = added[at] + amount if at in added else amount
    first = min([0, *added])
    recorded = np.zeros((len(memories), window.days))
    state = np.zeros(len(memories))
    powers = np.array([m.decay for m in memories])[:, None] ** np.arange(_CHUNK + 1)
    day = first
    for stop in [*sorted(d for d in added if d < window.days), window.days]:
        while day < stop:
            step = min(stop - day, _CHUNK)
            if day + step > 0:
                skip = max(-day, 0)
                recorded[:, day + skip : day + step] = state[:, None] * powers[:, skip:step]
            state = state * powers[:, step]
            day += step
        if stop < window.days:
            if stop >= 0:
                recorded[:, stop] = state
            state = np.maximum(state + added[stop], 0.0) * powers[:, 1]
            day = stop + 1
    for m, memory in enumerate(memories):
        shared.paths[memory] = known.window.chosen(recorded[m]), float(state[m])


def _cap(atom: Atom, shared: Shared) -> float:
    if not isinstance(atom, Saturate):
        return np.inf
    if atom.cap is not None:
        return atom.cap
    return max(float(np.quantile(shared.paths[atom.memory][0], _CAP_QUANTILE)), 1.0)


def _evaluate(atom: Atom, shared: Shared, cap: float, window: Coverage) -> Floats:
    if isinstance(atom, Schedule):
        return window.chosen(atom.values(window.span))
    return atom.value(shared.paths[atom.memory][0], cap)
