"""``detente clocks``: the evidence for an argument's half-lives."""

from __future__ import annotations

from typing import Annotated

from detente.cli.options import AsJson, CaseOptions, Force, Only, Out, RunOptions, options
from detente.cli.output import progress_bars, show, write
from detente.cli.page_language import Lang, say_missing_letters
from detente.report.languages.argument_texts import written_in
from detente.report.text.clocks import text_of
from detente.report.text.console import written_text


@options
def clocks(
    case: CaseOptions,
    run: Annotated[RunOptions, Only("as_of")],
    out: Out = None,
    lang: Lang = "en",
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Compare half-lives on a grid by their evidence, and report how well each clock is identified."""
    from detente.base.outputs import check_folder
    from detente.lab.clocks import clocks_of
    from detente.report.pages.clocks import NAMES, write_profiles

    check_folder(out, NAMES, inputs=case.inputs(), force=force)
    loaded = case.load()
    with progress_bars() as tell:
        result = clocks_of(loaded, **run.given(), progress=tell)
    with written_in(lang, loaded.argument):
        written = [] if out is None else write_profiles(result, out, force=force)
    show(result, text_of, as_json=as_json)
    say_missing_letters(lang)
    if written and not as_json:
        write(f"\n{written_text(written)}")
