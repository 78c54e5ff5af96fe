"""What held-out quarters say between arguments, and the forecast stacked over them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from detente.argument.argument import Argument
from detente.base.arrays import Floats
from detente.base.days import Window
from detente.base.errors import ArgumentError, Fault
from detente.lab.case import Case
from detente.model.layout import lay_out
from detente.studies.scoring.backtest_result import Backtest
from detente.studies.scoring.protocol import SHARE, Protocol, protocol_of
from detente.studies.scoring.scores import block_bootstrap

_ROUNDS = 500  # of the expectation-maximisation, which climbs a concave likelihood


@dataclass(frozen=True, slots=True)
class Contest:
    """The paired difference of two arguments' quarterly log scores, first minus second, in nats a quarter.

    Attributes
    ----------
    quarters : int
    mean, low, high : float
        Mean with its central 90 % block-bootstrap interval.
    """

    quarters: int
    mean: float
    low: float
    high: float

    def favours(self, first: str, second: str) -> str | None:
        """Return the argument that the quarters favour, or None if the interval holds zero."""
        return first if self.low > 0 else second if self.high < 0 else None

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return {"quarters": self.quarters, "mean": self.mean, "low": self.low, "high": self.high}


@dataclass(frozen=True)
class Competition:
    """Arguments on the same held-out quarters.

    Attributes
    ----------
    names : tuple of str
    starts : tuple of date
        First day of each quarter.
    end : date
        End of the last.
    split : date or None
        Quarters before it are not out of sample for the arguments' authors.
    scores : ndarray of shape (argument, quarter)
        Log density of each quarter, in nats.
    weights : ndarray of shape (quarter + 1, argument)
        Stacking weights at the start of each quarter from the quarters before it alone, and after the last.
    seed : int
        Of the bootstrap.
    """

    names: tuple[str, ...]
    starts: tuple[date, ...]
    end: date
    split: date | None
    scores: Floats
    weights: Floats
    seed: int

    @property
    def stacked(self) -> Floats:
        """Log density that the stacked forecast gave each quarter, shape (quarter,)."""
        return _log_mix(self.scores, self.weights[:-1])

    def weights_at(self, day: date) -> Floats:
        """Return the weights from the quarters that had ended by a day, shape (argument,)."""
        ends = (*self.starts[1:], self.end)
        return np.asarray(self.weights[sum(end <= day for end in ends)])

    def contest(self, first: str, second: str, *, held_out: bool | None = None) -> Contest:
        """Compare two arguments, or one with ``stacked``, quarter by quarter.

        Parameters
        ----------
        first, second : str
        held_out : bool, optional
            Only the quarters from the split on, or only those before it.
        """
        chosen = np.ones(len(self.starts), dtype=bool)
        if held_out is not None and self.split is not None:
            chosen = np.array([(day >= self.split) == held_out for day in self.starts])
        gap = (self._of(first) - self._of(second))[chosen]
        mean, low, high = block_bootstrap(gap, seed=self.seed, share=SHARE)
        return Contest(int(chosen.sum()), mean, low, high)

    def _of(self, name: str) -> Floats:
        return self.stacked if name == "stacked" else np.asarray(self.scores[self.names.index(name)])

    @property
    def verdict(self) -> str:
        """Return the argument that the quarters from the split on favour over the next best, or ``cannot tell``."""
        first, second = self.best_two()
        return self.contest(first, second, held_out=self.judged).favours(first, second) or "cannot tell"

    @property
    def judged(self) -> bool | None:
        """Whether the quarters from the split on are judged (True), or all because there are none of them (None)."""
        late = self.split is not None and any(day >= self.split for day in self.starts)
        return True if late else None

    def best_two(self) -> tuple[str, str]:
        """Return the two arguments, or the two with the highest mean scores."""
        if len(self.names) == 2:
            return self.names[0], self.names[1]
        order = np.argsort(-self.scores.mean(axis=1), kind="stable")
        return self.names[int(order[0])], self.names[int(order[1])]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        first, second = self.best_two()
        parts: dict[str, Any] = {"all": self.contest(first, second).to_dict()}
        if self.split is not None:
            for name, held_out in (("before_split", False), ("after_split", True)):
                found = self.contest(first, second, held_out=held_out)
                if found.quarters:
                    parts[name] = found.to_dict()
        return {
            "arguments": list(self.names),
            "compared": [first, second],
            "split": self.split.isoformat() if self.split else None,
            **parts,
            "verdict": self.verdict,
            "quarters": [day.isoformat() for day in self.starts],
            "stacked": {
                "log_score": float(self.stacked.mean()),
                "against": {name: self.contest("stacked", name).to_dict() for name in self.names},
                "weights": [
                    dict(zip(self.names, row, strict=True)) for row in np.asarray(self.weights).tolist()
                ],
            },
        }


def competition(names: Sequence[str], found: Sequence[Backtest]) -> Competition:
    """Set backtests of several arguments on the same days side by side.

    Parameters
    ----------
    names : sequence of str
    found : sequence of Backtest
        On one protocol.
    """
    protocol = in_common([one.protocol for one in found])
    if protocol is None:
        raise ValueError("the backtests stand on other days")
    scores = np.array([one.scores[0] for one in found])
    weights = np.array([stacking(scores[:, :q]) for q in range(scores.shape[1] + 1)])
    return Competition(
        tuple(names), protocol.origins, protocol.end, protocol.split, scores, weights, protocol.seed
    )


def same_days(cases: Sequence[Case]) -> None:
    """Refuse arguments about other principals or acts, or with other gaps or first days.

    Sums of log densities over other acts or days say nothing about each other: the one with more channels loses.

    Raises
    ------
    ArgumentError
    DataError
        If the chronicle has no whole quarter to score.
    """
    first, *others = cases
    for case in others:
        for name, of in _ALIKE.items():
            if (got := of(case.argument)) != of(first.argument):
                raise _unlike(name, got, case, first)
        if not same_acts(first, case.argument):
            raise _unlike("channels", _labels(case), case, first)
        if in_common([protocol_of(one.argument, one.chronicle) for one in (first, case)]) is None:
            raise _unlike("run.fit_from", case.argument.run.fit_from, case, first)


def same_acts(case: Case, other: Argument) -> bool:
    """Return whether the channels of another argument take the acts that those of a case's own take."""
    return _taken(case.argument, case) == _taken(other, case)


def _taken(argument: Argument, case: Case) -> set[tuple[object, ...]]:
    return {
        (
            frozenset(c.source.members),
            frozenset(c.target.members),
            c.classes,
            c.joint,
            c.actions,
            c.modes,
            c.only,
        )
        for c in lay_out(argument, case.chronicle.scheme).channels
    }


def _labels(case: Case) -> tuple[str, ...]:
    return tuple(channel.label for channel in lay_out(case.argument, case.chronicle.scheme).channels)


def _unlike(name: str, got: object, case: Case, first: Case) -> ArgumentError:
    where, other = case.argument.argument, first.argument.argument
    return ArgumentError(Fault("unlike", name, got=got, where=where, other=other))


def _gaps_of(argument: Argument) -> tuple[str, ...]:
    return tuple(str(Window(gap.start, gap.end)) for gap in argument.gaps)


_ALIKE: dict[str, Callable[[Argument], object]] = {
    "principals": lambda argument: argument.principals,
    "gaps": _gaps_of,
}


def in_common(protocols: Sequence[Protocol]) -> Protocol | None:
    """Return the protocol on which several arguments are scored alike; None if their quarters differ.

    Its split is the latest of theirs: only quarters from then on are held out from every one of them.

    Examples
    --------
    >>> from dataclasses import replace
    >>> own = Protocol((), (), (date(2000, 1, 1), date(2000, 4, 1)), date(2000, 7, 1), None, False)
    >>> in_common([own, replace(own, split=date(2000, 3, 1))]).split
    datetime.date(2000, 3, 1)
    >>> in_common([own, replace(own, end=date(2000, 10, 1))])
    """
    split = max((own.split for own in protocols if own.split is not None), default=None)
    first, *others = (replace(own, split=split) for own in protocols)
    return None if any(other != first for other in others) else first


def stacking(scores: Floats) -> Floats:
    """Return the weights under which a mixture would have given the quarters the highest log density.

    Parameters
    ----------
    scores : ndarray of shape (argument, quarter)
        Log densities. Without a quarter the weights are equal.

    Examples
    --------
    >>> stacking(np.array([[-1.0, -1.0], [-9.0, -9.0]])).round(2).tolist()
    [1.0, 0.0]
    >>> stacking(np.array([[-1.0, -9.0], [-9.0, -1.0]])).round(2).tolist()
    [0.5, 0.5]
    """
    weights = np.full(len(scores), 1 / len(scores))
    if scores.shape[1] == 0:
        return weights
    density = np.exp(scores - scores.max(axis=0))
    for _ in range(_ROUNDS):
        share = weights[:, None] * density
        weights = (share / share.sum(axis=0)).mean(axis=1)
    return weights


def _log_mix(scores: Floats, weights: Floats) -> Floats:
    top = scores.max(axis=0)
    return np.asarray(top + np.log((weights.T * np.exp(scores - top)).sum(axis=0)))
