"""All pairs of a world together: one interpretable model of how acts between states feed acts.

Each class of acts of each directed pair has a negative binomial count a day. Its log mean and its log dispersion are
linear in logarithms of memories, at several half-lives, of what the pair did and received, of what both actors were
doing altogether, and in the day of the week; pairs share the coefficients.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from detente.base.arrays import Floats, Ints
from detente.base.store import Store
from detente.base.tables import Tables, heading
from detente.base.workers import Workers, workers_of
from detente.studies.world.features import Remembered, WorldSpec, design, memories, on_days, predict
from detente.studies.world.fit_class import ClassFit, fit_class
from detente.studies.world.kept_fits import kept_fits
from detente.studies.world.pairs import CLASSES, Pairs
from detente.studies.world.plain_models import MOST_ROWS

WARM_UP_DAYS = 30  # that feed memories before the first fitted day
FAST_DAYS, SLOW_DAYS = 7.0, 60.0  # heating: the rate of the last days against that of the last months
HOSTILE_DAYS = 240  # four of the longer half-lives: nearly all that both rates rest on
_FLOOR = 0.01  # acts a day added to both before they are divided
_HOSTILE = [i for i, c in enumerate(CLASSES) if c.endswith("conflict")]


@dataclass(frozen=True)
class World(Tables):
    """A fitted world.

    Attributes
    ----------
    pairs : Pairs
        What was counted.
    spec : WorldSpec
    fits : tuple of ClassFit
        One a class.
    fitted : ndarray of shape (day,)
        Rows of the fitted days.
    """

    tables = ("rates", "coefficients")
    pairs: Pairs
    spec: WorldSpec
    fits: tuple[ClassFit, ...]
    fitted: Ints

    @property
    def subject(self) -> tuple[str, ...]:
        """What the line of a result says it is about: the days and the pairs."""
        return str(self.pairs.window), f"{len(self.pairs.source):,} directed pairs"

    def _about(self) -> str:
        return heading(*self.subject, acts=int(self.pairs.counts.sum()))

    def predict(self, days: Ints, pairs: Pairs | None = None) -> tuple[Floats, Floats]:
        """Return mean and dispersion of the counts of some days, from the acts of the days before each.

        Parameters
        ----------
        days : ndarray of shape (day,)
            Ascending rows; the number of days stands for the day after the last.
        pairs : Pairs, optional
            The same pairs with more days; those fitted if absent.

        Returns
        -------
        mean, dispersion : ndarray of shape (day, pair, class)
        """
        pairs = pairs or self.pairs
        known = on_days(pairs, self.spec, days)
        found = [predict(pairs, self.spec, c, known, fit) for c, fit in enumerate(self.fits)]
        mean, alpha = (np.stack([f[k] for f in found], axis=2) for k in (0, 1))
        return mean, alpha

    @cached_property
    def rates(self) -> pl.DataFrame:
        """One row a directed pair: expected acts tomorrow by class, and how hostility moves.

        ``heating`` is the log of the hostile acts a day of the last week (half-life 7 days) over those of the last
        months (60 days), each plus a hundredth: above 0 the pair heats up, below it cools down. ``hostile_acts`` are
        those of the last `HOSTILE_DAYS` days, nearly all that both rates rest on.
        """
        last = np.array([len(self.pairs.counts)])
        mean, _ = self.predict(last)
        fast, slow = memories(self.pairs.counts, (FAST_DAYS, SLOW_DAYS), last)[0][:, :, _HOSTILE].sum(axis=2)
        acts = self.pairs.counts.sum(axis=(0, 2)).astype(np.int64)
        lately = self.pairs.counts[-HOSTILE_DAYS:][:, :, _HOSTILE]
        hostile = lately.sum(axis=(0, 2)).astype(np.int64)
        named = zip(self.pairs.source, self.pairs.target, strict=True)
        ends = [(self.pairs.actors[s], self.pairs.actors[t]) for s, t in named]
        frame = pl.DataFrame(
            {
                "source": [a for a, _ in ends],
                "target": [b for _, b in ends],
                "acts": acts,
                **{CLASSES[c]: mean[0, :, c] for c in range(len(CLASSES))},
                "hostile_week": fast,
                "hostile_months": slow,
                "hostile_acts": hostile,
                "heating": np.log((fast + _FLOOR) / (slow + _FLOOR)),
            }
        )
        return frame.sort("heating", descending=True, maintain_order=True)

    @cached_property
    def coefficients(self) -> pl.DataFrame:
        """One row a class and feature: the change of the log rate for one standard deviation of the feature."""
        names = ["intercept", *self.spec.features()]
        rows = [
            {"class": CLASSES[c], "feature": names[k], "mean": float(fit.slopes[k]), "sd": float(fit.sd[k])}
            for c, fit in enumerate(self.fits)
            for k in range(len(names))
        ]
        return pl.DataFrame(rows)

    def _table(self, name: str) -> pl.DataFrame:
        return self.rates if name == "rates" else self.coefficients

    def to_dict(self) -> dict[str, Any]:
        """Return the world as plain JSON types."""
        window = self.pairs.window
        return {
            "window": [window.start.isoformat(), window.end.isoformat()],
            "data_through": window.day(window.days - 1).isoformat(),
            "pairs": len(self.pairs.source),
            "actors": len(self.pairs.actors),
            "acts": int(self.pairs.counts.sum()),
            "days_fitted": len(self.fitted),
            "clocks": list(self.spec.all_clocks),
            "rates": self.rates.to_dicts(),
            "coefficients": self.coefficients.to_dicts(),
        }


def fit_world(
    pairs: Pairs,
    spec: WorldSpec | None = None,
    *,
    days: Ints | None = None,
    store: Store = Store(),  # noqa: B008  a frozen value
    threads: int | Workers = 0,
) -> World:
    """Fit all pairs together, or return the fit made of the same before.

    Parameters
    ----------
    pairs : Pairs
        See `pairs_of`.
    spec : WorldSpec, optional
        Which memories the model has.
    days : ndarray of shape (day,), optional
        Rows of the days to fit; all but the first 30, thinned evenly to a million pair-days, if absent.
    store : Store
        Where fits are kept from one process to the next; the usual one keeps none.
    threads : int or Workers
        0 uses every core; the result does not depend on it.

    Raises
    ------
    FitError
        If a class does not converge.

    Notes
    -----
    Coefficients have priors N(0, .13²) for one standard deviation of their feature, those of the log dispersion N(0,
    .22²), and pairs' intercepts deviate by N(0, .05²): chosen on the first 212 days of ICEWS 2018. Source:
    [fokianos2011].
    """
    spec = spec or WorldSpec()
    if days is None:
        total = pairs.window.days
        first = min(WARM_UP_DAYS, total // 4)
        days = np.arange(first, total, max(1, -(-(total - first) * len(pairs.source) // MOST_ROWS)))
    fits = kept_fits(
        store,
        pairs,
        days,
        {"world": asdict(spec)},
        lambda: workers_of(threads).map(_FitOfClass(pairs, spec, days), range(len(CLASSES))),
    )
    return World(pairs, spec, fits, days)


@dataclass(frozen=True)
class _FitOfClass:
    """The fit of one class of acts, given by its number."""

    pairs: Pairs
    spec: WorldSpec
    days: Ints

    @cached_property
    def _known(self) -> Remembered:
        return on_days(self.pairs, self.spec, self.days)

    def __reduce__(self) -> tuple[type[_FitOfClass], tuple[Pairs, WorldSpec, Ints]]:
        return _FitOfClass, (
            self.pairs,
            self.spec,
            self.days,
        )  # memories are ten times as large, and soon made

    def __call__(self, c: int) -> ClassFit:
        return fit_class(
            design(self.pairs, self.spec, c, self._known),
            np.ascontiguousarray(self.pairs.counts[self.days][:, :, c]).ravel(),
            len(self.pairs.source),
            spreads_with=self.spec.spreads_with(c),
            deviates_with=self.spec.deviates_with(c),
            spread=self.spec.spread,
            cls=CLASSES[c],
        )
