"""``detente clocks``: the evidence for an argument's half-lives."""

from __future__ import annotations

from typing import Annotated

from detente.cli.options import AsJson, CaseOptions, Force, Only, Out, RunOptions, options
from detente.cli.output import progress_bars, show, write
from detente.report.text.clocks import text_of
from detente.report.text.console import written_text


@options
def clocks(
    case: CaseOptions,
    run: Annotated[RunOptions, Only("as_of")],
    out: Out = None,
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
    written = []
    if out is not None:
        written = write_profiles(result, out, force=force)
    show(result, text_of, as_json=as_json)
    if written and not as_json:
        write(f"\n{written_text(written)}")
