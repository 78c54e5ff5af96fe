"""The bottom lines of a comparison: what a lever changes, and what moved between two states of knowledge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.report.languages.formats import listed
from detente.report.languages.language import _, ngettext, own, sentences, word
from detente.report.text.actors import act_text, named, spelled
from detente.report.text.answers.sentence import in_quotes
from detente.report.text.bottom_line import COUNTS, SHARES, by_move, clear, lever_text, points
from detente.report.text.numbers import change, clauses, counted, from_to, phrases
from detente.report.text.unread import not_modelled_text, why_inert

if TYPE_CHECKING:
    from detente.futures.outcomes import Difference
    from detente.studies.diff import Diff, Shift
    from detente.studies.whatif.whatif import WhatIf


def of_whatif(result: WhatIf) -> str:
    """Return what moved most, what did not move, and what the change rests on."""
    say, label = named(result.case), spelled(result.case)
    pulled = listed([lever_text(dose, say, label) for dose in result.doses])
    if result.inert:
        return _("{lever} changes nothing: {why}.").format(lever=pulled, why=why_inert(result))
    names = [name for name in (*SHARES, *COUNTS) if name not in result.not_modelled]
    ranked = by_move({name: result.outcomes[name, result.days] for name in names})
    sure = [(name, d) for name, d in ranked if clear(d)]
    moved = _phases_moved(result)
    if len(sure) > 1:
        first = _("Within {days} days {lever} changes this most: {one}; then {other}.")
    elif sure:
        first = _("Within {days} days {lever} changes this most: {one}.")
    elif moved:
        first = _(
            "Within {days} days {lever} moves the phases alone beyond chance in {futures} futures: {phases}."
        )
    else:
        first = _("Within {days} days {lever} changes no outcome beyond chance in {futures} futures.")
    one, other = ([_moved(result, *s) for s in sure[:2]] + ["", ""])[:2]
    said = [
        first.format(
            days=f"{result.days:,}",
            lever=pulled,
            one=one,
            other=other,
            futures=f"{result.futures:,}",
            phases=moved,
        )
    ]
    still = [_((SHARES | COUNTS)[name]) for name, d in ranked if not clear(d)]
    if sure and still:
        said.append(_("No clear difference in {outcomes}.").format(outcomes=listed(still)))
    said += filter(None, [not_modelled_text(result.not_modelled)])
    if result.drivers:
        odd = [_((SHARES | COUNTS)[name]) for name in result.implausible]
        trust = (
            _(
                "The direction for {outcomes} is implausible, and {coefficients} it acts through rest on the "
                "argument's priors: read it as a consequence of the priors."
            )
            if odd
            else _(
                "How far to trust it: {coefficients} it acts through rest on the argument's priors, and actors are "
                "taken to go on responding as fitted."
            )
        )
        of = _of_all(len(result.on_priors), len(result.drivers))
        said.append(trust.format(outcomes=listed(odd), coefficients=of))
    return sentences(*said)


def of_diff(result: Diff) -> str:
    """Return what moved most between two states of knowledge, and which act moved it."""
    ranked = shifts_by_move(result)
    ranked = [s for s in ranked if s.after.question.amount is None]  # what is compared in chances
    sure = [s for s in ranked if s.decided is None and _sure(s)]
    over = [decided_text(s) for s in ranked if s.decided is not None]
    if not sure:
        none = _(
            "No probability moved beyond chance among {n} open questions, with {futures} futures on each side."
        )
        return sentences(none.format(n=len(ranked) - len(over), futures=f"{result.futures:,}"), *over)
    most_moved = _("Moved most: {one}; then {other}.") if len(sure) > 1 else _("Moved most: {one}.")
    said = [most_moved.format(one=_shifted(sure[0]), other=_shifted(sure[1]) if len(sure) > 1 else "")]
    acts = [
        (act, move)
        for act, move in zip(result.movers, sure[0].by_act, strict=True)
        if move.points is not None and move.low is not None and move.high is not None
        if move.low > 0 or move.high < 0
    ]
    if acts:
        most = max(abs(round(100 * (move.points or 0.0))) for _, move in acts)
        strongest = [
            _("{day}, {act} ({points})").format(
                day=act["date"].isoformat(),
                act=phrases(act_text(act), own(act["summary"])) if act["summary"] else act_text(act),
                points=points(move.points or 0.0),
            )
            for act, move in acts
            if abs(round(100 * (move.points or 0.0))) == most
        ]
        said.append(
            ngettext(
                "Largest effect of a single act: {acts}.",
                "Largest effects of single acts: {acts}.",
                len(strongest),
            ).format(acts=clauses(strongest))
        )
    moved = _("{n} of {all} open questions moved beyond chance.")
    said.append(moved.format(n=len(sure), all=len(ranked) - len(over)))
    return sentences(*said, *over)


def shifts_by_move(result: Diff) -> list[Shift]:
    """Return the questions of two states of knowledge, those that moved most first; how many and when come last."""
    return sorted(
        result.shifts,
        key=lambda s: (
            s.after.question.amount is not None,
            s.decided is not None,
            not _sure(s),
            -abs(s.change.points or 0.0),
        ),
    )


def decided_text(shift: Shift) -> str:
    """Return that a question is settled by what is known on the later day, as a sentence; empty where it is open."""
    if shift.decided is None:
        return ""
    before = shift.before.probability
    had = "" if before is None else counted(before, shift.before.settled, shift.before.unclear)
    if shift.decided:
        said = (
            _("Decided by what is known by then: {question} is true whatever follows (before {share}).")
            if had
            else _("Decided by what is known by then: {question} is true whatever follows.")
        )
    else:
        said = (
            _("Decided by what is known by then: {question} cannot come true any more (before {share}).")
            if had
            else _("Decided by what is known by then: {question} cannot come true any more.")
        )
    return said.format(question=in_quotes(shift.after), share=had)


def _sure(shift: Shift) -> bool:
    low, high = shift.change.low, shift.change.high
    return low is not None and high is not None and (low > 0 or high < 0)


def _shifted(shift: Shift) -> str:
    one, other = shift.before, shift.after
    move = from_to(one.probability or 0.0, other.probability or 0.0, one.settled, other.settled)
    return phrases(in_quotes(other), move)


def _moved(result: WhatIf, name: str, d: Difference) -> str:
    if name in SHARES:
        said = phrases(_(SHARES[name]), from_to(d.without, d.with_, result.futures, result.futures))
    else:
        shown = change(d.without, d.with_, d.low, d.high, 2)
        moved = _("{what}, {before} to {after} a future")
        said = moved.format(what=_(COUNTS[name]), before=shown.before, after=shown.after)
    return phrases(said, _("an implausible direction")) if name in result.implausible else said


def _phases_moved(result: WhatIf) -> str:
    """Return which phase moved most beyond chance, for a lever that moved no outcome; empty if none did."""
    phases = {
        name: d
        for (name, days), d in result.outcomes.items()
        if days == result.days and name.startswith(("phase ", "in talks")) and clear(d)
    }
    if not phases:
        return ""
    name, d = max(phases.items(), key=lambda pair: abs(pair[1].mean))
    most = word(name.removeprefix("phase ").removeprefix("in "))
    return _("{phase} most, {moved} of days").format(phase=most, moved=from_to(d.without, d.with_))


def _of_all(count: int, all_: int) -> str:
    """Return how many of the coefficients of a lever are meant."""
    said = _("all {all} coefficients") if count == all_ else _("{n} of the {all} coefficients")
    return said.format(all=all_, n=count)
