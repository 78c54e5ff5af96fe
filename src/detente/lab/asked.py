"""What is asked of a case: lines, ids of declared questions and files of many, bound to its actors and days."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from pathlib import Path

import polars as pl

from detente.argument.blocks import QuestionSpec
from detente.base.errors import DetenteError, Fault, QuestionError, shorten
from detente.base.given import text_given
from detente.events.chronicle import Chronicle
from detente.events.files.embedded import embedded_actors, embedded_rivalries
from detente.events.ontology.actors import Actor
from detente.lab.case import Case
from detente.questions.question import Question, bind
from detente.questions.question_files import LONGEST_TEXT, WrittenQuestion, read_questions
from detente.questions.tokens import refuse_long


def bind_asked(
    case: Case, questions: tuple[str | QuestionSpec | Path, ...], as_of: date
) -> tuple[tuple[QuestionSpec, ...], tuple[Question, ...]]:
    """Read questions and bind them; every one that cannot be read is reported, with its file and line.

    Parameters
    ----------
    case : Case
    questions : tuple of str, QuestionSpec or path
        A path is a file of questions; see `read_questions`.
    as_of : date

    Raises
    ------
    QuestionError
    """
    known = case.known(as_of).cut
    actors = _actors(case, known)
    specs, bound = [], []
    faults: list[Fault] = []
    seen: set[str] = set()
    for found in _written(case, questions):
        if isinstance(found, Fault):
            faults.append(found)
            continue
        spec, where = found.spec, found.where
        if where and spec.id in seen:
            faults.append(Fault("given_twice", "id", got=spec.id, where=where))
            continue
        seen.add(spec.id)
        try:
            question = bind(
                spec,
                case.argument,
                known.scheme,
                as_of,
                codebook=known.codebook,
                actors=actors,
                real=partial(_is_real, case),
                limits=case.limits,
            )
        except DetenteError as error:
            faults += [_at(fault, spec.id, where) for fault in error.faults]
            continue
        specs.append(spec)
        bound.append(question)
    if faults:
        raise QuestionError(*faults)
    return tuple(specs), tuple(bound)


def refuse_long_lines(case: Case, lines: Sequence[str]) -> None:
    """Refuse lines that are too long to be questions before anything is loaded to answer them.

    Raises
    ------
    QuestionError
    """
    for line in lines:
        refuse_long(line, case.limits)


def _written(
    case: Case, questions: tuple[str | QuestionSpec | Path, ...]
) -> Iterator[WrittenQuestion | Fault]:
    declared = {spec.id: spec for spec in case.argument.questions}
    for number, question in enumerate(questions, 1):
        if isinstance(question, Path):
            written, faults = read_questions(question, case.limits)
            yield from faults
            for one in written:
                same = declared.get(str(one.spec.ask))
                update = {"id": one.spec.id, "text": one.spec.text}
                yield one if same is None else WrittenQuestion(same.model_copy(update=update), one.where)
        elif isinstance(question, QuestionSpec):
            yield WrittenQuestion(question, "")
        elif text_given("question", question) in declared:
            yield WrittenQuestion(declared[question], "")
        else:
            line = question.strip() or "?"
            try:
                refuse_long(line, case.limits)
            except QuestionError as error:
                yield from error.faults
                continue
            text = shorten(line, LONGEST_TEXT)
            yield WrittenQuestion(QuestionSpec(id=f"asked {number}", text=text, ask=line), "")


def _at(fault: Fault, name: str, where: str) -> Fault:
    """Return a fault of a line at its place in the file; one that was given alone stays as it is."""
    return fault.at(name, f"{fault.where}; {where}" if fault.where else where) if where else fault


def _is_real(case: Case, code: str) -> bool:
    """Return whether a code is somebody's: it acts later, is listed for the rivalry, or is a state's."""
    events = case.chronicle.events
    listed = embedded_actors(case.rivalry) if case.rivalry in embedded_rivalries() else ()
    if code in listed or code in events["source"] or code in events["target"]:
        return True
    return Actor(code, code, "state").iso3 is not None


def _actors(case: Case, known: Chronicle) -> tuple[str, ...]:
    """Return every code that acts in what is known, most often seen first, or stands in the argument."""
    seen = pl.concat([known.events["source"], known.events["target"]]).alias("code")
    often = seen.value_counts().sort("count", "code", descending=[True, False])["code"].to_list()
    declared = [code for party in case.argument.parties.values() for code in party.members]
    return tuple(dict.fromkeys([*(case.argument.principals or ()), *often, *declared]))
