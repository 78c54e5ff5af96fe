"""JSON is what `to_dict` returns and the sentences about it, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from detente.lab.ask import ask
from detente.lab.case import Case
from detente.lab.check import Checked
from detente.lab.clocks import clocks_of
from detente.model.clocks import at_clocks
from detente.report.text.as_json import to_json
from detente.report.text.check import text_of
from detente.report.text.console import Sheet, table
from detente.studies.analogues.related import analogues
from detente.studies.bargain.bargain import bargain_of
from detente.studies.bargain.crisis import crisis_of
from detente.studies.bargain.openings import bargain_argument
from detente.studies.claims.claims import claims
from detente.studies.exercise.exercise import exercise
from detente.studies.whatif.mediators import mediators
from detente.studies.whatif.whatif import whatif
from worlds import AS_OF, essay_case


def plain() -> Case:
    """The essay at its declared half-lives."""
    case = essay_case()
    return replace(case, argument=at_clocks(case.argument, case.argument.clocks.half_lives()))


RESULTS: dict[str, Callable[[], Any]] = {
    "analogues": lambda: analogues(plain(), as_of=AS_OF),
    "ask": lambda: ask(plain(), "USA->IRN mode=accrod from 2020-01-01 to 2020-03-01", futures=10),
    "bargain": lambda: bargain_of(bargain_argument("us-iran"), draws=50),
    "check": lambda: Checked(Path("essay.yaml"), essay_case().argument),
    "claims": lambda: claims(plain(), only=["E1", "M3", "B1", "M7"]),
    "clocks": lambda: clocks_of(plain()),
    "crisis": lambda: crisis_of(bargain_argument("us-iran"), given=("war_a=-1.9",)),
    "exercise": lambda: exercise(plain(), "typical", days=30, futures=20),
    "mediators": lambda: mediators(plain(), draws=100, seed=1),
    "whatif": lambda: whatif(plain(), ["relief=1@10"], futures=10, days=30),
}


def without_sentences(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_sentences(part) for key, part in value.items() if key != "sentences"}
    return [without_sentences(part) for part in value] if isinstance(value, list | tuple) else value


def sentences_in(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        yield from value.get("sentences", {}).values()
        for key, part in value.items():
            if key != "sentences":
                yield from sentences_in(part)
    elif isinstance(value, list):
        for part in value:
            yield from sentences_in(part)


@pytest.mark.parametrize("name", RESULTS)
def test_json_adds_sentences_and_nothing_else(name: str) -> None:
    result = RESULTS[name]()
    value = json.loads(json.dumps(to_json(result)))
    own = json.loads(json.dumps(result.to_dict()))
    assert not list(sentences_in(own))
    assert without_sentences(value) == own
    said = list(sentences_in(value))
    assert said
    assert all(isinstance(text, str | list) for text in said)


def test_a_result_without_sentences_is_itself() -> None:
    class Plain:
        def to_dict(self) -> dict[str, int]:
            return {"a": 1}

    assert to_json(Plain()) == {"a": 1}


def test_a_sheet_is_text_of_a_hundred_columns_where_there_is_no_terminal() -> None:
    sheet = Sheet()
    rows = table("Acts", "what", "count", numbers=1)
    rows.add_row("[x] " + "word " * 40, "12")
    sheet.print(rows, "")
    lines = sheet.text().splitlines()
    assert lines[0].startswith("Acts")
    assert max(map(len, lines)) == 100
    assert "\x1b" not in sheet.text()


def test_a_checked_argument_is_summed_up(tmp_path: Path) -> None:
    checked = Checked(tmp_path / "essay.yaml", essay_case().argument)
    assert text_of(checked).startswith("essay.yaml: a valid argument, essay, with ")
    assert to_json(checked)["sentences"] == {"summary": text_of(checked)}
    assert checked.actors == {}


def test_the_day_of_a_caveat_is_the_first_of_the_futures() -> None:
    value = to_json(RESULTS["ask"]())["questions"][0]
    assert value["caveats"][0] == {"kind": "early", "opens": "2020-01-01", "as_of": AS_OF.isoformat()}
    assert len(value["sentences"]["notes"]) == len(value["caveats"]) == 3
