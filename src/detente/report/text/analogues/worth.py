"""What similar moments are worth as forecasts, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from detente.studies.analogues.value import AnalogueValue, Worth

_LEARN = "--measure"


def worth_text(worth: AnalogueValue | None) -> str:
    """Return what similar moments are worth as a forecast, as far as it was measured."""
    if worth is None:
        return (
            "Whether what followed such moments says more than a base rate has not been measured for these events and "
            f"this argument ({_LEARN} does it): read them as examples."
        )
    first = worth.ways[0]
    best = min(worth.ways, key=lambda way: way.brier)
    asked = (
        f"Over {worth.cases:,} past questions on {worth.dates} days from {worth.first} to {worth.last}, the share of "
        f"the {first.nearest} most similar moments after which the question came true scored {first.brier:.3f} (Brier; "
        f"lower is better) and the better base rate {worth.base_brier:.3f}"
    )
    skill = first.skill
    interval = "" if skill.low is None else f", 90 % interval {signed(skill.low)} to {signed(skill.high)}"
    verdict = (
        "they say more than the base rate"
        if first.beats
        else "they do not beat the base rate, so read them as examples and not as a forecast"
    )
    told = "" if skill.mean is None else f" (skill {signed(skill.mean)}{interval})"
    more = (
        ""
        if first.beats or not best.beats
        else f" The best of {len(worth.ways)} ways tried, {way_text(best)}, does."
    )
    none = "" if first.beats or best.beats else f" None of the {len(worth.ways)} ways tried does."
    return f"{asked}{told}: {verdict}.{more}{none}"


def way_text(way: Worth) -> str:
    """Return a way to forecast from similar moments in words."""
    share = f"the share of the {way.nearest} most similar"
    return f"the mean of {share} and the base rate" if way.mixed else share


def signed(value: float | None, digits: int = 2) -> str:
    """Return a number with its sign; a dash for none.

    Examples
    --------
    >>> signed(-0.034), signed(1.26, 1), signed(None)
    ('−0.03', '+1.3', '–')
    """
    return "–" if value is None else f"{value:+.{digits}f}".replace("-", "−")
