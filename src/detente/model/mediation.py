"""Which acts are mediation: the one rule for mediators, episodes, claims and the door's record."""

from __future__ import annotations

import numpy as np
import polars as pl

from detente.base.arrays import Bools
from detente.events.ontology.mediation import mediates
from detente.model.channels import Layout


def mediations(events: pl.DataFrame, layout: Layout, codebook: str) -> Bools:
    """Return which acts are mediation, shape (event,).

    Parameters
    ----------
    events : polars.DataFrame
        Canonical events.
    layout : Layout
    codebook : str
        How their codes were read.

    Notes
    -----
    Where channels of good offices name modes or actions, those are mediation; else what the ontology calls so, of acts
    that a third party does: a visit, aid or a delivery of arms is none.
    """
    named = [layout.index(c) for c in layout.third_parties() if c.modes or c.actions]
    if named:
        return np.isin(layout.assign(events), named)
    third = ~pl.col("source").is_in(list(layout.principals))
    return np.asarray(events.select(mediates(codebook) & third).to_series().to_numpy(), dtype=bool)
