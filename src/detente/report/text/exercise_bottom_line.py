"""The bottom line of an exercise: what happens, why if nothing does, and what players' acts changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from detente.report.text.actors import names_of
from detente.report.text.numbers import listed, percent

if TYPE_CHECKING:
    from detente.studies.exercise.effect import Change, Reaction, Shift
    from detente.studies.exercise.exercise import Exercise

SHOWN = 3  # questions named
LEAST_SHIFT = 0.005  # of a probability that is named


def bottom_line(result: Exercise) -> str:
    """Return what happens in the future told and, after moves, what they changed."""
    said = [_what_happens(result)]
    if result.change is not None:
        said.append(change_text(result.change, names_of(result.run.case)))
    return " ".join(said)


def _what_happens(result: Exercise) -> str:
    expected = f"{result.expected_acts:.1f} acts in {result.days:,} days on average over all futures"
    share = (
        f"{percent(result.quiet_share)} of the futures have none"
        if result.quiet_share
        else "every future has some"
    )
    drawn = [i for i in result.injects if i.kind == "act" and not i.played]
    if not drawn:
        alone = " but the players' acts" if result.moves.height else ""
        nothing = f"Nothing happens in these {result.days:,} days{alone}"
        if result.quiet_share >= 0.5:
            return f"{nothing}, as in most futures: the model expects {expected}, and {share}."
        return (
            f"{nothing}: the model expects {expected}, and {share}. Each channel alone is quiet in most futures, so "
            "a future without any act can still be the one chosen."
        )
    deaths = sum(i.deaths or 0 for i in drawn)
    toll = (
        f"{deaths:,} people die" if deaths > 1 else "one person dies" if deaths else "nobody is known to die"
    )
    acts = f"{len(drawn):,} acts" if len(drawn) > 1 else "One act"
    verb = "happen" if len(drawn) > 1 else "happens"
    return f"{acts} {verb} and {toll}. The model expects {expected}; {share}."


def change_text(change: Change, names: Mapping[str, str]) -> str:
    """Return what players' acts changed: in the future told, in reactions, and in the questions."""
    said = []
    if change.new or change.vanished:
        new = f"{len(change.new)} entr{'y is' if len(change.new) == 1 else 'ies are'} new"
        said.append(f"The moves changed this future: {new}, {len(change.vanished)} vanished.")
    else:
        why = "they shift rates, and here no draw crossed its threshold"
        said.append(f"The moves changed no entry of this future: {why}.")
    said += [_reaction(reaction, names) for reaction in change.reactions]
    shifted = [shift for shift in change.questions if shift.size >= LEAST_SHIFT][:SHOWN]
    if shifted:
        said.append(f"Over all futures they shift {listed([_shift(shift) for shift in shifted])}.")
    elif change.questions:
        said.append("Over all futures they shift no question of the argument by a percentage point or more.")
    return " ".join(said)


def _reaction(reaction: Reaction, names: Mapping[str, str]) -> str:
    other, one = (names.get(code, code) for code in (reaction.target, reaction.source))
    within = f"within {reaction.days} days of the {reaction.action} of {reaction.date.isoformat()}"
    shares = f"{percent(reaction.share)} of futures ({percent(reaction.share_without)} without the moves)"
    times = f"{reaction.here} time{'s' if reaction.here > 1 else ''}" if reaction.here else "not once"
    here = f"{times} in this one"
    said = f"The side of {other} acts on the side of {one} {within} in {shares}, {here}"
    if reaction.seen:
        return f"{said}."
    return f"{said}: the difference is within chance, so events give no sign of a reaction at this lag."


def _shift(shift: Shift) -> str:
    now, without = (percent(p) if p is not None else "unsettled" for p in (shift.probability, shift.without))
    return f"“{shift.text.rstrip('.')}” to {now} ({without} without)"
