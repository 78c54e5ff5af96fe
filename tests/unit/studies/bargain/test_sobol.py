"""Our Sobol points and indices are SciPy's."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from detente.studies.bargain.sobol import sobol_indices, sobol_points


@pytest.mark.parametrize(("exponent", "dimensions"), [(1, 1), (0, 3), (10, 102), (3, 1024), (2, 1025)])
def test_points_are_those_of_scipy(exponent: int, dimensions: int) -> None:
    want = stats.qmc.Sobol(dimensions, scramble=False).random_base2(exponent)
    assert np.array_equal(sobol_points(exponent, dimensions), want)


def test_indices_are_those_of_scipy() -> None:
    points = sobol_points(8, 6)
    a, b = points[:, :3], points[:, 3:]

    def function(x: np.ndarray) -> np.ndarray:
        return 5 + x[:, 0] + 2 * x[:, 1] * x[:, 0]  # the third input does nothing

    mixed = [np.where(np.arange(3) == j, b, a) for j in range(3)]
    values = {"f_A": function(a)[None], "f_B": function(b)[None]}
    want = stats.sobol_indices(func=values | {"f_AB": np.stack([function(x)[None] for x in mixed])}, n=256)
    first, total = sobol_indices(function(a), function(b), np.stack([function(x) for x in mixed]))
    assert first == pytest.approx(np.ravel(want.first_order), abs=1e-12)
    assert total == pytest.approx(np.ravel(want.total_order), abs=1e-12)
    assert total[2] == 0
