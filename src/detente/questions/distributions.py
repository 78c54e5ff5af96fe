"""Distributions: what amounts over futures, or over earlier windows, say of how many or when; and their score."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from detente.base.arrays import Floats
from detente.base.shares import share_of
from detente.questions.amounts import Amounts
from detente.questions.statements import Amount

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Distribution:
    """How many or when, over futures or over earlier windows.

    Attributes
    ----------
    kind : str
        ``count``, ``deaths`` or ``day``.
    mean : float, date or None
        Of a day None, unless the act came in all of them.
    quantiles : tuple of float, date or None
        At `QUANTILES`. Of a day those by which the act came in that share; None where it came in fewer.
    never : float
        Share of them without a single act, or for deaths without a death; see `share_of`.
    imputed : float
        Share of the tolls that are not known and were taken as usual; 0 unless deaths are asked for.
    """

    kind: str
    mean: float | date | None
    quantiles: tuple[float | date | None, ...]
    never: float
    imputed: float = 0.0

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON; days as ISO dates."""
        value = {
            "kind": self.kind,
            "mean": plain(self.mean),
            "quantiles": dict(zip(map(str, QUANTILES), map(plain, self.quantiles), strict=True)),
            "never": self.never,
        }
        return value | ({"imputed": self.imputed} if self.kind == "deaths" else {})

    @classmethod
    def from_dict(cls, value: dict[str, Any]) -> Distribution:
        """Return what `to_dict` returned as a distribution again."""
        numbers = (value["mean"], *value["quantiles"].values())
        mean, *quantiles = (date.fromisoformat(n) if isinstance(n, str) else n for n in numbers)
        return cls(value["kind"], mean, tuple(quantiles), value["never"], value.get("imputed", 0.0))


def distribution(asked: Amount, amounts: Amounts) -> Distribution | None:
    """Return the distribution of an amount over chronicles; None if it is known on none of them.

    Parameters
    ----------
    asked : Amount
    amounts : Amounts
        What `measure` returned. Days are dated from the window's start.

    Notes
    -----
    For every k the chance of at least k is that of the question with ``count >= k``: chronicles that surely have k,
    over those that surely have or surely have not; the rest are ambiguous at k, and may be none of it at another k.
    The chance of a first act by a day is that of the act in the window up to it, in the same way.
    """
    if not amounts.known.any():
        return None
    values, chances = steps(amounts)
    reached = np.cumsum(chances)
    at = [values[np.searchsorted(reached, q - _ROUNDING)] for q in QUANTILES]
    without, some = _without(asked, amounts)
    never = share_of(without, without + some) or 0.0  # some are known, so it is a number
    shown = tuple(_shown(asked, float(v)) for v in at)
    mean = _shown(asked, float(values @ chances)) if np.isfinite(values).all() else None
    return Distribution(asked.kind, mean, shown, never, amounts.imputed)


def _without(asked: Amount, amounts: Amounts) -> tuple[int, int]:
    """Return how many chronicles surely hold none of what is asked for, and how many surely some."""
    if asked.kind == "day":
        return int(np.isinf(amounts.low).sum()), int(np.isfinite(amounts.high).sum())
    return int((amounts.high <= 0).sum()), int((amounts.low > 0).sum())


def steps(amounts: Amounts) -> tuple[Floats, Floats]:
    """Return the values of a distribution and the chance of each, both of shape (value,), in order.

    Where every amount is known they are the values seen and their shares. A day that never came is infinite.

    Examples
    --------
    >>> import numpy as np
    >>> low, high = np.array([0.0, 2.0, 2.0, 1.0]), np.array([0.0, 2.0, 2.0, 4.0])
    >>> [v.round(2).tolist() for v in steps(Amounts(low, high, np.bool_(False)))]
    [[0.0, 1.0, 2.0, 4.0], [0.25, 0.08, 0.67, 0.0]]
    """
    low, high = np.sort(amounts.low), np.sort(amounts.high)
    values = np.unique(np.concatenate([low, high[np.isfinite(high)]]))
    surely = len(low) - np.searchsorted(low, values, "left")
    surely_not = np.searchsorted(high, values, "left")
    least = surely / np.maximum(surely + surely_not, 1)  # chance of at least each value
    return values, least - np.append(least[1:], 0.0)


def on_scale(asked: Amount, values: Floats) -> Floats:
    """Return amounts on the scale on which they are compared and scored.

    The log of 1 + acts, or of 1 + deaths; days until the first act, every one from the window's end on as its end.
    """
    return np.asarray(np.minimum(values, asked.window.days) if asked.kind == "day" else np.log1p(values))


def observed(asked: Amount, amounts: Amounts) -> float | date | None:
    """Return the amount on one chronicle; None where it is not known, and of a day that did not come."""
    return _shown(asked, float(amounts.low[0])) if amounts.known[0] else None


def score_amounts(asked: Amount, amounts: Amounts, observed: float | date | None) -> float | None:
    """Return the CRPS of a distribution against what happened; lower is better.

    Parameters
    ----------
    asked : Amount
    amounts : Amounts
        Over the chronicles that forecast: `questions.amounts` of futures.
    observed : float, date or None
        The count or the deaths; the day, or None if the act did not come in the window.

    Returns
    -------
    float or None
        In the log of 1 + acts, or of 1 + deaths. For a day in days, with every day from the window's end on counted as
        its end. None where the forecast is known on no chronicle.

    Raises
    ------
    ValueError
        If there is no number to score a count or deaths against.

    Notes
    -----
    ``CRPS = E|X - y| - E|X - X'| / 2`` over the steps of the distribution: where every amount is known that is
    ``crps_ensemble`` of the library scoringrules with ``estimator="nrg"``. Source: [gneiting2007].

    Examples
    --------
    >>> from detente.base.days import Window
    >>> from detente.questions.statements import Acts
    >>> asked = Amount(Acts(), Window(date(2020, 1, 1), date(2020, 1, 31)), "day")
    >>> days = np.array([3.0, 10.0, np.inf])
    >>> round(score_amounts(asked, Amounts(days, days, np.bool_(False)), date(2020, 1, 11)), 2)
    3.0
    """
    if not amounts.known.any():
        return None
    values, chances = steps(amounts)
    if asked.kind == "day":
        came = float(asked.window.index(observed)) if isinstance(observed, date) else np.inf
    elif observed is None or isinstance(observed, date):
        raise ValueError(f"observed must be a number, got {observed!r}")
    else:
        came = float(observed)
    x, y = on_scale(asked, values), float(on_scale(asked, np.array(came)))
    reached = np.cumsum(chances)[:-1]
    spread = float((np.diff(x) * reached * (1 - reached)).sum())  # half the mean absolute difference
    return float(chances @ np.abs(x - y)) - spread


def _shown(asked: Amount, value: float) -> float | date | None:
    if asked.kind != "day":
        return value
    return asked.window.day(round(value)) if np.isfinite(value) else None


def plain(value: float | date | None) -> float | str | None:
    """Return an amount as JSON holds it: a day as an ISO date."""
    return value.isoformat() if isinstance(value, date) else value
