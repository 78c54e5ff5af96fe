"""The lead picture of an article: acts between the principals, year by year, as SVG that takes the page's colours."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from detente.base.ownership import made_by

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from detente.studies.article import YearOfActs

WIDTH, HEIGHT, EDGE, FOOT = 720.0, 300.0, 8.0, 22.0
COLOURS = {"force": "#D55E00", "hostile": "#E69F00", "friendly": "#0072B2"}
"""The colours of the bars, which readers with any common colour blindness tell apart on white and on black."""


def years_svg(
    years: Sequence[YearOfActs],
    as_of: date,
    *,
    title: str,
    said: Callable[[YearOfActs], str],
    fixed: bool = False,
) -> str:
    """Draw a bar upwards for hostile acts and one downwards for friendly acts of each year; grey is not covered.

    Parameters
    ----------
    years : sequence of YearOfActs
    as_of : date
        Marked by a line; years after it are drawn pale.
    title : str
        What a screen reader says of the picture.
    said : callable
        What the pointer shows of a year.
    fixed : bool
        Whether to draw on white in dark ink, for a file of its own; else the page's colours are taken.

    Examples
    --------
    >>> from datetime import date
    >>> from detente.studies.article import YearOfActs
    >>> svg = years_svg([YearOfActs(2020, 2, 3, 1)], date(2020, 1, 17), title="Acts", said=str)
    >>> svg.count("<rect"), "2020" in svg
    (3, True)
    """
    ink, line = ("#222", "#999") if fixed else ("var(--ink)", "var(--quiet)")
    up = max((y.force + y.hostile for y in years), default=0)
    down = max((y.friendly for y in years), default=0)
    scale = (HEIGHT - FOOT - 2 * EDGE) / max(up + down, 1)
    zero = EDGE + up * scale
    step = (WIDTH - 2 * EDGE) / max(len(years), 1)
    parts = []
    for i, year in enumerate(years):
        x, top, bars = EDGE + i * step, zero, []
        if not year.covered:
            bars.append(_bar(x, EDGE, step, HEIGHT - FOOT - 2 * EDGE, "#999", opacity=".25"))
        for name, count, sign in (
            ("force", year.force, 1),
            ("hostile", year.hostile, 1),
            ("friendly", year.friendly, -1),
        ):
            if count:
                y = top - count * scale if sign > 0 else zero
                bars.append(_bar(x + step * 0.1, y, step * 0.8, count * scale, COLOURS[name]))
                top -= count * scale if sign > 0 else 0
        pale = ' opacity=".5"' if year.year > as_of.year else ""
        parts.append(f"<g{pale}><title>{escape(said(year))}</title>{''.join(bars)}</g>")
        if year.year % 10 == 0 or len(years) < 8:
            parts.append(
                f'<text x="{x + step / 2:.1f}" y="{HEIGHT - 6:.1f}" fill="{ink}" font-size="13" text-anchor="middle" '
                f'font-family="sans-serif">{year.year}</text>'
            )
    parts.append(f'<path d="M{EDGE} {zero:.1f}H{WIDTH - EDGE}" stroke="{line}"/>')
    if years and years[0].year <= as_of.year <= years[-1].year:
        part = (as_of.timetuple().tm_yday - 1) / 366
        x = EDGE + (as_of.year - years[0].year + part) * step
        parts.append(f'<path d="M{x:.1f} {EDGE}V{HEIGHT - FOOT:.1f}" stroke="{ink}" stroke-dasharray="4 3"/>')
    ground = f'<rect width="{WIDTH:g}" height="{HEIGHT:g}" fill="#fff"/>' if fixed else ""
    head = f'xmlns="http://www.w3.org/2000/svg" data-made-by={quoteattr(made_by())} viewBox="0 0 {WIDTH:g} {HEIGHT:g}"'
    return f'<svg {head} role="img" aria-label={quoteattr(title)}>{ground}{"".join(parts)}</svg>'


def _bar(x: float, y: float, width: float, height: float, colour: str, *, opacity: str = "") -> str:
    pale = f' fill-opacity="{opacity}"' if opacity else ""
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{colour}"{pale}/>'
