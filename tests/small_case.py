"""A small case of two neighbours as files: an argument with a claim and a question, and 400 events."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

ARGUMENT = """\
argument: small
title: Two neighbours & their <quarrels>
principals: [SWE, NOR]
events: events.csv
run: {as_of: 2004-01-01, days: 60, futures: 50, seed: 1}
mechanisms: {momentum: {}, reprisal: {}}
claims:
  - {id: C1, kind: mechanism, text: Force is answered by force, terms: [reprisal.force], sign: '+'}
questions:
  - {id: force, text: Sweden uses force within 60 days, ask: SWE->NOR force within 60d}
"""
ACTS = ("ASSAULT", "SANCTION", "ACCUSE", "CONSULT", "SUPPORT", "COOPERATE")


def write_small_case(folder: Path) -> Path:
    """Write the two files and return the argument's."""
    rows = ["date,source,target,action,fatalities"]
    for i in range(400):
        day = date(2000, 1, 1) + timedelta(days=(i * i * 7 + i * 13) % 1600)
        pair = ("SWE", "NOR") if i * i % 5 < 2 else ("NOR", "SWE")
        act = ACTS[i % len(ACTS)]
        rows.append(f"{day},{','.join(pair)},{act},{i % 3 if act == 'ASSAULT' else ''}")
    (folder / "events.csv").write_text("\n".join(rows) + "\n", "utf-8")
    path = folder / "small.yaml"
    path.write_text(ARGUMENT, "utf-8")
    return path
