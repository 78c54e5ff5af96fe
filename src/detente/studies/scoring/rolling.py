"""The rolling origin: what each model gave, one day ahead, to every day of the quarters after its fits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from itertools import chain

import numpy as np

from detente.argument.argument import Argument
from detente.argument.sides import gaps_of
from detente.base.arrays import Floats
from detente.base.days import Window
from detente.base.progress import Progress
from detente.base.workers import Workers, workers_of
from detente.events.chronicle import Chronicle
from detente.events.coverage import Coverage
from detente.model.compiler import Shared, assemble, extend
from detente.model.fit import Posterior, fit
from detente.model.known import Known, read_known
from detente.model.program import Design, Program
from detente.studies.scoring.baselines import (
    choose_ridge,
    era_intercepts,
    ewma_means,
    expected_counts,
    fit_ewma,
    log_density,
    ridge,
)
from detente.studies.scoring.protocol import ERAS, EWMA, EWMA_EACH, RIDGE, Protocol, quarter_after

_TOLERANCE = 1e-4  # posterior sds: moves a mean quarterly score by less than 1e-5 nats
_CHUNK = 12  # quarters fitted one from the other; fixed, so that results do not depend on threads
Recipe = Callable[[Program], Program]
"""Makes a model of the compiled argument: a top-level function, or a partial of one, so that it can be sent away."""


def rolling(
    argument: Argument,
    chronicle: Chronicle,
    protocol: Protocol,
    recipes: Mapping[str, Recipe],
    *,
    baselines: bool = True,
    threads: int | Workers = 0,
    progress: Progress | None = None,
    stage: str = "quarters",
) -> dict[str, Floats]:
    """Return the log density each model gave to each quarter, shape (quarter,) per model.

    Parameters
    ----------
    argument, chronicle, protocol, recipes, baselines
        As for `fans`.
    """
    starts, gaps = protocol.origins, gaps_of(argument, protocol.end, chronicle.gaps)
    covered = Coverage(chronicle.window, gaps)
    quarters = [
        (start, quarter_after(start) if covered.touches(Window(start, end)) else end)
        for start, end in zip(starts, (*starts[1:], protocol.end), strict=True)
    ]
    chunks = [quarters[first : first + _CHUNK] for first in range(0, len(quarters), _CHUNK)]

    def tell(done: int, _: int) -> None:
        if progress:
            progress(stage, min(done * _CHUNK, len(quarters)), len(quarters))

    score = partial(_scored, argument, chronicle, recipes, baselines)
    rows = list(chain.from_iterable(workers_of(threads).map(score, chunks, progress=tell)))
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}


def _scored(
    argument: Argument,
    chronicle: Chronicle,
    recipes: Mapping[str, Recipe],
    baselines: bool,
    quarters: Sequence[tuple[date, date]],
) -> list[dict[str, float]]:
    """Return the log density each model gave to each of some quarters, fitted one from the other."""
    last, rows = LastFits(), []
    for start, end in quarters:
        days = forecast_days(argument, chronicle, start, end, recipes, last, baselines=baselines)
        rows.append({name: float(value.sum()) for name, value in days.items()})
    return rows


@dataclass
class LastFits:
    """What a quarter hands to the next: what was known, where fits start, and the ridge's sd within a year."""

    fits: dict[str, Posterior] = field(default_factory=dict)
    ridge_sd: float | None = None
    known: Known | None = None

    def known_at(self, argument: Argument, chronicle: Chronicle, day: date) -> Known:
        """Return what was known by a day, read once if it ends one quarter and begins the next."""
        if self.known is None or self.known.as_of != day:
            self.known = read_known(argument, chronicle, day)
        return self.known

    def fit(self, name: str, program: Program, design: Design | None = None) -> Posterior:
        """Fit from where the last fit of that name ended."""
        start = self.fits.get(name)
        self.fits[name] = fit(program, start=start, tolerance=_TOLERANCE, design=design)
        return self.fits[name]


def forecast_days(
    argument: Argument,
    chronicle: Chronicle,
    origin: date,
    until: date,
    recipes: Mapping[str, Recipe],
    last: LastFits,
    *,
    baselines: bool = True,
) -> dict[str, Floats]:
    """Return the log density each model gave, one day ahead, to each day's count from an origin on.

    Coefficients, dispersions, caps, half-lives and the ridge's sd are those of the origin; memories take in each day's
    acts as they come. The ridge's sd is chosen at the first origin of the `last` fits and at those in January.

    Returns
    -------
    dict of str to ndarray of shape (channel, day)
    """
    program = assemble(argument, last.known_at(argument, chronicle, origin), Shared())
    extension = extend(program, argument, last.known_at(argument, chronicle, until))
    design, posteriors = program.stacked_design(), {}
    for name, recipe in recipes.items():
        model = recipe(program)
        posteriors[name] = last.fit(name, model, design if model.terms is program.terms else None)
    if baselines:
        if last.ridge_sd is None or origin.month == 1:
            last.ridge_sd, last.fits[RIDGE] = choose_ridge(
                program, start=last.fits.get(RIDGE), tolerance=_TOLERANCE, design=design
            )
        else:
            last.fit(RIDGE, ridge(program, last.ridge_sd), design)
        posteriors[RIDGE] = last.fits[RIDGE]
        posteriors[ERAS] = last.fit(ERAS, era_intercepts(program))
    class_of = program.channel_class
    out = {}
    for name, posterior in posteriors.items():
        mean = expected_counts(replace(posterior.program, history=extension), posterior.mode)
        out[name] = log_density(extension.counts, mean, np.exp(posterior.log_alpha_mean[class_of])[:, None])
    if baselines:
        plain = posteriors[ERAS]
        level = expected_counts(plain.program, plain.mode)
        both = np.concatenate(
            [level, expected_counts(replace(plain.program, history=extension), plain.mode)], axis=1
        )
        counts = np.concatenate([program.history.counts, extension.counts], axis=1)
        chosen_ewmas = fit_ewma(program.history, level, class_of, plain.log_alpha_mean)
        for name, chosen in zip((EWMA, EWMA_EACH), chosen_ewmas, strict=True):
            mean = ewma_means(counts, both, chosen.half_life_days)[:, level.shape[1] :]
            out[name] = log_density(extension.counts, mean, np.exp(chosen.log_alpha[class_of])[:, None])
    return out
