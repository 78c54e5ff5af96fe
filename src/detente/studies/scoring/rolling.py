"""The rolling origin: what each model gave, one day ahead, to every day of the quarters after its fits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from itertools import chain

import numpy as np

from detente.argument.argument import Argument
from detente.base.arrays import Floats
from detente.base.progress import Progress, Tally
from detente.base.workers import Threads
from detente.events.chronicle import Chronicle
from detente.model.compiler import compile_argument, extend
from detente.model.fit import Posterior, fit
from detente.model.program import Program
from detente.studies.scoring.baselines import (
    choose_ridge,
    era_intercepts,
    ewma_means,
    expected_counts,
    fit_ewma,
    log_density,
    ridge,
)
from detente.studies.scoring.protocol import ERAS, EWMA, EWMA_EACH, RIDGE, Protocol

_TOLERANCE = 1e-4  # posterior sds: moves a mean quarterly score by less than 1e-5 nats
_CHUNK = 12  # quarters fitted one from the other; fixed, so that results do not depend on threads
Recipe = Callable[[Program], Program]
"""Makes a model of the compiled argument."""


def rolling(
    argument: Argument,
    chronicle: Chronicle,
    protocol: Protocol,
    recipes: Mapping[str, Recipe],
    *,
    baselines: bool = True,
    threads: int = 0,
    progress: Progress | None = None,
    stage: str = "quarters",
) -> dict[str, Floats]:
    """Return the log density each model gave to each quarter, shape (quarter,) per model.

    Parameters
    ----------
    argument, chronicle, protocol, recipes, baselines
        As for `fans`.
    """
    starts = protocol.origins
    quarters = list(zip(starts, (*starts[1:], protocol.end), strict=True))
    chunks = [quarters[first : first + _CHUNK] for first in range(0, len(quarters), _CHUNK)]

    def tell(done: int) -> None:
        if progress:
            progress(stage, done, len(quarters))

    score = partial(_scored, argument, chronicle, recipes, baselines, Tally(tell))
    rows = list(chain.from_iterable(Threads(threads).map(score, chunks)))
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}


def _scored(
    argument: Argument,
    chronicle: Chronicle,
    recipes: Mapping[str, Recipe],
    baselines: bool,
    tally: Tally,
    quarters: Sequence[tuple[date, date]],
) -> list[dict[str, float]]:
    """Return the log density each model gave to each of some quarters, fitted one from the other."""
    last, rows, tell = LastFits(), [], tally.part()
    for start, end in quarters:
        days = forecast_days(argument, chronicle, start, end, recipes, last, baselines=baselines)
        rows.append({name: float(value.sum()) for name, value in days.items()})
        tell(len(rows))
    return rows


@dataclass
class LastFits:
    """What one quarter's fits hand to the next: where to start from, and the ridge's sd within a year."""

    fits: dict[str, Posterior] = field(default_factory=dict)
    ridge_sd: float | None = None

    def fit(self, name: str, program: Program) -> Posterior:
        """Fit from where the last fit of that name ended."""
        self.fits[name] = fit(program, start=self.fits.get(name), tolerance=_TOLERANCE)
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
    program = compile_argument(argument, chronicle, origin)
    extension = extend(program, argument, chronicle, until)
    posteriors = {name: last.fit(name, recipe(program)) for name, recipe in recipes.items()}
    if baselines:
        if last.ridge_sd is None or origin.month == 1:
            last.ridge_sd, last.fits[RIDGE] = choose_ridge(
                program, start=last.fits.get(RIDGE), tolerance=_TOLERANCE
            )
        else:
            last.fit(RIDGE, ridge(program, last.ridge_sd))
        posteriors[RIDGE] = last.fits[RIDGE]
        posteriors[ERAS] = last.fit(ERAS, era_intercepts(program))
    class_of = program.channel_class
    out = {}
    for name, posterior in posteriors.items():
        mean = expected_counts(replace(posterior.program, history=extension), posterior.mean)
        out[name] = log_density(extension.counts, mean, np.exp(posterior.log_alpha_mean[class_of])[:, None])
    if baselines:
        plain = posteriors[ERAS]
        level = expected_counts(plain.program, plain.mean)
        both = np.concatenate(
            [level, expected_counts(replace(plain.program, history=extension), plain.mean)], axis=1
        )
        counts = np.concatenate([program.history.counts, extension.counts], axis=1)
        for name, each in ((EWMA, False), (EWMA_EACH, True)):
            chosen = fit_ewma(program.history, level, class_of, plain.log_alpha_mean, per_channel=each)
            mean = ewma_means(counts, both, chosen.half_life_days)[:, level.shape[1] :]
            out[name] = log_density(extension.counts, mean, np.exp(chosen.log_alpha[class_of])[:, None])
    return out
