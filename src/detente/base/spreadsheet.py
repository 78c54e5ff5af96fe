"""Cells of CSV files that a spreadsheet would read as a formula, made harmless by an apostrophe, and back."""

from __future__ import annotations

import re

# Apostrophes before such a character count too, so that `unprefixed` can give back exactly what was written.
_FORMULA = re.compile(r"'*[=+\-@\t\r]")


def prefixed(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula: an apostrophe goes before = + - @, tab and CR.

    Examples
    --------
    >>> prefixed("=cmd|A1"), prefixed("'-5"), prefixed("Iran")
    ("'=cmd|A1", "''-5", 'Iran')
    """
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unprefixed(cell: str) -> str:
    """Return the cell that `prefixed` was given; any other cell is returned as it is.

    Examples
    --------
    >>> unprefixed("'=cmd|A1"), unprefixed("'Iran'")
    ('=cmd|A1', "'Iran'")
    """
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
