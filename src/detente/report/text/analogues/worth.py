"""What similar moments are worth as forecasts, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.report.languages.formats import day_text
from detente.report.languages.language import _, sentences

if TYPE_CHECKING:
    from detente.studies.analogues.value import AnalogueValue, Worth

_LEARN = "`detente analogues --measure`"


def worth_text(worth: AnalogueValue | None) -> str:
    """Return what similar moments are worth as a forecast, as far as it was measured."""
    if worth is None:
        return _(
            "Whether what followed such moments says more than a base rate has not been measured for these events and "
            "this argument ({option} does it): read them as examples."
        ).format(option=_LEARN)
    first = worth.ways[0]
    best = min(worth.ways, key=lambda way: way.brier)
    said = (
        _(
            "Over {cases} past questions on {dates} days from {first} to {last}, the share of the {nearest} most "
            "similar moments after which the question came true scored {score} (Brier; lower is better) and the better "
            "base rate {base}: they say more than the base rate."
        )
        if first.beats
        else _(
            "Over {cases} past questions on {dates} days from {first} to {last}, the share of the {nearest} most "
            "similar moments after which the question came true scored {score} (Brier; lower is better) and the better "
            "base rate {base}: they do not beat the base rate, so read them as examples and not as a forecast."
        )
    ).format(
        cases=f"{worth.cases:,}",
        dates=worth.dates,
        first=day_text(worth.first),
        last=day_text(worth.last),
        nearest=first.nearest,
        score=f"{first.brier:.3f}",
        base=_with_skill(f"{worth.base_brier:.3f}", first),
    )
    if first.beats:
        return said
    count = len(worth.ways)
    other = (
        _("The best of {n} ways tried, {way}, does.").format(n=count, way=way_text(best))
        if best.beats
        else _("None of the {n} ways tried does.").format(n=count)
    )
    return sentences(said, other)


def _with_skill(base: str, way: Worth) -> str:
    skill = way.skill
    if skill.mean is None:
        return base
    said = (
        _("{base} (skill {skill})")
        if skill.low is None
        else _("{base} (skill {skill}, 90 % interval {low} to {high})")
    )
    return said.format(base=base, skill=signed(skill.mean), low=signed(skill.low), high=signed(skill.high))


def way_text(way: Worth) -> str:
    """Return a way to forecast from similar moments in words."""
    said = (
        _("the mean of the share of the {n} most similar and the base rate")
        if way.mixed
        else _("the share of the {n} most similar")
    )
    return said.format(n=way.nearest)


def signed(value: float | None, digits: int = 2) -> str:
    """Return a number with its sign; a dash for none.

    Examples
    --------
    >>> signed(-0.034), signed(1.26, 1), signed(None)
    ('−0.03', '+1.3', '–')
    """
    return "–" if value is None else f"{value:+z.{digits}f}".replace("-", "−")
