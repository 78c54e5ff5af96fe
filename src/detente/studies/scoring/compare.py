"""The use case `compare`: rival arguments on the same events, where they disagree and what events say of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from detente.argument.argument import Argument
from detente.base.errors import ArgumentError, Fault
from detente.base.given import paths_given
from detente.base.progress import Progress
from detente.base.tables import Tables, heading, table_of
from detente.futures.modelled import OUTCOMES
from detente.lab.arguments import load_argument
from detente.lab.case import Case, case_of
from detente.lab.head import head_of
from detente.lab.run import run
from detente.lab.run_result import Run
from detente.lab.settings import Day
from detente.lab.too_little import Caution, with_cautions
from detente.model.fit import Fitted
from detente.questions.answers import Answer
from detente.questions.distributions import plain
from detente.studies.scoring.backtest import backtest, kept_backtest
from detente.studies.scoring.backtest_result import Backtest
from detente.studies.scoring.competition import Competition, competition, in_common, same_acts, same_days
from detente.studies.whatif.whatif import WhatIf, whatif

APART = 0.02  # chances closer than this are not told as a disagreement
PLAN_DAYS = 730
_ABOUT = ("intercept", "era")


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One coefficient on whose prior the arguments differ.

    Attributes
    ----------
    mechanism, term : str
    priors, posteriors : tuple of (mean, sd)
        One of each for each argument, in their order; None where an argument has no such term.
    """

    mechanism: str
    term: str
    priors: tuple[tuple[float, float] | None, ...]
    posteriors: tuple[tuple[float, float] | None, ...]

    @property
    def distance(self) -> float:
        """How far the furthest two prior means lie apart, in units of the wider sd."""
        known = [p for p in self.priors if p is not None]
        if len(known) < len(self.priors):
            return float("inf")
        means, sds = [m for m, _ in known], [s for _, s in known]
        return (max(means) - min(means)) / max(sds)

    @property
    def moved(self) -> float:
        """The largest share of a prior's sd that events removed."""
        pairs = zip(self.priors, self.posteriors, strict=True)
        return max(max(0.0, 1 - after[1] / before[1]) for before, after in pairs if before and after)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""

        def plain(pair: tuple[float, float] | None) -> dict[str, float] | None:
            return None if pair is None else {"mean": pair[0], "sd": pair[1]}

        return {
            "term": f"{self.mechanism}.{self.term}",
            "priors": [plain(p) for p in self.priors],
            "posteriors": [plain(p) for p in self.posteriors],
            "moved": self.moved,
        }


@dataclass(frozen=True)
class Comparison(Tables):
    """Arguments side by side: the result of `compare`.

    Attributes
    ----------
    cases : tuple of Case
    as_of : date
    terms : tuple of Disagreement
        Coefficients whose priors differ, the furthest apart first.
    evidence : tuple of float
        Log Laplace evidence of each argument on the days fitted, averaged over its clocks, in nats.
    runs : tuple of Run
        One for each argument, of the first argument's questions.
    backtests : tuple of Backtest
        One for each argument, on the same days.
    competition : Competition
        What the held-out quarters say between the arguments, and the stacked forecast.
    plans : dict of str to tuple of WhatIf
        The first argument's plans of levers under each argument, over 24 months.
    """

    cases: tuple[Case, ...]
    as_of: date
    terms: tuple[Disagreement, ...]
    evidence: tuple[float, ...]
    runs: tuple[Run, ...]
    backtests: tuple[Backtest, ...]
    competition: Competition
    plans: dict[str, tuple[WhatIf, ...]]
    tables = ("questions", "terms", "arguments")

    def _about(self) -> str:
        return heading(self.cases[0].name, self.as_of, *self.names, questions=len(self.runs[0].answers))

    def _table(self, name: str) -> pl.DataFrame:
        if name == "arguments":
            rows = zip(self.names, self.evidence, (b.scores[0].mean() for b in self.backtests), strict=True)
            return table_of({"argument": str, "log_evidence": float, "log_score": float}, rows)
        if name == "terms":
            return table_of(_TERM, (row for term in self.terms for row in _term_rows(self.names, term)))
        columns = {
            "id": str,
            "argument": str,
            "probability": float,
            "stacked": float,
            "outcome": str,
            "text": str,
        }
        return table_of(
            columns,
            (
                (q["id"], argument, chance, q["stacked"], q["outcome"], q["text"])
                for q in self.questions()
                for argument, chance in zip(self.names, q["chances"], strict=True)
            ),
        )

    @property
    def names(self) -> tuple[str, ...]:
        """The arguments' names."""
        return tuple(case.argument.argument for case in self.cases)

    def questions(self) -> list[dict[str, Any]]:
        """Return each question with its chance under each argument and stacked, the furthest apart first.

        The stacked chance uses the weights from quarters that had ended by as_of.
        """
        weights = self.competition.weights_at(self.as_of)
        rows = []
        for asked in zip(*(r.answers for r in self.runs), strict=True):
            chances = [a.probability for a in asked]
            known = [c for c in chances if c is not None]
            rows.append(
                {
                    "id": asked[0].question.id,
                    "text": asked[0].question.text,
                    "chances": chances,
                    "statuses": [a.status for a in asked],
                    "stacked": float(weights @ np.array(known)) if len(known) == len(chances) else None,
                    "outcome": asked[0].outcome.word,
                    **_distributions(asked),
                }
            )
        return sorted(rows, key=lambda row: -widest_gap(row["chances"]))

    @property
    def cautions(self) -> tuple[Caution, ...]:
        """What a reader must know before any number."""
        return tuple(dict.fromkeys(caution for each in self.runs for caution in each.cautions))

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        first = self.runs[0]
        value = {
            **{k: v for k, v in head_of(self.cases[0], self.as_of).items() if k != "argument"},
            "arguments": list(self.names),
            "futures": first.futures.count,
            "seed": first.futures.seed,
            "terms": [t.to_dict() for t in self.terms],
            "evidence": [
                {"argument": name, "log_evidence": value}
                for name, value in zip(self.names, self.evidence, strict=True)
            ],
            "questions": self.questions(),
            "scores": [
                {
                    "argument": name,
                    "log_score": float(found.scores[0].mean()),
                    "differences": told["differences"],
                }
                for name, found in zip(self.names, self.backtests, strict=True)
                for told in (found.to_dict(),)
            ],
            "competition": self.competition.to_dict(),
            "stacked_weights_at_as_of": dict(
                zip(self.names, self.competition.weights_at(self.as_of).tolist(), strict=True)
            ),
            "plans": [_plan_to_dict(name, self.names, told) for name, told in self.plans.items()],
        }
        return with_cautions(value, self.cautions)


_TERM = {"mechanism": str, "term": str, "argument": str} | dict.fromkeys(
    ("prior_mean", "prior_sd", "mean", "sd"), float
)


def _term_rows(names: Sequence[str], term: Disagreement) -> list[tuple[Any, ...]]:
    none = (None, None)
    pairs = zip(names, term.priors, term.posteriors, strict=True)
    return [(term.mechanism, term.term, n, *(prior or none), *(after or none)) for n, prior, after in pairs]


def compare(
    rivalry: str | None,
    arguments: Sequence[str | Path],
    *,
    case: Case | str | Path | None = None,
    as_of: Day | None = None,
    futures: int | None = None,
    seed: int | None = None,
    threads: int = 0,
    progress: Progress | None = None,
) -> Comparison:
    """Compare arguments about one rivalry: priors and posteriors, chances, evidence, foresight, levers.

    Parameters
    ----------
    rivalry : str or None
        A named rivalry, whose days of the backtest are fixed; None if the first argument names its events or `case`
        is given.
    arguments : sequence of str or path
        Two or more, by name or file.
    case : Case, optional
        Whose chronicle to use, with files laid over it; else the rivalry's own.
    as_of, futures, seed
        Override the first argument's ``run:`` block.
    threads : int
        0 uses every core; the result does not depend on it.
    progress : callable, optional
        Called with (stage, done, total).

    Returns
    -------
    Comparison

    Raises
    ------
    ArgumentError
        If there are fewer than two arguments, or they are about other principals or other questions.
    """
    cases = _cases(rivalry, arguments, None if case is None else case_of(case))
    settings = cases[0].settings(as_of=as_of, futures=futures, seed=seed, threads=threads)
    as_of, futures, seed = settings.as_of, settings.futures, settings.seed
    tell = progress or (lambda stage, done, total: None)
    found = []
    for i, one in enumerate(cases):
        options: dict[str, Any] = {"threads": threads, "progress": progress}
        found.append(backtest(one, **options))
        tell("backtests", i + 1, len(cases))
    shared = in_common([one.protocol for one in found])
    found = [
        replace(one, protocol=shared or one.protocol) for one in found
    ]  # all told before and after one day
    runs = []
    alike: dict[str, Any] = {"as_of": as_of, "days": PLAN_DAYS, "futures": futures, "seed": seed}
    for i, one in enumerate(cases):
        asked = replace(
            one, argument=one.argument.model_copy(update={"questions": cases[0].argument.questions})
        )
        runs.append(run(asked, threads=threads, **alike))
        tell("runs", i + 1, len(cases))
    levers, pulled = cases[0].argument.levers, []
    for i, one in enumerate(cases):  # one argument after the other: its run without a lever is made once
        own = replace(one, argument=one.argument.model_copy(update={"levers": levers}))
        pulled.append([whatif(own, [name], threads=threads, **alike) for name in levers])
        tell("plans", i + 1, len(cases))
    plans = dict(zip(levers, zip(*pulled, strict=True), strict=True))
    names = tuple(one.argument.argument for one in cases)
    fits = [r.posterior for r in runs]
    return Comparison(
        cases,
        as_of,
        _disagreements(fits),
        tuple(float(fit.log_evidence) for fit in fits),
        tuple(runs),
        tuple(found),
        competition(names, found),
        plans,
    )


def kept_competition(first: Case, second: str | Path) -> Competition | None:
    """Return what the held-out quarters say between two arguments if both backtests, of the same days, are kept."""
    other = replace(first, argument=load_argument(second, first.rivalry, first.limits))
    if not same_acts(first, other.argument):
        return None
    found = [f for one in (first, other) if (f := kept_backtest(one)) is not None]
    if len(found) < 2 or in_common([one.protocol for one in found]) is None:
        return None
    return competition((first.argument.argument, other.argument.argument), found)


def _cases(rivalry: str | None, arguments: Sequence[str | Path], case: Case | None) -> tuple[Case, ...]:
    from detente.lab.case import load_case

    arguments = paths_given("arguments", arguments)
    if len(arguments) < 2:
        count = len(arguments)
        raise ArgumentError(Fault("too_few_arguments", "arguments", got=count, hint="compare_example"))
    base = case or load_case(rivalry, argument=arguments[0])
    cases = [base, *rival_cases(base, arguments[1:])]
    names = [one.argument.argument for one in cases]
    if len(set(names)) < len(names):
        raise ArgumentError(Fault("same_names", "arguments", got=names))
    same_days(cases)
    return tuple(cases)


def rival_cases(base: Case, names: Iterable[str | Path]) -> list[Case]:
    """Return other arguments on the events of a case."""
    return [replace(base, argument=_like(base, name)) for name in names]


def _like(base: Case, name: str | Path) -> Argument:
    """Load an argument; a generic one is about the principals of the case."""
    found = load_argument(name, base.rivalry, base.limits)
    about = base.argument.principals
    return found.between(*about) if found.principals is None and about is not None else found


def _disagreements(fits: Sequence[Fitted]) -> tuple[Disagreement, ...]:
    rows: dict[tuple[str, str], None] = {}
    tables = []
    for fit in fits:
        table = {
            (c.mechanism, c.term): ((c.prior.mean, c.prior.sd), (float(m), float(s)))
            for c, m, s in zip(fit.program.coefficients, fit.mean, fit.sd, strict=True)
            if c.mechanism not in _ABOUT
        }
        tables.append(table)
        rows |= dict.fromkeys(table)
    out = []
    for key in rows:
        found = [table.get(key) for table in tables]
        priors = tuple(None if f is None else f[0] for f in found)
        if len(set(priors)) > 1:
            out.append(Disagreement(*key, priors, tuple(None if f is None else f[1] for f in found)))
    return tuple(sorted(out, key=lambda d: (-d.distance, d.mechanism, d.term)))


def _distributions(asked: Sequence[Answer]) -> dict[str, Any]:
    """Return how many or when under each argument, and what came; nothing of a question of yes or no."""
    if asked[0].question.amount is None:
        return {}
    told = [a.distribution for a in asked]
    return {
        "distributions": [None if d is None else d.to_dict() for d in told],
        "observed": plain(asked[0].observed),
    }


def widest_gap(chances: Sequence[float | None]) -> float:
    """Return the largest difference between the chances that are known."""
    known = [c for c in chances if c is not None]
    return max(known) - min(known) if known else 0.0


def _plan_to_dict(name: str, arguments: Sequence[str], results: Sequence[WhatIf]) -> dict[str, Any]:
    return {
        "plan": name,
        "levers": [dose.text for dose in results[0].doses],
        "days": results[0].days,
        "under": [
            {"argument": argument}
            | {
                kind: None if d is None else d.to_dict()
                for kind, d in ((kind, result.outcomes.get((kind, result.days))) for kind in OUTCOMES)
            }
            | {"on_priors": len(result.on_priors), "drivers": len(result.drivers)}
            | {"unread": [what.to_dict() for what in result.unread]}
            for argument, result in zip(arguments, results, strict=True)
        ],
    }
