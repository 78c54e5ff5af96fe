"""What `detente backtest FILE --pairs` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

    from detente.studies.world.skill import Skill


def _ends(row: dict[str, Any], prefix: str = "") -> str:
    mean, low, high = (row[f"{prefix}{key}"] for key in ("mean", "low", "high"))
    return f"{mean:+.4f} ({low:+.4f} to {high:+.4f})"


def lines_of(found: Skill) -> list[str]:
    """Return the backtest as lines of text."""
    told = found.protocol
    out = [
        (
            f"{told['directed_pairs']} directed pairs, {told['acts']:,} acts, {told['window'][0]} to "
            f"{told['window'][1]}; fitted on {told['days']['train']} days, "
            f"scored from {told['test_from']} on ({told['days']['test']} days)."
        ),
        f"{told['score']}; intervals of {told['interval']:.0%} over blocks of days.",
    ]
    for h in told["horizons"]:
        head = "one day ahead" if h == 1 else f"totals of {h} days, {told['starts_of_totals']} starts"
        out += ["", f"{head:<34}{'log score':>10}{'CRPS':>9}{'quiet pairs':>13}{'onsets':>9}{'seconds':>9}"]
        for m in found.models:
            if m["horizon"] == h:
                onsets = f"{m['onsets']:9.3f}" if m["onsets"] is not None else f"{'-':>9}"
                out.append(
                    f"  {m['name']:<32}{m['log_score']:>10.4f}{m['crps']:>9.4f}{m['quiet_pairs']:>13.4f}{onsets}"
                    f"{m['seconds']:>9.1f}"
                )
        out.append("  detente minus: log score (above 0 it is better); CRPS (below 0 it is better)")
        out += [
            f"    {row['against']:<30}{_ends(row)}; {_ends(row, 'crps_')}"
            for row in [*found.differences, *found.ablations]
            if row["horizon"] == h
        ]
    ours = next(m for m in found.models if m["name"] == "detente")
    out += ["", "PIT one day ahead, ten bins: " + " ".join(f"{share:.3f}" for share in ours["pit"])]
    if found.verdict:
        out += ["", f"Claim: {found.verdict['claim']}: {found.verdict['verdict']}."]
        out += [f"  against {row['against']}: {_ends(row)}" for row in found.verdict["differences"]]
    return [*out, *("" for _ in found.notes[:1]), *found.notes]
