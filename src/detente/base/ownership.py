"""Marks in the files that Détente writes, by which it knows them again and replaces them without being told."""

from __future__ import annotations

import os
import re
import struct
import zlib
from importlib.metadata import version
from pathlib import Path

_HEAD = 4096  # bytes in which every mark but Parquet's stands
_PNG = b"\x89PNG\r\n\x1a\n"
_MARKS = (
    re.compile(rb'<!DOCTYPE html>.*<meta name="generator" content="detente ', re.DOTALL),
    re.compile(rb'<svg [^>]*data-made-by="detente '),
    re.compile(rb'\{\s*"made_by": ?"detente '),
    re.compile(rb"(#|<!--) (Written by detente|Proposed by `detente new) "),
    re.compile(re.escape(_PNG) + rb".{29}tEXtSoftware\0detente ", re.DOTALL),
)

_PARQUET = re.compile(rb"made_by\x18.detente ", re.DOTALL)  # a key and its value, as Thrift writes them


def made_by() -> str:
    """Return what the mark says: the program and its version.

    Examples
    --------
    >>> made_by().split()[0]
    'detente'
    """
    return f"detente {version('detente')}"


def is_ours(path: Path) -> bool:
    """Return whether a file bears the mark of a file that Détente wrote.

    HTML names its generator, JSON begins with the key ``made_by``, SVG has the attribute ``data-made-by``, PNG a text
    chunk, Parquet metadata, and the first line of CSV, Markdown and YAML is a comment.

    Raises
    ------
    OSError
        If the file cannot be read.
    """
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
        if not head.startswith(b"PAR1"):
            return any(mark.match(head) for mark in _MARKS)
        end = stream.seek(-min(8, len(head)), os.SEEK_END)
        size = int.from_bytes(stream.read(4), "little")
        stream.seek(max(end - size, 0))
        footer = stream.read(min(size, end))
        return _PARQUET.search(footer) is not None


def marked_png(image: bytes) -> bytes:
    """Return a PNG with a text chunk that names the program.

    Parameters
    ----------
    image : bytes
        A PNG without the mark.
    """
    chunk = b"tEXtSoftware\0" + made_by().encode()
    packed = struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
    first = len(_PNG) + 25  # the header of the picture comes first
    return image[:first] + packed + image[first:]


def parquet_mark() -> dict[str, str]:
    """Return the metadata of Parquet files that we write."""
    return {"made_by": made_by()}


def comment_mark(markup: bool) -> str:
    """Return the first line of a text that we write: a comment of Markdown, or of CSV and YAML.

    Examples
    --------
    >>> comment_mark(markup=True).startswith("<!-- Written by detente "), comment_mark(markup=False)[:20]
    (True, '# Written by detente')
    """
    return f"<!-- Written by {made_by()} -->" if markup else f"# Written by {made_by()}"
