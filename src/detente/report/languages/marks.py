"""Texts that stay in their own language: from the marks around them to what HTML and SVG say of them."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from detente.report.languages.language import ENDS, GIVEN, ORIGINAL

_MARKS = re.compile(f"[{ORIGINAL}{GIVEN}{ENDS}]")
_PARTS = re.compile(r"<[^>]*>|[^<]+")
_PLAIN = ("title", "style")  # elements that hold no others


def without_marks(text: str) -> str:
    """Return a text without the marks of its language.

    Examples
    --------
    >>> without_marks("\u2068Talks\u2069。")
    'Talks。'
    """
    return _MARKS.sub("", text)


def with_languages(page: str) -> str:
    """Return a page whose marked texts are in elements that name their language: English, or *und* for an unknown one.

    Examples
    --------
    >>> with_languages('<p title="\u2068a\u2069">\u2068Talks\u2069。</p>')
    '<p title="a"><span lang="en">Talks</span>。</p>'
    """
    if _MARKS.search(page) is None:
        return page
    out, plain = [], False
    for part in _PARTS.findall(page):
        if part.startswith("<"):
            plain = any(part.startswith(f"<{name}") for name in _PLAIN)
            out.append(without_marks(part))
        elif plain:
            out.append(without_marks(part))
        else:
            named = part.replace(ORIGINAL, '<span lang="en">').replace(GIVEN, '<span lang="und">')
            out.append(named.replace(ENDS, "</span>"))
    return "".join(out)


def mark_picture(root: ET.Element, space: str) -> None:
    """Name the language of the marked texts of a picture; one that goes on over lines is marked on each.

    Parameters
    ----------
    root : Element
        Of SVG, changed in place.
    space : str
        SVG's namespace.
    """
    inside = False
    for element in root.iter():
        if element.tag == f"{{{space}}}text":
            # Vega hands out the lines of a text in reverse, or each as a text of its own: a line that opens or ends
            # a mark, or is between them, is English.
            for line in [element, *element]:
                text = line.text or ""
                if inside or ORIGINAL in text or ENDS in text:
                    line.set("lang", "en")
                opened, ended = text.rfind(ORIGINAL), text.rfind(ENDS)
                inside = opened > ended if max(opened, ended) >= 0 else inside
                line.text = without_marks(text) if text else line.text
        elif element.text and _MARKS.search(element.text):
            element.text = without_marks(element.text)
