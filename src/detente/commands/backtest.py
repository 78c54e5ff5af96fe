"""``detente backtest``: what an argument would have said at fixed days of the past, beside plain baselines."""

from __future__ import annotations

import json
from pathlib import Path
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
    SkipBad,
    Threads,
    case_of,
    progress_bars,
    write,
)
from detente.commands.skill import pairs_backtest
from detente.errors import ArgumentError, Fault

if TYPE_CHECKING:
    from detente.backtest import Backtest


RivalryOrFile = Annotated[
    str | None, typer.Argument(help="a named rivalry, such as us-iran, or an event file of many pairs")
]
HORIZONS = "1,7,30"


def backtest(
    rivalry: RivalryOrFile = None,
    argument: ArgumentName = None,
    events: EventFile = None,
    codebook: Codebook = None,
    principals: Principals = None,
    robustness: Annotated[
        bool, typer.Option("--robustness", help="the headline table again under other choices; takes minutes")
    ] = False,
    cache: Annotated[
        Path | None, typer.Option(help="folder of kept results; the platform's user cache if absent")
    ] = None,
    pairs: Annotated[
        int | None, typer.Option(min=1, max=5000, help="many pairs: how many, both directions of each [200]")
    ] = None,
    train_share: Annotated[
        float | None, typer.Option(min=0.1, max=0.95, help="many pairs: share of the days to fit on [0.7]")
    ] = None,
    horizons: Annotated[
        str | None, typer.Option(help=f"many pairs: days ahead, with commas [{HORIZONS}]")
    ] = None,
    states: Annotated[
        bool, typer.Option("--states", help="many pairs: an actor is the first three letters of its code")
    ] = False,
    quick: Annotated[bool, typer.Option("--quick", help="many pairs: no ablations and no LightGBM")] = False,
    threads: Threads = 0,
    skip_bad: SkipBad = False,
    add: Add = None,
    add_until: AddUntil = None,
    as_json: AsJson = False,
) -> None:
    """Score an argument, or with an event file a model of all its pairs, on the past beside plain baselines."""
    if rivalry is not None and rivalry.lower().endswith((".csv", ".csv.gz", ".gz", ".parquet")):
        _only_pairs(argument, events, principals, add)
        shown = pairs_backtest(
            rivalry,
            pairs=200 if pairs is None else pairs,
            train_share=0.7 if train_share is None else train_share,
            horizons=horizons or HORIZONS,
            codebook=codebook,
            states=states,
            skip_bad=skip_bad,
            quick=quick,
            threads=threads,
            as_json=as_json,
        )
        write(shown)
        return
    if pairs is not None or train_share is not None or horizons is not None or states or quick:
        hint = "Try detente backtest EVENTS.csv --pairs 200."
        raise ArgumentError(Fault("--pairs and its like", "need an event file first", rivalry, hint=hint))
    from detente import backtest as core
    from detente._cache import user_cache

    case = case_of(rivalry, argument, events, codebook, principals, skip_bad, add, add_until)
    name = rivalry if events is None else None
    with progress_bars() as tell:
        found = core.backtest(
            name,
            case.argument,
            case.chronicle,
            robustness=robustness,
            cache=cache or user_cache(),
            threads=threads,
            progress=tell,
        )
    if as_json:
        digest = {"rivalry": case.rivalry, "data": {"digest": case.chronicle.digest}}
        write(json.dumps(digest | found.to_dict(), indent=2, ensure_ascii=False))
        return
    for line in lines_of(found):
        write(line)


def _only_pairs(*given: object) -> None:
    """Refuse options that speak of one rivalry beside an event file of many pairs."""
    if any(given):
        constraint = "speak of one rivalry, not of all pairs of a file"
        hint = "Leave them out, or give the file as --events."
        raise ArgumentError(Fault("--argument, --events, --principals and --add", constraint, hint=hint))


def lines_of(found: Backtest) -> list[str]:
    """Return the backtest as lines of text."""
    value = found.to_dict()
    told, fans = value["protocol"], value["fans"]
    out = [f"Argument {value['argument']}. Dates: {told['dates']}.", ""]
    counted = [w for w in fans["windows"] if not w["apart"]]
    if fans["windows"]:
        out.append(
            f"Fans: {len(counted)} two-year windows that count, {fans['intervals']} intervals of "
            f"{told['interval']:.0%}, {told['futures']:,} futures from seed {told['seed']}."
        )
        out.append(f"  {'model':<24}{'coverage':>10}{'interval score':>16}")
        out += [
            f"  {m['name']:<24}{m['coverage']:>10.1%}{m['interval_score']:>16.2f}"
            for m in (fans["by_model"] if counted else ())
        ]
        out.append("  window by window, coverage and interval score of the argument:")
        for w in fans["windows"]:
            own = w["by_model"][0]
            row = f"  {w['start']} to {w['end']}{own['coverage']:>8.0%}{own['interval_score']:>10.1f}"
            out.append(f"{row}  {w['apart']}".rstrip())
        out.append("")
    quarters = f"{len(told['origins'])} quarter{'s' * (len(told['origins']) > 1)}"
    out.append(f"Rolling origin: {quarters}, {told['origins'][0]} to {told['end']}, {told['densities']}.")
    out.append(f"  {'model':<24}{'log score a quarter':>20}   (higher is better)")
    out += [f"  {m['name']:<24}{m['log_score']:>20.3f}" for m in value["models"]]
    out.append(
        "  difference, nats a quarter, with its 90 % block-bootstrap interval (above 0: the argument is better)"
    )
    for row in value["differences"]:
        out.append(
            f"  against {row['against']:<24}{row['mean']:>+8.3f}  {row['low']:+.3f} to {row['high']:+.3f}"
        )
        for part, when in (("before_split", "before"), ("after_split", "from")):
            if part in row:
                r = row[part]
                which = f"{r['quarters']} quarters {when} {told['split']}"
                out.append(f"    {which:<28}{r['mean']:>+8.3f}  {r['low']:+.3f} to {r['high']:+.3f}")
    out += ["", "Bars:"]
    out += [f"  {'met   ' if b['met'] else 'MISSED'}  {b['asked']}: {b['got']}" for b in value["bars"]]
    if value["robustness"]:
        out += [
            "",
            "Robustness:",
            f"  {'row':<30}{'coverage':>9}{'interval score':>16}{'log score':>11}  against ridge",
        ]
        for r in value["robustness"]:
            share, score = (
                r[k] if r[k] is not None else float("nan") for k in ("coverage", "interval_score")
            )
            d = r["against_ridge"]
            out.append(
                f"  {r['name']:<30}{share:>9.1%}{score:>16.2f}{r['log_score']:>11.3f}"
                f"  {d['mean']:+.3f} ({d['low']:+.3f} to {d['high']:+.3f})"
            )
    return out
