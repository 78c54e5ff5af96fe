"""Archives: which of their files are tables, and which are about them."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from pathlib import PurePosixPath

from detente.events.files.raw_table import file_error

OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"
"""What a workbook of Excel before 2007 begins with."""


_TABLES, _TEXTS = (".csv", ".tab", ".tsv"), (".txt", "")
_ABOUT = re.compile(r"read.?me|licen[cs]e|codebook|citation|manifest|changes|changelog", re.IGNORECASE)


def tables_in(names: Sequence[str]) -> list[str]:
    """Return which files of an archive are tables: by their endings, texts only where nothing ends like a table.

    Examples
    --------
    >>> tables_in(["a.csv", "readme.txt", "codebook.pdf"]), tables_in(["data/2018.txt", "README"])
    (['a.csv'], ['data/2018.txt'])
    >>> tables_in(["data/a.csv", "data/._a.csv"])  # what a Macintosh leaves beside a file
    ['data/a.csv']
    """
    seen = [name for name in names if not PurePosixPath(name).name.startswith(".")]
    plain = [name for name in seen if not _ABOUT.search(PurePosixPath(name).name)]
    for endings in (_TABLES, _TEXTS):
        if found := [name for name in plain if PurePosixPath(name).suffix.lower() in endings]:
            return found
    return seen or list(names)


def refuse_workbook(name: str, names: Collection[str]) -> None:
    """Refuse an archive that is a workbook of Excel or another office.

    Raises
    ------
    DataError
    """
    if {"[Content_Types].xml", "content.xml"} & set(names):
        raise file_error("workbook", name, "save_workbook")
