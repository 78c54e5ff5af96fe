"""The picture of claims: what the argument said of each contrast, and what events left of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from detente.lab.head import head_of
from detente.lab.run_result import Run
from detente.report.languages.formats import day_text
from detente.report.languages.language import _, word
from detente.report.pictures.priors import MOVED, UNMOVED, Z, forest
from detente.report.pictures.style import NARROW_WRAP, dress, of_argument, principals_line
from detente.report.text.numbers import clauses
from detente.studies.claims.claims import Claims
from detente.studies.claims.rule import LEAST_SHARE

if TYPE_CHECKING:
    from altair.typing import ChartType


def claims_chart(run: Run | None, result: Claims, *, narrow: bool = False) -> ChartType:
    """Draw prior and posterior of the contrast of every row judged by the rule, with its verdict.

    Parameters
    ----------
    run : Run or None
        Of the report that the picture is in; none is made for the picture.
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
        _subtitle(result) if run is None else run,
        _("Claims: what the argument said, and what events left of it (its own priors)"),
        _(
            "Thin line: 90 % of the prior, tick at its mean. Bar: 90 % of the posterior, dot at its mean; pale where "
            "events removed less than a tenth of the prior's width."
        ),
        _(
            "Right: the verdict, reached in another fit, from a prior of mean zero; tables of claims show that one."
        ),
        *(principals_line(result.case) if run is None else ()),
        says=_(
            "For each claim tied to coefficients its prior, its posterior and its verdict: {verdicts}."
        ).format(verdicts=removed),
        wrap=NARROW_WRAP if narrow else None,
    )
    return forest([{"row": 0, "text": _("claim")}], rows, _("verdict"), dressed, narrow=narrow)


def _subtitle(result: Claims) -> str:
    head = head_of(result.case, result.as_of)
    about = of_argument(head["rivalry"], head["argument"])
    day = _("as of {day}").format(day=day_text(result.as_of))
    return " · ".join([about, day, f"detente {head['version']}"])
