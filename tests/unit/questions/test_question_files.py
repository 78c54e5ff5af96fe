"""Files of questions: CSV and YAML say the same, and what is wrong is said with its file and line."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from detente.base.errors import QuestionError
from detente.base.input_limits import Limits
from detente.questions.question_files import MOST_QUESTIONS, read_questions

TABLE = """id,line,text
q1,talks within 12m,Talks
q2,"IRN->USA force,pressure within 90d",'=1+1

q3,"war within
2y",
"""
LIST = """- {id: q1, line: talks within 12m, text: Talks}
- id: q2
  line: IRN->USA force,pressure within 90d
  text: =1+1
- id: q3
  line: |-
    war within
    2y
"""


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def faults(folder: Path, name: str, text: str) -> list[str]:
    try:
        return [str(fault) for fault in read_questions(write(folder, name, text))[1]]
    except QuestionError as error:
        return [str(fault) for fault in error.faults]


def test_a_table_and_a_list_say_the_same(tmp_path: Path) -> None:
    table, list_ = (
        read_questions(write(tmp_path, name, text)) for name, text in (("q.csv", TABLE), ("q.yaml", LIST))
    )
    assert [q.spec for q in table[0]] == [q.spec for q in list_[0]]
    assert [q.where for q in table[0]] == ["q.csv:2", "q.csv:3", "q.csv:5"]
    assert [q.where for q in list_[0]] == ["q.yaml:1", "q.yaml:2", "q.yaml:5"]
    assert [q.spec.text for q in table[0]] == ["Talks", "=1+1", "war within\n2y"]
    assert table[1] == list_[1] == ()


def test_every_faulty_row_is_reported_with_its_line(tmp_path: Path) -> None:
    rows = ["id,line,text", "q1,talks within 12m,", ",talks within 12m,", "=x,talks within 12m,", "q2,,"]
    rows += ["q1,war within 2y,", "q3,a,b,c", f"q4,{'x' * 2001},"]
    found = faults(tmp_path, "q.csv", "\n".join(rows))
    assert [line.split("(q.csv:")[1].split(")")[0] for line in found] == ["3", "4", "5", "6", "7", "8"]
    words = ("id is required", "pattern", "line is required", "given twice", "3 fields", "at most 2,000")
    assert all(part in line for part, line in zip(words, found, strict=True))


@pytest.mark.parametrize(
    ("name", "text", "part"),
    [
        ("q.txt", "x", "must end in .csv, .yaml or .yml"),
        ("q.csv", "", "questions must not be empty (q.csv"),
        ("q.yaml", "  \n", "questions must not be empty (q.yaml"),
        ("q.csv", "id,line\n", "questions must not be empty (q.csv"),
        ("q.csv", "id,lin\nq,talks within 1y\n", "line must be a column"),
        (
            "q.csv",
            "id,line,text\nq,talks,\x1b[1m\n",
            "text must not hold control characters, got \\x1b[1m (q.csv:2)",
        ),
        ("q.csv", "id,line,id\n", "header must name each column once, got id"),
        ("q.csv", 'id,line\nq,"talks\n', "must be well-formed CSV"),
        ("q.csv", f"id,line\nq,{'x' * 200_000}\n", "must be well-formed CSV"),
        ("q.yaml", "id: q1\n", "questions must be a list"),
        ("q.yaml", "- [1]\n", "question 1 must hold named fields (q.yaml:1)"),
        ("q.yaml", "- {id: q1, lin: talks}\n", "lin is not a field here (q.yaml:1). Did you mean line?"),
        ("q.yaml", "- {id: 1, line: talks within 1y}\n", "id must be text, got 1 (q.yaml:1)"),
        ("q.yaml", "- {id: [", "YAML must be well formed"),
    ],
)
def test_what_is_no_file_of_questions_is_refused(tmp_path: Path, name: str, text: str, part: str) -> None:
    assert any(part in line for line in faults(tmp_path, name, text)), faults(tmp_path, name, text)


def test_a_long_line_is_read_where_the_limit_is_raised(tmp_path: Path) -> None:
    line = " or ".join(["talks within 12m"] * 200)
    path = write(tmp_path, "q.csv", f"id,line\nq,{line}\n")
    (question,), faults = read_questions(path, Limits(question=5_000))
    assert (question.spec.ask, len(question.spec.text), faults) == (line, 2_000, ())
    assert "at most 2,000 characters" in str(read_questions(path)[1][0])


def test_a_file_that_never_ends_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "q.csv")
    (tmp_path / "q.yaml").symlink_to("/dev/zero")
    (tmp_path / "big.csv").write_bytes(b"x" * 2_000_001)
    for name in ("q.csv", "q.yaml", "big.csv", "none.csv"):
        with pytest.raises(QuestionError, match=r"questions must|questions does not exist"):
            read_questions(tmp_path / name)


def test_more_questions_than_a_run_can_hold_are_refused(tmp_path: Path) -> None:
    rows = "\n".join(f"q{i},talks within 1y" for i in range(MOST_QUESTIONS + 1))
    with pytest.raises(QuestionError, match="at most 10000 items"):
        read_questions(write(tmp_path, "q.csv", "id,line\n" + rows))
