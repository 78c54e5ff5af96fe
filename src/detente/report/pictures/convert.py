"""How a picture's specification becomes SVG and PNG without a browser; light to load, so that a process can draw."""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from detente.base.ownership import made_by, marked_png
from detente.report.languages.marks import mark_picture, without_marks

PNG_SCALE = 2
_SVG = "http://www.w3.org/2000/svg"


# One description of the whole stands for these; the rest only matter to a script that handles clicks.
_NOISE = (
    "class",
    "role",
    "aria-hidden",
    "aria-label",
    "aria-roledescription",
    "pointer-events",
    "font-family",
)
_LONG_NUMBER = re.compile(r"-?\d+\.\d{3,}(?:e-?\d+)?")


@dataclass(frozen=True, slots=True)
class Specification:
    """A chart as plain values.

    Attributes
    ----------
    text : str
        Vega-Lite as JSON.
    version : str
        Of Vega-Lite.
    description : str
        What a screen reader says.
    png : bool
        Whether a PNG is wanted too.
    """

    text: str
    version: str
    description: str
    png: bool


def convert(chart: Specification) -> tuple[str, bytes]:
    """Return a chart as SVG text and as a PNG of twice its size, empty if none is wanted; nothing is fetched."""
    import vl_convert as vlc

    drawn = vlc.vegalite_to_svg(chart.text, vl_version=chart.version)
    svg = _tidy(drawn, chart.description)
    return svg, marked_png(vlc.svg_to_png(svg, scale=PNG_SCALE)) if chart.png else b""


def drawn_png(svg: str) -> bytes:
    """Turn SVG text into a PNG of twice its size that bears the program's mark."""
    import vl_convert as vlc

    return marked_png(vlc.svg_to_png(svg, scale=PNG_SCALE))


def warm_up(_: None = None) -> None:
    """Draw an empty picture: the first one takes half a second more than the others."""
    import vl_convert as vlc

    vlc.vegalite_to_svg({"data": {"values": []}, "mark": "bar"})


def _tidy(drawn: str, description: str) -> str:
    """Return the SVG with a title, without what only scripts use, and with shorter numbers."""
    ET.register_namespace("", _SVG)
    root = ET.fromstring(drawn)  # noqa: S314 - written by Vega a moment ago, not by a stranger
    for element in root.iter():
        for name in _NOISE:
            element.attrib.pop(name, None)
        if element.get("opacity") == "1":
            del element.attrib["opacity"]
        for name in ("d", "transform"):
            if name in element.attrib:
                element.set(name, _LONG_NUMBER.sub(_rounded, element.attrib[name]))
        for child in [
            child for child in element if child.get("display") == "none" or child.get("opacity") == "0"
        ]:
            element.remove(child)
    mark_picture(root, _SVG)
    root.set("font-family", "sans-serif")
    root.set("data-made-by", made_by())
    root.set("role", "img")
    root.set("aria-label", without_marks(description))
    title = ET.Element(f"{{{_SVG}}}title")
    title.text = without_marks(description)
    root.insert(0, title)
    return ET.tostring(root, encoding="unicode")


def _rounded(number: re.Match[str]) -> str:
    return f"{float(number[0]):.2f}".rstrip("0").rstrip(".")
