"""Rows of claims that the bargain computes: whether the zone is open, and what both leave on the table."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from detente.argument.claim_blocks import ClaimSpec
from detente.base.memo import Memo
from detente.futures.outcomes import Difference
from detente.lab.case import Case
from detente.model.clocks import at_clocks
from detente.studies.bargain.bargain import Bargain, bargain_of
from detente.studies.claims.rows import ClaimRow
from detente.studies.scoring.compare import kept_competition
from detente.studies.whatif.door_test import quick_door
from detente.studies.whatif.mediators import mediators
from detente.studies.whatif.whatif import WhatIf, whatif

_DRAWS = 2000  # enough for the word; `detente bargain` uses the argument's own number
_bargains = Memo[tuple[str, date], Bargain](1)


def bargain_row(case: Case, claim: ClaimSpec, as_of: date) -> ClaimRow:
    """Compute a claim about the bargain.

    Parameters
    ----------
    case : Case
        Its argument has a ``bargain:`` block.
    claim : ClaimSpec
        With ``bargain`` *open zone* or *joint loss*.
    as_of : date
    """
    study = _study(case, as_of)
    if claim.bargain == "open zone":
        verdict = study.verdict
        closing = ", ".join(verdict.closing) or "none by itself"
        why = f"chance that the zone is open under the full demands, 95 % interval; closing it even alone: {closing}"
        return ClaimRow(claim, verdict.word, why, verdict.chance, verdict.low, verdict.high)
    loss = study.joint_loss
    if loss is None:
        return ClaimRow(claim, "not testable", "no deal of the zone leaves both better off in any draw")
    word = "joint loss" if loss.low > 0 else "no joint loss"
    why = "what both leave on the table, as a share of all a side has at stake, over draws of the declared ranges"
    return ClaimRow(claim, word, why, loss.mean, loss.low, loss.high)


def openers_told(case: Case, as_of: date) -> str:
    """Return the smallest opening move of every actor in words."""
    told = []
    for actor, moves in _study(case, as_of).openers.items():
        least = min(
            (move for move in moves if move.share is not None), key=lambda m: m.share or 0.0, default=None
        )
        told.append(f"{actor} none" if least is None else f"{actor} {least.share:.0%} ({least.text})")
    return ", ".join(told)


def _study(case: Case, as_of: date) -> Bargain:
    key = case.argument.model_dump_json(include={"bargain", "principals", "run"}), as_of
    return _bargains.get(key, lambda: bargain_of(case.argument, as_of=as_of, draws=_DRAWS))


DOOR_DRAWS, DOOR_COPIES = 200, 2
PLAN_FUTURES, PLAN_DAYS = 1000, 730
_MEDIATOR_DRAWS = 1000


def thesis_row(
    case: Case, claim: ClaimSpec, as_of: date, seed: int | None, threads: int = 0
) -> ClaimRow | None:
    """Compute a claim about the door, plans of levers or a mediator; None for any other claim.

    Parameters
    ----------
    case : Case
    claim : ClaimSpec
    as_of : date
    seed : int, optional
        Overrides the argument's.
    threads : int
    """
    if claim.door:
        return _door_row(case, claim, as_of, seed, threads)
    if claim.plans:
        return _plans_row(case, claim, as_of, seed, threads)
    if claim.mediator is not None:
        return _mediator_row(case, claim, as_of, seed)
    return None


def rival_told(case: Case, claim: ClaimSpec, cache: Path | None = None) -> str:
    """Return what held-out quarters say between the argument and its rival, or the command that finds out."""
    if claim.against is None:
        return ""
    found = kept_competition(case, claim.against, cache)
    if found is None:
        names = f"{case.argument.argument} {claim.against}"
        return f"what held-out events say is not kept here: run detente compare {case.name} {names}"
    return found.sentence.rstrip(".")


def _door_row(case: Case, claim: ClaimSpec, as_of: date, seed: int | None, threads: int) -> ClaimRow:
    result = quick_door(case, as_of=as_of, draws=DOOR_DRAWS, copies=DOOR_COPIES, seed=seed, threads=threads)
    effect = result.tables["argument"].effects["interaction"]
    why = (
        f"{result.sentence} The value is what both add to the log hazard of talks beyond their sum; {DOOR_DRAWS} "
        f"draws of {DOOR_COPIES} paths at the declared half-lives: detente unlock averages over half-lives"
    )
    return ClaimRow(claim, result.verdict, why, effect.mean, effect.low, effect.high)


def _plans_row(case: Case, claim: ClaimSpec, as_of: date, seed: int | None, threads: int) -> ClaimRow:
    plain = replace(case, argument=at_clocks(case.argument, case.argument.clocks.half_lives()))
    results = [
        whatif(plain, [plan], as_of=as_of, days=PLAN_DAYS, futures=PLAN_FUTURES, seed=seed, threads=threads)
        for plan in claim.plans
    ]
    one, two = (r.outcomes["talks", PLAN_DAYS] for r in results)
    why = (
        f"talks within 24 months: {_change(claim.plans[0], one)}; {_change(claim.plans[1], two)} "
        f"({PLAN_FUTURES:,} futures, paired, at the declared half-lives); {_rests_on(results)}"
    )
    if case.argument.bargain is not None:
        why += f"; smallest opening moves of the bargain: {openers_told(case, as_of)}"
    return ClaimRow(claim, plans_verdict(one, two, results), why, one.mean, one.low, one.high)


def plans_verdict(gesture: Difference, sanctions: Difference, results: list[WhatIf]) -> str:
    """Return in the data, against or assumption.

    The first two ask that both changes have a sure sign, and that events informed half of the coefficients in play.
    """
    drivers = [d for r in results for d in r.drivers]
    on_priors = sum(len(r.on_priors) for r in results)
    informed = 2 * on_priors <= len(drivers)
    if informed and gesture.low > 0 and sanctions.high < 0:
        return "in the data"
    if informed and gesture.high < 0 and sanctions.low > 0:
        return "against"
    return "assumption"


def _change(plan: str, d: Difference) -> str:
    return f"{plan} {d.mean:+.3f} ({d.low:+.3f} to {d.high:+.3f})"


def _rests_on(results: list[WhatIf]) -> str:
    drivers = {(d.mechanism, d.term) for r in results for d in r.drivers}
    left = {name for r in results for name in r.on_priors}
    return f"{len(left)} of the {len(drivers)} coefficients in play rest on the priors"


def _mediator_row(case: Case, claim: ClaimSpec, as_of: date, seed: int | None) -> ClaimRow:
    found = mediators(case, as_of=as_of, draws=_MEDIATOR_DRAWS, seed=seed)
    standing = found.of(claim.mediator or "")
    if standing is None:
        return ClaimRow(
            claim, "not testable", f"no act of {claim.mediator} with a principal was known by then"
        )
    count, first = len(found.standings), found.standings[0]
    ties = ", ".join(f"tie with {side} {tie:.2f}" for side, tie in standing.ties.items())
    why = (
        f"among {count} third parties seen, first {first.actor}; {ties}, {standing.mediations} acts of mediation, from "
        f"{len(standing.acts)} acts; 90 % of {found.draws} draws of acts and half-lives"
    )
    low, high = float(standing.low), float(standing.high)
    return ClaimRow(claim, f"rank {standing.rank} of {count}", why, float(standing.rank), low, high)
