"""``detente mediators``: third parties ranked as mediators."""

from __future__ import annotations

from typing import Annotated

import typer

from detente.cli.options import AsJson, CaseOptions, Force, Only, Out, RunOptions, options
from detente.cli.output import show, write
from detente.cli.page_language import Lang, say_missing_letters
from detente.report.languages.argument_texts import written_in
from detente.report.text.console import written_text
from detente.report.text.mediators import text_of


@options
def mediators(
    case: CaseOptions,
    run: Annotated[RunOptions, Only("as_of", "seed")],
    draws: Annotated[
        int, typer.Option(min=100, max=1_000_000, help="number of draws for each interval")
    ] = 2000,
    out: Out = None,
    lang: Lang = "en",
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Rank third parties by how friendly and balanced their ties with both sides are, and by past mediation."""
    from detente.base.outputs import check_folder
    from detente.report.pages.mediators import NAMES, write_mediators
    from detente.studies.whatif import mediators as use

    check_folder(out, NAMES, inputs=case.inputs(), force=force)
    result = use.mediators(case.load(), **run.given(), draws=draws)
    with written_in(lang, result.case.argument):
        written = [] if out is None else write_mediators(result, out, force=force)
    show(result, text_of, as_json=as_json)
    say_missing_letters(lang)
    if written and not as_json:
        write(f"\n{written_text(written)}")
