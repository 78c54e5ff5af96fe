"""``detente unlock``: whether a mediator can restart talks, or the side that ended them has to move first."""

from __future__ import annotations

from typing import Annotated

import typer

from detente.cli.options import AsJson, Force, Only, Out, RunOptions, SimulationOptions, options
from detente.cli.output import progress_bars, show, write
from detente.cli.page_language import Lang, say_missing_letters
from detente.report.languages.argument_texts import written_in
from detente.report.text.console import written_text
from detente.report.text.unlock import text_of


@options
def unlock(
    case: SimulationOptions,
    run: Annotated[RunOptions, Only("as_of", "seed", "threads")],
    draws: Annotated[
        int, typer.Option(min=200, max=100_000, help="number of draws from the posterior")
    ] = 250,
    copies: Annotated[int, typer.Option(min=1, max=1000, help="futures for each draw")] = 8,
    beside: Annotated[
        bool, typer.Option("--beside/--no-beside", help="also test other days, lockers and doses")
    ] = True,
    out: Out = None,
    lang: Lang = "en",
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Test whether a mediator can restart talks, or whether the side that ended them has to move first."""
    from detente.base.outputs import check_folder
    from detente.report.pages.door import NAMES, write_door

    check_folder(out, NAMES, inputs=case.inputs(), force=force)
    loaded = case.load()
    from detente.studies.whatif import door_test as use

    with progress_bars() as tell:
        result = use.unlock(loaded, **run.given(), draws=draws, copies=copies, beside=beside, progress=tell)
    with written_in(lang, loaded.argument):
        written = [] if out is None else write_door(result, out, force=force)
    show(result, text_of, as_json=as_json)
    say_missing_letters(lang)
    if written and not as_json:
        write(f"\n{written_text(written)}")
