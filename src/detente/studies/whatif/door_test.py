"""The use case `unlock`: can third parties open the door, or must the one who locked it unlock it.

Four cells (neither, a mediator, the locker's gesture, both) and the other side's gesture, on the same random numbers.
Bridging is read from talks and unlocking from accords, both by the hazard of the joint channel, summed along paths on
which it never acts; whether a gesture is necessary is asked of the chronicle.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from detente.argument.argument import Argument
from detente.argument.blocks import DoorSpec
from detente.argument.faults import Faults
from detente.argument.sides import gaps_of
from detente.base.arrays import Floats
from detente.base.days import Window
from detente.base.errors import ArgumentError, Fault
from detente.base.input_limits import Limits
from detente.base.memo import Memo
from detente.base.progress import Progress
from detente.events.coverage import Coverage
from detente.futures.interventions import Pulls
from detente.futures.levers.base import Effect
from detente.futures.levers.check import check_levers
from detente.futures.levers.doses import dose, effect_of, parse_gesture
from detente.futures.modelled import modelled
from detente.futures.outcomes import Counted, accord_share
from detente.lab.case import Case, case_of
from detente.lab.settings import Day, whole_given
from detente.lab.too_little import require_stability
from detente.model.fit import Draws, Fitted
from detente.model.fit_cache import fitted
from detente.model.program import Program, contrast
from detente.studies.whatif.door_fits import Refits, with_neutral_thesis, without_events
from detente.studies.whatif.door_record import companion
from detente.studies.whatif.door_result import FITS, Door, DoorCells, Interval
from detente.studies.whatif.necessity import Necessity, latest_breach, necessity

ONE, THREE = (30,), (30, 90, 150)
ROUNDS, FIRST_ROUND = 6, 30  # the mediator consults each principal once a month, days 30 to 180
TALKS_DAYS, FAR_DAYS = 365, 730
_Z = 1.6448536269514722
_doors = Memo[tuple[str, str], Door](1)


def unlock(
    case: Case | str | Path,
    *,
    as_of: Day | None = None,
    draws: int = 250,
    copies: int = 8,
    seed: int | None = None,
    beside: bool = True,
    threads: int = 0,
    progress: Progress | None = None,
) -> Door:
    """Run the door test.

    Parameters
    ----------
    case : Case, str or path
        Its argument needs a ``door:`` block and a locker.
    as_of, seed
        Override the argument's ``run:`` block; what neither gives is refused.
    draws, copies : int
        Draws from the posterior, at least 200, and paths for each.
    beside : bool
        Whether to run the other days, lockers and doses too.
    threads : int
        0 uses every core; the result does not depend on it.
    progress : callable, optional
        Called with (stage, done, total).

    Returns
    -------
    Door

    Raises
    ------
    ArgumentError
        If the argument has no door to test.
    """
    case = case_of(case)
    settings = case.settings(as_of=as_of, seed=seed, threads=threads)
    as_of, seed = settings.as_of, settings.seed
    draws = whole_given("draws", draws, 200, 100_000) or 200
    copies = whole_given("copies", copies, 1, 1000) or 1
    known = case.known(as_of)
    spec, _ = _door(case)
    tell = progress or (lambda stage, done, total: None)

    def fit_of(argument: Argument) -> Fitted:
        return fitted(
            argument, known, store=case.store, threads=threads, progress=lambda d, n: tell("fit", d, n)
        )

    result = _test(case, as_of, fit_of, draws, copies, seed, threads, tell, far=True)
    if not beside:
        return result
    return replace(result, beside=tuple(_beside(case, spec, as_of, draws, seed, threads, tell)))


def quick_door(
    case: Case, *, as_of: date, draws: int = 200, copies: int = 2, seed: int | None = None, threads: int = 0
) -> Door:
    """Run the door test at the declared half-lives, by the hazard alone and with nothing beside; see `unlock`.

    The last result is kept: claims and a report show the same one.
    """
    seed = case.settings(seed=seed).seed
    _door(case)

    key = f"{case.argument.model_dump_json()} {as_of} {draws} {copies} {seed}", case.chronicle.digest

    def test() -> Door:
        fits = Refits(case.known(as_of)).fit
        return _test(case, as_of, fits, draws, copies, seed, threads, lambda *_: None, far=False)

    return _doors.get(key, test)


def _test(
    case: Case,
    day: date,
    fit_of: Callable[[Argument], Fitted],
    draws: int,
    copies: int,
    key: int,
    threads: int,
    tell: Progress,
    *,
    far: bool,
) -> Door:
    """Run the five cells under the four fits."""
    argument = case.argument
    spec, locker = _door(case)
    if draws < 200:
        raise ArgumentError(Fault("too_small", "draws", got=draws, low=200))
    tables, gate_share, radius, plain = {}, 0.0, 0.0, Refits(case.known(day)).fit
    for i, name in enumerate(FITS):
        changed = with_neutral_thesis(argument, spec, name)
        last = name == FITS[3]
        posterior = without_events(plain(argument)) if last else fit_of(changed)
        if i == 0:
            radius = require_stability(posterior, allowed=case.allow_unstable)
        if i == 1:
            weight = contrast(posterior.program, [spec.gate])
            j = int(np.argmax(weight))
            gate_share = max(0.0, 1 - float(posterior.sd[j]) / posterior.program.coefficients[j].prior.sd)
        drawn = posterior.draws(draws, key).copied(copies)
        cells = _cells(drawn.program, spec, locker, THREE)
        pulled = _pull(
            drawn, changed, tuple(cells.values()), draws, threads, case.limits, accords=True, far=far
        )
        tables[name] = _table(name, {cell: pulled[effect] for cell, effect in cells.items()})
        tell("cells", i + 1, len(FITS))
    return Door(
        case,
        day,
        locker,
        latest_breach(argument, day),
        THREE,
        tables,
        (),
        gate_share,
        companion(case, locker),
        _necessities(case, day),
        draws,
        copies,
        key,
        radius,
        averaged=far,
    )


def _necessities(case: Case, day: date) -> tuple[Necessity, ...]:
    """Test necessity on what was known by a day, on which the verdict rests, and on the whole chronicle."""
    end = case.chronicle.window.end
    return (*necessity(case, day), *(necessity(case, end) if end > day else ()))


def _door(case: Case) -> tuple[DoorSpec, str]:
    argument = case.argument
    if argument.door is None or argument.locker is None:
        where = argument.argument
        raise ArgumentError(Fault("no_door", "door and locker", where=where, hint="door_example"))
    if faults := unreadable_door(case):
        raise ArgumentError(*faults)
    return argument.door, argument.locker


def unreadable_door(case: Case) -> tuple[Fault, ...]:
    """Return why the door and the plans of an argument cannot be read for a case's events; empty where they can."""
    faults = Faults(case.argument)
    check_levers(faults, case.chronicle.scheme)
    return tuple(faults.found)


def _cells(program: Program, spec: DoorSpec, locker: str, days: Sequence[int]) -> dict[str, Effect]:
    """Return what each cell puts in.

    A gesture is unilateral, material, announced and reversible: a share of the sanctions in force, given back when the
    suspension lapses, or one step taken back.
    """
    layout = replace(program.layout, locker=locker)
    other = next(p for p in layout.principals if p != locker)

    def gesture(actor: str) -> Effect:
        total = Effect()
        for day in days:
            effect = effect_of([parse_gesture(spec.gestures[actor], actor, layout, day=day)], layout)
            back = tuple(
                replace(act, day=act.day + spec.lapses_after_days, drawdown=-act.drawdown, silent=True)
                for act in effect.acts
                if act.drawdown
            )
            total = total + effect + Effect(back)
        return total

    help_ = effect_of([dose("mediator", layout, actor=spec.mediator, size=ROUNDS, day=FIRST_ROUND)], layout)
    return {
        "neither": Effect(),
        "mediator": help_,
        "gesture": gesture(locker),
        "both": help_ + gesture(locker),
        "other_gesture": gesture(other),
    }


@dataclass(frozen=True, slots=True)
class _Pulled:
    """What one cell's futures are counted by: the chance of no talks by draw, and what follows in the longer run."""

    quiet: Floats  # (draw,)
    no_accord: Floats | None  # (draw,); None where accords are not modelled, or were not run
    far: dict[str, Interval]


def _pull(
    draws: Draws,
    argument: Argument,
    effects: Sequence[Effect],
    count: int,
    threads: int,
    limits: Limits,
    *,
    accords: bool,
    far: bool,
) -> dict[Effect, _Pulled]:
    """Run each of some effects, on draws of which each has the same number of copies.

    The hazard of an accord is that of joint acts times the share of them that are accords.
    """
    layout = draws.program.layout
    joint, can = [layout.index(c) for c in layout.joint()], modelled(draws.program)
    effects = tuple(dict.fromkeys(effects))
    accords = accords and "accords" in can
    pulls = Pulls(draws, argument, effects, days=FAR_DAYS if far or accords else TALKS_DAYS, limits=limits)

    def without(days: int, share: float) -> list[Floats]:
        out = []
        for paths in pulls.paths(days=days, mute=joint[0], threads=threads):
            if paths.log.hazard is None:
                raise ValueError("a muted channel has a hazard")
            out.append(np.exp(-share * paths.log.hazard).reshape(count, -1).mean(axis=1))
        return out

    quiet = without(TALKS_DAYS, 1.0)
    no_accord = without(FAR_DAYS, accord_share(draws.program)) if accords else [None] * len(effects)
    after: list[dict[str, Interval]] = [{} for _ in effects]
    for counts, paths in zip(after, pulls.paths(threads=threads), strict=True) if far else ():
        counted = Counted.of(paths)
        if "accords" in can:
            counts["accord"] = _monte_carlo(counted.accords(FAR_DAYS))
        if "force" in can:
            counts["force"] = _monte_carlo(counted.force(FAR_DAYS))
    rows = zip(effects, quiet, no_accord, after, strict=True)
    return {e: _Pulled(q, none, counts) for e, q, none, counts in rows}


def _table(name: str, pulled: Mapping[str, _Pulled]) -> DoorCells:
    """Return the five cells of a fit, and what they add up to."""
    cells = {cell: {"talks": _over_draws(1 - one.quiet)} | one.far for cell, one in pulled.items()}
    accords = {cell: one.no_accord for cell, one in pulled.items() if one.no_accord is not None}
    return DoorCells(
        name,
        cells,
        *_effects({cell: one.quiet for cell, one in pulled.items()}),
        *(_effects(accords) if accords else ({}, {})),
    )


def _effects(without: Mapping[str, Floats]) -> tuple[dict[str, Interval], dict[str, float]]:
    """Return effects on the log cumulative hazard, and the chance that each is above zero.

    Parameters
    ----------
    without : mapping of str to ndarray of shape (draw,)
        By cell: the chance that the outcome does not come about.
    """
    log_hazard = {cell: np.log(-np.log(np.clip(p, 1e-300, 1 - 1e-12))) for cell, p in without.items()}
    base = log_hazard["neither"]
    by = {
        "mediator": log_hazard["mediator"] - base,
        "gesture": log_hazard["gesture"] - base,
        "other_gesture": log_hazard["other_gesture"] - base,
        "interaction": log_hazard["both"] - log_hazard["mediator"] - log_hazard["gesture"] + base,
    }
    chances = {effect: float((values > 0).mean()) for effect, values in by.items()}
    chances["beats_other"] = float((by["gesture"] > by["other_gesture"]).mean())
    return {effect: _over_draws(values) for effect, values in by.items()}, chances


def _beside(
    case: Case, spec: DoorSpec, main: date, count: int, seed: int, threads: int, tell: Progress
) -> list[dict[str, Any]]:
    """Run the test on other days, with each principal as locker and with one dose, by the hazard alone.

    What is one locker's gesture is the other's other gesture, and two cells have none: half of all effects recur.
    """
    out: list[dict[str, Any]] = []
    variants = [(locker, days) for locker in case.argument.principals or () for days in (ONE, THREE)]
    end = case.chronicle.window.end
    known = [day for day in (main, *other_days(case, spec, main)) if day <= end]
    for day in known:
        fit_of = Refits(case.known(day)).fit
        for name in FITS[:3]:
            changed = with_neutral_thesis(case.argument, spec, name)
            draws = fit_of(changed).draws(count, seed)
            tests = [_cells(draws.program, spec, *variant) for variant in variants]
            effects = tuple(effect for cells in tests for effect in cells.values())
            pulled = _pull(draws, changed, effects, count, threads, case.limits, accords=False, far=False)
            for (locker, days), cells in zip(variants, tests, strict=True):
                head = {
                    "as_of": day.isoformat(),
                    "locker": locker,
                    "locker_by_breach": latest_breach(case.argument, day),
                    "doses": len(days),
                }
                table = _table(name, {cell: pulled[effect] for cell, effect in cells.items()})
                out.append(head | table.to_dict())
        tell("beside", known.index(day) + 1, len(known))
    return out


def other_days(case: Case, spec: DoorSpec, main: date) -> list[date]:
    """Return the days besides the main one on which the test is run.

    Where the argument declares none they are the days at a half and at three quarters of the time from the first fitted
    day to the main one: early enough to be fitted to fewer events, late enough to be fitted to many.
    """
    start = case.chronicle.window.start
    first = max(case.argument.run.fit_from or start, start)
    gaps = gaps_of(case.argument, main, case.chronicle.gaps)
    past = Coverage(Window(first, main), gaps) if first < main else None
    derived = () if past is None else tuple(past.day(round(past.days * share)) for share in (0.5, 0.75))
    days = spec.other_days or derived
    return [day for day in days if day != main]


def _over_draws(values: Floats) -> Interval:
    low, high = np.quantile(values, [0.05, 0.95])
    return Interval(float(values.mean()), float(low), float(high))


def _monte_carlo(values: Floats) -> Interval:
    mean, half = float(values.mean()), _Z * float(values.std(ddof=1)) / len(values) ** 0.5
    return Interval(mean, mean - half, mean + half)
