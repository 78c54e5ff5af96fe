"""What can be pulled: a TOML file for each source in ``data/pull`` says where it is, whose it is, and how to ask."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from detente.base.errors import ArgumentError, Fault
from detente.base.spelling import suggest


@dataclass(frozen=True, slots=True)
class Published:
    """A file at an address of its own.

    Attributes
    ----------
    path, name : str
        Where it is below the source's base, and what it is called here.
    sha256 : str or None
        Its digest where the publisher states one.
    """

    path: str
    name: str
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Dataset:
    """The files of a dataset in a Dataverse.

    Attributes
    ----------
    doi : str
    only : tuple of str
        Patterns of the names that are data; the rest are descriptions of them.
    """

    doi: str
    only: tuple[str, ...] = ("*",)


@dataclass(frozen=True, slots=True)
class Listing:
    """Files that a text file at the source lists, line by line.

    Attributes
    ----------
    path : str
        Where the list is.
    line : str
        Pattern of a line that is wanted, with the groups name, day (YYYYMMDD), md5 and, if it has one, size.
    each_day : int
        Files that a whole day has.
    """

    path: str
    line: str
    each_day: int = 1


@dataclass(frozen=True, slots=True)
class Pages:
    """Rows that an interface returns page by page, as JSON.

    Attributes
    ----------
    path, name : str
        Where the interface is and what the CSV file made of its rows is called; both may name {release}.
    rows : str
        The key under which a page has its rows.
    page, size : str
        The parameters for the number of a page and for the rows in it.
    first, most : int
        The number of the first page, and the most rows that one may have.
    id : str
        The field that no two rows share.
    total : str or None
        The key of the number of rows in all pages; without one the last page is the first that is not full.
    message : str or None
        The key under which a page says why it has none.
    between : mapping of str to str
        Parameters that ask for days, with {start} and {last}.
    release : str or None
        The release that is asked for unless another is named. A release does not change once it is published, so pages
        of one that was cut off are used again.
    by_year : bool
        Whether each year is a file of its own, so that what is cut off goes on with its year. Such a source must be
        asked for days.
    """

    path: str
    name: str
    rows: str
    page: str
    size: str
    first: int
    most: int
    id: str
    total: str | None = None
    message: str | None = None
    between: Mapping[str, str] = field(default_factory=dict)
    release: str | None = None
    by_year: bool = False


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a source wants to know of who asks; values come from `detente.pull.secrets`.

    Attributes
    ----------
    how : str
        How one gets them.
    token : str
        The name of the secret that is a token.
    header, prefix : str
        The header that carries it, and what stands before it.
    user, password : str or None
        The names of the secrets that a token is asked for with.
    path, client : str or None
        Where, and as which client.
    """

    how: str
    token: str
    header: str
    prefix: str = ""
    user: str | None = None
    password: str | None = None
    path: str | None = None
    client: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The secrets that will do, as a reader is told of them."""
        if self.user and self.password:
            return (f"{self.user} and {self.password}", self.token)
        return (self.token,)


Way = Published | Dataset | Listing | Pages


@dataclass(frozen=True, slots=True)
class DataSource:
    """A source of event data.

    Attributes
    ----------
    source : str
        Its name.
    title, licence, citation : str
    base : str
        What every address of it begins with, ending in a slash.
    page : str
        Where a person reads about it.
    empty : str
        The likely cause of an answer without data.
    denied : str
        The likely cause of a refusal.
    layout : str or None
        The format of `detente import`; None for data that are no acts.
    doi : str or None
    ways : tuple
        How its data are had: files, a dataset, a list of files, or pages.
    credentials : Credentials or None
    """

    source: str
    title: str
    licence: str
    citation: str
    base: str
    page: str
    empty: str
    denied: str
    ways: tuple[Way, ...]
    layout: str | None = None
    doi: str | None = None
    credentials: Credentials | None = None


@cache
def data_sources() -> Mapping[str, DataSource]:
    """Return the sources that can be pulled, by name.

    Examples
    --------
    >>> list(data_sources())
    ['acled', 'gdelt', 'gdelt2', 'icb', 'icews', 'icews-weekly', 'mid', 'polecat', 'ucdp', 'ucdp-bulk']
    """
    files = (resources.files("detente") / "data" / "pull").iterdir()
    texts = (file.read_text(encoding="utf-8") for file in files if file.name.endswith(".toml"))
    declared = [_declared(tomllib.loads(text)) for text in texts]
    return MappingProxyType({each.source: each for each in sorted(declared, key=lambda each: each.source)})


def source_named(name: str) -> DataSource:
    """Return a source.

    Raises
    ------
    ArgumentError
        If there is none of that name.
    """
    known = data_sources()
    if name not in known:
        hint = suggest(name, tuple(known), known=False)
        raise ArgumentError(Fault("not_one_of", "source", got=name, choices=tuple(known), **hint))
    return known[name]


def _declared(value: dict[str, Any]) -> DataSource:
    ways: list[Way] = [Published(**each) for each in value.pop("files", ())]
    if "dataset" in value:
        found = value.pop("dataset")
        ways.append(Dataset(found["doi"], tuple(found.get("only", ("*",)))))
    if "listing" in value:
        ways.append(Listing(**value.pop("listing")))
    if "pages" in value:
        ways.append(Pages(**value.pop("pages")))
    asked = value.pop("credentials", None)
    return DataSource(**value, ways=tuple(ways), credentials=Credentials(**asked) if asked else None)
