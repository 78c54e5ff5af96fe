"""Results as tables: Polars, pandas and Arrow by one small mixin, and the small tables notebooks show."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING, Any, ClassVar

import polars as pl

from detente.base.errors import DetenteError, Fault

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


class Tables:
    """A result that can be had as tables.

    A class names its tables in `tables`, the usual one first, and makes them in `_table`.
    """

    # No attributes of its own, so that frozen results stay what they are.
    __slots__ = ()
    tables: ClassVar[tuple[str, ...]] = ("events",)

    def _table(self, name: str) -> pl.DataFrame:
        raise NotImplementedError

    def to_polars(self, table: str | None = None) -> pl.DataFrame:
        """Return a table as a Polars frame.

        Parameters
        ----------
        table : str, optional
            One of `tables`; the first if absent.

        Raises
        ------
        DetenteError
            If there is no such table.
        """
        name = table or self.tables[0]
        if name not in self.tables:
            raise DetenteError(Fault("not_one_of", "table", got=name, choices=self.tables))
        return self._table(name)

    def to_pandas(self, table: str | None = None) -> pd.DataFrame:
        """Return a table as a pandas frame; needs ``detente[tables]``.

        Raises
        ------
        DetenteError
            If pandas or pyarrow is not installed, or there is no such table.
        """
        for module in ("pandas", "pyarrow"):
            _require(module)
        return self.to_polars(table).to_pandas()

    def to_arrow(self, table: str | None = None) -> pa.Table:
        """Return a table as an Arrow table; needs ``detente[tables]``.

        Raises
        ------
        DetenteError
            If pyarrow is not installed, or there is no such table.
        """
        _require("pyarrow")
        return self.to_polars(table).to_arrow()


def _require(module: str) -> None:
    try:
        importlib.import_module(module)
    except ImportError:
        raise DetenteError(Fault("not_installed", module, hint="install_tables")) from None


def html_table(head: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], total: int = 0) -> str:
    """Return a small table as HTML, every text escaped.

    Parameters
    ----------
    head : str
    columns : sequence of str
    rows : iterable of sequence
        None shows as nothing, a float with three decimals.
    total : int
        How many rows there are; if more than shown, the table says so.

    Examples
    --------
    >>> print(html_table("a < b", ["x"], [[0.5], [None]]))
    <table><caption>a &lt; b</caption><tr><th>x</th></tr><tr><td>0.500</td></tr><tr><td></td></tr></table>
    """
    lines = [[_cell(value) for value in row] for row in rows]
    more = f"; the last {len(lines):,} of {total:,}" if total > len(lines) else ""
    head_row = "".join(f"<th>{escape(name)}</th>" for name in columns)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in line) + "</tr>" for line in lines)
    return f"<table><caption>{escape(head + more)}</caption><tr>{head_row}</tr>{body}</table>"


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return escape(f"{value:.3f}" if isinstance(value, float) else str(value))
