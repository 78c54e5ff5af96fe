"""The page and the pictures of claims tested on other rivalries."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

from detente.base.outputs import write_outputs
from detente.base.ownership import made_by
from detente.report.pages.environment import page_of
from detente.report.pictures.evidence import forest_chart, lags_chart, power_chart
from detente.report.text.evidence.evidence import MEANING, chance_of, rate_lines, ratio
from detente.studies.evidence.run import Evidence

NAMES = ("evidence.json", "power.svg", "power.png", "lags.svg", "lags.png", "index.html")


def write_evidence(result: Evidence, out: Path, *, force: bool = False) -> list[Path]:
    """Write the estimates, the pictures and the page into a folder: all of it or nothing.

    Parameters
    ----------
    result : Evidence
    out : path
        Made if it does not exist.
    force : bool
        Whether files that Détente did not write may be replaced; those that the result was made from never are.

    Raises
    ------
    OutputError
        If the folder cannot be written.
    """
    return write_outputs(_contents(result), NAMES, Path(out), inputs=result.inputs, force=force)


def _contents(result: Evidence) -> Iterator[tuple[str, bytes]]:
    from detente.report.pictures.render import render, to_svg

    value = result.to_dict() | {"version": version("detente")}
    table = {"made_by": made_by()} | _rounded(result.to_dict())
    yield "evidence.json", f"{json.dumps(table, ensure_ascii=False, separators=(',', ':'))}\n".encode()
    svgs: dict[str, str] = {}
    for name, chart in (("power", power_chart), ("lags", lags_chart)):
        svg, png = render(chart(value))
        yield f"{name}.svg", svg.encode()
        yield f"{name}.png", png
        svgs |= {name: svg, f"{name}-narrow": to_svg(chart(value, narrow=True))}
    pooled = [row for row in value["rows"] if row.get("pooled") and row.get("effect") is not None]
    for i, row in enumerate(pooled):
        svgs[f"forest-{i}"] = to_svg(forest_chart(row, value))
        svgs[f"forest-{i}-narrow"] = to_svg(forest_chart(row, value, narrow=True))
    yield "index.html", evidence_page(value, pooled, svgs).encode()


def _rounded(value: Any) -> Any:
    """Return numbers with six digits, which are equal on every machine: this file is the table that ships."""
    if isinstance(value, dict):
        return {name: _rounded(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(part) for part in value]
    return float(f"{value:.6g}") if isinstance(value, float) else value


def evidence_page(value: dict[str, Any], pooled: list[dict[str, Any]], svgs: dict[str, str]) -> str:
    """Return the page as HTML that needs no network.

    Parameters
    ----------
    value : dict
        ``result.to_dict()`` with the version.
    pooled : list of dict
        Rows that are drawn over rivalries.
    svgs : dict
        The pictures by name.
    """
    rates = "\n".join(rate_lines(value["rates"]))
    words = {"meaning": MEANING, "ratio": ratio, "chance_of": chance_of}
    return page_of("evidence.html.j2", svgs, value=value, pooled=pooled, rates=rates, **words)
