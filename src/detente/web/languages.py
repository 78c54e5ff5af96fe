"""The language of a page: the first part of its path, or, on the first page, what the browser prefers.

Everything behind sees addresses without that part. Templates write `base` before the addresses of pages, and a redirect
gets it here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from detente.report.languages.language import ENGLISH, LANGUAGES, in_language

PREFIXES: Mapping[str, str] = {f"/{tag.lower()}": tag for tag in LANGUAGES}
"""The tag of each language by the first part of its addresses; an address without one is in English."""
_BARE = ("/api/", "/static/", "/live")  # what has no language
_TRADITIONAL = ("hant", "tw", "hk", "mo")
_MOST = 20  # languages of a browser that are looked at


class Languages:
    """Writes each page in the language of its path.

    Parameters
    ----------
    app : ASGI application
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        prefix, path = parted(scope["path"])
        headers, first = Headers(scope=scope), scope["path"] == "/"
        if first:
            tag = preferred(headers.get("accept-language", ""))
            prefix = "" if tag == ENGLISH.tag else f"/{tag.lower()}"

        async def send_there(message: Message) -> None:
            if message["type"] == "http.response.start":
                changed = MutableHeaders(scope=message)
                if prefix and "location" in changed:
                    changed["location"] = redirected(changed["location"], prefix, headers.get("host", ""))
                if first:
                    changed.add_vary_header("accept-language")
            await send(message)

        with in_language(PREFIXES.get(prefix, ENGLISH.tag)):
            await self.app({**scope, "path": path, "prefix": prefix}, receive, send_there)


def prefix_of(request: Request) -> str:
    """Return what precedes the addresses of pages in the language of a request."""
    return str(request.scope.get("prefix", ""))


def addresses_in_languages(path: str) -> dict[str, str]:
    """Return an address without language in each of them.

    Examples
    --------
    >>> addresses_in_languages("/new")["zh-Hans"]
    '/zh-hans/new'
    """
    return {tag: prefix + path for prefix, tag in PREFIXES.items()}


def parted(path: str) -> tuple[str, str]:
    """Return the language's part of a path, empty if there is none, and the rest.

    Examples
    --------
    >>> parted("/zh-hans/case/us-iran"), parted("/en"), parted("/new"), parted("/en/api/v1/cases")
    (('/zh-hans', '/case/us-iran'), ('/en', '/'), ('', '/new'), ('', '/en/api/v1/cases'))
    """
    for prefix in PREFIXES:
        rest = path.removeprefix(prefix)
        if rest != path and rest[:1] in ("", "/") and not rest.startswith(_BARE):
            return prefix, rest or "/"
    return "", path


def redirected(location: str, prefix: str, host: str) -> str:
    """Return where a redirect within this server leads, in the language of who asked.

    Examples
    --------
    >>> redirected("/new", "/zh-hans", "localhost"), redirected("?q=war", "/zh-hans", "localhost")
    ('/zh-hans/new', '?q=war')
    """
    begin = re.match(rf"(https?://{re.escape(host)})?(?=/)", location)
    return location if begin is None else f"{begin[0]}{prefix}{location[begin.end() :]}"


def preferred(accepted: str) -> str:
    """Return the tag of the language that a browser's ``Accept-Language`` prefers; English if we have none of them.

    Examples
    --------
    >>> preferred("fr, zh-TW;q=0.8, en;q=0.5"), preferred("zh-CN"), preferred("en, zh"), preferred("de")
    ('zh-Hant', 'zh-Hans', 'en', 'en')
    """
    wanted: list[tuple[float, str]] = []
    for part in accepted.split(",")[:_MOST]:
        name, _, weight = part.partition(";")
        found = re.fullmatch(r"\s*q=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)\s*", weight, re.ASCII)
        wanted.append((float(found[1]) if found else 0.0 if weight else 1.0, name.strip().lower()))
    for share, name in sorted(wanted, key=lambda one: -one[0]):
        first, *rest = name.split("-")
        if not share:
            continue
        if first == "zh":
            return "zh-Hant" if set(rest) & set(_TRADITIONAL) and "hans" not in rest else "zh-Hans"
        if first == ENGLISH.tag:
            break
    return ENGLISH.tag
