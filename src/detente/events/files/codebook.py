"""Which codebook an event file's codes are read with."""

from __future__ import annotations

from detente.base.errors import DataError, Fault
from detente.base.spelling import nearest
from detente.events.files.raw_table import Table
from detente.events.ontology.actions import CODEBOOKS


def codebook_of(table: Table, codebook: str | None) -> str:
    """Return the codebook a table is read with, or refuse the table.

    The user's word, or the file's own `codebook` column, or what its columns leave no doubt of: ``cameo`` for a column
    cameo, ``detente`` for a column action. A bare column code says nothing about itself.

    Raises
    ------
    DataError
        If columns are missing, or the codebook is unknown, contradicted or can't be told.
    """
    have = set(table.columns.columns)
    choices = ", ".join(CODEBOOKS)
    faults = []
    for name in ("date", "source", "target"):
        if name not in have:
            near = nearest(name, tuple(sorted(have)))
            hint = (
                f"Rename {near}."
                if near
                else "A file needs date, source, target and one of action, cameo, code."
            )
            faults.append(Fault(f"column {name}", "must be there", where=table.name, hint=hint))
    if not have & {"action", "cameo", "code"}:
        hint = "Add action (PLOVER's types), cameo, or code with --codebook."
        faults.append(
            Fault("one of the columns action, cameo, code", "must be there", where=table.name, hint=hint)
        )
    if codebook is not None and codebook not in CODEBOOKS:
        hint = f"Try {nearest(codebook, CODEBOOKS) or 'detente'}."
        faults.append(Fault("--codebook", f"must be one of {choices}", codebook, hint=hint))
    if faults:
        raise DataError(*faults)
    declared = _declared(table, codebook) or _told(have, table.name)
    needs = {"cameo": {"cameo", "code"}, "weis": {"code"}}.get(declared, {"action", "code"})
    if not have & needs:
        got = ", ".join(name for name in ("action", "cameo", "code") if name in have)
        constraint = f"{declared} needs a column {' or '.join(sorted(needs))}"
        raise DataError(
            Fault("codebook", constraint, got, table.name, "Leave --codebook out, or rename the column.")
        )
    if declared == "cameo" and {"cameo", "code"} <= have:
        constraint = "must stand in one column, cameo or code"
        raise DataError(Fault("CAMEO codes", constraint, "both", table.name, "Rename or remove one."))
    return declared


def _told(have: set[str], name: str) -> str:
    hint = f"Give --codebook with one of {', '.join(CODEBOOKS)}."
    if {"cameo", "action"} <= have:
        raise DataError(Fault("codebook", "can't be told from both action and cameo", None, name, hint))
    if not have & {"cameo", "action"}:
        raise DataError(Fault("codebook", "must be given for a column code", None, name, hint))
    return "cameo" if "cameo" in have else "detente"


def _declared(table: Table, codebook: str | None) -> str | None:
    if "codebook" not in table.columns.columns:
        return codebook
    bad = table.faulty()
    said = list(dict.fromkeys(word for i, word in enumerate(table.columns["codebook"]) if i not in bad))
    if not said:
        return codebook
    if len(said) != 1 or said[0] not in CODEBOOKS:
        got = ", ".join("nothing" if word is None else word for word in said[:5])
        constraint = f"must hold the same one of {', '.join(CODEBOOKS)} in every row"
        raise DataError(Fault("column codebook", constraint, got, table.name, "Or leave the column out."))
    if codebook not in (None, said[0]):
        constraint = "must be what the file's column codebook says"
        raise DataError(Fault("--codebook", constraint, codebook, table.name, f"Try {said[0]}."))
    return str(said[0])
