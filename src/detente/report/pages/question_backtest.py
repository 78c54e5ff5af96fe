"""A backtest of questions as files: two pictures, an offline page and the numbers behind them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from detente.base.outputs import write_outputs
from detente.base.progress import Progress
from detente.report.pages.environment import page_of
from detente.report.pictures.question_backtest import PICTURES
from detente.report.pictures.render import picture_files
from detente.report.text.as_json import json_file, page_values, to_json
from detente.report.text.backtests.backtest_questions import bin_text, forecaster, skill_text, three, two
from detente.studies.scoring.question_backtest import QuestionBacktest

NAMES = (
    "questions.json",
    *(f"{name}.{ending}" for name in PICTURES for ending in ("svg", "png")),
    "index.html",
)
"""The files of a written backtest of questions, in the order in which they are made."""


def write_question_backtest(
    result: QuestionBacktest, out: Path, progress: Progress | None = None, *, force: bool = False
) -> list[Path]:
    """Write the numbers, the pictures and the page of a backtest of questions into a folder, all of them or none.

    Parameters
    ----------
    result : QuestionBacktest
    out : path
        Made if it does not exist.
    progress : callable, optional
        Called with ("report", files made, files in all).
    force : bool
        Whether files that Détente did not write may be replaced; those that the result was made from never are.

    Returns
    -------
    list of Path

    Raises
    ------
    OutputError
        If `out` cannot be written.
    """
    return write_outputs(
        _contents(result), NAMES, Path(out), inputs=result.inputs, force=force, progress=progress
    )


def _contents(result: QuestionBacktest) -> Iterator[tuple[str, bytes]]:
    yield "questions.json", json_file(to_json(result))
    svgs: dict[str, str] = {}
    yield from picture_files(PICTURES, page_values(result), svgs=svgs)
    yield "index.html", render_question_page(result, svgs).encode()


def render_question_page(result: QuestionBacktest, svgs: dict[str, str]) -> str:
    """Return the page of a backtest of questions as HTML that needs no network."""
    value = page_values(result)
    return page_of(
        "questions.html.j2",
        svgs,
        value=value,
        bin_text=bin_text,
        forecaster=lambda name: forecaster(name, value),
        skill=skill_text,
        three=three,
        two=two,
    )
