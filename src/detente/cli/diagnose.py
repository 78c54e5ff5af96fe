"""``detente diagnose``: whether what happened looks like what the model expected."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from detente.cli.options import AsJson, CaseOptions, Force, Only, Out, RunOptions, options
from detente.cli.output import progress_bars, show, write
from detente.cli.page_language import Lang, say_missing_letters
from detente.report.languages.argument_texts import written_in
from detente.report.text.console import written_text
from detente.report.text.diagnose import text_of


@options
def diagnose(
    case: CaseOptions,
    run: Annotated[RunOptions, Only("as_of", "seed", "threads")],
    out: Out = None,
    lang: Lang = "en",
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Check how well a fit describes its data: PIT, calibration, rootograms and posterior predictive checks."""
    from detente.base.outputs import check_folder
    from detente.report.pages.diagnose import NAMES, write_checks
    from detente.studies.diagnose import diagnose as use

    check_folder(out, NAMES, inputs=case.inputs(), force=force)
    loaded = case.load()
    with progress_bars() as tell:
        result = use.diagnose(loaded, **run.given(), progress=tell)
        written: list[Path] = []
        if out is not None:
            with written_in(lang, loaded.argument):
                written = write_checks(result, out, tell, force=force)
    show(result, text_of, as_json=as_json)
    say_missing_letters(lang)
    if written and not as_json:
        write(f"\n{written_text(written)}")
