"""``detente claims``: every claim of an argument with its numbers and a verdict; ``--explain`` opens one."""

from __future__ import annotations

from typing import Annotated

import typer

from detente.base.errors import ArgumentError, Fault
from detente.cli.claims_pairs import over_pairs
from detente.cli.cluster_option import Cluster
from detente.cli.estimates import show_estimate
from detente.cli.options import (
    AsJson,
    DryRun,
    Only,
    RunOptions,
    SimulationOptions,
    options,
    refuse_over_pairs,
)
from detente.cli.output import progress_bars, show_text, write
from detente.report.text.as_json import json_text, to_json
from detente.report.text.claims import explained, row_text, text_of
from detente.report.text.first_line import first_lines


@options
def claims(
    case: SimulationOptions,
    run: Annotated[RunOptions, Only("as_of", "futures", "seed", "threads")],
    explain: Annotated[
        str | None,
        typer.Option(help="show one claim in full: its terms, variants, episodes and acts with citations"),
    ] = None,
    pairs: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=100_000,
            help="judge this many of the busiest pairs of --events, each alone and all together",
        ),
    ] = None,
    cluster: Cluster = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Judge every claim of an argument: what the events say of it, with a number and an interval."""
    if pairs is not None:
        refuse_over_pairs(
            "leave_out",
            rivalry=case.rivalry,
            principals=case.principals,
            add=case.add,
            add_until=case.add_until,
            allow_unstable=case.allow_unstable,
            futures=run.futures,
            seed=run.seed,
            explain=explain,
            dry_run=dry_run,
            cache=case.cache,
            no_cache=case.no_cache,
        )
        over_pairs(pairs, case, run, cluster, as_json=as_json)
        return
    if cluster is not None:
        raise ArgumentError(Fault("only_with", "cluster", got=cluster, other="pairs"))
    loaded = case.load()
    if dry_run:
        from detente.studies.claims.estimate import claims_estimate

        if explain is not None:
            raise ArgumentError(Fault("cannot_combine", "dry_run", other="explain"))
        show_estimate(claims_estimate(loaded, **run.given()), as_json=as_json)
        return
    run.refuse_too_many(loaded)
    from detente.studies.claims import claims as use

    with progress_bars() as tell:
        result = use.claims(
            loaded,
            **run.given(),
            only=[explain] if explain else [],
            progress=tell,
        )
    if as_json:
        value = to_json(result) | ({"explained": explained(result.rows[0])} if explain else {})
        write(json_text(value))
    else:
        text = row_text(result.rows[0]) if explain else text_of(result)
        show_text(first_lines(result.cautions) + text)
