"""Write the measured tables of docs/backtest.md from a backtest; takes minutes, so `make docs` does not run it.

Run: python docs/backtest.py US_IRAN.json [GULF.json]
where the files are what `detente backtest us-iran --json` (with `--robustness` for the table of other choices) and, on
KEDS Gulf, `detente backtest --events gulf_weis.csv.gz --codebook weis --principals USA,IRN --argument baseline --json`
wrote; a minus in place of a file leaves its table as it is.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from generate import fill

PAGE = Path(__file__).with_name("backtest.md")
Value = dict[str, Any]


def signed(value: float) -> str:
    """Return a number with its sign, a true minus among them."""
    return f"{value:+.2f}".replace("-", "−")


def spread(row: Value) -> str:
    """Return a difference with its interval."""
    return f"{signed(row['mean'])} ({signed(row['low'])} to {signed(row['high'])})"


def fans_block(value: Value) -> list[str]:
    """Return the tables of the fans."""
    fans = value["fans"]
    counted = [w for w in fans["windows"] if not w["apart"]]
    lines = [
        f"{len(counted)} windows that count, {fans['intervals']} intervals.",
        "",
        "| model | coverage | windows resampled, 90 % | mean interval score |",
        "|---|---|---|---|",
    ]
    for m in fans["by_model"]:
        low, high = m["coverage_interval"] or (float("nan"), float("nan"))
        lines.append(
            f"| {m['name']} | {m['coverage']:.1%} | {low:.0%} to {high:.0%} | {m['interval_score']:.1f} |"
        )
    names = [m["name"] for m in fans["by_model"]]
    lines += ["", f"| window | {' | '.join(names)} | |", "|---" * (len(names) + 2) + "|"]
    for w in fans["windows"]:
        cells = [f"{m['interval_score']:.1f} ({m['coverage']:.0%})" for m in w["by_model"]]
        apart = f"apart: {w['sentences']['apart']}" if w["apart"] else ""
        lines.append(f"| {w['start']} to {w['end']} | {' | '.join(cells)} | {apart} |")
    return [*lines, ""]


def rolling_block(value: Value) -> list[str]:
    """Return the tables of the rolling origin."""
    told = value["protocol"]
    lines = [
        f"{len(told['origins'])} quarters from {told['origins'][0]} to {told['end']}.",
        "",
        "| model | log score a quarter |",
        "|---|---|",
    ]
    lines += [f"| {m['name']} | {m['log_score']:.3f} |".replace("-", "−") for m in value["models"]]
    split = told["split"]
    head = f" before {split} | from {split} |" if split else ""
    lines += [
        "",
        f"| {value['argument']} minus | all quarters | in blocks of four |{head}",
        "|---|---|---|" + "---|---|" * bool(split),
    ]
    for d in value["differences"]:
        parts = [spread(d[k]) for k in ("before_split", "after_split") if k in d]
        longer = d.get("in_blocks")
        blocks = f"{signed(longer['low'])} to {signed(longer['high'])}" if longer else "–"
        lines.append(f"| {d['against']} | {' | '.join([spread(d), blocks, *parts])} |")
    lines += ["", "| target | result | | |", "|---|---|---|---|"]
    for b in value["bars"]:
        told_of = b["sentences"]
        met = "met" if b["met"] else "**missed**"
        lines.append(f"| {told_of['asked']} | {told_of['got']} | {met} | {told_of['turned']} |")
    for t in value["fans"]["wars"]["targets"]:
        lines.append(
            f"| {t['sentences']['asked']} | {t['sentences']['got']} | {'met' if t['met'] else '**missed**'} | |"
        )
    longer = [(d["against"], d["sentences"]["in_blocks"]) for d in value["differences"]]
    lines += ["", *(f"- Against {name}, {text.replace('-', '−')}." for name, text in longer if text)]
    if value["sentences"]["hindsight"]:
        lines += ["", value["sentences"]["hindsight"]]
    return lines


def robustness_block(value: Value) -> list[str]:
    """Return the headline table under other choices."""
    if not value["robustness"]:
        return []
    lines = [
        "",
        "| choice | coverage | mean interval score | log score a quarter | minus ridge |",
        "|---|---|---|---|---|",
    ]
    for r in value["robustness"]:
        score = f"{r['log_score']:.3f}".replace("-", "−")
        against = spread(r["against_ridge"])
        lines.append(
            f"| {r['name']} | {r['coverage']:.1%} | {r['interval_score']:.1f} | {score} | {against} |"
        )
    return lines


def main(us_iran: str, gulf: str | None = None) -> None:
    """Fill the page."""
    text = PAGE.read_text(encoding="utf-8")
    for name, path in (("us-iran", us_iran), ("gulf", gulf)):
        if path not in (None, "-"):
            value = json.loads(Path(path).read_text(encoding="utf-8"))
            digest, dates = value["data"]["digest"][:12], value["protocol"]["sentences"]["dates"]
            head = f"Argument {value['argument']}, data {digest}, dates {dates}. "
            lines = [*fans_block(value), *rolling_block(value), *robustness_block(value)]
            text = fill(text, name, head + "\n".join(lines))
    PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
