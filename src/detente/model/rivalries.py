"""What many pairs of actors say of how any two go on and answer each other, and the prior it gives to another pair."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from importlib import resources
from typing import Any

import numpy as np

from detente.argument.argument import Argument
from detente.argument.world_prior import WorldTerm
from detente.base.arrays import Floats
from detente.events.ontology.classes import ROLES, scheme_of
from detente.model.mechanisms.base import Prior, TermSpec

RIVALRIES = "rivalries"
FEWEST_PAIRS = 10  # that must say something of a term
_BETWEEN_SCALE = 0.5  # of the half-normal prior on the sd between pairs
_BETWEEN = np.linspace(0.0, 2.0, 161)


@dataclass(frozen=True, slots=True)
class OtherPairs:
    """What pairs say of one coefficient of a pair that is not among them.

    Attributes
    ----------
    mean : float
    sd : float
        Of a new pair: the doubt about the mean and how far pairs lie apart, together.
    error, between : float
        The two parts: standard error of the mean, and sd between pairs.
    pairs : int
        Pairs that say something of it.
    """

    mean: float
    sd: float
    error: float
    between: float
    pairs: int


def pool_pairs(estimates: Floats, errors: Floats) -> OtherPairs:
    """Return what a new pair's coefficient may be, given those of other pairs with their standard errors.

    Coefficients of pairs are normal around a mean, ``N(m, t²)``, and each estimate normal around its pair's. The mean
    is flat beforehand, ``t`` half-normal with scale .5; ``t`` is integrated out on a grid, so that few pairs which
    happen to agree do not give a spread of zero.

    Parameters
    ----------
    estimates, errors : ndarray of shape (pair,)

    Returns
    -------
    OtherPairs

    Examples
    --------
    >>> found = pool_pairs(np.array([0.2, 0.5, 0.8, 0.5]), np.array([0.1, 0.1, 0.1, 0.1]))
    >>> round(found.mean, 2), found.between > 0.1, found.sd > found.between
    (0.5, True, True)
    """
    variance = errors**2 + _BETWEEN[:, None] ** 2
    weight = 1 / variance
    precision = weight.sum(axis=1)
    means = weight @ estimates / precision
    misfit = (weight * (estimates - means[:, None]) ** 2).sum(axis=1)
    log_mass = -0.5 * (np.log(variance).sum(axis=1) + np.log(precision) + misfit)
    log_mass -= 0.5 * (_BETWEEN / _BETWEEN_SCALE) ** 2
    mass = np.exp(log_mass - log_mass.max())
    mass /= mass.sum()
    mean = float(mass @ means)
    between = float(mass @ _BETWEEN**2)
    error = float(mass @ (1 / precision + (means - mean) ** 2))
    return OtherPairs(mean, (between + error) ** 0.5, error**0.5, between**0.5, len(estimates))


@dataclass(frozen=True)
class Rivalries:
    """Estimates of many pairs, each alone, with their standard errors.

    Attributes
    ----------
    source : str
        Key of the bibliography for the events behind them.
    data_until : date
        First day of which no act was used.
    half_lives : dict of str to float
        The clocks they were made on, in days.
    scheme : str
        The class scheme of the acts.
    pairs : tuple of dict
        For each pair its actors, each with all its names, and an (estimate, error) by ``mechanism.term``.
    digest : str
        SHA-256 of the table.
    """

    source: str
    data_until: date
    half_lives: dict[str, float]
    scheme: str
    pairs: tuple[dict[str, Any], ...]
    digest: str

    def of(self, mechanism: str, term: str, principals: Iterable[str] = ()) -> OtherPairs | None:
        """Return what pairs say of a term, the pair of the principals left out; None where too few say anything.

        A term of a role that the scheme does not tell apart is that of the role it falls together with: in the four
        classes of machine-coded acts pressure counts as force, and talks as cooperation by word.

        Examples
        --------
        >>> table = rivalries()
        >>> table.of("momentum", "pressure") == table.of("momentum", "force")
        True
        """
        return _pooled(self.digest, f"{mechanism}.{self._own(term)}", frozenset(principals))

    def estimates(self, key: str, left_out: frozenset[str]) -> Floats:
        """Return estimates and errors of a term, shape (2, pair), without a pair whose actors are those left out."""
        rows = [
            pair["terms"][key]
            for pair in self.pairs
            if key in pair["terms"] and not _is_of(pair["actors"], left_out)
        ]
        return np.array(rows, dtype=float).reshape(-1, 2).T

    def knows(self, mechanism: str) -> bool:
        """Whether the table says something of any term of a mechanism."""
        return any(key.startswith(f"{mechanism}.") for pair in self.pairs for key in pair["terms"])

    def _own(self, term: str) -> str:
        """Return the name under which the table holds a term."""
        if term not in ROLES:
            return term
        scheme = scheme_of(self.scheme)
        return scheme.role_of(scheme.classes_of(term)[0]).value


@cache
def rivalries() -> Rivalries:
    """Return the table that comes with the program.

    Examples
    --------
    >>> rivalries().data_until
    datetime.date(2000, 1, 1)
    """
    path = resources.files("detente") / "data" / "dynamics.json"
    content = path.read_bytes()
    found = json.loads(content)
    return Rivalries(
        found["source"],
        date.fromisoformat(found["data_until"]),
        found["half_lives"],
        found["scheme"],
        tuple(found["pairs"]),
        hashlib.sha256(content).hexdigest(),
    )


@lru_cache(maxsize=4096)
def _pooled(digest: str, key: str, left_out: frozenset[str]) -> OtherPairs | None:
    estimates, errors = rivalries().estimates(key, left_out)
    return pool_pairs(estimates, errors) if len(estimates) >= FEWEST_PAIRS else None


def _is_of(actors: list[list[str]], left_out: frozenset[str]) -> bool:
    """Whether each actor of a pair is one of those left out, under any of its names."""
    return len(left_out) == 2 and all(left_out & {*names} for names in actors)


def prior_of(
    argument: Argument, mechanism: str, spec: TermSpec, world: dict[str, WorldTerm] | None = None
) -> tuple[Prior, str]:
    """Return the prior of a term in an argument, and where it comes from.

    The argument's own prior goes first, then its world prior, then what many rivalries say where it asks for that, then
    the mechanism's default.

    Parameters
    ----------
    argument : Argument
    mechanism : str
    spec : TermSpec
    world : dict of str to WorldTerm, optional
        Terms of the argument's world prior, by ``mechanism.term``.

    Examples
    --------
    >>> from detente.lab.case import load_case
    >>> from detente.model.mechanisms import mechanism_registry
    >>> argument, spec = load_case("us-iran").argument, mechanism_registry()["momentum"].terms[0]
    >>> prior_of(argument, "momentum", spec)[1]
    'rivalries'
    """
    use = argument.mechanisms[mechanism]
    given = use.terms.get(spec.name)
    if given is not None:
        return Prior(given.mean, given.sd), given.because or spec.source
    if world and (seen := world.get(f"{mechanism}.{spec.name}")):
        return Prior(seen.mean, seen.sd), "world prior"
    if use.prior == RIVALRIES:
        found = rivalries().of(mechanism, spec.name, argument.principals or ())
        if found is not None:
            return Prior(found.mean, found.sd), RIVALRIES
    return spec.prior, spec.source
