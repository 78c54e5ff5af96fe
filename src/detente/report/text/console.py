"""The sheet on which tables are laid out as text, and the tables themselves."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Sequence
from pathlib import Path

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table

_NARROW = 100


class Sheet(Console):
    """A console that writes to memory: as wide as the terminal if there is one, else 100 columns."""

    def __init__(self) -> None:
        screen = Console()  # asks how wide the terminal is, and writes nothing
        self.written = io.StringIO()
        super().__init__(
            file=self.written,
            width=screen.width if screen.is_terminal else _NARROW,
            force_terminal=screen.is_terminal,
            highlight=False,
        )

    def text(self) -> str:
        """Return what was laid out, without the last line break."""
        return self.written.getvalue().removesuffix("\n")


def table(title: str, *columns: str, numbers: int = 0) -> Table:
    """Return an empty table without lines; its last `numbers` columns are aligned to the right."""
    out = Table(title=title, title_justify="left", box=None, pad_edge=False, title_style="bold")
    for i, column in enumerate(columns):
        out.add_column(column, justify="right" if i >= len(columns) - numbers else "left", overflow="fold")
    return out


def entries(
    columns: Sequence[str],
    rows: Sequence[tuple[Sequence[str], str]],
    width: int,
    *,
    numbers: Sequence[str] = (),
) -> str:
    """Return rows of short cells, each above its sentence, which takes the whole width.

    Parameters
    ----------
    columns : sequence of str
        The heads; a first column that leaves the others no room has a line of its own.
    rows : sequence of (cells, str)
        The sentence may be empty.
    width : int
        Columns of the sheet.
    numbers : sequence of str
        The columns aligned to the right.

    Examples
    --------
    >>> rows = [(("strike", "9 %"), "A strike kills someone within 30 days"), (("talks", "41 %"), "")]
    >>> print(entries(("id", "chance"), rows, 30, numbers=["chance"]))
    id      chance
    strike     9 %
        A strike kills someone
        within 30 days
    talks     41 %
    """
    table_rows = [tuple(columns), *(tuple(cells) for cells, _ in rows)]
    wide = [max(map(cell_len, column)) for column in zip(*table_rows, strict=True)]
    alone = sum(wide) + 2 * (len(wide) - 1) > width
    lines = []
    for cells, sentence in zip(table_rows, ["", *(sentence for _, sentence in rows)], strict=True):
        padded = [
            " " * (size - cell_len(cell)) + cell if name in numbers else cell + " " * (size - cell_len(cell))
            for name, cell, size in zip(columns, cells, wide, strict=True)
        ]
        parts = [padded[0], "    " + "  ".join(padded[1:])] if alone else ["  ".join(padded)]
        lines += [part.rstrip() for part in parts]
        indent = " " * 4
        lines += textwrap.wrap(sentence, max(width, 20), initial_indent=indent, subsequent_indent=indent)
    return "\n".join(lines)


def written_text(written: Sequence[Path]) -> str:
    """Return where files were written, and which to open: the page, or the first picture where there is no page.

    Examples
    --------
    >>> written_text([Path("out/door.json"), Path("out/door.svg"), Path("out/index.html")])
    'Written to out: open out/index.html'
    """
    first = next(
        (path for ending in (".html", ".svg") for path in written if path.suffix == ending), written[0]
    )
    return f"Written to {written[0].parent}: open {first}"
