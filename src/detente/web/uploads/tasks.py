"""Work on an upload that takes a while: importing it, drafting an argument from it, ranking its pairs."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from zipfile import BadZipFile, ZipFile, is_zipfile

import polars as pl

from detente.base.clock import today
from detente.base.errors import DataError, Fault
from detente.base.files import write_whole
from detente.base.progress import Progress
from detente.base.store import Store
from detente.events.chronicle import Chronicle
from detente.events.importing.actor_names import ActorNames
from detente.events.importing.import_options import Options, columns_given
from detente.events.importing.importer import import_events, sidecar_of
from detente.events.importing.recognise import formats_seen
from detente.events.importing.result import Imported
from detente.events.ontology.null_words import NULL_WORDS
from detente.lab.case import load_chronicle
from detente.lab.settings import day_given
from detente.report.languages.faults import fault_text
from detente.report.languages.language import LANGUAGES, in_language
from detente.report.languages.readers import for_visitors
from detente.report.text.as_json import to_json
from detente.report.text.import_events import read_lines
from detente.studies.drafting.from_events import propose
from detente.studies.world.run import world_of
from detente.web.plain import as_plain
from detente.web.shown import Shown
from detente.web.uploads.own_arguments import UPLOADED
from detente.web.uploads.uploaded import Upload

_PLAIN = ("csv", "keds-cameo", "keds-weis")
"""Formats of which one file may have several: the likeliest comes first."""
_ACTORS, _PAIRS = 60, 40
_MEMBERS = 500  # files of an archive


class Task(ABC):
    """Work of which equal instances are one job."""

    @abstractmethod
    def do(self, store: Store, tell: Progress) -> Shown:
        """Do it.

        Raises
        ------
        DetenteError
        """


@dataclass(frozen=True)
class ImportTask(Task):
    """Read an upload, and say what became of every row.

    Attributes
    ----------
    folder : Path
        Of the upload.
    """

    folder: Path

    def do(self, store: Store, tell: Progress) -> Shown:
        """Import the files, unless that was done before, and count who acts on whom."""
        upload, report = Upload(self.folder), self.folder / "read.json"
        if report.is_file():
            value = json.loads(report.read_text("utf-8"))
            return Shown(value["value"], more=value["more"])
        about = upload.about
        _refuse_many(upload)
        for path in (upload.events, sidecar_of(upload.events)):  # of an import that was stopped half-way
            path.unlink(missing_ok=True)
        form = about["format"] if about["format"] not in ("", "auto") else _format_of(upload)
        result = import_events(
            form, upload.files, upload.events, options=_options(about), progress=tell, limits=UPLOADED
        )
        tell("actors", 0, 1)
        chronicle = load_chronicle(events=upload.events, limits=UPLOADED)
        value = as_plain(to_json(result))
        more = {
            "form": form,
            "said": {tag: _said(result, tag) for tag in LANGUAGES},
            "actors": _actors(chronicle),
            "pairs": _pairs(chronicle),
            "window": [chronicle.window.start.isoformat(), chronicle.window.end.isoformat()],
        }
        write_whole(report, json.dumps({"value": value, "more": more}).encode())
        return Shown(value, more=more)


def _said(result: Imported, tag: str) -> dict[str, list[str]]:
    """Return what was read, in full and the faulty rows alone, in a language."""
    with in_language(tag), for_visitors():
        return {"lines": read_lines(result), "faults": [fault_text(fault) for fault in result.faults]}


@dataclass(frozen=True)
class DraftTask(Task):
    """Draft an argument about two actors of an upload.

    Attributes
    ----------
    folder : Path
    one, other : str
    as_of : date or None
    with_ : tuple of str
        Templates to add.
    """

    folder: Path
    one: str
    other: str
    as_of: date | None = None
    with_: tuple[str, ...] = ()

    def do(self, store: Store, tell: Progress) -> Shown:
        """Propose the argument's text."""
        tell("draft", 0, 1)
        chronicle = load_chronicle(events=imported(self.folder).events, limits=UPLOADED)
        proposal = propose(chronicle, (self.one, self.other), self.as_of, with_=self.with_)
        return Shown({"text": proposal.text})


@dataclass(frozen=True)
class RankTask(Task):
    """Rank the pairs of an upload by how hostility moves, as ``detente world`` does.

    Attributes
    ----------
    folder : Path
    pairs : int
    as_of : date or None
    states : bool
    """

    folder: Path
    pairs: int = 200
    as_of: date | None = None
    states: bool = False

    def do(self, store: Store, tell: Progress) -> Shown:
        """Fit all pairs together."""
        tell("world", 0, 1)
        path = imported(self.folder).events
        found = world_of(
            path, as_of=self.as_of, pairs=self.pairs, states=self.states, cache=store, limits=UPLOADED
        )
        return Shown(to_json(found))


def imported(folder: Path) -> Upload:
    """Return an upload whose files have been read.

    Raises
    ------
    DataError
        If they have not.
    """
    upload = Upload(folder)
    if not upload.events.is_file():
        raise DataError(Fault("missing_file", "events", got=upload.name))
    return upload


def _refuse_many(upload: Upload) -> None:
    """Refuse archives of so many files that opening each would hold up others for hours."""
    for path in filter(is_zipfile, upload.files):
        with suppress(BadZipFile), ZipFile(path) as archive:
            if (held := len(archive.infolist())) > _MEMBERS:
                fault = Fault(
                    "too_many_items",
                    "files",
                    got=held,
                    where=path.name,
                    hint="on_command_line",
                    high=_MEMBERS,
                )
                raise DataError(fault)


def _format_of(upload: Upload) -> str:
    seen = formats_seen(upload.files, UPLOADED)
    if len(seen) == 1 or seen[0].name in _PLAIN:
        return seen[0].name
    titles = tuple(each.name for each in seen)
    raise DataError(Fault("several_formats", "format", hint="choose_format", formats=titles))


def _options(about: dict[str, str]) -> Options:
    nulls = about["null"]
    return Options(
        replace(ActorNames(), states=bool(about["states"])),
        codebook=about["codebook"] or None,
        since=day_given("since", about["since"] or None),
        until=day_given("until", about["until"] or None),
        columns=columns_given(about["columns"] or None),
        dates=about["dates"] or None,
        zeros_lost=about["leading_zeros"] == "lost",
        nulls=("", *(word.strip() for word in nulls.split(","))) if nulls else NULL_WORDS,
        today=today(),
    )


def _actors(chronicle: Chronicle) -> list[list[object]]:
    """Return codes with how often each acts or is acted on, the most often seen first."""
    ends = pl.concat([chronicle.events["source"], chronicle.events["target"]]).alias("code").value_counts()
    return [
        list(row) for row in ends.sort("count", "code", descending=[True, False]).head(_ACTORS).iter_rows()
    ]


def _pairs(chronicle: Chronicle) -> list[list[object]]:
    """Return pairs with their number of acts, in either direction, the busiest first."""
    low, high = pl.min_horizontal("source", "target"), pl.max_horizontal("source", "target")
    ends = chronicle.events.select(pl.col("source", "target").cast(pl.String))
    counted = ends.select(low.alias("one"), high.alias("other")).group_by("one", "other").len()
    rows = counted.sort("len", "one", "other", descending=[True, False, False]).head(_PAIRS)
    return [list(row) for row in rows.iter_rows()]
