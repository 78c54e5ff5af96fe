"""One self-contained page of a run: no script, no request, readable on a telephone and on paper."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from math import exp
from typing import Any

from detente.base.days import Window
from detente.lab.run_result import Run
from detente.report.languages.formats import day_text
from detente.report.pages.environment import page_of
from detente.report.pictures.priors import ENOUGH
from detente.report.text import bottom_line
from detente.report.text.actors import named, spelled
from detente.report.text.answers.amounts import amount_bars
from detente.report.text.first_line import first_lines
from detente.report.text.run import dispersion, feedback_text, half_lives


def render_run_page(run: Run, svgs: Mapping[str, str]) -> str:
    """Return the page of a run as HTML.

    Parameters
    ----------
    run : Run
    svgs : mapping of str to str
        The pictures ``timeline``, ``fans`` and ``priors`` as SVG text, put into the page as they are.

    Returns
    -------
    str
        One file that needs no network. Every number on it stands in ``run.to_dict()``, or follows from it.
    """
    return page_of("run.html.j2", svgs, **page_context(run))


def page_context(run: Run) -> dict[str, Any]:
    """Return what the page's template reads beside the pictures; the report's builds on it."""
    result = run.to_dict()
    return {
        "result": result,
        "bottom_line": bottom_line.of_run(run),
        "named": named(run.case),
        "spelled": spelled(run.case),
        "argument": run.case.argument,
        "cautions": first_lines(run.cautions).splitlines(),
        "principals": run.posterior.program.layout.principals,
        "fitted": _fitted(result),
        "moved": _moved(run),
        "half_lives": half_lives(run),
        "dispersion": dispersion(run),
        "feedback": feedback_text(run),
        "coefficients": _coefficients(result),
        "asks_yes_or_no": any("distribution" not in question for question in result["questions"]),
        "amounts": amount_bars(result["questions"]),
        "ambiguous": any(
            question["ambiguous"] for question in result["questions"] if "distribution" not in question
        ),
        "covered": any(channel["observed"] is not None for channel in result["channels"]),
        "enough": ENOUGH,
    }


def _fitted(result: Mapping[str, Any]) -> tuple[str, str]:
    """Return the first and the last fitted day, written out."""
    start, end = (date.fromisoformat(day) for day in result["fit"]["window"])
    return day_text(start), day_text(Window(start, end).last)


def _moved(run: Run) -> dict[str, Any] | None:
    """Return how far events moved the coefficients of mechanisms; None if there are none."""
    shares = run.moved_by_events()
    if not shares:
        return None
    ordered = sorted(shares, key=lambda name: shares[name])
    informed = sum(share >= ENOUGH for share in shares.values())
    return {
        "count": len(shares),
        "most": ordered[-1],
        "share": shares[ordered[-1]],
        "median": shares[ordered[len(ordered) // 2]],
        "told": informed,
        "mostly_prior": 2 * informed < len(shares),
    }


def _coefficients(result: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return every coefficient with its rate ratio and the share of prior sd removed."""
    return [
        c | {"ratio": exp(min(c["mean"], 50.0)), "removed": max(1 - c["sd"] / c["prior_sd"], 0.0)}
        for c in result["fit"]["coefficients"]
    ]
