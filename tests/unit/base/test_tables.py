"""Results as tables: the same rows in Polars, pandas and Arrow, and small tables for notebooks."""

from __future__ import annotations

import importlib
from typing import Any

import polars as pl
import pytest

from detente.base.days import Window
from detente.base.errors import DetenteError
from detente.events.chronicle import Chronicle
from detente.lab.case import Case
from detente.lab.clocks import clocks_of
from detente.lab.phases import phases_of
from detente.lab.run import run
from detente.lab.run_result import Run
from detente.model.clocks import ClockFit, at_clocks
from worlds import AS_OF, essay_case


@pytest.fixture(scope="module")
def result() -> Run:
    case = essay_case()
    plain = at_clocks(case.argument, {"fast": 14, "slow": 365, "generational": 7305})
    return run(Case(case.rivalry, plain, case.chronicle), as_of=AS_OF, days=60, futures=30, seed=1)


@pytest.fixture(scope="module")
def results(result: Run) -> list[Any]:
    return [result, result.futures, result.case.chronicle, phases_of(result.case)]


def test_pandas_and_arrow_hold_what_polars_holds(results: list[Any]) -> None:
    for one in results:
        for name in one.tables:
            frame = one.to_polars(name)
            assert isinstance(frame, pl.DataFrame)
            assert frame.height > 0
            arrow, pandas = one.to_arrow(name), one.to_pandas(name)
            assert pl.from_arrow(arrow).equals(frame)
            assert list(pandas.columns) == frame.columns
            assert len(pandas) == frame.height


def test_the_first_table_is_the_usual_one(result: Run) -> None:
    assert result.to_polars().equals(result.to_polars("channels"))
    assert result.to_polars("answers")["probability"].to_list() == [a.probability for a in result.answers]
    assert result.to_polars("events").equals(result.futures.events)
    with pytest.raises(DetenteError, match="table must be one of channels, answers, events, got weather"):
        result.to_polars("weather")


def test_phases_are_had_by_period_and_by_day(result: Run) -> None:
    phases = phases_of(result.case)
    days = phases.to_polars("days")
    assert days.height == phases.window.days
    of_period = phases.to_polars().filter(pl.col("kind") != "talks")
    assert of_period["days"].sum() == days.height


def test_clocks_are_a_table(result: Run) -> None:
    clocks = clocks_of(essay_case(), as_of=AS_OF)
    assert isinstance(clocks.fit, ClockFit)
    table = clocks.to_polars()
    assert table.filter(pl.col("clock") == "fast")["mass"].sum() == pytest.approx(1)
    assert "<td>fast</td>" in clocks._repr_html_()


@pytest.mark.parametrize("module", ["pandas", "pyarrow"])
def test_a_missing_library_is_told_with_its_extra(
    module: str, result: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = importlib.import_module

    def without(name: str) -> Any:
        if name == module:
            raise ImportError(name)
        return whole(name)

    monkeypatch.setattr(importlib, "import_module", without)
    with pytest.raises(DetenteError, match=rf"{module} must be installed.*detente\[tables\]"):
        result.to_pandas()


def test_notebooks_show_small_escaped_tables(results: list[Any]) -> None:
    for one in results:
        if hasattr(one, "_repr_html_"):
            shown = one._repr_html_()
            assert shown.startswith("<table>")
            assert shown.count("<tr>") < 40
    rows = [
        {
            "date": AS_OF,
            "source": "<b>A",
            "target": "B",
            "class": "force",
            "action": "ASSAULT",
            "summary": "x & <script>",
        }
    ]
    odd = Chronicle.of(pl.DataFrame(rows), Window(AS_OF, AS_OF.replace(day=20)))
    assert "<b>" not in odd._repr_html_()
    assert "x &amp; &lt;script&gt;" in odd._repr_html_()
