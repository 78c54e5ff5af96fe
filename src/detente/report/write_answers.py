"""Answers of `ask` written to a file: CSV for a spreadsheet, Parquet, or JSON."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from detente.base.errors import Fault, OutputError
from detente.base.outputs import write_output
from detente.base.ownership import comment_mark, parquet_mark
from detente.base.spreadsheet import prefixed
from detente.report.text.as_json import json_file, to_json

if TYPE_CHECKING:
    from detente.lab.ask import Ask

_ENDINGS = (".csv", ".parquet", ".json")


def check_answer_file(path: Path) -> None:
    """Refuse a file whose ending names no format, before work begins.

    Raises
    ------
    OutputError
    """
    if path.suffix.lower() not in _ENDINGS:
        raise OutputError(Fault("wrong_ending", "out", got=str(path), endings=_ENDINGS))


def write_answers(result: Ask, path: Path, *, force: bool = False) -> None:
    """Write answers to a file, whole or not at all.

    A CSV file begins with a comment, has one row a question, and an apostrophe before each text that a spreadsheet
    would take for a formula. A Parquet file has the same rows as they are. A JSON file holds what ``detente ask
    --json`` prints.

    Parameters
    ----------
    result : Ask
    path : path
    force : bool
        Whether a file that Détente did not write may be replaced; one that the answers were made from never is.

    Raises
    ------
    OutputError
        If the ending names no format, or the file is such a one or cannot be written.
    """
    check_answer_file(path)
    inputs = (*result.run.case.inputs, *result.files)
    write_output(path, _content(result, path.suffix.lower()), inputs=inputs, force=force)


def _content(result: Ask, ending: str) -> bytes:
    if ending == ".json":
        return json_file(to_json(result))
    frame, stream = result.to_polars("answers"), io.BytesIO()
    if ending == ".parquet":
        frame.write_parquet(stream, metadata=parquet_mark())
    else:
        stream.write(f"{comment_mark(markup=False)}\n".encode())
        frame.with_columns(pl.col(pl.String).map_elements(prefixed, return_dtype=pl.String)).write_csv(stream)
    return stream.getvalue()
