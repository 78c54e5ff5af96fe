"""Results as one line, as tables of Polars, pandas and Arrow, and as the small tables that notebooks show."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from html import escape
from typing import TYPE_CHECKING, Any, ClassVar

import polars as pl

from detente.base.errors import DetenteError, Fault

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


_LONGEST = 120  # characters of a result's line
_SHOWN = 12  # rows that a notebook shows


class Tables:
    """A result that is printed as one line and can be had as tables.

    A class names its tables in `tables`, the usual one first, and makes them in `_table`. Its line is the name of the
    class and what `_about` says: of which case, as of when, how many.
    """

    # No attributes of its own, so that frozen results stay what they are.
    __slots__ = ()
    tables: ClassVar[tuple[str, ...]] = ("events",)

    def __init_subclass__(cls, **options: Any) -> None:
        """Give the class this line as its own, since a dataclass would else make one of all its values."""
        super().__init_subclass__(**options)
        if "__repr__" not in cls.__dict__:
            cls.__repr__ = Tables.__repr__  # type: ignore[method-assign]

    def _about(self) -> str:
        raise NotImplementedError

    def _table(self, name: str) -> pl.DataFrame:
        raise NotImplementedError

    def __repr__(self) -> str:
        """Return one line of at most 120 characters."""
        text = " ".join(f"{type(self).__name__} {self._about()}".split())
        text = "".join(c if c.isprintable() else "?" for c in text)
        return f"<{text}>" if len(text) <= _LONGEST - 2 else f"<{text[: _LONGEST - 5]}...>"

    def _repr_html_(self) -> str:
        table = self._table(self.tables[0])
        plain = [name for name, kind in table.schema.items() if not kind.is_nested()]
        shown = table.select(plain).head(_SHOWN)
        return html_table(self._about(), plain, shown.rows(), len(table), which="first")

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


def heading(*subjects: object, **numbers: float) -> str:
    """Return the line of a result: what it is about and as of when, and how many of what.

    Parameters
    ----------
    *subjects : object
        A day is written as an as-of day.
    **numbers : float
        Whole numbers are counts of what their name says; others are values.

    Examples
    --------
    >>> heading("us-iran", date(2020, 1, 17), futures=2000, chance=0.25)
    'us-iran, as of 2020-01-17: 2,000 futures, chance 0.25'
    """
    about = [f"as of {each}" if isinstance(each, date) else str(each) for each in subjects]
    said = [
        f"{value:,} {name}" if isinstance(value, int) else f"{name} {value:.2f}"
        for name, value in ((name.replace("_", " "), value) for name, value in numbers.items())
    ]
    return f"{', '.join(about)}: {', '.join(said)}"


def table_of(columns: Mapping[str, type], rows: Iterable[Sequence[Any] | Mapping[str, Any]]) -> pl.DataFrame:
    """Return rows as a frame whose columns have their types even where there is no row.

    Parameters
    ----------
    columns : mapping of str to type
        ``str``, ``int``, ``float``, ``bool`` or ``date``, by name.
    rows : iterable of sequence or mapping
        Their values in the order of the columns, or by name; what a mapping has besides is left out.

    Examples
    --------
    >>> table_of({"actor": str, "rank": int}, []).columns
    ['actor', 'rank']
    """
    values: list[list[Any]] = [
        [row.get(name) for name in columns] if isinstance(row, Mapping) else list(row) for row in rows
    ]
    floats = [i for i, kind in enumerate(columns.values()) if kind is float]
    for row in values:
        for i in floats:
            row[i] = None if row[i] is None else float(row[i])  # a whole number too
    return pl.DataFrame(values, dict(columns), orient="row")


def html_table(
    head: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], total: int = 0, which: str = "last"
) -> str:
    """Return a small table as HTML, every text escaped.

    Parameters
    ----------
    head : str
    columns : sequence of str
    rows : iterable of sequence
        None shows as nothing, a float with three decimals.
    total : int
        How many rows there are; if more than shown, the table says so.
    which : str
        Which of them are shown: ``first`` or ``last``.

    Examples
    --------
    >>> print(html_table("a < b", ["x"], [[0.5], [None]]))
    <table><caption>a &lt; b</caption><tr><th>x</th></tr><tr><td>0.500</td></tr><tr><td></td></tr></table>
    """
    lines = [[_cell(value) for value in row] for row in rows]
    more = f"; the {which} {len(lines):,} of {total:,}" if total > len(lines) else ""
    head_row = "".join(f"<th>{escape(name)}</th>" for name in columns)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in line) + "</tr>" for line in lines)
    return f"<table><caption>{escape(head + more)}</caption><tr>{head_row}</tr>{body}</table>"


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return escape(f"{value:.3f}" if isinstance(value, float) else str(value))
