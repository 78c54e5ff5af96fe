"""What `detente world` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.report.text.actors import with_legend
from detente.report.text.first_line import caution_text, data_text

if TYPE_CHECKING:
    from detente.studies.world.run import WorldRun

_SHOWN = 10


def text_of(result: WorldRun) -> str:
    """Return a world: the pairs that heat and those that cool."""
    value = result.to_dict()
    out = [
        *map(caution_text, value.get("cautions", ())),
        (
            f"{value['file']}, {data_text(value['data']['digest'])}: "
            f"{value['pairs']} directed pairs of {value['actors']} actors, {value['acts']:,} acts, "
            f"{value['window'][0]} to {value['data_through']}; {value['days_fitted']} days fitted."
        ),
        "Hostile acts a day: lately (half-life 7 days) and over months (60 days).",
    ]
    ranked = value["rates"]
    for head, rows in (
        ("Heating", [row for row in ranked if row["heating"] > 0][:_SHOWN]),
        ("Cooling", [row for row in reversed(ranked) if row["heating"] < 0][:_SHOWN]),
    ):
        if not rows:
            out += ["", f"{head}: no pair."]
            continue
        out += ["", f"{head:<16}{'acts':>7}{'lately':>9}{'months':>9}{'tomorrow':>10}"]
        out += [
            f"{row['source'] + '->' + row['target']:<16}{row['acts']:>7,}{row['hostile_week']:>9.2f}"
            f"{row['hostile_months']:>9.2f}{row['verbal-conflict'] + row['material-conflict']:>10.2f}"
            for row in rows
        ]
    return with_legend("\n".join(out), value["file"])
