"""Rows of claims that the bargain computes: whether the zone is open, and what both leave on the table."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date

from detente.argument.claim_blocks import ClaimSpec
from detente.base.memo import Memo
from detente.futures.outcomes import Difference
from detente.lab.case import Case
from detente.model.clocks import at_clocks
from detente.studies.bargain.bargain import Bargain, bargain_of
from detente.studies.claims.reasons import (
    DoorTested,
    Lacking,
    LeftOnTable,
    OpenZone,
    PlansCompared,
    Ranked,
    Rival,
    SmallestMove,
    TiesMissing,
)
from detente.studies.claims.rows import ClaimRow
from detente.studies.scoring.compare import kept_competition
from detente.studies.whatif.door_test import quick_door, unreadable_door
from detente.studies.whatif.mediators import LEAST_ACTS, mediators
from detente.studies.whatif.necessity import EITHER, Necessity, necessity
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
        reason = OpenZone(tuple(verdict.closing), smallest_openers(case, as_of))
        return ClaimRow(claim, verdict.word, reason, verdict.chance, verdict.low, verdict.high)
    loss = study.joint_loss
    if loss is None:
        return ClaimRow(claim, "not testable", Lacking("no deal"))
    word = "joint loss" if loss.low > 0 else "no joint loss"
    return ClaimRow(claim, word, LeftOnTable(), loss.mean, loss.low, loss.high)


def smallest_openers(case: Case, as_of: date) -> dict[str, SmallestMove]:
    """Return the smallest opening move of every actor, and how many of its moves were tried."""
    study = _study(case, as_of)
    tried = Counter(move.actor for move in study.moves)
    return {
        actor: SmallestMove(min(moves, key=lambda m: m.share or 0.0, default=None), tried[actor])
        for actor, moves in study.openers.items()
    }


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


def rival_of(case: Case, claim: ClaimSpec) -> Rival | None:
    """Return what held-out quarters say between the argument and the claim's rival; None if it names none."""
    if claim.against is None:
        return None
    found = kept_competition(case, claim.against)
    return Rival(case.rivalry, case.argument.argument, claim.against, found)


def _door_row(case: Case, claim: ClaimSpec, as_of: date, seed: int | None, threads: int) -> ClaimRow:
    if unreadable_door(case):
        return ClaimRow(claim, "not computable", Lacking("no door"))
    result = quick_door(case, as_of=as_of, draws=DOOR_DRAWS, copies=DOOR_COPIES, seed=seed, threads=threads)
    effect = result.fits["argument"].accords.get("interaction")
    if effect is None:
        return ClaimRow(claim, result.verdict, DoorTested(result))
    return ClaimRow(claim, result.verdict, DoorTested(result), effect.mean, effect.low, effect.high)


def _plans_row(case: Case, claim: ClaimSpec, as_of: date, seed: int | None, threads: int) -> ClaimRow:
    plain = replace(case, argument=at_clocks(case.argument, case.argument.clocks.half_lives()))
    results = [
        whatif(plain, [plan], as_of=as_of, days=PLAN_DAYS, futures=PLAN_FUTURES, seed=seed, threads=threads)
        for plan in claim.plans
    ]
    if any("accords" in r.not_modelled for r in results):
        return ClaimRow(claim, "not computable", Lacking("no accords"))
    one, two = (r.outcomes["accords", PLAN_DAYS] for r in results)
    needed = next(n for n in necessity(case, as_of) if n.side == EITHER)
    reason = PlansCompared(
        dict(zip(claim.plans, (one, two), strict=True)),
        {plan: r.outcomes["talks", PLAN_DAYS] for plan, r in zip(claim.plans, results, strict=True)},
        needed,
        len({(d.mechanism, d.term) for r in results for d in r.drivers}),
        len({name for r in results for name in r.on_priors}),
        PLAN_FUTURES,
        smallest_openers(case, as_of) if case.argument.bargain is not None else {},
    )
    return ClaimRow(claim, plans_verdict(one, two, results, needed), reason, one.mean, one.low, one.high)


def plans_verdict(
    gesture: Difference, sanctions: Difference, results: list[WhatIf], needed: Necessity
) -> str:
    """Return in the data, against or assumption.

    The first two ask that both changes in accords have a sure sign, and that events informed half of the coefficients
    in play; the first also that accords came only after a friendly step. That they came without one refutes nothing
    alone, since a step may have gone unrecorded.
    """
    drivers = [d for r in results for d in r.drivers]
    on_priors = sum(len(r.on_priors) for r in results)
    informed = 2 * on_priors <= len(drivers)
    if informed and gesture.low > 0 and sanctions.high < 0 and needed.verdict == "supported":
        return "in the data"
    if informed and gesture.high < 0 and sanctions.low > 0:
        return "against"
    return "assumption"


def _mediator_row(case: Case, claim: ClaimSpec, as_of: date, seed: int | None) -> ClaimRow:
    found = mediators(case, as_of=as_of, draws=_MEDIATOR_DRAWS, seed=seed)
    actor = claim.mediator or ""
    standing = found.of(actor)
    others = sum(s.on_record for s in found.standings if s.actor != actor)
    if standing is None or not standing.on_record or not others:
        acts_with = (
            dict.fromkeys(case.argument.principals or (), 0) if standing is None else standing.acts_with
        )
        return ClaimRow(claim, "not computable", TiesMissing(actor, acts_with, LEAST_ACTS, others))
    count = len(found.standings)
    reason = Ranked(standing, count, found.standings[0].actor, found.draws)
    low, high = float(standing.low), float(standing.high)
    return ClaimRow(claim, f"rank {standing.rank} of {count}", reason, float(standing.rank), low, high)
