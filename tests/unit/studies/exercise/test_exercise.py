"""Exercises: how a future is chosen, how it is told, and how players act in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from detente.base.errors import ArgumentError, DataError, QuestionError
from detente.futures.injection import with_acts
from detente.futures.phases import phases_of_futures
from detente.futures.rerun import rerun
from detente.lab.case import Case
from detente.model.clocks import at_clocks
from detente.report.text.as_json import to_json
from detente.report.text.exercise import RULES, Format, text_of, words_of
from detente.studies.exercise.exercise import Exercise, exercise, play
from detente.studies.exercise.injects import Inject
from detente.studies.exercise.moves import parse_move, read_moves
from worlds import AS_OF, baseline, essay_case, random_chronicle

DAYS = 120


@pytest.fixture(scope="module")
def case() -> Case:
    """Over a grid of two clocks, so that a future's own half-lives are found again."""
    return essay_case()


@pytest.fixture(scope="module")
def told(case: Case) -> Exercise:
    return exercise(case, "worst", days=DAYS, as_of=AS_OF, futures=120, seed=1)


@pytest.fixture(scope="module")
def strike(case: Case) -> pl.DataFrame:
    text = "USA -> IRN ASSAULT mode=orbital issue=nuclear deaths=40"
    return parse_move(text, AS_OF + timedelta(days=60), case)


def test_every_future_runs_again_to_the_byte(told: Exercise) -> None:
    whole = told.run.futures
    for number in (0, 7, 61, told.number):
        one = rerun(whole, [number], told.moves).futures
        assert one.count == 1
        assert one.chronicle(0).events.equals(whole.chronicle(number).events)


def test_the_csv_begins_with_a_caution(told: Exercise) -> None:
    allowed = replace(told, run=replace(told.run, posterior=Unstable(told.run.posterior)))
    lines = text_of(allowed, Format.CSV).splitlines()
    assert lines[0].startswith("# In a burst each act brings on 1.500 further acts (the spectral radius)")
    assert not text_of(told, Format.CSV).startswith("# A burst")


class Unstable:
    """A fit whose feedback explodes, in all else another."""

    spectral_radius = 1.5

    def __init__(self, posterior: Any) -> None:
        self.posterior = posterior


def test_an_empty_move_is_the_base_future(told: Exercise) -> None:
    again = play(told, told.moves)
    assert again.injects == told.injects
    assert again.to_dict() == told.to_dict()


def test_a_move_changes_no_earlier_day_and_stands_in_the_future(told: Exercise, strike: pl.DataFrame) -> None:
    again = play(told, strike)
    day = strike["date"][0]
    assert [i for i in again.injects if i.date < day] == [i for i in told.injects if i.date < day]
    (played,) = [i for i in again.injects if i.played]
    assert (played.date, played.mode, played.deaths) == (day, "orbital", 40)
    same_day = [i for i in told.injects if i.date == day and i.kind == "act"]
    assert set(same_day) < {i for i in again.injects if i.date == day}
    war = play(told, pl.concat([strike] * 12))
    later = [[i for i in t.injects if i.date > day and i.kind == "act"] for t in (told, war)]
    assert sum(i.played for i in war.injects) == 12
    assert later[0] != later[1]  # such blows have consequences


def test_who_is_played_acts_by_the_player_alone(told: Exercise, strike: pl.DataFrame) -> None:
    first = AS_OF + timedelta(days=20)
    again = play(told, strike, held="USA", held_from=first)
    alone = pl.DataFrame(
        [i.to_dict() for i in again.injects if i.kind == "act" and i.source == "USA" and not i.played]
    )
    assert not alone.filter(
        pl.col("date") >= first.isoformat(), ~pl.col("action").is_in(["CONSULT", "AGREE"])
    ).height
    assert [i for i in again.injects if i.date < first] == [i for i in told.injects if i.date < first]
    assert [i for i in told.injects if i.source == "USA" and i.date >= first]
    assert again.to_dict()["held_from"] == first.isoformat()
    theirs = parse_move("IRN -> USA ACCUSE", first, told.run.case)
    with pytest.raises(DataError, match="must be by USA"):
        play(told, theirs, held="USA")
    with pytest.raises(DataError, match="held must be one of"):
        play(told, strike, held="ATLANTIS")
    with pytest.raises(DataError, match="needs a day from which to hold"):
        play(told, told.moves, held="USA")


def test_an_act_of_no_channel_or_no_day_is_refused(told: Exercise, case: Case) -> None:
    with pytest.raises(DataError, match="must belong to a channel"):
        play(told, parse_move("FRA -> USA ACCUSE", AS_OF, case))
    with pytest.raises(DataError, match="must be within"):
        play(told, parse_move("USA -> IRN ACCUSE", AS_OF - timedelta(days=1), case))
    with pytest.raises(DataError, match="the 120 days simulated"):
        play(told, parse_move("USA -> IRN ACCUSE", AS_OF + timedelta(days=DAYS), case))


def test_rows_put_into_a_table_are_never_drawn(told: Exercise) -> None:
    table = told.run.futures.program.acts
    look = table.looks.row(int(table.start[2]), named=True)
    last = len(table.start) - 2
    wider, rows = with_acts(table, [last, 2, 2], [look, look, look | {"mode": "new"}])
    assert wider.looks.row(rows[2], named=True)["mode"] == "new"
    assert [wider.start[c] <= r < wider.start[c + 1] for r, c in zip(rows, (last, 2, 2), strict=True)] == [
        True
    ] * 3
    assert wider.chance[rows].tolist() == [0, 0, 0]
    np.testing.assert_array_equal(np.delete(wider.chance, rows), table.chance)
    kept = [i for i in range(wider.looks.height) if i not in rows]
    assert wider.looks[kept].equals(table.looks)


def test_worst_has_the_highest_score_and_typical_is_near_the_median(told: Exercise, case: Case) -> None:
    events = told.run.futures.events.filter(pl.col("date") < AS_OF + timedelta(days=DAYS))
    deaths = events.group_by("future").agg(pl.col("fatalities").sum()).sort("future")
    worst = deaths.filter(pl.col("future") == told.number)["fatalities"][0]
    assert worst >= deaths["fatalities"].quantile(0.9)
    typical = exercise(case, "typical", days=DAYS, as_of=AS_OF, futures=120, seed=1)
    counts = typical.run.futures.counts(DAYS)
    phases = phases_of_futures(typical.run.futures, case.argument, case.chronicle)
    spent = [(phases.phase[:, :DAYS] == phase).sum(axis=1) for phase in range(4)]
    table = np.column_stack([counts, counts.sum(axis=1), *spent, phases.talks[:, :DAYS].sum(axis=1)])
    table = table[:, table.std(axis=0) > 0] / table.std(axis=0)[table.std(axis=0) > 0]
    far = np.abs(table - np.median(table, axis=0)).sum(axis=1)
    assert typical.number == int(np.argmin(far))
    assert typical.number != told.number


def test_branching_needs_an_open_question_and_tells_its_rule(case: Case) -> None:
    told = exercise(case, "branching", days=60, as_of=AS_OF, futures=60, seed=1)
    assert to_json(told)["sentences"]["rule"] == RULES["branching"]
    silent = replace(case, argument=case.argument.model_copy(update={"questions": (), "claims": ()}))
    plain = at_clocks(silent.argument, {"fast": 14, "slow": 365, "generational": 7305})
    with pytest.raises(ArgumentError, match="needs a question that is open"):
        exercise(replace(silent, argument=plain), "branching", days=60, as_of=AS_OF, futures=30, seed=1)
    with pytest.raises(ArgumentError, match="pick must be one of typical, worst, branching"):
        exercise(case, "best", days=60)


def test_injects_hold_every_act_and_every_change_of_phase(told: Exercise, case: Case) -> None:
    acts = [i for i in told.injects if i.kind == "act"]
    end = AS_OF + timedelta(days=DAYS)
    chronicle = told.run.futures.chronicle(told.number)
    assert len(acts) == chronicle.events.filter(pl.col("date") < end).height
    phase = phases_of_futures(told.run.futures, case.argument, case.chronicle).phase[told.number, :DAYS]
    lines = [i for i in told.injects if i.kind == "phase" and i.phase]
    assert len(lines) == 1 + int((phase[1:] != phase[:-1]).sum())
    assert [i.date for i in told.injects] == sorted(i.date for i in told.injects)


def test_sentences_are_plain() -> None:
    act = Inject(AS_OF, "act", "A", "B", "CONSULT", "phone", "other", mutual=True)
    assert words_of(act, {}) == "A and B meet for talks (phone)."
    alone = replace(act, action="STATEMENT", mutual=False, deaths=1)
    assert words_of(alone, {"A": "Ay"}) == "Ay makes a statement about B (phone). One person dies."
    deal = replace(act, action="AGREE", mode=None, mutual=False)
    assert words_of(deal, {}) == "A makes an agreement with B."
    assert words_of(deal, {}, "cameo") == "A says it will cooperate with B."
    assert words_of(replace(deal, mutual=True), {}, "plover") == "A and B say they will cooperate."
    assert words_of(Inject(AS_OF, "phase", phase="crisis", first=True), {}) == "First phase: crisis."
    assert words_of(Inject(AS_OF, "phase", talks=False), {}) == "Talks end."


def test_the_worst_is_told_with_what_its_toll_means(told: Exercise) -> None:
    assert "more than the most on record for its action and mode" in text_of(told, Format.MD)


def test_moves_come_from_files_and_lines(tmp_path: Path, case: Case) -> None:
    path = tmp_path / "moves.csv"
    path.write_text("date,source,target,action\n", encoding="utf-8")
    assert read_moves(path, case).is_empty()
    path.write_text("date,source,target,action,mode\n2020-02-01,USA,IRN,SANCTION,oil\n", encoding="utf-8")
    line = parse_move("USA -> IRN SANCTION mode=oil", date(2020, 2, 1), case)
    assert line.drop("row").equals(read_moves(path, case).drop("row"))
    assert parse_move("USA <-> IRN CONSULT", AS_OF, case)["class"].to_list() == ["joint"]
    with pytest.raises(QuestionError, match=r"ASSALT.*column 12"):
        parse_move("USA -> IRN ASSALT", AS_OF, case)
    with pytest.raises(QuestionError, match="mode, issue or deaths"):
        parse_move("USA -> IRN ASSAULT soon", AS_OF, case)


def test_a_typed_move_has_a_class_of_the_files_own_scheme() -> None:
    """Files coded in CAMEO have four classes; ASSAULT is force elsewhere, which is none of them."""
    chronicle = random_chronicle(seed=3, days=400, scheme="quad")
    quad = replace(chronicle, provenance=replace(chronicle.provenance, codebook="cameo"))
    coded = Case(None, baseline("A", "B"), quad)
    lines = ("A -> B ASSAULT", "A -> B COERCE", "A <-> B CONSULT", "A -> B AID")
    classes = [parse_move(line, AS_OF, coded)["class"][0] for line in lines]
    assert classes == [
        "material-conflict",
        "material-conflict",
        "verbal-cooperation",
        "material-cooperation",
    ]
