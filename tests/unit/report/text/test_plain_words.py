"""What a stranger reads: credible headlines, units, one word for a thing, last days, shares without a minus zero."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest

import detente
from detente.argument.blocks import QuestionSpec
from detente.base.days import Window
from detente.events.chronicle import Chronicle
from detente.futures.levers.base import Dose
from detente.futures.outcomes import Difference
from detente.futures.unseen import Unseen
from detente.lab.arguments import load_argument
from detente.lab.record import SimilarRecord
from detente.questions.question import bind
from detente.report.languages.formats import iso_window, window_text
from detente.report.pages.article_legend import kind_of, verdicts_explained
from detente.report.pages.environment import act_html, environment
from detente.report.text.answers.sentence import counts_friendly_words, record_text
from detente.report.text.bottom_line import _best_lever, _beyond_others
from detente.report.text.numbers import change, interval_text, part, percent
from detente.studies.against_rates import HeldAgainst
from detente.studies.drafting.asked import _kinds
from detente.studies.whatif.every_lever import ChangeOverview, Pulled
from worlds import essay_case

TEMPLATES = [
    path for folder in ("report", "web") for path in (Path(detente.__file__).parent / folder).rglob("*.j2")
]


def pulled(lever: str, actor: str, talks: float, *, beyond: tuple[Unseen, ...] = ()) -> Pulled:
    none = Difference(0.2, 0.2, 0.0, -0.01, 0.01, 1.0)
    moved = Difference(0.2, 0.2 + talks, talks, talks - 0.01, talks + 0.01, 1.0)
    outcomes = {"talks": moved, "accords": none, "force": none, "pressure": none}
    return Pulled(Dose(lever, actor, 0.33, 30), lever.capitalize(), outcomes, 5, 5, beyond)


def headline(*rows: Pulled) -> str:
    return _best_lever(essay_case(), ChangeOverview(rows, None, None))


def test_the_headline_names_a_credible_lever_and_says_that_others_were_passed_over() -> None:
    odd, sound = pulled("relief", "USA", -0.2), pulled("return_to_deal", "USA", 0.1)
    assert odd.implausible
    said = headline(odd, sound)
    assert "return to the deal by United States (USA) on day 30" in said
    assert "among levers that do not move them in an implausible direction" in said
    assert "implausible" not in headline(sound)
    harsher = replace(sound, outcomes=sound.outcomes | {"pressure": replace(sound.outcomes["talks"])})
    assert "but the direction for acts of pressure is implausible" in headline(harsher)
    assert re.search(r"relief by .*, but the direction for futures with talks is implausible", headline(odd))


def test_the_headline_says_that_a_dose_was_never_seen_and_uses_no_code() -> None:
    said = headline(pulled("relief", "USA", 0.1, beyond=(Unseen("drawdown", size=0.33),)))
    assert "with a dose outside anything seen" in said
    assert "share of the stock of sanctions in force: 0.33" in said
    assert "relief:USA" not in said


def test_futures_outside_other_rivalries_are_said_at_once_with_both_figures() -> None:
    def held(months: int, value: float) -> HeldAgainst:
        return HeldAgainst(
            "war_in_year", months, value, value - 0.03, value + 0.03, 0.014, 0.01, 0.018, "sarkees2010"
        )

    fan: Any = SimpleNamespace(label="USA -> IRN force", before=4.0, low=1.0, high=540.0)
    run = SimpleNamespace(channels=(fan,), case=essay_case(), days=730)
    report: Any = SimpleNamespace(rates=(held(6, 0.3), held(12, 0.49)), spreads=(), run=run)
    outside, wide = _beyond_others(report)
    assert "within 12 months: 49 % here, 1 % elsewhere" in outside
    assert "6 months" not in outside  # the longest that is outside stands for a rate
    assert "1 to 540 acts in 730 days (90 % of futures) after 4" in wide
    fan.high, inside = 30.0, replace(held(12, 0.014), low=0.01, high=0.02)
    assert _beyond_others(SimpleNamespace(rates=(inside,), spreads=(), run=run)) == []  # type: ignore[arg-type]


def test_a_stricter_rule_is_said_beside_its_chance_and_below_is_no_departure() -> None:
    def exchange(value: float) -> HeldAgainst:
        return HeldAgainst(
            "exchange_in_year", 24, value, value - 0.01, value + 0.01, 0.15, 0.13, 0.18, "gibler2016"
        )

    run = SimpleNamespace(channels=(), case=essay_case(), days=730)
    few: Any = SimpleNamespace(rates=(exchange(0.04),), spreads=(), run=run)
    assert _beyond_others(few) == []
    many: Any = SimpleNamespace(rates=(exchange(0.4),), spreads=(), run=run)
    assert (
        "40 % here, where hostilities stand for it (at least 2 strikes by each side within 7 days)"
        in (_beyond_others(many)[0])
    )


def test_people_read_last_days() -> None:
    window = Window(date(2020, 1, 3), date(2020, 7, 5))
    assert (window.last, str(window)) == (date(2020, 7, 4), "2020-01-03 to 2020-07-04")
    assert window_text(window.start, window.end) == "3 January 2020 to 4 July 2020"
    assert iso_window("2020-01-03", "2020-07-05") == "2020-01-03 to 2020-07-04"
    bare = [
        path.name
        for path in TEMPLATES
        if re.search(r"window\.end\.isoformat|to\(\w+\.closes", path.read_text())
    ]
    assert not bare


def test_nothing_is_written_as_minus_zero_or_as_a_hundred_with_decimals() -> None:
    assert (percent(-0.001), percent(1.0, 1), percent(0.99999, 1)) == ("0 %", "100 %", "> 99.9 %")
    assert (part(0.0), part(1.0), part(0.004)) == ("none", "all", "< 1 %")
    assert interval_text(-0.0001, 0.0001) == "+0.000, narrower than 0.001"
    assert change(0.1, 0.09999, -0.0001, 0.0).difference == "+0.000"
    shown = (
        environment().from_string('{{ "%+.1f"|format(x) }} {{ "%.2f ± %.2f"|format(x, 1) }}').render(x=-0.001)
    )
    assert shown == "+0.0 0.00 ± 1.00"
    code = (Path(detente.__file__).parent / "report").rglob("*.py")
    signed = [
        path.name for path in code if re.search(r"\{[^{}]*:[<>^]?\+\d*\.\df\}", path.read_text("utf-8"))
    ]
    assert not signed, "a number with a sign is written with z"


def test_an_act_begins_with_who_did_what_to_whom() -> None:
    act = {
        "source": "A",
        "target": "B",
        "action": "ASSAULT",
        "mode": "raid",
        "fatalities": 2,
        "summary": "Aden",
    }
    assert str(act_html(act, str)) == "A -&gt; B ASSAULT, raid, 2 known deaths: Aden"


def test_verdicts_with_a_name_or_a_number_have_a_line_in_the_legend_too() -> None:
    claims = [
        {"kind": kind_of(verdict)}
        for verdict in ("heavier on IRN", "no power", "rank 2 of 9", "no such verdict")
    ]
    assert [row["anchor"] for row in verdicts_explained(claims)] == [
        "verdict-no-power",
        "verdict-heavier",
        "verdict-rank",
    ]


@pytest.fixture(scope="module")
def quad() -> Chronicle:
    rows = [
        {"date": date(2019, 1, 1) + timedelta(days=9 * i), "source": one, "target": other, "class": cls}
        for i in range(60)
        for one, other in (("AAA", "BBB"), ("BBB", "AAA"))
        for cls in (("verbal-cooperation",) if i % 5 == 0 else ("verbal-conflict",))
    ]
    return Chronicle.of(pl.DataFrame(rows), Window(date(2019, 1, 1), date(2020, 7, 1)), scheme="quad")


def test_without_joint_acts_talks_are_called_friendly_words(quad: Chronicle) -> None:
    argument = load_argument("baseline").between("AAA", "BBB")
    asked = [one for kind in _kinds(argument, quad, 12) for one in kind]
    assert ("friendly-words", "AAA<->BBB cooperation_by_word") in {(id_, line) for id_, _, line in asked}
    assert not any("talks" in line for _, _, line in asked)
    case = essay_case()
    line = QuestionSpec(id="q", text="q", ask="IRN<->USA talks within 90d")
    of_words = bind(line, case.argument, "quad", date(2020, 1, 1))
    together = bind(line, case.argument, "detente", date(2020, 1, 1))
    assert (counts_friendly_words(of_words), counts_friendly_words(together)) == (True, False)
    record = SimilarRecord(0.4, 0.5, 0.39, 61, "type and horizon", "talks", 90)
    assert "(friendly words, about 90 days ahead)" in record_text(record, friendly_words=True)
