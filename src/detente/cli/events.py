"""`detente events`: list, filter and count acts."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from detente.base.input_limits import limits_of
from detente.cli.options import AsJson, CaseOptions, Only, day_of, options, pair_of
from detente.cli.output import write


@options
def events(
    case: Annotated[
        CaseOptions, Only("rivalry", "events", "codebook", "skip_bad", "add", "add_until", "limits")
    ],
    source: Annotated[list[str] | None, typer.Option(help="actor code; may be repeated")] = None,
    target: Annotated[list[str] | None, typer.Option(help="actor code; may be repeated")] = None,
    between: Annotated[
        str | None, typer.Option(help="two actors in either direction, such as USA,IRN")
    ] = None,
    class_: Annotated[
        list[str] | None, typer.Option("--class", help="class of acts; may be repeated")
    ] = None,
    action: Annotated[list[str] | None, typer.Option(help="action; may be repeated")] = None,
    mode: Annotated[list[str] | None, typer.Option(help="mode; may be repeated")] = None,
    issue: Annotated[list[str] | None, typer.Option(help="issue; may be repeated")] = None,
    since: Annotated[str | None, typer.Option(help="first day, YYYY-MM-DD")] = None,
    until: Annotated[str | None, typer.Option(help="first day no longer included, YYYY-MM-DD")] = None,
    text: Annotated[str | None, typer.Option(help="words in the summary")] = None,
    by: Annotated[
        list[str] | None, typer.Option("--count", help="count by a column, or by year or month")
    ] = None,
    classes: Annotated[bool, typer.Option("--classes", help="count by source, target and class")] = False,
    limit: Annotated[int, typer.Option(min=1, help="rows to print")] = 100,
    as_json: AsJson = False,
) -> None:
    """List, filter and count the acts of a chronicle."""
    from detente.events.counts import ordered_counts
    from detente.lab.case import choose_events, load_chronicle
    from detente.report.text.actors import names_in
    from detente.report.text.events import text_of

    chronicle = load_chronicle(
        case.rivalry,
        events=case.events,
        codebook=case.codebook,
        skip_bad=case.skip_bad,
        add=tuple(case.add or ()),
        add_until=day_of(case.add_until, "add_until"),
        limits=limits_of(case.limits or ()),
    )
    chosen = choose_events(
        chronicle,
        since=since,
        until=until,
        source=source,
        target=target,
        between=pair_of(between, "between") if between else None,
        class_=class_,
        action=action,
        mode=mode,
        issue=issue,
        text=text,
    )
    keys = ["source", "target", "class"] if classes else by
    table = ordered_counts(chosen, *keys) if keys else chosen.events
    if as_json:
        head = {
            "acts": chosen.acts,
            "window": [chosen.window.start.isoformat(), chosen.window.end.isoformat()],
        }
        rows = table.head(limit).to_dicts()
        write(
            json.dumps(
                head | {"data": {"digest": chronicle.digest}, "rows": rows},
                indent=2,
                ensure_ascii=False,
                default=str,
            )
        )
        return
    write(text_of(chronicle, chosen, table, limit, counted=bool(keys), names=names_in(case.rivalry)))
