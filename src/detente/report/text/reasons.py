"""What the verdicts of claims rest on, in sentences."""

from __future__ import annotations

from functools import singledispatch
from math import exp
from typing import TYPE_CHECKING

from detente.questions.statuses import NOT_MODELLED
from detente.report.languages.formats import listed
from detente.report.languages.language import _, for_later, ngettext, own, own_name, pgettext, sentences, word
from detente.report.text import compare, unlock
from detente.report.text.bargain import move_text
from detente.report.text.numbers import (
    capital,
    clauses,
    commas,
    of_count,
    percent,
    phrases,
    portion,
    share,
    to,
)
from detente.studies.claims import reasons
from detente.studies.claims.power import EFFECT
from detente.studies.claims.rule import LEAST_EPISODES, LEAST_POWER, LEVEL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from detente.studies.claims.forecast_parts import ForecastPart
    from detente.studies.claims.judge import Judgement
    from detente.studies.claims.reasons import Reason
    from detente.studies.claims.rows import ClaimRow

_HARDLY = 0.1  # of the probability of a sign around one half
_LACKING = {
    "no term": for_later(
        "none of its terms is in the model: what they depend on had not been declared or observed by this date"
    ),
    "no size": for_later("no two acts of force of this kind were known by this date whose size could differ"),
    "no ledger": for_later("no ledger of both sides had been declared by this date"),
    "no deal": for_later("no deal in the zone leaves both sides better off in any draw"),
    "no door": for_later("the door cannot be tested on these events: its page (`detente unlock`) says why"),
    "no accords": for_later(
        "not computable from this chronicle: no joint act in it is an accord that can be told from a meeting; an event "
        "file with modes of agreement has them"
    ),
    "not implemented": for_later("not implemented"),
}


def why(row: ClaimRow) -> str:
    """Return the reason of a verdict as a sentence without its full stop."""
    text = reason_text(row.reason)
    return capital(text if row.rival is None else clauses([text, compare.rival_text(row.rival)]))


@singledispatch
def reason_text(reason: Reason) -> str:
    """Return one reason as a sentence without its full stop."""
    raise TypeError(f"no sentence for {type(reason).__name__}")


@reason_text.register
def _lacking(reason: reasons.Lacking) -> str:
    return _(_LACKING[reason.code])


@reason_text.register
def _judged(reason: reasons.Judged) -> str:
    j, test = reason.judgement, reason.judgement.test
    if test is None:
        name, weakest = reason.weakest
        return _(
            "claimed sign with probability {P} from a prior that takes no side; at its weakest {weakest} ({variant})"
        ).format(P=share(j.P, 2), weakest=share(weakest, 2), variant=word(name))
    towards = j.P >= 0.5
    if abs(j.P - 0.5) <= _HARDLY:
        leans = _(
            "the events hardly lean either way (the claimed sign has probability {P} from a prior that takes no side), "
            "and chance alone leans as far in {share} of cases"
        )
    elif towards:
        leans = _(
            "the events lean towards the claim (the claimed sign has probability {P} from a prior that "
            "takes no side), and chance alone leans as far in {share} of cases"
        )
    else:
        leans = _(
            "the events lean against the claim (the claimed sign has probability {P} from a prior that takes no side), "
            "and chance alone leans as far in {share} of cases"
        )
    by_chance = leans.format(P=share(j.P, 2), share=percent(test.p_plus if towards else test.p_minus))
    if j.of_sizes:
        sizes = _("the claim is about how grave acts of force are, not how often they come: {says}")
        by_chance = sizes.format(says=by_chance)
    if j.verdict == "no power":
        seen = j.episodes or not reason.declared  # events without an episode lean neither way
        return clauses([*([by_chance] if seen else []), *_lacks(j, declared=reason.declared)])
    if j.verdict in ("supported", "contradicted"):
        return clauses([by_chance, _("the sign is the same in every variant")])
    if j.verdict == "negligible":
        return clauses([by_chance, _("the interval lies inside a tenth either way")])
    if min(test.p_plus, test.p_minus) <= LEVEL:
        turned = _("the sign is not the same in every variant ({variants})")
        return clauses([by_chance, turned.format(variants=phrases(*map(word, reason.turned)))])
    return by_chance


def _lacks(j: Judgement, *, declared: bool) -> list[str]:
    """Return why a test has no power."""
    lacks = []
    if j.episodes < LEAST_EPISODES:
        few = _("the claim declares no condition, so no episode counts, {needed} are needed")
        if declared:
            few = _("{episodes}, {needed} are needed")
        if declared and not j.episodes:
            few = _("no episode of it is among the events, so they do not speak to it; {needed} are needed")
        lacks.append(few.format(episodes=of_count(j.episodes, "episode"), needed=LEAST_EPISODES))
    if j.test is not None and j.test.power < LEAST_POWER:
        lacks.append(
            _(
                "an effect of two prior standard deviations ({effect}) would be found with probability {power}"
            ).format(effect=_effect_text(j, EFFECT * j.prior_sd), power=share(j.test.power, 2))
        )
    return lacks


def settle_text(row: ClaimRow) -> str | None:
    """Return what would settle a claim about the model, as a sentence without its full stop; None of any other."""
    j = row.judgement
    if j is None or j.test is None:
        return None
    ratio = j.test.ratio
    smallest = (
        _("no effect up to a factor of 100 would be found in these data with probability .8")
        if ratio is None
        else _("these data show an effect of {effect} with probability .8, a smaller one less often").format(
            effect=_effect_text(j, j.test.mde)
        )
    )
    if j.multiple == float("inf") and not j.episodes:
        return clauses([smallest, _("without an episode, a longer chronicle would not settle it")])
    if j.multiple == float("inf"):
        return clauses([smallest, _("no chronicle of this kind could settle it, however long")])
    if j.multiple <= 1:
        return smallest
    longer = _(
        "going by the standard error alone, a chronicle {times} times as long would show one of {effect}; this test "
        "may need a still longer one"
    ).format(
        effect=_effect_text(j, EFFECT * j.prior_sd), times=f"{j.multiple:,.{0 if j.multiple >= 10 else 1}f}"
    )
    return clauses([smallest, longer])


def _effect_text(j: Judgement, effect: float) -> str:
    """Return an effect as a factor, and on what where it is not on a rate."""
    if j.of_sizes:
        return _("{effect} in the odds of one more step").format(effect=times_text(effect))
    return times_text(effect)


def times_text(effect: float) -> str:
    """Return an effect on the log rate as a factor.

    Examples
    --------
    >>> times_text(0.5), times_text(3.0)
    ('× 1.65', '× 20')
    """
    ratio = exp(effect)
    return f"× {ratio:,.0f}" if ratio >= 10 else f"× {ratio:.2f}"


@reason_text.register
def _scored(reason: reasons.Scored) -> str:
    forecast = reason.forecast
    before, chance = forecast.before, forecast.asked.answer.probability
    none = word(NOT_MODELLED) if forecast.asked.answer.status == NOT_MODELLED else pgettext("amount", "none")
    parts = [
        _("words {words:.2f}, model {model}").format(
            words=forecast.word.median, model=none if chance is None else portion(chance, 2)
        )
    ]
    if before is not None and chance is not None:
        since = (
            _(
                "the verdict is of the outcome alone; the model's own probability was {before} as of {day}, higher "
                "since"
            )
            if chance > before
            else _(
                "the verdict is of the outcome alone; the model's own probability was {before} as of {day}, not higher "
                "since"
            )
        )
        parts.append(since.format(before=portion(before, 2), day=forecast.claim.higher_than))
    if forecast.cannot_fail:
        parts.append(
            _("it happened: {outcome}, and every outcome agrees with a least chance").format(
                outcome=word(forecast.asked.answer.outcome.word)
            )
        )
    if len(forecast.parts) > 1:
        by_part = phrases(*map(_part, forecast.parts))
        parts.append(_("part by part {parts}").format(parts=by_part))
    scores = [f"{word(name)} {pair[0]:.2f}" for name, pair in forecast.scores().items() if pair is not None]
    parts.append(
        _("Brier scores: {scores}").format(scores=phrases(*scores))
        if scores
        else _("no score without an outcome")
    )
    return clauses(parts)


def _part(part: ForecastPart) -> str:
    chance = part.answer.probability
    text, outcome = own(part.answer.question.text), word(part.answer.outcome.word)
    if chance is None:
        return _("{question}: {outcome}").format(question=text, outcome=outcome)
    said = _("{question}: {outcome} (model {model})")
    return said.format(question=text, outcome=outcome, model=portion(chance, 2))


@reason_text.register
def _recorded(reason: reasons.Recorded) -> str:
    held = reason.acts - len(reason.missing)
    if not reason.missing:
        said = _("{held} of {acts} acts are recorded, with all fields matching")
        return said.format(held=held, acts=reason.acts)
    lacks = phrases(*(f"{m.date} {m.source} -> {m.target} {word(m.action)}" for m in reason.missing))
    said = _("{held} of {acts} acts are recorded; missing: {missing}")
    return said.format(held=held, acts=reason.acts, missing=lacks)


@reason_text.register
def _parts(reason: reasons.PageParts) -> str:
    held = of_count(len(reason.there) + len(reason.missing), "part")
    said = _("the argument gives {n} of {parts} of its article page, texts in three languages")
    text = said.format(n=len(reason.there), parts=held)
    return (
        clauses([text, _("missing: {parts}").format(parts=phrases(*reason.missing))])
        if reason.missing
        else text
    )


@reason_text.register
def _related(reason: reasons.RelatedFound) -> str:
    days, others = of_count(len(reason.days), "earlier day"), of_count(reason.others, "other argument")
    crises = ngettext("{n} crisis", "{n} crises", reason.crises) if reason.crises else _("no crisis")
    said = _("{days} like this one; {crises} and {others}")
    if reason.distance is not None:
        said = _("{days} like this one, the nearest {day} at distance {near:.2f}; {crises} and {others}")
    crises, day = crises.format(n=reason.crises), reason.days[0] if reason.days else None
    return said.format(days=days, day=day, near=reason.distance, crises=crises, others=others)


@reason_text.register
def _weighed(reason: reasons.Weighed) -> str:
    return _(
        "{second}'s stock over {first}'s, above 1 in {share} of {draws:,} draws of weights and rates"
    ).format(second=reason.second, first=reason.first, share=percent(reason.share), draws=reason.draws)


@reason_text.register
def _zone(reason: reasons.OpenZone) -> str:
    closing = commas(map(own_name, reason.closing)) or _("none by itself")
    return _(
        "probability that the zone is open under the full demands, 95 % interval; even alone leaving it empty in more "
        "than half of the draws: {closing}; smallest moves that open it in half of them: {openers}"
    ).format(closing=closing, openers=_openers(reason.openers))


@reason_text.register
def _left(reason: reasons.LeftOnTable) -> str:
    return _(
        "what both leave on the table, as a share of all a side has at stake, over draws of the declared ranges"
    )


@reason_text.register
def _door(reason: reasons.DoorTested) -> str:
    door = reason.door
    if door.verdict == "not computable":
        return unlock.sentence(door).rstrip(".。")
    value = _(
        "The value is what both add to the log hazard of an accord beyond their sum; {draws} draws of {paths} paths at "
        "the declared half-lives: `unlock` averages over half-lives"
    ).format(draws=f"{door.draws:,}", paths=f"{door.copies:,}")
    return sentences(unlock.sentence(door), unlock.parts_sentence(door), value)


@reason_text.register
def _plans(reason: reasons.PlansCompared) -> str:
    accords, talks = (
        clauses(
            f"{plan} {d.mean:+z.3f} ({to(f'{d.low:+z.3f}', f'{d.high:+z.3f}')})"
            for plan, d in changes.items()
        )
        for changes in (reason.changes, reason.talks)
    )
    first = _(
        "accords within 24 months: {accords} ({futures:,} futures, paired, at the declared half-lives), talks: "
        "{talks}; {on_priors} of the {drivers} coefficients in play rest on the priors."
    ).format(
        accords=accords,
        talks=talks,
        futures=reason.futures,
        on_priors=reason.on_priors,
        drivers=reason.drivers,
    )
    text = sentences(first, unlock.necessity_sentence(reason.necessity).rstrip(".。"))
    if not reason.openers:
        return text
    moves = _("smallest opening moves of the bargain: {openers}").format(openers=_openers(reason.openers))
    return clauses([text, moves])


def _openers(openers: Mapping[str, reasons.SmallestMove]) -> str:
    return phrases(
        *(
            ngettext("{actor} none ({n} move tried)", "{actor} none ({n} moves tried)", found.tried).format(
                actor=actor, n=found.tried
            )
            if found.move is None or found.move.share is None
            else f"{actor} {percent(found.move.share)} ({move_text(found.move)})"
            for actor, found in openers.items()
        )
    )


@reason_text.register
def _ranked(reason: reasons.Ranked) -> str:
    standing = reason.standing
    ties = phrases(
        *(_("tie with {side} {tie:.2f}").format(side=side, tie=tie) for side, tie in standing.ties.items())
    )
    return _(
        "among {count} third parties seen, first {first}; {ties}, {mediations} acts of mediation, from {acts} acts; "
        "90 % of {draws} draws of acts and half-lives"
    ).format(
        count=reason.count,
        first=reason.first,
        ties=ties,
        mediations=standing.mediations,
        acts=len(standing.acts),
        draws=f"{reason.draws:,}",
    )


@reason_text.register
def _ties_missing(reason: reasons.TiesMissing) -> str:
    acts = listed(
        [
            ngettext("{n} act with {side}", "{n} acts with {side}", n).format(n=n, side=side)
            if n
            else _("no acts with {side}").format(side=side)
            for side, n in reason.acts_with.items()
        ]
    )
    said = (
        _(
            "not computable from this chronicle: no other third party has {least} known acts with each "
            "principal to compare with; an event file with the third parties' own visits, trade, accords "
            "and quarrels, as machine-coded news has them, would do"
        )
        if min(reason.acts_with.values()) >= reason.least
        else _(
            "not computable from this chronicle: of {actor} it holds {acts}, {least} with each are needed; an event "
            "file with the third parties' own visits, trade, accords and quarrels, as machine-coded news has them, "
            "would do"
        )
    )
    return said.format(actor=reason.actor, acts=acts, least=reason.least)
