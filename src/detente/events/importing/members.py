"""Files as texts: packed or not, one or many in an archive, and never more than their size explains."""

from __future__ import annotations

import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from detente.base.errors import DataError
from detente.base.input_files import too_large, unfit
from detente.base.input_limits import LIMITS, UNSUSPICIOUS, Limits
from detente.events.files.archives import OLD_WORKBOOK, refuse_workbook, tables_in
from detente.events.files.raw_table import file_error
from detente.events.files.read_table import unpacks_to_too_much

_LINE_ENDS = re.compile(r"[\r\n\x85\u2028\u2029]")


@dataclass(frozen=True)
class Member:
    """One text in a file: the file itself, or a file in a zip archive.

    Attributes
    ----------
    name : str
        For messages: ``events.zip/2018.tab``.
    stream : binary stream
        Unpacked.
    done : callable
        Bytes of the file on disk that are behind us.
    left_out : tuple[str, ...]
        Files beside it in the archive that are no tables.
    """

    name: str
    stream: IO[bytes]
    done: Callable[[], int]
    left_out: tuple[str, ...] = ()


@contextmanager
def reading(name: str) -> Iterator[None]:
    """Turn what a packed or broken file raises into the error of a file.

    Raises
    ------
    DataError
        With the file's name and the reason.
    """
    try:
        yield
    except FileNotFoundError:
        raise file_error("missing_file", name, "give_file") from None
    except (
        gzip.BadGzipFile,
        EOFError,
        zlib.error,
        zipfile.BadZipFile,
        NotImplementedError,
        RuntimeError,
    ) as error:
        raise file_error("not_unpacked", name, "get_again_damaged", reason=str(error)) from None
    except OSError as error:
        raise file_error("unreadable", name, "check_path", reason=error.strerror or str(error)) from None


def size_of(path: Path, limits: Limits = LIMITS) -> int:
    """Return the bytes of a file that may be read, without opening it.

    Raises
    ------
    DataError
        If it is no regular file, too large or empty.
    """
    with reading(path.name):
        if fault := unfit(path, "file", "file", limits.file):
            raise DataError(fault)
        size = path.stat().st_size
    if not size:
        raise file_error("empty", path.name, "get_again")
    return size


class _Measured(io.RawIOBase):
    """An unpacked stream that ends with an error once it has given more bytes than the packed ones read explain."""

    def __init__(
        self, stream: gzip.GzipFile, refuse: Callable[[], DataError], allowed: Callable[[], int]
    ) -> None:
        self._stream, self._refuse, self._allowed, self._given = stream, refuse, allowed, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        piece = self._stream.read(len(buffer))
        self._given += len(piece)
        if self._given > self._allowed():
            raise self._refuse()
        buffer[: len(piece)] = piece
        return len(piece)


def members(path: Path, limits: Limits = LIMITS) -> Generator[Member, None, None]:
    """Yield the texts of a file: packed or not is told by its first bytes, not by its name.

    Raises
    ------
    DataError
        If it is no file, empty, does not unpack, or unpacks to more than the limits allow.
    """
    most = limits.unpacked(size_of(path, limits), limits.file)

    def refuse() -> DataError:
        if most == limits.file:
            return DataError(too_large(path.name, "file", "file", most))
        return unpacks_to_too_much(path.name, most, limits)

    with reading(path.name), path.open("rb") as raw:
        magic = raw.read(4)
        said = _last_four(raw)
        raw.seek(0)
        if not magic:
            raise file_error("empty", path.name, "get_again")
        if magic.startswith(OLD_WORKBOOK):
            raise file_error("workbook", path.name, "save_workbook")
        if magic.startswith(b"PK"):
            yield from _zipped(path.name, raw, refuse, most)
        elif magic.startswith(b"\x1f\x8b"):
            # the bytes that it, or its last part, unpacks to, if it was not cut off: too few perhaps, never too many
            if said > most and size_of(path, limits) > UNSUSPICIOUS:
                raise refuse()
            with gzip.GzipFile(fileobj=raw) as stream:
                measured = _Measured(stream, refuse, lambda: limits.unpacked(raw.tell(), limits.file))
                yield Member(path.name, io.BufferedReader(measured, 1 << 20), raw.tell)
        else:
            yield Member(path.name, raw, raw.tell)


def _last_four(raw: IO[bytes]) -> int:
    raw.seek(-min(4, raw.seek(0, io.SEEK_END)), io.SEEK_END)
    return int.from_bytes(raw.read(4), "little")


def _zipped(name: str, raw: IO[bytes], refuse: Callable[[], DataError], most: int) -> Iterator[Member]:
    with zipfile.ZipFile(raw) as archive:
        inside = [i for i in archive.infolist() if not i.is_dir() and not i.filename.startswith("__MACOSX/")]
        if not inside:
            raise file_error("empty_archive", name, "get_again")
        refuse_workbook(name, archive.namelist())
        wanted = tables_in([entry.filename for entry in inside])
        left_out = tuple(entry.filename for entry in inside if entry.filename not in wanted)
        inside = [entry for entry in inside if entry.filename in wanted]
        if sum(entry.file_size for entry in inside) > most:  # none is read beyond what the archive says of it
            raise refuse()
        behind = 0
        for entry in inside:
            with archive.open(entry) as stream:
                start, packed, plain = behind, entry.compress_size, max(entry.file_size, 1)

                def done(
                    start: int = start, packed: int = packed, plain: int = plain, s: IO[bytes] = stream
                ) -> int:
                    return start + packed * min(s.tell(), plain) // plain

                yield Member(f"{name}/{_LINE_ENDS.sub(' ', entry.filename)}", stream, done, left_out)
            behind += entry.compress_size
