"""Where the pages of an article are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

PAGES: Mapping[str, str] = {"en": "index.html", "zh-Hans": "zh-hans.html", "zh-Hant": "zh-hant.html"}
"""The file of each language's page; links between them are relative."""


@dataclass(frozen=True)
class Addresses:
    """Where the pages of an article are.

    Attributes
    ----------
    pages : mapping of str to str
        The address of the page in each language, relative to one another.
    base_url : str or None
        What precedes them where a full address is asked for, as in links for other languages.
    of_argument : callable
        The address of another argument's page, by its rivalry and its name; None where it has none.
    linked_only : bool
        Whether arguments of other rivalries that have no page here are left out.
    """

    pages: Mapping[str, str] = field(default_factory=lambda: PAGES)
    base_url: str | None = None
    of_argument: Callable[[str | None, str], str | None] = lambda rivalry, argument: None
    linked_only: bool = False

    def full(self, address: str) -> str:
        """Return the full address where `base_url` is known, else the address itself."""
        return address if self.base_url is None else f"{self.base_url.rstrip('/')}/{address.lstrip('/')}"
