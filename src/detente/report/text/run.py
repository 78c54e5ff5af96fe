"""Text for the terminal: tables of what `detente.lab.run` returned."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.markup import escape

from detente.lab.run_result import half_lives_told, moved_by_events
from detente.report.text.console import _console, _table

if TYPE_CHECKING:
    from detente.lab.run_result import Run


def run(result: Run, written: list[Path]) -> None:
    """Print a run: what was done, the questions, the channels, and how far to trust it."""
    value, console = result.to_dict(), _console()
    data, fit, futures = value["data"], value["fit"], value["futures"]
    console.print(
        f"[bold]{escape(value['rivalry'])}[/bold], argument {escape(value['argument'])}, as of {value['as_of']}: "
        f"{data['events']:,} rows read, {data['acts']:,} acts after folding, {fit['acts_known']:,} known by then, "
        f"{fit['acts_in_channels']:,} of them in the argument's channels, fitted from {fit['window'][0]}."
    )
    console.print(
        f"{futures['count']:,} futures of {futures['days']:,} days from seed {futures['seed']}; "
        f"fit {fit['seconds']:.2f} s, futures {futures['seconds']:.2f} s; detente {value['version']}, "
        f"data {data['digest'][:12]}.\n"
    )
    for added in result.case.chronicle.provenance.added:
        console.print(f"{added.told(result.as_of)}\n", markup=False)
    if value["questions"]:
        table = _table(
            "Questions", "id", "question", "closes", "chance", "90 % (Monte Carlo)", "outcome", numbers=3
        )
        for q in value["questions"]:
            chance = "ambiguous" if q["probability"] is None else f"{q['probability']:.2f}"
            if q["ambiguous"] and q["probability"] is not None:
                chance += f", {at_least_one(q['ambiguous'])} of futures ambiguous"
            spread = "" if q["probability"] is None else f"{q['low']:.2f} to {q['high']:.2f}"
            table.add_row(escape(q["id"]), escape(q["text"]), q["closes"], chance, spread, q["outcome"])
        console.print(table, "")
    table = _table(
        f"Acts in {futures['days']:,} days", "channel", "observed", "mean", "90 % of futures", numbers=3
    )
    for c in value["channels"]:
        observed = "not covered" if c["observed"] is None else str(c["observed"])
        table.add_row(escape(c["label"]), observed, f"{c['mean']:.1f}", f"{c['low']:.0f} to {c['high']:.0f}")
    console.print(table, "")
    console.print(trust(value))
    if written:
        pages = [path for path in written if path.suffix == ".html"]
        console.print(
            f"\nWritten to {escape(str(written[0].parent))}: open {escape(str((pages or written)[0]))}"
        )


def at_least_one(share: float) -> str:
    """Write a share above nothing as whole percent.

    Examples
    --------
    >>> at_least_one(0.0005), at_least_one(0.45)
    ('< 1%', '45%')
    """
    return "< 1%" if share < 0.005 else f"{share:.0%}"


def trust(value: dict[str, Any]) -> str:
    """Return the plain sentences on how far the fit may be trusted."""
    fit = value["fit"]
    moved = sorted(moved_by_events(value).values())
    if not moved:
        return "The argument has no mechanism: every rate is a constant."
    return (
        f"How far to trust it: the events remove at most {moved[-1]:.0%} of any mechanism coefficient's prior standard "
        f"deviation (median {moved[len(moved) // 2]:.0%}); what they do not move rests on the argument. "
        f"A burst of acts multiplies itself by {fit['spectral_radius']:.2f} from round to round (spectral radius, at "
        f"the mean memories of the fitted days); below 1 it dies out. "
        f"{half_lives_told(fit)}"
    )
