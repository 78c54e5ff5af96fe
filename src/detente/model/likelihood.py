"""The penalised likelihood of a program: one compiled sweep over the days of a channel gives all that a step needs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import numpy as np

from detente.base.arrays import Floats, Ints
from detente.base.compiled import compiled, inlined
from detente.model.program import Design, Program

DISPERSION_PRIOR = (np.log(0.5), 0.5)  # mean and sd of log alpha: 0.19 to 1.3 with 95 %
BLOCK = 512  # days at once: what fits the processor's cache
_LANES = BLOCK // 16  # of the block, one logarithm each
_TILE = 4  # rows and columns of the information summed at once: what fits the processor's registers
_FARTHEST = 40.0  # log rates are cut off here, so that a product of sixteen of them is still a number
_PER_LN2, _LN2, _LN2_REST = (
    1 / np.log(2.0),
    0.693145751953125,
    1.42860682030941723212e-6,
)  # their sum is log 2
_P0, _P1 = 1.26177193074810590878e-4, 3.02994407707441961300e-2  # a rational approximation of the exponential
_Q0, _Q1, _Q2 = 3.00198505138664455042e-6, 2.52448340349684104192e-3, 2.27265548208155028766e-1
_EXPONENT, _FRACTION_BITS = np.int64(1023), np.int64(52)  # of a double

_summing = partial(inlined, fastmath={"reassoc", "nsz", "contract"})
"""Compile a loop that only multiplies and adds into its caller; its sums may then run in several lanes.

Inlined, and so is every loop that calls it, up to the one that Python calls: the order of such a sum is the compiler's
choice, and which of two copies of a called loop runs depends on what the process compiled and what it read from disk.
"""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The log posterior at one point, with its derivatives.

    Attributes
    ----------
    value, log_likelihood : float
        In nats.
    gradient : ndarray of shape (coefficient,)
    information : ndarray of shape (coefficient, coefficient)
        Minus the Hessian in the coefficients, or its expectation, the prior's precision included.
    alpha_gradient, alpha_curvature : ndarray of shape (class,)
        Gradient in log alpha, and a positive curvature.
    """

    value: float
    log_likelihood: float
    gradient: Floats
    information: Floats
    alpha_gradient: Floats
    alpha_curvature: Floats


class Likelihood:
    """The penalised likelihood of a program; the designs of its channels stand one below the other."""

    def __init__(self, program: Program, design: Design | None = None) -> None:
        self.prior_mean, self.prior_sd = program.prior_mean, program.prior_sd
        self.class_of = program.channel_class
        self.counts = program.history.counts.astype(float)
        self.columns, self.first, self.design = design or program.stacked_design()

    def start_intercepts(self, prior_mean: Floats) -> Floats:
        """Return intercepts that reproduce each channel's total at the prior mean of the rest, shape (channel,)."""
        out = np.empty(len(self.counts))
        for c, (a, b) in enumerate(pairwise(self.first)):
            columns = self.columns[a:b]
            rest = prior_mean[columns] @ self.design[a:b] - prior_mean[columns[0]]
            out[c] = np.log((self.counts[c].sum() + 0.5) / np.exp(rest).sum())
        return out

    def log_posterior(self, beta: Floats, log_alpha: Floats) -> float:
        """Log likelihood plus log prior density, in nats."""
        return self.evaluate(beta, log_alpha).value

    def evaluate(self, beta: Floats, log_alpha: Floats, *, expected: bool = False) -> Evaluation:
        """Return the log posterior with its derivatives.

        Parameters
        ----------
        beta : ndarray of shape (coefficient,)
        log_alpha : ndarray of shape (class,)
        expected : bool
            Whether the information is to be expected over counts rather than observed.
        """
        gradient = -(beta - self.prior_mean) / self.prior_sd**2
        information = np.diag(1 / self.prior_sd**2)
        mean, sd = DISPERSION_PRIOR
        alpha_gradient, alpha_curvature = -(log_alpha - mean) / sd**2, np.full(len(log_alpha), 1 / sd**2)
        prior = (
            -0.5
            * (((beta - self.prior_mean) / self.prior_sd) ** 2 + np.log(2 * np.pi * self.prior_sd**2)).sum()
        )
        prior += -0.5 * (((log_alpha - mean) / sd) ** 2 + np.log(2 * np.pi * sd**2)).sum()
        r = np.exp(-log_alpha[self.class_of])
        sums = _add_channels(
            self.design, self.first, self.columns, self.counts, beta, 1 / r, expected, gradient, information
        )
        np.add.at(alpha_gradient, self.class_of, -r * sums[:, 1])
        np.add.at(alpha_curvature, self.class_of, -r * r * sums[:, 2] - r * sums[:, 1])
        log_likelihood = float(sums[:, 0].sum())
        # the likelihood may curve upwards far from the mode; the prior's curvature is then the safe step
        return Evaluation(
            float(prior) + log_likelihood,
            log_likelihood,
            gradient,
            information,
            alpha_gradient,
            np.maximum(alpha_curvature, 1 / sd**2),
        )


@inlined
def exponentials(values: Floats, bits: Ints) -> None:
    """Replace values by their exponentials, right to the last digit or the one before; `bits` is room to work in."""
    powers = bits.view(np.float64)
    for t in range(len(values)):
        value = min(max(values[t], -_FARTHEST), _FARTHEST)
        n = np.floor(value * _PER_LN2 + 0.5)
        rest = (value - n * _LN2) - n * _LN2_REST
        square = rest * rest
        p = rest * ((_P0 * square + _P1) * square + 1.0)
        q = ((_Q0 * square + _Q1) * square + _Q2) * square + 2.0
        values[t] = 1.0 + 2.0 * p / (q - p)
        bits[t] = (np.int64(n) + _EXPONENT) << _FRACTION_BITS
    for t in range(len(values)):
        values[t] *= powers[t]


@inlined
def _weigh(
    mu: Floats, counts: Floats, alpha: float, expected: bool, slope: Floats, curve: Floats, share: Floats
) -> None:
    """Fill each day's slope and curvature in the log rate, and its ``mu / (1 / alpha + mu)``."""
    for t in range(len(mu)):
        y, m = counts[t], mu[t]
        inverse = 1 / (1 + alpha * m)
        slope[t] = (y - m) * inverse
        curve[t] = m * inverse if expected else m * (1 + alpha * y) * inverse * inverse
        share[t] = alpha * m * inverse


@inlined
def _logs(mu: Floats, alpha: float, product: Floats) -> float:
    """Return the sum of ``log1p(alpha mu)``, from one logarithm for sixteen days."""
    for t in range(len(product)):
        product[t] = 1.0
    for start in range(0, len(mu), len(product)):
        some = mu[start : start + len(product)]
        for t in range(len(product)):
            product[t] *= 1 + alpha * some[t]
    total = 0.0
    for t in range(len(product)):
        total += np.log(product[t])
    return total


@_summing
def _both(values: Floats) -> tuple[float, float]:
    """Return the sum of values and that of their squares."""
    total, squares = 0.0, 0.0
    for t in range(len(values)):
        total += values[t]
        squares += values[t] * values[t]
    return total, squares


@_summing
def add_products(rows: Floats, values: Floats, out: Floats) -> None:
    """Add ``rows @ values``."""
    for i in range(len(rows)):
        row, total = rows[i], 0.0
        for t in range(len(values)):
            total += row[t] * values[t]
        out[i] += total


@_summing
def _add_squares(rows: Floats, weighted: Floats, out: Floats) -> None:
    """Add ``rows @ weighted.T``, tile by tile on and below the diagonal."""
    for i in range(0, len(rows), _TILE):
        a, b, c, d = rows[i], rows[i + 1], rows[i + 2], rows[i + 3]
        for j in range(0, i + _TILE, _TILE):
            w, x, y, z = weighted[j], weighted[j + 1], weighted[j + 2], weighted[j + 3]
            aw = ax = ay = az = bw = bx = by = bz = cw = cx = cy = cz = dw = dx = dy = dz = 0.0
            for t in range(len(a)):
                aw, ax, ay, az = aw + a[t] * w[t], ax + a[t] * x[t], ay + a[t] * y[t], az + a[t] * z[t]
                bw, bx, by, bz = bw + b[t] * w[t], bx + b[t] * x[t], by + b[t] * y[t], bz + b[t] * z[t]
                cw, cx, cy, cz = cw + c[t] * w[t], cx + c[t] * x[t], cy + c[t] * y[t], cz + c[t] * z[t]
                dw, dx, dy, dz = dw + d[t] * w[t], dx + d[t] * x[t], dy + d[t] * y[t], dz + d[t] * z[t]
            tile = out[i : i + _TILE, j : j + _TILE]
            tile[0, 0] += aw
            tile[0, 1] += ax
            tile[0, 2] += ay
            tile[0, 3] += az
            tile[1, 0] += bw
            tile[1, 1] += bx
            tile[1, 2] += by
            tile[1, 3] += bz
            tile[2, 0] += cw
            tile[2, 1] += cx
            tile[2, 2] += cy
            tile[2, 3] += cz
            tile[3, 0] += dw
            tile[3, 1] += dx
            tile[3, 2] += dy
            tile[3, 3] += dz


@inlined
def sweep(
    design: Floats, beta: Floats, counts: Floats, alpha: float, expected: bool
) -> tuple[Floats, Floats, Floats, tuple[float, float, float]]:
    """Run over the days of one channel.

    Parameters
    ----------
    design : ndarray of shape (k, day)
    beta : ndarray of shape (k,)
    counts : ndarray of shape (day,)
    alpha : float
    expected : bool

    Returns
    -------
    mu : ndarray of shape (day,)
    gradient : ndarray of shape (k,)
    information : ndarray of shape (k, k)
    sums : tuple of float
        The log likelihood, and its first and second derivative in ``1 / alpha``.
    """
    k, days = design.shape
    rows = -(-k // _TILE) * _TILE
    out, gradient, information = np.empty(days), np.zeros(rows), np.zeros((rows, rows))
    value, first, second = 0.0, 0.0, 0.0
    r = 1 / alpha
    part, weighted = np.zeros((rows, BLOCK)), np.zeros((rows, BLOCK))
    mu, y, share = np.empty(BLOCK), np.empty(BLOCK), np.empty(BLOCK)
    slope, curve = np.empty(BLOCK), np.empty(BLOCK)
    bits, product = np.empty(BLOCK, np.int64), np.empty(_LANES)
    for start in range(0, days, BLOCK):
        n = min(BLOCK, days - start)
        of_block = counts[start : start + n]
        for t in range(BLOCK):
            mu[t], y[t] = 0.0, of_block[t] if t < n else 0.0
        for i in range(k):
            feature, own, factor = design[i, start : start + n], part[i], beta[i]
            for t in range(n):
                own[t] = feature[t]
                mu[t] += factor * feature[t]
        exponentials(mu, bits)
        for t in range(n, BLOCK):
            mu[t] = 0.0  # what is left of the block adds nothing
        of_block = out[start : start + n]
        for t in range(n):
            of_block[t] = mu[t]
        _weigh(mu, y, alpha, expected, slope, curve, share)
        logs = _logs(mu, alpha, product)
        shares, squares = _both(share)
        value -= r * logs
        first += shares - logs
        second += alpha * squares
        for t in range(n):  # every day's zero term is there; busy days add their counts
            if y[t] > 0:
                inverse = 1 / (r + mu[t])
                value += y[t] * np.log(mu[t] * inverse)
                first -= y[t] * inverse
                second += y[t] * inverse * inverse
                for j in range(int(y[t])):
                    value += np.log((r + j) / (j + 1))
                    first += 1 / (r + j)
                    second -= 1 / ((r + j) * (r + j))
        for i in range(k):
            own, heavy = part[i], weighted[i]
            for t in range(BLOCK):
                heavy[t] = own[t] * curve[t]
        add_products(part, slope, gradient)
        _add_squares(part, weighted, information)
    for i in range(k):
        for j in range(i):
            information[j, i] = information[i, j]
    return out, gradient[:k], information[:k, :k], (value, first, second)


@compiled
def _add_channels(
    design: Floats,
    first: Ints,
    columns: Ints,
    counts: Floats,
    beta: Floats,
    alpha: Floats,
    expected: bool,
    gradient: Floats,
    information: Floats,
) -> Floats:
    """Add every channel's gradient and information; return the sums of `sweep`, shape (channel, 3)."""
    sums = np.empty((len(counts), 3))
    for c in range(len(counts)):
        own = columns[first[c] : first[c + 1]]
        part = design[first[c] : first[c + 1]]
        _, slope, square, (value, up, bend) = sweep(part, beta[own], counts[c], alpha[c], expected)
        sums[c, 0], sums[c, 1], sums[c, 2] = value, up, bend
        for i in range(len(own)):
            gradient[own[i]] += slope[i]
            for j in range(len(own)):
                information[own[i], own[j]] += square[i, j]
    return sums
