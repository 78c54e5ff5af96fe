"""``detente backtest``: an argument, or a model of many pairs, scored on the past."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from detente.base.errors import ArgumentError, Fault
from detente.cli.backtest_pairs import pairs_backtest
from detente.cli.backtest_questions import score_questions
from detente.cli.cluster_option import Cluster, workers_given
from detente.cli.estimates import show_estimate
from detente.cli.options import (
    AsJson,
    DryRun,
    Force,
    Only,
    RunOptions,
    SimulationOptions,
    cache_of,
    day_of,
    options,
    refuse_over_pairs,
)
from detente.cli.output import progress_bars, show, write
from detente.cli.page_language import Lang
from detente.report.text.backtests.backtest import text_of

HORIZONS = "1,7,30"
_MANY = "Many pairs of a file"


@options
def backtest(
    rivalry: Annotated[
        str | None, typer.Argument(help="a named rivalry, such as us-iran, or an event file of many pairs")
    ] = None,
    *,
    case: SimulationOptions,
    robustness: Annotated[
        bool, typer.Option("--robustness", help="repeat the main table with other choices; takes minutes")
    ] = False,
    questions: Annotated[
        bool,
        typer.Option(
            "--questions", help="score answers to questions asked on past days, compared with base rates"
        ),
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="with --questions: folder for the page and its pictures"),
    ] = None,
    lang: Lang = "en",
    force: Force = False,
    pairs: Annotated[
        int | None, typer.Option(min=1, max=5000, help="number of pairs [200]", rich_help_panel=_MANY)
    ] = None,
    train_share: Annotated[
        float | None,
        typer.Option(min=0.1, max=0.95, help="share of the days to fit on [0.7]", rich_help_panel=_MANY),
    ] = None,
    horizons: Annotated[
        str | None, typer.Option(help=f"days ahead, with commas [{HORIZONS}]", rich_help_panel=_MANY)
    ] = None,
    states: Annotated[
        bool,
        typer.Option(
            "--states", help="an actor is the first three letters of its code", rich_help_panel=_MANY
        ),
    ] = False,
    quick: Annotated[
        bool, typer.Option("--quick", help="no ablations and no LightGBM", rich_help_panel=_MANY)
    ] = False,
    run: Annotated[RunOptions, Only("threads")],
    cluster: Cluster = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Score an argument, or a model of all pairs of an event file, on the past, compared with simple forecasts."""
    workers = workers_given(run.threads, cluster)
    if rivalry is not None and rivalry.lower().endswith((".csv", ".csv.gz", ".gz", ".parquet")):
        refuse_over_pairs(
            "leave_out_or_events",
            argument=case.argument,
            events=case.events,
            principals=case.principals,
            add=case.add,
            add_until=case.add_until,
            allow_unstable=case.allow_unstable,
            robustness=robustness,
            questions=questions,
            out=out,
            lang=None if lang == "en" else lang,
            dry_run=dry_run,
        )
        text = pairs_backtest(
            rivalry,
            pairs=200 if pairs is None else pairs,
            train_share=0.7 if train_share is None else train_share,
            horizons=horizons or HORIZONS,
            codebook=case.codebook,
            states=states,
            skip_bad=case.skip_bad,
            vintage=day_of(case.vintage, "vintage"),
            cache=cache_of(case.cache, case.no_cache),
            limits=case.limits,
            quick=quick,
            workers=workers,
            as_json=as_json,
        )
        write(text)
        return
    over_pairs = {"pairs": pairs, "train_share": train_share, "horizons": horizons}
    over_pairs |= {"states": states or None, "quick": quick or None}
    if given := [name for name, value in over_pairs.items() if value is not None]:
        hint = "event_file_first"
        raise ArgumentError(*(Fault("needs_event_file", name, got=rivalry, hint=hint) for name in given))
    if dry_run and cluster is not None:
        raise ArgumentError(Fault("cannot_combine", "dry_run", other="cluster"))
    if questions:
        if robustness:
            raise ArgumentError(Fault("cannot_combine", "questions", other="robustness"))
        score_questions(
            case,
            rivalry,
            run.threads,
            workers,
            out=out,
            lang=lang,
            force=force,
            dry_run=dry_run,
            as_json=as_json,
        )
        return
    if out is not None:
        raise ArgumentError(Fault("only_with", "out", got=str(out), other="questions"))
    if lang != "en":
        raise ArgumentError(Fault("only_with", "lang", got=lang, other="questions"))
    from detente.studies.scoring.backtest import backtest as use

    loaded = case.load(rivalry).as_reported()
    if dry_run:
        from detente.studies.scoring.estimate import backtest_estimate

        if robustness:
            raise ArgumentError(Fault("cannot_combine", "dry_run", other="robustness"))
        show_estimate(backtest_estimate(loaded, threads=run.threads), as_json=as_json)
        return
    with workers, progress_bars() as tell:
        result = use(loaded, robustness=robustness, threads=workers, progress=tell)
    show(result, text_of, as_json=as_json)
