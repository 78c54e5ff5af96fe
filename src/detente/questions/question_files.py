"""Questions kept in a file: an entry of a YAML list, or a row of a table, is a question."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from detente.argument.blocks import QuestionSpec
from detente.argument.yaml_lines import parse_yaml
from detente.base.errors import ArgumentError, Fault, QuestionError, shorten
from detente.base.input_files import unfit
from detente.base.input_limits import LIMITS, Limits
from detente.base.printable import CONTROL
from detente.base.spelling import suggest
from detente.base.spreadsheet import unprefixed

MOST_QUESTIONS = 10_000
LONGEST_TEXT = 2_000
"""Characters of a question's words, as in an argument."""
_COLUMNS = ("id", "line", "text")
_TABLES, _YAML = (".csv",), (".yaml", ".yml")
_LIMITED = {  # pydantic's type of an error: our code, and its value by ours and by pydantic's name
    "string_pattern_mismatch": ("wrong_pattern", "pattern", "pattern"),
    "string_too_long": ("too_long", "high", "max_length"),
}


@dataclass(frozen=True, slots=True)
class WrittenQuestion:
    """A question, and the file and line where it is written."""

    spec: QuestionSpec
    where: str


def read_questions(
    path: Path, limits: Limits = LIMITS
) -> tuple[tuple[WrittenQuestion, ...], tuple[Fault, ...]]:
    """Read a file of questions; the lines are not parsed yet.

    Parameters
    ----------
    path : path
        A CSV file with the columns ``id``, ``line`` and, if wanted, ``text``, or a YAML list of entries with these
        fields. A cell that was written for a spreadsheet loses its apostrophe.
    limits : Limits
        How long the file may be.

    Returns
    -------
    questions : tuple of WrittenQuestion
    faults : tuple of Fault
        Of the rows that make no question, so that those of the lines can be reported with them.

    Raises
    ------
    QuestionError
        If there is no such file, or it is no such table or list.
    """
    if path.suffix.lower() not in _TABLES + _YAML:
        raise QuestionError(Fault("wrong_ending", "questions", got=path, endings=_TABLES + _YAML))
    text = _text(path, limits)
    read = _table if path.suffix.lower() in _TABLES else _list
    questions: list[WrittenQuestion] = []
    faults: list[Fault] = []
    seen: set[str] = set()
    for count, (row, where) in enumerate(read(text, path.name, limits)):
        if count == MOST_QUESTIONS:
            raise QuestionError(Fault("too_many_items", "questions", where=where, high=MOST_QUESTIONS))
        found = [row] if isinstance(row, Fault) else _question(row, where, limits)
        if isinstance(found, list):
            faults += found
        elif found.spec.id in seen:
            faults.append(Fault("given_twice", "id", got=found.spec.id, where=where))
        else:
            seen.add(found.spec.id)
            questions.append(found)
    if not questions and not faults:
        raise QuestionError(Fault("empty", "questions", where=path.name, hint="question_file_example"))
    return tuple(questions), tuple(faults)


def _text(path: Path, limits: Limits) -> str:
    try:
        fault = unfit(path, "questions", "yaml", limits.yaml)
        if fault is None:
            return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        fault = Fault("not_utf8", "questions", where=str(path), hint="save_as_utf8")
    except FileNotFoundError:
        fault = Fault("missing_file", "questions", where=str(path), hint="check_path")
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        fault = Fault("unreadable", "questions", where=str(path), hint="check_path", reason=reason)
    raise QuestionError(fault)


def _list(text: str, name: str, limits: Limits) -> Iterator[tuple[dict[str, Any] | Fault, str]]:
    if not text.strip():
        return
    try:
        value, places = parse_yaml(text, name, limits)
    except ArgumentError as error:
        raise QuestionError(*error.faults) from None
    if not isinstance(value, tuple):
        raise QuestionError(Fault("not_a_list", "questions", where=name, hint="question_file_example"))
    for i, row in enumerate(value):
        where = places.nearest((i,)) or name
        if not isinstance(row, dict):
            yield Fault("not_named_fields", f"question {i + 1}", where=where), where
            continue
        other = next((field for field in row if field not in _COLUMNS), None)
        if other is not None:
            at = places.nearest((i, other))
            yield Fault("unknown_field", other, where=at, **suggest(other, _COLUMNS)), where
        else:
            yield row, where


def _table(text: str, name: str, limits: Limits) -> Iterator[tuple[dict[str, Any] | Fault, str]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [column.strip() for column in next(reader, [])]
        faults = _faults_of_header(header, f"{name}:1")
        if faults:
            raise QuestionError(*faults)
        first = reader.line_num + 1
        for cells in reader:
            where, first = f"{name}:{first}", reader.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                got, count = len(cells), len(header)
                fault = Fault(
                    "wrong_number_of_fields", "row", got=got, where=where, hint="quote_commas", count=count
                )
                yield fault, where
                continue
            yield dict(zip(header, map(unprefixed, cells), strict=True)), where
    except csv.Error as error:
        fault = Fault("bad_csv", "questions", where=f"{name}:{reader.line_num}", reason=str(error))
        raise QuestionError(fault) from None


def _faults_of_header(header: list[str], where: str) -> list[Fault]:
    if not header:
        return [Fault("empty", "questions", where=where, hint="question_file_example")]
    faults = [
        Fault("missing_column", name, where=where, hint="question_file_example", table="a file of questions")
        for name in _COLUMNS[:2]
        if name not in header
    ]
    twice = sorted({name for name in header if header.count(name) > 1})
    faults += [Fault("column_named_twice", "header", got=name, where=where) for name in twice]
    other = [name for name in header if name not in _COLUMNS]
    return faults + [Fault("unknown_field", name, where=where, **suggest(name, _COLUMNS)) for name in other]


def _question(row: dict[str, Any], where: str, limits: Limits) -> WrittenQuestion | list[Fault]:
    faults = []
    for field in _COLUMNS:
        value = row.get(field)
        if value is not None and not isinstance(value, str):
            faults.append(Fault("not_text", field, got=value, where=where))
        elif CONTROL.search(value or ""):
            faults.append(Fault("control_characters", field, got=value, where=where, hint="remove_them"))
        elif field != "text" and not (value or "").strip():
            faults.append(Fault("required", field, where=where, hint="fill_or_remove"))
    if faults:
        return faults
    name, line, text = ((row.get(field) or "").strip() for field in _COLUMNS)
    if len(line) > limits.question:
        got, high = len(line), limits.question
        return [
            Fault(
                "too_long", "line", got=got, where=where, hint="shorter_question", high=high, limit="question"
            )
        ]
    words = line if len(line) <= LONGEST_TEXT else shorten(line, LONGEST_TEXT)
    try:
        spec = QuestionSpec(id=name, text=text or words, ask=line)
    except ValidationError as error:
        return [_fault(detail, where) for detail in error.errors()]
    return WrittenQuestion(spec, where)


def _fault(detail: Any, where: str) -> Fault:
    field = {"ask": "line"}.get(detail["loc"][0], detail["loc"][0])
    code, ours, theirs = _LIMITED[detail["type"]]
    got = detail["input"] if field == "id" else len(detail["input"])
    return Fault(code, field, got=got, where=where, **{ours: detail["ctx"][theirs]})
