"""The bottom line: the two or three plain sentences with which a result begins."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from detente.questions.statuses import NOT_MODELLED
from detente.report.languages.formats import listed
from detente.report.languages.language import _, for_later, ngettext, pgettext, sentences, word
from detente.report.text.actors import named, spelled
from detente.report.text.answers.amounts import amount, amount_sentence
from detente.report.text.answers.mover import mover_text
from detente.report.text.answers.past import unclear_past
from detente.report.text.answers.sentence import answer_sentence, record_sentence
from detente.report.text.evidence.reference_rates import (
    apart_text,
    is_apart,
    spread_apart_text,
    spread_is_apart,
)
from detente.report.text.numbers import (
    clauses,
    estimated,
    from_to,
    percent,
    phrases,
)
from detente.report.text.unread import not_modelled_text

if TYPE_CHECKING:
    from detente.futures.levers.base import Dose
    from detente.futures.outcomes import Difference
    from detente.lab.ask import Ask, QuestionResult
    from detente.lab.case import Case
    from detente.lab.run_result import Run
    from detente.lab.why import Mover
    from detente.questions.answers import Answer
    from detente.questions.base_rates import BaseRate
    from detente.studies.claims.claims import Claims
    from detente.studies.overview import Report
    from detente.studies.whatif.every_lever import ChangeOverview, Pulled

SHOWN = 2  # questions in a bottom line
_MOSTLY = 0.5  # of a prior's standard deviation
WIDE = 10  # times the acts of as many days before: a fan that reaches so far is said to be wide
APART = 0.15  # between a chance and its base rate, below which they say the same
SHARES = {
    "talks": for_later("futures with talks"),
    "accords": for_later("futures with a substantive accord"),
    "deaths": for_later("futures with a hundred deaths"),
}
COUNTS = {"force": for_later("days of force"), "pressure": for_later("acts of pressure")}


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
    said += filter(None, [record_sentence(first, result.run.case)])
    if estimated(first.spread) and not first.answer.only_bounds:
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
        said.append(
            _("Largest departure from the base rate: {sentence}").format(
                sentence=f"{far[0].lower()}{far[1:]}"
            )
        )
    if lever := _best_lever(report.run.case, report.change):
        said.append(lever)
    trust = [trust_sentence(report.run)] if asked else []
    said += filter(None, [sentences(*trust, *_beyond_others(report))])
    if report.claims is not None and (verdicts := _mechanisms(report.claims)):
        said.append(verdicts)
    return said


def _beyond_others(report: Report) -> list[str]:
    """Return where futures are outside what other rivalries show, and the widest fan, each as a sentence."""
    said = []
    longest = {row.rate: row for row in report.rates if is_apart(row)}
    apart = [apart_text(row) for row in longest.values()]
    if apart := [*apart, *(spread_apart_text(row) for row in report.spreads if spread_is_apart(row))]:
        lead = _("The futures are outside the range of other rivalries: {chances}.")
        said.append(lead.format(chances=clauses(apart)))
    wide = [c for c in report.run.channels if c.before is not None and c.high >= WIDE * max(c.before, 1.0)]
    if wide:
        widest = max(wide, key=lambda c: c.high / max(c.before or 0.0, 1.0))
        said.append(
            _(
                "Wide fans: the widest is {channel}, with {low} to {high} acts in {days} days (90 % of futures) after "
                "{before} in as many days before."
            ).format(
                channel=spelled(report.run.case)(widest.label),
                low=f"{widest.low:,.0f}",
                high=f"{widest.high:,.0f}",
                before=amount(widest.before),
                days=f"{report.run.days:,}",
            )
        )
    return said


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


def _best_lever(case: Case, change_: ChangeOverview) -> str:
    """Return which lever moves talks most beyond chance; empty if none does."""
    if "talks" in change_.not_modelled:
        return not_modelled_text(change_.not_modelled)
    sure = [row for row in change_.pulled if clear(row.outcomes["talks"])]
    if not sure:
        none = _("What would change it most: no lever moves talks beyond chance within {days} days.")
        return none.format(days=f"{change_.days:,}") if change_.pulled else ""
    credible = [row for row in sure if "talks" not in row.implausible]
    most = max(sure, key=_moves_talks)
    best = max(credible or sure, key=_moves_talks)
    d = best.outcomes["talks"]
    said = {
        (True, False): _("What would change talks within {days} days most: {lever} ({moved})."),
        (True, True): _(
            "What would change talks within {days} days most: {lever} ({moved}), but the direction for {outcomes} is "
            "implausible: read it as a consequence of the priors."
        ),
        (False, False): _(
            "What would change talks within {days} days most, among levers that do not move them in an implausible "
            "direction: {lever} ({moved})."
        ),
        (False, True): _(
            "What would change talks within {days} days most, among levers that do not move them in an implausible "
            "direction: {lever} ({moved}), but the direction for {outcomes} is implausible: read it as a consequence "
            "of the priors."
        ),
    }[best is most, bool(best.implausible)]
    moved = from_to(d.without, d.with_, change_.futures, change_.futures)
    if best.beyond:
        moved = phrases(moved, _("with a dose outside anything seen"))
    odd = listed([_((SHARES | COUNTS)[name]) for name in best.implausible])
    lever = lever_text(best.dose, named(case), spelled(case))
    return said.format(days=f"{change_.days:,}", lever=lever, moved=moved, outcomes=odd)


def _moves_talks(row: Pulled) -> float:
    return abs(row.outcomes["talks"].mean)


def lever_name(dose: Dose) -> str:
    """Return the title of a dose's lever, for the middle of a sentence."""
    from detente.futures.levers import lever_registry

    title = word(lever_registry()[dose.lever].title)
    return f"{title[0].lower()}{title[1:]}"


def lever_text(dose: Dose, say: Callable[[str], str] = str, label: Callable[[str], str] = str) -> str:
    """Return a dose in words, for the middle of a sentence.

    Parameters
    ----------
    dose : Dose
    say, label : callable
        Write an actor's name, and names in the label of a channel.

    Examples
    --------
    >>> from detente.futures.levers.base import Dose
    >>> lever_text(Dose("sanctions", "A", 10, 30))
    'new sanctions by A on day 30 (number of sanctions: 10)'
    >>> lever_text(Dose("hold", "A -> B force", 1, 0))
    'a channel held at zero on day 0 (A -> B force)'
    """
    from detente.futures.levers import lever_registry

    lever, title = lever_registry()[dose.lever], lever_name(dose)
    if lever.who == "channel":
        held = _("{lever} on day {day} ({channel})")
        return held.format(lever=title, day=dose.day, channel=label(dose.actor))
    said = _("{lever} by {actor} on day {day} ({unit}: {size})")
    return said.format(
        lever=title, actor=say(dose.actor), day=dose.day, unit=word(lever.unit), size=f"{dose.size:g}"
    )


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
        0: _("The events leave none of {n} claims about mechanisms open."),
        len(judged): _("The events leave all {n} claims about mechanisms open."),
    }.get(open_, _("The events leave {open} of {n} claims about mechanisms open."))
    return said.format(n=len(judged), open=f"{open_:,}")


def _asked(answer: Answer, rates: tuple[BaseRate, BaseRate]) -> str:
    if answer.question.amount is not None and answer.status != NOT_MODELLED:
        return sentences(amount_sentence(answer, rates), unclear_past(rates))
    past = "" if answer.certain is not None else unclear_past(rates)
    return sentences(answer_sentence(answer, rates), past)


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
    rate = asked.base_rates[0]
    if asked.answer.only_bounds or rate.share is None or rate.low is None or rate.high is None:
        return 0.0
    chance = asked.answer.probability or 0.0
    return abs(chance - min(max(chance, rate.low), rate.high))


def _alone(asked: Sequence[object]) -> bool:
    """Whether one question was asked, so that *it* can be no other."""
    return len(asked) == 1
