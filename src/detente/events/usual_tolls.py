"""What an unknown toll is taken to be: what acts of the same action usually cost, as far as tolls are recorded."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from detente.base.arrays import Floats, Ints

_PARTS = 1024  # a usual toll is a multiple of one part, so that sums are the same in any order


@dataclass(frozen=True, eq=False)
class UsualTolls:
    """Usual deaths of an act by its action, for one past that chronicles share or for each chronicle its own.

    The usual toll is ``exp(mean of log(1 + deaths)) - 1`` over the recorded tolls of the action: the scale on which
    the model imputes what a memory takes of an unknown toll. An action whose toll was never recorded kills nobody, as
    in futures: tolls are recorded where people die. Where no toll at all was recorded nothing is known.

    Attributes
    ----------
    actions : tuple of str
    deaths : ndarray of shape (chronicle or 1, action)
        Infinite where nothing is known.

    Examples
    --------
    >>> acts = pl.Series(["ASSAULT", "ASSAULT", "ASSAULT", "THREATEN"])
    >>> usual = UsualTolls.of(acts, np.array([0, 4]), np.arange(4), np.array([0, 3, -1, -1]))
    >>> dict(zip(usual.actions, usual.deaths[0].round(6).tolist()))
    {'ASSAULT': 1.0, 'THREATEN': 0.0}
    """

    actions: tuple[str, ...]
    deaths: Floats

    @classmethod
    def of(
        cls, actions: pl.Series, starts: Ints, act: npt.NDArray[np.integer], deaths: npt.NDArray[np.integer]
    ) -> UsualTolls:
        """Learn them from the acts of chronicles.

        Parameters
        ----------
        actions : Series of shape (look,)
        starts : ndarray of shape (chronicle + 1,)
        act, deaths : ndarray of shape (act,)
            Look and toll of each act; a toll below 0 is not known.
        """
        names = tuple(actions.fill_null("").unique().sort().to_list())
        chronicles, kinds = len(starts) - 1, len(names)
        known = np.flatnonzero(deaths >= 0)
        chronicle = np.searchsorted(starts, known, side="right") - 1
        cell = chronicle * kinds + _numbers(actions, names)[act[known]]
        size = chronicles * kinds
        count = np.bincount(cell, minlength=size).reshape(chronicles, kinds)
        total = np.bincount(cell, np.log1p(deaths[known].astype(float)), minlength=size)
        mean = np.expm1(total.reshape(chronicles, kinds) / np.maximum(count, 1))
        exact = np.round(mean * _PARTS) / _PARTS
        return cls(names, np.where(count.any(axis=1, keepdims=True), exact, np.inf))

    def on(self, actions: pl.Series, chronicles: int) -> tuple[Ints, Floats]:
        """Return the column of each look of a table, and the usual tolls of each chronicle, shape (chronicle, column).

        Actions that were not met before are taken as those whose toll was never recorded.
        """
        names = (*self.actions, *sorted(set(actions.fill_null("").to_list()) - set(self.actions)))
        rows = np.broadcast_to(self.deaths, (chronicles, len(self.actions)))
        none = np.where(np.isinf(self.deaths).all(axis=1), np.inf, 0.0)
        more = np.broadcast_to(none[:, None], (chronicles, len(names) - len(self.actions)))
        return _numbers(actions, names), np.ascontiguousarray(np.hstack([rows, more]))


def _numbers(actions: pl.Series, names: tuple[str, ...]) -> Ints:
    number = {name: i for i, name in enumerate(names)}
    return np.array([number[name] for name in actions.fill_null("").to_list()], dtype=np.int64)
