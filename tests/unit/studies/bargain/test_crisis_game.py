"""The crisis game: every equilibrium, to five digits, and none lost at the edges."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import ndtr
from scipy.stats import multivariate_normal

from detente.base.errors import ArgumentError
from detente.studies.bargain import crisis, openings
from detente.studies.bargain.crisis_game import Stakes, _answer, equilibria

GAME = Stakes(0, 1, -1.9, -1.2, 0, 1, -2.9)
TABLE = [  # war_b; p_R, p_C, p_F; status quo, concession, war, backing down
    (-2.9, 0.25110, 0.99479, 0.30970, 0.00521, 0.74499, 0.07736, 0.17244),
    (-2.9, 0.59472, 0.37987, 0.24156, 0.62013, 0.15395, 0.05457, 0.17134),
    (-2.9, 0.81332, 0.20545, 0.20876, 0.79455, 0.03835, 0.03488, 0.13222),
    (-2.8, 0.29645, 0.96173, 0.30624, 0.03827, 0.67662, 0.08731, 0.19779),
    (-2.8, 0.47242, 0.58238, 0.26804, 0.41762, 0.30725, 0.07375, 0.20139),
    (-2.8, 0.87403, 0.17931, 0.20220, 0.82069, 0.02259, 0.03169, 0.12503),
    (-2.7, 0.90786, 0.16714, 0.19890, 0.83286, 0.01540, 0.03018, 0.12156),
]


def test_every_published_row() -> None:
    found = [
        (war, *(round(v, 5) for v in vars(e).values()))
        for war in (-2.9, -2.8, -2.7)
        for e in equilibria(replace(GAME, war_b=war))
    ]
    assert found == TABLE


def test_larger_audience_cost_leaves_one() -> None:
    (only,) = equilibria(replace(GAME, audience_a=-2.4))
    assert (round(only.resists, 5), round(only.concession, 5)) == (0.00982, 0.99018)


def _textbook(p: float, game: Stakes) -> float:
    """Return p minus the printed formulas' answer to it: SciPy's bivariate normal, no trick."""
    least = (game.status_quo_a - (1 - p) * game.prize_a) / p
    challenges = 1 - ndtr(least - game.war_a) * ndtr(least - game.audience_a)
    both = multivariate_normal([0, 0], [[1, np.sqrt(0.5)], [np.sqrt(0.5), 1]])
    joint = both.cdf([(game.war_a - game.audience_a) / np.sqrt(2), game.war_a - least])
    fights = joint / challenges
    worth = (fights * game.war_b + (1 - fights) * game.prize_b - game.concede_b) / fights
    return float(p - ndtr(worth))


def test_equilibria_solve_the_printed_equations() -> None:
    for found in equilibria(GAME):
        assert abs(_textbook(found.resists, GAME)) < 1e-4  # the table's formulas divide small by small
    assert abs(_textbook(0.5, GAME)) > 1e-2


@settings(max_examples=12, deadline=None)
@given(
    st.floats(-1, 2), st.floats(-1, 3), st.floats(-5, 1), st.floats(-5, 1), st.floats(0, 3), st.floats(-6, 2)
)
def test_roots_are_fixed_points_and_odd_in_number(
    quo: float, prize: float, war: float, audience: float, swing: float, war_b: float
) -> None:
    game = Stakes(quo, prize, war, audience, 0, swing, war_b)
    found = equilibria(game)
    assert len(found) % 2 == 1
    for e in found:
        assert e.status_quo + e.concession + e.war + e.backing_down == pytest.approx(1, abs=1e-9)
        assert all(0 <= v <= 1 for v in vars(e).values())
        if 1e-12 < e.resists < 1 - 1e-12:
            from scipy.special import ndtri

            z = np.array([ndtri(e.resists)])
            assert float(_answer(z, game)[0]) == pytest.approx(float(z[0]), abs=1e-3)


def test_chance_to_fight_is_exact_where_a_challenge_is_all_but_impossible() -> None:
    (only,) = equilibria(Stakes(12, 1, -1.9, -1.2, 0, 1, -2.9))
    assert 0 < only.challenges < 1e-30

    def density(w: float, mean: float, other: float) -> float:
        return float(np.exp(-0.5 * (w - mean) ** 2 + 0.5 * (12 + 1.2) ** 2) * ndtr(w - other))

    fight = quad(density, 12, 30, args=(-1.9, -1.2))[0]
    give_in = quad(density, 12, 30, args=(-1.2, -1.9))[0]
    assert only.fights == pytest.approx(fight / (fight + give_in), rel=1e-6)


def test_extreme_stakes_have_an_answer() -> None:
    for game in (
        replace(GAME, war_b=-30),
        Stakes(30, -30, -20, -1, 0, 1, -3),
        Stakes(0, 1, -30, 30, 0, 1, -3),
        Stakes(0, 30, 3, -20, 0, 1, 2),
    ):
        assert len(equilibria(game)) == 1


def test_refuses() -> None:
    with pytest.raises(ArgumentError, match="war_a must be a number"):
        equilibria(replace(GAME, war_a=float("nan")))
    with pytest.raises(ArgumentError, match="prize_b must be at least concede_b"):
        equilibria(replace(GAME, concede_b=2))


def test_equilibria_are_counted_over_the_ranges() -> None:
    spec = openings.bargain_argument("us-iran")
    study = crisis.crisis_of(spec, given=("war_a=-1.9", "audience_a=-1.2"))
    assert sum(study.counts.values()) == len(study.spread) == 64
    assert set(study.counts) <= {1, 2, 3}
    assert max(study.counts) == 3  # war_b reaches from -3.5 to -2.5, past both folds
    assert study.war is not None
    assert 0 <= study.war[0] < study.war[1] <= 1
    fixed = crisis.crisis_of(None, given=tuple(f"{name}={value}" for name, value in vars(GAME).items()))
    assert (fixed.spread, fixed.war, len(fixed.found)) == ((), None, 3)


def test_two_equilibria_about_to_merge_are_both_found() -> None:
    inside, outside = -2.8, -2.7
    while outside - inside > 1e-9:
        middle = (inside + outside) / 2
        inside, outside = (
            (middle, outside) if len(equilibria(replace(GAME, war_b=middle))) == 3 else (inside, middle)
        )
    # The curve's grid has steps of 0.05 on the probit scale; near the fold both roots lie within one.
    first, second, third = (e.resists for e in equilibria(replace(GAME, war_b=inside - 1e-7)))
    assert second - first < 1e-2
    assert third > 0.8
    assert inside == pytest.approx(-2.78, abs=0.05)
