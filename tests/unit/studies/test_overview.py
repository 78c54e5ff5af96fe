"""The report: everything on it stands in the result it was made from."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from markupsafe import escape

from detente.base.errors import OutputError
from detente.lab.run import run
from detente.report.languages.language import LANGUAGES, in_language
from detente.report.pages.environment import environment
from detente.report.pages.report import (
    pictures_of,
    question_rows,
    render_report,
    words_said,
    write_report,
)
from detente.report.pictures.questions import QuestionRow, questions_chart
from detente.report.text.as_json import to_json
from detente.report.text.bottom_line import of_report
from detente.report.text.numbers import percent
from detente.studies.analogues.followed import Followed
from detente.studies.claims import power
from detente.studies.overview import Report, report_on
from page_texts import english, numbers
from worlds import essay_case

FUTURES = 60


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(power, "CHRONICLES", 20)  # the test of verdicts has tests of its own
        return report_on(replace(essay_case(), cache=tmp_path_factory.mktemp("empty")), futures=FUTURES)


@pytest.fixture(scope="module")
def written(report: Report, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_report(report, tmp_path_factory.mktemp("written") / "report.html")


@pytest.fixture(scope="module")
def html(written: Path) -> str:
    return written.read_text(encoding="utf-8")


def test_pictures_and_tables_explain_only_what_they_hold(report: Report, html: str) -> None:
    for word, told in (("", False), ("likely", True)):
        row = QuestionRow(
            "Talks?", 0.5, word=word, word_low=0.4 if word else None, word_high=0.6 if word else None
        )
        picture = str(questions_chart(report.run, [row]).to_dict(validate=False))
        assert ("Orange band" in picture) is told
        assert ("what the words mean" in picture) is told
    outside = [c for c in report.run.channels if c.observed is not None and not c.low <= c.observed <= c.high]
    assert ("* outside the 90 % of futures" in html) is bool(outside)


def test_a_base_rate_that_windows_leave_open_is_drawn_as_its_bounds(report: Report) -> None:
    """A point would be that of the settled windows, and those are not any windows."""
    rows = question_rows(report.run, report.asked)
    for asked, row in zip(report.asked, rows, strict=True):
        rate = asked.base_rates[0]
        wide = rate.low is not None and rate.high is not None and rate.high - rate.low >= 0.02
        assert (row.base, row.base_low, row.base_high) == (
            (None, rate.low, rate.high) if wide else (rate.share, None, None)
        )
    assert any(row.base_low is not None for row in rows)
    assert "its bounds" in str(questions_chart(report.run, rows).to_dict(validate=False))


def test_its_digits_are_those_of_a_run(report: Report) -> None:
    plain = run(essay_case(), futures=FUTURES).to_dict()
    value = report.to_dict()
    assert value["channels"] == plain["channels"]
    for ours, theirs in zip(value["questions"], plain["questions"], strict=True):
        assert {k: ours[k] for k in theirs} == theirs


def test_the_page_has_its_chapters_and_asks_nobody(report: Report, html: str) -> None:
    for chapter in ("What happens next", "Why", "What happened at such moments", "How far to trust it"):
        assert re.search(rf"<h2[^>]*>{chapter}</h2>", html), chapter
    assert not re.search(r"(src|href|action)\s*=\s*[\"']?(https?:)?//", html)
    assert "<script" not in html
    assert html.count("<svg") == len(pictures_of(report))
    assert len(html.encode()) < 5_000_000
    for picture in re.findall(r"<svg[^>]*>", html):
        assert 'aria-label="' in picture


def test_every_question_unfolds_into_what_moves_it(report: Report, html: str) -> None:
    assert html.count("<details><summary>why, and what is counted</summary>") == len(report.asked)
    assert "Wider than this screen" in html
    assert html.count('<details class="long">') == 2  # what paper leaves out
    for asked in report.asked:
        for mover in asked.why:
            assert mover.name in html
    said = words_said(report.run)
    assert said, "the essay hedges"
    for words, _ in said.values():
        assert words in html


def test_every_claim_stands_with_its_verdict_and_unfolds(report: Report, html: str) -> None:
    assert report.claims is not None
    assert re.search(r"<h2[^>]*>What the events say of each claim</h2>", html)
    chapter = html[html.index('<h2 id="claims">') : html.index('<h2 id="past">')]
    assert chapter.count("<details><summary>why</summary>") == len(report.claims.rows)
    for row in report.claims.rows:
        assert f"{row.claim.id}: " in chapter
        assert f'<span class="word">{row.verdict}</span>' in chapter
        for episode in row.episodes:
            if episode.act is not None:
                assert str(escape(episode.act["citation"])) in chapter
        if row.judgement is not None:
            for variant in row.judgement.variants:
                assert variant.name in chapter
    assert "The acts are few" in chapter
    assert "claims" in pictures_of(report)


def test_forecasts_of_the_report_are_those_of_its_own_run(report: Report) -> None:
    assert report.claims is not None
    chance = {a.answer.question.id: a.answer.probability for a in report.asked}
    rows = [row for row in report.claims.rows if row.forecast is not None]
    assert rows
    for row in rows:
        assert row.value == chance[str(row.claim.question)]


def test_analogues_stand_with_their_acts_and_citations(report: Report, html: str) -> None:
    moments = report.analogues.moments
    assert moments
    for moment in moments:
        assert f'datetime="{moment.day.isoformat()}"' in html
        for followed in moment.followed:
            if isinstance(followed, Followed):  # classes with as many acts stand in an order of their own
                assert followed.window.end <= report.run.as_of
                assert list(followed.acts.items()) == sorted(
                    followed.acts.items(), key=lambda x: (-x[1], x[0])
                )
    assert any(act["citation"][:12] in html for act in moments[0].before)
    for crisis in report.analogues.crises:
        assert crisis.crisis.name in html


def test_without_a_kept_backtest_it_says_how_to_make_one(report: Report, html: str) -> None:
    assert report.backtest is None
    assert "No backtest of this argument on these events has been made" in html


def test_a_folder_is_no_file(report: Report, written: Path, html: str, tmp_path: Path) -> None:
    (tmp_path / "plain").write_text("a file")
    with pytest.raises(OutputError):
        write_report(report, tmp_path / "plain" / "report.html")
    assert html.startswith("<!DOCTYPE html>")
    assert [path.name for path in written.parent.iterdir()] == ["report.html"]


@pytest.mark.slow  # a second report; the days of analogues have a test of their own
def test_a_report_of_another_day_stops_at_that_day(tmp_path: Path) -> None:
    early = report_on(replace(essay_case(), cache=tmp_path), as_of=date(2003, 5, 5), futures=30)
    assert all(moment.day < date(2003, 5, 5) for moment in early.analogues.moments)
    assert all(crisis.crisis.first.end <= date(2003, 5, 5) for crisis in early.analogues.crises)
    assert "5 May 2003" in render_report(early)


def test_it_opens_with_its_first_questions_the_farthest_from_the_past_and_how_far_to_trust_it(
    report: Report, html: str
) -> None:
    first, second, *rest = of_report(report)
    asked = [a for a in report.asked if a.answer.probability is not None]
    for sentence, question in zip((first, second), asked, strict=False):
        assert question.answer.question.text in sentence
        assert percent(question.answer.probability or 0.0) in sentence
        assert "of all earlier windows" in sentence
    gaps = {
        a.answer.question.text: abs((a.answer.probability or 0.0) - a.base_rates[0].share)
        for a in asked
        if a.base_rates[0].share is not None
    }
    farthest = max(gaps, key=lambda text: gaps[text])
    assert any(farthest in sentence for sentence in (first, second, *rest))
    assert any("what one act does to the next rests" in sentence for sentence in rest)
    assert any(sentence.startswith("What would change") for sentence in rest)
    assert 'aria-label="In brief"' in html
    for sentence in (first, second, *rest):
        assert str(escape(sentence)) in html
    value = to_json(report)
    assert value["sentences"]["bottom_line"] == " ".join(of_report(report))


def test_the_report_says_the_same_in_three_languages(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = "detente.report.pages.report.render_all"
    monkeypatch.setattr(drawn, lambda charts, workers: (("<svg></svg>", b"") for _ in charts))
    # An act is told by its summary in English, and by its codes and its deaths in other languages.
    monkeypatch.setitem(environment().globals, "said", lambda act, say: "")
    pages = {}
    for tag in LANGUAGES:
        with in_language(tag):
            pages[tag] = render_report(report)
    for tag in ("zh-Hans", "zh-Hant"):
        assert english(pages[tag], tag) == []
        assert numbers(pages[tag]) == numbers(pages["en"])
