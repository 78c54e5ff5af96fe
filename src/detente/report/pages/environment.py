"""The template environment of all pages, and how numbers are printed on them."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from detente.report.pictures.style import day_text, plural, span_text

if TYPE_CHECKING:
    from jinja2 import Environment


def percent(share: float) -> str:
    """Write a share in percent, finer where it is close to none or all.

    Examples
    --------
    >>> percent(0.4765), percent(0.9959), percent(0.0004), percent(1.0)
    ('48 %', '99.6 %', '< 0.1 %', '100 %')
    """
    if share in (0, 1):
        return f"{share:.0%}".replace("%", " %")
    if share < 0.001:
        return "< 0.1 %"
    if share > 0.999:
        return "> 99.9 %"
    return f"{100 * share:.{0 if 0.01 <= share <= 0.99 else 1}f} %"


def number(value: float) -> str:
    """Write a count or a mean with as many digits as it deserves.

    Examples
    --------
    >>> number(5), number(4.5045), number(1016), number(32.156)
    ('5', '4.5', '1,016', '32')
    """
    if float(value).is_integer() or abs(value) >= 20:
        return f"{value:,.0f}"
    return f"{value:,.1f}"


@cache
def environment() -> Environment:
    """Return the templates' environment: everything is escaped, and a name that is missing is an error."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent.parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "day": lambda text: day_text(date.fromisoformat(text)),
        "number": number,
        "percent": percent,
        "plural": plural,
        "span": span_text,
    }
    return made
