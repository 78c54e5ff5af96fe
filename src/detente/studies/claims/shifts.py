"""The null of a verdict: a contrast's own features shifted in circles, everything else left in place.

Every shift is one Newton step away from the fit without the contrast. There the rates do not depend on the shift, so
all that it changes are sums over days of a moved feature times something that stays. These are circular correlations,
and one Fourier transform gives them for every shift at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from detente.base.arrays import Floats, Ints
from detente.base.compiled import compiled
from detente.model.program import Design

SHIFTS = 999
_FARTHEST = 15.0  # log rates are cut off here, so that a huge effect can still be simulated


@dataclass(frozen=True, slots=True)
class ActTally:
    """The acts of several chronicles in one table.

    Attributes
    ----------
    chronicle, channel, day : ndarray of shape (row,)
        Which chronicle, and the channel and the day that the acts fall on.
    count : ndarray of shape (row,)
        How many on that day.
    chronicles : int
    """

    chronicle: Ints
    channel: Ints
    day: Ints
    count: Floats
    chronicles: int

    @classmethod
    def of(cls, counts: Ints | Floats) -> ActTally:
        """Return the acts of one chronicle, given as counts of shape (channel, day)."""
        channel, day = np.nonzero(counts)
        return cls(np.zeros_like(channel), channel, day, counts[channel, day].astype(float), 1)


@dataclass(frozen=True, slots=True)
class Point:
    """A model at one point: what the randomisation test reads of a fit.

    Attributes
    ----------
    design : Design
        Of all channels, one below the other; see `Program.stacked_design`.
    rate : ndarray of shape (channel, day)
        Expected acts a day.
    alpha : ndarray of shape (channel,)
        The variance of a day's count is ``rate + alpha * rate ** 2``.
    """

    design: Design
    rate: Floats
    alpha: Floats

    @classmethod
    def of(cls, design: Design, beta: Floats, alpha: Floats) -> Point:
        """Return the model at some coefficients, of shape (coefficient,)."""
        columns, first, rows = design
        eta = np.array([beta[columns[a:b]] @ rows[a:b] for a, b in pairwise(first)])
        rate = np.exp(np.clip(eta, -_FARTHEST, _FARTHEST))
        return cls(design, rate, alpha)

    def simulate(self, count: int, noise: np.random.Generator) -> ActTally:
        """Draw the counts of so many chronicles, the features of each day as they are.

        A negative binomial count is a Poisson number of clusters of logarithmic size, so only days with acts cost.
        """
        parts = []
        for c, (rate, alpha) in enumerate(zip(self.rate, self.alpha, strict=True)):
            until = np.cumsum(np.log1p(alpha * rate) / alpha)
            clusters = noise.poisson(until[-1], count)
            day = np.searchsorted(until, noise.random(clusters.sum()) * until[-1], side="right")
            day = np.minimum(day, len(rate) - 1)
            size = noise.logseries(alpha * rate[day] / (1 + alpha * rate[day])).astype(float)
            parts.append((np.repeat(np.arange(count), clusters), np.full(len(day), c), day, size))
        chronicle, channel, day, size = (np.concatenate(part) for part in zip(*parts, strict=True))
        return ActTally(chronicle, channel, day, size, count)


def random_lags(eras: Sequence[int], shifts: int, noise: np.random.Generator) -> Ints:
    """Draw by how many days each shift moves the features of each era; the first moves nothing.

    Parameters
    ----------
    eras : sequence of int
        The first day of each era, and the day after the last, shape (era + 1,).
    shifts : int
    noise : numpy.random.Generator

    Returns
    -------
    ndarray of shape (1 + shifts, era)
    """
    drawn = noise.integers(0, np.diff(eras), (shifts, len(eras) - 1))
    return np.concatenate([np.zeros((1, len(eras) - 1), dtype=np.int64), drawn])


@dataclass(frozen=True, slots=True)
class ShiftTest:
    """The statistic of a contrast under every shift of its features, ready for any chronicle of these days.

    Attributes
    ----------
    null : Point
        The model without the contrast, at its mode.
    observed : ActTally
        What happened, to which that mode belongs.
    eras, lags : ndarray of shape (era + 1,) and (1 + shift, era)
    own : ndarray of shape (coefficient,)
        The row of each coefficient among those of the contrast; -1 for any other.
    along : ndarray of shape (1 + shift, coefficient of the contrast)
        What the gradient in the moved features adds to the statistic.
    against : ndarray of shape (1 + shift, coefficient)
        What the gradient in the other features takes away from it.
    level : ndarray of shape (1 + shift, coefficient of the contrast)
        The gradient in the moved features where nothing happens, with the sign turned.
    """

    null: Point
    observed: ActTally
    eras: Ints
    lags: Ints
    own: Ints
    along: Floats
    against: Floats
    level: Floats

    @classmethod
    def of(
        cls,
        null: Point,
        observed: ActTally,
        precision: Floats,
        weight: Floats,
        eras: Sequence[int],
        lags: Ints,
    ) -> ShiftTest:
        """Prepare the test.

        Parameters
        ----------
        null : Point
            At the mode of the model whose contrast is held at zero.
        observed : ActTally
        precision : ndarray of shape (coefficient, coefficient)
            Expected information at that mode and the priors' precision; of the contrast only the latter.
        weight : ndarray of shape (coefficient,)
            Of the contrast.
        eras : sequence of int
            First days, and the day after the last.
        lags : ndarray of shape (1 + shift, era)
        """
        judged = np.flatnonzero(weight)
        rest = np.flatnonzero(weight == 0)
        own = np.full(len(weight), -1)
        own[judged] = np.arange(len(judged))
        bounds = np.asarray(eras, dtype=np.int64)
        cross, square, level = _moved_sums(null, own, len(weight), bounds, lags)
        square = square + precision[np.ix_(judged, judged)]
        free = np.linalg.inv(precision[np.ix_(rest, rest)])
        back = cross[:, :, rest] @ free
        inner = square - back @ cross[:, :, rest].transpose(0, 2, 1)
        along = np.linalg.solve(inner, np.broadcast_to(weight[judged], level.shape)[..., None])[..., 0]
        scale = np.sqrt(along @ weight[judged])[:, None]  # the posterior sd of the contrast
        against = np.zeros((len(lags), len(weight)))
        against[:, rest] = np.einsum("sk,skj->sj", along, back) / scale
        return cls(null, observed, bounds, lags, own, along / scale, against, level)

    def statistics(self, acts: ActTally, shifts: int | None = None) -> Floats:
        """Return posterior mean over posterior sd of the contrast, shape (1 + shift, chronicle).

        The first row is that of the features in their place; of the shifts only the first so many are taken, or all.
        """
        some = slice(None if shifts is None else 1 + shifts)
        along, lags = self.along[some], self.lags[some]
        columns, first, rows = self.null.design
        gradient = self._gradient(acts) - self._gradient(
            self.observed
        )  # at the mode the observed one is zero
        value = -(self.against[some] @ gradient.T) - (along * self.level[some]).sum(axis=1)[:, None]
        mine = np.flatnonzero(self.own[columns] >= 0)
        channel_of = np.searchsorted(first, mine, side="right") - 1
        era = np.searchsorted(self.eras, acts.day, side="right") - 1
        worth = self._worth(acts)
        for row, c in zip(mine, channel_of, strict=True):
            at = np.flatnonzero(acts.channel == c)
            at = at[
                np.argsort(acts.day[at], kind="stable")
            ]  # days in order are read from the processor's cache
            _add_moved(
                rows[row],
                acts.day[at] - self.eras[era[at]],
                era[at],
                acts.chronicle[at],
                worth[at],
                self.eras,
                lags,
                np.ascontiguousarray(along[:, self.own[columns[row]]]),
                value,
            )
        return np.asarray(value)

    def _worth(self, acts: ActTally) -> Floats:
        """Return what each row of a table of acts adds to the slope of the log likelihood in the log rate."""
        rate, alpha = self.null.rate[acts.channel, acts.day], self.null.alpha[acts.channel]
        return np.asarray(acts.count / (1 + alpha * rate))

    def _gradient(self, acts: ActTally) -> Floats:
        """Return what acts add to the gradient of each chronicle, shape (chronicle, coefficient)."""
        columns, first, rows = self.null.design
        out, worth = np.zeros((acts.chronicles, len(self.own))), self._worth(acts)
        for c, (a, b) in enumerate(pairwise(first)):
            at = acts.channel == c
            chronicle, day, weighted = acts.chronicle[at], acts.day[at], worth[at]
            for column, row in zip(columns[a:b], rows[a:b], strict=True):
                out[:, column] += np.bincount(chronicle, row[day] * weighted, acts.chronicles)
        return out


def _moved_sums(
    null: Point, own: Ints, coefficients: int, eras: Ints, lags: Ints
) -> tuple[Floats, Floats, Floats]:
    """Return what each shift makes of the information: with other features, within the contrast, and with rates.

    Returns
    -------
    cross : ndarray of shape (1 + shift, coefficient of the contrast, coefficient)
    square : ndarray of shape (1 + shift, coefficient of the contrast, the same)
    level : ndarray of shape (1 + shift, coefficient of the contrast)
    """
    columns, first, rows = null.design
    k = int(own.max()) + 1
    cross, square = np.zeros((len(lags), k, coefficients)), np.zeros((len(lags), k, k))
    level = np.zeros((len(lags), k))
    weigh = null.rate / (1 + null.alpha[:, None] * null.rate)
    for c, (a, b) in enumerate(pairwise(first)):
        of, part = columns[a:b], rows[a:b]
        mine = np.flatnonzero(own[of] >= 0)
        if not len(mine):
            continue
        other = np.flatnonzero(own[of] < 0)
        for e, (start, stop) in enumerate(pairwise(eras)):
            days, by = slice(start, stop), lags[:, e]
            curve = np.fft.rfft(weigh[c, days])
            still = np.fft.rfft(part[other, days] * weigh[c, days], axis=1)
            for i in mine:
                moved = np.conj(np.fft.rfft(part[i, days]))
                cross[:, own[of[i]], of[other]] += np.fft.irfft(moved * still, stop - start, axis=1).T[by]
                level[:, own[of[i]]] += np.fft.irfft(moved * curve, stop - start)[by]
                for j in mine:
                    both = np.conj(np.fft.rfft(part[i, days] * part[j, days]))
                    square[:, own[of[i]], own[of[j]]] += np.fft.irfft(both * curve, stop - start)[by]
    return cross, square, level


@compiled
def _add_moved(
    feature: Floats,
    day: Ints,
    era: Ints,
    chronicle: Ints,
    worth: Floats,
    eras: Ints,
    lags: Ints,
    along: Floats,
    value: Floats,
) -> None:
    """Add what acts are worth on a feature moved by each lag; `day` counts from the start of its era."""
    for s in range(len(lags)):
        for i in range(len(day)):
            e = era[i]
            at = day[i] - lags[s, e]
            if at < 0:
                at += eras[e + 1] - eras[e]
            value[s, chronicle[i]] += along[s] * feature[eras[e] + at] * worth[i]
