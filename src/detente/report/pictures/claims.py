"""The picture of claims: what the argument said of each contrast, and what events left of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from detente.lab.run_result import Run
from detente.report.languages.language import _, word
from detente.report.pictures.priors import MOVED, UNMOVED, Z, forest
from detente.report.pictures.style import NARROW_WRAP, dress
from detente.report.text.numbers import clauses
from detente.studies.claims.claims import Claims
from detente.studies.claims.rule import LEAST_SHARE

if TYPE_CHECKING:
    from altair.typing import ChartType


def claims_chart(run: Run, result: Claims, *, narrow: bool = False) -> ChartType:
    """Draw prior and posterior of the contrast of every row judged by the rule, with its verdict.

    Parameters
    ----------
    run : Run
    result : Claims
    narrow : bool
        As wide as a telephone.
    """
    rows: list[dict[str, Any]] = []
    for row in result.rows:
        j = row.judgement
        if j is not None:
            (prior, prior_sd), (mean, sd) = j.own_prior, j.own_posterior
            rows.append(
                {
                    "row": 1 + len(rows),
                    "term": (
                        _("{claim}, claimed above zero")
                        if j.sign == "+"
                        else _("{claim}, claimed below zero")
                    ).format(claim=row.claim.id),
                    "removed": word(row.verdict),
                    "prior": prior,
                    "prior_low": prior - Z * prior_sd,
                    "prior_high": prior + Z * prior_sd,
                    "mean": mean,
                    "low": mean - Z * sd,
                    "high": mean + Z * sd,
                    "colour": MOVED if j.V >= LEAST_SHARE else UNMOVED,
                }
            )
    removed = clauses(f"{row['term']}: {row['removed']}" for row in rows)
    dressed = dress(
        run,
        _("Claims: what the argument said, and what events left of it (its own priors)"),
        _(
            "Thin line: 90 % of the prior, tick at its mean. Bar: 90 % of the posterior, dot at its mean; pale where "
            "events removed less than a tenth of the prior's width."
        ),
        _(
            "Right: the verdict, reached in another fit, from a prior of mean zero; tables of claims show that one."
        ),
        says=_(
            "For each claim tied to coefficients its prior, its posterior and its verdict: {verdicts}."
        ).format(verdicts=removed),
        wrap=NARROW_WRAP if narrow else None,
    )
    return forest([{"row": 0, "text": _("claim")}], rows, _("verdict"), dressed, narrow=narrow)
