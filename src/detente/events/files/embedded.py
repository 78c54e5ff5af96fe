"""The chronicles that come with the program."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path

from detente.base.days import Window
from detente.base.errors import DataError, Fault
from detente.base.spelling import nearest
from detente.events.chronicle import Chronicle
from detente.events.files.event_file import load_actors, load_events
from detente.events.ontology.actors import Actors
from detente.events.provenance import Era

EMBEDDED = ("us-iran",)
"""Names of the chronicles that come with the program."""


# Breaks in the density of coding (us_iran/NOTES.md); that a break had come was plain a year later.
_US_IRAN_WINDOW = Window(date(1951, 5, 1), date(2026, 7, 5))
_US_IRAN_ERAS = tuple(Era(date(year, 1, 1), date(year + 1, 1, 1)) for year in (1979, 2000, 2017, 2025))


@cache
def load_embedded(name: str) -> Chronicle:
    """Load a chronicle that comes with the program.

    Parameters
    ----------
    name : str
        ``us-iran``: the United States and Iran, May 1951 to 4 July 2026.

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
    (1120, 1016, 104)
    >>> print(chronicle.window, [era.start.year for era in chronicle.eras])
    [1951-05-01, 2026-07-05) [1979, 2000, 2017, 2025]
    """
    with resources.as_file(resources.files("detente") / "data" / _folder(name)) as folder:
        chronicle = load_events(
            folder / "events.csv",
            codebook="detente",
            window=_US_IRAN_WINDOW,
            eras=_US_IRAN_ERAS,
            actors=load_actors(folder / "actors.csv"),
        )
    return replace(chronicle, provenance=replace(chronicle.provenance, name=name))


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
    (48, 'IRN', 'SUN')
    """
    with resources.as_file(resources.files("detente") / "data" / _folder(name) / "actors.csv") as path:
        return load_actors(Path(path))


def _folder(name: str) -> str:
    if name not in EMBEDDED:
        near = nearest(name, EMBEDDED)
        hint = (
            f"Did you mean {near}?"
            if near
            else "Events of your own go to --events FILE, beside an argument; detente new writes a first one."
        )
        raise DataError(Fault("embedded chronicle", f"must be one of {', '.join(EMBEDDED)}", name, hint=hint))
    return name.replace("-", "_")
