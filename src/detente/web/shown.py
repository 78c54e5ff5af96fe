"""What a page shows: the result of the use case that the command of its name calls, with its pictures.

A result is kept as plain values, the object that ``--json`` prints among them, and not as the run behind it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from detente.base.progress import Progress
from detente.base.workers import Workers
from detente.lab.ask import ask
from detente.lab.case import Case
from detente.lab.head import head_of
from detente.lab.phases import phases_of, phases_of_run
from detente.lab.run import run
from detente.lab.run_result import Run
from detente.questions.statuses import MODELLED
from detente.report.pages.analogues import analogues_context
from detente.report.pages.article_related import analogue_groups
from detente.report.pages.bargain import PICTURES as BARGAIN_PICTURES
from detente.report.pages.bargain import bargain_context
from detente.report.pages.diagnose import checks_context
from detente.report.pages.door import door_context
from detente.report.pages.mediators import claimed_mediator, mediators_context
from detente.report.pages.report import claim_rows, question_rows
from detente.report.pages.run import page_context
from detente.report.pictures.amount import amount_chart
from detente.report.pictures.bargain import drawn
from detente.report.pictures.changes import changes_chart
from detente.report.pictures.claims import claims_chart
from detente.report.pictures.diagnose import PICTURES as CHECK_PICTURES
from detente.report.pictures.door import door_chart
from detente.report.pictures.fans import fans_chart
from detente.report.pictures.mediators import mediators_chart
from detente.report.pictures.moments import moments_chart
from detente.report.pictures.phases import phases_chart
from detente.report.pictures.questions import questions_chart
from detente.report.pictures.render import PHONE, render_all
from detente.report.pictures.rivals import rivals_chart
from detente.report.pictures.timeline import timeline_chart
from detente.report.text.answers.amounts import amount_bars
from detente.report.text.answers.phases import cold_text
from detente.report.text.as_json import page_values, to_json
from detente.report.text.check import read_texts
from detente.report.text.claims import explained, false_text
from detente.report.text.whatif import changes_of, units_text
from detente.studies.analogues.related import analogues
from detente.studies.bargain.bargain import bargain_of
from detente.studies.claims.claims import claims
from detente.studies.diagnose.diagnose import diagnose
from detente.studies.exercise.exercise import exercise
from detente.studies.overview import report_on
from detente.studies.scoring.compare import compare
from detente.studies.whatif.door_test import unlock
from detente.studies.whatif.mediators import mediators
from detente.studies.whatif.whatif import whatif
from detente.web.requested import Requested

if TYPE_CHECKING:
    from altair.typing import ChartType

Charts = dict[str, Callable[[], "ChartType"]]


@dataclass(frozen=True)
class Shown:
    """What was found for a page.

    Attributes
    ----------
    value : dict
        What the command of this name prints with ``--json``; the API returns it as it is.
    svgs : dict of str to str
        Pictures by name, those for a telephone with `PHONE` behind it.
    texts : dict of str to str
        Vega-Lite text of the wide ones, from which a browser that runs scripts draws them again.
    more : dict
        What else the template reads.
    """

    value: dict[str, Any]
    svgs: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)


Raw = tuple[dict[str, Any], Charts, dict[str, Any]]


def shown_of(case: Case, requested: Requested, tell: Progress, workers: Workers | None = None) -> Shown:
    """Compute what a page was asked for, and draw its pictures.

    Parameters
    ----------
    case : Case
    requested : Requested
    tell : callable
        Called with (stage, done, total).
    workers : Workers, optional
        Processes that draw; else the pictures are drawn here.

    Raises
    ------
    DetenteError
        As the use case does.
    """
    value, charts, more = STUDIES[requested.study].find(case, requested, tell)
    svgs: dict[str, str] = {}
    texts: list[str] = []
    drawings = render_all(((chart, False) for chart in charts.values()), workers, texts)
    for done, (name, (svg, _)) in enumerate(zip(charts, drawings, strict=True), 1):
        svgs[name] = svg
        tell("pictures", done, len(charts))
    live = {name: text for name, text in zip(charts, texts, strict=True) if not name.endswith(PHONE)}
    return Shown(value, svgs, live, more)


def _ask(case: Case, requested: Requested, tell: Progress) -> Raw:
    result = ask(case, *requested.lines, **requested.given, progress=tell)
    chances = [asked for asked in result.asked if asked.answer.question.amount is None]
    charts: Charts = {}
    if chances:
        charts = _both("questions", questions_chart, result.run, question_rows(result.run, chances))
    for number, asked in enumerate(result.asked):
        if asked.answer.distribution is not None and asked.answer.status == MODELLED:
            charts |= _both(f"amount-{number}", amount_chart, result.run, asked)
    return page_values(result), charts, {"amounts": amount_bars(page_values(result)["questions"])}


def _claims(case: Case, requested: Requested, tell: Progress) -> Raw:
    result = claims(case, **requested.given, only=requested.lines, progress=tell)
    charts: Charts = {}
    if any(row.judgement for row in result.rows):
        charts = _both("claims", claims_chart, None, result)
    value = page_values(result) | ({"explained": explained(result.rows[0])} if requested.lines else {})
    return value, charts, {"claims": claim_rows(result), "false_told": false_text(result)}


def _levers(case: Case, requested: Requested, tell: Progress) -> Raw:
    result = whatif(case, requested.lines, **requested.given, progress=tell)
    charts = {} if result.inert else _both("changes", changes_chart, result)
    return page_values(result), charts, {"changes": changes_of(result), "units": units_text()}


def _futures(case: Case, requested: Requested, tell: Progress) -> Raw:
    result = run(case, **requested.given, progress=tell)
    charts = _both("fans", fans_chart, result)
    charts |= _both("phases", phases_chart, result, phases_of(case), phases_of_run(result))
    context = page_context(result)
    more: dict[str, Any] = {n: context[n] for n in ("result", "covered", "spelled", "bottom_line", "amounts")}
    if requested.lines:
        more["story"] = _story(case, requested.lines[0], result)
    return page_values(result), charts, more


def _story(case: Case, pick: str, result: Run) -> dict[str, Any]:
    """Return one of a run's futures as `detente exercise` writes it, by day."""
    futures = result.futures
    given: dict[str, Any] = {"as_of": result.as_of, "futures": futures.count, "seed": futures.seed}
    told = page_values(exercise(case, pick, days=futures.window.days, **given))
    days: dict[str, list[dict[str, Any]]] = {}
    for inject in told["injects"]:
        days.setdefault(inject["date"], []).append(inject)
    return {"pick": pick, "told": told, "days": days}


def _compare(case: Case, requested: Requested, tell: Progress) -> Raw:
    names = [case.argument.argument, *requested.lines]
    result = compare(None, names, case=case, **requested.given, progress=tell)
    asked = [answer.question for answer in result.runs[0].answers if answer.probability is not None]
    charts = _both("rivals", rivals_chart, result) if asked else {}
    return page_values(result), charts, {}


def _checks(case: Case, requested: Requested, tell: Progress) -> Raw:
    result = diagnose(case, **requested.given, progress=tell)
    charts: Charts = {}
    for name, draw in CHECK_PICTURES.items():
        charts |= _both(name, draw, result)
    context = checks_context(result)
    return context.pop("value"), charts, context | {"read": read_texts(case)}


def _timeline(case: Case, requested: Requested, tell: Progress) -> Raw:
    result, history = run(case, **requested.given, progress=tell), phases_of(case)
    value = head_of(case) | page_values(history)
    return (
        value,
        _both("timeline", timeline_chart, result),
        {"cautions": page_values(result).get("cautions", []), "cold": cold_text(history)},
    )


def _bargain(case: Case, requested: Requested, tell: Progress) -> Raw:
    result = bargain_of(case.argument, **requested.given, progress=tell, limits=case.limits)
    context, more = bargain_context(result), drawn(result)
    value = context.pop("value")
    charts: Charts = {}
    for name, draw in BARGAIN_PICTURES.items():
        charts |= _both(name, draw, result, more)
    return value, charts, context


def _door(case: Case, requested: Requested, tell: Progress) -> Raw:
    result = unlock(case, **requested.given, progress=tell)
    context = door_context(result)
    return context.pop("value"), _both("door", door_chart, result), context


def _mediators(case: Case, requested: Requested, tell: Progress) -> Raw:
    result = mediators(case, **requested.given)
    context = mediators_context(result)
    charts = _both("mediators", mediators_chart, result, claimed_mediator(result))
    return context.pop("value"), charts, context


def _analogues(case: Case, requested: Requested, tell: Progress) -> Raw:
    result = analogues(case, **requested.given)
    context = analogues_context(result) | {"related": analogue_groups(result)}
    charts = _both("moments", moments_chart, result) if result.moments else {}
    return context.pop("value"), charts, context


def _report(case: Case, requested: Requested, tell: Progress) -> Raw:
    return to_json(report_on(case, **requested.given, progress=tell)), {}, {}


def _both(name: str, draw: Callable[..., ChartType], *what: Any) -> Charts:
    """Return a picture in its two shapes."""
    return {name: partial(draw, *what), name + PHONE: partial(draw, *what, narrow=True)}


@dataclass(frozen=True, slots=True)
class WebStudy:
    """A study that pages show, or programs ask for: the settings it takes, and what finds it."""

    settings: tuple[str, ...]
    find: Callable[[Case, Requested, Progress], Raw]


STUDIES: Mapping[str, WebStudy] = {
    "ask": WebStudy(("as_of", "futures", "seed"), _ask),
    "claims": WebStudy(("as_of", "futures", "seed"), _claims),
    "whatif": WebStudy(("as_of", "days", "futures", "seed"), _levers),
    "run": WebStudy(("as_of", "days", "futures", "seed"), _futures),
    "timeline": WebStudy(("as_of", "days", "futures", "seed"), _timeline),
    "compare": WebStudy(("as_of", "futures", "seed"), _compare),
    "diagnose": WebStudy(("as_of", "seed"), _checks),
    "bargain": WebStudy(("as_of", "seed"), _bargain),
    "unlock": WebStudy(("as_of", "seed"), _door),
    "mediators": WebStudy(("as_of", "seed"), _mediators),
    "analogues": WebStudy(("as_of",), _analogues),
    "report": WebStudy(("as_of", "days", "futures", "seed"), _report),  # for programs alone, without pictures
}
"""Studies by name, which is that of the command."""
