"""What an error is as data: its JSON shape, its exit code and kind, and that it survives what values go through."""

from __future__ import annotations

import pickle
from datetime import date

import pytest

from detente.base import errors
from detente.base.errors import (
    ArgumentError,
    ClosedPipeError,
    DataError,
    DetenteError,
    Fault,
    FitError,
    LedgerError,
    OutputError,
    QuestionError,
    UnstableModelError,
)

CODES = {
    DetenteError: (1, "error"),
    DataError: (3, "data"),
    ArgumentError: (4, "argument"),
    FitError: (5, "fit"),
    UnstableModelError: (6, "unstable"),
    QuestionError: (7, "question"),
    LedgerError: (8, "ledger"),
    OutputError: (9, "output"),
    ClosedPipeError: (141, "closed pipe"),
}
FAULTS = {
    DetenteError: (
        Fault("not_one_of", "table", got="acts", choices=("rates", "answers")),
        {
            "code": "not_one_of",
            "field": "table",
            "rule": "must be one of rates, answers",
            "values": {"choices": ["rates", "answers"]},
            "got": "acts",
            "message": "table must be one of rates, answers, got acts.",
        },
    ),
    DataError: (
        Fault("required", "date", where="events.csv:2", hint="fill_or_remove"),
        {
            "code": "required",
            "field": "date",
            "rule": "is required",
            "where": "events.csv:2",
            "hint": "Fill it in, or remove the row.",
            "message": "date is required (events.csv:2). Fill it in, or remove the row.",
        },
    ),
    ArgumentError: (
        Fault("not_above", "sd", got=-1, where="essay.yaml:14", hint="try", low=0, example="0.1 to 1"),
        {
            "code": "not_above",
            "field": "sd",
            "rule": "must be greater than 0",
            "values": {"example": "0.1 to 1", "low": 0},
            "got": -1,
            "where": "essay.yaml:14",
            "hint": "Try 0.1 to 1.",
            "message": "sd must be greater than 0, got -1 (essay.yaml:14). Try 0.1 to 1.",
        },
    ),
    FitError: (
        Fault("not_converged", "fit", hint="wide_prior", steps=50, size=0.1234),
        {
            "code": "not_converged",
            "field": "fit",
            "rule": "must converge within 50 steps; the last step was 0.12 sd",
            "values": {"size": 0.1234, "steps": 50},
            "hint": "Look for a channel without acts and with a very wide prior, or for two terms that say the same.",
            "message": "fit must converge within 50 steps; the last step was 0.12 sd. Look for a channel without acts "
            "and with a very wide prior, or for two terms that say the same.",
        },
    ),
    UnstableModelError: (
        Fault("explosive", "feedback", got=1.25),
        {
            "code": "explosive",
            "field": "feedback",
            "rule": "must have a spectral radius below 1",
            "got": 1.25,
            "message": "feedback must have a spectral radius below 1, got 1.25.",
        },
    ),
    QuestionError: (
        Fault("closes_before_open", "q1", got=(date(2020, 1, 2), date(2020, 1, 1)), hint="move_closes"),
        {
            "code": "closes_before_open",
            "field": "q1",
            "rule": "must close after it opens",
            "got": ["2020-01-02", "2020-01-01"],
            "hint": "Move closes, or as_of.",
            "message": "q1 must close after it opens, got 2020-01-02, 2020-01-01. Move closes, or as_of.",
        },
    ),
    LedgerError: (
        Fault("not_unique", "id", got="q1"),
        {
            "code": "not_unique",
            "field": "id",
            "rule": "must be unique",
            "got": "q1",
            "message": "id must be unique, got q1.",
        },
    ),
    OutputError: (
        Fault("unwritable", "out", where="/x", hint="writable_folder", reason="Permission denied"),
        {
            "code": "unwritable",
            "field": "out",
            "rule": "cannot be written: Permission denied",
            "values": {"reason": "Permission denied"},
            "where": "/x",
            "hint": "Name a folder you may write to.",
            "message": "out cannot be written: Permission denied (/x). Name a folder you may write to.",
        },
    ),
    ClosedPipeError: (
        Fault("unwritable", "out", where="/dev/stdout", reason="Broken pipe"),
        {
            "code": "unwritable",
            "field": "out",
            "rule": "cannot be written: Broken pipe",
            "values": {"reason": "Broken pipe"},
            "where": "/dev/stdout",
            "message": "out cannot be written: Broken pipe (/dev/stdout).",
        },
    ),
}


def test_every_class_has_its_exit_code_and_kind() -> None:
    classes = {c for c in vars(errors).values() if isinstance(c, type) and issubclass(c, DetenteError)}
    assert {c: (c.exit_code, c.kind) for c in classes} == CODES


@pytest.mark.parametrize("kind", FAULTS, ids=lambda c: c.__name__)
def test_the_json_of_one_error_of_each_class(kind: type[DetenteError]) -> None:
    fault, plain = FAULTS[kind]
    exit_code, word = CODES[kind]
    assert kind(fault).to_dict() == {"error": word, "exit_code": exit_code, "faults": [plain]}
    assert str(kind(fault)) == plain["message"]


@pytest.mark.parametrize("kind", FAULTS, ids=lambda c: c.__name__)
def test_an_error_survives_pickling(kind: type[DetenteError]) -> None:
    error = pickle.loads(pickle.dumps(kind(*(fault for fault, _ in FAULTS.values()))))  # noqa: S301 - our own
    assert type(error) is kind
    assert error.faults == tuple(fault for fault, _ in FAULTS.values())


def test_a_fault_is_a_value() -> None:
    first = Fault("not_one_of", "x", got=[1, 2], choices=["a", "b"])
    assert first == Fault("not_one_of", "x", got=(1, 2), choices=("a", "b"))
    assert len({first, Fault("not_one_of", "x", got=(1, 2), choices=("a", "b"))}) == 1
    assert first != first.at("y", None)
    with pytest.raises(AttributeError):
        first.field = "z"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("code", "given"),
    [
        ("no_such_rule", {}),
        ("required", {"hint": "no_such_hint"}),
        ("not_above", {}),
        ("required", {"hint": "try"}),
    ],
)
def test_an_unknown_code_and_a_missing_value_are_errors_of_the_program(
    code: str, given: dict[str, str]
) -> None:
    with pytest.raises(KeyError):
        Fault(code, "x", **given)


@pytest.mark.parametrize(
    ("got", "shown", "plain"),
    [
        (float("nan"), "nan", "nan"),
        (2.5, "2.5", 2.5),
        (True, "True", True),
        ("a\x1bb", "a\\x1bb", "a\\x1bb"),
        ({"a": 1}, "{'a': 1}", "{'a': 1}"),
        ((), "", []),
    ],
)
def test_any_value_can_be_shown(got: object, shown: str, plain: object) -> None:
    fault = Fault("required", "x", got=got)
    assert str(fault) == f"x is required, got {shown}."
    assert fault.to_dict()["got"] == plain
