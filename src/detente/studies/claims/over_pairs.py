"""The use case `claims_of_pairs`: a claim judged on every pair of an event file, and on all pairs together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from importlib.metadata import version
from typing import Any

import numpy as np
import polars as pl
from scipy.special import ndtr

from detente.argument.argument import Argument
from detente.argument.claim_blocks import ClaimSpec
from detente.base.arrays import Floats
from detente.base.errors import ArgumentError, DataError, Fault
from detente.base.progress import Progress
from detente.base.workers import Workers, workers_of
from detente.events.chronicle import Chronicle
from detente.lab.too_little import Caution, chronicle_cautions, require_covered, with_cautions
from detente.model.known import read_known
from detente.studies.claims.episodes import episodes
from detente.studies.claims.judge import FREE, Fits, Judgement
from detente.studies.claims.rule import false_chance, first_verdict

_Z = 1.6448536269514722
WARM_UP_SHARE, WARM_UP_DAYS = 5, 730  # the first fifth of the days, at most two years, feeds memories only
VERDICTS = ("supported", "contradicted", "negligible", "silent", "not testable")


@dataclass(frozen=True)
class Pooled:
    """A claim over all pairs: a random-effects mean of what each pair's events say, from a prior of mean zero.

    Attributes
    ----------
    claim : ClaimSpec
    verdict : str
        By the first version of the rule of single verdicts; leaving out the pair that moves it most takes the place of
        the year.
    value, low, high : float
        Posterior mean and central 90 % interval.
    V, P : float
    between : float
        Sd of the effect between pairs.
    episodes : int
        Of all pairs together.
    pair : str
        The pair that moves the mean most when left out.
    variants : dict of str to float
        P under each variant.
    counts : dict of str to int
        How many pairs read each verdict by themselves.
    false_chance : float
    """

    claim: ClaimSpec
    verdict: str
    value: float
    low: float
    high: float
    V: float
    P: float
    between: float
    episodes: int
    pair: str
    variants: dict[str, float]
    counts: dict[str, int]
    false_chance: float


@dataclass(frozen=True)
class Across:
    """Claims over the pairs of an event file: the result of `claims_of_pairs`."""

    name: str
    argument: Argument
    as_of: date
    digest: str
    pairs: tuple[tuple[str, str], ...]
    judgements: dict[tuple[str, str], dict[str, Judgement]]
    rows: tuple[Pooled, ...]
    cautions: tuple[Caution, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        value = {
            "events": self.name,
            "argument": self.argument.argument,
            "as_of": self.as_of.isoformat(),
            "version": version("detente"),
            "data": {"digest": self.digest},
            "pairs": len(self.pairs),
            "claims": [
                {
                    "id": row.claim.id,
                    "paragraph": list(row.claim.paragraphs),
                    "text": row.claim.text,
                    "sign": row.claim.sign,
                    "verdict": row.verdict,
                    "value": row.value,
                    "low": row.low,
                    "high": row.high,
                    "V": row.V,
                    "P": row.P,
                    "between": row.between,
                    "episodes": row.episodes,
                    "most_moved_by": row.pair,
                    "variants": row.variants,
                    "pairs_by_verdict": row.counts,
                }
                for row in self.rows
            ],
            "false_verdicts_expected": sum(r.false_chance for r in self.rows if r.verdict != "not testable"),
            "by_pair": [
                {"pair": f"{a},{b}", "claim": claim, "verdict": j.verdict, "value": j.value, "low": j.low,
                 "high": j.high, "V": j.V, "P": j.P, "episodes": j.episodes}
                for (a, b), found in self.judgements.items()
                for claim, j in found.items()
            ],
        }  # fmt: skip
        return with_cautions(value, self.cautions)


def busiest_pairs(chronicle: Chronicle, count: int) -> list[tuple[str, str]]:
    """Return the undirected pairs with most acts, busiest first; ties in alphabetical order.

    Examples
    --------
    >>> from detente.events.files.embedded import load_embedded
    >>> busiest_pairs(load_embedded("us-iran"), 1)
    [('IRN', 'USA')]
    """
    ends = chronicle.events.select(
        a=pl.min_horizontal("source", "target"), b=pl.max_horizontal("source", "target")
    )
    table = (
        ends.filter(pl.col("a") != pl.col("b"))
        .group_by("a", "b")
        .len()
        .sort(["len", "a", "b"], descending=[True, False, False])
    )
    return [(a, b) for a, b, _ in table.head(count).iter_rows()]


def claims_of_pairs(
    chronicle: Chronicle,
    argument: Argument,
    *,
    pairs: int,
    as_of: date | None = None,
    threads: int | Workers = 0,
    progress: Progress | None = None,
) -> Across:
    """Judge an argument's claims on the busiest pairs of a chronicle, and on all of them together.

    Memories begin empty on the chronicle's first day. Unless the argument says from when to fit, the first fifth of the
    days, at most two years, only fills them; a memory much longer than the chronicle still rises all along it, and its
    coefficient then cannot be told from a trend.

    Parameters
    ----------
    chronicle : Chronicle
    argument : Argument
        Without declared facts: what is declared of one pair does not hold of another.
    pairs : int
        How many undirected pairs, the busiest of what was known by `as_of` first.
    as_of : date, optional
        The end of the chronicle if it is not given: nothing is forecast here.
    threads : int or Workers
        0 uses every core; the result does not depend on it.
    progress : callable, optional
        Called with (stage, done, total).

    Raises
    ------
    ArgumentError
        If the argument makes no claim about terms.
    DataError
        If there are no two actors.
    """
    plain = (c for c in argument.claims if not (c.apart_from_talks or c.adds or c.size_of))
    rows = [claim for claim in plain if claim.terms]
    if not rows:
        raise ArgumentError(
            Fault(
                "no_claim_about_terms",
                "argument",
                got=argument.argument,
                hint="try",
                example="argument pairs",
            )
        )
    day = as_of or chronicle.window.end
    require_covered(chronicle, day)
    known = chronicle.known_at(day)
    chosen = busiest_pairs(known, pairs)
    if not chosen:
        raise DataError(Fault("too_small", "pairs", got=0, where=chronicle.provenance.name, low=1))
    tell = progress or (lambda stage, done, total: None)
    covered = known.coverage
    warm = min(covered.days // WARM_UP_SHARE, WARM_UP_DAYS)
    fit_from = argument.run.fit_from or covered.day(warm)
    run = argument.run.model_copy(update={"fit_from": fit_from})
    bare = argument.model_copy(update={"facts": {}, "run": run})
    parts = [(bare.between(*pair), _part(known, bare, pair)) for pair in chosen]
    found = workers_of(threads).map(partial(_judged, day, rows), parts, progress=partial(tell, "pairs"))
    judgements = dict(zip(chosen, found, strict=True))
    pair_rows = tuple(
        pooled(claim, judgements) for claim in rows if any(claim.id in j for j in judgements.values())
    )
    return Across(
        chronicle.provenance.name,
        argument,
        day,
        known.digest,
        tuple(chosen),
        judgements,
        pair_rows,
        chronicle_cautions(chronicle),
    )


def _part(known: Chronicle, argument: Argument, pair: tuple[str, str]) -> Chronicle:
    """Return the acts of a pair and of whom the argument adds to it: what is sent elsewhere should be small."""
    added = (code for party in argument.parties.values() for code in party.members)
    agents = (code for rule in argument.agents for code in rule.agents)
    involved = sorted({*pair, *added, *agents})
    own = known.events.filter(pl.col("source").is_in(involved) | pl.col("target").is_in(involved))
    whole = replace(known.provenance, window_declared=True)  # the days are those of the whole file
    return replace(known, events=own, provenance=whole)


def _judged(as_of: date, rows: Sequence[ClaimSpec], part: tuple[Argument, Chronicle]) -> dict[str, Judgement]:
    """Judge claims on one pair, given as the argument about it and its acts, by their ids."""
    own, known = part
    seen = read_known(own, known, as_of)
    fits = Fits.of(own, seen)
    out = {}
    for claim in rows:
        count = len(episodes(own, seen, claim.condition, claim.during))
        judgement = fits.judge(claim.terms, claim.sign or "+", count)
        if judgement is not None:
            out[claim.id] = judgement
    return out


def pooled(claim: ClaimSpec, judgements: dict[tuple[str, str], dict[str, Judgement]]) -> Pooled:
    """Pool what every pair says of a claim."""
    of_claim = {pair: found[claim.id] for pair, found in judgements.items() if claim.id in found}
    own = list(of_claim.values())
    sign = 1.0 if claim.sign != "-" else -1.0
    prior_sd = own[0].prior_sd
    estimate, se = _of_events([(j.value, j.sd) for j in own], [j.prior_sd for j in own])
    mean, sd, between = _mean(estimate, se, prior_sd)
    leave = (
        [_mean(np.delete(estimate, i), np.delete(se, i), prior_sd) for i in range(len(own))]
        if len(own) > 1
        else []
    )
    moved = int(np.argmax([abs(m - mean) for m, _, _ in leave])) if leave else 0
    names = [v.name for v in own[0].variants if v.name != FREE and not v.name.startswith("without ")]
    variants = {}
    for name in names:
        picked = [next((v for v in j.variants if v.name == name), None) for j in own]
        pairs = [
            (v.value, v.sd) if v is not None else (j.value, j.sd) for v, j in zip(picked, own, strict=True)
        ]
        m, s, _ = _mean(*_of_events(pairs, [j.prior_sd for j in own]), prior_sd)
        variants[name] = float(ndtr(sign * m / s))
    if leave:
        m, s, _ = leave[moved]
        variants["without the pair that moves it most"] = float(ndtr(sign * m / s))
    removed, chance = max(0.0, 1 - sd / prior_sd), float(ndtr(sign * mean / sd))
    low, high, seen = mean - _Z * sd, mean + _Z * sd, sum(j.episodes for j in own)
    counts = {verdict: sum(j.verdict == verdict for j in own) for verdict in VERDICTS}
    pair = list(of_claim)[moved]
    return Pooled(
        claim,
        first_verdict(chance, removed, seen, list(variants.values()), low, high),
        mean,
        low,
        high,
        removed,
        chance,
        between,
        seen,
        f"{pair[0]},{pair[1]}",
        variants,
        counts,
        false_chance(removed),
    )


def _of_events(posteriors: Sequence[tuple[float, float]], prior_sd: Sequence[float]) -> tuple[Floats, Floats]:
    """Take the prior of mean zero out of posteriors: what the events alone say, as estimates and standard errors."""
    value, sd = np.array(posteriors).T
    precision = np.maximum(1 / sd**2 - 1 / np.array(prior_sd) ** 2, 1e-9)
    return value / sd**2 / precision, 1 / np.sqrt(precision)


def _mean(estimate: Floats, se: Floats, prior_sd: float) -> tuple[float, float, float]:
    """Return the posterior mean and sd of a common effect, N(0, prior_sd ** 2) before, and the sd between pairs.

    The spread between pairs is DerSimonian and Laird's; pairs whose events say nothing weigh nothing.
    """
    weight = 1 / se**2
    centre = weight @ estimate / weight.sum()
    q = float(weight @ (estimate - centre) ** 2)
    scale = float(weight.sum() - (weight**2).sum() / weight.sum())
    spread = max(0.0, (q - (len(estimate) - 1)) / scale) if scale > 0 else 0.0
    weight = 1 / (se**2 + spread)
    precision = weight.sum() + 1 / prior_sd**2
    return float(weight @ estimate / precision), float(1 / np.sqrt(precision)), float(np.sqrt(spread))
