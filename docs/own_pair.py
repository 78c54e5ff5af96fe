"""Write the 150 invented events of docs/own-pair.md: two states, two armed groups, two mediators, a ceasefire.

No row stands for anything that happened. Run ``python docs/own_pair.py FILE.csv``; the committed file is
``src/detente/data/examples/own-pair.csv``.
"""

from __future__ import annotations

import csv
import sys
from datetime import date, timedelta
from pathlib import Path

import numpy as np

START, CEASEFIRE, END = date(2016, 1, 4), date(2020, 3, 2), date(2022, 12, 20)
_PAIRS = [  # source, target, action, mode, most deaths, issue, weight before and after the ceasefire
    ("ALD", "BRV", "ACCUSE", "statement", 0, "border", 6, 5),
    ("ALD", "BRV", "SANCTION", "trade", 0, "trade", 4, 2),
    ("ALD", "BRV", "THREATEN", "statement", 0, "border", 4, 2),
    ("ALD", "BRV", "ASSAULT", "artillery", 9, "border", 5, 1),
    ("BRV", "ALD", "ACCUSE", "statement", 0, "border", 6, 5),
    ("BRV", "ALD", "MOBILIZE", "troops", 0, "border", 4, 1),
    ("BRV", "ALD", "ASSAULT", "artillery", 6, "border", 5, 1),
    ("ALD", "BRV", "YIELD", "prisoner-release", 0, "prisoners", 1, 3),
    ("BRV", "ALD", "YIELD", "prisoner-release", 0, "prisoners", 1, 3),
    ("BRV", "ALD", "SUPPORT", "statement", 0, "border", 1, 3),
    ("ALD", "BRV", "CONSULT", "talks", 0, "border", 4, 8),
    ("DAWN", "ALD", "ASSAULT", "bombing", 25, "other", 6, 2),
    ("ALD", "DAWN", "ASSAULT", "airstrike", 14, "other", 5, 1),
    ("BRV", "DAWN", "AID", "weapons", 0, "other", 2, 1),
    ("RIDGE", "BRV", "ASSAULT", "ambush", 8, "other", 3, 1),
    ("CAL", "ALD", "CONSULT", "mediation", 0, "border", 4, 4),
    ("CAL", "BRV", "CONSULT", "mediation", 0, "border", 4, 4),
    ("ISLES", "BRV", "COOPERATE", "message-delivery", 0, "prisoners", 2, 2),
    ("ISLES", "ALD", "AID", "food", 0, "trade", 2, 2),
    ("CAL", "ISLES", "COOPERATE", "trade", 0, "trade", 4, 6),
]
_COLUMNS = ("date", "source", "target", "action", "mode", "fatalities", "issue", "summary")


def rows(seed: int = 20, acts: int = 150) -> list[tuple[object, ...]]:
    """Return the rows in the order of their days; each mutual act has one for either direction."""
    rng = np.random.default_rng(seed)
    before, after = (np.array([pair[n] for pair in _PAIRS], float) for n in (6, 7))
    days = sorted({int(d) for d in rng.choice((END - START).days, acts - 1, replace=False)})
    out: list[tuple[object, ...]] = []
    for day in (START + timedelta(days=d) for d in days):
        weight = before if day < CEASEFIRE else after
        source, target, action, mode, most, issue, *_ = _PAIRS[
            rng.choice(len(_PAIRS), p=weight / weight.sum())
        ]
        dead = int(rng.integers(0, most + 1)) if most else ""
        out.append((day, source, target, action, mode, dead, issue, "invented"))
        if action == "CONSULT" and mode == "talks":
            out.append((day, target, source, action, mode, dead, issue, "invented"))
    both = (("ALD", "BRV"), ("BRV", "ALD"))
    out += [(CEASEFIRE, *ends, "AGREE", "ceasefire", "", "border", "invented") for ends in both]
    return sorted(out, key=lambda row: str(row[0]))


def main() -> None:
    """Write the file that the command line names."""
    with Path(sys.argv[1]).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(_COLUMNS)
        writer.writerows(rows())


if __name__ == "__main__":
    main()
