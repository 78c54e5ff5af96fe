"""Mediation: the modes and the machine codes by which a codebook says that a third party goes between two others."""

from __future__ import annotations

import polars as pl

MEDIATION_MODES = (
    "facilitation",
    "good-offices",
    "humanitarian-channel",
    "mediate",
    "mediation",
    "mediation-offer",
    "message-delivery",
    "third-party",
)
"""Modes of an act that are mediation or good offices, in Détente's codebook and in PLOVER."""

MEDIATION_CODES = ("039", "045")
"""CAMEO's codes of an intent to mediate, and of mediation."""


def mediates(codebook: str) -> pl.Expr:
    """Return whether an event is an act of mediation, by its mode or by its code.

    Examples
    --------
    >>> acts = pl.DataFrame({"mode": ["mediation", "visit", None], "code": [None, None, "045"]})
    >>> acts.select(mediates("cameo")).to_series().to_list()
    [True, False, True]
    """
    by_mode = pl.col("mode").is_in(MEDIATION_MODES).fill_null(value=False)
    if codebook != "cameo":
        return by_mode
    return by_mode | pl.col("code").cast(pl.String).is_in(MEDIATION_CODES).fill_null(value=False)
