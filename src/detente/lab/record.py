"""The record of an argument's forecasts: how often similar questions came true when it said what it says now.

``detente backtest --questions`` makes a record. That of a rivalry that comes with the program lies beside its data
and belongs to one argument and one state of the code; every other is found among kept results.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Any

from detente.base.store import key_of, source_digest
from detente.events.files.embedded import embedded_rivalries
from detente.lab.case import Case
from detente.model.fit_cache import read_of_argument
from detente.questions.question import Question
from detente.questions.statuses import FEWEST_SIMILAR
from detente.questions.types import horizon_of, types_of

_WITHIN = 0.1 + 1e-9  # of the probability; the last digit of a difference must not decide
_YEAR = 365
_FILE = "record.json"
FOLDERS = ("base", "events", "argument", "model", "questions", "futures", "lab")
"""Folders of the code that a forecast comes from."""


@dataclass(frozen=True, slots=True)
class SimilarRecord:
    """How often similar questions came true.

    Attributes
    ----------
    low, high : float
        What the argument said of them lay between these probabilities.
    share : float
        Share of them that came true.
    cases : int
        How many there are, at least `FEWEST_SIMILAR`. Windows of some overlap, so they are worth fewer.
    by : str
        What makes them similar beside the probability: ``type and horizon``, or ``type`` where too few share both.
    type : str
        Their types; two are joined by *or*.
    horizon : int or None
        Days ahead; None where only the type is shared.
    """

    low: float
    high: float
    share: float
    cases: int
    by: str
    type: str
    horizon: int | None

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class RecordedQuestion:
    """One question asked on many days, with what was said and what came; unsettled cases are not among them.

    Attributes
    ----------
    id, ask : str
        Its name, and its line in the grammar of questions.
    type : str
    horizon : int
    as_of : tuple of date
    probability : tuple of float
    outcome : tuple of int
        1 for yes, 0 for no.
    """

    id: str
    ask: str
    type: str
    horizon: int
    as_of: tuple[date, ...]
    probability: tuple[float, ...]
    outcome: tuple[int, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return asdict(self) | {"as_of": [day.isoformat() for day in self.as_of]}


@dataclass(frozen=True, slots=True)
class TrackRecord:
    """What an argument said of past questions, and what came; see `track_record`."""

    questions: tuple[RecordedQuestion, ...]

    @property
    def cases(self) -> int:
        """How many settled cases there are."""
        return sum(len(question.outcome) for question in self.questions)

    def of(
        self, question: Question, probability: float | None, *, scheme: str, as_of: date
    ) -> SimilarRecord | None:
        """Return the record of questions similar to one; None if there are too few, or it is of no type.

        Similar are questions of the same type and horizon, of which the argument said a probability within ten points;
        where they are fewer than 20, those of the same type. A case counts if its window had closed by the day asked
        on: what came later was not known then.

        Parameters
        ----------
        question : Question
        probability : float or None
            What the argument says of it now; without one there is no record.
        scheme : str
            Class scheme of the chronicle.
        as_of : date
        """
        types = types_of(question, scheme)
        if probability is None or not types:
            return None
        horizon = horizon_of(question, as_of)
        of_type = [asked for asked in self.questions if asked.type in types]
        both = [asked for asked in of_type if asked.horizon == horizon]
        for asked, by in ((both, "type and horizon"), (of_type, "type")):
            outcomes = _near(asked, probability, as_of)
            if len(outcomes) >= FEWEST_SIMILAR:
                low, high = max(probability - 0.1, 0.0), min(probability + 0.1, 1.0)
                share = sum(outcomes) / len(outcomes)
                kind = " or ".join(sorted(types))
                return SimilarRecord(
                    low, high, share, len(outcomes), by, kind, horizon if asked is both else None
                )
        return None

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return {"questions": [question.to_dict() for question in self.questions]}

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> TrackRecord:
        """Return the record that `to_dict` wrote."""
        return cls(tuple(_question(row) for row in value["questions"]))


def track_record(case: Case) -> TrackRecord | None:
    """Return the record of the argument of a case: the one that comes with the program, or a kept one.

    Parameters
    ----------
    case : Case
        Its argument's questions do not matter.

    Returns
    -------
    TrackRecord or None
        None if none was made of these data with this argument and code; ``detente backtest --questions`` makes one.

    Examples
    --------
    >>> from detente.lab.case import load_case
    >>> track_record(load_case("us-iran", argument="baseline", cache=False)) is None
    True
    """
    return _shipped(case) or kept_record(case)


def kept_record(case: Case) -> TrackRecord | None:
    """Return the kept record of a case, if there is one."""
    value = case.store.value("backtest", _key(case))
    return None if value is None else TrackRecord.from_dict(value)


def keep_record(case: Case, record: TrackRecord) -> None:
    """Keep the record of a case, so that `track_record` finds it."""
    case.store.keep("backtest", _key(case), record.to_dict())


def digests_of(case: Case) -> dict[str, str]:
    """Return the digests of what a record belongs to: the data, the argument and the code."""
    return {
        "data": case.chronicle.digest,
        "argument": _digest(read_of_argument(case.argument)),
        "code": source_digest(FOLDERS),
    }


def record_file(case: Case, record: TrackRecord) -> bytes:
    """Return a record as the file that comes with a rivalry's data: a question on each line."""
    head = [f" {json.dumps(name)}: {json.dumps(value)},\n" for name, value in digests_of(case).items()]
    rows = ",\n".join(f"  {json.dumps(question.to_dict())}" for question in record.questions)
    return f'{{\n{"".join(head)} "questions": [\n{rows}\n ]\n}}\n'.encode()


def _shipped(case: Case) -> TrackRecord | None:
    rivalry = embedded_rivalries().get(case.chronicle.provenance.name)
    if rivalry is None:
        return None
    value = _read(rivalry.folder)
    if value is None or {name: value.get(name) for name in ("data", "argument", "code")} != digests_of(case):
        return None
    return TrackRecord.from_dict(value)


@cache
def _read(folder: str) -> dict[str, Any] | None:
    path = resources.files("detente") / "data" / folder / _FILE
    if not path.is_file():
        return None
    value: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return value


def _key(case: Case) -> str:
    made_of = {name: value for name, value in digests_of(case).items() if name != "code"}
    return key_of({**made_of, "codebook": case.chronicle.codebook, "what": "record of questions"})


def _digest(value: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()


def _near(questions: Iterable[RecordedQuestion], probability: float, as_of: date) -> list[int]:
    """Return the outcomes known on a day of cases of which a probability near this one was said."""
    return [
        outcome
        for question in questions
        for asked, said, outcome in zip(question.as_of, question.probability, question.outcome, strict=True)
        if abs(said - probability) <= _WITHIN and _closed(asked, question.horizon, as_of)
    ]


def _closed(asked: date, horizon: int, as_of: date) -> bool:
    """Return whether a window had closed by a day; one of a year or two may hold a leap day more than its horizon."""
    return asked + timedelta(days=horizon + (horizon >= _YEAR)) <= as_of


def _question(row: Mapping[str, Any]) -> RecordedQuestion:
    return RecordedQuestion(
        row["id"],
        row["ask"],
        row["type"],
        row["horizon"],
        tuple(map(date.fromisoformat, row["as_of"])),
        tuple(row["probability"]),
        tuple(row["outcome"]),
    )
