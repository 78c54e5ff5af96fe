"""The use case `report_on`: a run with all that a reader asks of it next, in one result.

May import: claims, whatif, scoring, diagnose, analogues, against_rates.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from detente.base.progress import Progress
from detente.base.tables import Tables, heading
from detente.base.workers import Promise, alongside
from detente.events.phase_runs import PhaseRuns
from detente.lab.ask import Ask, QuestionResult, asked_of
from detente.lab.case import Case, case_of
from detente.lab.phases import PhaseHistory, phases_of, phases_of_run
from detente.lab.run import run
from detente.lab.run_result import Run
from detente.lab.settings import Day
from detente.studies.against_rates import HeldAgainst, SpreadAgainst, against_rates, spreads_against
from detente.studies.analogues.related import Analogues, analogues
from detente.studies.claims.claims import Claims, claims
from detente.studies.claims.forecasts import Forecasts, forecasts_of
from detente.studies.diagnose.diagnose import calibrate
from detente.studies.diagnose.result import Calibration
from detente.studies.scoring.backtest import kept_backtest
from detente.studies.scoring.backtest_result import Backtest
from detente.studies.whatif.every_lever import ChangeOverview, change_of


@dataclass(frozen=True)
class Report(Tables):
    """A run and what stands beside it in a report.

    Attributes
    ----------
    run : Run
    asked : tuple of QuestionResult
        The argument's questions with their spread over draws, base rates and why.
    phases : PhaseHistory
        Of the whole chronicle.
    future_phases : PhaseRuns
    analogues : Analogues
        Earlier moments and crises like `as_of`, and what followed them.
    calibration : Calibration
        Of one-day chances on the fitted days.
    backtest : Backtest or None
        The kept backtest of this argument, chronicle and code; None if none was made.
    change : ChangeOverview
        What each lever would change, the door and the mediators.
    claims : Claims or None
        Every row of the argument with its verdict; None if it makes no claim.
    rates : tuple of HeldAgainst
        Futures beside the reference rates of other rivalries.
    spreads : tuple of SpreadAgainst
        Days and deaths in futures beside those of other rivalries.
    """

    run: Run
    asked: tuple[QuestionResult, ...]
    phases: PhaseHistory
    future_phases: PhaseRuns
    analogues: Analogues
    calibration: Calibration
    backtest: Backtest | None
    claims: Claims | None
    change: ChangeOverview
    rates: tuple[HeldAgainst, ...] = ()
    spreads: tuple[SpreadAgainst, ...] = ()
    tables = ("answers", "channels", "claims", "events")

    def _about(self) -> str:
        claims = 0 if self.claims is None else len(self.claims.rows)
        run, questions = self.run, len(self.asked)
        return heading(
            run.case.title, run.as_of, questions=questions, claims=claims, futures=run.futures.count
        )

    def _table(self, name: str) -> pl.DataFrame:
        if name == "answers":
            return Ask(self.run, self.asked).to_polars()
        if name == "claims":
            claims = self.claims or Claims(self.run.case, self.run.as_of, (), None, None)
            return claims.to_polars()
        return self.run.to_polars(name)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON; the run's digits are those of `Run.to_dict`."""
        return self.run.to_dict() | {
            "questions": [asked.to_dict() for asked in self.asked],
            "analogues": self.analogues.to_dict(),
            "backtest": self.backtest.to_dict() if self.backtest else None,
            "claims": self.claims.to_dict()["claims"] if self.claims else [],
            "change": self.change.to_dict(),
            "reference_rates": [row.to_dict() for row in self.rates],
            "reference_quantiles": [row.to_dict() for row in self.spreads],
        }


def report_on(
    case: Case | str | Path,
    *,
    as_of: Day | None = None,
    days: int | None = None,
    futures: int | None = None,
    seed: int | None = None,
    threads: int = 0,
    progress: Progress | None = None,
) -> Report:
    """Run a case and gather what a report shows beside it.

    Parameters
    ----------
    case, as_of, days, futures, seed, threads
        As in `run`.
    progress : callable, optional
        Called with (stage, done, total).

    Raises
    ------
    ArgumentError, FitError, UnstableModelError, QuestionError
        As `run` does.

    Examples
    --------
    >>> from detente.lab.case import load_case
    >>> report = report_on(
    ...     load_case("us-iran", argument="baseline"), as_of=date(2020, 1, 17), days=60, futures=50, seed=1
    ... )
    >>> report.run.days, len(report.analogues.moments)
    (60, 5)
    """
    tell = progress or (lambda stage, done, total: None)
    case = case_of(case)
    settings = case.settings(as_of=as_of, days=days, futures=futures, seed=seed, threads=threads)
    as_of, seed = settings.as_of, settings.seed
    promise: Promise[Forecasts] = Promise()
    with alongside(partial(_judged, case, as_of, futures, seed, promise, threads)) as judged:
        try:
            result = run(
                case, as_of=as_of, days=days, futures=futures, seed=seed, threads=threads, progress=progress
            )
            tell("report", 0, 4)
            asked = asked_of(result)
            tell("report", 1, 4)
            promise.set_result(forecasts_of(case, result, asked, threads=threads))
            parts = _parts(case, result, tell)
        except BaseException as error:
            if not promise.done():
                promise.set_exception(error)
            raise
        judged_claims, change = judged()
    beside = against_rates(result), spreads_against(result)
    return Report(result, asked, *parts, judged_claims, change, *beside)


def _judged(
    case: Case,
    day: date,
    futures: int | None,
    seed: int,
    promise: Promise[Forecasts],
    threads: int,
) -> tuple[Claims | None, ChangeOverview]:
    """Judge the argument's claims and pull its levers; its forecasts are scored on the run there is."""
    change = change_of(case, day, seed, threads)  # claims end with waiting for the run
    if not case.argument.claims:
        return None, change
    judged = claims(
        case,
        as_of=day,
        futures=futures,
        seed=seed,
        get_forecasts=promise.result,
        threads=threads,
    )
    return judged, change


def _parts(
    case: Case, result: Run, tell: Progress
) -> tuple[PhaseHistory, PhaseRuns, Analogues, Calibration, Backtest | None]:
    """Gather what needs no other run."""
    phases, ahead = phases_of(case), phases_of_run(result)
    tell("report", 2, 4)
    like = analogues(case, as_of=result.as_of)
    calibration = calibrate(result.posterior, seed=result.futures.seed)
    tell("report", 3, 4)
    scores = kept_backtest(case)
    tell("report", 4, 4)
    return phases, ahead, like, calibration, scores
