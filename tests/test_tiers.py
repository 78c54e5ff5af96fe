"""What `make test` leaves to `make slow`, and that both try the same properties."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import settings

import conftest
from tiers import FEW, SLOW_TIER, examples


@dataclass
class Case:
    """A collected test, as far as the choice of tiers looks at it."""

    nodeid: str
    marked: bool = True
    marks: list[str] = field(default_factory=list)
    kept: tuple[int, ...] = ()

    @property
    def name(self) -> str:
        return self.nodeid.rpartition("::")[2]

    def get_closest_marker(self, name: str) -> object | None:
        return pytest.mark.like_cases(*self.kept).mark if self.marked and name == "like_cases" else None

    def add_marker(self, mark: str) -> None:
        self.marks.append(mark)


def quick(cases: list[Case]) -> set[str]:
    for case in cases:
        case.marks.clear()
    conftest.pytest_collection_modifyitems(cases)  # type: ignore[arg-type]
    return {case.nodeid for case in cases if "slow" not in case.marks}


def test_ten_of_many_like_cases_are_quick_and_always_the_same() -> None:
    many = [Case(f"a.py::test_x[{i}]") for i in range(100)]
    few = [Case(f"b.py::test_x[{i}]") for i in range(7)]
    unlike = [Case(f"a.py::test_y[{i}]", marked=False) for i in range(30)]
    found = quick([*many, *few, *unlike])
    assert len(found & {case.nodeid for case in many}) == conftest.SAMPLE == 10
    assert found >= {case.nodeid for case in (*few, *unlike)}
    assert quick([*unlike, *few, *reversed(many)]) == found
    grown = quick([*many, Case("a.py::test_x[new]"), *few, *unlike])
    assert len(found - grown) <= 1, "one case more puts at most one other out"
    long = [Case(f"c.py::test_z[{i}]", kept=(3,)) for i in range(20)]
    assert len(quick(long)) == 3
    assert quick([many[3]]) == {many[3].nodeid}, "a case that is asked for by name is run"


def test_the_quick_tier_tries_few_examples_and_the_same_ones() -> None:
    assert examples(10) == 10
    assert examples(FEW + 100) == (FEW + 100 if SLOW_TIER else FEW)
    assert settings().derandomize is not SLOW_TIER
    assert settings().deadline is None
