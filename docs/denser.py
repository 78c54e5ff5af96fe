"""Write the measured table of docs/denser-data.md from event files that are not part of this project.

Run: python docs/denser.py GULF_WEIS.csv.gz ICEWS_2018.csv.gz
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

from generate import fill

from detente.lab.case import Case, load_case
from detente.lab.clocks import clocks_of
from detente.model.clocks import at_clocks
from detente.model.compiler import compile_argument
from detente.model.fit import fit
from detente.report.text.clocks import identified

PAGE = Path(__file__).with_name("denser-data.md")
RECEIVED = ("reprisal.hostility_by_word", "reprisal.force", "reprisal.cooperation_by_word", "reprisal.relief")
LONG = ("tension.force", "grievance.force", "grievance.hostility_by_word", "grievance.cooperation")


def clock_rows(name: str, case: Case, as_of: date) -> list[str]:
    """Return a table row for each clock of one data set."""
    rows = []
    result = clocks_of(case, as_of=as_of)
    for clock in result.fit.grid:
        points = result.fit.profile(clock)
        if len(points) > 1:
            told = ", ".join(f"{p.days:g}: {p.log_evidence:.1f}" for p in points)
            rows.append(
                f"| {name} | {clock} | {told} | {identified(result.fit.identified(clock)).partition(': ')[2]} |"
            )
    return rows


def term_rows(name: str, case: Case, as_of: date) -> list[str]:
    """Return a table row for each term of interest, at the fast and slow half-lives of most evidence."""
    result = clocks_of(case, as_of=as_of)
    best = result.fit.points[int(result.fit.weights.argmax())]
    posterior = fit(compile_argument(at_clocks(case.argument, best), case.chronicle, as_of))
    rows = []
    for c, mean, sd in zip(posterior.program.coefficients, posterior.mean, posterior.sd, strict=True):
        term = f"{c.mechanism}.{c.term}"
        if term in RECEIVED + LONG:
            prior = f"{c.prior.mean:+.2f} ± {c.prior.sd:.2f}"
            rows.append(f"| {name} | {term} | {prior} | {mean:+.2f} ± {sd:.2f} | {1 - sd / c.prior.sd:.0%} |")
    return rows


def main(gulf: str, icews: str) -> None:
    """Fit the three data sets and fill the page."""
    essay = load_case("us-iran")
    cases = {
        "embedded, to 2020-01-17": (essay, date(2020, 1, 17)),
        "embedded, to 2026-07-05": (essay, date(2026, 7, 5)),
        "KEDS Gulf, to 1999-04-01": (load_case("us-iran", events=gulf, codebook="weis"), date(1999, 4, 1)),
        "ICEWS, to 2018-11-01": (load_case("us-iran", events=icews), date(2018, 11, 1)),
    }
    lines = [
        "| data | clock | half-life in days: log evidence below the best | in words |",
        "|---|---|---|---|",
    ]
    for name, (case, as_of) in cases.items():
        lines += clock_rows(name, case, as_of)
    lines += ["", "| data | term | prior | posterior | sd removed |", "|---|---|---|---|---|"]
    for name, (case, as_of) in cases.items():
        lines += term_rows(name, case, as_of)
    PAGE.write_text(fill(PAGE.read_text(encoding="utf-8"), "denser", "\n".join(lines)), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
