"""The use case `claims`: every row of an argument with its numbers, an interval and a verdict."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any

from detente._claim_rows import Row, apart_from_talks, fact_row, forecast_row, ledger_row, mechanism_row
from detente.argument import ClaimSpec
from detente.compiler import read_known
from detente.errors import ArgumentError, Fault
from detente.forecasts import forecasts
from detente.lab import Case, Progress
from detente.verdicts import Fits


@dataclass(frozen=True)
class Claims:
    """Every row of an argument as of a day: the result of `claims`."""

    case: Case
    as_of: date
    rows: tuple[Row, ...]
    futures: int | None
    seed: int | None
    scores: dict[str, Any] = field(default_factory=dict)

    @property
    def false_expected(self) -> float:
        """How many mechanism rows would read supported or contradicted if every true effect were zero."""
        return sum(
            row.judgement.false_chance
            for row in self.rows
            if row.judgement is not None and row.verdict != "not testable"
        )

    def row(self, claim: str) -> Row:
        """Return one row.

        Raises
        ------
        ArgumentError
            If the argument has no such claim.
        """
        for row in self.rows:
            if row.claim.id == claim:
                return row
        known = ", ".join(row.claim.id for row in self.rows)
        raise ArgumentError(
            Fault("claim", "must be one of the argument's", got=claim, hint=f"Known: {known}.")
        )

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        from importlib.metadata import version

        return {
            "rivalry": self.case.rivalry,
            "argument": self.case.argument.argument,
            "as_of": self.as_of.isoformat(),
            "version": version("detente"),
            "data": {"digest": self.case.chronicle.known_at(self.as_of).digest},
            "futures": self.futures,
            "seed": self.seed,
            "claims": [row.to_dict() for row in self.rows],
            "false_verdicts_expected": self.false_expected,
            "scores": self.scores,
        }


def claims(
    case: Case,
    *,
    as_of: date | None = None,
    futures: int | None = None,
    seed: int | None = None,
    only: Sequence[str] = (),
    threads: int = 0,
    progress: Progress | None = None,
) -> Claims:
    """Compute every row of an argument.

    Parameters
    ----------
    case : Case
    as_of, futures, seed
        Override the argument's ``run:`` block; what neither gives is refused, never guessed.
    only : sequence of str
        Ids of the claims to compute; all if empty.
    threads : int
        0 uses every core; the result does not depend on it.
    progress : callable, optional
        Called with (stage, done, total).

    Returns
    -------
    Claims

    Raises
    ------
    ArgumentError
        If the argument makes no claim, or none of a given id, or nothing says as of when.

    Examples
    --------
    >>> from detente.lab import load_case
    >>> result = claims(load_case("us-iran"), only=["E1", "M3"])
    >>> [(row.claim.id, row.verdict) for row in result.rows]
    [('E1', 'recorded'), ('M3', 'not testable')]
    """
    chosen = _chosen(case, only)
    day = as_of or case.argument.run.as_of
    if day is None:
        hint = "Give --as-of or write as_of in the argument's run: block."
        raise ArgumentError(Fault("as_of", "must be given: there is no default", hint=hint))
    tell = progress or (lambda stage, done, total: None)
    known = read_known(case.argument, case.chronicle, day)
    told = _forecast_rows(case, chosen, day, futures, seed, threads, progress)
    rows = dict(told[0])
    judged = [claim for claim in chosen if claim.terms]
    for apart in (False, True):
        own = [claim for claim in judged if claim.apart_from_talks is apart]
        if own:
            seen = apart_from_talks(known) if apart else known
            fits = Fits.of(case.argument, seen)
            compute = partial(mechanism_row, case, seen, fits)
            with ThreadPoolExecutor(threads or None) as pool:
                for claim, row in zip(own, pool.map(compute, own), strict=True):
                    rows[claim.id] = row
                    tell("verdicts", len([c for c in judged if c.id in rows]), len(judged))
    for claim in chosen:
        if claim.acts:
            rows[claim.id] = fact_row(known, claim)
        elif claim.ledger is not None:
            rows[claim.id] = ledger_row(case, known, claim)
        elif claim.id not in rows:
            rows[claim.id] = Row(claim, "coming", "this version does not compute it yet")
    run_of = told[1]
    return Claims(
        case,
        day,
        tuple(rows[claim.id] for claim in chosen),
        None if run_of is None else run_of[0],
        None if run_of is None else run_of[1],
        told[2],
    )


def _chosen(case: Case, only: Sequence[str]) -> list[ClaimSpec]:
    known = {claim.id: claim for claim in case.argument.claims}
    if not known:
        hint = "Write claims: into the argument; docs/claims.md shows how."
        raise ArgumentError(
            Fault("claims", "must hold at least one", where=case.argument.argument, hint=hint)
        )
    for name in only:
        if name not in known:
            hint = f"Known: {', '.join(known)}."
            raise ArgumentError(Fault("claim", "must be one of the argument's", got=name, hint=hint))
    return [known[name] for name in only] if only else list(known.values())


def _forecast_rows(
    case: Case,
    chosen: Sequence[ClaimSpec],
    day: date,
    futures: int | None,
    seed: int | None,
    threads: int,
    progress: Progress | None,
) -> tuple[dict[str, Row], tuple[int, int] | None, dict[str, Any]]:
    """Score the forecasts among the claims in one run."""
    asked = [claim for claim in chosen if claim.kind == "forecast" and claim.question and claim.words]
    if not asked:
        return {}, None, {}
    argument = case.argument.model_copy(update={"claims": tuple(asked)})
    result = forecasts(
        replace(case, argument=argument),
        as_of=day,
        futures=futures,
        seed=seed,
        threads=threads,
        progress=progress,
    )
    rows = {row.claim.id: forecast_row(row) for row in result.rows}
    means = {
        name: None if m is None else {"forecasts": m[0], "brier": m[1], "log": m[2]}
        for name, m in result.means().items()
    }
    return rows, (result.run.futures.count, result.run.futures.seed), means


__all__ = ["Claims", "Row", "claims"]
