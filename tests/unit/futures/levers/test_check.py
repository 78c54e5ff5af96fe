"""A faulty plan or door is refused when the argument is loaded, with its file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from detente.base.errors import ArgumentError
from detente.lab.arguments import load_argument
from detente.lab.case import load_case
from detente.lab.check import check_file

HEAD = "extends: essay\nargument: mine\ntitle: Mine\nrivalry: us-iran\n"
DOOR = "door:\n  mediator: OMN\n"


@pytest.mark.parametrize(
    ("block", "message"),
    [
        (
            "levers:\n  odd:\n    text: Odd\n    pull:\n      - relief=0.5@30\n      - relief=3@30\n",
            r"^levers\.odd\.pull\.1: size of relief .*must be between 0 and 1, got 3 \(mine\.yaml:10: relief=3@30\)",
        ),
        (
            "levers:\n  odd: {text: Odd, pull: [releif@30]}\n",
            r"^levers\.odd\.pull\.0: lever must be a known lever, got releif \(mine\.yaml:6.*\)\. Did you mean relief",
        ),
        (
            "door:\n  mediator: OMM\n",
            r"^door\.mediator must be a third party, got OMM \(mine\.yaml:6\)\. Did you mean OMN\?",
        ),
        (
            "door:\n  gestures:\n    IRN: step=x\n",
            r"^door\.gestures\.IRN: .*got x \(mine\.yaml:7: step=x\)",
        ),
        (
            "door:\n  thesis: [reprisal.forse]\n",
            r"^door\.thesis\.0 must be mechanism\.term of a mechanism in use, got reprisal\.forse \(mine\.yaml:6\)\.",
        ),
        (
            "door:\n  gate: reprisal.force\n",
            r"^door\.gate must be one of the thesis, got reprisal\.force \(mine\.yaml:6\)",
        ),
    ],
)
def test_a_faulty_plan_or_door_has_file_and_line(tmp_path: Path, block: str, message: str) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(HEAD + block, encoding="utf-8")
    for load in (load_argument, check_file, lambda path: load_case("us-iran", argument=path)):
        with pytest.raises(ArgumentError, match=message):
            load(path)
