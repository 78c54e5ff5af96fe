"""Which files a source has for what is asked: published ones, those of a dataset, those that a list names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import urljoin

from detente.base.errors import DataError, Fault, shorten
from detente.base.printable import printable
from detente.pull.client import Client
from detente.pull.declared import Dataset, DataSource, Listing, Published
from detente.pull.download import Wanted

_NAME = re.compile(r"[A-Za-z0-9_(][^/\\\x00-\x1f\x7f:*?\"<>|]{0,199}")
_MOST_TERMS = 300  # characters
_KINDS = {"MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256", "SHA-512": "sha512"}


@dataclass(frozen=True)
class DaysAsked:
    """The days asked for, first and last; either may be open."""

    first: date | None = None
    last: date | None = None

    def all(self) -> list[date]:
        """Return every one of them where both ends are given, else none."""
        if self.first is None or self.last is None:
            return []
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]

    def hold(self, day: date) -> bool:
        """Return whether a day is one of them."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@dataclass(frozen=True)
class Found:
    """The files to come, and what should be there and is not.

    Attributes
    ----------
    files : tuple of Wanted
    missing : tuple of str
        DaysAsked with fewer files than a day has, and files that are not public.
    left : tuple of str
        Names of files of the source that no pattern asks for.
    expected : int
        Files that should be there.
    licence : str or None
        What the source itself says of it.
    """

    files: tuple[Wanted, ...]
    expected: int
    missing: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    licence: str | None = None


def find(
    client: Client,
    source: DataSource,
    base: str,
    way: Published | Dataset | Listing,
    days: DaysAsked,
    only: tuple[str, ...],
) -> Found:
    """Return the files that a source has for what is asked.

    Raises
    ------
    RefusedError
    DataError
        If the source cannot be asked, names files that cannot be, or has none.
    """
    if isinstance(way, Published):
        digest = f"sha256:{way.sha256}" if way.sha256 else None
        return _chosen([Wanted(way.name, urljoin(base, way.path), digest=digest)], only, ())
    if isinstance(way, Listing):
        return _listed(client, source, base, way, days, only)
    return _of_dataset(client, source, base, way, only)


def _listed(
    client: Client, source: DataSource, base: str, way: Listing, days: DaysAsked, only: tuple[str, ...]
) -> Found:
    pattern = re.compile(way.line)
    files, lines = [], 0
    for line in client.lines(urljoin(base, way.path)):
        lines += 1
        match = pattern.fullmatch(line.strip())
        day = _day(match["day"]) if match else None
        if match is None or day is None or not days.hold(day):
            continue
        size = match["size"] if "size" in pattern.groupindex else None
        files.append(
            Wanted(
                _safe(match["name"], source),
                urljoin(
                    base, match["name"]
                ),  # never the address that the list gives: it may be another host's
                int(size) if size else None,
                f"md5:{match['md5']}",
                day.isoformat(),
            )
        )
    if not lines:
        raise DataError(Fault("came_empty", way.path, where=base, hint="likely", cause=source.empty))
    found = _chosen(sorted(files, key=lambda file: file.name), only, ())
    each = Counter(file.day for file in files)
    missing = [
        day.isoformat() + (f" ({each[day.isoformat()]}/{way.each_day})" if each[day.isoformat()] else "")
        for day in days.all()
        if each[day.isoformat()] < way.each_day
    ]
    expected = len(days.all()) * way.each_day or len(found.files)
    return Found(found.files, expected, tuple(missing), found.left)


def _of_dataset(client: Client, source: DataSource, base: str, way: Dataset, only: tuple[str, ...]) -> Found:
    address = urljoin(base, "api/datasets/:persistentId/versions/:latest-published")
    answer = client.json(address, query={"persistentId": f"doi:{way.doi}"})
    try:
        listed = answer["data"]["files"]
        public = [each["dataFile"] for each in listed if not each.get("restricted")]
        closed = tuple(str(each["label"]) for each in listed if each.get("restricted"))
        files = [_of_file(each, source, base) for each in public]
    except (KeyError, TypeError, ValueError) as error:
        fault = Fault("other_answer", address, reason=repr(error), hint="see_page", page=source.page)
        raise DataError(fault) from None
    count = Counter(file.name.casefold() for file in files)
    # A dataset may have several files of one name, and some disks take names for one that differ in capitals alone:
    # their numbers tell them apart, and stay.
    files = [
        file
        if count[file.name.casefold()] == 1
        else replace(file, name=_numbered(file.name, int(each["id"])))
        for file, each in zip(files, public, strict=True)
    ]
    return replace(_chosen(files, only or way.only, closed), licence=_licence(answer["data"]))


def _numbered(name: str, number: int) -> str:
    """Return a name with a number before its first ending: ``a.tab.zip`` is ``a-7.tab.zip``."""
    stem, point, endings = name.partition(".")
    return f"{stem}-{number}{point}{endings}"


def _licence(data: dict[str, Any]) -> str | None:
    """Return the licence that a dataset declares, or the beginning of its own terms."""
    found = data.get("license")
    if isinstance(found, dict) and found.get("name"):
        return f"{found['name']} ({found['uri']})" if found.get("uri") else str(found["name"])
    terms = " ".join(re.sub(r"<[^>]*>", " ", str(data.get("termsOfUse") or "")).split())
    return shorten(terms, _MOST_TERMS) if terms else None


def _of_file(value: dict[str, Any], source: DataSource, base: str) -> Wanted:
    """Return a file of a dataset; a table that the archive has rewritten is asked for as it was deposited."""
    rewritten = value.get("originalFileName") or value.get("originalFileFormat")
    name = str(value.get("originalFileName") or value["filename"])
    check = value.get("checksum") or {"type": "MD5", "value": value.get("md5")}
    kind = _KINDS.get(str(check["type"]).upper())
    size = value.get("originalFileSize") if rewritten else value.get("filesize")
    address = urljoin(base, f"api/access/datafile/{int(value['id'])}")
    return Wanted(
        _safe(name, source),
        f"{address}?format=original" if rewritten else address,
        int(size) if size is not None else None,
        f"{kind}:{check['value']}" if kind and check["value"] else None,
    )


def _chosen(files: Iterable[Wanted], only: tuple[str, ...], closed: tuple[str, ...]) -> Found:
    def wanted(name: str) -> bool:
        return not only or any(fnmatchcase(name.lower(), pattern.lower()) for pattern in only)

    files = list(files)
    kept = tuple(file for file in files if wanted(file.name))
    private = tuple(name for name in closed if wanted(name))
    left = tuple(file.name for file in files if not wanted(file.name))
    return Found(kept, len(kept) + len(private), private, left)


def _safe(name: str, source: DataSource) -> str:
    """Return a name that the source gives, if it can only be that of a file in our folder."""
    odd = not _NAME.fullmatch(name) or printable(name) != name
    if odd or name.endswith((".part", ".part.json", ".source.json")):
        raise DataError(Fault("not_a_name", "files", got=name, where=source.source))
    return name


def _day(text: str) -> date | None:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        return None
