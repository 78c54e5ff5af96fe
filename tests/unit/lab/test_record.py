"""The record of similar questions: what is similar, how many there must be, and to what a record belongs."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from detente.argument.blocks import QuestionSpec
from detente.lab import record as module
from detente.lab.record import (
    RecordedQuestion,
    TrackRecord,
    digests_of,
    keep_record,
    record_file,
    track_record,
)
from detente.questions.question import Question, bind
from worlds import baseline, embedded, essay_case

DAY = date(2020, 1, 17)


def asked(text: str) -> Question:
    return bind(QuestionSpec(id="q", text="?", ask=text), essay_case().argument, "detente", DAY)


def recorded(kind: str, horizon: int, said: float, outcomes: str) -> RecordedQuestion:
    days = tuple(date(2000, 1, 1) + timedelta(days=91 * i) for i in range(len(outcomes)))
    return RecordedQuestion(
        f"{kind}-{horizon}", "?", kind, horizon, days, (said,) * len(outcomes), tuple(map(int, outcomes))
    )


def found(record: TrackRecord, text: str, probability: float | None) -> tuple[float, int, str] | None:
    one = record.of(asked(text), probability, scheme="detente", as_of=DAY)
    return None if one is None else (one.share, one.cases, one.by)


def test_similar_questions_share_type_and_horizon_and_nearly_the_probability() -> None:
    record = TrackRecord(
        (
            recorded("force", 90, 0.40, "1" * 5 + "0" * 15),
            recorded("force", 90, 0.61, "1" * 30),  # more than ten points from .5
            recorded("force", 365, 0.45, "1" * 30),
            recorded("talks", 90, 0.45, "1" * 30),
        )
    )
    assert found(record, "USA->IRN force within 90d", 0.5) == (0.25, 20, "type and horizon")
    assert found(record, "USA->IRN force within 60d", 0.5) == (0.25, 20, "type and horizon")
    assert found(record, "USA->IRN force within 90d", 0.49) == (0.25, 20, "type and horizon")
    assert found(record, "USA->IRN force within 90d", None) is None
    one = record.of(asked("USA->IRN force within 90d"), 0.05, scheme="detente", as_of=DAY)
    assert one is None
    near = record.of(asked("USA->IRN force within 12m"), 0.5, scheme="detente", as_of=DAY)
    assert near is not None
    assert (near.low, near.high, near.horizon, near.type) == (0.4, 0.6, 365, "force")


def test_too_few_of_a_horizon_give_way_to_the_type_and_too_few_of_that_to_none() -> None:
    record = TrackRecord((recorded("force", 90, 0.5, "1" * 19), recorded("force", 365, 0.5, "0")))
    assert found(record, "USA->IRN force within 90d", 0.5) == (0.95, 20, "type")
    assert found(record, "USA->IRN force within 10y", 0.5) == (0.95, 20, "type")  # no horizon reaches so far
    assert found(TrackRecord(record.questions[:1]), "USA->IRN force within 90d", 0.5) is None


def test_a_case_whose_window_was_open_on_the_day_asked_is_not_counted() -> None:
    closed = [date(1990, 1, 1) + timedelta(days=91 * i) for i in range(20)]
    days = (*closed, DAY - timedelta(days=90), DAY - timedelta(days=89), DAY + timedelta(days=400))
    outcomes = (0,) * 20 + (1, 1, 1)
    one = RecordedQuestion("q", "?", "force", 90, days, (0.5,) * len(days), outcomes)
    assert found(TrackRecord((one,)), "USA->IRN force within 90d", 0.5) == (1 / 21, 21, "type and horizon")


@pytest.mark.parametrize(
    "text",
    [
        "USA->IRN hostility_by_word within 90d",
        "USA<->IRN within 90d",
        "clock fast USA lower within 90d",
        "USA->IRN force within 90d or talks within 90d",
    ],
)
def test_a_question_of_no_one_type_has_no_record(text: str) -> None:
    record = TrackRecord(tuple(recorded(kind, 90, 0.5, "1" * 40) for kind in ("force", "talks", "pressure")))
    assert found(record, text, 0.5) is None


def test_a_kept_record_belongs_to_its_data_and_argument(tmp_path: Path) -> None:
    case = replace(essay_case(), cache=tmp_path)
    record = TrackRecord((recorded("force", 90, 0.5, "10"),))
    assert track_record(case) is None
    keep_record(case, record)
    assert track_record(case) == record
    other_questions = case.argument.model_copy(update={"questions": ()})
    assert track_record(replace(case, argument=other_questions)) == record
    assert track_record(replace(case, argument=baseline())) is None
    assert track_record(replace(case, chronicle=embedded().filter(confidence="high"))) is None


def test_the_record_that_comes_with_a_rivalry_is_used_only_where_its_digests_fit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = replace(essay_case(), cache=False)
    record = TrackRecord((recorded("force", 90, 0.5, "10"), recorded("talks", 90, 0.5, "10")))
    shipped = json.loads(record_file(case, record))
    monkeypatch.setattr(module, "_read", lambda _: shipped)
    assert track_record(case) == record
    assert track_record(replace(case, argument=baseline())) is None
    for name in digests_of(case):
        monkeypatch.setattr(module, "_read", lambda _, name=name: shipped | {name: "0" * 64})
        assert track_record(case) is None, name
