"""``detente evidence``: an argument's claims tested on other rivalries."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from detente.cli.options import AsJson, CacheFolder, Force, LimitSettings, NoCache, Out, cache_of, pair_of
from detente.cli.output import progress_bars, show, write
from detente.cli.page_language import Lang, say_missing_letters
from detente.report.languages.argument_texts import written_in
from detente.report.text.console import written_text
from detente.report.text.evidence.evidence import evidence_row_text, text_of


def evidence(
    argument: Annotated[
        str | None,
        typer.Argument(
            help="an argument whose own rows are tested as well: its YAML file, or a named rivalry"
        ),
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option(
            help="folder of the source files, to compute everything again; default: the program's own table"
        ),
    ] = None,
    row: Annotated[list[str] | None, typer.Option(help="only this row; may be repeated")] = None,
    explain: Annotated[
        str | None, typer.Option(help="show one row in full: leads, lags, rivalries, and what it rests on")
    ] = None,
    without: Annotated[
        str | None,
        typer.Option(help="the pair to hold out, such as IND,PAK; default: the argument's principals"),
    ] = None,
    permutations: Annotated[
        int | None,
        typer.Option(min=20, max=100_000, help="number of permutations of labels; default: the protocol's"),
    ] = None,
    seed: Annotated[
        int | None, typer.Option(min=0, help="seed of the permutations; default: the protocol's")
    ] = None,
    out: Out = None,
    lang: Lang = "en",
    force: Force = False,
    limits: LimitSettings = None,
    cache: CacheFolder = None,
    no_cache: NoCache = False,
    as_json: AsJson = False,
) -> None:
    """Test claims on other rivalries, by an event study with a protocol fixed beforehand, and show reference rates."""
    from detente.base.input_limits import limits_of
    from detente.base.outputs import check_folder
    from detente.report.pages.evidence import NAMES, write_evidence
    from detente.studies.evidence import run

    check_folder(out, NAMES, inputs=(), force=force)
    with progress_bars() as tell:
        found = run.evidence(
            argument,
            data=data,
            only=[explain] if explain else row or [],
            without=() if without is None else pair_of(without, "without"),
            permutations=permutations,
            seed=seed,
            limits=limits_of(limits or ()),
            cache=cache_of(cache, no_cache),
            progress=tell,
        )
    with written_in(lang):
        written = write_evidence(found, out, force=force) if out is not None else []
    show(found, evidence_row_text if explain else text_of, as_json=as_json)
    say_missing_letters(lang)
    if written and not as_json:
        write(f"\n{written_text(written)}")
