"""One rounding: a printed difference is that of the numbers printed with it, whatever they are."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from detente.report.text.numbers import change, from_to

SHARES = st.floats(0.0, 1.0)
COUNTS = st.floats(0.0, 1e4)


def number(text: str) -> float | None:
    """Return a printed number; None for a word or a bound."""
    return float(text) if re.fullmatch(r"[+-]?\d+(\.\d+)?", text) else None


@given(before=COUNTS, after=COUNTS, wide=st.floats(0.0, 10.0), digits=st.integers(1, 3))
def test_a_difference_is_that_of_the_printed_numbers(
    before: float, after: float, wide: float, digits: int
) -> None:
    moved = after - before
    shown = change(before, after, moved - wide, moved + wide, digits)
    one, two, difference = map(number, (shown.before, shown.after, shown.difference))
    if one is not None and two is not None and difference is not None:
        assert abs((two - one) - difference) < 0.5 * 10**-digits


@given(before=SHARES, after=SHARES)
def test_a_share_that_moved_by_a_thousandth_is_printed_as_moved(before: float, after: float) -> None:
    one, two = from_to(before, after).split(" to ")
    assert (one != two) or abs(before - after) <= 0.001
