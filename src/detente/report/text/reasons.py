"""What the verdicts of claims rest on, in sentences."""

from __future__ import annotations

from functools import singledispatch
from math import exp
from typing import TYPE_CHECKING

from detente.questions.statuses import NOT_MODELLED
from detente.report.text import compare, unlock
from detente.report.text.bargain import move_text
from detente.report.text.numbers import of_count, percent, portion, share
from detente.studies.claims import reasons
from detente.studies.claims.power import EFFECT
from detente.studies.claims.rule import LEAST_EPISODES, LEAST_POWER, LEVEL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from detente.studies.claims.episodes import Episode
    from detente.studies.claims.forecast_parts import ForecastPart
    from detente.studies.claims.judge import Judgement
    from detente.studies.claims.reasons import Reason
    from detente.studies.claims.rows import ClaimRow

_HARDLY = 0.1  # of the probability of a sign around one half
_LACKING = {
    "no term": "none of its terms is in the model: what they depend on had not been declared or observed by this date",
    "no size": "no two acts of force of this kind were known by this date whose size could differ",
    "no ledger": "no ledger of both sides had been declared by this date",
    "no deal": "no deal in the zone leaves both sides better off in any draw",
    "no accords": (
        "not computable from this chronicle: no joint act in it is an accord that can be told from a meeting; an event "
        "file with modes of agreement has them"
    ),
    "not implemented": "not implemented",
}


def why(row: ClaimRow) -> str:
    """Return the reason of a verdict as a sentence without its full stop."""
    text = reason_text(row.reason)
    return text if row.rival is None else f"{text}; {rival_text(row.rival)}"


@singledispatch
def reason_text(reason: Reason) -> str:
    """Return one reason as a sentence without its full stop."""
    raise TypeError(f"no sentence for {type(reason).__name__}")


@reason_text.register
def _lacking(reason: reasons.Lacking) -> str:
    return _LACKING[reason.code]


@reason_text.register
def _judged(reason: reasons.Judged) -> str:
    j, test = reason.judgement, reason.judgement.test
    chance = f"claimed sign with probability {share(j.P, 2)} from a prior that takes no side"
    if test is None:
        name, weakest = reason.weakest
        return f"{chance}; at its weakest {share(weakest, 2)} ({name})"
    towards = j.P >= 0.5
    way = (
        f"lean {'to' if towards else 'against'} the claim"
        if abs(j.P - 0.5) > _HARDLY
        else "hardly lean either way"
    )
    by_chance = (
        f"the events {way} (the claimed sign has probability {share(j.P, 2)} from a prior that takes no side), and "
        f"chance alone leans as far in "
        f"{percent(test.p_plus if towards else test.p_minus)} of cases"
    )
    if j.of_sizes:
        by_chance = f"of how grave acts of force are, not how often they come: {by_chance}"
    turned = ", ".join(reason.turned)
    if j.verdict == "no power":
        return f"{by_chance}; {_lacks(j, declared=reason.declared)}"
    if j.verdict in ("supported", "contradicted"):
        return f"{by_chance}; the sign is the same in every variant"
    if j.verdict == "negligible":
        return f"{by_chance}; the interval lies inside a tenth either way"
    if min(test.p_plus, test.p_minus) <= LEVEL:
        return f"{by_chance}; the sign is not the same in every variant ({turned})"
    return by_chance


def _lacks(j: Judgement, *, declared: bool) -> str:
    """Return why a test has no power."""
    lacks = []
    if j.episodes < LEAST_EPISODES:
        none = "the claim declares no condition, so no episode counts"
        count = of_count(j.episodes, "episode") if declared else none
        lacks.append(f"{count}, {LEAST_EPISODES} are needed")
    if j.test is not None and j.test.power < LEAST_POWER:
        lacks.append(
            f"an effect of two prior standard deviations ({_effect_text(j, EFFECT * j.prior_sd)}) would be found with "
            f"probability {share(j.test.power, 2)}"
        )
    return "; ".join(lacks)


def settle_text(row: ClaimRow) -> str | None:
    """Return what would settle a claim about the model, as a sentence without its full stop; None of any other."""
    j = row.judgement
    if j is None or j.test is None:
        return None
    ratio = j.test.ratio
    smallest = (
        "no effect up to a factor of 100 would be found in these data with probability .8"
        if ratio is None
        else f"these data show an effect of {_effect_text(j, j.test.mde)} with probability .8, a smaller one less often"
    )
    if j.multiple == float("inf") and not j.episodes:
        return f"{smallest}; without an episode a longer chronicle settles it no better"
    if j.multiple == float("inf"):
        return f"{smallest}; no chronicle of this kind could settle it, however long"
    if j.multiple <= 1:
        return smallest
    return (
        f"{smallest}; by the standard error alone one of {_effect_text(j, EFFECT * j.prior_sd)} takes a chronicle "
        f"{j.multiple:,.{0 if j.multiple >= 10 else 1}f} times as long, and by this test perhaps a longer one"
    )


def _effect_text(j: Judgement, effect: float) -> str:
    """Return an effect as a factor, and on what where it is not on a rate."""
    return f"{times_text(effect)} in the odds of one more step" if j.of_sizes else times_text(effect)


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
    none = NOT_MODELLED if forecast.asked.answer.status == NOT_MODELLED else "none"
    text = f"words {forecast.word.median:.2f}, model {none if chance is None else portion(chance, 2)}"
    if before is not None and chance is not None:
        rose = "higher" if chance > before else "not higher"
        text += (
            f"; the verdict is of the outcome alone; the model's own probability was {portion(before, 2)} as of "
            f"{forecast.claim.higher_than}, {rose} since"
        )
    if forecast.cannot_fail:
        text += f"; it happened: {forecast.asked.answer.outcome.word}, and every outcome agrees with a least chance"
    if len(forecast.parts) > 1:
        text += f"; part by part {', '.join(map(_part, forecast.parts))}"
    scores = [f"{name} {pair[0]:.2f}" for name, pair in forecast.scores().items() if pair is not None]
    return text + (f"; Brier scores: {', '.join(scores)}" if scores else "; no score without an outcome")


def _part(part: ForecastPart) -> str:
    chance = part.answer.probability
    model = "" if chance is None else f" (model {portion(chance, 2)})"
    return f"{part.answer.question.text}: {part.answer.outcome.word}{model}"


@reason_text.register
def _recorded(reason: reasons.Recorded) -> str:
    held = reason.acts - len(reason.missing)
    if not reason.missing:
        return f"{held} of {reason.acts} acts are recorded, with all fields matching"
    lacks = ", ".join(f"{m.date} {m.source} -> {m.target} {m.action}" for m in reason.missing)
    return f"{held} of {reason.acts} acts are recorded; missing: {lacks}"


@reason_text.register
def _parts(reason: reasons.PageParts) -> str:
    held = of_count(len(reason.there) + len(reason.missing), "part")
    text = f"the argument gives {len(reason.there)} of {held} of its article page, texts in three languages"
    return f"{text}; missing: {', '.join(reason.missing)}" if reason.missing else text


@reason_text.register
def _related(reason: reasons.RelatedFound) -> str:
    nearest = (
        "" if reason.distance is None else f", the nearest {reason.days[0]} at distance {reason.distance:.2f}"
    )
    days, others = of_count(len(reason.days), "earlier day"), of_count(reason.others, "other argument")
    crises = (
        "no crisis" if not reason.crises else "1 crisis" if reason.crises == 1 else f"{reason.crises} crises"
    )
    return f"{days} like this one{nearest}; {crises} and {others}"


@reason_text.register
def _weighed(reason: reasons.Weighed) -> str:
    return (
        f"{reason.second}'s stock over {reason.first}'s, above 1 in {percent(reason.share)} of {reason.draws:,} draws "
        "of weights and rates"
    )


@reason_text.register
def _zone(reason: reasons.OpenZone) -> str:
    closing = ", ".join(reason.closing) or "none by itself"
    return (
        f"probability that the zone is open under the full demands, 95 % interval; closing it even alone: {closing}; "
        f"smallest moves that open it: {_openers(reason.openers)}"
    )


@reason_text.register
def _left(reason: reasons.LeftOnTable) -> str:
    return "what both leave on the table, as a share of all a side has at stake, over draws of the declared ranges"


@reason_text.register
def _door(reason: reasons.DoorTested) -> str:
    door = reason.door
    if door.verdict == "not computable":
        return unlock.sentence(door).rstrip(".")
    return (
        f"{unlock.sentence(door)} {unlock.parts_sentence(door)} The value is what both add to the log hazard of an "
        f"accord beyond their sum; {door.draws} draws of {door.copies} paths at the declared half-lives: `unlock` "
        "averages over half-lives"
    )


@reason_text.register
def _plans(reason: reasons.PlansCompared) -> str:
    accords, talks = (
        "; ".join(f"{plan} {d.mean:+.3f} ({d.low:+.3f} to {d.high:+.3f})" for plan, d in changes.items())
        for changes in (reason.changes, reason.talks)
    )
    text = (
        f"accords within 24 months: {accords} ({reason.futures:,} futures, paired, at the declared half-lives), talks: "
        f"{talks}; {reason.on_priors} of the {reason.drivers} coefficients in play rest on the priors. "
        f"{unlock.necessity_sentence(reason.necessity).rstrip('.')}"
    )
    if not reason.openers:
        return text
    return f"{text}; smallest opening moves of the bargain: {_openers(reason.openers)}"


def _openers(openers: Mapping[str, reasons.SmallestMove]) -> str:
    return ", ".join(
        f"{actor} none ({found.tried} move{'' if found.tried == 1 else 's'} tried)"
        if found.move is None or found.move.share is None
        else f"{actor} {percent(found.move.share)} ({move_text(found.move)})"
        for actor, found in openers.items()
    )


@reason_text.register
def _ranked(reason: reasons.Ranked) -> str:
    standing = reason.standing
    ties = ", ".join(f"tie with {side} {tie:.2f}" for side, tie in standing.ties.items())
    return (
        f"among {reason.count} third parties seen, first {reason.first}; {ties}, {standing.mediations} acts of "
        f"mediation, from {len(standing.acts)} acts; 90 % of {reason.draws} draws of acts and half-lives"
    )


@reason_text.register
def _ties_missing(reason: reasons.TiesMissing) -> str:
    acts = " and ".join(
        f"{n or 'no'} act{'' if n == 1 else 's'} with {side}" for side, n in reason.acts_with.items()
    )
    text = f"of {reason.actor} it holds {acts}, {reason.least} with each are needed"
    if min(reason.acts_with.values()) >= reason.least:
        text = f"no other third party has {reason.least} known acts with each principal to rank beside"
    return (
        f"not computable from this chronicle: {text}; an event file with the third parties' own visits, trade, accords "
        "and quarrels, as machine-coded news has them, would do"
    )


def rival_text(rival: reasons.Rival) -> str:
    """Return what held-out quarters say between an argument and its rival, or the command that finds out."""
    if rival.competition is None:
        names = f"{rival.argument} {rival.against}"
        return f"no stored backtests to compare: run detente compare {rival.rivalry} {names}"
    return compare.competition_sentence(rival.competition).rstrip(".")


_EPISODES = {
    "declared": "declared {what} of {actor}",
    "rank": "killing of a {what} figure",
    "deaths": "{count} deaths",
    "unknown toll": "an attack whose toll is not recorded",
    "reprisal": "force within 30 days of force received",
    "crisis": "a crisis begins",
    "pressure": "{count} acts of pressure in 28 days",
    "force": "force",
    "deed": "a friendly deed",
    "offices": "good offices",
}


def episode_text(episode: Episode) -> str:
    """Return in words what began on the day of an episode.

    Examples
    --------
    >>> from datetime import date
    >>> from detente.studies.claims.episodes import Episode
    >>> episode_text(Episode(date(2020, 1, 3), "rank", "senior"))
    'killing of a senior figure'
    """
    return _EPISODES[episode.kind].format(what=episode.what, actor=episode.actor, count=episode.count)
