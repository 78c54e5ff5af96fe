"""A picture for a browser that runs scripts: the same chart, which can be zoomed along its days and names its marks."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

from detente.report.languages.language import _, word

_PARTS = ("layer", "concat", "hconcat", "vconcat")
_NAMED = ("point", "circle", "bar", "rule", "tick")
# How a mark is drawn, which says nothing to a reader.
_BARE = ("colour", "lane", "order", "opacity", "nought")


def live_text(text: str) -> str:
    """Return a chart's Vega-Lite text with zoom along days and a line of text beside each mark.

    Panels whose days are the same zoom together. A mark whose data hold ``says`` shows that; another shows the values
    that it is drawn from.

    Parameters
    ----------
    text : str
        Vega-Lite as JSON.

    Examples
    --------
    >>> day = {"field": "date", "type": "temporal", "scale": {"type": "utc", "domain": [1, 2]}}
    >>> spec = {"mark": {"type": "point"}, "encoding": {"x": day}}
    >>> live = json.loads(live_text(json.dumps(spec)))
    >>> live["params"][0]["bind"], live["encoding"]["tooltip"][0]["field"]
    ('scales', 'date')
    """
    spec = json.loads(text)
    spans: dict[str, list[str]] = {}
    for number, panel in enumerate(_panels(spec)):
        for unit in _units(panel):
            _read_table(unit.get("data"))
            _name_marks(unit)
            if "value" in unit.get("encoding", {}).get("x", {}):  # the name of a row is left of its panel
                unit["mark"]["clip"] = False
        dated = [*filter(_has_days, _units(panel))]
        for first in dated[:1]:
            first["name"] = f"days_{number}"
            spans.setdefault(json.dumps(first["encoding"]["x"]["scale"]["domain"]), []).append(first["name"])
        for unit in dated[1:]:  # the first one's days are those of the panel
            del unit["encoding"]["x"]["scale"]["domain"]
    zooms = [
        {
            "name": f"zoom_{number}",
            "select": {"type": "interval", "encodings": ["x"]},
            "bind": "scales",
            "views": views,
        }
        for number, views in enumerate(spans.values())
    ]
    if "mark" in spec:  # a single view: it needs no name
        zooms = [{key: value for key, value in zoom.items() if key != "views"} for zoom in zooms]
    return json.dumps(spec | {"params": [*spec.get("params", []), *zooms]} if zooms else spec)


def _panels(spec: dict[str, Any]) -> Iterator[dict[str, Any]]:
    parts = [part for kind in _PARTS[1:] for part in spec.get(kind, ())]
    if not parts:
        yield spec
    for part in parts:
        yield from _panels(part)


def _units(panel: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if "layer" not in panel:
        yield panel
    for part in panel.get("layer", ()):
        yield from _units(part)


def _has_days(unit: dict[str, Any]) -> bool:
    scale = unit.get("encoding", {}).get("x", {}).get("scale") or {}
    return scale.get("type") == "utc" and "domain" in scale


def _read_table(data: dict[str, Any] | None) -> None:
    """Turn a table in text into rows: the browser's reader of tables needs eval, which pages forbid."""
    if data is None or data.get("format", {}).get("type") != "csv":
        return
    parse = data["format"].pop("parse")
    numbers = {name for name, kind in parse.items() if kind == "number"}
    rows = csv.DictReader(io.StringIO(data["values"], newline=""))
    data["values"] = [
        {name: _number(value) if name in numbers else value for name, value in row.items()} for row in rows
    ]
    dates = {name: kind for name, kind in parse.items() if kind == "date"}
    data["format"] = {"type": "json"} | ({"parse": dates} if dates else {})


def _number(text: str) -> float | None:
    return float(text) if text else None


def _name_marks(unit: dict[str, Any]) -> None:
    mark = unit.get("mark")
    kind = mark["type"] if isinstance(mark, dict) else mark
    encoding = unit.get("encoding", {})
    if kind not in _NAMED or "tooltip" in encoding:
        return
    values = (unit.get("data") or {}).get("values") or [{}]
    if "says" in values[0]:
        encoding["tooltip"] = {"field": "says", "type": "nominal"}
        return
    shown: dict[str, dict[str, Any]] = {}
    for channel in encoding.values():
        name = channel.get("field") if isinstance(channel, dict) else None
        if name and name not in _BARE:
            title = (channel.get("axis") or {}).get("title") or word(name)
            dated = channel.get("type") == "temporal"
            shape = (
                {"format": _("%-d %B %Y"), "timeUnit": "utcyearmonthdate"} if dated else {"format": ".3~g"}
            )
            number = isinstance(values[0].get(name), float)
            named = {"field": name, "type": channel.get("type", "quantitative"), "title": str(title)}
            shown.setdefault(name, named | (shape if dated or number else {}))
    if shown:
        encoding["tooltip"] = list(shown.values())
