"""Futures beside reference rates: the right question for each rate, and only where the futures can say."""

from __future__ import annotations

import numpy as np

from detente.lab.run import run
from detente.model.elsewhere import evidence_table
from detente.report.text.evidence.reference_rates import rate_rows
from detente.studies.against_rates import HeldAgainst, against_rates, lengths_of
from worlds import essay_case


def test_each_chance_stands_beside_the_rate_of_its_window() -> None:
    result = run(essay_case(), futures=60, seed=1)
    held = against_rates(result)
    table = {each["id"]: each for each in evidence_table()["rates"]["chances"]}
    assert {row.rate for row in held} == {"exchange_in_year", "war_in_year", "war_after_violent_crisis"}
    for row in held:
        by = next(each for each in table[row.rate]["by"] if each["months"] == row.months)
        assert (row.reference, row.reference_low, row.reference_high) == (by["share"], by["low"], by["high"])
        assert row.low <= row.probability <= row.high
    chances = {(row.rate, row.months): row.probability for row in held}
    assert chances["exchange_in_year", 6] <= chances["exchange_in_year", 24]


def test_a_chance_is_outside_only_if_the_two_intervals_do_not_meet() -> None:
    reference = (0.014, 0.010, 0.018, "sarkees2010")
    near, far = (HeldAgainst("war_in_year", 12, p, p - 0.01, p + 0.01, *reference) for p in (0.025, 0.05))
    assert [row["outside"] for row in rate_rows((near, far))] == [False, True]


def test_runs_that_go_on_to_the_last_day_have_no_length() -> None:
    days = np.array([[0, 1, 1, 0, 1], [1, 1, 0, 1, 0], [0, 0, 0, 0, 0]], dtype=bool)
    assert sorted(lengths_of(days).tolist()) == [1, 2, 2]
