"""What an exercise says first, what moves changed in words, and its head in every format."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import polars as pl
import pytest

from detente.base.shares import share_of
from detente.lab.case import Case
from detente.report.text.as_json import to_json
from detente.report.text.exercise import Format, bottom_line, change_text, text_of
from detente.studies.exercise.effect import Consequences, QuestionShift, Reaction
from detente.studies.exercise.exercise import Exercise, exercise, play
from detente.studies.exercise.injects import Inject
from detente.studies.exercise.moves import parse_move
from worlds import baseline, random_chronicle

DAY = date(2020, 2, 10)


@pytest.fixture(scope="module")
def busy() -> Exercise:
    chronicle = random_chronicle(seed=4, days=2500, per_day=0.3)
    return exercise(
        Case(None, baseline("A", "B"), chronicle),
        "typical",
        days=60,
        as_of=chronicle.window.end,
        futures=80,
        seed=1,
    )


@pytest.fixture(scope="module")
def moved(busy: Exercise) -> Exercise:
    day = busy.run.as_of + timedelta(days=10)
    acts = [
        parse_move("A -> B ASSAULT mode=airstrike deaths=20", day, busy.run.case),
        parse_move("A <-> B CONSULT", day, busy.run.case),
    ]
    return play(busy, pl.concat(acts))


@pytest.mark.parametrize(
    ("days", "why"),
    [(30, ", as in most futures: the model"), (90, "Each channel alone is quiet in most futures")],
)
def test_quiet_days_say_that_nothing_happens_and_why(days: int, why: str) -> None:
    chronicle = random_chronicle(seed=1, days=2500, per_day=0.012)
    case = Case(None, baseline("A", "B"), chronicle)
    told = exercise(case, "typical", days=days, as_of=chronicle.window.end, futures=100, seed=1)
    line = bottom_line(told)
    assert line.startswith(f"Nothing happens in these {days} days")
    assert why in line
    assert f"the model expects {told.expected_acts:.1f} acts in {days} days on average" in line
    assert f"{round(100 * told.quiet_share)} % of the futures have none" in line
    alone = play(told, parse_move("A -> B AID", told.run.as_of, case))
    assert bottom_line(alone).startswith(f"Nothing happens in these {days} days but the players' acts")


def test_story_and_json_begin_with_the_bottom_line(busy: Exercise) -> None:
    value = to_json(busy)
    assert next(iter(value)) == "sentences"
    assert next(iter(value["sentences"])) == "bottom_line"
    lines = [line for line in text_of(busy, Format.MD).splitlines() if line]
    assert lines[1] == value["sentences"]["bottom_line"] == bottom_line(busy)
    assert f"{busy.told_acts} acts happen" in lines[1]


def test_csv_carries_its_head_and_which_acts_are_mutual(moved: Exercise) -> None:
    lines = text_of(moved, Format.CSV).splitlines()
    head = [line for line in lines if line.startswith("#")]
    assert lines[: len(head)] == head
    said = " ".join(head)
    run = moved.run
    for word in (run.as_of.isoformat(), "seed 1", f"argument {run.case.argument.argument}", "detente "):
        assert word in said
    rows = list(csv.DictReader(io.StringIO("\n".join(lines[len(head) :]))))
    assert len(rows) == len(moved.injects)
    (talks,) = [row for row in rows if row["played"] == "True" and row["action"] == "CONSULT"]
    (strike,) = [row for row in rows if row["played"] == "True" and row["action"] == "ASSAULT"]
    assert (talks["mutual"], strike["mutual"]) == ("True", "False")
    drawn = [(row["simulated"] != "") for row in rows]
    assert drawn == [inject.simulated is not None for inject in moved.injects]


def test_a_line_says_what_the_moves_changed(moved: Exercise) -> None:
    change = moved.change
    assert change is not None
    (reaction,) = change.reactions  # to the strike; talks are of both
    assert (reaction.source, reaction.target, reaction.days) == ("A", "B", 14)
    base = moved.run.futures
    names = [c.label for c in base.program.layout.channels]
    back = [i for i, name in enumerate(names) if name.startswith("B -> A")]
    log = base.log
    inside = (log.day > 10) & (log.day <= 24)
    without = {f for f, c in zip(log.future[inside], log.channel[inside], strict=True) if c in back}
    assert reaction.share_without == share_of(len(without), base.count)
    told = [i for i in moved.injects if i.source == "B" and not i.mutual and not i.played and i.kind == "act"]
    first, last = reaction.date + timedelta(days=1), reaction.date + timedelta(days=14)
    assert reaction.here == sum(first <= i.date <= last for i in told)
    text = bottom_line(moved)
    assert "within 14 days of the ASSAULT" in text
    assert "The moves changed" in text
    assert moved.to_dict()["change"]["reactions"][0]["share"] == reaction.share
    for inject in change.new:
        assert inject in moved.injects
    for inject in change.vanished:
        assert inject not in moved.injects


def test_no_change_is_said_with_its_reason() -> None:
    reaction = Reaction(DAY, "A", "B", "SANCTION", 14, 0.4, 0.4, 0.5, 0.5, 0, 0.01)
    shift = QuestionShift("x", "Talks come.", 0.41, 0.409)
    text = change_text(Consequences((), (), (reaction,), (shift,)), {})
    assert "The moves changed no entry of this future" in text
    assert "events give no sign of a reaction at this lag" in text
    assert "no question of the argument by a percentage point" in text
    new = Inject(DAY, "act", "B", "A", "ASSAULT")
    seen = Reaction(DAY, "A", "B", "SANCTION", 14, 0.6, 0.4, 0.9, 0.5, 2, 0.01)
    text = change_text(
        Consequences((new,), (), (seen,), (QuestionShift("x", "Talks come.", 0.6, 0.4),)), {"B": "Bee"}
    )
    assert "1 entry is new, 0 vanished" in text
    assert "The side of Bee acts on the side of A within 14 days" in text
    assert "60 % of futures (40 % without the moves), 2 times in this one." in text
    assert "“Talks come” to 60 % (40 % without)" in text
    assert "no sign" not in text


def test_a_title_names_the_two_and_not_the_file(busy: Exercise) -> None:
    assert "# A and B: a typical future" in text_of(busy, Format.MD)
