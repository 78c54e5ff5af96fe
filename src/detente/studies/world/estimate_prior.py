"""Estimate a world prior: how strongly pairs answer their own and received acts, and how far they lie apart."""

from __future__ import annotations

from typing import Any

import numpy as np

from detente.argument.world_prior import MOST, WorldPrior, WorldTerm
from detente.base.arrays import Floats
from detente.base.errors import Fault, FitError
from detente.events.ontology.classes import scheme_of
from detente.model.mechanisms import mechanism_registry
from detente.studies.world.features import decays, memories
from detente.studies.world.fit_class import ClassFit, fit_class
from detente.studies.world.pairs import CLASSES, Pairs
from detente.studies.world.plain_models import MOST_ROWS

_LEAST_SD = 0.02
_WIDE = 2.0  # prior sd of a coefficient for one standard deviation of its feature: the events decide
_WARM_UP_HALF_LIVES = 3


def world_prior(
    pairs: Pairs, *, fast_half_life_days: float, made_by: str, data: dict[str, Any]
) -> WorldPrior:
    """Estimate the terms that mechanisms declare as `pair_terms`, on the clock and the scale arguments use.

    Each class is fitted on ``log1p(S)``, with ``S`` the decayed sum of own acts of the class and of acts received, as
    a mechanism has them, a level for each pair, and slopes that differ from pair to pair. A new pair's slope then has
    the mean over pairs, and the variance between pairs plus that of the mean.

    Parameters
    ----------
    pairs : Pairs
    fast_half_life_days : float
    made_by : str
        The command, for whoever reads the file.
    data : dict
        What the pairs were counted from.

    Raises
    ------
    FitError
        If a class does not converge, or the pairs say too little of a term.
    """
    found: dict[str, list[tuple[float, float, float]]] = {}
    days = np.arange(
        min(int(_WARM_UP_HALF_LIVES * fast_half_life_days), pairs.window.days // 4), pairs.window.days
    )
    days = days[:: max(1, -(-len(days) * len(pairs.source) // MOST_ROWS))]
    decay = float(decays((fast_half_life_days,))[0])
    sums = np.log1p(memories(pairs.counts, (fast_half_life_days,), days)[:, 0] * decay / (1 - decay))
    for c in range(len(CLASSES)):
        features = _features(c)
        columns = [sums[:, pairs.reverse if received else slice(None), cls] for received, cls in features]
        fit = _fit(np.stack(columns, axis=2), pairs.counts[days][:, :, c], c)
        for k, keys in enumerate(features.values()):
            mean, error, between = (
                float(v[1 + k]) / float(fit.scale[k]) for v in (fit.slopes, fit.sd, fit.deviation_sd)
            )
            for key in keys:
                found.setdefault(key, []).append((mean, error, between))
    return WorldPrior(
        made_by=made_by,
        data=data,
        data_through=pairs.window.day(pairs.window.days - 1),
        fast_half_life_days=fast_half_life_days,
        terms={key: _joined(key, values) for key, values in sorted(found.items())},
    )


def _features(c: int) -> dict[tuple[bool, int], list[str]]:
    """Return what the fit of a class reads: the terms, by whether acts are received and by the acts' class.

    Own acts of the class come first: in `_fit` the dispersion depends on them.
    """
    scheme = scheme_of("quad")
    features: dict[tuple[bool, int], list[str]] = {(False, c): []}
    for mechanism in mechanism_registry().values():
        for pair in mechanism.pair_terms:
            if CLASSES[c] not in scheme.classes_of(pair.role):
                continue
            for cls in scheme.classes_of(pair.answers):
                keys = features.setdefault((pair.received, CLASSES.index(cls)), [])
                if (key := f"{mechanism.name}.{pair.term}") not in keys:
                    keys.append(key)
    return features


def _fit(x: Floats, y: Floats, c: int) -> ClassFit:
    features = x.shape[2]
    return fit_class(
        np.ascontiguousarray(x).reshape(-1, features),
        np.ascontiguousarray(y).ravel(),
        x.shape[1],
        spreads_with=[0],
        deviates_with=list(range(features)),
        spread=None,
        sds=(_WIDE, 1.0),
        cls=CLASSES[c],
    )


def _joined(name: str, values: list[tuple[float, float, float]]) -> WorldTerm:
    """Return one term of those of several classes, by their mean; the distance between them counts as spread."""
    means, errors, betweens = (np.array(v) for v in zip(*values, strict=True))
    between = float(np.sqrt((betweens**2).mean() + means.var()))
    error = float(np.sqrt((errors**2).mean()))
    sd = max(float(np.hypot(between, error)), _LEAST_SD)
    mean = round(float(means.mean()), 4)
    if not (sd <= MOST and abs(mean) <= MOST):
        raise FitError(Fault("prior_too_wide", name, got=(mean, round(sd, 4)), hint="more_pairs", high=MOST))
    return WorldTerm(mean=mean, sd=round(sd, 4), error=round(error, 4), between=round(between, 4))
