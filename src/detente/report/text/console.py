"""The sheet on which tables are laid out as text, and the tables themselves."""

from __future__ import annotations

import io

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
