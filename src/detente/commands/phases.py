"""The command that prints the phases of a rivalry."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from detente.commands.common import (
    Add,
    AddUntil,
    ArgumentName,
    AsJson,
    Codebook,
    EventFile,
    Principals,
    Rivalry,
    SkipBad,
    case_of,
    write,
)

if TYPE_CHECKING:
    from detente.phase_history import Period, PhaseHistory

_SHOWN_ACTS = 6


def phases(
    rivalry: Rivalry = None,
    argument: ArgumentName = None,
    events: EventFile = None,
    codebook: Codebook = None,
    principals: Principals = None,
    since: Annotated[str | None, typer.Option(help="first day, YYYY-MM-DD")] = None,
    until: Annotated[str | None, typer.Option(help="first day outside, YYYY-MM-DD")] = None,
    skip_bad: SkipBad = False,
    add: Add = None,
    add_until: AddUntil = None,
    as_json: AsJson = False,
) -> None:
    """List the periods of each phase and of talks, with the acts that opened them."""
    from detente import lab
    from detente.timeline import parse_day

    case = case_of(rivalry, argument, events, codebook, principals, skip_bad, add, add_until)
    history = lab.phases_of(
        case,
        since=parse_day(since, what="--since") if since is not None else None,
        until=parse_day(until, what="--until") if until is not None else None,
    )
    if as_json:
        head = {"rivalry": case.rivalry, "argument": case.argument.argument, "digest": case.chronicle.digest}
        write(json.dumps(head | history.to_dict(), indent=2, ensure_ascii=False))
        return
    write(_text(case.rivalry, case.argument.argument, history))


def _text(rivalry: str, argument: str, history: PhaseHistory) -> str:
    value = history.to_dict()["share_of_days"]
    told = ", ".join(f"{kind} {share:.1%}" for kind, share in value.items())
    lines = [f"{rivalry}, argument {argument}, {history.window}: share of days {told}.", "", "Phases"]
    lines += [line for period in history.periods for line in _period(period)]
    lines += ["", "Talks"]
    lines += [line for period in history.talk_periods for line in _period(period)] or ["  none"]
    lines += ["", "The rule is in docs/phases.md; it was tuned on the periods it is checked on."]
    return "\n".join(lines)


def _period(period: Period) -> list[str]:
    window = period.window
    last = window.day(window.days - 1)
    unit = "day" if window.days == 1 else "days"
    tail = ", and going on" if period.ongoing else ""
    lines = [
        f"  {window.start.isoformat()} to {last.isoformat()}  {period.kind}, {window.days:,} {unit}{tail}"
    ]
    if period.because:
        lines.append(f"      declared: {period.because}")
    for act in period.opened_by[-_SHOWN_ACTS:]:
        mode = f" {act['mode']}" if act["mode"] else ""
        summary = f": {act['summary']}" if act["summary"] else ""
        lines.append(
            f"      {act['date'].isoformat()} {act['source']} -> {act['target']} {act['action']}{mode}{summary}"
        )
    return lines
