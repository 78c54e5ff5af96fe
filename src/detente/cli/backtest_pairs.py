"""What ``detente backtest EVENTS`` prints: every model of many pairs in one table."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from detente.base.errors import ArgumentError, Fault
from detente.base.input_limits import limits_of
from detente.base.workers import Workers
from detente.cli.output import progress_bars
from detente.report.text.as_json import json_of
from detente.report.text.backtests.backtest_pairs import text_of


def days_ahead(text: str) -> tuple[int, ...]:
    """Read horizons written with commas; the next day is always among them."""
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isascii() and part.isdigit() and 1 <= int(part) <= 365 for part in parts):
        example = "1,7,30"
        raise ArgumentError(
            Fault("not_days_ahead", "horizons", got=text, hint="try", example=example, last=365)
        )
    return tuple(sorted({1, *map(int, parts)}))


def pairs_backtest(
    events: str,
    *,
    pairs: int,
    train_share: float,
    horizons: str,
    codebook: str | None,
    states: bool,
    skip_bad: bool,
    vintage: date | None,
    cache: Path | bool,
    limits: list[str] | None,
    quick: bool,
    workers: Workers,
    as_json: bool,
) -> str:
    """Backtest all pairs of a file and return what to print."""
    ahead = days_ahead(horizons)
    from detente.studies.world import run

    with workers, progress_bars() as tell:
        found = run.skill_of(
            events,
            pairs=pairs,
            train_share=train_share,
            horizons=ahead,
            ablations=not quick,
            trees=not quick,
            codebook=codebook,
            states=states,
            skip_bad=skip_bad,
            vintage=vintage,
            cache=cache,
            limits=limits_of(limits or ()),
            threads=workers,
            progress=tell,
        )
    return json_of(found) if as_json else text_of(found)
