"""Compiled arithmetic of the simulation kernel: random words, float32 logarithms, the law of a day's count.

numba's cache on disk notices a change of the file a function stands in, not of a file it calls into. After a change
here, `MATH` in `detente.futures.kernel.loop` must change too; a test says to what.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from detente.base.compiled import compiled, inlined

MAX_RATE_PER_DAY = 1e6
MAX_EVENTS_PER_FUTURE = 1_000_000
LARGEST_CLUSTER_RATE = 32.0  # per part of a day; exp(-32) still has all its digits in 1 - exp(-32)


# Every constant has the type it is used in: one stray float64 or int64 halves the width of a vectorised loop.
MASK, M0, M1, W0, W1 = (np.uint64(x) for x in (0xFFFFFFFF, 0xD2511F53, 0xCD9E8D57, 0x9E3779B9, 0xBB67AE85))
WORD_BITS = np.uint64(32)
NO_BITS, ONE_BIT = np.uint32(0), np.uint32(1)
PER_WORD, PER_HALF = 2.0**-32, 2.0**-16
ZERO, ONE, HALF = np.float32(0), np.float32(1), np.float32(0.5)
TINY, HUGE, NAN = np.float32(1e-37), np.float32(3e38), np.float32(np.nan)
NO_EXPONENT, FRACTION_BITS = np.int32(0), np.int32(23)
SQRT_HALF = np.float32(np.sqrt(0.5)).view(np.int32)
LN2, LN2_REST = np.float32(0.693359375), np.float32(-2.12194440e-4)
L0, L1, L2 = np.float32(7.0376836292e-2), np.float32(-1.1514610310e-1), np.float32(1.1676998740e-1)
L3, L4, L5 = np.float32(-1.2420140846e-1), np.float32(1.4249322787e-1), np.float32(-1.6668057665e-1)
L6, L7, L8 = np.float32(2.0000714765e-1), np.float32(-2.4999993993e-1), np.float32(3.3333331174e-1)
LOG_MAX_RATE, LOWEST_ETA = np.float32(np.log(MAX_RATE_PER_DAY)), np.float32(-85)
EXP_SLOPE = np.float32(2.0**23 / np.log(2.0))
EXP_OFFSET = np.float32(127 * 2.0**23 + 1024)  # the last part outweighs the rounding of the sum


def _read_bits(_context: Any, value: Any) -> Any:
    def build(_target: Any, builder: Any, _signature: Any, args: Any) -> Any:
        return builder.bitcast(args[0], ir.IntType(32))

    return types.int32(types.float32), build


def _read_float(_context: Any, value: Any) -> Any:
    def build(_target: Any, builder: Any, _signature: Any, args: Any) -> Any:
        return builder.bitcast(args[0], ir.FloatType())

    return types.float32(types.int32), build


def _multiply_add(_context: Any, a: Any, b: Any, c: Any) -> Any:
    def build(_target: Any, builder: Any, _signature: Any, args: Any) -> Any:
        return builder.fma(*args)

    return types.float32(types.float32, types.float32, types.float32), build


bits_of = cast(Callable[[Any], Any], intrinsic(_read_bits))  # float32 -> int32 of the same bits
float_of = cast(Callable[[Any], Any], intrinsic(_read_float))  # and back
fma = cast(Callable[[Any, Any, Any], Any], intrinsic(_multiply_add))  # a * b + c in float32, rounded once


@inlined
def philox(c0: Any, c1: Any, c2: Any, c3: Any, k0: Any, k1: Any) -> Any:
    """Return the four 32-bit words of Philox4x32-10 at a counter, under a key (all uint64 below 2**32)."""
    for _ in range(10):
        p0, p1 = M0 * c0, M1 * c2
        c0, c1 = (p1 >> WORD_BITS) ^ c1 ^ k0, p1 & MASK
        c2, c3 = (p0 >> WORD_BITS) ^ c3 ^ k1, p0 & MASK
        k0, k1 = (k0 + W0) & MASK, (k1 + W1) & MASK
    return c0, c1, c2, c3


@inlined
def log1p32(x: Any) -> Any:
    """Return log(1 + x) in float32, to 3e-7 of its value; NaN where 1 + x is not positive and finite.

    The coefficients are those of Cephes' logf between sqrt(1/2) and sqrt(2).
    """
    y = ONE + x
    bits = bits_of(y)
    exponent = np.int32(np.int32(bits - SQRT_HALF) >> FRACTION_BITS)
    # Near zero 1 + x has lost digits that x still holds.
    f = x if exponent == NO_EXPONENT else float_of(np.int32(bits - (exponent << FRACTION_BITS))) - ONE
    z, e = f * f, np.float32(exponent)
    p = fma(fma(fma(fma(L0, f, L1), f, L2), f, L3), f, L4)
    p = fma(fma(fma(fma(p, f, L5), f, L6), f, L7), f, L8)
    p = fma(fma(p, f, -HALF), z, e * LN2_REST)
    return fma(e, LN2, p + f) if (y > TINY) & (y < HUGE) else NAN


@inlined
def rate_ceiling32(eta: Any) -> Any:
    """Return a float32 above exp(eta), by at most 6.2 %, for eta from -85 to the log of the largest rate allowed.

    Writing a number into the exponent of a float draws the chord of 2**x between whole numbers, and the chord of a
    convex curve lies above it: two instructions instead of an exponential, for a test that fails 99 times in 100.
    """
    bounded = eta if eta < LOG_MAX_RATE else LOG_MAX_RATE  # also where eta is not a number
    bounded = bounded if bounded > LOWEST_ETA else LOWEST_ETA
    return float_of(np.int32(fma(bounded, EXP_SLOPE, EXP_OFFSET)))


@compiled
def cluster_rate(mean: Any, alpha: Any) -> Any:
    """Return log1p(alpha * mean) / alpha, the rate of clusters of acts; the mean itself as alpha goes to zero.

    A negative binomial count is a Poisson number of clusters, each of logarithmic size. Source: [quenouille1949].
    """
    x = alpha * mean
    return mean * (1.0 - 0.5 * x) if x < 1e-8 else np.log1p(x) / alpha


@compiled
def count_from(u: Any, mean: Any, alpha: Any, rate: Any, parts: Any) -> Any:
    """Return the count whose upper tail holds `u`, for one of the equal `parts` of a channel's day.

    Small `u` is a large count, so that a rare day costs no digits. Stops one above the most a future may hold.
    """
    tail = -np.expm1(-rate / parts)
    chance = 1.0 - tail if tail < 0.5 else np.exp(-rate / parts)
    count = 0
    while u < tail and count <= MAX_EVENTS_PER_FUTURE:
        chance *= (count * alpha + 1.0 / parts) * mean / ((count + 1.0) * (1.0 + alpha * mean))
        tail -= chance
        count += 1
        if chance < 1e-20:  # far out, where the subtraction holds only rounding
            break
    return count


@compiled
def draw_count(draw: Any, mean: Any, alpha: Any, future: Any, day: Any, stream: Any, k0: Any, k1: Any) -> Any:
    """Return a channel's count from its 16-bit draw, lengthened to 48 bits."""
    a, b, _, _ = philox(future, day, stream, np.uint64(0), k0, k1)
    rate, u = cluster_rate(mean, alpha), (draw + (np.float64(a) + 0.5) * PER_WORD) * PER_HALF
    if rate <= LARGEST_CLUSTER_RATE:
        return count_from(u, mean, alpha, rate, 1.0)
    # exp(-rate) would run out of digits. The law is infinitely divisible: add up equal parts with a draw each.
    parts = np.ceil(rate / LARGEST_CLUSTER_RATE)
    count = count_from(u, mean, alpha, rate, parts)
    for part in range(1, np.int64(parts)):
        a, b, _, _ = philox(future, day, stream, np.uint64(part), k0, k1)
        u = (np.float64(a) + (np.float64(b) + 0.5) * PER_WORD) * PER_WORD
        count += count_from(u, mean, alpha, rate, parts)
        if count > MAX_EVENTS_PER_FUTURE:
            break
    return count


@compiled
def draw_act(until: Any, first: Any, word: Any) -> Any:
    """Return the row of the act table that a word picks, from the channel's first on."""
    act, u = first, (np.float64(word) + 0.5) * PER_WORD
    while u >= until[act]:
        act += 1
    return act


@inlined
def unit(high: Any, low: Any) -> Any:
    """Return a float64 above 0 and below 1 from two words."""
    return (np.float64(high) + (np.float64(low) + 0.5) * PER_WORD) * PER_WORD
