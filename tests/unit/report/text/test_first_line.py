"""The first line says what there is too little of, and only that as the reason."""

from __future__ import annotations

import pytest

from detente.argument.blocks import DoorSpec
from detente.lab.too_little import blank_cautions
from detente.report.text.first_line import caution_text


@pytest.mark.parametrize(
    ("days", "acts", "reason"),
    [
        (11_662, 70, "only 70 acts between the principals are there to learn from, on 11,662 covered days."),
        (300, 118, "only 300 covered days are there to learn from, with 118 acts between the principals."),
        (300, 50, "only 300 covered days and 50 acts between the principals are there to learn from."),
    ],
)
def test_too_little_is_only_what_is_short(days: int, acts: int, reason: str) -> None:
    text = caution_text({"code": "few_data", "days": days, "acts": acts})
    assert text == f"The prior decides most of what follows: {reason}"


def test_blanks_of_a_template_are_counted_before_any_number() -> None:
    door = DoorSpec.model_construct(because="FILL-IN: why")
    (caution,) = blank_cautions("door", door)
    text = caution_text(caution.to_dict())
    assert text.startswith("FILL-IN is still in 1 place of the block door:")
    assert blank_cautions("door", None) == ()
