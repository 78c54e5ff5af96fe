"""What a layout of event data declares, and how a file's first line is read by it."""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from detente.base.errors import DataError, Fault
from detente.base.spelling import suggest
from detente.events.files.headers import columns_option, plain_name
from detente.events.importing.import_options import Options
from detente.events.importing.json_rows import object_in
from detente.events.importing.steps import Events

SEPARATORS = ("\t", ",", ";", "|")
QUOTED = (",", ";")
"""Separators with which fields may be quoted."""


@dataclass(frozen=True)
class FileOpening:
    """What a text's first line says of it.

    Attributes
    ----------
    columns : tuple[str, ...]
        Names of all its columns, those that the layout knows by the layout's names.
    used : tuple[str, ...]
        Those that are read.
    separator : str
    header : bool
        Whether the first line names the columns.
    keys : Mapping[str, str]
        Names of the columns that are read by their keys, where each line is a JSON object.
    """

    columns: tuple[str, ...]
    used: tuple[str, ...]
    separator: str
    header: bool
    keys: Mapping[str, str] = field(default_factory=dict)

    @property
    def unused(self) -> tuple[str, ...]:
        """Columns that are not read."""
        return tuple(name for name in self.columns if name not in self.used)


@dataclass(frozen=True)
class FileLayout:
    """One format of event data, as its file in `detente.events.importing.layouts` declares it.

    Attributes
    ----------
    name, title : str
    codebook : str or None
        How its codes read; None if the user says.
    columns : tuple[str, ...]
        The columns that a file must have, by the names that the rest of the declaration uses.
    events : callable or None
        What its rows say (see `detente.events.importing.steps`); None for plain event files, which
        `detente.events.files.rows` reads.
    optional : tuple[str, ...]
        Columns that are read where a file has them.
    stands_in : Mapping[str, str]
        Optional columns that are read only where another is not there; a file must have one of the two.
    acts : tuple[str, ...]
        Columns of which a file must have one.
    synonyms : Mapping[str, str]
        Names by which files of the family call columns, and the layout's names of them.
    shapes, titled : Mapping[int, tuple[str, ...]]
        Names of all columns by their number, for files without a header, or with one that names them otherwise;
        and more of them for files with such a header alone.
    marks : Mapping[str, str]
        Patterns that fields of a first row without a header match.
    headed : bool
        Whether a file may have a header with the layout's own names.
    first : str
        The name that begins a header which may name the other columns otherwise.
    id, reported : str or None
        Columns of a row's number and of the day it was reported on.
    numbered : bool
        Whether a row with a number is an event of its own, as people code it, and not one of several reports.
    place : tuple[str, ...]
        Columns that say where, from the finest on.
    content : tuple[str, ...]
        Columns of the events it gives, besides date, source, target and where.
    takes : tuple[str, ...]
        What a user may say of its files beside the format: ``columns``, ``dates``, ``leading_zeros``, ``null``.
    told : Mapping[str, tuple[str, ...]]
        The columns that show what is wrong with a row, by the reason for which it is refused.
    objects : bool
        Whether a file may hold a JSON object in each line, with the names of columns as keys.
    whole : bool
        Whether acts are told by several rows, so that a file must be read in one piece.
    kin : Mapping[str, tuple[str, ...]]
        Columns that tell files of the family whose rows do not say who acted on whom, by what they are called.
    instead : tuple[str, ...]
        The files of the family that do.
    sample : str
        A small file in ``data/formats`` that has the layout; its rows are invented.
    publisher, officials : str
        Who publishes it, and what tells officials, for the documentation.
    """

    name: str
    title: str
    codebook: str | None
    columns: tuple[str, ...]
    events: Events | None
    optional: tuple[str, ...] = ()
    stands_in: Mapping[str, str] = field(default_factory=dict)
    acts: tuple[str, ...] = ()
    synonyms: Mapping[str, str] = field(default_factory=dict)
    shapes: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    titled: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    marks: Mapping[str, str] = field(default_factory=dict)
    headed: bool = True
    objects: bool = False
    whole: bool = False
    first: str = ""
    id: str | None = None
    reported: str | None = None
    numbered: bool = False
    place: tuple[str, ...] = ()
    content: tuple[str, ...] = ("code",)
    takes: tuple[str, ...] = ()
    told: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    kin: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    instead: tuple[str, ...] = ()
    sample: str = ""
    publisher: str = ""
    officials: str = ""

    def opening(self, first: str, options: Options | None = None) -> FileOpening | None:
        """Return what a text's first line says, or None if the text has not this layout."""
        renamed = {plain_name(theirs): ours for ours, theirs in (options or Options()).columns.items()}
        if self.objects and (found := object_in(first)) is not None:
            known = self._known(found) | renamed
            keys = {key: known[plain_name(key)] for key in found if plain_name(key) in known}
            columns = (*keys.values(),)
            whole = not self._missing(columns)
            return FileOpening(columns, columns, "\n", header=False, keys=keys) if whole else None
        for separator, fields in split(first):
            if not set(renamed) <= {plain_name(name) for name in fields}:
                continue
            # What the user names takes the place of a column that has the layout's own name.
            own = {name: f"own {name}" for name in map(plain_name, fields) if name in renamed.values()}
            known = self._known(fields) | own | renamed
            ours = tuple(known.get(plain_name(name), name) for name in fields)
            if self.headed and not self._missing(ours):
                return self._opening(ours, separator, header=True)
            shape, titled = self.shapes.get(len(fields)), {**self.shapes, **self.titled}.get(len(fields))
            if titled and self.first and plain_name(fields[0]) == plain_name(self.first):
                return self._opening(titled, separator, header=True)
            if shape and self._marked(dict(zip(shape, fields, strict=True))):
                return self._opening(shape, separator, header=False)
        return None

    def _known(self, fields: Collection[str]) -> dict[str, str]:
        """Return the layout's names by the plain ones of a file; a synonym counts where its name is not there."""
        have = {plain_name(name) for name in fields}
        names = {plain_name(name): name for name in (*self.columns, *self.optional)}
        free: dict[str, str] = {}
        for other, own in self.synonyms.items():  # of two synonyms in one file the first counts
            if own not in have and other in have and own not in free.values():
                free[other] = own
        return names | free

    def _opening(self, columns: tuple[str, ...], separator: str, *, header: bool) -> FileOpening:
        columns = tuple(name or f"unnamed {i}" for i, name in enumerate(columns, 1))
        idle = {other for other, own in self.stands_in.items() if own in columns}
        wanted = {*self.columns, *self.optional} - idle
        return FileOpening(columns, tuple(n for n in columns if n in wanted), separator, header)

    def _missing(self, columns: Collection[str]) -> list[str]:
        """Return the columns that a file lacks, by the layout's names."""
        lone = [own for other, own in self.stands_in.items() if other not in columns]
        found = [name for name in (*self.columns, *lone) if name not in columns]
        acts = bool(self.acts) and not set(self.acts) & set(columns)
        return [*found, *([f"{', '.join(self.acts[:-1])} or {self.acts[-1]}"] if acts else [])]

    def _marked(self, row: Mapping[str, str]) -> bool:
        return bool(self.marks) and all(re.search(mark, row[name]) for name, mark in self.marks.items())

    def opened(self, first: str, where: str, options: Options, seen: FileLayout | None) -> FileOpening:
        """Return what a text's first line says.

        Parameters
        ----------
        first : str
        where : str
            The place of the line, for messages.
        options : Options
        seen : FileLayout or None
            The layout that the line looks like.

        Raises
        ------
        DataError
            If the text has not this layout, with the one that it looks like.
        """
        found = self.opening(first, options)
        if found is None:
            raise DataError(*self._misfit(first, where, options, seen))
        double = {name for name in found.columns if found.columns.count(name) > 1}
        if double:
            raise DataError(Fault("column_named_twice", "header", got=min(double), where=where))
        return found

    def without_pairs(self, first: str, where: str) -> Fault | None:
        """Return the fault of a file of the family whose rows do not say who acted on whom; None if it is none."""
        for _, fields in split(first):
            have = {plain_name(name).replace("_", "") for name in fields}
            for name, columns in self.kin.items():
                if have >= set(columns):
                    missing = ", ".join(column for column in self.columns if column not in have)
                    return Fault(
                        "missing_column", missing, where=where, hint="no_pairs",
                        table=self.title, kin=name, instead=self.instead,
                    )  # fmt: skip
        return None

    def _misfit(self, first: str, where: str, options: Options, seen: FileLayout | None) -> Iterator[Fault]:
        if (kin := self.without_pairs(first, where)) is not None:
            yield kin
            return
        hint = {"hint": "looks_like", "format": seen.name} if seen is not None and seen is not self else {}
        # The separator that makes most fields is the file's own.
        _, fields = max(split(first), key=lambda found: len(found[1]))
        if self.shapes and (not self.first or plain_name(fields[0]) != plain_name(self.first)):
            widths, got = sorted(self.shapes), len(fields)
            row = dict(zip(self.shapes.get(got, ()), fields, strict=False))
            odd = [name for name, mark in self.marks.items() if row and not re.search(mark, row[name])]
            if odd and not hint:
                yield Fault("odd_first_row", odd[0], got=row[odd[0]], where=where, table=self.title)
                return
            yield Fault("wrong_width", self.title, got=got, where=where, widths=widths, **hint)
            return
        if not hint and self.events is None and (said := columns_option(fields)):
            hint = {"hint": "name_columns", "file": where.partition(":")[0], "columns": said}
        known = self._known(fields)
        missing = self._missing({known.get(plain_name(name), name) for name in fields} | set(options.columns))
        if hint and missing:
            yield Fault("missing_column", ", ".join(missing), where=where, table=self.title, **hint)
            return
        for name in missing:
            more = suggest(name, fields, known=False)
            yield Fault("missing_column", name, where=where, table=self.title, **more)
        for ours_name, theirs in options.columns.items():
            if plain_name(theirs) not in {plain_name(name) for name in fields}:
                more = suggest(theirs, fields, known=False)
                yield Fault("missing_column", theirs, where=where, table=ours_name, **more)


def split(first: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the fields of a line by each separator that is in it; the line as one field if none is."""
    line = first.rstrip("\r\n")
    separators = [separator for separator in SEPARATORS if separator in line]
    for separator in separators or ["\t"]:
        fields = line.split(separator)
        if '"' in line:
            with suppress(csv.Error):
                read = next(csv.reader([line], delimiter=separator))
                # Between tabs a quote is a letter, unless quotes stand around whole fields.
                fields = read if separator in QUOTED or len(read) == len(fields) else fields
        yield separator, [field.strip() for field in fields]
