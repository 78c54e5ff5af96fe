"""The use case `claims`: every row of an argument with its numbers, an interval and a verdict."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from detente.argument.claim_blocks import ClaimSpec
from detente.base.errors import ArgumentError, Fault
from detente.base.given import texts_given
from detente.base.progress import Progress
from detente.base.tables import Tables, heading, table_of
from detente.base.workers import Threads, alongside
from detente.lab.case import Case, case_of
from detente.lab.head import head_of
from detente.lab.settings import Day
from detente.lab.too_little import Caution, blank_cautions, require_stability, with_cautions
from detente.model.elsewhere import elsewhere_of
from detente.model.fit import Posterior
from detente.model.known import Known
from detente.studies.claims.experiment_rows import bargain_row, rival_of, thesis_row
from detente.studies.claims.forecasts import Forecasts, forecasts, worded
from detente.studies.claims.judge import Fits
from detente.studies.claims.page_rows import page_row
from detente.studies.claims.reasons import Lacking
from detente.studies.claims.rows import (
    ClaimRow,
    apart_from_talks,
    fact_row,
    forecast_row,
    ledger_row,
    mechanism_row,
    with_mechanisms,
)


@dataclass(frozen=True)
class Claims(Tables):
    """Every row of an argument as of a day: the result of `claims`."""

    case: Case
    as_of: date
    rows: tuple[ClaimRow, ...]
    futures: int | None
    seed: int | None
    scores: dict[str, Any] = field(default_factory=dict)
    spectral_radius: float | None = None
    tables = ("claims",)

    def _about(self) -> str:
        return heading(self.case.title, self.as_of, claims=len(self.rows))

    def _table(self, name: str) -> pl.DataFrame:
        columns = dict.fromkeys(("id", "kind", "verdict"), str) | dict.fromkeys(
            ("value", "low", "high", "V", "P", "p_plus", "p_minus", "power", "mde"), float
        )
        return table_of(columns | {"text": str}, (row.to_dict() for row in self.rows))

    @property
    def cautions(self) -> tuple[Caution, ...]:
        """What a reader must know before any number."""
        blanks = blank_cautions("claims", self.case.argument.claims)
        return (*blanks, *self.case.cautions(self.as_of, self.spectral_radius))

    @property
    def false_expected(self) -> float:
        """How many mechanism rows would read supported or contradicted if every true effect were zero."""
        return sum(row.judgement.false_chance for row in self.rows if row.judgement is not None)

    def row(self, claim: str) -> ClaimRow:
        """Return one row.

        Raises
        ------
        ArgumentError
            If the argument has no such claim.
        """
        for row in self.rows:
            if row.claim.id == claim:
                return row
        known = tuple(row.claim.id for row in self.rows)
        raise ArgumentError(Fault("not_a_claim", "claim", got=claim, hint="known", known=known))

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        value = {
            **head_of(self.case, self.as_of),
            "futures": self.futures,
            "seed": self.seed,
            "claims": [row.to_dict() for row in self.rows],
            "false_verdicts_expected": self.false_expected,
            "scores": self.scores,
        }
        return with_cautions(value, self.cautions)


def claims(
    case: Case | str | Path,
    *,
    as_of: Day | None = None,
    futures: int | None = None,
    seed: int | None = None,
    only: Sequence[str] = (),
    get_forecasts: Callable[[], Forecasts] | None = None,
    threads: int = 0,
    progress: Progress | None = None,
) -> Claims:
    """Compute every row of an argument.

    Parameters
    ----------
    case : Case, str or path
        A case that `load_case` has loaded, or the name or the file that it loads one from.
    as_of, futures, seed
        Override the argument's ``run:`` block; what neither gives is refused, never guessed.
    only : sequence of str
        Ids of the claims to compute; all if empty.
    get_forecasts : callable, optional
        Returns the case's forecasts as of that day, where a caller makes them anyway; else they are run.
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
    UnstableModelError
        If a burst of acts grows from round to round under a fit, unless the case allows that.

    Examples
    --------
    >>> from detente.lab.case import load_case
    >>> result = claims(load_case("us-iran"), only=["E1", "M3"])
    >>> [(row.claim.id, row.verdict) for row in result.rows]
    [('E1', 'recorded'), ('M3', 'no power')]
    """
    case = case_of(case)
    chosen = _chosen(case, only)
    as_of = case.settings(as_of=as_of).as_of
    known = case.known(as_of)
    work = partial(_forecasts, case, chosen, as_of, futures, seed, get_forecasts, threads, progress)
    with alongside(work) as made_forecasts:  # futures need the processor's cores only now and then
        rows, radius = _judged(case, known, chosen, seed, threads, progress)
        for claim in chosen:
            if (row := _other_row(case, known, claim, seed, threads)) is not None:
                rows[claim.id] = row
            if claim.against is not None and claim.id in rows:
                rows[claim.id] = replace(rows[claim.id], rival=rival_of(case, claim))
        own_forecasts = made_forecasts()
    if own_forecasts is not None:
        rows |= {row.claim.id: forecast_row(row) for row in own_forecasts.rows}
    rows = {
        name: replace(row, elsewhere=elsewhere_of(case.argument, row.claim)) for name, row in rows.items()
    }
    coming = {c.id: ClaimRow(c, "coming", Lacking("not implemented")) for c in chosen}
    radii = [radius, None if own_forecasts is None else own_forecasts.run.posterior.spectral_radius]
    return Claims(
        case,
        as_of,
        tuple(rows.get(claim.id, coming[claim.id]) for claim in chosen),
        None if own_forecasts is None else own_forecasts.run.futures.count,
        None if own_forecasts is None else own_forecasts.run.futures.seed,
        {} if own_forecasts is None else own_forecasts.to_dict()["means"],
        max((each for each in radii if each is not None), default=None),
    )


def _judged(
    case: Case,
    known: Known,
    chosen: Sequence[ClaimSpec],
    seed: int | None,
    threads: int,
    progress: Progress | None,
) -> tuple[dict[str, ClaimRow], float | None]:
    """Judge the mechanisms among the claims, those apart from talks, or with mechanisms added, on fits of their own.

    Returns
    -------
    rows, spectral_radius
        The largest of the fits; None if no claim is about a mechanism.
    """
    judged, rows = [claim for claim in chosen if claim.terms], dict[str, ClaimRow]()
    bases: list[Posterior] = []
    for apart, adds in dict.fromkeys((claim.apart_from_talks, claim.adds) for claim in judged):
        own = [claim for claim in judged if (claim.apart_from_talks, claim.adds) == (apart, adds)]
        seen = apart_from_talks(known) if apart else known
        fits = Fits.of(with_mechanisms(case.argument, adds), seen)
        bases.append(fits.base)
        require_stability(bases, allowed=case.allow_unstable)
        compute = partial(mechanism_row, case, seen, fits, seed=seed)
        tell = partial(_tell_verdicts, progress, len(rows), len(judged))
        found = Threads(threads).map(compute, own, progress=tell)
        rows |= {claim.id: row for claim, row in zip(own, found, strict=True)}
    return rows, require_stability(bases, allowed=case.allow_unstable) if bases else None


def _tell_verdicts(progress: Progress | None, before: int, total: int, done: int, _: int) -> None:
    if progress:
        progress("verdicts", before + done, total)


def _other_row(case: Case, known: Known, claim: ClaimSpec, seed: int | None, threads: int) -> ClaimRow | None:
    """Compute a claim about acts, a ledger, the bargain, an experiment or the page; None for any other claim."""
    if claim.acts:
        return fact_row(known, claim)
    if claim.ledger is not None:
        return ledger_row(case, known, claim, seed=seed)
    if claim.bargain is not None and case.argument.bargain is not None:
        return bargain_row(case, claim, known.as_of)
    row = thesis_row(case, claim, known.as_of, seed, threads)
    return page_row(case, claim, known) if row is None else row


def _chosen(case: Case, only: Sequence[str]) -> list[ClaimSpec]:
    known = {claim.id: claim for claim in case.argument.claims}
    if not known:
        where = case.argument.argument
        raise ArgumentError(Fault("no_claims", "claims", where=where, hint="claims_example"))
    only = texts_given("only", only)
    for name in only:
        if name not in known:
            raise ArgumentError(Fault("not_a_claim", "claim", got=name, hint="known", known=tuple(known)))
    return [known[name] for name in only] if only else list(known.values())


def _forecasts(
    case: Case,
    chosen: Sequence[ClaimSpec],
    day: date,
    futures: int | None,
    seed: int | None,
    get_forecasts: Callable[[], Forecasts] | None,
    threads: int,
    progress: Progress | None,
) -> Forecasts | None:
    """Return the forecasts among the claims: those told that were chosen, or else one run of them."""
    asked = worded(chosen)
    if not asked:
        return None
    if get_forecasts is not None:
        own_forecasts = get_forecasts()
        return replace(own_forecasts, rows=tuple(row for row in own_forecasts.rows if row.claim in asked))
    argument = case.argument.model_copy(update={"claims": tuple(asked)})
    return forecasts(
        replace(case, argument=argument),
        as_of=day,
        futures=futures,
        seed=seed,
        threads=threads,
        progress=progress,
    )
