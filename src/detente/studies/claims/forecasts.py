"""The use case `forecasts`: an argument's own forecasts, its words as probabilities, and what each scored."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from detente.argument.claim_blocks import ClaimSpec
from detente.argument.words import Word, standard_words, word_of
from detente.base.errors import ArgumentError, Fault
from detente.base.progress import Progress
from detente.base.tables import Tables, heading, table_of
from detente.lab.ask import QuestionResult, asked_of
from detente.lab.case import Case, case_of
from detente.lab.run import run
from detente.lab.run_result import Run
from detente.lab.settings import Day
from detente.lab.too_little import Caution, blank_cautions, with_cautions
from detente.questions.settle import Outcome
from detente.studies.claims.forecast_parts import ForecastPart, parts_of
from detente.studies.scoring.scores import brier, log_loss

FORECASTERS = ("words", "model", "base rate, all", "base rate, four years")


@dataclass(frozen=True)
class Forecast:
    """One forecast of an argument.

    Attributes
    ----------
    claim : ClaimSpec
    word : Word
        What survey readers make of the argument's hedge.
    asked : QuestionResult
        The model's chance, base rates and outcome of its question.
    before : float or None
        The model's chance as of the claim's ``higher_than``, if it has one. Whether it rose since is said of the model,
        not of what happened.
    parts : tuple of ForecastPart
        What its question joins by `and`, each answered on its own; empty if it asks one thing.
    """

    claim: ClaimSpec
    word: Word
    asked: QuestionResult
    before: float | None = None
    parts: tuple[ForecastPart, ...] = ()

    @property
    def interval(self) -> tuple[float, float]:
        """The words as an interval: what the middle half of readers gave; of a least chance, from its low end to 1."""
        return self.word.q25, 1.0 if self.cannot_fail else self.word.q75

    @property
    def cannot_fail(self) -> bool:
        """Whether the words give only a least chance, with which every outcome agrees."""
        return self.claim.at_least

    @property
    def standards(self) -> dict[str, tuple[float, float]]:
        """The bounds that written standards give the same word, where they have it; of a least chance, up to 1."""
        same = (s for s in standard_words().values() if s.word == self.word.word)
        return {s.standard: (s.low, 1.0 if self.cannot_fail else s.high) for s in same}

    def interval_scores(self) -> tuple[tuple[float, float], tuple[float, float]] | None:
        """Return the best and worst Brier and log score over the words' interval; None without an outcome."""
        outcome = self.asked.answer.outcome
        if outcome not in (Outcome.YES, Outcome.NO):
            return None
        came = outcome is Outcome.YES
        low, high = self.interval
        best, worst = (high, low) if came else (low, high)
        return (brier(best, came), brier(worst, came)), (log_loss(best, came), log_loss(worst, came))

    def chances(self) -> dict[str, float | None]:
        """Return the probability each forecaster gives, by `FORECASTERS`; of the words it is the survey's median."""
        whole, recent = (rate.share for rate in self.asked.base_rates)
        return dict(
            zip(
                FORECASTERS,
                (self.word.median, self.asked.answer.probability, whole, recent),
                strict=True,
            )
        )

    def scores(self) -> dict[str, tuple[float, float] | None]:
        """Return the Brier and log score of each forecaster; None without an outcome or a probability."""
        outcome = self.asked.answer.outcome
        settled = outcome in (Outcome.YES, Outcome.NO)
        return {
            name: (brier(p, outcome is Outcome.YES), log_loss(p, outcome is Outcome.YES))
            if settled and p is not None
            else None
            for name, p in self.chances().items()
        }

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        word = asdict(self.word) | dict(zip(("a", "b"), self.word.beta(), strict=True))
        scores = {
            name: None if pair is None else {"brier": pair[0], "log": pair[1]}
            for name, pair in self.scores().items()
        }
        asked = self.asked.to_dict()
        before = None
        if self.claim.higher_than is not None and self.before is not None:
            now = self.asked.answer.probability
            before = {
                "as_of": self.claim.higher_than.isoformat(),
                "probability": self.before,
                "higher_now": None if now is None else now > self.before,
            }
        return {
            "claim": self.claim.id,
            "text": self.claim.text,
            "paragraphs": list(self.claim.paragraphs),
            "words": self.claim.words,
            "word": word,
            "interval": self._interval_to_dict(),
            "cannot_fail": self.cannot_fail,
            "parts": [part.to_dict() for part in self.parts],
            "question": asked,
            "before": before,
            "chances": self.chances(),
            "scores": scores,
        }

    def _interval_to_dict(self) -> dict[str, Any]:
        low, high = self.interval
        chance, scores = self.asked.answer.probability, self.interval_scores()
        model = None
        if chance is not None:
            model = "below" if chance < low else "above" if chance > high else "inside"
        return {
            "low": low,
            "high": high,
            "model": model,
            "standards": {name: list(bounds) for name, bounds in self.standards.items()},
            "brier": None if scores is None else list(scores[0]),
            "log": None if scores is None else list(scores[1]),
        }


@dataclass(frozen=True)
class Forecasts(Tables):
    """Every forecast of an argument, from one run: the result of `forecasts`."""

    run: Run
    rows: tuple[Forecast, ...]
    tables = ("forecasts", "scores")

    def _about(self) -> str:
        run = self.run
        return heading(run.case.title, run.as_of, forecasts=len(self.rows), futures=run.futures.count)

    def _table(self, name: str) -> pl.DataFrame:
        if name == "scores":
            return table_of(_SCORES, (score for row in self.rows for score in _scores(row)))
        return table_of(_FORECAST, map(_forecast, self.rows))

    @property
    def cautions(self) -> tuple[Caution, ...]:
        """What a reader must know before any number."""
        blanks = blank_cautions("claims", [row.claim for row in self.rows])
        return (*blanks, *self.run.cautions)

    def means(self, *, that_can_fail: bool = False) -> dict[str, tuple[int, float, float] | None]:
        """Return for each forecaster how many forecasts were scored, and its mean Brier and log score.

        Only forecasts on which every forecaster has a score count, so that the means compare.

        Parameters
        ----------
        that_can_fail : bool
            Leave out those whose words agree with every outcome.
        """
        rows = (row for row in self.rows if not (that_can_fail and row.cannot_fail))
        scored = [scores for row in rows if None not in (scores := row.scores()).values()]
        out: dict[str, tuple[int, float, float] | None] = {}
        for name in FORECASTERS:
            pairs = [pair for scores in scored if (pair := scores[name]) is not None]
            out[name] = (
                (len(pairs), _mean([b for b, _ in pairs]), _mean([s for _, s in pairs])) if pairs else None
            )
        return out

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        whole = self.run.to_dict()
        names = ("rivalry", "argument", "as_of", "version", "data", "futures")
        head = with_cautions({k: whole[k] for k in names if k in whole}, self.cautions)
        return head | {
            "forecasts": [row.to_dict() for row in self.rows],
            "means": _means_to_dict(self.means()),
            "means_that_can_fail": _means_to_dict(self.means(that_can_fail=True)),
        }


def _means_to_dict(means: dict[str, tuple[int, float, float] | None]) -> dict[str, Any]:
    return {
        name: None if m is None else {"forecasts": m[0], "brier": m[1], "log": m[2]}
        for name, m in means.items()
    }


_FORECAST = {
    "claim": str,
    "hedge": str,
    "word": str,
    "closes": date,
    "outcome": str,
    "words": float,
    "model": float,
    "base_rate": float,
    "base_rate_4y": float,
    "text": str,
}
_SCORES = {"claim": str, "forecaster": str, "probability": float, "brier": float, "log": float}


def _forecast(row: Forecast) -> tuple[Any, ...]:
    answer = row.asked.answer
    head = (row.claim.id, row.claim.words, row.word.word, answer.question.window.end, answer.outcome.word)
    return (*head, *row.chances().values(), row.claim.text)


def _scores(row: Forecast) -> list[tuple[Any, ...]]:
    scores = row.scores()
    return [(row.claim.id, who, p, *(scores[who] or (None, None))) for who, p in row.chances().items()]


def forecasts(
    case: Case | str | Path,
    *,
    as_of: Day | None = None,
    futures: int | None = None,
    seed: int | None = None,
    threads: int = 0,
    progress: Progress | None = None,
) -> Forecasts:
    """Put an argument's forecasts beside the model's chances, the base rates and what happened.

    Parameters
    ----------
    case : Case, str or path
        Its argument's claims of kind ``forecast`` with ``words`` are taken, each with its question.
    as_of, futures, seed
        Override the argument's ``run:`` block; what neither gives is refused, never guessed.
    threads : int
        0 uses every core; the result does not depend on it.
    progress : callable, optional
        Called with (stage, done, total).

    Returns
    -------
    Forecasts

    Raises
    ------
    ArgumentError
        If the argument makes no such forecast.

    Examples
    --------
    >>> from detente.lab.case import load_case
    >>> case = load_case("us-iran")
    >>> rows = forecasts(case, futures=50).rows
    >>> [row.claim.id for row in rows][:3], rows[0].word.word
    (['F1', 'F2', 'F2 24m'], 'likely')
    """
    case = case_of(case)
    claims = worded(case.argument.claims)
    if not claims:
        raise ArgumentError(Fault("no_worded_forecast", "claims", hint="worded_forecast"))
    result = _run_of(case, claims, as_of, futures, seed, threads, progress)
    return forecasts_of(case, result, asked_of(result), threads=threads, progress=progress)


def forecasts_of(
    case: Case,
    result: Run,
    asked: Sequence[QuestionResult],
    *,
    threads: int = 0,
    progress: Progress | None = None,
) -> Forecasts:
    """Put an argument's forecasts beside a run that has answered their questions; see `forecasts`.

    Only what a claim is compared with, its chance as of an earlier day, is run here.
    """
    claims, count, seed = worded(case.argument.claims), result.futures.count, result.futures.seed
    answered = {a.answer.question.id: a for a in asked}
    before: dict[str, float | None] = {}
    days = {claim.higher_than for claim in claims if claim.higher_than is not None}
    for day in sorted(d for d in days if d < result.as_of):  # a later day is not known
        then = [claim for claim in claims if claim.higher_than == day]
        earlier = _run_of(case, then, day, count, seed, threads, progress)
        chance = {a.question.id: a.probability for a in earlier.answers}
        before |= {claim.id: chance[str(claim.question)] for claim in then}
    names = {claim.question for claim in claims}
    parts = parts_of(result, (spec for spec in case.argument.questions if spec.id in names), threads=threads)
    rows = tuple(
        Forecast(
            claim,
            word_of(str(claim.read_as)),
            answered[str(claim.question)],
            before.get(claim.id),
            parts.get(str(claim.question), ()),
        )
        for claim in claims
    )
    return Forecasts(result, rows)


def worded(claims: Iterable[ClaimSpec]) -> list[ClaimSpec]:
    """Return the claims that are forecasts in words, each with its question: those that a run is made for."""
    return [claim for claim in claims if claim.kind == "forecast" and claim.words and claim.question]


def _run_of(
    case: Case,
    claims: Sequence[ClaimSpec],
    as_of: Day | None,
    futures: int | None,
    seed: int | None,
    threads: int,
    progress: Progress | None,
) -> Run:
    """Run a case as far as the questions of some claims need, and ask nothing else."""
    names = [claim.question for claim in claims]
    specs = tuple(spec for spec in case.argument.questions if spec.id in names)
    only = case.argument.model_copy(update={"questions": specs, "claims": ()})
    return run(
        replace(case, argument=only),
        as_of=as_of,
        days=only.run.days or 1,
        futures=futures,
        seed=seed,
        threads=threads,
        progress=progress,
    )


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
