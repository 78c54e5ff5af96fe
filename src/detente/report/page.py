"""One self-contained page of a run: no script, no request, readable on a telephone and on paper."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from math import exp
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.lab import Run, half_lives_told, moved_by_events
from detente.report._priors import ENOUGH
from detente.report._style import day_text, plural, span_text

if TYPE_CHECKING:
    from jinja2 import Environment


def render_page(run: Run, svgs: Mapping[str, str]) -> str:
    """Return the page of a run as HTML.

    Parameters
    ----------
    run : Run
    svgs : mapping of str to str
        The pictures ``timeline``, ``fans`` and ``priors`` as SVG text, put into the page as they are.

    Returns
    -------
    str
        One file that asks no host for anything. Every number on it stands in ``run.to_dict()``, or follows from it.
    """
    return environment().get_template("page.html.j2").render(**page_context(run, svgs))


def page_context(run: Run, svgs: Mapping[str, str]) -> dict[str, Any]:
    """Return what the page's template reads; the report's builds on it."""
    from markupsafe import Markup

    result = run.to_dict()
    return {
        "result": result,
        "argument": run.case.argument,
        "principals": run.posterior.program.layout.principals,
        # Only the pictures are trusted: they are SVG that `render` wrote and escaped.
        "svgs": {name: Markup(svg) for name, svg in svgs.items()},  # noqa: S704
        "fitted": _fitted(result),
        "moved": _moved(result),
        "half_lives": half_lives_told(result["fit"]),
        "coefficients": _coefficients(result),
        "ambiguous": any(question["ambiguous"] for question in result["questions"]),
        "covered": any(channel["observed"] is not None for channel in result["channels"]),
        "enough": ENOUGH,
    }


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
        loader=FileSystemLoader(Path(__file__).parent),
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


def _fitted(result: Mapping[str, Any]) -> tuple[str, str]:
    """Return the first and the last fitted day, written out."""
    start, end = (date.fromisoformat(day) for day in result["fit"]["window"])
    return day_text(start), day_text(end - timedelta(days=1))


def _moved(result: dict[str, Any]) -> dict[str, Any] | None:
    """Return how far events moved the coefficients of mechanisms; None if there are none."""
    shares = moved_by_events(result)
    if not shares:
        return None
    ordered = sorted(shares, key=lambda name: shares[name])
    told = sum(share >= ENOUGH for share in shares.values())
    return {
        "count": len(shares),
        "most": ordered[-1],
        "share": shares[ordered[-1]],
        "median": shares[ordered[len(ordered) // 2]],
        "told": told,
        "mostly_prior": 2 * told < len(shares),
    }


def _coefficients(result: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return every coefficient with its rate ratio and the share of prior sd removed."""
    return [
        c | {"ratio": exp(min(c["mean"], 50.0)), "removed": max(1 - c["sd"] / c["prior_sd"], 0.0)}
        for c in result["fit"]["coefficients"]
    ]
