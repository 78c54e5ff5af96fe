"""How grave acts of force are, given that they happen: the statistic of claims about the size of an answer.

An act of force goes up a ladder: shown or threatened, used, used with dead, used with many dead. At each rung it either
goes on or stops, so that the coefficient of a feature says how it changes the odds of one more step.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np

from detente.argument.argument import Argument
from detente.argument.sides import sides_of
from detente.base.arrays import Bools, Floats, Ints
from detente.base.random import Stream, generator
from detente.events.phase_days import read_days
from detente.events.phases import Phase, label
from detente.model.known import Known
from detente.model.program import Design
from detente.studies.claims.episodes import MANY_DEATHS, REPRISAL_DAYS
from detente.studies.claims.shifts import SHIFTS

RUNGS = 3  # steps of the ladder above force that is only shown
_LEVEL_SD, _GIVEN_SD = (
    3.0,
    1.0,
)  # of priors on the log odds: of each rung, of each side and each feature given
_STEPS = 50


@dataclass(frozen=True, slots=True)
class Ladder:
    """Acts of force with how far each went and what might explain it.

    Attributes
    ----------
    height : ndarray of shape (act,)
        Rungs climbed, 0 to `RUNGS`.
    judged : ndarray of shape (act, term)
        Features of the contrast's terms.
    given : ndarray of shape (act, column)
        What else predicts the size: one column for each side but the first, then the features given.
    group : ndarray of shape (act,)
        Acts of one side in one era; features are shifted within.
    year, era : ndarray of shape (act,)
    prior_mean, prior_sd : ndarray of shape (term,)
        Of the contrast's terms; a change of the log odds is one of the log rate of graver acts against lighter ones.
    weight : ndarray of shape (term,)
        Of the contrast.
    given_sd : float
        Of the priors on the features given.
    """

    height: Ints
    judged: Floats
    given: Floats
    group: Ints
    year: Ints
    era: Ints
    prior_mean: Floats
    prior_sd: Floats
    weight: Floats
    given_sd: float = _GIVEN_SD

    @property
    def prior_sds(self) -> Floats:
        """Prior sds of all coefficients: of each rung, of what is given, of the contrast's terms."""
        given = np.full(self.given.shape[1], self.given_sd)
        return np.concatenate([np.full(RUNGS, _LEVEL_SD), given, self.prior_sd])

    def without(self, year: int) -> Ladder:
        """Return the acts of all other years."""
        kept = self.year != year
        names = ("height", "judged", "given", "group", "year", "era")
        return replace(self, **{name: getattr(self, name)[kept] for name in names})

    def by_era(self) -> Ladder:
        """Return the same with a level for each era but the first."""
        levels = (self.era[:, None] == np.unique(self.era)[1:]).astype(float)
        return replace(self, given=np.concatenate([levels, self.given], axis=1))


@dataclass(frozen=True, slots=True)
class SizeFit:
    """A fit of the odds of one more step: mode, and covariance of the contrast's terms.

    Attributes
    ----------
    mode : ndarray of shape (rung + column + term,)
    precision : ndarray of shape (the same, the same)
    """

    mode: Floats
    precision: Floats

    def contrast(self, weight: Floats) -> tuple[float, float]:
        """Return mean and sd of a contrast of the last coefficients."""
        k = len(weight)
        inverse = np.linalg.inv(self.precision)[-k:, -k:]
        return float(weight @ self.mode[-k:]), float(np.sqrt(weight @ inverse @ weight))


def read_ladder(
    argument: Argument,
    known: Known,
    design: Design,
    of: str,
    *,
    weight: Floats,
    given: Sequence[int],
    prior_mean: Floats,
    prior_sd: Floats,
    eras: Sequence[int],
) -> Ladder | None:
    """Read the acts of force that a claim about sizes is judged on; None where there are too few to go up or stop.

    Parameters
    ----------
    argument, known
    design : Design
        Of the program that has the terms; an act's features are those of its channel and day.
    of : str
        ``answers``: a principal's acts within `REPRISAL_DAYS` of force that its side received; ``force in crises``:
        acts on days on whose eve a crisis or hostilities held.
    weight : ndarray of shape (coefficient,)
        Of the contrast.
    given : sequence of int
        Coefficients whose features the size is predicted from.
    prior_mean, prior_sd : ndarray of shape (coefficient,)
    eras : sequence of int
        First day of each era, and the day after the last.
    """
    layout, events, window = known.layout, known.chronicle.events, known.window
    own = [layout.index(c) for c in layout.directed("force")]
    exact = (events["precision"] == "day").to_numpy()
    day = (events["date"] - window.start).dt.total_days().to_numpy()
    place = window.indices(events["date"])
    inside = np.isin(known.channel_of, own) & exact & (place >= 0)
    inside &= _answers(known, day, exact) if of == "answers" else _in_crisis(argument, known, day)
    acts = np.flatnonzero(inside)
    if len(acts) < 2:
        return None
    columns, first, rows = design
    judged = np.flatnonzero(weight)

    def features(coefficients: Sequence[int] | Ints) -> Floats:
        out = np.zeros((len(acts), len(coefficients)))
        for i, act in enumerate(acts):
            a, b = first[known.channel_of[act]], first[known.channel_of[act] + 1]
            for j, coefficient in enumerate(coefficients):
                at = np.flatnonzero(columns[a:b] == coefficient)
                out[i, j] = rows[a + at[0], place[act]] if len(at) else 0.0
        return out

    side = np.searchsorted(own, known.channel_of[acts])
    era = np.searchsorted(eras, place[acts], side="right") - 1
    sides = (side[:, None] == np.arange(1, len(own))).astype(float)
    height = _heights(argument, known)[acts]
    if not ((height > 0).any() and (height < RUNGS).any()):
        return None
    return Ladder(
        height,
        features(judged),
        np.concatenate([sides, features(given)], axis=1),
        era * len(own) + side,
        events["date"].dt.year().to_numpy()[acts].astype(np.int64),
        era,
        prior_mean[judged],
        prior_sd[judged],
        weight[judged],
    )


def _heights(argument: Argument, known: Known) -> Ints:
    """Return how many rungs each act climbed; an unknown toll counts as the fit counts it, own dead as none."""
    events = known.chronicle.events
    lives = np.expm1(known.log_deaths(impute=argument.run.unknown_deaths == "impute"))
    lives = np.where(known.lost_in == known.channel_of, lives, 0.0)
    used = (events["action"] == "ASSAULT").to_numpy()
    return np.where(used, 1 + (lives >= 1).astype(int) + (lives >= MANY_DEATHS), 0)


def _answers(known: Known, day: Ints, exact: Bools) -> Bools:
    """Say which acts come within a month of force that the acting principal's side received."""
    out = np.zeros(len(day), dtype=bool)
    for channel in known.layout.directed("force"):
        received = [known.layout.index(c) for c, _ in known.layout.received(channel, "force")]
        hit = np.sort(day[np.isin(known.channel_of, received) & exact])
        own = known.channel_of == known.layout.index(channel)
        last = np.searchsorted(hit, day, side="right") - 1
        since = np.where(last >= 0, day - hit[np.maximum(last, 0)], REPRISAL_DAYS + 1) if len(hit) else None
        if since is not None:
            out |= own & (since <= REPRISAL_DAYS)
    return out


def _in_crisis(argument: Argument, known: Known, day: Ints) -> Bools:
    """Say which acts come on a day on whose eve a crisis or hostilities held."""
    window = known.chronicle.window
    sides = sides_of(argument, known.as_of, known.cut.gaps)
    phase, _ = label(read_days(known.chronicle.events, window, sides, scheme=known.chronicle.scheme))
    held = np.isin(phase[0], (Phase.CRISIS, Phase.HOSTILITIES))
    eve = day - 1 + (known.window.start - window.start) // timedelta(days=1)
    return np.asarray((eve >= 0) & (eve < len(held)) & held[np.clip(eve, 0, len(held) - 1)])


def fit_sizes(ladder: Ladder, *, effect: float | None = None, own_mean: bool = False) -> SizeFit:
    """Fit the odds of one more step by Newton's method.

    Parameters
    ----------
    ladder : Ladder
    effect : float, optional
        Value at which the contrast is held, each of its terms alike; free if not given.
    own_mean : bool
        Whether the contrast's terms keep the argument's prior means; they are zero else.
    """
    x, went, _ = _trials(ladder)
    k = len(ladder.weight)
    mean = np.zeros(x.shape[1])
    precision = 1 / ladder.prior_sds**2
    if own_mean:
        mean[-k:] = ladder.prior_mean
    free = np.ones(x.shape[1], dtype=bool)
    beta = mean.copy()
    if effect is not None:
        beta[-k:] = np.sign(ladder.weight) * effect
        free[-k:] = False
    for _ in range(_STEPS):
        chance = _logistic(x @ beta)
        gradient = x.T @ (went - chance) - precision * (beta - mean)
        information = (x.T * (chance * (1 - chance))) @ x + np.diag(precision)
        step = np.linalg.solve(information[np.ix_(free, free)], gradient[free])
        beta[free] += np.clip(step, -2, 2)
        if np.abs(step).max() < 1e-8:
            break
    return SizeFit(beta, information)


@dataclass(frozen=True, slots=True)
class SizeTest:
    """The statistic of a contrast of sizes under shifts of its features among the acts, for any sizes of these acts.

    Attributes
    ----------
    ladder : Ladder
    null : SizeFit
        Without the contrast.
    features : ndarray of shape (1 + shift, act, term)
        Of the contrast's terms, shifted within each group of acts; the first in their place.
    """

    ladder: Ladder
    null: SizeFit
    features: Floats

    @classmethod
    def of(cls, ladder: Ladder, seed: int) -> SizeTest:
        """Prepare the test."""
        noise = generator(seed, Stream.SHIFTS)
        order = np.tile(np.arange(len(ladder.height)), (1 + SHIFTS, 1))
        for group in np.unique(ladder.group):
            own = np.flatnonzero(ladder.group == group)
            lag = noise.integers(0, len(own), SHIFTS)
            order[1:, own] = own[(np.arange(len(own)) - lag[:, None]) % len(own)]
        return cls(ladder, fit_sizes(ladder, effect=0.0), ladder.judged[order])

    def statistics(self, heights: Ints, shifts: int = SHIFTS) -> Floats:
        """Return posterior mean over posterior sd of the contrast, shape (1 + shift, chronicle).

        Parameters
        ----------
        heights : ndarray of shape (chronicle, act)
        shifts : int
            How many of them, the first ones.
        """
        features = self.features[: 1 + shifts]
        ladder, k = self.ladder, len(self.ladder.weight)
        x, _, act = _trials(ladder)
        rest, beta = x[:, :-k], self.null.mode
        chance = _logistic(x @ beta)
        curve = chance * (1 - chance)
        by_act = np.zeros((len(ladder.height), rest.shape[1]))
        np.add.at(by_act, act, rest * curve[:, None])
        cross = np.einsum("sak,aq->skq", features, by_act)
        weigh = np.bincount(act, curve, len(ladder.height))
        square = np.einsum("sak,a,saj->skj", features, weigh, features)
        square = square + np.diag(1 / ladder.prior_sd**2)
        back = cross @ np.linalg.inv(self.null.precision[:-k, :-k])
        inner = square - back @ cross.transpose(0, 2, 1)
        along = np.linalg.solve(inner, np.broadcast_to(ladder.weight, (len(inner), k))[..., None])[..., 0]
        scale = np.sqrt(along @ ladder.weight)[:, None]
        rungs = beta[:RUNGS] + (ladder.given @ beta[RUNGS:-k])[:, None]
        chances = _logistic(rungs)  # (act, rung)
        steps = np.arange(RUNGS)
        residual = np.where(
            heights[..., None] >= steps, (heights[..., None] > steps) - chances, 0.0
        )  # (chronicle, act, rung)
        total = residual.sum(axis=2)
        gradient = np.concatenate([residual.sum(axis=1), total @ ladder.given], axis=1)
        gradient -= beta[:-k] / ladder.prior_sds[:-k] ** 2
        own = np.einsum("sk,sak->sa", along, features)
        value = own @ total.T - np.einsum("sk,skq->sq", along, back) @ gradient.T
        return np.asarray(value / scale)

    def simulate(self, effect: float, count: int, noise: np.random.Generator) -> Ints:
        """Draw how far the acts of so many chronicles go, all else fitted with the contrast at an effect."""
        ladder, k = self.ladder, len(self.ladder.weight)
        beta = fit_sizes(ladder, effect=effect).mode
        drift = ladder.given @ beta[RUNGS:-k] + ladder.judged @ beta[-k:]
        went = noise.random((count, len(drift), RUNGS)) < _logistic(beta[:RUNGS] + drift[:, None])
        return np.asarray(np.cumprod(went, axis=2).sum(axis=2))


def _trials(ladder: Ladder) -> tuple[Floats, Floats, Ints]:
    """Return every rung at which an act went on or stopped: its features, whether it went on, and the act."""
    act, rung = np.nonzero(ladder.height[:, None] >= np.arange(RUNGS))
    levels = (rung[:, None] == np.arange(RUNGS)).astype(float)
    x = np.concatenate([levels, ladder.given[act], ladder.judged[act]], axis=1)
    return x, (ladder.height[act] > rung).astype(float), act


def _logistic(value: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-value)))
