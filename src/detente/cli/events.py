"""`detente events`: list, filter and count acts."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from detente.cli.options import Add, AddUntil, AsJson, Codebook, EventFile, Rivalry, SkipBad, day_of, pair_of
from detente.cli.output import write


def events(
    rivalry: Rivalry = None,
    file: EventFile = None,
    codebook: Codebook = None,
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
    until: Annotated[str | None, typer.Option(help="first day outside, YYYY-MM-DD")] = None,
    text: Annotated[str | None, typer.Option(help="words of the summary")] = None,
    by: Annotated[
        list[str] | None, typer.Option("--count", help="count by a column, or by year or month")
    ] = None,
    classes: Annotated[bool, typer.Option("--classes", help="count by source, target and class")] = False,
    limit: Annotated[int, typer.Option(min=1, help="rows to print")] = 100,
    skip_bad: SkipBad = False,
    add: Add = None,
    add_until: AddUntil = None,
    as_json: AsJson = False,
) -> None:
    """List, filter and count the acts of a chronicle."""
    from detente.lab import case
    from detente.report.text import events

    chronicle = case.load_chronicle(
        rivalry,
        events=file,
        codebook=codebook,
        skip_bad=skip_bad,
        add=tuple(add or ()),
        add_until=day_of(add_until),
    )
    chosen = case.choose_events(
        chronicle,
        since=since,
        until=until,
        source=source,
        target=target,
        between=pair_of(between, "--between") if between else None,
        class_=class_,
        action=action,
        mode=mode,
        issue=issue,
        text=text,
    )
    keys = ["source", "target", "class"] if classes else by
    table = chosen.count_by(*keys) if keys else chosen.events
    if keys:
        table = table.sort("acts", descending=True, maintain_order=True)
    if as_json:
        head = {
            "acts": chosen.acts,
            "window": [chosen.window.start.isoformat(), chosen.window.end.isoformat()],
        }
        rows = table.head(limit).to_dicts()
        write(
            json.dumps(
                head | {"digest": chronicle.digest, "rows": rows}, indent=2, ensure_ascii=False, default=str
            )
        )
        return
    write(events.text_of(chronicle, chosen, table, limit, counted=bool(keys)))
