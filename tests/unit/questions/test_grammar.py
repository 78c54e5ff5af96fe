from __future__ import annotations

import re
from datetime import date

import pytest

from detente.base.days import Window
from detente.base.errors import QuestionError
from detente.base.input_limits import Limits
from detente.questions.everyday import WRITTEN
from detente.questions.grammar import Parsed, QuestionNames, parse_question
from detente.questions.statements import Acts, All, Any, Count, InPhase, Kind, MemoryChange, Not, Rate, War
from detente.questions.windows import later

DAY = date(2020, 1, 17)
YEAR = Window(DAY, date(2021, 1, 17))
NAMES = QuestionNames(
    {"principals": ("USA", "IRN"), "proxies": ("LBN-HEZ", "YEM-HOU")}, actors=("USA", "IRN", "OMN")
)


def read(text: str) -> Parsed:
    return parse_question(text, NAMES, DAY)


def test_parties_kinds_and_filters_become_acts() -> None:
    acts = Acts(
        ("IRN", "LBN-HEZ", "YEM-HOU"),
        ("USA",),
        kinds=(Kind(("force",), ("THREATEN",)), Kind(actions=("ASSAULT",))),
        modes=("missile", "drone-shootdown"),
        issues=("maritime",),
        deaths_at_least=2,
    )
    text = "IRN,proxies->USA force,THREATEN ASSAULT mode=missile,drone-shootdown issue=maritime deaths >= 2 within 12m"
    assert read(text) == Parsed(Count(acts, YEAR, 1))
    assert read("any<->OMN within 12m").asks == Count(Acts((), ("OMN",), either_way=True), YEAR, 1)


@pytest.mark.parametrize(
    ("limit", "at_least", "at_most"),
    [("count >= 3", 3, None), ("count > 3", 4, None), ("count <= 3", None, 3), ("count < 3", None, 2)],
)
def test_limits(limit: str, at_least: int | None, at_most: int | None) -> None:
    assert read(f"force {limit} within 12m").asks == Count(
        Acts(kinds=(Kind(("force",)),)), YEAR, at_least, at_most
    )


def test_no_and_first() -> None:
    assert read("no force within 12m").asks == Count(Acts(kinds=(Kind(("force",)),)), YEAR, at_most=0)
    asked = read("first force within 12m")
    assert (asked.first, asked.asks) == (True, Count(Acts(kinds=(Kind(("force",)),)), YEAR, 1))


def test_windows() -> None:
    assert read("war within 2w").asks == War(Window(DAY, date(2020, 1, 31)))
    assert read("war from 1m to 2y").asks == War(Window(date(2020, 2, 17), date(2022, 1, 17)))
    assert read("war from 2020-03-01 to 2020-04-01").asks == War(Window(date(2020, 3, 1), date(2020, 4, 1)))
    assert later(date(2020, 1, 31), "1m") == date(2020, 2, 29)


def test_phases_talks_clocks_and_rates() -> None:
    assert read("phase cold on most days within 12m").asks == InPhase("cold disengagement", YEAR, most=True)
    assert read("phase crisis share >= .5 within 12m").asks == InPhase("crisis", YEAR, 0.5)
    assert read("talks within 12m").asks == InPhase("talks", YEAR)
    assert read("clock slow IRN higher within 12m").asks == MemoryChange("slow", "IRN", YEAR, higher=True)
    force = Acts(kinds=(Kind(("force",)),))
    autumn = Window(date(2019, 10, 1), date(2020, 1, 1))
    assert read("force rate < 2 * 2019-10-01..2020-01-01 within 12m").asks == Rate(force, YEAR, autumn, 2.0)
    assert read("force rate < 2 * 108d..16d ago within 12m").asks == Rate(force, YEAR, autumn, 2.0)
    before = Window(date(2019, 1, 17), DAY)
    assert read("force rate > last 12m within 12m").asks == Rate(force, YEAR, before, below=False)


def test_talks_as_acts_where_parties_or_fields_say_more() -> None:
    joint = (Kind(("joint",)),)
    assert read("USA<->IRN talks within 12m").asks == Count(
        Acts(("USA",), ("IRN",), either_way=True, kinds=joint), YEAR, 1
    )
    assert read("talks issue=nuclear within 12m").asks == Count(
        Acts(kinds=joint, issues=("nuclear",)), YEAR, 1
    )


def test_and_binds_closer_than_or_and_not_closest() -> None:
    war = War(YEAR)
    talks = InPhase("talks", YEAR)
    assert read("war within 12m or not war within 12m and talks within 12m").asks == Any(
        (war, All((Not(war), talks)))
    )
    assert read("(war within 12m or talks within 12m) and war within 12m").asks == All(
        (Any((war, talks)), war)
    )
    assert read("talks within 12m given war within 12m") == Parsed(talks, war)


def test_roles_follow_the_scheme_and_actions_the_codebook() -> None:
    quad = QuestionNames({}, scheme="quad", codebook="cameo")
    assert parse_question("A->B force within 12m", quad, DAY).asks == Count(
        Acts(("A",), ("B",), kinds=(Kind(("material-conflict",)),)), YEAR, 1
    )
    assert parse_question("A->B RETREAT within 12m", quad, DAY)
    with pytest.raises(QuestionError):
        read("USA->IRN RETREAT within 12m")


@pytest.mark.parametrize(
    ("text", "column", "told"),
    [
        ("IRN->USA ASSALT within 90d", 10, "Did you mean ASSAULT?"),
        ("IRM->USA force within 9d", 1, "Did you mean IRN?"),
        ("iran->usa force within 9d", 1, "Did you mean IRN?"),
        (
            "USA<->IRN talks in 12 months",
            17,
            "It has no window. A question reads like IRN->USA force within 90d",
        ),
        ("Will Iran strike?", 17, "A question reads like IRN->USA force within 90d"),
        ("phase kold within 2m", 7, "Did you mean cold?"),
        ("IRN->USA force withn 90d", 16, "Did you mean within?"),
        ("XXX->USA force within 9d", 1, "Known: principals, proxies, USA, IRN"),
        ("clock fast OMN lower within 2m", 12, "a principal: USA, IRN"),
        ("IRN->USA force", 15, "got the end"),
        ("IRN->USA force within 90", 23, "a span such as 90d"),
        ("IRN->USA deaths>=1.5 within 9d", 18, "a whole number"),
        ("phase crisis share>=2 within 9d", 21, "not above 1"),
        ("force within 0d", 7, "must close after it opens"),
        ("force within 9999y", 14, "must stay within the years"),
        ("force from 2020-02-30 to 2020-03-01", 12, "an existing day"),
        ("force & war", 7, "a word, a day, a number or a sign"),
        ("(war within 1d", 15, "must have )"),
        ("(" * 30 + "war within 1d", 22, "parentheses"),
        ("force count >= 0 within 3d", 1, "that can fail"),
        ("no force count >= 2 within 3d", 1, "only one of"),
        ("force rate < last 12m from 2019-06-01 to 2020-06-01", 1, "days before its window"),
        ("first force within 3d and war within 3d", 1, "first of one sort"),
        ("war within 3d given first force within 3d", 1, "first"),
        ("war within 3d war within 3d", 15, "and, or, given or the end"),
        ("within 3d", 1, "parties or a kind of act"),
        ("", 1, "must have"),
    ],
)
def test_faults_name_their_column(text: str, column: int, told: str) -> None:
    with pytest.raises(QuestionError) as caught:
        read(text)
    assert f"column {column} of: {text}" in str(caught.value.faults[0].where)
    assert told in str(caught.value)


def test_a_very_long_question_is_refused_before_it_is_read() -> None:
    with pytest.raises(
        QuestionError, match=r"at most 2,000 characters, got 100013.*raise the limit question"
    ):
        read("not " * 25_000 + "war within 1d")


def test_depth_never_ends_the_interpreter_however_long_a_question_may_be() -> None:
    limits = Limits(question=1_000_000)
    for deep in ("not " * 10_000, "(" * 10_000, "not (" * 5_000):
        with pytest.raises(
            QuestionError, match="at most 20 parentheses and nots inside each other"
        ) as caught:
            parse_question(deep + "war within 1d", NAMES, DAY, limits)
        assert len(str(caught.value)) < 1_000
    wide = parse_question(" or ".join(["war within 1d"] * 2_000), NAMES, DAY, limits)
    assert isinstance(wide.asks, Any)
    assert len(wide.asks.parts) == 2_000


@pytest.mark.parametrize(
    "text",
    [
        "war within 7000y",
        "force from 1000-01-01 to 1000-02-01",
        "war from 9000-01-01 to 9000-02-01",
        "force rate < 0001-01-01..2019-01-01 within 90d",
        "war within 201y",
    ],
)
def test_windows_of_more_than_200_years_are_refused(text: str) -> None:
    with pytest.raises(QuestionError, match=r"must not be longer than 200 years.*raise the limit window"):
        read(text)
    assert parse_question(text, NAMES, DAY, Limits(window=9000))


@pytest.mark.parametrize("number", ["9" * 30, "9" * 1500, "1000000001"])
def test_numbers_beyond_any_count_are_refused(number: str) -> None:
    for text in (f"force count >= {number} within 9d", f"force deaths>={number} within 9d"):
        with pytest.raises(QuestionError, match="must be at most 1,000,000,000"):
            read(text)


@pytest.mark.parametrize(
    ("word", "write"),
    [
        ("war", "Try war within 12m, without parties"),
        ("accord", "Try AGREE"),
        ("mediation", "Try cooperation_by_word mode=mediation"),
        ("sanctions", "Try pressure"),
        (
            "tomatoes",
            "Roles are cooperation_by_word, cooperation_by_deed, hostility_by_word, pressure, force, talks",
        ),
    ],
)
def test_an_everyday_word_is_told_what_to_write(word: str, write: str) -> None:
    names = QuestionNames({}, "detente", "detente", ("USA", "IRN"))
    with pytest.raises(QuestionError, match=re.escape(write)):
        parse_question(f"USA->IRN {word} within 12m", names, date(2020, 1, 17))


@pytest.mark.parametrize("line", ["USA->IRN {} within 12m", "{}"])
def test_what_is_to_be_written_for_everyday_words_can_be_read(line: str) -> None:
    names = QuestionNames({}, "detente", "detente", ("USA", "IRN"))
    for write in set(WRITTEN.values()):
        alone = write.removesuffix(", without parties")
        if (alone != write) == (line == "{}"):
            assert parse_question(line.format(alone), names, date(2020, 1, 17))


def test_a_code_near_another_lists_who_else_there_is() -> None:
    names = QuestionNames({}, "detente", "detente", ("ISR", "SYR", "HEZ"))
    with pytest.raises(QuestionError, match=r"Did you mean ISR\? Known, among others: ISR, SYR, HEZ\."):
        parse_question("SYR->IRN force within 12m", names, date(2020, 1, 17))


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("USA->IRN PRESSURE within 1y", "pressure"),
        ("USA->IRN Force within 1y", "force"),
        ("phase Crisis within 1y", "crisis"),
        ("usa->IRN force within 1y", "USA"),
        ("USA->IRN assault within 1y", "ASSAULT"),
    ],
)
def test_a_word_in_other_letters_is_suggested(line: str, meant: str) -> None:
    with pytest.raises(QuestionError, match=f"Did you mean {meant}\\?"):
        read(line)
