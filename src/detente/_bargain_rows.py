"""Rows of claims that the bargain computes: whether the zone is open, and what both leave on the table."""

from __future__ import annotations

from datetime import date

from detente._claim_rows import Row
from detente.argument import ClaimSpec
from detente.bargain import Bargain, bargain_of
from detente.results import Case

_DRAWS = 2000  # enough for the word; `detente bargain` uses the argument's own number
_kept: dict[tuple[str, date], Bargain] = {}


def bargain_row(case: Case, claim: ClaimSpec, as_of: date) -> Row:
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
        return Row(claim, verdict.word, why, verdict.chance, verdict.low, verdict.high)
    loss = study.joint_loss
    if loss is None:
        return Row(claim, "not testable", "no deal of the zone leaves both better off in any draw")
    word = "joint loss" if loss.low > 0 else "no joint loss"
    why = "what both leave on the table, as a share of all a side has at stake, over draws of the declared ranges"
    return Row(claim, word, why, loss.mean, loss.low, loss.high)


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
    if key not in _kept:
        _kept.clear()
        _kept[key] = bargain_of(case.argument, as_of=as_of, draws=_DRAWS)
    return _kept[key]
