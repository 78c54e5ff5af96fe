"""Checking a file: an argument or events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from detente.argument.argument import Argument
from detente.argument.article_blocks import Language
from detente.argument.faults import Faults
from detente.argument.texts import untranslated
from detente.base.days import Window
from detente.base.errors import DetenteError, Fault
from detente.base.input_limits import LIMITS, Limits
from detente.events.chronicle import Chronicle
from detente.events.columns import MIXED
from detente.events.files.codebook import better_codebook
from detente.events.files.event_file import load_events
from detente.events.files.headers import meant_by
from detente.events.files.sidecar import said_by_sidecar
from detente.events.ontology.state_codes import look_alikes
from detente.futures.levers.check import check_levers
from detente.lab.arguments import load_argument


@dataclass(frozen=True)
class Checked:
    """A file without a fault: an argument or events.

    Attributes
    ----------
    file : Path
    found : Argument or Chronicle
        What it holds.
    fits_better : tuple or None
        Another codebook that more of the codes are in, the number of acts in it, and in the file's own.
    refused : tuple of Fault
        What of an argument's plans and door cannot be used with the events that it names.
    unread : bool
        Whether those events cannot be read as they are, so that nothing was checked against them.
    """

    file: Path
    found: Argument | Chronicle
    fits_better: tuple[str, int, int] | None = None
    refused: tuple[Fault, ...] = ()
    unread: bool = False

    @property
    def argument(self) -> Argument | None:
        """What the file holds, if that is an argument."""
        return self.found if isinstance(self.found, Argument) else None

    @property
    def actors(self) -> dict[str, int]:
        """How often each code acts or is acted on, the most often seen first; empty for an argument."""
        if isinstance(self.found, Argument):
            return {}
        ends = pl.concat([self.found.events["source"], self.found.events["target"]]).alias("code")
        counted = ends.value_counts().sort("count", "code", descending=[True, False])
        return dict(counted.iter_rows())

    @property
    def parts(self) -> tuple[tuple[Window, int], ...]:
        """The parts of the coverage with the acts in each; none where it has no gap."""
        if isinstance(self.found, Argument) or not self.found.gaps:
            return ()
        day = self.found.events["date"]
        parts = self.found.coverage.parts
        return tuple((part, int(day.is_between(part.start, part.end, "left").sum())) for part in parts)

    @property
    def layout(self) -> str:
        """The format from which the file was imported; ``csv`` for one that is no import, as that reads it again."""
        return said_by_sidecar(self.file).layout or "csv"

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of an event file that hold something of the file's own; none for an argument."""
        if isinstance(self.found, Argument):
            return ()
        return held_columns(self.found.events)

    @property
    def both_dead(self) -> int:
        """How many acts of a file count the dead of several actors together."""
        if isinstance(self.found, Argument):
            return 0
        return int((self.found.events["fatalities_of"] == MIXED).sum())

    @property
    def alike(self) -> tuple[tuple[str, ...], ...]:
        """Groups of actors that look like one."""
        return look_alikes(self.actors, None if isinstance(self.found, Argument) else self.found.codebook)

    @property
    def untranslated(self) -> dict[Language, tuple[str, ...]]:
        """The texts that each language of an argument lacks, by their keys; empty where none is missing."""
        return untranslated(self.found) if isinstance(self.found, Argument) else {}

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        if isinstance(self.found, Argument):
            lacking = {language: list(keys) for language, keys in self.untranslated.items()}
            return {
                "file": str(self.file),
                "kind": "argument",
                "argument": self.found.argument,
                "mechanisms": len(self.found.mechanisms),
                "questions": len(self.found.questions),
                "claims": len(self.found.claims),
                **({"untranslated": lacking} if lacking else {}),
                **({"refused": [fault.to_dict() for fault in self.refused]} if self.refused else {}),
                **({"events_read": False} if self.unread else {}),
            }
        origin = self.found.provenance
        return {
            "file": str(self.file),
            "kind": "events",
            "rows": origin.rows_read,
            "mutual_folded": origin.mutual_folded,
            "duplicates_folded": origin.duplicates_folded,
            "window": [self.found.window.start.isoformat(), self.found.window.end.isoformat()],
            "window_declared": origin.window_declared,
            "parts": [
                {"window": [part.start.isoformat(), part.end.isoformat()], "acts": acts}
                for part, acts in self.parts
            ],
            "gaps": [[gap.start.isoformat(), gap.end.isoformat()] for gap in self.found.gaps],
            "set_apart": [{"date": day.isoformat(), "where": where} for day, where in origin.apart],
            "left_out_as_domestic": origin.domestic,
            "left_out_as_one_sided": origin.nobody,
            "columns_not_used": list(origin.columns_left_out),
            "columns_meant": meant_by(origin.columns_left_out, self.columns),
            "files_left_out": list(origin.beside),
            "unfinished": origin.unfinished,
            "both_sides_dead": self.both_dead,
            "actors_alike": [list(group) for group in self.alike],
            "codebook": self.found.codebook,
            "codebook_fits_better": self.fits_better and self.fits_better[0],
            "actors": self.actors,
            "acts": self.found.acts,
            "digest": self.found.digest,
        }


def held_columns(events: pl.DataFrame) -> tuple[str, ...]:
    """Return the columns of events that hold something, those left out that are filled where a file has none."""
    filled = ("precision", "class", "intensity", "code")
    return tuple(n for n in events.columns if n not in filled and events[n].null_count() < events.height)


def check_file(
    path: str | Path, codebook: str | None = None, limits: Limits = LIMITS, today: date | None = None
) -> Checked:
    """Check an argument (``.yaml``, ``.yml``) or an event file within limits, and return what it holds.

    Parameters
    ----------
    path : path
    codebook, limits
        As for `detente.load_events`.
    today : date, optional
        No event may be dated after it.

    Raises
    ------
    ArgumentError, DataError
        With every fault found.
    """
    path = Path(path)
    if path.suffix in (".yaml", ".yml"):
        return _checked(path, load_argument(path, limits=limits), codebook, limits, today)
    found = load_events(path, codebook=codebook, limits=limits, today=today)
    codes = dict(found.events["code"].drop_nulls().value_counts().iter_rows())
    return Checked(path, found, better_codebook(codes, found.codebook))


def _checked(
    path: Path, argument: Argument, codebook: str | None, limits: Limits, today: date | None
) -> Checked:
    """Return an argument with what of it the events that it names cannot carry."""
    events, faults = argument.event_file(), Faults(argument)
    if events is None or not (argument.door or argument.levers):
        return Checked(path, argument)
    try:
        found = load_events(events, codebook=codebook, limits=limits, today=today)
    except DetenteError:  # a run says what is wrong with them
        return Checked(path, argument, unread=True)
    check_levers(faults, found.scheme)
    return Checked(path, argument, refused=tuple(faults.found))
