"""The template environment of all pages, and how numbers are printed on them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.report.pictures.style import day_text, plural, span_text
from detente.report.text.answers.amounts import amount, earlier
from detente.report.text.clocks import clock_name
from detente.report.text.numbers import counted, mover_text, percent, portion, share

if TYPE_CHECKING:
    from jinja2 import Environment


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
        "amount": amount,
        "clock": clock_name,
        "counted": counted,
        "earlier": earlier,
        "day": lambda text: day_text(date.fromisoformat(text)),
        "mover": lambda name: mover_text(name)[0].upper() + mover_text(name)[1:],
        "number": number,
        "percent": percent,
        "plural": plural,
        "portion": portion,
        "share": share,
        "span": span_text,
    }
    return made


def page_of(template: str, svgs: Mapping[str, str], **values: Any) -> str:
    """Return a page as HTML that needs no network.

    Parameters
    ----------
    template : str
        The file in `report/templates`.
    svgs : mapping of str to str
        The pictures by name, as `render` wrote them: put into the page as they are, and the only part that is trusted.
    **values
        What else the template reads.
    """
    from markupsafe import Markup

    trusted = {name: Markup(svg) for name, svg in svgs.items()}  # noqa: S704 - written and escaped by `render`
    return environment().get_template(template).render(svgs=trusted, **values)
