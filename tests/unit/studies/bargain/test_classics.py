"""Classic bargains with the numbers that were printed for them."""

from __future__ import annotations

import pytest

from detente.base.errors import ArgumentError
from detente.studies.bargain.classics import (
    Good,
    adjusted_winner,
    bargaining_range,
    barter,
    mediator_window,
    preventive_war,
    reassured,
    risk_return,
    rubinstein_share,
    trust_threshold,
)

BILL = {"book": (2, 4), "whip": (2, 2), "ball": (2, 1), "bat": (2, 2), "box": (4, 1)}
JACK = {"pen": (10, 1), "toy": (4, 1), "knife": (6, 2), "hat": (2, 2)}
GOODS = [Good(n, 0, w) for n, w in BILL.items()] + [Good(n, 1, w) for n, w in JACK.items()]
PANAMA = {
    "defence rights": (22, 9),
    "use rights": (22, 15),
    "land and water": (15, 15),
    "expansion rights": (14, 3),
    "duration": (11, 15),
    "expansion routes": (6, 5),
    "compensation": (4, 11),
    "jurisdiction": (2, 7),
    "military rights": (2, 7),
    "defence role": (2, 13),
}
CAMP_DAVID = {
    "Sinai": (35, 55),
    "recognition": (10, 5),
    "West Bank": (20, 10),
    "linkage": (10, 5),
    "Palestinian rights": (5, 20),
    "Jerusalem": (20, 5),
}


def test_barter_of_nash() -> None:
    points = barter(GOODS)
    assert [a.gains for a in points] == [(2, 8), (6, 7), (8, 6), (12, 5), (14, 4), (16, 2), (18, 0)]
    assert [a.product for a in points] == [16, 42, 48, 60, 56, 32, 0]
    best = max(points, key=lambda a: a.product)
    assert (set(best.given[0]), set(best.given[1])) == (
        {"book", "whip", "ball", "bat"},
        {"pen", "toy", "knife"},
    )


def test_barter_refuses() -> None:
    with pytest.raises(ArgumentError, match="at most 20"):
        barter([Good(str(i), 0, (1, 1)) for i in range(21)])
    with pytest.raises(ArgumentError, match="owner must be one of 0, 1"):
        barter([Good("a", 2, (1, 1))])


def test_adjusted_winner_of_the_panama_talks() -> None:
    found = adjusted_winner(PANAMA)
    assert found.points == pytest.approx((66, 66), abs=1e-12)
    assert found.divided == "land and water"
    assert found.shares["land and water"] == pytest.approx(2 / 15, abs=1e-12)
    taken = {name for name, share in found.shares.items() if share == 1}
    assert taken == {"defence rights", "use rights", "expansion rights", "expansion routes"}


def test_adjusted_winner_of_camp_david() -> None:
    found = adjusted_winner(CAMP_DAVID)
    assert found.points == pytest.approx((395 / 6, 395 / 6), abs=1e-12)
    assert round(found.points[0], 2) == 65.83
    assert (found.divided, found.shares["Sinai"]) == ("Sinai", pytest.approx(1 / 6, abs=1e-12))


def test_adjusted_winner_does_not_depend_on_order_or_scale() -> None:
    turned = {name: (10 * a, b / 7) for name, (a, b) in reversed(PANAMA.items())}
    assert adjusted_winner(turned).points == pytest.approx((66, 66), abs=1e-9)
    with pytest.raises(ArgumentError, match="must be 0 or more"):
        adjusted_winner({"a": (0, 1)})


def test_rubinstein() -> None:
    found = [rubinstein_share(*d) for d in ((0.9, 0.9), (0.9, 0.8), (0.8, 0.9))]
    assert [round(share, 5) for share in found] == [0.52632, 0.71429, 0.35714]
    for bad in ((1, 1), (-0.1, 0.5), (0.5, 1.2)):
        with pytest.raises(ArgumentError):
            rubinstein_share(*bad)


def test_kydd() -> None:
    assert trust_threshold(4, 3, 2, 1) == 0.5
    assert reassured(0.4, 0.8, 0.3) == pytest.approx(0.64, abs=1e-12)
    low, high = mediator_window(0.7, 0.5, 0.6, 0.1, 0.2)
    assert (round(low, 5), high) == (0.10526, pytest.approx(2.0, abs=1e-12))
    with pytest.raises(ArgumentError):
        trust_threshold(3, 4, 2, 1)
    with pytest.raises(ArgumentError):
        reassured(0.4, 0, 0)
    with pytest.raises(ArgumentError):
        mediator_window(0.7, 0.6, 0.5, 0.1, 0.2)


def test_fearon() -> None:
    war = preventive_war(0.9, 0.3, 0.6, 0.1)
    assert (war.temptation, war.restraint) == pytest.approx((0.24, 0.001), abs=1e-12)
    assert war.war
    assert not preventive_war(0.9, 0.6, 0.6, 0.1).war
    found = risk_return(0.6, 0.1, 0.5)
    assert (found.demand, found.war_chance) == pytest.approx((0.8, 0.4), abs=1e-12)
    assert risk_return(0.6, 0.6, 0.5).war_chance == 0
    assert bargaining_range(0.6, 0.1, 0.3) == pytest.approx((0.5, 0.9), abs=1e-12)
    with pytest.raises(ArgumentError):
        bargaining_range(1.2, 0.1, 0.3)
    with pytest.raises(ArgumentError):
        risk_return(0.6, 0.1, 0)
