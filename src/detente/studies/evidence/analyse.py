"""One row, analysed: effect, permutations, verdict, pooling, leads and lags, and what the effect rests on."""

from __future__ import annotations

from collections.abc import Callable
from math import exp, isfinite
from typing import Any

import numpy as np

from detente.argument.evidence_blocks import NEEDS_EVENT, EvidenceRow
from detente.studies.evidence.build import sample_of
from detente.studies.evidence.estimate import RowEffect, estimate, weights_of
from detente.studies.evidence.permute import permute
from detente.studies.evidence.pooling import PRIOR_BETWEEN_MEDIAN, RivalryEffects, pool_rivalries
from detente.studies.evidence.protocol import EvidenceProtocol
from detente.studies.evidence.sample import UnitSample
from detente.studies.evidence.verdict import Z90, e_value, e_value_of_limit, judge
from detente.studies.evidence.world import States

_FEWEST = 2  # rivalries for a row to be pooled


def analyse(
    row: EvidenceRow,
    states: States,
    protocol: EvidenceProtocol,
    *,
    draws: int,
    noise: np.random.Generator,
    alone: dict[str, States] | None = None,
    tell: Callable[[int], None] | None = None,
) -> dict[str, Any]:
    """Return a row's results as plain values, ready for JSON.

    Parameters
    ----------
    row : EvidenceRow
    states : States
    protocol : EvidenceProtocol
    draws : int
        Permutations; 0 gives estimates with clustered errors and no verdict.
    noise : numpy.random.Generator
    alone : dict of str to States, optional
        Variants with one list of rivalries each.
    tell : callable, optional
        Called with the number of permutations made.
    """
    sample = sample_of(row, states, protocol)
    value: dict[str, Any] = {
        "id": row.id,
        "text": row.text,
        "sign": row.sign,
        "scale": {"count": "rate ratio", "any": "ratio of chances", "share": "odds ratio"}[row.outcome.as_],
        **_sizes(sample),
    }
    found = estimate(sample)
    if not isfinite(found.effect):
        return value | {"verdict": "no data", "reason": "nothing to compare"}
    value |= {"mean_episodes": found.treated, "mean_controls": found.control, "error": found.error}
    if draws:
        drawn = permute(sample, found, row.sign, draws=draws, noise=noise, tell=tell)
        if drawn.spread == 0:
            return value | {"verdict": "no data", "reason": "nothing to compare"}
        sd = max(found.error, drawn.spread)
        judged = judge(found.effect, sd, drawn.p_for, drawn.p_against, drawn.leads_p)
        value |= {
            "verdict": judged.verdict,
            "p_for": drawn.p_for,
            "p_against": drawn.p_against,
            "leads_p": drawn.leads_p,
            "spread": drawn.spread,
            "draws": drawn.draws,
            "power": judged.power,
            "mde": judged.mde,
            "size": 0.05,
        }
    else:
        sd = found.error
    low, high = exp(found.effect - Z90 * sd), exp(found.effect + Z90 * sd)
    value |= {"effect": exp(found.effect), "low": low, "high": high, "sd": sd}
    if row.e_value:
        odds = sample.odds
        value["e_value"] = e_value(exp(found.effect), odds=odds)
        value["e_value_of_limit"] = e_value_of_limit(low, high, odds=odds)
    value["leads"] = [_window(a, b, estimate(sample, lead)) for a, b, lead in sample.leads]
    value["lags"] = [_window(a, b, estimate(sample, lag)) for a, b, lag in sample.lags]
    without = _without_pairs(sample)
    value["without_decade"] = _without_decades(sample)
    value["variants"] = _variants(row, protocol, alone or {})
    if row.event == "mediation":
        wrong = estimate(sample_of(row, states, protocol, never_mediated_only=True))
        value["variants"].append({"name": "controls never mediated", **_ratio(wrong)})
    value["pooled"] = _pooled(pool_rivalries(sample, found, sd, overlap=_overlap(row)), without)
    return value


def _overlap(row: EvidenceRow) -> int:
    """Return how many units share one outcome: those whose windows follow each other step by step."""
    spec = row.outcome
    stepwise = row.units in NEEDS_EVENT and spec.from_ is not None and spec.until is not None
    return (spec.until or 0) - (spec.from_ or 0) + 1 if stepwise else 1


def _sizes(sample: UnitSample) -> dict[str, int]:
    kept = weights_of(sample.episode, sample.cell) > 0
    treated, control = sample.rows[sample.episode & kept], sample.rows[~sample.episode & kept]
    return {
        "n_episodes": len(np.unique(treated)),
        "n_controls": len(np.unique(control)),
        "n_cells": len(np.unique(sample.cell[kept])),
        "n_rivalries": len(np.unique(sample.pair[treated], axis=0)),
        "n_episodes_unmatched": int((sample.episode & ~kept).sum()),
    }


def _ratio(found: RowEffect) -> dict[str, float | None]:
    if not (isfinite(found.effect) and isfinite(found.error)):
        return {"effect": None, "low": None, "high": None}
    return {
        "effect": exp(found.effect),
        "low": exp(found.effect - Z90 * found.error),
        "high": exp(found.effect + Z90 * found.error),
    }


def _window(since: int, until: int, found: RowEffect) -> dict[str, Any]:
    return {"from": since, "until": until, **_ratio(found)}


def _without_decades(sample: UnitSample) -> list[dict[str, Any]]:
    decade = sample.year // 10 * 10
    return [
        {"decade": int(each), **_ratio(estimate(sample, keep=decade != each))}
        for each in np.unique(decade[sample.rows])
    ]


def _without_pairs(sample: UnitSample) -> dict[tuple[int, int], float | None]:
    """Return the effect without each pair that has episodes."""
    code = sample.pair[:, 0] * 1000 + sample.pair[:, 1]
    found: dict[tuple[int, int], float | None] = {}
    for each in np.unique(code[sample.rows[sample.episode]]).tolist():
        found[each // 1000, each % 1000] = _ratio(estimate(sample, keep=code != each))["effect"]
    return found


def _variants(row: EvidenceRow, protocol: EvidenceProtocol, alone: dict[str, States]) -> list[dict[str, Any]]:
    if row.units in ("pair_years", "cases") or row.pairs == "all":
        return []
    return [
        {"name": f"{name} alone", **_ratio(estimate(sample_of(row, states, protocol)))}
        for name, states in alone.items()
    ]


def _pooled(
    pooled: RivalryEffects | None, without: dict[tuple[int, int], float | None]
) -> dict[str, Any] | None:
    if pooled is None or len(pooled.pairs) < _FEWEST:
        return None
    return {
        "mean": pooled.mean,
        "mean_sd": pooled.mean_sd,
        "between": pooled.between,
        "between_low": pooled.between_low,
        "between_high": pooled.between_high,
        "between_prior_median": PRIOR_BETWEEN_MEDIAN,
        "new_mean": pooled.new_mean,
        "new_sd": pooled.new_sd,
        "pairs": [
            {
                "pair": list(p.pair),
                "episodes": p.episodes,
                "seen": p.seen,
                "expected": p.expected,
                "effect": exp(p.effect),
                "low": exp(p.effect - Z90 * p.sd),
                "high": exp(p.effect + Z90 * p.sd),
                "without": without.get(p.pair),
            }
            for p in pooled.pairs
        ],
    }
