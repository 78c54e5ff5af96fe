"""What `detente bargain` prints."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from detente.report.languages.language import _, own, own_name
from detente.report.text.actors import with_legend
from detente.report.text.first_line import data_text
from detente.report.text.numbers import commas, percent, portion, share, to

if TYPE_CHECKING:
    from detente.argument.argument import Argument
    from detente.events.chronicle import Chronicle
    from detente.studies.bargain.bargain import Bargain
    from detente.studies.bargain.moves import OpeningMove
    from detente.studies.bargain.openings import Opening
    from detente.studies.bargain.variants import BargainVariant, Settlement

_INFLUENCES = 8


def spans_to_json(spans: tuple[Opening, ...]) -> list[dict[str, object]]:
    """Return spans of a chance as plain values."""
    return [
        {"start": s.start.isoformat(), "end": s.end and s.end.isoformat(), "chance": s.chance} for s in spans
    ]


def facts_text(spec: Argument, spans: tuple[Opening, ...]) -> str:
    """Return spans as declared facts, to be put into an argument that uses the mechanism zone."""
    return "\n".join(_facts(spec, spans))


def _facts(spec: Argument, spans: tuple[Opening, ...]) -> Iterator[str]:
    side = spec.principals[0] if spec.principals else ""
    yield "facts:"
    yield "  zone_open:"
    for span in spans:
        end = f", end: {span.end.isoformat()}" if span.end is not None else ""
        yield (
            f"    - {{actor: {side}, start: {span.start.isoformat()}{end}, value: {span.chance:.3f}, "
            f'known_from: {spec.run.as_of}, because: "detente bargain --by-date, argument {spec.argument}"}}'
        )


def with_events(text: str, chronicle: Chronicle | None) -> str:
    """Return the text of a study of what an argument declares, with the event file that was named beside it."""
    if chronicle is None:
        return text
    head, rest = text.split("\n", 1)
    about = f"Events {chronicle.provenance.name}, {data_text(chronicle.digest)}: no number here is estimated from them."
    return f"{head}\n{about}\n{rest}"


def text_of(result: Bargain) -> str:
    """Return a bargain: the zone, its variants, the Nash points, the opening moves and the sensitivity."""
    return with_legend("\n".join(_lines(result)), result.argument.rivalry)


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
        change = f"  +{portion(v.opened)} -{portion(v.closed)}" if v.kind != "full" or result.levers else ""
        yield f"  {portion(v.chance):7}{change:18}  {v.name}: {variant_text(result, v)}"
    yield ""
    for clash in result.clashes:
        yield (
            f"{clash.demand} goes beyond what {clash.against} insists on or can accept on that issue "
            f"in {portion(clash.share)} of the draws; no trade elsewhere helps there."
        )
    if result.clashes:
        yield ""
    for settlement in result.settlements:
        yield from _settlement(result, settlement)
    yield "Smallest opening move, for a chance of at least one half"
    idle = [move for move in result.moves if move.idle]
    for move in result.moves:
        if move.idle:
            continue
        if move.share is None:
            needed = f"none (at best {portion(move.chance)}, at {percent(move.at)})"
        elif move.share == 0:
            needed = "none needed: the zone is open without it"
        else:
            needed = f"{percent(move.share, 1)} of {move_unit(move)} (chance {portion(move.chance)})"
        yield f"  {move_text(move)}: {needed}"
    if idle:
        yield f"  No size of these changes the chance ({portion(idle[0].chance)}):"
        yield from (f"    {move_text(move)}" for move in idle)
    yield ""
    if result.influences:
        yield "Sensitivity of the margin     alone   total   (Sobol indices: shares of its variance)"
        for row in result.influences[:_INFLUENCES]:
            yield f"  {row.name:26} {row.alone:6.2f}  {row.total:6.2f}   {row.because}"
    else:
        yield "The margin depends on no uncertain input."
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
    yield f"{zone_sentence(result)} ({interval_of_draws(result)})."
    yield from verdict_lines(result)


def zone_sentence(result: Bargain) -> str:
    """Return whether the zone is open under the present demands, in a word that fits the share, and the share."""
    found = result.verdict
    said = {
        "open": _("Under the present demands the zone is open: in {chance} of the {draws} draws"),
        "mostly open": _(
            "Under the present demands the zone is more often open than empty: open in {chance} of the {draws} draws"
        ),
        "mostly empty": _(
            "Under the present demands the zone is more often empty than open: open in {chance} of the {draws} draws"
        ),
        "empty": _(
            "Under the present demands the zone is empty: it is open in {chance} of the {draws} draws"
        ),
    }[found.word]
    return said.format(chance=portion(found.chance), draws=f"{result.draws:,}")


def interval_of_draws(result: Bargain) -> str:
    """Return the interval of the share of open zones, and what it is of."""
    ends = to(*(share(end, 4) for end in (result.verdict.low, result.verdict.high)))
    return _("{interval} with this number of draws").format(interval=ends)


def verdict_lines(result: Bargain) -> list[str]:
    """Return which demands close the zone, and on which inputs it depends, each as a sentence."""
    from detente.studies.bargain.moves import TARGET

    found = result.verdict
    said = []
    if found.closing:
        closes = _(
            "Each of these demands even alone leaves it empty in more than half of the draws: {demands}."
        )
        said.append(closes.format(demands=commas(map(own_name, found.closing))))
    if found.chance < TARGET and found.reopening:
        reopens = _("Without one of these it would be open in at least half of the draws: {demands}.")
        said.append(reopens.format(demands=commas(map(own_name, found.reopening))))
    elif found.chance < TARGET and result.inputs.demands:
        said.append(_("Dropping any one demand alone would not open it in half of the draws."))
    if found.hangs_on:
        depends = _(
            "Whether it is open in at least half of the draws depends on what is not known about {inputs}: a tenth of "
            "its range changes that."
        )
        said.append(depends.format(inputs=commas(found.hangs_on)))
    else:
        said.append(
            _(
                "No single input carries the share past one half at either end of its range; all of them together "
                "might."
            )
        )
    return said


def _settlement(result: Bargain, settlement: Settlement) -> Iterator[str]:
    if settlement.joint is None:
        yield f"Nash point under {settlement.name}: none, the zone is closed in every draw."
        yield ""
        return
    yield f"Nash point under {settlement.name}, over the draws with an open zone ({portion(settlement.chance)})"
    for issue, at in settlement.deal.items():
        given = [
            f"{side} gives {gives[issue].mean:.2f}"
            for side, gives in settlement.gives.items()
            if gives[issue].mean >= 0.005
        ]
        low_end, high_end = result.inputs.spec.issues[issue].means
        gifts = ", ".join(given) or "nobody gives"
        yield f"  {issue:18} {at.mean:z8.2f} ({at.low:z.2f} to {at.high:z.2f}; {low_end} … {high_end}): {gifts}"
    gains = ", ".join(
        f"{side} {g.mean:z.2f} ({g.low:z.2f} to {g.high:z.2f})" for side, g in settlement.gains.items()
    )
    joint = settlement.joint
    yield (
        f"  left on the table without it, of all at stake: {gains}; at most {joint.mean:z.2f} "
        f"({joint.low:z.2f} to {joint.high:z.2f}) jointly"
    )
    yield ""


def variant_text(result: Bargain, variant: BargainVariant) -> str:
    """Return which demands are insisted on in a variant, or what its lever does."""
    spec = result.inputs.spec
    match variant.kind:
        case "full":
            return _("every demand insisted on")
        case "drop":
            said = _("all demands but one: {demand}")
            return said.format(demand=own(spec.demands[variant.demand].text))
        case "alone":
            said = _("one demand alone: {demand}")
            return said.format(demand=own(spec.demands[variant.demand].text))
        case "none":
            return _("limits only, no demand insisted on")
    return own(spec.levers[variant.name].text)


def move_text(move: OpeningMove) -> str:
    """Return what an opening move does."""
    said = {
        "ease": _("{actor} eases its demand {demand}"),
        "ease all": _("{actor} eases all its demands alike"),
        "bend": _("{actor} bends its limit on {issue}"),
        "bend all": _("{actor} bends all its limits alike"),
        "give way": _("{actor} eases all its demands and bends all its limits alike"),
        "advance": _("{actor} moves on {issue} before any deal"),
        "advance all": _("{actor} moves on all issues before any deal"),
        "lift": _("{actor} lifts sanctions before any deal"),
        "bridge": _("{actor} stands in for what is demanded on {issue}"),
    }.get(move.kind, _("{actor} offsets sanctions by its own trade"))
    demand, issue = own_name(move.demand or ""), own_name(move.issue or "")
    return said.format(actor=move.actor, demand=demand, issue=issue)


def move_unit(move: OpeningMove) -> str:
    """Return what the size of an opening move is a share of."""
    if move.kind in ("lift", "offset"):
        return _("the sanctions stock")
    if move.kind.startswith("advance"):
        return _("the way to the other's ideal")
    return (
        _("the axis of {issue}").format(issue=own_name(move.issue)) if move.issue else _("each issue's axis")
    )


def add_sentences(value: dict[str, Any], result: Bargain) -> None:
    """Add to each variant and each opening move what it is."""
    for row, variant in zip(value["variants"], result.variants, strict=True):
        row["sentences"] = {"text": variant_text(result, variant)}
    for row, move in zip(value["moves"], result.moves, strict=True):
        row["sentences"] = {"text": move_text(move), "unit": move_unit(move)}
