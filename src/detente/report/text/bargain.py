"""What `detente bargain` prints."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from detente.argument.argument import Argument
    from detente.studies.bargain.bargain import Bargain
    from detente.studies.bargain.openings import Opening
    from detente.studies.bargain.variants import Settlement

_INFLUENCES = 8


def _spans(spans: tuple[Opening, ...]) -> list[dict[str, object]]:
    return [
        {"start": s.start.isoformat(), "end": s.end and s.end.isoformat(), "chance": s.chance} for s in spans
    ]


def _facts(spec: Argument, spans: tuple[Opening, ...]) -> Iterator[str]:
    """Write spans as declared facts, to be put into an argument that uses the mechanism zone."""
    side = spec.principals[0] if spec.principals else ""
    yield "facts:"
    yield "  zone_open:"
    for span in spans:
        end = f", end: {span.end.isoformat()}" if span.end is not None else ""
        yield (
            f"    - {{actor: {side}, start: {span.start.isoformat()}{end}, value: {span.chance:.3f}, "
            f'known_from: {spec.run.as_of}, because: "detente bargain --by-date, argument {spec.argument}"}}'
        )


def _lines(result: Bargain) -> Iterator[str]:
    spec = result.argument
    yield (
        f"{spec.rivalry or spec.argument}, argument {spec.argument}, as of {result.as_of.isoformat()}: "
        f"{result.draws:,} draws of {len(result.inputs.uncertain)} uncertain inputs, seed {result.seed}"
        f"{_under(result.levers)}."
    )
    yield from _verdict(result)
    yield ""
    yield "Chance that the zone is open      draws opened, closed against the full demands"
    for v in result.variants:
        change = f"  +{v.opened:.3f} -{v.closed:.3f}" if v.kind != "full" or result.levers else ""
        yield f"  {v.chance:5.3f}{change:16}  {v.name}: {v.text}"
    yield ""
    for clash in result.clashes:
        yield (
            f"{clash.demand} goes beyond what {clash.against} insists on or can bear on that issue "
            f"in {clash.share:.3f} of draws; no trade elsewhere helps there."
        )
    if result.clashes:
        yield ""
    for settlement in result.settlements:
        yield from _settlement(result, settlement)
    yield "Smallest opening move, for a chance of at least one half"
    for move in result.moves:
        if move.share is None:
            told = f"none (at best {move.chance:.3f}, at {move.at:.0%})"
        elif move.share == 0:
            told = "none needed: the zone is open without it"
        else:
            told = f"{move.share:.1%} of {move.unit} (chance {move.chance:.3f})"
        yield f"  {move.text}: {told}"
    yield ""
    if result.influences:
        yield "What the margin hangs on      alone   total   (Sobol indices: shares of its variance)"
        for row in result.influences[:_INFLUENCES]:
            yield f"  {row.name:26} {row.alone:6.2f}  {row.total:6.2f}   {row.because}"
    else:
        yield "The margin hangs on no uncertain input."
    first, second = result.inputs.principals
    mine, theirs = result.division.points
    cut = f"; {result.division.divided} is divided" if result.division.divided else ""
    yield ""
    yield f"Adjusted Winner on median weights, for comparison: {first} {mine:.2f}, {second} {theirs:.2f} points{cut}."
    yield "A structural what-if under this argument: its ranges are declared, not estimated from events."


def _under(levers: tuple[str, ...]) -> str:
    if not levers:
        return ""
    return f", under the {'lever' if len(levers) == 1 else 'levers'} {' and '.join(levers)}"


def _verdict(result: Bargain) -> Iterator[str]:
    found = result.verdict
    yield (
        f"The zone is {found.word} under the demands as they stand: open in {found.chance:.3f} of draws "
        f"({found.low:.4f} to {found.high:.4f} for {result.draws:,} draws)."
    )
    if found.closing:
        yield f"Each of these demands closes it even alone: {', '.join(found.closing)}."
    if found.word == "empty" and result.inputs.demands:
        told = ", ".join(found.reopening)
        yield (
            f"Dropping one of these alone would open it: {told}."
            if told
            else "Dropping any one demand alone would not open it."
        )
    if found.hangs_on:
        yield f"That word hangs on what is not known of {', '.join(found.hangs_on)}: one tenth of its range turns it."
    else:
        yield "No single input turns that word, at either end of its range; all of them together might."


def _settlement(result: Bargain, settlement: Settlement) -> Iterator[str]:
    if settlement.joint is None:
        yield f"Nash point under {settlement.name}: none, the zone is closed in every draw."
        yield ""
        return
    yield f"Nash point under {settlement.name}, over the {settlement.chance:.3f} of draws with an open zone"
    for issue, at in settlement.deal.items():
        given = [
            f"{side} gives {gives[issue].mean:.2f}"
            for side, gives in settlement.gives.items()
            if gives[issue].mean >= 0.005
        ]
        low_end, high_end = result.inputs.spec.issues[issue].means
        told = ", ".join(given) or "nobody gives"
        yield f"  {issue:18} {at.mean:8.2f} ({at.low:.2f} to {at.high:.2f}; {low_end} … {high_end}): {told}"
    gains = ", ".join(
        f"{side} {g.mean:.2f} ({g.low:.2f} to {g.high:.2f})" for side, g in settlement.gains.items()
    )
    joint = settlement.joint
    yield (
        f"  left on the table without it, of all at stake: {gains}; at most {joint.mean:.2f} "
        f"({joint.low:.2f} to {joint.high:.2f}) jointly"
    )
    yield ""
