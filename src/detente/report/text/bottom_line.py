"""The bottom line: the two or three plain sentences with which a result begins."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from detente.questions.statuses import NOT_MODELLED
from detente.report.languages.formats import listed
from detente.report.languages.language import _, later, ngettext, own, pgettext, sentences, word
from detente.report.text.actors import named, spelled
from detente.report.text.answers.amounts import amount_sentence
from detente.report.text.answers.sentence import answer_sentence, in_quotes, record_sentence
from detente.report.text.answers.subject import subject_of
from detente.report.text.numbers import (
    change,
    clauses,
    counted,
    estimated,
    from_to,
    mover_text,
    percent,
    phrases,
)
from detente.report.text.unread import not_modelled_text, why_inert

if TYPE_CHECKING:
    from detente.futures.outcomes import Difference
    from detente.lab.ask import Ask, QuestionResult
    from detente.lab.case import Case
    from detente.lab.run_result import Run
    from detente.lab.why import Mover
    from detente.questions.answers import Answer
    from detente.questions.base_rates import BaseRate
    from detente.studies.claims.claims import Claims
    from detente.studies.diff import Diff, Shift
    from detente.studies.overview import Report
    from detente.studies.whatif.every_lever import ChangeOverview
    from detente.studies.whatif.whatif import WhatIf

SHOWN = 2  # questions in a bottom line
_MOSTLY = 0.5  # of a prior's standard deviation
APART = 0.15  # between a chance and its base rate, below which they say the same
SHARES = {
    "talks": later("futures with talks"),
    "accords": later("futures with a substantive accord"),
    "deaths": later("futures with a hundred deaths"),
}
COUNTS = {"force": later("days of force"), "pressure": later("acts of pressure")}


def of_run(run: Run) -> str:
    """Return the first questions of a run beside their past, what moves the first one most, and how far to trust it."""
    first = run.first_answers
    said = [_asked(f.answer, f.base_rates) for f in first]
    if first and first[0].why:
        said.append(_moves(first[0].why[0], alone=_alone(run.answers)))
    if not said:
        busy = max(run.channels, key=lambda c: c.mean, default=None)
        said = [] if busy is None else [_busiest(spelled(run.case)(busy.label), busy.mean, run.days)]
    return sentences(*said, trust_sentence(run))


def _busiest(label: str, mean: float, days: int) -> str:
    return _(
        "The argument asks no question; the busiest channel is {channel}, with {mean} acts in {days} days."
    ).format(channel=label, mean=f"{mean:.1f}", days=f"{days:,}")


def of_ask(result: Ask) -> str:
    """Return each question asked beside its past, what moves the first one most, and how far to trust it."""
    asked = result.asked[:SHOWN]
    said = [_asked(a.answer, a.base_rates) for a in asked]
    first = asked[0]
    if first.why:
        said.append(_moves(first.why[0], alone=_alone(result.asked)))
    case = result.run.case
    said += filter(None, [record_sentence(first, subject_of(case))])
    if estimated(first.spread):
        low, high = percent(first.spread.low), percent(first.spread.high)
        puts = (
            _("What the events leave open in the coefficients puts it at {low} to {high}.")
            if _alone(result.asked)
            else _(
                "What the events leave open in the coefficients puts the first probability at {low} to {high}."
            )
        )
        said.append(puts.format(low=low, high=high))
    return sentences(*said, trust_sentence(result.run))


def of_report(report: Report) -> list[str]:
    """Return the sentences with which a report begins: questions, what is unusual, what changes it, trust."""
    asked = [a for a in report.asked if a.answer.told]
    said = [_asked(a.answer, a.base_rates) for a in asked[:SHOWN]] or [of_run(report.run)]
    apart = max(asked, key=_gap, default=None)
    if apart is not None and apart not in asked[:SHOWN] and _gap(apart) >= APART:
        far = _asked(apart.answer, apart.base_rates)
        said.append(_("Farthest from the past: {sentence}").format(sentence=f"{far[0].lower()}{far[1:]}"))
    if lever := _best_lever(report.run.case, report.change):
        said.append(lever)
    if asked:
        said.append(trust_sentence(report.run))
    if report.claims is not None and (verdicts := _mechanisms(report.claims)):
        said.append(verdicts)
    return said


def of_whatif(result: WhatIf) -> str:
    """Return what moved most, what did not move, and what the change rests on."""
    pulled = listed([dose.text for dose in result.doses])
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
    one, other = ([_moved(*s, result.futures) for s in sure[:2]] + ["", ""])[:2]
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
                act=own(act["summary"] or _bare(act)),
                points=points(move.points or 0.0),
            )
            for act, move in acts
            if abs(round(100 * (move.points or 0.0))) == most
        ]
        said.append(
            ngettext("By itself most: {acts}.", "By themselves most: {acts}.", len(strongest)).format(
                acts=clauses(strongest)
            )
        )
    moved = _("{n} of {all} open questions moved beyond chance.")
    said.append(moved.format(n=len(sure), all=len(ranked) - len(over)))
    return sentences(*said, *over)


def of_claims(result: Claims) -> str:
    """Return what the events say of the claims."""
    verdicts = Counter(row.verdict for row in result.rows)
    each = listed(
        [
            pgettext("a count of a verdict", "{n} {verdict}").format(n=count, verdict=word(verdict))
            for verdict, count in verdicts.most_common()
        ]
    )
    claims = ngettext("{n} claim: {verdicts}.", "{n} claims: {verdicts}.", len(result.rows))
    return sentences(claims.format(n=len(result.rows), verdicts=each), _mechanisms(result))


def trust_sentence(run: Run) -> str:
    """Return how far a run's probabilities rest on events."""
    moved = sorted(run.moved_by_events().values())
    if not moved:
        return _("How far to trust it: the argument has no mechanism, so every rate is a constant.")
    most, median = (max(share, 0.0) for share in (moved[-1], moved[len(moved) // 2]))
    said = {
        (True, True): _(
            "How far to trust it: the events narrow the priors of mechanisms by at most {most} (median {median}), so "
            "what one act does to the next rests mostly on the argument; how often each side acts comes from the "
            "events."
        ),
        (True, False): _(
            "How far to trust it: the events narrow the priors of mechanisms by at most {most} (median {median}), so "
            "what one act does to the next rests mostly on the argument."
        ),
        (False, True): _(
            "How far to trust it: the events narrow the priors of mechanisms by at most {most} (median {median}), so "
            "what one act does to the next rests in part on the argument; how often each side acts comes from the "
            "events."
        ),
        (False, False): _(
            "How far to trust it: the events narrow the priors of mechanisms by at most {most} (median {median}), so "
            "what one act does to the next rests in part on the argument."
        ),
    }[median < _MOSTLY, _levels_learnt(run)]
    return said.format(most=percent(most), median=percent(median))


def _levels_learnt(run: Run) -> bool:
    """Whether the events are not few, and removed most of the prior's standard deviation of the channels' levels."""
    levels = sorted(
        1 - float(sd) / c.prior.sd
        for c, sd in zip(run.posterior.program.coefficients, run.posterior.sd, strict=True)
        if c.mechanism == "intercept"
    )
    few = any(caution.code == "few_data" for caution in run.cautions)
    return not few and bool(levels) and levels[len(levels) // 2] >= _MOSTLY


def points(difference: float) -> str:
    """Write a difference of probabilities in percentage points.

    Examples
    --------
    >>> points(0.2), points(-0.0004)
    ('+20 points', '+0 points')
    """
    return _("{n} points").format(n=f"{round(100 * difference) + 0:+d}")


def clear(d: Difference) -> bool:
    """Whether a difference is beyond chance."""
    return d.low > 0 or d.high < 0


def by_move(outcomes: dict[str, Difference]) -> list[tuple[str, Difference]]:
    """Return differences, those beyond chance first, and of those the largest in proportion first."""

    def rank(pair: tuple[str, Difference]) -> tuple[bool, float]:
        d = pair[1]
        size = max(abs(d.without), abs(d.with_))
        return not clear(d), -abs(d.mean) / size if clear(d) and size else 0.0

    return sorted(outcomes.items(), key=rank)


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
    had = "" if before is None else counted(before, shift.before.settled)
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


def _bare(act: dict[str, Any]) -> str:
    return f"{act['source']} -> {act['target']} {act['action']}"


def _moved(name: str, d: Difference, futures: int) -> str:
    if name in SHARES:
        return phrases(_(SHARES[name]), from_to(d.without, d.with_, futures, futures))
    shown = change(d.without, d.with_, d.low, d.high, 2)
    moved = _("{what}, {before} to {after} a future")
    return moved.format(what=_(COUNTS[name]), before=shown.before, after=shown.after)


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


def _best_lever(case: Case, change_: ChangeOverview) -> str:
    """Return which lever moves talks most beyond chance; empty if none does."""
    if "talks" in change_.not_modelled:
        return not_modelled_text(change_.not_modelled)
    sure = [row for row in change_.pulled if clear(row.outcomes["talks"])]
    if not sure:
        none = _("What would change it most: no lever moves talks beyond chance within {days} days.")
        return none.format(days=change_.days) if change_.pulled else ""
    best = max(sure, key=lambda row: abs(row.outcomes["talks"].mean))
    d = best.outcomes["talks"]
    title = word(best.title)
    lever = f"{title[0].lower()}{title[1:]}"
    if best.dose.actor:
        lever = _("{lever} by {actor}").format(lever=lever, actor=named(case)(best.dose.actor))
    said = (
        _(
            "What would change talks within {days} days most: {lever} ({moved}, against what one would expect, on the "
            "priors)."
        )
        if "talks" in best.implausible
        else _("What would change talks within {days} days most: {lever} ({moved}).")
    )
    moved = from_to(d.without, d.with_, change_.futures, change_.futures)
    return said.format(days=change_.days, lever=lever, moved=moved)


def _mechanisms(result: Claims) -> str:
    judged = [row.verdict for row in result.rows if row.judgement is not None]
    if not judged:
        return ""
    open_ = sum(verdict in ("no power", "not testable", "silent") for verdict in judged)
    if len(judged) == 1:
        return (
            _("The one claim about a mechanism is left open by the events.")
            if open_
            else _("The one claim about a mechanism is answered by the events.")
        )
    said = {
        0: _("Of {n} claims about mechanisms the events leave none open."),
        len(judged): _("Of {n} claims about mechanisms the events leave all open."),
    }.get(open_, _("Of {n} claims about mechanisms the events leave {open} open."))
    return said.format(n=len(judged), open=f"{open_:,}")


def _asked(answer: Answer, rates: tuple[BaseRate, BaseRate]) -> str:
    if answer.question.amount is not None and answer.status != NOT_MODELLED:
        return amount_sentence(answer, rates)
    return answer_sentence(answer, rates)


def _moves(mover: Mover, *, alone: bool) -> str:
    """Return which coefficient moves a question most, and how far."""
    moved = round(100 * abs(mover.points))
    far = ngettext("{n} point", "{n} points", moved).format(n=moved) if moved else _("less than a point")
    if alone:
        said = (
            _(
                "What would change it most: one standard deviation more of {coefficient} raises it by {points}."
            )
            if mover.points > 0
            else _(
                "What would change it most: one standard deviation more of {coefficient} lowers it by {points}."
            )
        )
    else:
        said = (
            _(
                "What would change the first probability most: one standard deviation more of {coefficient} raises it "
                "by {points}."
            )
            if mover.points > 0
            else _(
                "What would change the first probability most: one standard deviation more of {coefficient} lowers it "
                "by {points}."
            )
        )
    return said.format(coefficient=mover_text(mover.name), points=far)


def _gap(asked: QuestionResult) -> float:
    share = asked.base_rates[0].share
    return 0.0 if share is None else abs((asked.answer.probability or 0.0) - share)


def _alone(asked: Sequence[object]) -> bool:
    """Whether one question was asked, so that *it* can be no other."""
    return len(asked) == 1
