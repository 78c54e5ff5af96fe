"""The line that says where the files of a result are, and which of them to open."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


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
