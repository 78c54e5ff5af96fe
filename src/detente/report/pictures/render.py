"""The three pictures of a run, and how a picture becomes SVG and PNG without a browser."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from detente.base.ownership import made_by, marked_png
from detente.report.pictures.fans import fans_chart
from detente.report.pictures.priors import priors_chart
from detente.report.pictures.timeline import timeline_chart

if TYPE_CHECKING:
    from altair.typing import ChartType

PICTURES = {"timeline": timeline_chart, "fans": fans_chart, "priors": priors_chart}
"""The pictures of a run by name, in the order in which they are shown."""
PHONE = "-narrow"
"""What follows the name of a picture in its shape for a telephone."""


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


def render(chart: ChartType) -> tuple[str, bytes]:
    """Turn a chart into SVG text and a PNG of twice its size; nothing is fetched, and text stays text.

    Parameters
    ----------
    chart : altair chart
        Its description becomes what a screen reader says.

    Returns
    -------
    svg : str
    png : bytes
    """
    import vl_convert as vlc

    svg = to_svg(chart)
    return svg, marked_png(vlc.svg_to_png(svg, scale=PNG_SCALE))


def to_svg(chart: ChartType) -> str:
    """Turn a chart into SVG text; see `render`."""
    import altair as alt
    import vl_convert as vlc

    spec = chart.to_dict(validate=False)  # the tests validate; here it would take half the time
    drawn = vlc.vegalite_to_svg(spec, vl_version=alt.SCHEMA_VERSION.removeprefix("v").rpartition(".")[0])
    return _tidy(drawn, str(spec.get("description", "")))


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
    root.set("font-family", "sans-serif")
    root.set("data-made-by", made_by())
    root.set("role", "img")
    root.set("aria-label", description)
    title = ET.Element(f"{{{_SVG}}}title")
    title.text = description
    root.insert(0, title)
    return ET.tostring(root, encoding="unicode")


def _rounded(number: re.Match[str]) -> str:
    return f"{float(number[0]):.2f}".rstrip("0").rstrip(".")
