"""Which codebook an event file's codes are read with."""

from __future__ import annotations

from collections.abc import Mapping

from detente.base.errors import DataError, Fault
from detente.base.spelling import nearest, suggest
from detente.events.files.headers import columns_option
from detente.events.files.raw_table import RawTable
from detente.events.ontology.actions import CODEBOOKS
from detente.events.ontology.crosswalks import cameo, weis

_OTHER = {"cameo": "weis", "weis": "cameo"}


def codebook_of(table: RawTable, codebook: str | None) -> str:
    """Return the codebook a table is read with, or refuse the table.

    The user's word, or the file's own `codebook` column, or what its columns leave no doubt of: ``cameo`` for a column
    cameo, ``detente`` for a column action. A bare column code says nothing about itself.

    Raises
    ------
    DataError
        If columns are missing, or the codebook is unknown, contradicted or can't be told.
    """
    have = set(table.columns.columns)
    faults = []
    missing = [name for name in ("date", "source", "target") if name not in have]
    if missing and (said := columns_option(table.columns.columns)):
        hint = {"hint": "name_columns", "file": table.name, "columns": said}
        raise DataError(
            Fault("missing_column", ", ".join(missing), where=table.name, table="an event file", **hint)
        )
    for name in missing:
        near = nearest(name, sorted(have))
        faults.append(
            Fault(
                "missing_column",
                name,
                where=table.name,
                hint="rename_column" if near else "least_columns",
                nearest=near,
                table="an event file",
            )
        )
    if not have & {"action", "cameo", "code"}:
        what, table_of = "action, cameo or code", "an event file"
        faults.append(Fault("missing_column", what, where=table.name, hint="add_act_column", table=table_of))
    if codebook is not None and codebook not in CODEBOOKS:
        near_book = suggest(codebook, CODEBOOKS, known=False)
        faults.append(Fault("not_one_of", "codebook", got=codebook, choices=CODEBOOKS, **near_book))
    if faults:
        raise DataError(*faults)
    declared = _declared(table, codebook) or _told(have, table.name)
    needs = {"cameo": {"cameo", "code"}, "weis": {"code"}}.get(declared, {"action", "code"})
    if not have & needs:
        raise DataError(
            Fault(
                "codebook_needs_column",
                "codebook",
                got=tuple(name for name in ("action", "cameo", "code") if name in have),
                where=table.name,
                hint="leave_codebook_or_rename",
                codebook=declared,
                columns=sorted(needs),
            )
        )
    if declared == "cameo" and {"cameo", "code"} <= have:
        raise DataError(Fault("two_code_columns", "CAMEO codes", where=table.name, hint="rename_or_remove"))
    return declared


def _told(have: set[str], name: str) -> str:
    code = None
    if {"cameo", "action"} <= have:
        code = "ambiguous_codebook"
    elif not have & {"cameo", "action"}:
        code = "codebook_of_code"
    if code is not None:
        raise DataError(Fault(code, "codebook", where=name, hint="give_codebook", choices=CODEBOOKS))
    return "cameo" if "cameo" in have else "detente"


def _declared(table: RawTable, codebook: str | None) -> str | None:
    if "codebook" not in table.columns.columns:
        return codebook
    bad = table.faulty()
    said = list(dict.fromkeys(word for i, word in enumerate(table.columns["codebook"]) if i not in bad))
    if not said:
        return codebook
    if len(said) != 1 or said[0] not in CODEBOOKS:
        got = tuple("" if word is None else word for word in said[:5])
        where, hint = table.name, "leave_column_out"
        raise DataError(
            Fault("mixed_codebooks", "column codebook", got=got, where=where, hint=hint, choices=CODEBOOKS)
        )
    if codebook not in (None, said[0]):
        where, example = table.name, str(said[0])
        raise DataError(
            Fault(
                "codebook_contradicted",
                "codebook",
                got=codebook,
                where=where,
                hint="try",
                example=example,
            )
        )
    return str(said[0])


def better_codebook(codes: Mapping[str, int], codebook: str) -> tuple[str, int, int] | None:
    """Return another codebook that has more of the codes, and how many events each has; None if none is better.

    Parameters
    ----------
    codes : Mapping[str, int]
        Events by code.
    codebook : str
        The one they are read with.

    Examples
    --------
    >>> better_codebook({"112": 5, "036": 3, "1712": 1}, "weis")
    ('cameo', 9, 5)
    >>> better_codebook({"112": 5, "036": 3}, "cameo") is None
    True
    """
    other = _OTHER.get(codebook)
    if other is None:
        return None
    books = {"cameo": {code for code in cameo() if len(code) > 2}, "weis": set(weis())}
    own, theirs = (
        sum(count for code, count in codes.items() if code in books[name]) for name in (codebook, other)
    )
    return (other, theirs, own) if theirs > own else None


def other_book(table: RawTable, codebook: str) -> tuple[Fault, ...]:
    """Return the fault of a table whose codes are those of another codebook; nothing if none fits better."""
    name = next((name for name in ("code", "cameo") if name in table.columns.columns), None)
    if name is None:
        return ()
    codes = dict(table.columns[name].drop_nulls().value_counts().iter_rows())
    better = better_codebook(codes, codebook)
    if better is None:
        return ()
    other, theirs, own = better
    where = table.name
    return (
        Fault("fits_other_book", "codebook", got=codebook, where=where, other=other, theirs=theirs, own=own),
    )
