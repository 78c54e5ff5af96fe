"""What other rivalries say of a claim: the table of estimates that ships, and the prior it gives a term."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from functools import cache
from importlib import resources
from math import exp, log
from typing import Any

from detente.argument.argument import Argument
from detente.argument.blocks import PriorSpec
from detente.argument.claim_blocks import ClaimSpec
from detente.base.errors import ArgumentError, Fault
from detente.base.spelling import suggest
from detente.events.ontology.states import pair_of
from detente.model.mechanisms import mechanism_registry

EVIDENCE = "evidence"
NO_PRIOR = ("no data", "not credible")  # verdicts of rows that give no prior


@cache
def evidence_table() -> dict[str, Any]:
    """Return the table of `detente evidence` that comes with the program.

    Examples
    --------
    >>> evidence_table()["held_out"]
    ['USA', 'IRN']
    """
    path = resources.files("detente") / "data" / "evidence.json"
    value: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return value


def row_ids() -> tuple[str, ...]:
    """Return the ids of all rows of the table, those without data last."""
    table = evidence_table()
    return tuple(value["id"] for value in (*table["rows"], *table["no_data"]))


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What other rivalries say of a claim.

    Attributes
    ----------
    row : str
        Of `detente evidence`.
    verdict : str
    scale : str or None
        What the effect is a ratio of.
    sign : str or None
        The claimed direction of the ratio.
    effect, low, high : float or None
        The ratio with its 90 % interval.
    n_episodes, n_rivalries : int
    power, mde, size : float or None
        Chance to find a ratio of 1.5, the ratio found with probability .8, and the size of the test.
    base : float or None
        The mean of the controls: a chance where the effect is a ratio of chances or of odds.
    new_mean, new_sd : float or None
        Log ratio of a rivalry that is not among them.
    left_out : bool
        Whether the case's own pair was among them: the ratio is then without it, the verdict still with it.
    text : str or None
        What the row says, of which the verdict is: it need not be what the claim says.
    """

    row: str
    verdict: str
    scale: str | None = None
    sign: str | None = None
    effect: float | None = None
    low: float | None = None
    high: float | None = None
    n_episodes: int = 0
    n_rivalries: int = 0
    power: float | None = None
    mde: float | None = None
    size: float | None = None
    base: float | None = None
    new_mean: float | None = None
    new_sd: float | None = None
    left_out: bool = False
    text: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return asdict(self)


def elsewhere(row: str, principals: Iterable[str] = ()) -> Elsewhere:
    """Return what the shipped table says of a row, the pair of the principals left out.

    Raises
    ------
    ArgumentError
        If the table has no such row.

    Examples
    --------
    >>> found = elsewhere("M13", ["USA", "IRN"])
    >>> found.scale, found.left_out, elsewhere("M11").verdict
    ('odds ratio', False, 'no data')
    """
    table = evidence_table()
    for value in table["rows"]:
        if value["id"] == row:
            return _without(_found(value), value, pair_of(tuple(principals)))
    for value in table["no_data"]:
        if value["id"] == row:
            return Elsewhere(row, value["verdict"])
    raise ArgumentError(Fault("not_an_evidence_row", "elsewhere", got=row, **suggest(row, row_ids())))


def _found(value: dict[str, Any]) -> Elsewhere:
    names = ("scale", "sign", "effect", "low", "high", "n_episodes", "n_rivalries", "power", "mde", "size")
    pooled = value.get("pooled") or {}
    return Elsewhere(
        value["id"],
        value["verdict"],
        **{name: value[name] for name in names if name in value},
        base=value.get("mean_controls"),
        text=value.get("text"),
        new_mean=pooled.get("new_mean"),
        new_sd=pooled.get("new_sd"),
    )


def _without(found: Elsewhere, value: dict[str, Any], pair: tuple[int, int] | None) -> Elsewhere:
    """Take a pair's own episodes out of a ratio: its interval and a new rivalry's mean move with it."""
    pairs = (value.get("pooled") or {}).get("pairs", ())
    own = next((each for each in pairs if pair is not None and tuple(each["pair"]) == pair), None)
    if own is None or found.effect is None or found.low is None or found.high is None:
        return found
    if own["without"] is None:
        return Elsewhere(found.row, "no data", left_out=True)
    factor = own["without"] / found.effect
    return replace(
        found,
        effect=found.effect * factor,
        low=found.low * factor,
        high=found.high * factor,
        n_episodes=found.n_episodes - own["episodes"],
        n_rivalries=found.n_rivalries - 1,
        new_mean=None if found.new_mean is None else found.new_mean + log(factor),
        left_out=True,
    )


def elsewhere_of(argument: Argument, claim: ClaimSpec) -> Elsewhere | None:
    """Return what other rivalries say of an argument's claim; None if the claim names no row.

    Raises
    ------
    ArgumentError
        If it names a row that the table lacks.
    """
    return None if claim.elsewhere is None else elsewhere(claim.elsewhere.row, argument.principals or ())


def with_evidence(argument: Argument) -> Argument:
    """Return an argument whose tested terms start from what other rivalries say, if it asks for that with ``evidence``.

    The priors are written into the argument, over its own, so that all that reads it sees them, claims or no claims.

    Examples
    --------
    >>> from detente.lab.case import load_case
    >>> argument = load_case("us-iran").argument
    >>> with_evidence(argument) is argument
    True
    """
    if not argument.evidence:
        return argument
    mechanisms = dict(argument.mechanisms)
    for name, use in mechanisms.items():
        found = {
            spec.name: prior
            for spec in mechanism_registry()[name].terms
            if spec.name not in use.without
            and (prior := evidence_prior(argument, name, spec.name)) is not None
        }
        mechanisms[name] = use.model_copy(update={"terms": {**use.terms, **found}})
    return argument.model_copy(update={"mechanisms": mechanisms})


def evidence_prior(argument: Argument, mechanism: str, term: str) -> PriorSpec | None:
    """Return the prior that other rivalries give a term; None if no claim about it was tested there.

    Each term starts from the whole effect, turned to the direction that the claim says of it. The log rate ratio of a
    new rivalry (`log_rate_ratio`) is divided by `per_episode`, the change that one episode makes in the term's feature,
    on average over the row's window.

    Examples
    --------
    >>> from detente.lab.case import load_case
    >>> prior = evidence_prior(load_case("us-iran").argument, "good_offices", "talks")
    >>> prior.because, prior.mean > 0
    ('evidence M13', True)
    """
    name = f"{mechanism}.{term}"
    for claim in argument.claims:
        spec = claim.elsewhere
        if spec is None or spec.per_episode is None or name not in (spec.terms or _signs(claim.terms)):
            continue
        found = elsewhere_of(argument, claim)
        rate = None if found is None or found.verdict in NO_PRIOR else log_rate_ratio(found)
        if found is None or rate is None:
            continue
        turn = _signs((*claim.terms, *claim.beside))[name] * (1 if (claim.sign or "+") == found.sign else -1)
        mean, sd = turn * rate[0] / spec.per_episode, rate[1] / spec.per_episode
        return PriorSpec(mean=mean, sd=sd, because=f"{EVIDENCE} {spec.row}")
    return None


def _signs(terms: Iterable[str]) -> dict[str, int]:
    return {each.removeprefix("-"): -1 if each.startswith("-") else 1 for each in terms}


def log_rate_ratio(found: Elsewhere) -> tuple[float, float] | None:
    """Return mean and sd of the log rate ratio of a rivalry that is not among those tested.

    A ratio of odds or of chances becomes one of rates through the chance of the controls, ``p0``: with ``p1`` the
    chance after an episode it is ``log(-log(1 - p1)) - log(-log(1 - p0))``, the sd by its slope.

    Examples
    --------
    >>> mean, sd = log_rate_ratio(
    ...     Elsewhere("M", "no power", "odds ratio", base=0.4, new_mean=0.9, new_sd=0.4)
    ... )
    >>> round(mean, 2), round(sd, 2)
    (0.64, 0.26)
    """
    if found.new_mean is None or found.new_sd is None:
        return None
    if found.scale == "rate ratio" or found.base is None:
        return found.new_mean, found.new_sd
    base, step = found.base, 1e-4

    def rate(log_ratio: float) -> float:
        odds = base / (1 - base) * exp(log_ratio)
        p = odds / (1 + odds) if found.scale == "odds ratio" else min(base * exp(log_ratio), 1 - 1e-9)
        return log(-log(1 - p)) - log(-log(1 - base))

    slope = (rate(found.new_mean + step) - rate(found.new_mean - step)) / (2 * step)
    return rate(found.new_mean), slope * found.new_sd
