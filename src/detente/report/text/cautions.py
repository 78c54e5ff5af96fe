"""Where a probability from futures cannot be trusted as it is printed, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeGuard

from detente.report.text.numbers import counted, percent

if TYPE_CHECKING:
    from detente.lab.ask import QuestionResult
    from detente.lab.why import ProbabilitySpread

FAR = 0.5  # between a chance and both base rates, from which the two contradict each other
FEW = 5.0  # windows side by side below which a base rate contradicts nothing


def cautions(asked: QuestionResult) -> list[str]:
    """Return what keeps a reader from taking an answer at its word; empty for most."""
    chance, rates = asked.answer.probability, asked.base_rates
    out: list[str] = []
    if chance is None:
        return out
    if chance in (0, 1):
        out.append(
            f"{counted(chance, asked.answer.settled)} say{'s' if asked.answer.settled == 1 else ''} "
            f"{'yes' if chance else 'no'}, so the true chance under this argument is only known to be "
            f"{'above' if chance else 'below'} {percent((asked.answer.low if chance else asked.answer.high) or 0.0)}"
        )
    shares = [rate.share for rate in rates if rate.share is not None and rate.separate >= FEW]
    gaps = [chance - share for share in shares]
    if gaps and (all(gap >= FAR for gap in gaps) or all(gap <= -FAR for gap in gaps)):
        seen = " and ".join(percent(share) for share in shares)
        out.append(
            f"it contradicts what happened before ({seen} of earlier windows): compare the channels' means with recent "
            "counts before using it"
        )
    return out


def spread_text(spread: ProbabilitySpread | None) -> str:
    """Return the interval over posterior draws, or why there is none.

    Examples
    --------
    >>> from detente.lab.why import ProbabilitySpread
    >>> spread_text(ProbabilitySpread(0.1, 0.05, 0.15, 0.25, 0.58))
    '25 % to 58 %'
    >>> spread_text(ProbabilitySpread(0.0004, 0.0, 0.03, 0.9396, 0.941))
    'cannot be estimated from these futures (sd anywhere up to 0.030)'
    """
    if spread is None:
        return "cannot be estimated: too few futures settle it"
    if not estimated(spread):
        if not spread.sd_high:
            return "cannot be estimated: all settled futures agree"
        return f"cannot be estimated from these futures (sd anywhere up to {spread.sd_high:.3f})"
    return f"{percent(spread.low)} to {percent(spread.high)}"


def estimated(spread: ProbabilitySpread | None) -> TypeGuard[ProbabilitySpread]:
    """Whether a spread is wider than a rounding; one of no width says that chance hides it, not that there is none."""
    return spread is not None and percent(spread.low) != percent(spread.high)
