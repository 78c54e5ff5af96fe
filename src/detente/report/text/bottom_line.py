"""The bottom line: the two or three plain sentences with which a result begins."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from detente.questions.statuses import NOT_MODELLED
from detente.report.text.actors import named, spelled
from detente.report.text.answers.amounts import amount_sentence
from detente.report.text.answers.sentence import answer_sentence, in_quotes, record_sentence
from detente.report.text.answers.subject import subject_of
from detente.report.text.numbers import (
    change,
    counted,
    estimated,
    from_to,
    listed,
    mover_text,
    percent,
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
    "talks": "futures with talks",
    "accords": "futures with a substantive accord",
    "deaths": "futures with a hundred deaths",
}
COUNTS = {"force": "days of force", "pressure": "acts of pressure"}


def of_run(run: Run) -> str:
    """Return the first questions of a run beside their past, what moves the first one most, and how far to trust it."""
    first = run.first_answers
    said = [_asked(f.answer, f.base_rates) for f in first]
    if first and first[0].why:
        said.append(_moves(first[0].why[0], _it(run.answers)))
    if not said:
        busy = max(run.channels, key=lambda c: c.mean, default=None)
        said = [] if busy is None else [_busiest(spelled(run.case)(busy.label), busy.mean, run.days)]
    return " ".join([*said, trust_sentence(run)])


def _busiest(label: str, mean: float, days: int) -> str:
    return f"The argument asks no question; the busiest channel is {label}, with {mean:.1f} acts in {days:,} days."


def of_ask(result: Ask) -> str:
    """Return each question asked beside its past, what moves the first one most, and how far to trust it."""
    asked = result.asked[:SHOWN]
    said = [_asked(a.answer, a.base_rates) for a in asked]
    first = asked[0]
    if first.why:
        said.append(_moves(first.why[0], _it(result.asked)))
    case = result.run.case
    said += filter(None, [record_sentence(first, subject_of(case))])
    if estimated(first.spread):
        low, high = percent(first.spread.low), percent(first.spread.high)
        said.append(
            f"What the events leave open in the coefficients puts {_it(result.asked)} at {low} to {high}."
        )
    return " ".join([*said, trust_sentence(result.run)])


def of_report(report: Report) -> list[str]:
    """Return the sentences with which a report begins: questions, what is unusual, what changes it, trust."""
    asked = [a for a in report.asked if a.answer.told]
    said = [_asked(a.answer, a.base_rates) for a in asked[:SHOWN]] or [of_run(report.run)]
    apart = max(asked, key=_gap, default=None)
    if apart is not None and apart not in asked[:SHOWN] and _gap(apart) >= APART:
        far = _asked(apart.answer, apart.base_rates)
        said.append(f"Farthest from the past: {far[0].lower()}{far[1:]}")
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
        return f"{pulled} changes nothing: {why_inert(result)}."
    names = [name for name in (*SHARES, *COUNTS) if name not in result.not_modelled]
    ranked = by_move({name: result.outcomes[name, result.days] for name in names})
    sure = [(name, d) for name, d in ranked if clear(d)]
    days = f"Within {result.days:,} days {pulled}"
    if sure:
        said = [f"{days} changes this most: {'; then '.join(_moved(*s, result.futures) for s in sure[:2])}."]
    else:
        what = "moves the phases alone" if (moved := _phases_moved(result)) else "changes no outcome"
        said = [f"{days} {what} beyond chance in {result.futures:,} futures{moved}."]
    still = [(SHARES | COUNTS)[name] for name, d in ranked if not clear(d)]
    if sure and still:
        said.append(f"No clear difference in {listed(still)}.")
    said += filter(None, [not_modelled_text(result.not_modelled)])
    share = len(result.on_priors)
    if result.drivers:
        odd = [(SHARES | COUNTS)[name] for name in result.implausible]
        rest = f"{_of_all(share, len(result.drivers))} it acts through rest on the argument's priors"
        said.append(
            f"The direction for {listed(odd)} is implausible, and {rest}: read it as a consequence of the priors."
            if odd
            else f"How far to trust it: {rest}, and actors are taken to go on responding as fitted."
        )
    return " ".join(said)


def of_diff(result: Diff) -> str:
    """Return what moved most between two states of knowledge, and which act moved it."""
    ranked = shifts_by_move(result)
    ranked = [s for s in ranked if s.after.question.amount is None]  # what is compared in chances
    sure = [s for s in ranked if s.decided is None and _sure(s)]
    over = [decided_text(s) for s in ranked if s.decided is not None]
    if not sure:
        none = f"No probability moved beyond chance among {len(ranked) - len(over)} open questions"
        return " ".join([f"{none}, with {result.futures:,} futures on each side.", *over])
    said = [f"Moved most: {_shifted(sure[0])}{''.join(f'; then {_shifted(s)}' for s in sure[1:2])}."]
    acts = [
        (act, move)
        for act, move in zip(result.movers, sure[0].by_act, strict=True)
        if move.points is not None and move.low is not None and move.high is not None
        if move.low > 0 or move.high < 0
    ]
    if acts:
        most = max(abs(round(100 * (move.points or 0.0))) for _, move in acts)
        strongest = [
            f"{act['date'].isoformat()}, {act['summary'] or _bare(act)} ({points(move.points or 0.0)})"
            for act, move in acts
            if abs(round(100 * (move.points or 0.0))) == most
        ]
        said.append(f"By {'itself' if len(strongest) == 1 else 'themselves'} most: {'; '.join(strongest)}.")
    said.append(f"{len(sure)} of {len(ranked) - len(over)} open questions moved beyond chance.")
    return " ".join([*said, *over])


def of_claims(result: Claims) -> str:
    """Return what the events say of the claims."""
    verdicts = Counter(row.verdict for row in result.rows)
    each = listed([f"{count} {word}" for word, count in verdicts.most_common()])
    said = [f"{len(result.rows)} claim{'' if len(result.rows) == 1 else 's'}: {each}."]
    if mechanisms := _mechanisms(result):
        said.append(mechanisms)
    return " ".join(said)


def trust_sentence(run: Run) -> str:
    """Return how far a run's probabilities rest on events."""
    moved = sorted(run.moved_by_events().values())
    if not moved:
        return "How far to trust it: the argument has no mechanism, so every rate is a constant."
    most, median = (max(share, 0.0) for share in (moved[-1], moved[len(moved) // 2]))
    rests = "mostly" if median < _MOSTLY else "in part"
    levels = "; how often each side acts comes from the events" if _levels_learnt(run) else ""
    return (
        f"How far to trust it: the events narrow the priors of mechanisms by at most {percent(most)} (median "
        f"{percent(median)}), so what one act does to the next rests {rests} on the argument{levels}."
    )


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
    return f"{round(100 * difference) + 0:+d} points"


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
    had = "" if before is None else f" (before {counted(before, shift.before.settled)})"
    how = "is true whatever follows" if shift.decided else "cannot come true any more"
    return f"Decided by what is known by then: {in_quotes(shift.after)} {how}{had}."


def _sure(shift: Shift) -> bool:
    low, high = shift.change.low, shift.change.high
    return low is not None and high is not None and (low > 0 or high < 0)


def _shifted(shift: Shift) -> str:
    one, other = shift.before, shift.after
    return (
        f"{in_quotes(other)}, "
        f"{from_to(one.probability or 0.0, other.probability or 0.0, one.settled, other.settled)}"
    )


def _bare(act: dict[str, Any]) -> str:
    return f"{act['source']} -> {act['target']} {act['action']}"


def _moved(name: str, d: Difference, futures: int) -> str:
    if name in SHARES:
        return f"{SHARES[name]}, {from_to(d.without, d.with_, futures, futures)}"
    shown = change(d.without, d.with_, d.low, d.high, 2)
    return f"{COUNTS[name]}, {shown.before} to {shown.after} a future"


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
    most = name.removeprefix("phase ").removeprefix("in ")
    return f": {most} most, {from_to(d.without, d.with_)} of days"


def _of_all(count: int, all_: int) -> str:
    """Return how many of the coefficients of a lever are meant."""
    return f"all {all_} coefficients" if count == all_ else f"{count} of the {all_} coefficients"


def _best_lever(case: Case, change_: ChangeOverview) -> str:
    """Return which lever moves talks most beyond chance; empty if none does."""
    if "talks" in change_.not_modelled:
        return not_modelled_text(change_.not_modelled)
    sure = [row for row in change_.pulled if clear(row.outcomes["talks"])]
    if not sure:
        return (
            f"What would change it most: no lever moves talks beyond chance within {change_.days} days."
            if change_.pulled
            else ""
        )
    best = max(sure, key=lambda row: abs(row.outcomes["talks"].mean))
    d = best.outcomes["talks"]
    odd = ", against what one would expect, on the priors" if "talks" in best.implausible else ""
    by = f" by {named(case)(best.dose.actor)}" if best.dose.actor else ""
    return (
        f"What would change talks within {change_.days} days most: {best.title[0].lower()}{best.title[1:]}{by} "
        f"({from_to(d.without, d.with_, change_.futures, change_.futures)}{odd})."
    )


def _mechanisms(result: Claims) -> str:
    judged = [row.verdict for row in result.rows if row.judgement is not None]
    if not judged:
        return ""
    open_ = sum(verdict in ("no power", "not testable", "silent") for verdict in judged)
    if len(judged) == 1:
        return f"The one claim about a mechanism is {'left open' if open_ else 'answered'} by the events."
    left = {0: "none", len(judged): "all"}.get(open_, f"{open_:,}")
    return f"Of {len(judged)} claims about mechanisms the events leave {left} open."


def _asked(answer: Answer, rates: tuple[BaseRate, BaseRate]) -> str:
    if answer.question.amount is not None and answer.status != NOT_MODELLED:
        return amount_sentence(answer, rates)
    return answer_sentence(answer, rates)


def _moves(mover: Mover, what: str) -> str:
    """Return which coefficient moves a question most, and how far."""
    moved = round(100 * abs(mover.points))
    far = f"{moved} point{'' if moved == 1 else 's'}" if moved else "less than a point"
    way = "raises" if mover.points > 0 else "lowers"
    return f"What would change {what} most: one standard deviation more of {mover_text(mover.name)} {way} it by {far}."


def _gap(asked: QuestionResult) -> float:
    share = asked.base_rates[0].share
    return 0.0 if share is None else abs((asked.answer.probability or 0.0) - share)


def _it(asked: Sequence[object]) -> str:
    return "it" if len(asked) == 1 else "the first probability"
