"""Scripts and the style sheet, under names that hold their digests, so that a browser may keep them for good."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from detente.report.languages.language import LANGUAGES

HERE = Path(__file__).parent
STYLE = "look.css"
"""The style sheet of all pages, which those of the report carry inside."""
_SCRIPTS = {
    "htmx": "htmx.min.js",
    "vega": "vega.min.js",
    "vega-lite": "vega-lite.min.js",
    "vega-embed": "vega-embed.min.js",
    "pages": "pages.js",
}


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A file that never changes under its address."""

    content: bytes
    media: str


@cache
def static_files() -> Mapping[str, StaticFile]:
    """Return every static file by the last part of its address.

    Examples
    --------
    >>> sorted(name.partition("-")[0] for name in static_files())[:2]
    ['article', 'htmx']
    """
    style = (HERE.parent / "report" / "templates" / STYLE).read_bytes()
    files = {_hashed("look", "css", style): StaticFile(style, "text/css")}
    site = (HERE / "templates" / "site.css").read_bytes() + _letters().encode()
    article = (HERE.parent / "report" / "templates" / "article.css").read_bytes()
    files |= {
        _hashed("site", "css", site): StaticFile(site, "text/css"),
        _hashed("article", "css", article): StaticFile(article, "text/css"),
    }
    for name, file in _SCRIPTS.items():
        content = (HERE / "static" / file).read_bytes()
        files[_hashed(name, "js", content)] = StaticFile(content, "text/javascript")
    return files


@cache
def static_addresses() -> Mapping[str, str]:
    """Return the address of every static file by its plain name.

    Examples
    --------
    >>> static_addresses()["htmx"].startswith("/static/htmx-")
    True
    """
    return {name.rpartition("-")[0]: f"/static/{name}" for name in static_files()}


def _letters() -> str:
    """Return the rules of the fonts of each language that has some of its own, as ``letters.css`` of the report has."""
    return "".join(
        f"html:lang({tag}) body, html:lang({tag}) svg {{ font-family: system-ui, {one.fonts}, sans-serif; }}\n"
        f"html:lang({tag}) em {{ font-style: normal; font-weight: 600; }}\n"
        for tag, one in LANGUAGES.items()
        if one.fonts
    )


def _hashed(name: str, ending: str, content: bytes) -> str:
    return f"{name}-{sha256(content).hexdigest()[:16]}.{ending}"
