"""What `detente backtest` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from detente.studies.scoring.backtest_result import Backtest


def lines_of(found: Backtest) -> list[str]:
    """Return the backtest as lines of text."""
    value = found.to_dict()
    told, fans = value["protocol"], value["fans"]
    out = [f"Argument {value['argument']}. Dates: {told['dates']}.", ""]
    counted = [w for w in fans["windows"] if not w["apart"]]
    if fans["windows"]:
        out.append(
            f"Fans: {len(counted)} two-year windows that count, {fans['intervals']} intervals of "
            f"{told['interval']:.0%}, {told['futures']:,} futures from seed {told['seed']}."
        )
        out.append(f"  {'model':<24}{'coverage':>10}{'interval score':>16}")
        out += [
            f"  {m['name']:<24}{m['coverage']:>10.1%}{m['interval_score']:>16.2f}"
            for m in (fans["by_model"] if counted else ())
        ]
        out.append("  window by window, coverage and interval score of the argument:")
        for w in fans["windows"]:
            own = w["by_model"][0]
            row = f"  {w['start']} to {w['end']}{own['coverage']:>8.0%}{own['interval_score']:>10.1f}"
            out.append(f"{row}  {w['apart']}".rstrip())
        out.append("")
    quarters = f"{len(told['origins'])} quarter{'s' * (len(told['origins']) > 1)}"
    out.append(f"Rolling origin: {quarters}, {told['origins'][0]} to {told['end']}, {told['densities']}.")
    out.append(f"  {'model':<24}{'log score a quarter':>20}   (higher is better)")
    out += [f"  {m['name']:<24}{m['log_score']:>20.3f}" for m in value["models"]]
    out.append(
        "  difference, nats a quarter, with its 90 % block-bootstrap interval (above 0: the argument is better)"
    )
    for row in value["differences"]:
        out.append(
            f"  against {row['against']:<24}{row['mean']:>+8.3f}  {row['low']:+.3f} to {row['high']:+.3f}"
        )
        for part, when in (("before_split", "before"), ("after_split", "from")):
            if part in row:
                r = row[part]
                which = f"{r['quarters']} quarters {when} {told['split']}"
                out.append(f"    {which:<28}{r['mean']:>+8.3f}  {r['low']:+.3f} to {r['high']:+.3f}")
    out += ["", "Bars:"]
    out += [f"  {'met   ' if b['met'] else 'MISSED'}  {b['asked']}: {b['got']}" for b in value["bars"]]
    if value["robustness"]:
        out += [
            "",
            "Robustness:",
            f"  {'row':<30}{'coverage':>9}{'interval score':>16}{'log score':>11}  against ridge",
        ]
        for r in value["robustness"]:
            share, score = (
                r[k] if r[k] is not None else float("nan") for k in ("coverage", "interval_score")
            )
            d = r["against_ridge"]
            out.append(
                f"  {r['name']:<30}{share:>9.1%}{score:>16.2f}{r['log_score']:>11.3f}"
                f"  {d['mean']:+.3f} ({d['low']:+.3f} to {d['high']:+.3f})"
            )
    return out
