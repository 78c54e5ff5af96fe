"""The rivalries that come with the program: folders of data that declare themselves, and their chronicles."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import Any

import polars as pl

from detente.base.days import Window
from detente.base.errors import DataError, Fault
from detente.base.spelling import suggest
from detente.events.chronicle import Chronicle
from detente.events.files.event_file import load_actors, load_events
from detente.events.files.revisions import before_revisions, read_revisions
from detente.events.ontology.actors import Actors
from detente.events.provenance import Era

FIRST = "@first"
"""What the name of a rivalry ends in to mean its chronicle as it was before its revisions."""


_DECLARATION, _REVISIONS = "rivalry.toml", "revisions.csv"


@dataclass(frozen=True)
class BacktestDays:
    """The days that a rivalry's backtest uses.

    Attributes
    ----------
    fan_dates : tuple of date
        Starts of the two-year windows.
    apart : tuple of date
        Starts of windows that are reported and do not count.
    first_quarter, end : date
        The first start of a quarter, and the first day after the last quarter.
    split : date or None
        Differences are also reported for the quarters that start before and after it.
    first_questions, last_questions : date or None
        The first and the last day on which the questions of the backtest are asked.
    """

    fan_dates: tuple[date, ...]
    apart: tuple[date, ...]
    first_quarter: date
    end: date
    split: date | None = None
    first_questions: date | None = None
    last_questions: date | None = None


@dataclass(frozen=True)
class EmbeddedRivalry:
    """What a folder of data declares of its rivalry in ``rivalry.toml``.

    Attributes
    ----------
    name : str
    folder : str
        The folder of ``events.csv`` and ``actors.csv``, inside ``detente/data``.
    window : Window
        The days its sources cover.
    eras : tuple of Era
        Breaks in the density of coding.
    accord_modes : tuple of str
        Modes of an AGREE that are accords in this chronicle, besides the general ones.
    backtest : BacktestDays or None
    phases_tuned_on : tuple of str
        The pair on whose periods the rule of phases was tuned; empty for other rivalries.
    revised : bool
        Whether the chronicle is the one of today; False before the revisions that ``revisions.csv`` lists.
    compiled : int or None
        The year in which its rows were chosen.
    """

    name: str
    folder: str
    window: Window
    eras: tuple[Era, ...] = ()
    accord_modes: tuple[str, ...] = ()
    backtest: BacktestDays | None = None
    phases_tuned_on: tuple[str, ...] = ()
    revised: bool = True
    compiled: int | None = None


@cache
def embedded_rivalries() -> Mapping[str, EmbeddedRivalry]:
    """Return the rivalries that come with the program, by name: every folder of data that declares one.

    One whose chronicle has been revised stands there a second time, as it was before: its name with ``@first``.

    Examples
    --------
    >>> list(embedded_rivalries())
    ['us-iran', 'us-iran@first']
    """
    folders = sorted((resources.files("detente") / "data").iterdir(), key=lambda folder: folder.name)
    declared = [
        _declared(folder.name, tomllib.loads((folder / _DECLARATION).read_text(encoding="utf-8")))
        for folder in folders
        if (folder / _DECLARATION).is_file()
    ]
    data = resources.files("detente") / "data"
    first = [
        replace(rivalry, name=rivalry.name + FIRST, revised=False)
        for rivalry in declared
        if (data / rivalry.folder / _REVISIONS).is_file()
    ]
    return MappingProxyType({rivalry.name: rivalry for rivalry in (*declared, *first)})


def _declared(folder: str, value: dict[str, Any]) -> EmbeddedRivalry:
    return EmbeddedRivalry(
        name=value["rivalry"],
        folder=folder,
        window=Window(**value["window"]),
        eras=tuple(Era(**era) for era in value.get("eras", ())),
        accord_modes=tuple(value.get("accord_modes", ())),
        backtest=_backtest_days(value["backtest"]) if "backtest" in value else None,
        phases_tuned_on=tuple(value.get("phases_tuned_on", ())),
        compiled=value.get("compiled"),
    )


def _backtest_days(value: dict[str, Any]) -> BacktestDays:
    return BacktestDays(
        fan_dates=tuple(value["fan_dates"]),
        apart=tuple(value.get("apart", ())),
        first_quarter=value["first_quarter"],
        end=value["end"],
        split=value.get("split"),
        first_questions=value.get("first_questions"),
        last_questions=value.get("last_questions"),
    )


@cache
def load_embedded(name: str) -> Chronicle:
    """Load a chronicle that comes with the program.

    Parameters
    ----------
    name : str
        ``us-iran``: the United States and Iran, May 1951 to 4 July 2026. ``us-iran@first``: the same before rows were
        added and corrected that a scholar had missed.

    Returns
    -------
    Chronicle

    Raises
    ------
    DataError
        If there is no such chronicle.

    Notes
    -----
    Its window ends where its sources end, not in a calm; counts may not be compared across the eras. Read
    ``data/us_iran/NOTES.md``.

    Examples
    --------
    >>> chronicle = load_embedded("us-iran")
    >>> chronicle.provenance.rows_read, chronicle.acts, chronicle.provenance.mutual_folded
    (1197, 1079, 118)
    >>> print(chronicle.window, [era.start.year for era in chronicle.eras])
    1951-05-01 to 2026-07-04 [1979, 2000, 2017, 2025]
    """
    rivalry = _rivalry(name)
    with resources.as_file(resources.files("detente") / "data" / rivalry.folder) as folder:
        chronicle = load_events(
            folder / "events.csv",
            codebook="detente",
            window=rivalry.window,
            eras=rivalry.eras,
            actors=load_actors(folder / "actors.csv"),
        )
    if not rivalry.revised:
        chronicle = before_revisions(chronicle, embedded_revisions(name))
    return replace(chronicle, provenance=replace(chronicle.provenance, name=name))


@cache
def embedded_revisions(name: str) -> pl.DataFrame:
    """Return what was added to, and corrected in, a chronicle that comes with the program since its first state.

    Raises
    ------
    DataError
        If there is no such chronicle.

    Examples
    --------
    >>> embedded_revisions("us-iran").columns[:6]
    ['change', 'date', 'source', 'target', 'action', 'summary']
    """
    folder = resources.files("detente") / "data" / _rivalry(name).folder
    with resources.as_file(folder / _REVISIONS) as path:
        return read_revisions(path)


@cache
def embedded_actors(name: str) -> Actors:
    """Load the actors of a chronicle that comes with the program.

    Raises
    ------
    DataError
        If there is no such chronicle.

    Examples
    --------
    >>> actors = embedded_actors("us-iran")
    >>> len(actors), actors["IRQ-KH"].patron, actors["SUN"].iso3
    (49, 'IRN', 'SUN')
    """
    folder = resources.files("detente") / "data" / _rivalry(name).folder
    with resources.as_file(folder / "actors.csv") as path:
        return load_actors(Path(path))


def _rivalry(name: str) -> EmbeddedRivalry:
    known = embedded_rivalries()
    if name not in known:
        hint = suggest(name, tuple(known), known=False) or {"hint": "own_events"}
        raise DataError(Fault("not_one_of", "rivalry", got=name, choices=tuple(known), **hint))
    return known[name]
