"""What a caller in Python may give: days as text, whole numbers of any library, within the command line's limits."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pytest

from detente.base.errors import DetenteError
from detente.base.limits import DAYS, FUTURES, LAST_YEAR, SEED, THREADS
from detente.cli.options import RunOptions
from detente.lab.settings import settings_of
from worlds import baseline


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("futures", 0),
        ("futures", 10**9),
        ("futures", 2.0),
        ("futures", "20"),
        ("futures", True),
        ("seed", -1),
        ("seed", 2**70),
        ("days", 0),
        ("days", 36_501),
        ("threads", -1),
        ("threads", 33),
    ],
)
def test_a_number_outside_its_limits_is_refused_with_what_to_try(name: str, value: Any) -> None:
    with pytest.raises(DetenteError, match=f"{name} must be a whole number from .* Try ") as caught:
        settings_of(baseline(), **{name: value})
    assert caught.value.faults[0].code == "not_whole_in_range"


@pytest.mark.parametrize(
    "value", [3, "17 January 2020", "2020-02-30", datetime(2020, 1, 17, tzinfo=UTC), "9999-12-31"]
)
def test_what_is_no_day_is_refused_with_what_to_try(value: Any) -> None:
    with pytest.raises(DetenteError, match=r"as_of must be .*(Try|Give)"):
        settings_of(baseline(), as_of=value)


def test_a_day_may_be_text_and_a_number_one_of_numpy() -> None:
    settings = settings_of(baseline(), as_of="2020-01-17", futures=np.int64(50), seed=np.uint8(3))
    assert (settings.as_of, settings.futures, settings.seed) == (date(2020, 1, 17), 50, 3)
    assert settings_of(baseline(), as_of=date(LAST_YEAR, 12, 31)).as_of.year == LAST_YEAR


def test_the_command_line_has_the_same_limits() -> None:
    hints = RunOptions.__annotations__
    for name, limits in (("days", DAYS), ("futures", FUTURES), ("seed", SEED)):
        assert f"limits.{name.upper()}[0]" in hints[name], limits
    assert THREADS == (0, 32)
