"""The report: one self-contained page of a run and all that a reader asks of it next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.argument.words import Word, word_of
from detente.base.outputs import check_target, write_output
from detente.base.progress import Progress
from detente.base.workers import Workers
from detente.events.phases import Phase
from detente.lab.case import Case
from detente.report.languages.language import _, own, word
from detente.report.pages.environment import page_of
from detente.report.pages.mediators import claimed_mediator
from detente.report.pages.run import page_context
from detente.report.pictures.claims import claims_chart
from detente.report.pictures.diagnose import calibration_panel
from detente.report.pictures.door import door_chart
from detente.report.pictures.mediators import mediators_chart
from detente.report.pictures.phases import phases_chart
from detente.report.pictures.questions import QuestionRow, questions_chart
from detente.report.pictures.render import PHONE, PICTURES, render_all
from detente.report.pictures.style import NARROW_WRAP, dress
from detente.report.text import ask, bottom_line
from detente.report.text.answers.cautions import cautions
from detente.report.text.as_json import page_values
from detente.report.text.claims import add_to_row, explained, false_text
from detente.report.text.evidence.reference_rates import hostilities_rule, rate_rows, spread_rows
from detente.report.text.numbers import estimated
from detente.report.text.overview import add_to_change
from detente.studies.overview import Report

WIDTH_OF_MARK = 0.02  # of a base rate in the picture of questions

if TYPE_CHECKING:
    from altair.typing import ChartType

    from detente.lab.ask import QuestionResult
    from detente.lab.run_result import Run
    from detente.questions.base_rates import BaseRate
    from detente.studies.claims.claims import Claims
    from detente.studies.whatif.every_lever import ChangeOverview


def write_report(
    report: Report,
    out: str | Path,
    progress: Progress | None = None,
    *,
    force: bool = False,
    workers: Workers | None = None,
) -> Path:
    """Write a report as one HTML file that needs no network; the file is there whole or not at all.

    Parameters
    ----------
    report : Report
    out : str or path
        The file; a link is followed, and a pipe takes a stream. Its folder is made if it does not exist.
    progress : callable, optional
        Called with (stage, done, total).
    force : bool
        Whether a file that Détente did not write may be replaced; one that the report was made from never is.
    workers : Workers, optional
        Processes that draw the pictures; else they are drawn here.

    Raises
    ------
    OutputError
        If the file is such a one, or cannot be written.
    """
    out = Path(out)
    inputs = report.run.case.inputs
    check_target(out, inputs=inputs, force=force, parents=True)
    content = render_report(report, progress, workers).encode()
    write_output(out, content, inputs=inputs, force=force, parents=True)
    return out


def render_report(report: Report, progress: Progress | None = None, workers: Workers | None = None) -> str:
    """Return a report as HTML.

    Every number on it stands in ``report.to_dict()``, or follows from it.
    """
    svgs: dict[str, str] = {}
    charts = pictures_of(report)
    drawn = render_all(((c, False) for c in charts.values()), workers)
    for name, picture in zip(charts, drawn, strict=True):
        if progress:
            progress("pictures", len(svgs), len(charts))
        svgs[name] = picture[0]
    if progress:
        progress("pictures", len(charts), len(charts))
    main = report.future_phases.main_phase
    shares = [(word(phase.word), float(np.mean(main == phase))) for phase in Phase]
    return page_of(
        "report.html.j2",
        svgs,
        **page_context(report.run),
        brief=bottom_line.of_report(report),
        asked=_with(_yes_or_no(report), ask.add_to_question),
        doubted=_doubted(report),
        like=page_values(report.analogues),
        main_phases=[(phase, share) for phase, share in shares if share > 0],
        backtest=page_values(report.backtest) if report.backtest else None,
        claims=claim_rows(report.claims),
        change=_change(report.change, report.run.case),
        claimed=_claimed(report),
        rates=rate_rows(report.rates),
        hostilities=hostilities_rule(),
        spreads=spread_rows(report.spreads),
        false_told=false_text(report.claims) if report.claims else "",
    )


def pictures_of(report: Report) -> dict[str, Callable[[], ChartType]]:
    """Return by name what makes the charts of a report, each in a second shape for a telephone."""
    run = report.run
    charts: dict[str, Callable[[], ChartType]] = {}

    def add(name: str, draw: Callable[..., ChartType], *what: Any) -> None:
        charts.update({name: partial(draw, *what), name + PHONE: partial(draw, *what, narrow=True)})

    for name, draw in PICTURES.items():
        add(name, draw, run)
    add("phases", phases_chart, run, report.phases, report.future_phases)
    if chances := _yes_or_no(report):
        add("questions", questions_chart, run, question_rows(run, chances))
    if report.claims and any(row.judgement for row in report.claims.rows):
        add("claims", claims_chart, run, report.claims)
    if report.change.door:
        add("door", door_chart, report.change.door)
    if report.change.mediators:
        add("mediators", mediators_chart, report.change.mediators, claimed_mediator(report.change.mediators))
    add("calibration", _calibration, report)
    return charts


def _yes_or_no(report: Report) -> list[QuestionResult]:
    """Return the questions that have a probability; how many and when have a table of their own."""
    return [asked for asked in report.asked if asked.answer.question.amount is None]


def _doubted(report: Report) -> list[str]:
    """Return what keeps a reader from taking how many and when at their word, each with its question."""
    return [
        _("“{text}”: {note}").format(text=own(asked.answer.question.text.rstrip(".")), note=note)
        for asked in report.asked
        if asked.answer.question.amount is not None
        for note in cautions(asked)
    ]


def _claimed(report: Report) -> dict[str, Any] | None:
    """Return the standing of the third party that a claim speaks of."""
    ranked = report.change.mediators
    name = claimed_mediator(ranked) if ranked else None
    standing = ranked.of(name) if ranked and name else None
    return standing.to_dict() if standing else None


def claim_rows(claims: Claims | None) -> list[dict[str, Any]]:
    """Return every row of an argument with what made it."""
    rows = claims.rows if claims else ()
    values = _with(rows, add_to_row)
    return [value | {"inside": explained(row)} for value, row in zip(values, rows, strict=True)]


def _change(change: ChangeOverview, case: Case) -> dict[str, Any]:
    value = change.to_dict()
    add_to_change(value, change, case)
    return value


def _with(results: Sequence[Any], add: Callable[[dict[str, Any], Any], None]) -> list[dict[str, Any]]:
    """Return results as plain values, each with its sentences."""
    values = [result.to_dict() for result in results]
    for value, result in zip(values, results, strict=True):
        add(value, result)
    return values


def _calibration(report: Report, *, narrow: bool = False) -> ChartType:
    import altair as alt

    says = _("How often an act happened, against the chance the model gave it, a day ahead, with 99 % bands.")
    more = _(
        "Grey: 99 % band. Dots: share of channel-days with an act. A point on the dashed line is a "
        "perfectly calibrated forecast."
    )
    panel = calibration_panel(report.calibration, narrow=narrow)
    title, wrap = _("Calibration: forecast and observed frequencies"), NARROW_WRAP if narrow else None
    return alt.hconcat(panel, **dress(report.run, title, more, says=says, wrap=wrap))


def question_rows(run: Run, asked: Sequence[QuestionResult]) -> list[QuestionRow]:
    """Return what the picture of questions shows of each, with the argument's word of probability where it has one."""
    said = words_said(run)
    return [_row(one, *said.get(one.answer.question.id, ("", None))) for one in asked]


def words_said(run: Run) -> dict[str, tuple[str, Word]]:
    """Return the argument's words of probability by question, each with what readers take them to mean."""
    return {
        claim.question: (claim.words, word_of(claim.read_as))
        for claim in run.case.argument.claims
        if claim.question and claim.words and claim.read_as
    }


def _row(asked: QuestionResult, said: str, meant: Word | None) -> QuestionRow:
    answer, spread = asked.answer, asked.spread
    chance, low, high = answer.probability, None, None
    if answer.only_bounds:
        chance, low, high = None, answer.low_all, answer.high_all
    elif estimated(spread):
        low, high = spread.low, spread.high
    base, recent = (_past(rate) for rate in asked.base_rates[:2])
    return QuestionRow(
        own(answer.question.text),
        chance,
        low,
        high,
        base[0],
        recent[0],
        word=own(said),
        word_low=meant.q25 if meant else None,
        word_high=meant.q75 if meant else None,
        outcome=word(answer.outcome.word),
        base_low=base[1],
        base_high=base[2],
        recent_low=recent[1],
        recent_high=recent[2],
    )


def _past(rate: BaseRate) -> tuple[float | None, float | None, float | None]:
    """Return the share of a base rate, or its bounds where these are farther apart than a mark of it is wide."""
    if rate.low is None or rate.high is None or rate.high - rate.low < WIDTH_OF_MARK:
        return rate.share, None, None
    return None, rate.low, rate.high
