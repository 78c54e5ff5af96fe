"""What analogues say: alike and not alike, unknown as unknown, and what they are worth without praise."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from functools import cache

import pytest

from detente.report.languages.language import in_language
from detente.report.pages.analogues import render_analogues
from detente.report.pictures.moments import moments_chart
from detente.report.text.analogues.analogues import text_of
from detente.report.text.analogues.moments import followed_text
from detente.report.text.analogues.worth import worth_text
from detente.report.text.as_json import to_json
from detente.studies.analogues.related import Analogues, analogues
from detente.studies.analogues.value import AnalogueValue, Worth
from detente.studies.scoring.question_scores import BrierSkill
from page_texts import english, numbers
from worlds import AS_OF, embedded, essay_case


@cache
def result() -> Analogues:
    return analogues(essay_case(), as_of=AS_OF, count=3)


def value(*, low: float, best: float = -0.5) -> AnalogueValue:
    def way(nearest: int, low: float) -> Worth:
        return Worth(nearest, False, 0.2, 0.6, BrierSkill(low + 0.1, low, low + 0.2), BrierSkill(0.0))

    return AnalogueValue(
        100, 20, 5, AS_OF, AS_OF, 0.21, 0.6, (way(5, low), replace(way(10, best), brier=0.19))
    )


def test_the_page_has_the_same_numbers_in_chinese_and_no_english() -> None:
    plain = render_analogues(result(), "<svg></svg>", "<svg></svg>")
    with in_language("zh-Hans"):
        page = render_analogues(result(), "<svg></svg>", "<svg></svg>")
    assert english(page, "zh-Hans") == []
    assert numbers(page) == numbers(plain)


@pytest.mark.parametrize(
    ("worth", "told"),
    [
        (None, "has not been measured"),
        (
            value(low=-0.05),
            "do not beat the base rate, so read them as examples and not as a forecast. None of the 2",
        ),
        (value(low=-0.05, best=0.01), "The best of 2 ways tried, the share of the 10 most similar, does"),
        (value(low=0.01), "they say more than the base rate."),
    ],
)
def test_worth_is_said_as_it_was_measured(worth: AnalogueValue | None, told: str) -> None:
    assert told in worth_text(worth)


def test_what_is_not_known_is_not_called_quiet() -> None:
    assert followed_text({"months": 6, "until": "2020-07-17", "known": False}) == (
        "6 months: unknown, as the events do not cover every day before 17 July 2020"
    )
    quiet = {"months": 1, "known": True, "acts": {}, "deaths": 0, "unknown_tolls": 1, "phases": ["thaw"]}
    assert followed_text(quiet | {"talks": True, "war": None}) == (
        "1 month: no act on record; 0 known deaths and 1 assault of unknown toll; thaw, talks; whether it was war is "
        "unknown"
    )


def test_text_and_page_say_the_same() -> None:
    text, page, said = (
        text_of(result()),
        render_analogues(result(), "<svg></svg>", "<svg></svg>"),
        to_json(result()),
    )
    page = re.sub("</?code>", "`", page)
    for sentence in (said["sentences"]["method"], said["sentences"]["worth"], said["sentences"]["ended"]):
        assert sentence in text
        assert sentence in page
    for moment in said["moments"]:
        assert moment["sentences"]["similar"] in text
        assert moment["sentences"]["similar"] in page
        assert all(line in page for line in moment["sentences"]["followed"])
    for crisis in said["crises"]:
        assert crisis["sentences"]["says"] in text
        assert crisis["name"] in page
    assert not re.search(r"(src|href)\s*=\s*[\"']?(https?:)?//", page)
    assert "known only when a crisis is over" in text


@pytest.mark.parametrize("narrow", [False, True])
def test_the_picture_has_a_cell_for_each_memory_of_each_moment(narrow: bool) -> None:
    spec = moments_chart(result(), narrow=narrow).to_dict(validate=False)
    rows = list(csv.DictReader(spec["data"]["values"].splitlines()))
    cells = {(row["moment"], row["memory"]): float(row["difference"]) for row in rows}
    parts = [part.difference for moment in result().moments for part in moment.parts]
    assert len(cells) == len(parts)
    assert sorted(cells.values()) == pytest.approx(sorted(parts), rel=1e-4)
    assert spec["description"]


def test_a_part_is_alike_or_not_by_its_size() -> None:
    for moment in to_json(result())["moments"]:
        for part in moment["parts"]:
            when = "lately" if part["clock"] == "fast" else "over the longer run"
            name = f"{part['kind']} by {part['source']} {when}"
            assert (name in moment["sentences"]["alike"]) is (abs(part["difference"]) <= 0.5)
            assert (name in moment["sentences"]["unlike"]) is (abs(part["difference"]) >= 1)


def test_a_file_searched_is_named_with_its_pairs(tmp_path: object) -> None:
    from pathlib import Path

    from detente.events.files.event_file import write_events

    path = Path(str(tmp_path)) / "others.csv"
    write_events(embedded(), path)
    found = analogues(essay_case(), as_of=AS_OF, among=[path], count=1)
    text = text_of(found)
    assert "others.csv: " in text
    assert "IRN-USA" in text
    assert found.files == (path.absolute(),)
    assert found.elsewhere[0].moments[0].day < AS_OF
    assert len(found.to_polars()) == 6
