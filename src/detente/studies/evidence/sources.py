"""The files of other people's data that the study reads; none of them comes with the program."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from detente.base.arrays import Floats
from detente.base.errors import DataError, Fault
from detente.base.input_files import unfit
from detente.base.input_limits import LIMITS, Limits


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that the study needs.

    Attributes
    ----------
    name : str
        Its file name.
    key : str
        Of the bibliography.
    columns : tuple of str
        Those it must have.
    """

    name: str
    key: str
    columns: tuple[str, ...]


SOURCES: tuple[SourceFile, ...] = (
    SourceFile("derived_td_rivalries.csv", "thompson2012", ("ccode1", "ccode2", "styear", "endyear")),
    SourceFile("derived_tss_rivalries.csv", "thompson2022", ("ccode1", "ccode2", "start", "end")),
    SourceFile(
        "gml_dirdisp.csv",
        "gibler2016",
        (
            *(
                "dispnum",
                "ccode1",
                "ccode2",
                "year",
                "sidea1",
                "fatality1",
                "fatality2",
                "hostlev1",
                "hostlev2",
            ),
            *("settle", "fatality", "fatalpre", "mindur", "stmon", "endmon"),
        ),
    ),
    SourceFile("gml_mid_disps.csv", "gibler2016", ("dispnum", "styear")),
    SourceFile(
        "icb1v14.csv",
        "brecher2000",
        (
            *("crisno", "break", "yrtrig", "motrig", "datrig", "yrterm", "moterm", "daterm"),
            *("mednum", "yrmedst", "momedst", "damedst"),
        ),
    ),
    SourceFile("icb2v14.csv", "brecher2000", ("crisno", "cracid", "trigent", "sevvio", "outfor")),
    SourceFile("archigos.csv", "goemans2009", ("gwcode", "startdate", "enddate")),
    SourceFile(
        "gsdb_v3.csv",
        "felbermayr2020",
        (
            "sanctioned_state",
            "sanctioning_state",
            "begin",
            "end",
            "trade",
            "financial",
            "objective",
            "success",
        ),
    ),
    SourceFile("cow_nmc.csv", "singer1987", ("ccode", "year", "cinc")),
    SourceFile(
        "cow_war_inter.csv", "sarkees2010", ("warnum", "ccode1", "ccode2", "year", "batdeath1", "batdeath2")
    ),
    SourceFile(
        "ucdp_acd.csv",
        "gleditsch2002",
        (
            *("conflict_id", "gwno_a", "gwno_a_2nd", "gwno_b", "gwno_b_2nd", "intensity_level"),
            *("type_of_conflict", "start_date2", "ep_end_date"),
        ),
    ),
)


@dataclass(frozen=True)
class Files:
    """The tables of a folder, each with text columns, and the digests and paths of what was read."""

    tables: Mapping[str, pl.DataFrame]
    digests: Mapping[str, str]
    paths: tuple[Path, ...] = ()

    def numbers(self, name: str, *columns: str) -> list[Floats]:
        """Return columns of a file as numbers; what is no number is NaN, and so is -9, which stands for unknown."""
        table = self.tables[name]
        found = []
        for column in columns:
            values = (
                table[column].str.strip_chars().cast(pl.Float64, strict=False).fill_null(np.nan).to_numpy()
            )
            found.append(np.where(values == -9, np.nan, values))
        return found

    def rows(self, name: str, *columns: str) -> Iterator[tuple[Any, ...]]:
        """Yield rows of columns as text; what is missing is empty."""
        return self.tables[name].select(pl.col(*columns).fill_null("").str.strip_chars()).iter_rows()

    @cached_property
    def digest(self) -> str:
        """SHA-256 over all files."""
        text = "\n".join(f"{name} {digest}" for name, digest in sorted(self.digests.items()))
        return hashlib.sha256(text.encode()).hexdigest()


def read_sources(folder: Path, limits: Limits = LIMITS) -> Files:
    """Read all files of the study from a folder, or from folders in it.

    Parameters
    ----------
    folder : path
    limits : Limits, optional

    Raises
    ------
    DataError
        If a file is missing, lies in two places, or lacks a column; all such faults at once.
    """
    if not folder.is_dir():
        raise DataError(Fault("not_a_folder", "data", got=str(folder), hint="data_folder"))
    tables: dict[str, pl.DataFrame] = {}
    digests: dict[str, str] = {}
    faults: list[Fault] = []
    read: list[Path] = []
    for source in SOURCES:
        paths = sorted({*folder.glob(source.name), *folder.glob(f"*/{source.name}")})
        if len(paths) != 1:
            code = "given_twice" if paths else "missing_file"
            names = ", ".join(source.columns)
            faults.append(
                Fault(
                    code, source.name, where=str(folder), hint="evidence_file", key=source.key, columns=names
                )
            )
            continue
        found = _read(paths[0], source, limits)
        if isinstance(found, Fault):
            faults.append(found)
        else:
            tables[source.name], digests[source.name] = found
            read.append(paths[0])
    if faults:
        raise DataError(*faults)
    return Files(tables, digests, tuple(read))


def _read(path: Path, source: SourceFile, limits: Limits) -> tuple[pl.DataFrame, str] | Fault:
    """Return a table of text and the digest of its file, or what is wrong with it."""
    try:
        if fault := unfit(path, source.name, "table", limits.table):
            return fault
        content = path.read_bytes()
        content.decode("utf-8-sig")
        table = pl.read_csv(content.removeprefix(b"\xef\xbb\xbf"), infer_schema_length=0)
    except UnicodeDecodeError:
        return Fault("not_utf8", source.name, where=str(path))
    except OSError as error:
        return Fault("unreadable", source.name, where=str(path), reason=error.strerror or str(error))
    except pl.exceptions.PolarsError as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        return Fault("bad_csv", source.name, where=str(path), reason=reason)
    lacking = tuple(column for column in source.columns if column not in table.columns)
    if lacking:
        return Fault(
            "lacks_columns",
            source.name,
            where=str(path),
            hint="evidence_file",
            lacking=lacking,
            key=source.key,
            columns=", ".join(source.columns),
        )
    return table, hashlib.sha256(content).hexdigest()
