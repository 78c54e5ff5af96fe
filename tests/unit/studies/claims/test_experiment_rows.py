"""Rows of claims that the bargain computes."""

from __future__ import annotations

from datetime import date

from detente.report.text.reasons import why
from detente.studies.bargain.bargain import bargain_of
from detente.studies.claims.experiment_rows import bargain_row, smallest_openers
from worlds import AS_OF, essay_case


def row(claim: str, as_of: date = AS_OF):  # type: ignore[no-untyped-def]
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
        assert (found[actor] is None) == (not own)
