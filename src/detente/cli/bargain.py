"""``detente bargain``: how likely a zone of possible agreement is, and which demands close it."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from detente.base.input_limits import limits_of
from detente.cli.drawing import start_drawing
from detente.cli.options import AsJson, CaseOptions, Force, Only, Out, RunOptions, options
from detente.cli.output import progress_bars, show, write
from detente.cli.page_language import Lang, say_missing_letters
from detente.report.languages.argument_texts import written_in
from detente.report.text.bargain import facts_text, spans_to_json, text_of, with_events
from detente.report.text.console import written_text


@options
def bargain(
    case: CaseOptions,
    run: Annotated[RunOptions, Only("as_of", "seed")],
    lever: Annotated[
        list[str] | None,
        typer.Option(help="a lever declared in the argument's block bargain; may be repeated"),
    ] = None,
    draws: Annotated[
        int | None, typer.Option(min=2, max=1_000_000, help="number of draws from the declared ranges")
    ] = None,
    out: Out = None,
    lang: Lang = "en",
    force: Force = False,
    by_date: Annotated[
        bool,
        typer.Option(
            "--by-date", help="print the probability by date as facts for the mechanism zone, and stop"
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Estimate how likely a zone of possible agreement is, which demands close it, and who can open it."""
    from detente.studies.bargain import bargain as use
    from detente.studies.bargain import openings

    if out is not None:
        from detente.base.outputs import check_folder
        from detente.report.pages.bargain import NAMES, write_bargain

        check_folder(out, NAMES, inputs=case.inputs(), force=force)
        workers = start_drawing()
    given = run.given()
    declared, limits = case.load_declared(), limits_of(case.limits or ())
    argument, chronicle = declared.argument, declared.chronicle
    if by_date:
        as_of = given["as_of"] or argument.run.as_of
        dated = argument.model_copy(update={"run": argument.run.model_copy(update={"as_of": as_of})})
        spans = openings.openings(dated, draws=draws, seed=run.seed, limits=limits)
        write(json.dumps(spans_to_json(spans), indent=2) if as_json else facts_text(dated, spans))
        return
    with progress_bars() as tell:
        result = use.bargain_of(
            argument, **given, draws=draws, levers=lever or (), progress=tell, limits=limits
        )
        written = []
        if out is not None:
            with written_in(lang, argument):
                written = write_bargain(result, out, progress=tell, force=force, workers=workers)
    show(result, lambda found: with_events(text_of(found), chronicle), as_json=as_json, beside=chronicle)
    say_missing_letters(lang)
    if written and not as_json:
        write(f"\n{written_text(written)}")
