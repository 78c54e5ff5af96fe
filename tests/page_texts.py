"""What a reader of a page sees: its texts outside elements of another language, and the digits of all of them."""

from __future__ import annotations

import re
from calendar import month_name
from html.parser import HTMLParser

_VOID = ("br", "col", "hr", "img", "input", "link", "meta")
_SEEN = ("alt", "aria-label", "data-label", "placeholder", "title")
_WORDS = re.compile(r"[A-Za-z][A-Za-z'’-]*(?:[ ,;:]+[A-Za-z][A-Za-z'’-]*){3,}")
MONTHS = list(month_name)
_DAY = re.compile(rf"(\d+) ({'|'.join(MONTHS[1:])}) (\d{{4}})")


class _Texts(HTMLParser):
    def __init__(self, base: str) -> None:
        super().__init__()
        self.base, self.open, self.own, self.all = base, [], [], []  # type: ignore[var-annotated]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        lang = values.get("lang")
        if tag not in _VOID:
            self.open.append((tag, tag in ("code", "style", "script") or (lang or self.base) != self.base))
        if not any(other for _, other in self.open):
            self.own += [text for name in _SEEN if (text := values.get(name))]

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not any(tag == "style" for tag, _ in self.open):
            self.all.append(data)
        if not any(other for _, other in self.open):
            self.own.append(data)


def texts(page: str, language: str) -> list[str]:
    """Return the texts of a page that are in its own language."""
    found = _Texts(language)
    found.feed(page)
    return [text for text in found.own if text.strip()]


def english(page: str, language: str) -> list[str]:
    """Return the runs of four English words or more on a page of another language."""
    return [run for text in texts(page, language) for run in _WORDS.findall(text)]


def numbers(page: str) -> list[str]:
    """Return the digits of a page, sorted: another language puts them in another order."""
    found = _Texts("en")
    found.feed(page)
    written = (_DAY.sub(lambda day: f"{day[1]} {MONTHS.index(day[2])} {day[3]}", text) for text in found.all)
    return sorted(number for text in written for number in re.findall(r"\d+(?:,\d{3})*(?:\.\d+)?", text))
