"""Counts of futures become probabilities in one place, and counts are what add up."""

import pytest

from detente.base.shares import share_of, yes_of


def test_no_number_of_futures_is_none_or_all() -> None:
    for futures in (1, 50, 10_000):
        assert 0 < share_of(0, futures) < share_of(1, futures + 1) < share_of(futures, futures) < 1


def test_a_share_and_its_opposite_are_one() -> None:
    assert share_of(7, 50) + share_of(43, 50) == pytest.approx(1, abs=1e-15)


def test_no_future_gives_no_probability() -> None:
    assert share_of(0, 0) is None


@pytest.mark.parametrize("futures", [1, 2, 37, 2000, 100_000])
def test_a_share_gives_its_count_back(futures: int) -> None:
    some = {0, 1, futures // 3, futures - 1, futures}
    assert [yes_of(share_of(yes, futures), futures) for yes in sorted(some)] == sorted(some)
