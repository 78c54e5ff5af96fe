"""Rows that an interface returns page by page, written as one CSV file when all of them are here."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from detente.base.errors import DataError, Fault
from detente.base.files import output_faults, replacing, write_whole
from detente.pull.beside import digest_of
from detente.pull.client import Client, RefusedError
from detente.pull.declared import DataSource, Pages
from detente.pull.download import Note
from detente.pull.found import DaysAsked
from detente.pull.tokens import AccessToken

Told = Callable[[int, int], None]  # rows that are here, rows in all (0 if unknown)
Row = dict[str, Any]
_MOST_PAGES = 100_000
_MOST_RENEWALS = 2  # of a token for one page: by the token for renewal, then by the password


@dataclass(frozen=True)
class Piece:
    """What becomes one CSV file.

    Attributes
    ----------
    name, address : str
    query : mapping of str to str
        What is asked for, without the number of the page.
    days : str
        The days asked for; empty for all.
    """

    name: str
    address: str
    query: Mapping[str, str]
    days: str


def pieces_of(
    base: str, way: Pages, days: DaysAsked, where: Mapping[str, str], release: str | None
) -> tuple[Piece, ...]:
    """Return the files that the answer will be, one a year where the source is asked by year."""
    release = release or way.release or ""
    address = urljoin(base, way.path.format(release=release))
    spans = _years(days) if way.by_year else [days]
    found = []
    for span in spans:
        asked = dict(where)
        first, last = (day.isoformat() if day else "" for day in (span.first, span.last))
        if first and last:
            asked |= {name: text.format(start=first, last=last) for name, text in way.between.items()}
        about = [
            release,
            f"{first}_{last}" if first and last else "",
            *(f"{n}-{v}" for n, v in where.items()),
        ]
        tail = "-".join(_plain(part) for part in about if part)
        found.append(
            Piece(f"{way.name}-{tail}.csv" if tail else f"{way.name}.csv", address, asked, f"{first}/{last}")
        )
    return tuple(found)


def pull_piece(
    client: Client,
    source: DataSource,
    way: Pages,
    piece: Piece,
    path: Path,
    token: AccessToken | None,
    note: Note,
    told: Told | None = None,
) -> dict[str, Any] | None:
    """Ask for all pages of a piece and write its rows; None if the source has no row for it.

    `note` is called with what is returned just before the file is moved to its place.

    Raises
    ------
    DataError
        If the source refuses, answers otherwise than its documentation says, or has other rows than it says.
    OutputError
    """
    store = _Store(path, piece, keeps=way.release is not None)
    count, number, ids = 0, 0, set[str]()
    columns: tuple[str, ...] = ()
    total: int | None = None
    with output_faults(path, "into"):
        for number in range(_MOST_PAGES):
            page = store.read(number)
            if page is None:
                page = _page(client, source, way, piece, way.first + number, token)
                store.write(number, page)
            rows, total = page["rows"], page["total"]
            columns = columns or (tuple(rows[0]) if rows else ())
            for row in rows:
                if len(row) != len(columns) or set(row) != set(columns):
                    store.remove()
                    raise DataError(_strange(piece, source, f"{source.source}: {way.id}={row.get(way.id)}"))
                ids.add(str(row.get(way.id)))
            count += len(rows)
            if told:
                told(count, total or 0)
            if (
                not rows
                or len(ids) != count
                or (count >= total if total is not None else len(rows) < way.most)
            ):
                break
    if len(ids) != count or (total is not None and count != total):
        store.remove()
        raise DataError(
            Fault(
                "rows_missing",
                piece.name,
                got=len(ids),
                where=piece.address,
                hint="pull_again",
                total=total if total is not None else count,
                page=source.page,
            )
        )
    if not count:
        store.remove()
        return None
    with replacing(path, field="into") as temporary:
        with temporary.open("x", encoding="utf-8", errors="replace", newline="") as out:
            writer = csv.writer(out, lineterminator="\n")
            writer.writerow(columns)
            for each in range(number + 1):
                rows = (store.read(each) or {"rows": ()})["rows"]
                writer.writerows([_cell(row[name]) for name in columns] for row in rows)
        known = {
            "address": piece.address,
            "query": dict(piece.query),
            "rows": count,
            "promised_rows": total,
            "bytes": temporary.stat().st_size,
            "sha256": digest_of(temporary),
        }
        note(known)
    store.remove()
    return known


class _Store:
    """Pages on disk until all are here; those of an earlier process are used if the release cannot have changed."""

    def __init__(self, path: Path, piece: Piece, *, keeps: bool) -> None:
        asked = json.dumps([piece.address, dict(piece.query)], sort_keys=True)
        self._folder = path.with_name(f"{path.name}.part")
        self._key = hashlib.sha256(asked.encode()).hexdigest()[:16]
        if not keeps:
            self.remove()

    def _file(self, number: int) -> Path:
        return self._folder / f"{self._key}-{number:06}.json"

    def read(self, number: int) -> dict[str, Any] | None:
        """Return a page that is here whole."""
        with suppress(OSError, ValueError):
            value = json.loads(self._file(number).read_text("utf-8"))
            return value if isinstance(value, dict) else None
        return None

    def write(self, number: int, page: dict[str, Any]) -> None:
        self._folder.mkdir(exist_ok=True)
        write_whole(self._file(number), json.dumps(page).encode(), field="into")

    def remove(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)


def _page(
    client: Client, source: DataSource, way: Pages, piece: Piece, number: int, token: AccessToken | None
) -> dict[str, Any]:
    query: dict[str, str | int] = {**piece.query, way.page: number, way.size: way.most}
    renewals = 0
    while True:
        headers = token.headers() if token is not None else None
        try:
            answer = client.json(piece.address, query=query, headers=headers)
            break
        except RefusedError as error:
            if token is None:
                fault = Fault(
                    "credentials_refused",
                    source.source,
                    status=error.status,
                    hint="likely",
                    cause=source.denied,
                )
                raise DataError(fault) from None
            if error.status != 401 or renewals == _MOST_RENEWALS or not token.renewed():
                raise token.refused(error.status) from None
            renewals += 1
    rows = answer.get(way.rows) if isinstance(answer, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        said = answer.get(way.message) if way.message and isinstance(answer, dict) else None
        raise DataError(_strange(piece, source, client.secrets.hidden(str(said or type(answer).__name__))))
    total = answer.get(way.total) if way.total else None
    if way.total and (not isinstance(total, int) or total < 0):
        raise DataError(_strange(piece, source, f"{way.total}={total!r}"))
    return {"rows": rows, "total": total}


def _strange(piece: Piece, source: DataSource, reason: str) -> Fault:
    return Fault("other_answer", piece.address, reason=reason, hint="see_page", page=source.page)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return "; ".join(_cell(each) for each in value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)


def _plain(text: str) -> str:
    return "".join(ch if ch.isalnum() or ch in "._-" else "-" for ch in text)


def _years(days: DaysAsked) -> Iterator[DaysAsked]:
    """Split days into years."""
    if days.first is None or days.last is None:
        return
    for year in range(days.first.year, days.last.year + 1):
        yield DaysAsked(
            max(days.first, days.first.replace(year, 1, 1)), min(days.last, days.last.replace(year, 12, 31))
        )
