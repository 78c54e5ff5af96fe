"""Rows of `claims`: one function for each way a claim can be computed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from math import isfinite
from typing import Any

import numpy as np
import polars as pl

from detente.argument.argument import Argument
from detente.argument.blocks import MechanismSpec
from detente.argument.claim_blocks import ActSpec, ClaimSpec
from detente.base.random import Stream, generator
from detente.base.store import key_of
from detente.lab.case import Case
from detente.model.biexponential import Stores, ledger
from detente.model.elsewhere import Elsewhere
from detente.model.fit_cache import fit_key
from detente.model.known import Known
from detente.model.mechanisms import mechanism_registry
from detente.model.mediation import mediations
from detente.model.program import contrast
from detente.questions.settle import Outcome
from detente.studies.claims import power
from detente.studies.claims.episodes import Episode, episodes
from detente.studies.claims.forecasts import Forecast
from detente.studies.claims.judge import Fits, Judgement
from detente.studies.claims.judge_sizes import judge_sizes, randomise_sizes
from detente.studies.claims.power import Randomised, era_bounds, randomise
from detente.studies.claims.reasons import Judged, Lacking, Reason, Recorded, Rival, Scored, Weighed
from detente.studies.claims.sizes import read_ladder

LEVEL_SHARE = 0.90  # of draws in which one side's stock is the heavier, from which the ledger says so
_DRAWS = 2000


@dataclass(frozen=True)
class ClaimRow:
    """One claim, computed.

    Attributes
    ----------
    claim : ClaimSpec
    verdict : str
        Of a mechanism: no power, supported, contradicted, negligible or silent, or not testable where no
        term is in the model. Of a fact: recorded or missing.
        Of a forecast: came true, failed, ambiguous, not yet or cannot fail. Of a ledger: heavier on an actor, or level.
        Of a third party whose ties are not on record: not computable. Of a row this version does not compute: coming.
    reason : Reason
        What the verdict rests on.
    value, low, high : float or None
        What was computed, with its central 90 % interval.
    judgement : Judgement or None
    beside : tuple of Judgement
        Of terms shown beside and not judged.
    episodes : tuple of Episode
    forecast : Forecast or None
    acts : tuple of dict
        The acts of a fact, as the chronicle holds them.
    rival : Rival or None
        What held-out quarters say between the argument and its rival, where the claim names one.
    elsewhere : Elsewhere or None
        What other rivalries say, where the claim names a row of `detente evidence`.
    """

    claim: ClaimSpec
    verdict: str
    reason: Reason
    value: float | None = None
    low: float | None = None
    high: float | None = None
    judgement: Judgement | None = None
    beside: tuple[Judgement, ...] = ()
    episodes: tuple[Episode, ...] = ()
    forecast: Forecast | None = None
    acts: tuple[dict[str, Any], ...] = ()
    rival: Rival | None = None
    elsewhere: Elsewhere | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        j = self.judgement
        own: dict[str, Any] = (
            {} if j is None else {"prior": _pair(j.own_prior), "posterior": _pair(j.own_posterior)}
        )
        if self.forecast is not None:
            word, answer = self.forecast.word, self.forecast.asked.answer
            own = {
                "prior": {"mean": word.median, "low": word.q25, "high": word.q75},
                "posterior": {"mean": answer.probability, "low": self.low, "high": self.high},
            }
        return {
            "id": self.claim.id,
            "kind": self.claim.kind,
            "paragraph": list(self.claim.paragraphs),
            "text": self.claim.text,
            "verdict": self.verdict,
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "prior": own.get("prior"),
            "posterior": own.get("posterior"),
            "V": None if j is None else j.V,
            "P": None if j is None else j.P,
            **_tested(j),
            "episodes": None if j is None else len(self.episodes),
            "elsewhere": None if self.elsewhere is None else self.elsewhere.to_dict(),
            "reason": self.reason.to_dict() | ({} if self.rival is None else {"rival": self.rival.to_dict()}),
        }

    def explained(self) -> dict[str, Any]:
        """Return what made the row, as plain values: terms, variants, episodes and acts with their citations."""
        return {
            "judged": None if self.judgement is None else _judgement(self.judgement),
            "beside": [_judgement(j) for j in self.beside],
            "episodes": [
                {
                    "day": e.day.isoformat(),
                    "kind": e.kind,
                    "what": e.what or None,
                    "actor": e.actor or None,
                    "count": e.count,
                    "side": e.side or None,
                    "act": None if e.act is None else _plain(e.act),
                }
                for e in self.episodes
            ],
            "acts": [_plain(act) for act in self.acts],
            "forecast": None if self.forecast is None else self.forecast.to_dict(),
        }


def _tested(judgement: Judgement | None) -> dict[str, Any]:
    """Return what the test says of a row, and its verdict under the first version of the rule; None without a test."""
    test = None if judgement is None else judgement.test
    return {
        "p_plus": None if test is None else test.p_plus,
        "p_minus": None if test is None else test.p_minus,
        "size": None if test is None else {"supported": test.size_plus, "contradicted": test.size_minus},
        "power": None if test is None else test.power,
        "mde": None if test is None else test.ratio,
        "first_verdict": None if judgement is None else judgement.first_verdict,
    }


def _judgement(judgement: Judgement) -> dict[str, Any]:
    value = asdict(judgement) | {"verdict": judgement.verdict, "steady": judgement.steady}
    value["test"] = None if judgement.test is None else judgement.test.to_dict()
    value["multiple"] = value["multiple"] if isfinite(value["multiple"]) else None
    value["prior"], value["posterior"] = value.pop("own_prior"), value.pop("own_posterior")
    return value


def _plain(act: dict[str, Any]) -> dict[str, Any]:
    fields = ("date", "source", "target", "action", "mode", "fatalities", "summary", "citation")
    out = {name: act.get(name) for name in fields if act.get(name) is not None}
    return out | {"date": act["date"].isoformat()}


def forecast_row(forecast: Forecast) -> ClaimRow:
    """Return the row of a claim that is a forecast: its verdict is what happened, not what the model made of it."""
    answer, claim = forecast.asked.answer, forecast.claim
    outcome = answer.outcome
    verdict = {Outcome.YES: "came true", Outcome.NO: "failed", Outcome.NOT_YET: "not yet"}.get(
        outcome, "ambiguous"
    )
    if forecast.cannot_fail:
        verdict = "cannot fail"
    return ClaimRow(
        claim, verdict, Scored(forecast), answer.probability, answer.low, answer.high, forecast=forecast
    )


def mechanism_row(
    case: Case, known: Known, fits: Fits, claim: ClaimSpec, *, seed: int | None = None
) -> ClaimRow:
    """Return the row of a claim about terms of the model; without a seed it is the argument's."""
    found = episodes(case.argument, known, claim.condition, claim.during)
    judgement = _judged(case, known, fits, claim, len(found), _seed(case, seed))
    beside = tuple(j for term in claim.beside if (j := fits.judge([term], "+", len(found))) is not None)
    if judgement is None:
        there = contrast(fits.base.program, claim.terms).any()
        return ClaimRow(
            claim, "not testable", Lacking("no size" if there else "no term"), episodes=tuple(found)
        )
    return ClaimRow(
        claim,
        judgement.verdict,
        Judged(judgement, bool(claim.condition)),
        judgement.value,
        judgement.low,
        judgement.high,
        judgement,
        beside,
        tuple(found),
    )


def _judged(
    case: Case, known: Known, fits: Fits, claim: ClaimSpec, episodes: int, seed: int
) -> Judgement | None:
    """Judge a claim's contrast; the randomisation test is found again by what it was made from."""
    sign = claim.sign or "+"
    judgement = fits.judge(claim.terms, sign, episodes)
    if judgement is None:
        return None
    program = fits.base.program
    weight = contrast(program, claim.terms)
    ladder = None
    if claim.size_of is not None:
        given = [int(j) for term in claim.given for j in np.flatnonzero(contrast(program, [term]))]
        ladder = read_ladder(
            case.argument,
            known,
            fits.design,
            claim.size_of,
            weight=weight,
            given=given,
            prior_mean=program.prior_mean,
            prior_sd=program.prior_sd,
            eras=era_bounds(program),
        )
        if ladder is None:
            return None
        judgement = judge_sizes(ladder, judgement)

    def made() -> Randomised:
        if ladder is not None:
            return randomise_sizes(ladder, sign, seed=seed)
        return randomise(fits.base, fits.design, weight, sign, seed=seed)

    named = ("terms", "sign", "adds", "given", "size_of", "apart_from_talks")
    parts = {name: getattr(claim, name) for name in named} | {"seed": seed, "chronicles": power.CHRONICLES}
    key = key_of({**parts, "fit": fit_key(case.argument, case.known(program.as_of))})
    kept = case.store.value("verdict", key)
    test = made() if kept is None else Randomised.from_dict(kept)
    if kept is None:
        case.store.keep("verdict", key, test.to_dict())
    return replace(judgement, test=test)


def fact_row(known: Known, claim: ClaimSpec) -> ClaimRow:
    """Return the row of a claim about recorded acts."""
    events = known.chronicle.events
    found = [act for spec in claim.acts for act in _matching(events, spec)]
    missing = [spec for spec in claim.acts if not _matching(events, spec)]
    reason = Recorded(len(claim.acts), tuple(missing))
    share = (len(claim.acts) - len(missing)) / len(claim.acts)
    return ClaimRow(
        claim, "missing" if missing else "recorded", reason, share, share, share, acts=tuple(found)
    )


def _matching(events: pl.DataFrame, spec: ActSpec) -> list[dict[str, Any]]:
    given = spec.model_dump(exclude_none=True)
    rule = pl.all_horizontal([pl.col(name) == value for name, value in given.items()])
    return list(events.filter(rule).iter_rows(named=True))


def ledger_row(case: Case, known: Known, claim: ClaimSpec, *, seed: int | None = None) -> ClaimRow:
    """Compare both sides' stocks of injuries on the last day known, weights and rates drawn with their spread."""
    spec = claim.ledger
    if spec is None:
        raise ValueError("the claim has no ledger")
    reads = next(
        (
            m
            for m in mechanism_registry().values()
            if spec.kind in m.facts and m.name in case.argument.mechanisms
        ),
        None,
    )
    settings = {} if reads is None else {**reads.settings, **case.argument.mechanisms[reads.name].settings}
    stores = None if reads is None else reads.stores(settings)
    noise = generator(_seed(case, seed), Stream.LEDGER)
    last = known.as_of - timedelta(days=1)
    first, second = known.layout.principals
    facts = [f for f in known.layout.facts if f.start < known.as_of]
    suffered = {a: [f for f in facts if f.kind == spec.kind and f.actor == a] for a in (first, second)}
    if stores is None or not all(suffered.values()):
        return ClaimRow(claim, "not testable", Lacking("no ledger"))
    evoked = {
        a: [f.start for f in facts if f.kind == spec.revived_by and f.actor == a] for a in (first, second)
    }
    stock = np.empty((2, _DRAWS))
    for draw in range(_DRAWS):
        rates = np.array([stores.p, stores.r, stores.q])
        p, r, q = rates * np.exp(spec.spread * noise.standard_normal(3))
        drawn = Stores(p, r, min(q, 0.9 * (p + r)), stores.revived)
        for side, actor in enumerate((first, second)):
            factors = np.exp(spec.spread * noise.standard_normal(len(suffered[actor])))
            weighed = [(f.start, f.value * k) for f, k in zip(suffered[actor], factors, strict=True)]
            pulses = ledger(weighed, evoked[actor], drawn)
            stock[side, draw] = sum(a * 2.0 ** (-(last - day).days / h) for day, a, h in pulses)
    ratio = stock[1] / stock[0]
    low, value, high = (float(x) for x in np.quantile(ratio, [0.05, 0.5, 0.95]))
    share = float((ratio > 1).mean())
    verdict = "level"
    if share >= LEVEL_SHARE or share <= 1 - LEVEL_SHARE:
        verdict = f"heavier on {second if share > 0.5 else first}"
    return ClaimRow(claim, verdict, Weighed(first, second, share, _DRAWS), value, low, high)


def with_mechanisms(argument: Argument, names: Sequence[str]) -> Argument:
    """Return an argument with mechanisms added under their default priors; those it has stay as they are."""
    added = {name: MechanismSpec() for name in names if name not in argument.mechanisms}
    return argument.model_copy(update={"mechanisms": {**argument.mechanisms, **added}}) if added else argument


def apart_from_talks(known: Known) -> Known:
    """Leave third parties' mediation within a day of joint talks out: it announces talks rather than brings them."""
    layout = known.layout
    events = known.chronicle.events
    offices = np.isin(known.channel_of, [layout.index(c) for c in layout.third_parties()])
    offices &= mediations(events, layout, known.chronicle.codebook)
    joint = {layout.index(c) for c in layout.joint()}
    days = events["date"].to_list()
    met = {days[i] for i, c in enumerate(known.channel_of) if int(c) in joint}
    near = {day + timedelta(days=k) for day in met for k in (-1, 0, 1)}
    left_out = offices & np.array([day in near for day in days], dtype=bool)
    channel_of = np.where(left_out, -1, known.channel_of)
    counts = known.counts.copy()
    exact = (events["precision"] == "day").to_numpy() & left_out
    index = known.window.indices(events["date"])
    exact &= index >= 0
    np.subtract.at(counts, (known.channel_of[exact], index[exact]), 1)
    return replace(known, channel_of=channel_of, counts=counts)


def _seed(case: Case, seed: int | None) -> int:
    """Return the seed given, or else the argument's."""
    return (case.argument.run.seed or 0) if seed is None else seed


def _pair(pair: tuple[float, float]) -> dict[str, float]:
    return {"mean": pair[0], "sd": pair[1]}
