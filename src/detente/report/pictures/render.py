"""The three pictures of a run, and how charts are handed over to be drawn."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING

from detente.base.workers import Workers
from detente.report.pictures.convert import Specification, convert
from detente.report.pictures.fans import fans_chart
from detente.report.pictures.priors import priors_chart
from detente.report.pictures.timeline import timeline_chart

if TYPE_CHECKING:
    from altair.typing import ChartType

PICTURES = {"timeline": timeline_chart, "fans": fans_chart, "priors": priors_chart}
"""The pictures of a run by name, in the order in which they are shown."""
PHONE = "-narrow"
"""What follows the name of a picture in its shape for a telephone."""
_MOST = 100  # pictures that may wait to be drawn


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
    return convert(_specification(chart, png=True))


def to_svg(chart: ChartType) -> str:
    """Turn a chart into SVG text; see `render`."""
    return convert(_specification(chart, png=False))[0]


def render_all(
    charts: Iterable[tuple[Callable[[], ChartType], bool]],
    workers: Workers | None = None,
    texts: list[str] | None = None,
) -> Iterator[tuple[str, bytes]]:
    """Yield the SVG text and the PNG of every chart, in order.

    Parameters
    ----------
    charts : iterable of (callable, bool)
        What makes a chart, called here, and whether its PNG is wanted; else that is empty.
    workers : Workers, optional
        Who draws while the next chart is made. Processes, since drawing holds up the threads beside it.
    texts : list of str, optional
        Takes the Vega-Lite text of every chart, for a page that draws it again where scripts run.
    """
    from altair.utils.schemapi import debug_mode

    def specifications() -> Iterator[Specification]:
        for draw, png in charts:
            with debug_mode(False):  # the tests validate; here it would take half the time
                chart = draw()
            made = _specification(chart, png=png)
            if texts is not None:
                texts.append(made.text)
            yield made

    if workers is None:
        return map(convert, specifications())
    return workers.stream(convert, specifications(), ahead=_MOST)


def picture_files(
    pictures: Mapping[str, Callable[..., ChartType]],
    *what: object,
    svgs: dict[str, str],
    workers: Workers | None = None,
) -> Iterator[tuple[str, bytes]]:
    """Yield the SVG and the PNG file of every picture.

    Parameters
    ----------
    pictures : mapping of str to callable
        By name; each takes `what`, and ``narrow`` for its shape for a telephone.
    svgs : dict of str to str
        Takes the SVG text of both shapes by name, for the page.
    workers : Workers, optional
        See `render_all`.
    """

    def charts() -> Iterator[tuple[Callable[[], ChartType], bool]]:
        for draw in pictures.values():
            yield partial(draw, *what), True
            yield partial(draw, *what, narrow=True), False

    drawn = render_all(charts(), workers)
    for name in pictures:
        svgs[name], png = next(drawn)
        yield f"{name}.svg", svgs[name].encode()
        yield f"{name}.png", png
        svgs[name + PHONE], _ = next(drawn)


def _specification(chart: ChartType, *, png: bool) -> Specification:
    import altair as alt

    spec = chart.to_dict(validate=False)  # the tests validate; here it would take half the time
    version = alt.SCHEMA_VERSION.removeprefix("v").rpartition(".")[0]
    return Specification(json.dumps(spec), version, str(spec.get("description", "")), png)
