"""Earlier windows that what is known does not settle: no share is made of the others, and every output says why."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from command_line import detente
from detente.argument.blocks import QuestionSpec
from detente.events.files.event_file import load_events
from detente.lab.arguments import load_argument
from detente.lab.ask import ask
from detente.lab.chronicles import of_history
from detente.questions.base_rates import BaseRate, base_rate
from detente.questions.question import bind
from detente.report.text.answers.past import left_out_text
from detente.report.text.as_json import to_json
from detente.report.text.ask import text_of
from small_case import write_small_case

AS_OF = date(2004, 1, 1)


def case_in(folder: Path, of: str) -> Path:
    """Write the small case with two dead in every second assault, said to be of somebody; return its argument."""
    path = write_small_case(folder)
    head, *rows = (folder / "events.csv").read_text("utf-8").splitlines()
    deadly = [i % 4 == 0 and "ASSAULT" in row for i, row in enumerate(rows)]
    told = [f"{row[:-1]}2,{of}" if dead else f"{row}," for row, dead in zip(rows, deadly, strict=True)]
    (folder / "events.csv").write_text("\n".join([f"{head},fatalities_of", *told]) + "\n", "utf-8")
    return path


def rate_of(path: Path, line: str) -> BaseRate:
    argument, known = load_argument(path), load_events(path.with_name("events.csv")).known_at(AS_OF)
    question = bind(QuestionSpec(id="q", text=line, ask=line), argument, known.scheme, AS_OF)
    return base_rate(question, of_history(argument, known), AS_OF, known.window.start)


def test_windows_that_settle_only_without_an_act_make_no_share(tmp_path: Path) -> None:
    path = case_in(tmp_path, "mixed")
    rate = rate_of(path, "SWE->NOR force deaths>=1 within 30d")
    every = rate.windows + rate.unclear
    assert rate.yes == 0 < rate.windows  # only windows without such an act are settled, so none is yes
    assert (rate.share, rate.low, rate.high) == (None, 0.0, rate.unclear / every)
    assert rate.because == ("both sides' dead",)
    assert BaseRate.from_dict(json.loads(json.dumps(rate.to_dict()))) == rate
    many = rate_of(path, "how many deaths SWE->NOR force within 30d")
    assert (many.distribution, many.low, many.high, many.unclear) == (None, None, None, rate.unclear)


def test_between_two_sides_the_dead_of_both_together_are_the_answer(tmp_path: Path) -> None:
    told = [rate_of(case_in(tmp_path, of), "SWE<->NOR force deaths>=1 within 30d") for of in ("mixed", "NOR")]
    assert told[0] == told[1]
    assert (told[0].unclear, told[0].because) == (0, ())
    many = [
        rate_of(case_in(tmp_path, of), "how many deaths SWE<->NOR force within 30d")
        for of in ("mixed", "NOR")
    ]
    assert many[0] == many[1]
    assert many[0].distribution is not None


def test_windows_in_which_a_condition_failed_are_counted_apart(tmp_path: Path) -> None:
    rate = rate_of(
        case_in(tmp_path, "mixed"), "SWE->NOR force deaths>=1 within 30d given SWE->NOR force within 30d"
    )
    assert rate.void > 0
    assert rate.unclear > 0
    left = rate.unsettled - rate.unclear - rate.void
    assert left == 0
    assert left_out_text(rate.to_dict()) == [f"in {rate.void:,} more the condition did not hold"]


@pytest.mark.parametrize("line", ["SWE->NOR force deaths>=1 within 30d", "SWE->NOR force within 30d"])
def test_where_every_window_settles_there_is_a_share(tmp_path: Path, line: str) -> None:
    of = "NOR" if "deaths" in line else "mixed"
    rate = rate_of(case_in(tmp_path, of), line)
    assert rate.unclear == 0
    assert rate.because == ()
    assert rate.low == rate.share == rate.high


def test_ask_says_that_it_cannot_be_told(tmp_path: Path) -> None:
    result = ask(case_in(tmp_path, "mixed"), "SWE->NOR force deaths>=1 within 30d", futures=20)
    text = text_of(result)
    assert "How often it came true before cannot be told: " in text
    assert "because the data count the dead of both sides together" in text
    assert " none of 1" not in text
    assert "contradicts what happened" not in text
    asked = to_json(result)["questions"][0]
    assert asked["base_rates"]["all"]["share"] is None
    assert asked["sentences"]["unclear"][0].startswith("Cannot be told: ")
    assert {caveat["kind"] for caveat in asked["caveats"]} == {"both sides' dead"}


def test_check_says_what_it_costs(tmp_path: Path) -> None:
    case_in(tmp_path, "mixed")
    assert "acts count the dead of both sides together" in detente("check", tmp_path / "events.csv").stdout
