"""What ``--dry-run`` prints: what a command is expected to cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.cli.output import show

if TYPE_CHECKING:
    from detente.lab.estimate import Estimate


def show_estimate(found: Estimate, *, as_json: bool) -> None:
    """Print what a command is expected to cost."""
    show(found, text_of, as_json=as_json)


def text_of(result: Estimate) -> str:
    """Return an estimate as a paragraph.

    Examples
    --------
    >>> from detente.lab.estimate import Estimate
    >>> found = Estimate(2000, 730, 4.2, 800_000_000, 16_000_000_000, 80, {"futures": 200})
    >>> print(text_of(found))
    2,000 futures of 730 days: about 4 s, and 800.0 MB of memory at the peak, 5 % of the 16.0 GB available.
    From a timed sample of 200 futures; pages and pictures are not in it. Nothing was written or kept.
    """
    from detente.cli.kept import size
    from detente.report.text.numbers import percent

    seconds = f"{result.seconds:.0f}" if result.seconds >= 2 else f"{result.seconds:.1f}"
    share = (
        ""
        if result.available is None
        else f", {percent(result.share or 0.0)} of the {size(result.available)} available"
    )
    what = f"{result.futures:,} futures of {result.days:,} days"
    lines = [f"{what}: about {seconds} s, and {size(result.memory)} of memory at the peak{share}."]
    if result.refused:
        lines.append(
            f"It would be refused: a run may be expected to need {result.allowed} % of what is available (--limits "
            "memory=)."
        )
    sample = " and ".join(f"{count:,} {what}" for what, count in result.sampled.items())
    lines.append(
        f"From a timed sample of {sample}; pages and pictures are not in it. Nothing was written or kept."
    )
    return "\n".join(lines)
