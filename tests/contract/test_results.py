"""What every result keeps: one short line, tables in Polars, and small tables for notebooks in which text is inert."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import polars as pl
import pytest

import detente
from detente.argument.argument import Argument
from detente.base.tables import Tables
from detente.lab.case import Case
from detente.lab.head import head_of
from detente.model.clocks import at_clocks
from detente.report.text import exercise
from detente.report.text.as_json import to_json
from detente.studies.scoring.backtest_result import Backtest, FanWindow
from detente.studies.scoring.compare import Comparison
from detente.studies.scoring.competition import Competition
from detente.studies.scoring.protocol import Protocol
from detente.studies.scoring.question_backtest import QuestionBacktest
from detente.studies.scoring.question_cases import QuestionCases
from detente.studies.scoring.question_protocol import (
    ALL,
    ARGUMENT,
    OF_TYPE,
    RECENT,
    AskedQuestion,
    QuestionProtocol,
)
from detente.studies.whatif.door_test import quick_door
from detente.studies.world.run import skill_of
from many_pairs import event_file
from worlds import AS_OF, embedded, essay

BAD = "<script>alert(1)</script>\n" + "x" * 200
PLAIN = {"fast": 14.0, "slow": 365.0, "generational": 7305.0}
KEPT = ("strike-30d", "talks-12m")


@cache
def case() -> Case:
    """The essay at one point of its clocks, with titles, questions, claims and acts that would run in a page."""
    argument: Argument = at_clocks(essay(), PLAIN)
    questions = tuple(q.model_copy(update={"text": BAD}) for q in argument.questions if q.id in KEPT)
    asked = {q.id for q in questions}
    claims = tuple(
        c.model_copy(update={"text": BAD, "terms": (), "against": None})
        for c in argument.claims
        if c.question in asked or c.acts
    )
    update = {"title": BAD, "questions": questions, "claims": claims}
    said = pl.lit(BAD).alias("summary")
    chronicle = replace(embedded(), events=embedded().events.with_columns(said))
    return Case("us-iran", argument.model_copy(update=update), chronicle)


def backtest(name: str = "essay") -> Backtest:
    start = date(2010, 1, 1)
    origins = tuple(start + timedelta(days=91 * i) for i in range(12))
    window = FanWindow(start, date(2012, 1, 1), "", (3,), {name: ((1.0, 4.0),), "eras": ((0.0, 9.0),)})
    protocol = Protocol((start,), (), origins, date(2013, 1, 1), None, fixed=True)
    scores = np.arange(24.0).reshape(2, 12)
    return Backtest(name, protocol, (BAD,), (window,), (name, "eras"), scores)


def questions() -> QuestionBacktest:
    asked = (AskedQuestion("one", "talks", 90, BAD), AskedQuestion("two", "force", 730, BAD, 2.0))
    dates = tuple(date(2000 + i // 4, 1 + 3 * (i % 4), 1) for i in range(20))
    said = np.random.default_rng(1).random((4, 2, 20))
    outcome = (np.arange(40) % 3).reshape(2, 20)
    protocol = QuestionProtocol(asked, dates, fixed=False, futures=20)
    names, none = (ARGUMENT, ALL, RECENT, OF_TYPE), np.zeros(20, dtype=bool)
    cases = QuestionCases(protocol, names, said, outcome, np.full((2, 20), 90), none)
    return QuestionBacktest(cases, head_of(case()))


def comparison() -> Comparison:
    runs = (made("run"), made("run"))
    quarters = (np.zeros((2, 1)), np.full((2, 2), 0.5))
    between = Competition(("one", "two"), (AS_OF,), AS_OF, None, *quarters, 1)
    return Comparison((case(), case()), AS_OF, (), (-1.0, -2.0), runs, (backtest(), backtest()), between, {})


def world() -> Any:
    with TemporaryDirectory() as folder:
        return detente.world(event_file(Path(folder) / "events.csv"), pairs=4)


def skill() -> Any:
    with TemporaryDirectory() as folder:
        path = event_file(Path(folder) / "events.csv")
        return skill_of(path, pairs=4, train_share=0.7, horizons=(1,), ablations=False, trees=False)


FEW = {"futures": 20, "seed": 1}
MAKE: dict[str, Callable[[], Any]] = {
    "analogues": lambda: detente.analogues(case()),
    "ask": lambda: detente.ask(case(), *KEPT, **FEW),
    "article": lambda: detente.article(case(), computed=False),
    "backtest": backtest,
    "backtest_questions": questions,
    "bargain": lambda: detente.bargain(case().argument, draws=64),
    "claims": lambda: detente.claims(case(), **FEW),
    "clocks": lambda: detente.clocks(case()),
    "compare": comparison,
    "crisis": lambda: detente.crisis(case().argument),
    "diagnose": lambda: detente.diagnose(case(), **FEW),
    "diff": lambda: detente.diff(case(), case(), as_of=(date(2020, 1, 2), AS_OF), most=2, **FEW),
    "evidence": detente.evidence,
    "exercise": lambda: detente.exercise(case(), "typical", days=60, **FEW),
    "forecasts": lambda: detente.forecasts(case(), **FEW),
    "load_argument": lambda: case().argument,
    "load_case": case,
    "load_events": lambda: case().chronicle,
    "mediators": lambda: detente.mediators(case(), draws=100),
    "phases": lambda: detente.phases(case()),
    "propose": lambda: detente.propose(case().chronicle, ("USA", "IRN"), AS_OF),
    "report_on": lambda: detente.report_on(case(), **FEW),
    "run": lambda: detente.run(case(), **FEW),
    "unlock": lambda: quick_door(case(), as_of=AS_OF, draws=200, copies=1, seed=1),
    "whatif": lambda: detente.whatif(case(), ["relief=0.33@30"], days=90, **FEW),
    "world": world,
    "skill": skill,
    "futures": lambda: made("run").futures,
    "posterior": lambda: made("run").posterior,
    "clock fit": lambda: made("clocks").fit,
}
SLOW = {"clock fit", "clocks", "diagnose", "diff", "report_on", "unlock"}
NAMES = [pytest.param(name, marks=pytest.mark.slow) if name in SLOW else name for name in MAKE]


@cache
def made(name: str) -> Any:
    return MAKE[name]()


def type_of(name: str) -> type[Any]:
    function = inspect.unwrap(getattr(detente, name))
    annotation = inspect.signature(function).return_annotation
    return (
        getattr(sys.modules[function.__module__], annotation) if isinstance(annotation, str) else annotation
    )


def test_every_public_result_has_tables_and_is_tried_here() -> None:
    public = {name: type_of(name) for name in detente.__all__ if type_of(name) is not Path}
    assert {name for name, kind in public.items() if not issubclass(kind, Tables)} == set()
    assert set(public) <= set(MAKE)


@pytest.mark.parametrize("name", NAMES)
def test_a_result_is_one_short_line(name: str) -> None:
    result = made(name)
    line = repr(result)
    assert line.startswith(f"<{type(result).__name__} ")
    assert line.endswith(">")
    assert len(line) <= 120
    assert line.isprintable()
    assert "array(" not in line
    if name in detente.__all__:
        assert isinstance(result, type_of(name))


@pytest.mark.parametrize("name", NAMES)
def test_a_result_has_its_tables(name: str) -> None:
    result = made(name)
    assert result.tables
    for table in result.tables:
        frame = result.to_polars(table)
        assert frame.width > 1
        assert pl.Object not in frame.dtypes
    first = result.to_polars()
    assert first.height or name in ("load_argument", "propose")
    assert result.to_arrow().num_rows == len(result.to_pandas()) == first.height


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_shows_a_small_table_in_which_nothing_runs(name: str) -> None:
    shown = made(name)._repr_html_()
    assert shown.startswith("<table><caption>")
    assert shown.count("<tr>") < 60
    assert "<script" not in shown.replace("&lt;script", "")
    assert shown.count("<table") == 1


HEADED = (
    "analogues",
    "ask",
    "backtest_questions",
    "claims",
    "clocks",
    "diagnose",
    "diff",
    "exercise",
    "forecasts",
    "mediators",
)
HEADED += ("report_on", "run", "skill", "unlock", "whatif", "world")


def text_of(name: str) -> str:
    result = made(name)
    if name == "exercise":
        return exercise.text_of(result, exercise.Format.CSV)
    module = {
        "skill": "backtests.backtest_pairs",
        "backtest_questions": "backtests.backtest_questions",
        "analogues": "analogues.analogues",
    }.get(name, name)
    text: Any = import_module(f"detente.report.text.{module}")
    return str(text.text_of(result, *([[]] if name == "run" else [])))


@pytest.mark.parametrize(
    "name", [pytest.param(n, marks=pytest.mark.slow) if n in SLOW else n for n in HEADED]
)
def test_a_result_says_first_on_which_data_it_rests(name: str) -> None:
    value = to_json(made(name))
    for side in (value["before"], value["after"]) if name == "diff" else (value,):
        digest = side["data"]["digest"]
        assert len(digest) == 64
        if name != "report_on":
            head = text_of(name).splitlines()[:6]
            assert f"data {digest[:12]}" in "\n".join(head)


def test_a_line_that_is_too_long_is_cut() -> None:
    odd = replace(case(), rivalry=BAD)
    assert len(repr(odd)) == 120
    assert repr(odd).endswith("...>")
    assert "\n" not in repr(odd)
    assert "&lt;script&gt;" in odd._repr_html_()
