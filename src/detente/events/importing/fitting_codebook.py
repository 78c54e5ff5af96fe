"""Whether codes fit the codebook they are read with, or another one better."""

from __future__ import annotations

import polars as pl

from detente.base.errors import DataError, Fault
from detente.events.files.codebook import better_codebook
from detente.events.importing.blocks import Block, Rows, SourceText, rows_of
from detente.events.ontology.crosswalks import cameo_names


def codebook_by_labels(text: SourceText, piece: Block | Rows) -> str:
    """Return the codebook of a file as KEDS publishes it, told by the labels beside its codes, or by the codes alone.

    Raises
    ------
    DataError
        If neither tells.
    """
    if isinstance(piece, Block) and "label" in text.columns:
        wanted = SourceText(
            text.name, text.columns, ("code", "label"), text.separator, quoted=False, strict=frozenset()
        )
        rows = rows_of(piece, wanted).frame.select(pl.col("code", "label").cast(pl.String)).unique()
        labels = {(code, _plain(label)) for code, label in rows.drop_nulls().iter_rows() if label}
        names = {(code, _plain(name)) for name, code in cameo_names().items()}
        roots = {(code[:2], word) for code, name in names for word in name.split() if len(word) > 3}
        fits = sum(
            (code, label) in names or bool({(code[:2], w) for w in label.split() if len(w) > 3} & roots)
            for code, label in labels
        )
        if labels and fits * 2 > len(labels):
            return "cameo"
    frame = (rows_of(piece, text) if isinstance(piece, Block) else piece).frame
    counted = frame["code"].cast(pl.String).drop_nulls().value_counts().iter_rows()
    codes = {code: n for code, n in counted if code != "999"}
    if any(len(code) > 3 for code in codes):
        return "cameo"
    for book in ("cameo", "weis"):
        better = better_codebook(codes, book)
        if better is not None:
            return better[0]
    where, choices = text.name, ("weis", "cameo")
    raise DataError(Fault("codebook_of_code", "codebook", where=where, hint="give_codebook", choices=choices))


def _plain(label: str) -> str:
    return "".join(c if c.isalnum() else " " for c in label.lower()).strip()
