"""What no act of the futures can count toward has no number, in any study of levers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from detente.events.chronicle import Chronicle
from detente.events.ontology.classes import scheme_of
from detente.futures.modelled import OUTCOMES, modelled
from detente.lab.case import Case
from detente.model.clocks import at_clocks
from detente.model.compiler import compile_argument
from detente.report.text.answers.changes import of_whatif
from detente.report.text.as_json import to_json
from detente.report.text.compare import _plans
from detente.report.text.whatif import text_of
from detente.studies.scoring.compare import _plan_to_dict
from detente.studies.whatif.every_lever import change_of
from detente.studies.whatif.whatif import WhatIf, whatif
from worlds import baseline, random_chronicle

AS_OF = date(2003, 1, 1)


def of(chronicle: Chronicle) -> tuple[str, ...]:
    return modelled(compile_argument(baseline("A", "B"), chronicle, AS_OF))


def changed(chronicle: Chronicle, **columns: pl.Expr) -> Chronicle:
    return replace(chronicle, events=chronicle.events.with_columns(**columns))


def foreign() -> Chronicle:
    """Four classes, none of acts done together, and no toll."""
    chronicle = random_chronicle(scheme="quad")
    return changed(chronicle, fatalities=pl.lit(None, dtype=pl.Int64))


@pytest.fixture(scope="module")
def case() -> Case:
    argument = baseline("A", "B")
    return Case("A-B", at_clocks(argument, argument.clocks.half_lives()), foreign())


@pytest.fixture(scope="module")
def pulled(case: Case) -> WhatIf:
    return whatif(case, ["sanctions:A=5@1"], as_of=AS_OF, days=30, futures=20, seed=1)


def test_classes_without_acts_done_together_model_no_talks() -> None:
    assert scheme_of("quad").joint_class is None
    assert not {"talks", "accords"} & set(of(foreign()))


def test_unknown_tolls_model_no_deaths() -> None:
    chronicle = random_chronicle(scheme="quad")
    fatal = changed(chronicle, fatalities=pl.lit(3, dtype=pl.Int64))
    assert "deaths" in of(fatal)
    assert "deaths" not in of(foreign())


def test_a_lever_is_compared_by_what_is_modelled_alone(pulled: WhatIf) -> None:
    assert {"talks", "accords", "deaths"} <= set(pulled.not_modelled)
    assert not any(name in pulled.not_modelled for name, _ in pulled.outcomes)
    value = to_json(pulled)
    assert value["not_modelled"] == list(pulled.not_modelled)
    rows = {row["outcome"]: row for row in value["outcomes"]}
    assert rows["talks"]["without"] is None
    assert set(OUTCOMES) <= set(rows)


def test_its_text_says_what_is_not_modelled_and_prints_no_zero(pulled: WhatIf) -> None:
    assert "Not modelled on these events: talks" in of_whatif(pulled) or pulled.inert
    text = text_of(pulled)
    assert "Not modelled on these events: talks (no channel takes acts that both do together)" in text
    assert "futures with talks  " not in text


def test_a_comparison_leaves_them_without_a_number(pulled: WhatIf) -> None:
    plan = _plan_to_dict("plan", ["a"], [pulled])
    assert plan["under"][0]["talks"] is None
    assert any("not modelled" in line for line in _plans({"plans": [plan]}, {"plan": [pulled]}))


def test_a_report_leaves_them_without_a_number(case: Case) -> None:
    change = change_of(case, AS_OF, seed=1)
    assert change.pulled
    assert "talks" in change.not_modelled
    assert change.to_dict()["levers"][0]["outcomes"]["talks"] is None
