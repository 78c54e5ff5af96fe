"""What checks of a fit return: frozen results, each with its numbers and whether it lies in its band."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from detente.base.arrays import Floats, Ints
from detente.base.days import Window
from detente.base.tables import Tables, heading, table_of
from detente.lab.too_little import Caution, with_cautions
from detente.model.fit import Posterior
from detente.studies.diagnose.predictive import Band

LEVEL = 0.99  # of every band: one sound check in a hundred leaves it
_EPSILON = 1e-9


@dataclass(frozen=True, eq=False)
class Pit:
    """Where the counts of a channel fell in their predictive distributions, as a histogram of ten bars.

    Attributes
    ----------
    channel, cls : str
        Label and class of the channel.
    principals : bool
        Whether it runs between the two principals.
    span_days : int
        1 or 28.
    acts, times : int
        Acts observed, and days or blocks.
    bars : Band
        Times in each tenth; randomisation averaged out.
    distance, limit : float
        Largest gap between the distribution of PIT values and the diagonal, and what 99 % of replicas stay below.
    values : ndarray of shape (time,)
        Randomised PIT values.
    """

    channel: str
    cls: str
    principals: bool
    span_days: int
    acts: int
    times: int
    bars: Band
    distance: float
    limit: float
    values: Floats

    @property
    def inside(self) -> bool:
        """Whether every bar lies in the band."""
        return self.bars.inside


@dataclass(frozen=True, eq=False)
class Calibration:
    """How often an act came, against the chance the model gave it, over all channels between the principals.

    Attributes
    ----------
    span_days : int
        1 or 7.
    forecasts : ndarray of shape (bin,)
        Channel-days or channel-weeks in each bin of chances.
    chance : ndarray of shape (bin,)
        Mean predicted chance of at least one act.
    acts : Band
        Days or weeks with an act in each bin; divide by `forecasts` for shares.
    """

    span_days: int
    forecasts: Ints
    chance: Floats
    acts: Band

    @property
    def inside(self) -> bool:
        """Whether every bin lies in the band."""
        return self.acts.inside


@dataclass(frozen=True, eq=False)
class Rootogram:
    """How many days or weeks had 0, 1, 2, ... acts in a channel, and how many the model expected.

    Attributes
    ----------
    channel : str
        A channel's label, or "all between the principals".
    span_days : int
        1 or 7.
    times : Band
        Days or weeks with each count; the last cell also holds all higher counts.
    """

    channel: str
    span_days: int
    times: Band

    @property
    def inside(self) -> bool:
        """Whether every count lies in the band."""
        return self.times.inside


@dataclass(frozen=True, eq=False)
class Predictive:
    """A property of the whole fitted window, against the same property of windows simulated from the posterior.

    Attributes
    ----------
    name : str
        One of `detente.studies.diagnose.diagnose.PROPERTIES`.
    observed : float
    simulated : ndarray of shape (path,)
        NaN where a path has nothing to take the property of.
    """

    name: str
    observed: float
    simulated: Floats

    def quantile(self, share: float) -> float:
        """Return a quantile of the simulated values, one that was seen; NaN if there is none."""
        known = self.simulated[~np.isnan(self.simulated)]
        return float(np.quantile(known, share, method="inverted_cdf")) if len(known) else float("nan")

    @property
    def p(self) -> float:
        """Share of simulated windows with a larger value, those with an equal one counting half."""
        known = self.simulated[~np.isnan(self.simulated)]
        if not len(known) or np.isnan(self.observed):
            return float("nan")
        return float(
            (known > self.observed + _EPSILON).mean() + (np.abs(known - self.observed) <= _EPSILON).mean() / 2
        )

    @property
    def inside(self) -> bool:
        """Whether the observed value lies in the central 99 % of the simulated ones (or is not defined)."""
        low, high = self.quantile((1 - LEVEL) / 2), self.quantile((1 + LEVEL) / 2)
        return not (self.observed < low - _EPSILON or self.observed > high + _EPSILON)


@dataclass(frozen=True, eq=False)
class Checks(Tables):
    """All checks of one fit: the result of `diagnose`.

    Attributes
    ----------
    rivalry, argument : str
    posterior : Posterior
    window : Window
        The fitted days.
    folded : bool
        Whether talks and accords are folded into a joint channel.
    seed, futures, paths : int
    pits : tuple of Pit
    calibrations : tuple of Calibration
    rootograms : tuple of Rootogram
    predictive : tuple of Predictive
    radii : ndarray of shape (draw,)
        Spectral radius at each posterior draw behind the simulated windows.
    cautions : tuple of Caution
        What a reader must know before any number.
    digest : str
        Of the events known by then.
    inputs : tuple of Path
        The files it was made from, which nothing is written over.
    """

    rivalry: str
    argument: str
    posterior: Posterior
    window: Window
    folded: bool
    seed: int
    futures: int
    paths: int
    pits: tuple[Pit, ...]
    calibrations: tuple[Calibration, ...]
    rootograms: tuple[Rootogram, ...]
    predictive: tuple[Predictive, ...]
    radii: Floats
    cautions: tuple[Caution, ...] = ()
    digest: str = ""
    inputs: tuple[Path, ...] = ()
    tables = ("checks",)

    def _about(self) -> str:
        outside = sum(not check.inside for check in self.all())
        name = f"{self.rivalry}, argument {self.argument}"
        return heading(name, self.as_of, checks=len(self.all()), outside=outside)

    def _table(self, name: str) -> pl.DataFrame:
        columns = {"kind": str, "name": str, "span_days": int, "p": float, "verdict": str}
        return table_of(columns, map(_check, self.all()))

    @property
    def as_of(self) -> date:
        """Nothing known on or after this day was used."""
        return self.posterior.program.as_of

    def all(self) -> tuple[Pit | Calibration | Rootogram | Predictive, ...]:
        """Return every check."""
        return (*self.pits, *self.calibrations, *self.rootograms, *self.predictive)

    def to_dict(self) -> dict[str, Any]:
        """Return the checks as plain values, ready for JSON; the same for the same seed."""
        program = self.posterior.program
        value = {
            "rivalry": self.rivalry,
            "argument": self.argument,
            "as_of": self.as_of.isoformat(),
            "version": version("detente"),
            "data": {"digest": self.digest},
            "fit": {
                "window": [self.window.start.isoformat(), self.window.end.isoformat()],
                "acts_in_channels": int(program.history.counts.sum()),
                "in_sample": True,
            },
            "seed": self.seed,
            "futures": self.futures,
            "paths": self.paths,
            "level": LEVEL,
            "spectral_radius": {
                "mode": self.posterior.spectral_radius,
                "mode_last_year": self.posterior.spectral_radius_last_year,
                "draws": len(self.radii),
                "median": float(np.median(self.radii)),
                "low": float(np.quantile(self.radii, 0.05)),
                "high": float(np.quantile(self.radii, 0.95)),
                "at_or_above_one": float((self.radii >= 1).mean()),
            },
            "folded": self.folded,
            "outside": sum(not check.inside for check in self.all()),
            "checks": len(self.all()),
            "pit": [
                {"channel": c.channel, "class": c.cls, "principals": c.principals, "span_days": c.span_days}
                | {"acts": c.acts, "times": c.times, "distance": c.distance, "distance_limit": c.limit}
                | _cells(c, c.bars)
                for c in self.pits
            ],
            "calibration": [
                {"span_days": c.span_days, "forecasts": c.forecasts.tolist(), "chance": c.chance.tolist()}
                | _cells(c, c.acts)
                for c in self.calibrations
            ],
            "rootograms": [
                {"channel": c.channel, "span_days": c.span_days} | _cells(c, c.times) for c in self.rootograms
            ],
            "predictive": [
                {"name": c.name, "observed": _plain(c.observed)}
                | {f"q{100 * q:g}": _plain(c.quantile(q)) for q in (0.005, 0.05, 0.5, 0.95, 0.995)}
                | {"p": _plain(c.p), "inside": c.inside, "verdict": check_verdict(c)}
                for c in self.predictive
            ],
        }
        return with_cautions(value, self.cautions)


def _check(check: Pit | Calibration | Rootogram | Predictive) -> tuple[Any, ...]:
    kind, verdict = type(check).__name__.lower(), check_verdict(check)
    match check:
        case Pit():
            return kind, check.channel, check.span_days, check.bars.p, verdict
        case Rootogram():
            return kind, check.channel, check.span_days, check.times.p, verdict
        case Calibration():
            return kind, "all between the principals", check.span_days, check.acts.p, verdict
        case Predictive():
            return kind, check.name, None, _plain(check.p), verdict


def _plain(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _cells(check: Pit | Calibration | Rootogram, cells: Band) -> dict[str, Any]:
    shown = {name: getattr(cells, name).tolist() for name in ("observed", "expected", "low", "high")}
    return shown | {"p": cells.p, "inside": check.inside, "verdict": check_verdict(check)}


def check_verdict(check: Pit | Calibration | Rootogram | Predictive) -> str:
    """Return inside, outside, or nothing to compare."""
    if isinstance(check, Predictive) and np.isnan(check.p):
        return "nothing to compare"
    return "inside" if check.inside else "outside"
