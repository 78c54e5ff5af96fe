"""What ``detente backtest --questions`` does: past questions scored, printed and written as a page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from detente.cli.estimates import show_estimate
from detente.cli.output import progress_bars, show, write
from detente.cli.page_language import say_missing_letters
from detente.report.languages.argument_texts import written_in

if TYPE_CHECKING:
    from detente.base.workers import Workers
    from detente.cli.options import SimulationOptions


def score_questions(
    options: SimulationOptions,
    rivalry: str | None,
    threads: int,
    workers: Workers,
    *,
    out: Path | None,
    lang: str,
    force: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Score the past questions of the case that the options name, and print or write the result."""
    from detente.base.input_limits import limits_of
    from detente.base.outputs import check_folder
    from detente.cli.options import files_named
    from detente.report.pages.question_backtest import NAMES, write_question_backtest
    from detente.report.text.backtests.backtest_questions import text_of
    from detente.report.text.console import written_text

    named = files_named(rivalry, limits=limits_of(options.limits or ())) if rivalry else ()
    check_folder(out, NAMES, inputs=(*options.inputs(), *named), force=force)
    case = options.load(rivalry).as_reported()
    from detente.studies.scoring import questions as use

    if dry_run:
        show_estimate(use.questions_estimate(case, threads=threads), as_json=as_json)
        return
    with workers, progress_bars() as tell:
        result = use.backtest_questions(case, threads=workers, progress=tell)
        written: list[Path] = []
        if out is not None:
            with written_in(lang, case.argument):
                written = write_question_backtest(result, out, tell, force=force)
    show(result, text_of, as_json=as_json)
    say_missing_letters(lang)
    if written and not as_json:
        write(f"\n{written_text(written)}")
