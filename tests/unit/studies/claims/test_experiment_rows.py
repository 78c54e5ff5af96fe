"""Rows of claims that the bargain computes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from detente.argument.claim_blocks import ClaimSpec
from detente.base.days import Window
from detente.events.chronicle import Chronicle
from detente.lab.case import Case
from detente.report.text.reasons import why
from detente.studies.bargain.bargain import bargain_of
from detente.studies.claims import experiment_rows
from detente.studies.claims.experiment_rows import bargain_row, smallest_openers, thesis_row
from detente.studies.claims.rows import ClaimRow
from worlds import AS_OF, among_others, essay_case


def computed(claim: str) -> ClaimRow:
    case = essay_case()
    found = thesis_row(case, next(c for c in case.argument.claims if c.id == claim), AS_OF, None)
    assert found is not None
    return found


def row(claim: str, as_of: date = AS_OF) -> ClaimRow:
    case = essay_case()
    return bargain_row(case, next(c for c in case.argument.claims if c.id == claim), as_of)


def test_the_zone_is_empty_under_the_full_demands_and_says_which_close_it() -> None:
    told = row("B1")
    study = bargain_of(essay_case().argument, as_of=AS_OF, draws=2000)
    assert (told.verdict, told.value) == (study.verdict.word, study.verdict.chance)
    assert told.low <= told.value <= told.high < 0.05
    assert all(demand in why(told) for demand in study.verdict.closing)


def test_before_the_demands_were_made_the_zone_was_open() -> None:
    assert row("B1", date(2016, 6, 1)).verdict == "open"


def test_what_both_leave_on_the_table_has_its_interval() -> None:
    told = row("B3")
    assert told.verdict == "joint loss"
    assert 0 < told.low < told.value < told.high


def test_every_actor_has_its_smallest_opening_move_or_none() -> None:
    found = smallest_openers(essay_case(), AS_OF)
    moves = bargain_of(essay_case().argument, as_of=AS_OF, draws=2000).openers
    for actor, own in moves.items():
        assert (found[actor].move is None) == (not own)
        assert found[actor].tried > 0
    assert f"IRN none ({found['IRN'].tried} moves tried)" in why(row("B1"))


# --- theses without accords -----------------------------------------------------------------------------------------


def test_without_accords_on_record_the_theses_are_not_computable(monkeypatch: pytest.MonkeyPatch) -> None:
    """An event file without modes holds no accord that could be told from a meeting."""
    monkeypatch.setattr(experiment_rows, "PLAN_FUTURES", 20)
    case = essay_case()
    bare = case.chronicle.events.with_columns(pl.lit(None, pl.String).alias("mode"))
    case = replace(case, chronicle=replace(case.chronicle, events=bare))
    for claim in case.argument.claims:
        if claim.id in ("T1", "T2"):
            told = thesis_row(case, claim, AS_OF, seed=1)
            assert told is not None
            assert (told.verdict, told.value) == ("not computable", None)
            assert "accord that can be told from a meeting" in why(told)


# --- the rank of a third party -------------------------------------------------------------------------------------

START = date(2000, 1, 1)


def acts(third: str, side: str, count: int, first: int = 0) -> list[dict[str, Any]]:
    return [
        {
            "date": START + timedelta(days=100 * (first + i)),
            "source": third if i % 2 else side,
            "target": side if i % 2 else third,
            "class": "verbal-cooperation",
            "action": "SUPPORT",
            "intensity": 5.0,
        }
        for i in range(count)
    ]


def ranked(rows: list[dict[str, Any]], as_of: date = date(2014, 1, 1)) -> ClaimRow:
    """The row of a claim that O can mediate between A and B, before the bystander P."""
    own = [
        {
            "date": START + timedelta(days=15 * i),
            "source": "A",
            "target": "B",
            "class": "verbal-conflict",
            "action": "ACCUSE",
            "intensity": -3.0,
        }
        for i in range(25)
    ]
    argument = among_others()
    others = argument.parties["others"].model_copy(update={"members": ("O", "P")})
    argument = argument.model_copy(update={"parties": argument.parties | {"others": others}})
    claim = ClaimSpec(id="X", kind="bargain", text="O can bridge.", mediator="O")
    chronicle = Chronicle.of(pl.DataFrame([*own, *rows]), Window(START, date(2015, 1, 1)))
    result = thesis_row(Case("made up", argument, chronicle), claim, as_of, seed=1)
    assert result is not None
    return result


def test_a_rank_without_ties_on_record_is_not_computable_and_says_what_would_do() -> None:
    told = computed("B2")
    assert (told.verdict, told.value, told.low, told.high) == ("not computable", None, None, None)
    assert "Not computable from this chronicle: of CHN it holds 2 acts with USA and no acts with IRN" in why(
        told
    )
    assert "an event file with" in why(told)
    assert told.to_dict()["reason"]["acts_with"] == {"USA": 2, "IRN": 0}


def test_a_rank_is_computed_where_the_file_has_the_ties() -> None:
    both = [*acts("O", "A", 5), *acts("O", "B", 5), *acts("P", "A", 6), *acts("P", "B", 6)]
    told = ranked(both)
    assert told.verdict == "rank 2 of 2"
    assert told.value == 2
    # one act fewer with one side
    less = [*acts("O", "A", 5), *acts("O", "B", 4), *acts("P", "A", 5), *acts("P", "B", 6)]
    assert ranked(less).verdict == "not computable"
    assert "of O it holds 5 acts with A and 4 acts with B, 5 with each are needed" in why(ranked(less))
    # acts known later count for nothing
    assert ranked(both, START + timedelta(days=350)).verdict == "not computable"
    # none to rank beside
    alone = ranked([*acts("O", "A", 5), *acts("O", "B", 5), *acts("P", "A", 5)])
    assert "no other third party has 5 known acts with each principal" in why(alone)
    # none at all
    assert "of O it holds no acts with A and no acts with B" in why(ranked(acts("P", "A", 2)))
