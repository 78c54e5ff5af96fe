"""What `detente world` prints."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from detente.report.languages.language import _
from detente.report.text.actors import with_legend
from detente.report.text.first_line import caution_text, data_text

if TYPE_CHECKING:
    from detente.studies.world.run import WorldRun

_SHOWN = 10
HANDFUL = 10  # hostile acts below which a pair's place in the order is chance as much as anything


def handful_text(rows: Iterable[Mapping[str, Any]]) -> str:
    """Return a caution where some of these pairs are ranked on a handful of acts; empty where none is.

    Examples
    --------
    >>> handful_text([{"hostile_acts": 40}]), handful_text([{"hostile_acts": 4}])[:52]
    ('', 'Some of these pairs have fewer than 10 hostile acts ')
    """
    from detente.studies.world.world import HOSTILE_DAYS

    if all(row["hostile_acts"] >= HANDFUL for row in rows):
        return ""
    return _(
        "Some of these pairs have fewer than {least} hostile acts in the last {days} days: there one act more or less "
        "turns heating into cooling."
    ).format(least=HANDFUL, days=HOSTILE_DAYS)


def text_of(result: WorldRun) -> str:
    """Return a world: the pairs that heat and those that cool."""
    from detente.studies.world.world import HOSTILE_DAYS

    value = result.to_dict()
    out = [
        *map(caution_text, value.get("cautions", ())),
        (
            f"{value['file']}, {data_text(value['data']['digest'])}: "
            f"{value['pairs']:,} directed pairs of {value['actors']:,} actors, {value['acts']:,} acts, "
            f"{value['window'][0]} to {value['data_through']}; {value['days_fitted']:,} days fitted."
        ),
        f"Hostile acts of the last {HOSTILE_DAYS} days, and a day: lately (half-life 7 days), over months (60 days).",
    ]
    ranked = value["rates"]
    for head, rows in (
        ("Heating", [row for row in ranked if row["heating"] > 0][:_SHOWN]),
        ("Cooling", [row for row in reversed(ranked) if row["heating"] < 0][:_SHOWN]),
    ):
        if not rows:
            out += ["", f"{head}: no pair."]
            continue
        out += ["", f"{head:<16}{'acts':>7}{'hostile':>9}{'lately':>9}{'months':>9}{'tomorrow':>10}"]
        out += [
            f"{row['source'] + '->' + row['target']:<16}{row['acts']:>7,}{row['hostile_acts']:>9,}"
            f"{row['hostile_week']:>9.2f}{row['hostile_months']:>9.2f}"
            f"{row['verbal-conflict'] + row['material-conflict']:>10.2f}"
            for row in rows
        ]
        if caution := handful_text(rows):
            out.append(caution)
    return with_legend("\n".join(out), value["file"])
