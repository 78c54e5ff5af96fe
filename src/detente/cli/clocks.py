"""``detente clocks``: the evidence for an argument's half-lives."""

from __future__ import annotations

from typing import Annotated

from detente.cli.options import AsJson, CaseOptions, Only, Out, RunOptions, options
from detente.cli.output import check_folder, progress_bars, show, write
from detente.report.text.clocks import text_of


@options
def clocks(
    case: CaseOptions, run: Annotated[RunOptions, Only("as_of")], out: Out = None, as_json: AsJson = False
) -> None:
    """Compare half-lives on a grid by their evidence, and report how well each clock is identified."""
    from detente.lab.clocks import clocks_of

    check_folder(out)
    loaded = case.load()
    with progress_bars() as tell:
        result = clocks_of(loaded, **run.given(), progress=tell)
    written = []
    if out is not None:
        from detente.report.pages.clocks import write_profiles

        written = write_profiles(result, out)
    show(result, text_of, as_json=as_json)
    for path in () if as_json else written:
        write(f"written to {path}")
