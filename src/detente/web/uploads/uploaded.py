"""The files of one upload: kept under names of ours, with what the visitor said of them."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

from detente.base.errors import DataError, Fault
from detente.base.files import write_whole

UPLOADS = "uploads"
_STEM = re.compile(r"[^A-Za-z0-9_-]+", re.ASCII)
_LONGEST = 40
_PIECE = 1 << 20
OPTIONS = ("format", "codebook", "columns", "dates", "null", "leading_zeros", "states", "since", "until")
"""What a visitor may say of the files; named as the options of ``detente import``."""


@dataclass(frozen=True, slots=True)
class Upload:
    """An upload on disk.

    Attributes
    ----------
    folder : Path
        Its last part is the name of the upload.
    """

    folder: Path

    @property
    def name(self) -> str:
        """Its name in addresses."""
        return self.folder.name

    @property
    def about(self) -> dict[str, Any]:
        """What the visitor said: ``title``, the names of its files, and `OPTIONS`."""
        return dict(json.loads((self.folder / "upload.json").read_text("utf-8")))

    @property
    def files(self) -> list[Path]:
        """Its files as they were sent."""
        return sorted((self.folder / "files").glob("*/*"))

    @property
    def events(self) -> Path:
        """The event file that they are imported into."""
        return self.folder / f"{self.about['title']}.parquet"


def keep_upload(folder: Path, files: Sequence[tuple[str, IO[bytes]]], said: dict[str, str]) -> Upload:
    """Write the files of an upload into its folder, which is empty.

    Parameters
    ----------
    folder : Path
    files : sequence of (name, binary stream)
        The names are for readers: no path is made of them but letters, digits, ``_`` and ``-``.
    said : dict of str to str
        Of `OPTIONS`.

    Raises
    ------
    DataError
        If there is no file, or all are empty.

    Examples
    --------
    >>> import io
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     kept = keep_upload(Path(folder), [("../../my events.csv", io.BytesIO(b"date"))], {})
    ...     kept.about["title"], [file.name for file in kept.files]
    ('my-events', ['my-events.csv'])
    """
    place = folder / "files"
    place.mkdir()
    names, title = [], ""
    for number, (name, stream) in enumerate(files):
        stem, ending = safe_name(name)
        title = title or stem
        path, empty = place / f"{number:02}" / f"{stem}{ending}", True
        path.parent.mkdir()
        with path.open("xb") as out:
            while piece := stream.read(_PIECE):
                out.write(piece)
                empty = False
        if empty:
            path.unlink()
            continue
        names.append(f"{stem}{ending}")
    if not names:
        raise DataError(Fault("no_file", "files"))
    value = {"title": title, "files": names, **{key: said.get(key, "") for key in OPTIONS}}
    write_whole(folder / "upload.json", json.dumps(value).encode())
    return Upload(folder)


def safe_name(name: str) -> tuple[str, str]:
    r"""Return stem and ending of a file's name without anything that a path or a page could misread.

    Examples
    --------
    >>> safe_name("C:\\data\\2018 events.csv.gz"), safe_name("../..")
    (('2018-events', '.csv.gz'), ('events', ''))
    """
    last = PurePosixPath(name.replace("\\", "/")).name
    stem, _, rest = last.partition(".")
    endings = [part for part in rest.lower().split(".") if re.fullmatch("[a-z0-9]{1,8}", part, re.ASCII)]
    plain = _STEM.sub("-", stem).strip("-")[:_LONGEST]
    return plain or "events", "".join(f".{part}" for part in endings[-2:])
