"""The use case `whatif`: futures with levers pulled beside the same futures without."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from detente.base.arrays import Floats
from detente.base.days import Window
from detente.base.errors import ArgumentError, Fault
from detente.base.given import texts_given
from detente.base.memo import Identity, Memo
from detente.base.progress import Progress
from detente.base.tables import Tables, heading, table_of
from detente.events.phases import Phase
from detente.futures.futures import Futures
from detente.futures.interventions import Paths, Pulls
from detente.futures.levers import lever_registry
from detente.futures.levers.base import Dose, Effect
from detente.futures.levers.doses import effect_of, parse_dose
from detente.futures.modelled import OUTCOMES, modelled
from detente.futures.outcomes import YES_OR_NO, Counted, Difference, difference
from detente.futures.phases import phases_of_futures
from detente.futures.unseen import Unseen
from detente.lab.case import Case, case_of
from detente.lab.head import head_of
from detente.lab.settings import Day
from detente.lab.too_little import Caution, require_stability, with_cautions
from detente.lab.too_much import refuse_too_many
from detente.model.fit import Fitted
from detente.model.layout import lay_out
from detente.model.mechanisms import mechanism_registry as mechanisms
from detente.studies.whatif.unread import Unread, unread

HORIZONS = (90, 180, 365, 730)
MOVED = 0.10  # share of the prior's sd from which events are said to have informed a coefficient
_TRACE = 30
_NUMBERS = ("without", "with", "mean", "low", "high")
OutcomeValues = dict[tuple[str, int], Floats]

# Runs without a lever, by their fit, the number of futures, the seed and the days.
_bases = Memo[tuple[Identity[Fitted], int, int, int], OutcomeValues](4)


@dataclass(frozen=True, slots=True)
class Driver:
    """A coefficient through which a lever acts, and whether events informed it."""

    mechanism: str
    term: str
    prior_mean: float
    prior_sd: float
    mean: float
    sd: float

    @property
    def moved(self) -> float:
        """Share of the prior's sd that events removed."""
        return max(0.0, 1 - self.sd / self.prior_sd)


@dataclass(frozen=True)
class WhatIf(Tables):
    """Levers pulled on futures: the result of `whatif`.

    Attributes
    ----------
    case : Case
    as_of : date
    doses : tuple of Dose
    days, futures, seed : int
    outcomes : dict
        `Difference` by (outcome, horizon in days): those of `OUTCOMES` that are modelled, ``fast clock X``, ``slow
        clock X`` and the share of days in each phase (``phase crisis``) and in talks.
    drivers : tuple of Driver
        Coefficients whose features the levers touch at once.
    beyond : tuple of Unseen
        What of the levers lies outside anything seen on the days fitted.
    spectral_radius : float
        Of the fit.
    unread : tuple of Unread
        What of the levers no mechanism of the argument reads.
    """

    case: Case
    as_of: date
    doses: tuple[Dose, ...]
    days: int
    futures: int
    seed: int
    outcomes: dict[tuple[str, int], Difference]
    drivers: tuple[Driver, ...]
    beyond: tuple[Unseen, ...]
    spectral_radius: float
    unread: tuple[Unread, ...] = ()
    tables = ("outcomes", "drivers")

    def _about(self) -> str:
        pulled = (dose.text for dose in self.doses)
        return heading(
            self.case.title, self.as_of, *pulled, outcomes=len(self.outcomes), futures=self.futures
        )

    def _table(self, name: str) -> pl.DataFrame:
        if name == "drivers":
            numbers = ("prior_mean", "prior_sd", "mean", "sd", "moved")
            kinds = {"mechanism": str, "term": str} | dict.fromkeys(numbers, float)
            return table_of(kinds, (asdict(d) | {"moved": d.moved} for d in self.drivers))
        columns: dict[str, type] = {"outcome": str, "days": int}
        columns |= dict.fromkeys(_NUMBERS, float)
        rows = ((*key, d.without, d.with_, d.mean, d.low, d.high) for key, d in self.outcomes.items())
        return table_of(columns, rows)

    @property
    def not_modelled(self) -> tuple[str, ...]:
        """Those of `OUTCOMES` that no act of these futures can count toward."""
        return tuple(name for name in OUTCOMES if (name, self.days) not in self.outcomes)

    @property
    def cautions(self) -> tuple[Caution, ...]:
        """What a reader must know before any number."""
        return self.case.cautions(self.as_of, self.spectral_radius)

    @property
    def inert(self) -> bool:
        """Whether no future differs in anything compared."""
        return all(d.mean == d.low == d.high == 0 for d in self.outcomes.values())

    @property
    def implausible(self) -> tuple[str, ...]:
        """Outcomes that move, beyond chance over all the days, against what every lever pulled is declared to do."""
        return tuple(
            name
            for name in OUTCOMES
            if name not in self.not_modelled
            and contrary([dose.lever for dose in self.doses], name, self.outcomes[name, self.days])
        )

    @property
    def on_priors(self) -> tuple[str, ...]:
        """Names of the drivers that events left where the argument put them."""
        return tuple(f"{d.mechanism}.{d.term}" for d in self.drivers if d.moved < MOVED)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        value = {
            **head_of(self.case, self.as_of),
            "levers": [
                asdict(d) | {"text": d.text, "unit": lever_registry()[d.lever].unit} for d in self.doses
            ],
            "days": self.days,
            "futures": self.futures,
            "seed": self.seed,
            "outcomes": [
                {
                    "outcome": name,
                    "days": days,
                    **d.to_dict(),
                    "unpaired_over_paired": d.unpaired if np.isfinite(d.unpaired) else None,
                }
                for (name, days), d in self.outcomes.items()
            ]
            + [
                {"outcome": name, "days": self.days} | dict.fromkeys((*_NUMBERS, "unpaired_over_paired"))
                for name in self.not_modelled
            ],
            "not_modelled": list(self.not_modelled),
            "drivers": [asdict(d) | {"moved": d.moved} for d in self.drivers],
            "on_priors": list(self.on_priors),
            "outside_data": [what.to_dict() for what in self.beyond],
            "unread": [what.to_dict() for what in self.unread],
            "implausible": list(self.implausible),
        }
        return with_cautions(value, self.cautions)


def contrary(levers: Sequence[str], outcome: str, d: Difference) -> bool:
    """Whether an outcome moves beyond chance against the sign that every one of some levers declares for it."""
    signs = {lever_registry()[name].expected.get(outcome, 0) for name in levers}
    return signs in ({1}, {-1}) and (d.high < 0 if signs == {1} else d.low > 0)


def whatif(
    case: Case | str | Path,
    levers: Sequence[str],
    *,
    as_of: Day | None = None,
    days: int | None = None,
    futures: int | None = None,
    seed: int | None = None,
    threads: int = 0,
    progress: Progress | None = None,
) -> WhatIf:
    """Pull levers on futures and compare with the same futures without.

    Both runs share every random number, so a future differs only where a lever, or what followed from it, made it
    differ. Acts that a lever puts in are not counted among the outcomes.

    Parameters
    ----------
    case : Case, str or path
        A case that `load_case` has loaded, or the name or the file that it loads one from.
    levers : sequence of str
        Doses written ``NAME[:ACTOR][=SIZE]@DAY``, or names of plans in the argument's ``levers:`` block.
    as_of, days, futures, seed
        Override the argument's ``run:`` block; what neither gives is refused, never guessed.
    threads : int
        0 uses every core; the result does not depend on it.
    progress : callable, optional
        Called with (stage, done, total).

    Returns
    -------
    WhatIf

    Raises
    ------
    ArgumentError
        If no lever is given, one cannot be read, or it lies outside the days simulated.

    Examples
    --------
    >>> from detente.lab.case import load_case
    >>> result = whatif(load_case("us-iran"), ["relief=0@30"], futures=50, days=90)
    >>> result.outcomes["talks", 90].mean
    0.0
    """
    case = case_of(case)
    settings = case.settings(as_of=as_of, days=days, futures=futures, seed=seed, threads=threads)
    as_of, futures, seed = settings.as_of, settings.futures, settings.seed
    doses = doses_of(case, levers, settings.days)
    refuse_too_many(case, as_of, days=settings.days, futures=futures, phases=True)
    tell = progress or (lambda stage, done, total: None)
    posterior = case.fitted(as_of, threads=threads, progress=progress)
    radius = require_stability(posterior, allowed=case.allow_unstable)
    draws = posterior.draws(futures, seed)

    effect, record = effect_of(doses, draws.program.layout), tuple(draws.program.watched)
    pulls = Pulls(draws, case.argument, [Effect(), effect], days=settings.days, limits=case.limits)

    def run_with(number: int) -> tuple[Paths, OutcomeValues]:
        paths = next(pulls.paths([number], threads=threads, record=record, record_every=_TRACE))
        return paths, _values(case, paths, settings.days)

    key = Identity(posterior), futures, seed, settings.days
    base = _bases.get(key, lambda: run_with(0)[1])
    tell("futures", futures, 2 * futures)
    paths, pulled = run_with(1)
    tell("futures", 2 * futures, 2 * futures)
    return WhatIf(
        case,
        as_of,
        doses,
        settings.days,
        futures,
        seed,
        {key: difference(base[key], pulled[key], of_futures=key[0] in YES_OR_NO) for key in base},
        tuple(drivers(posterior, case, paths)),
        paths.beyond,
        radius,
        unread(case.argument, draws.program.layout, effect),
    )


def doses_of(case: Case, levers: Sequence[str], days: int) -> tuple[Dose, ...]:
    """Read levers: doses as written, or the argument's own plans by name."""
    levers = texts_given("levers", levers)
    if not levers:
        raise ArgumentError(Fault("required", "lever", hint="give_lever"))
    layout = lay_out(case.argument, case.chronicle.scheme)
    doses = []
    for text in levers:
        plan = case.argument.levers.get(text)
        doses += [parse_dose(line, layout) for line in (plan.pull if plan else (text,))]
    for dose in doses:
        if dose.day >= days:
            what = f"day of {dose.text}"
            raise ArgumentError(Fault("not_in_days", what, got=dose.day, hint="more_days", days=days))
    return tuple(doses)


def drivers(posterior: Fitted, case: Case, paths: Paths) -> list[Driver]:
    """Return the coefficients that a lever acts through, on the posterior of the run."""
    row = {(c.mechanism, c.term): j for j, c in enumerate(posterior.program.coefficients)}
    out = []
    for name in paths.moved:
        if name in row:
            j = row[name]
            prior = posterior.program.coefficients[j].prior
            mean, sd = float(posterior.mean[j]), float(posterior.sd[j])
        else:  # a term that nothing had been declared for
            given = case.argument.mechanisms[name[0]].terms.get(name[1])
            spec = next(t for t in mechanisms()[name[0]].terms if t.name == name[1])
            prior = spec.prior
            mean, sd = (given.mean, given.sd) if given else (prior.mean, prior.sd)
            out.append(Driver(*name, mean, sd, mean, sd))
            continue
        out.append(Driver(*name, prior.mean, prior.sd, mean, sd))
    return out


def _values(case: Case, paths: Paths, days: int) -> OutcomeValues:
    """Return what is compared of one run, by name and horizon, each of shape (future,)."""
    counted, horizons = Counted.of(paths), [h for h in HORIZONS if h < days] + [days]
    names = modelled(paths.program)
    out: OutcomeValues = {(name, h): getattr(counted, name)(h) for name in names for h in horizons}
    for i, (principal, clock) in enumerate(paths.program.watched):
        for h in horizons:
            step = min(h // _TRACE, paths.log.traces.shape[2] - 1)
            out[f"{clock} clock {principal}", h] = paths.log.traces[:, i, step].astype(float)
    window = Window(paths.program.as_of, paths.program.as_of + timedelta(days=days))
    futures = Futures(window, paths.log, paths.program, case.chronicle.scheme, case.chronicle.codebook, 0)
    labelled = phases_of_futures(futures, case.argument, case.chronicle)
    spent = {h: labelled.days(0, h) for h in horizons}
    out |= {(f"phase {phase.word}", h): spent[h][:, phase] / h for phase in Phase for h in horizons}
    return out | {("in talks", h): labelled.talk_days(0, h) / h for h in horizons}
