"""The use cases: each takes an argument and a chronicle and returns one frozen result.

Python, the command line and the web all call these and only format what they return.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from detente._bargaining import CrisisStudy, Opening, bargain_argument, crisis_of, openings
from detente._fitted import fitted
from detente._plan_checks import plan_faults
from detente.argument import load_argument
from detente.bargain import Bargain, bargain_of
from detente.chronicle import Chronicle
from detente.clocks import fit_clocks, with_usual_grid
from detente.compiler import lay_out
from detente.errors import ArgumentError, DataError, Fault
from detente.futures import Futures, quantiles, simulate
from detente.phase_history import FuturePhases, PhaseHistory, phase_history
from detente.questions import answer_all, bind, of_futures, of_history
from detente.results import Case, ChannelOutlook, Clocks, Run, half_lives_told, moved_by_events
from detente.sources import load_embedded, load_events, overlay
from detente.timeline import Window, parse_day

LOW, HIGH = 0.05, 0.95  # every interval printed is the central 90 %
_SHOWN = 12  # actors that a check names
Progress = Callable[[str, int, int], None]  # stage, done, total


def load_case(
    rivalry: str | None = None,
    *,
    argument: str | Path | None = None,
    events: str | Path | None = None,
    codebook: str | None = None,
    principals: tuple[str, str] | None = None,
    skip_bad: bool = False,
    add: Sequence[str | Path] = (),
    add_until: date | None = None,
) -> Case:
    """Find the argument and the chronicle of a run.

    Parameters
    ----------
    rivalry : str, optional
        A named rivalry (``us-iran``): its embedded chronicle and its essay argument are the defaults.
    argument : str or path, optional
        An argument's name or a YAML file.
    events : path, optional
        An event file laid under the rivalry; with `principals` alone it runs the baseline argument.
    codebook : str, optional
        How a bare ``code`` column reads: detente, plover, cameo or weis.
    principals : pair of str, optional
        The two actors; overrides the argument's.
    skip_bad : bool
        Leave faulty rows out (and count them) instead of refusing the file; never those of files laid over.
    add : sequence of path
        Event files laid over the chronicle, in order; see `sources.overlay`.
    add_until : date, optional
        First day that the last of them does not cover.

    Raises
    ------
    ArgumentError, DataError
        If something named is unknown, missing or faulty.

    Examples
    --------
    >>> load_case("us-iran").chronicle.provenance.rows_read
    1120
    """
    chronicle = load_chronicle(
        rivalry, events=events, codebook=codebook, skip_bad=skip_bad, add=add, add_until=add_until
    )
    spec = load_argument(argument or ("essay" if rivalry else "baseline"), rivalry)
    if principals is not None:
        spec = spec.between(*principals)
    elif spec.principals is None and rivalry is not None:
        home = load_argument("essay", rivalry).principals
        spec = spec.between(*home) if home else spec
    seen = chronicle.count_by("source").sort("acts", descending=True, maintain_order=True)["source"].to_list()
    for actor in spec.principals or ():
        if actor not in seen and actor not in chronicle.events["target"]:
            hint = f"Most often seen: {', '.join(seen[:8])}."
            raise DataError(Fault("principals", "must act in the chronicle", got=actor, hint=hint))
    return Case(rivalry or Path(str(events)).name, spec, chronicle)


def load_chronicle(
    rivalry: str | None = None,
    *,
    events: str | Path | None = None,
    codebook: str | None = None,
    skip_bad: bool = False,
    add: Sequence[str | Path] = (),
    add_until: date | None = None,
) -> Chronicle:
    """Load an event file, or the embedded chronicle of a rivalry, and lay other files over it; see `load_case`.

    Raises
    ------
    ArgumentError, DataError
        If neither is named, or what is named is unknown, missing or faulty.
    """
    chronicle = _laid_under(rivalry, events, codebook, skip_bad, added=bool(add))
    if add_until is not None and not add:
        raise DataError(Fault("--add-until", "goes with --add", got=add_until.isoformat()))
    for i, path in enumerate(add, 1):
        chronicle = overlay(chronicle, path, codebook=codebook, until=add_until if i == len(add) else None)
    return chronicle


def _laid_under(
    rivalry: str | None, events: str | Path | None, codebook: str | None, skip_bad: bool, *, added: bool
) -> Chronicle:
    if events is not None:
        return load_events(events, codebook=codebook, skip_bad=skip_bad)
    if rivalry is None:
        hint = "Try us-iran, or --events FILE with an argument's file."
        raise ArgumentError(Fault("rivalry", "must be named, or an event file given", hint=hint))
    if codebook is not None and not added:
        raise DataError(
            Fault(
                "--codebook", "goes with --events or --add: the embedded chronicle has its own", got=codebook
            )
        )
    return load_embedded(rivalry)


def choose_events(
    chronicle: Chronicle, *, since: str | None = None, until: str | None = None, **conditions: Any
) -> Chronicle:
    """Return the acts of a chronicle that fit every condition; see `Chronicle.filter`.

    Parameters
    ----------
    since, until : str, optional
        First day, and first day outside, as ``YYYY-MM-DD``.
    """
    chosen = chronicle.filter(**{key: value for key, value in conditions.items() if value})
    events = chosen.events
    if since is not None:
        events = events.filter(events["date"] >= parse_day(since, what="--since"))
    if until is not None:
        events = events.filter(events["date"] < parse_day(until, what="--until"))
    return replace(chosen, events=events)


def _who(chronicle: Chronicle) -> str:
    """Return the codes that act or are acted on, most often seen first, so that a slip shows."""
    ends = pl.concat([chronicle.events["source"], chronicle.events["target"]])
    counted = ends.alias("code").value_counts().sort("count", "code", descending=[True, False])
    shown = [f"{code} {count:,}" for code, count in counted.head(_SHOWN).iter_rows()]
    return ", ".join(shown) + (f" and {counted.height - _SHOWN:,} more" if counted.height > _SHOWN else "")


def check_file(path: str | Path, codebook: str | None = None) -> dict[str, Any]:
    """Check an argument (``.yaml``, ``.yml``) or an event file, and say in a sentence what it holds.

    Raises
    ------
    ArgumentError, DataError
        With every fault found.
    """
    path = Path(path)
    if path.suffix in (".yaml", ".yml"):
        spec = load_argument(path)
        faults = plan_faults(spec)
        if faults:
            raise ArgumentError(*faults)
        told = (
            f"{path.name}: a sound argument, {spec.argument}, with {len(spec.mechanisms)} mechanisms, "
            f"{len(spec.questions)} questions and {len(spec.claims)} claims."
        )
        return {"file": str(path), "kind": "argument", "summary": told}
    chronicle = load_events(path, codebook=codebook)
    came = chronicle.provenance
    told = (
        f"{path.name}: a sound event file, {came.rows_read:,} rows, {chronicle.acts:,} acts after folding "
        f"({came.mutual_folded:,} second directions, {came.duplicates_folded:,} repetitions), {chronicle.window}. "
        f"Actors: {_who(chronicle)}."
    )
    return {
        "file": str(path),
        "kind": "events",
        "summary": told,
        "acts": chronicle.acts,
        "digest": chronicle.digest,
    }


def run(
    case: Case,
    *,
    as_of: date | None = None,
    days: int | None = None,
    futures: int | None = None,
    seed: int | None = None,
    threads: int = 0,
    progress: Progress | None = None,
) -> Run:
    """Fit a rivalry to what was known by a day, run it forward and answer the argument's questions.

    Parameters
    ----------
    case : Case
    as_of, days, futures, seed
        Override the argument's ``run:`` block; what neither gives is refused, never guessed.
    threads : int
        0 uses every core; the result does not depend on it.
    progress : callable, optional
        Called with (stage, done, total).

    Returns
    -------
    Run

    Raises
    ------
    ArgumentError, FitError, UnstableModelError, QuestionError
        Each with what to try.

    Examples
    --------
    >>> result = run(load_case("us-iran"), futures=50)
    >>> result.futures.count, result.as_of
    (50, datetime.date(2020, 1, 17))
    """
    settings = case.argument.run
    start = required("as_of", as_of, settings.as_of)
    horizon = required("days", days, settings.days)
    count = required("futures", futures, settings.futures)
    key = required("seed", seed, settings.seed)
    tell = progress or (lambda stage, done, total: None)

    clock = time.perf_counter()
    posterior = fitted(
        case.argument,
        case.chronicle,
        start,
        threads=threads,
        progress=lambda done, total: tell("fit", done, total),
    )
    fit_seconds = time.perf_counter() - clock

    scheme, codebook = case.chronicle.scheme, case.chronicle.codebook
    questions = tuple(
        bind(spec, case.argument, scheme, start, codebook=codebook) for spec in case.argument.questions
    )
    far = max([horizon, *((q.window.end - start).days for q in questions)])
    clock = time.perf_counter()
    simulated = simulate(
        posterior,
        days=far,
        futures=count,
        seed=key,
        scheme=scheme,
        codebook=codebook,
        threads=threads,
        record=tuple(posterior.program.watched),
        progress=lambda done: tell("futures", done, count),
    )
    futures_seconds = time.perf_counter() - clock
    chronicles = of_futures(simulated, case.argument, case.chronicle)
    history = of_history(case.argument, case.chronicle, questions, posterior=posterior)
    answers = answer_all(questions, chronicles, history)
    return Run(
        case,
        posterior,
        simulated,
        horizon,
        _outlook(case, simulated, horizon),
        tuple(answers),
        fit_seconds,
        futures_seconds,
        chronicles,
    )


def clocks_of(case: Case, *, as_of: date | None = None, progress: Progress | None = None) -> Clocks:
    """Weigh the half-lives of a case's argument by their evidence.

    An argument without a grid of its own is given the usual one.

    Parameters
    ----------
    case : Case
    as_of : date, optional
        Overrides the argument's ``run:`` block; without either it is refused.
    progress : callable, optional
        Called with (stage, done, total).
    """
    start = required("as_of", as_of, case.argument.run.as_of)
    tell = progress or (lambda stage, done, total: None)
    clock = time.perf_counter()
    argument = with_usual_grid(case.argument)
    result = fit_clocks(
        argument, case.chronicle, start, progress=lambda done, total: tell("clocks", done, total)
    )
    return Clocks(case, start, result, time.perf_counter() - clock)


def required(name: str, given: Any, declared: Any) -> Any:
    """Return what a flag gives, else what the argument declares; what neither gives is refused."""
    value = declared if given is None else given
    if value is None:
        hint = f"Give --{name.replace('_', '-')} or write {name} in the argument's run: block."
        raise ArgumentError(Fault(name, "must be given: there is no default", hint=hint))
    return value


def history_of(case: Case) -> Chronicle:
    """Return the whole chronicle with agents' acts under the principals they were done for."""
    layout = lay_out(case.argument, case.chronicle.scheme)
    return replace(case.chronicle, events=layout.attribute(case.chronicle.events))


def phases_of(case: Case, *, since: date | None = None, until: date | None = None) -> PhaseHistory:
    """Label every day of a case's chronicle with its phase; see `phase_history`.

    Examples
    --------
    >>> phases_of(load_case("us-iran")).at(date(1980, 1, 1)).word
    'crisis'
    """
    return phase_history(case.argument, case.chronicle, since=since, until=until)


def phases_of_run(result: Run) -> FuturePhases:
    """Return the phase of every day of every future of a run; see `phases_of_futures`."""
    return FuturePhases(result.futures.window, *result.chronicles.phases)


def _outlook(case: Case, futures: Futures, days: int) -> tuple[ChannelOutlook, ...]:
    layout = futures.posterior.program.layout
    window = Window(futures.window.start, futures.window.start + timedelta(days=days))
    history = history_of(case)
    channel_of = layout.assign(history.events)
    inside = history.events["date"].is_between(window.start, window.end, closed="left").to_numpy()
    covered = history.window.start <= window.start and window.end <= history.window.end
    counts = futures.counts(days)
    low, high = quantiles(counts, LOW, HIGH)
    return tuple(
        ChannelOutlook(
            channel.source.name,
            channel.target.name,
            channel.cls,
            channel.label,
            int((channel_of[inside] == c).sum()) if covered else None,
            float(counts[:, c].mean()),
            float(low[c]),
            float(high[c]),
        )
        for c, channel in enumerate(layout.channels)
    )


__all__ = [
    "Bargain",
    "Case",
    "ChannelOutlook",
    "Clocks",
    "CrisisStudy",
    "Opening",
    "Run",
    "bargain_argument",
    "bargain_of",
    "check_file",
    "choose_events",
    "clocks_of",
    "crisis_of",
    "half_lives_told",
    "history_of",
    "load_case",
    "load_chronicle",
    "moved_by_events",
    "openings",
    "phases_of",
    "phases_of_run",
    "required",
    "run",
]
