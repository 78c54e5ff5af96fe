"""What `claims` is expected to cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from detente.base.clock import stopwatch
from detente.base.workers import Threads
from detente.lab.case import Case
from detente.lab.estimate import Estimate, estimate_of, futures_bytes, sample, without_keeping
from detente.lab.settings import Day
from detente.lab.too_much import ask_phases, bound_questions
from detente.studies.claims.claims import claims


def claims_estimate(
    case: Case,
    *,
    as_of: Day | None = None,
    futures: int | None = None,
    seed: int | None = None,
    threads: int = 0,
) -> Estimate:
    """Estimate what `claims` would cost, from its forecasts on a few futures and some of its claims on mechanisms.

    Parameters
    ----------
    case : Case
    as_of, futures, seed, threads
        As for `claims`.

    Returns
    -------
    Estimate

    Raises
    ------
    ArgumentError, DataError, FitError, UnstableModelError, QuestionError
        As `claims`, except that too many futures are not refused.
    """
    settings = case.settings(as_of=as_of, futures=futures, seed=seed, threads=threads)
    found, all_claims = without_keeping(case), case.argument.claims
    asked = {claim.id: claim.question for claim in all_claims if claim.question and claim.words}
    judged = [claim.id for claim in all_claims if claim.terms]
    rest = [claim.id for claim in all_claims if claim.id not in asked and not claim.terms]

    def seconds(only: Sequence[str], count: int) -> float:
        watch = stopwatch()
        if only:
            claims(found, as_of=as_of, futures=count, seed=seed, only=only, threads=threads)
        return watch()

    timed = sample(lambda count: (seconds([*asked], count),) * 2, settings.futures)
    more = min(1 + 2 * Threads(threads).count, len(judged))
    one = seconds(judged[:1], timed.few)
    each = (seconds(judged[:more], timed.few) - one) / max(more - 1, 1)
    others = one + max(each, 0.0) * max(len(judged) - 1, 0) + seconds(rest, timed.few)
    specs = tuple(spec for spec in case.argument.questions if spec.id in asked.values())
    argument = case.argument.model_copy(update={"questions": specs})
    questions, far = bound_questions(replace(case, argument=argument), settings.as_of, 1)
    phases = ask_phases(questions)
    return estimate_of(
        case,
        days=far,
        futures=settings.futures,
        seconds=timed.seconds(settings.futures) + others,
        memory=timed.peak
        + futures_bytes(case, settings.as_of, days=far, futures=settings.futures, phases=phases),
        sampled={"futures": timed.most, "claims": more},
    )
