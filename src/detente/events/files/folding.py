"""Folding: rows that stand for one act become one row, before anything is counted."""

from __future__ import annotations

import polars as pl

from detente.events.columns import CONTENT
from detente.events.ontology.classes import scheme_of

_ORDER = "_order"


def fold(events: pl.DataFrame, scheme: str, duplicates: str = "fold") -> tuple[pl.DataFrame, int, int]:
    """Fold repeated rows and mutual acts.

    Two rules, in this order:

    - **Repetitions.** Rows equal in every canonical column (file lines apart) are one act: the first stays. This holds
      with or without summaries. Where a source writes one row per act and says nothing to tell two alike acts apart,
      as machine-coded files without summaries do, pass ``duplicates="keep"``.
    - **Mutual acts**, under a scheme with a joint class only. Cooperative rows with one date, precision, action and
      summary (not empty) in both directions are one act: the first row stays, with class joint and `mutual` true. What
      it leaves empty is taken from the other row; deaths come with whose they were, from the row that states them.
      Hostile acts are never folded: two sides that fire on each other commit two acts. Of several such rows the
      first of one direction goes with the first of the other, and so on. Rows already mutual are left alone, and a
      row of class joint that finds no other row is mutual by its class.

    Parameters
    ----------
    events : polars.DataFrame
        Canonical columns, in the file's order.
    scheme : str
        Name of the class scheme.
    duplicates : str
        ``fold`` or ``keep``.

    Returns
    -------
    events : polars.DataFrame
        In the same order. Folding them again changes nothing.
    duplicates_folded, mutual_folded : int
        Rows that went.

    Examples
    --------
    >>> from detente.events.files.embedded import load_embedded
    >>> events = load_embedded("us-iran").events
    >>> folded, duplicates_folded, mutual_folded = fold(events, "detente")
    >>> folded.equals(events), duplicates_folded, mutual_folded
    (True, 0, 0)
    """
    rules = scheme_of(scheme)
    before = events.height
    if duplicates == "fold":
        events = _drop_repetitions(events)
    repeated = before - events.height
    if rules.joint_class is None:
        return events, repeated, 0
    folded = _fold_mutual(events, rules.joint_class, rules.cooperative_classes)
    folded = folded.with_columns(pl.col("mutual") | (pl.col("class") == rules.joint_class))
    mutual = events.height - folded.height
    if duplicates == "fold":
        # Folding can make two mutual acts alike: each took from its other row what it lacked.
        unlike = _drop_repetitions(folded)
        repeated += folded.height - unlike.height
        folded = unlike
    return folded, repeated, mutual


def _drop_repetitions(events: pl.DataFrame) -> pl.DataFrame:
    return events.unique(subset=list(CONTENT), keep="first", maintain_order=True)


def _fold_mutual(events: pl.DataFrame, joint: str, cooperative: tuple[str, ...]) -> pl.DataFrame:
    events = events.with_row_index(_ORDER)
    # The smaller name first: a key that both directions share. Nothing is put in order by it.
    low, high = pl.min_horizontal("source", "target"), pl.max_horizontal("source", "target")
    act = ["date", "precision", "action", "summary", "_low", "_high"]
    ready = events.filter(
        ~pl.col("mutual") & pl.col("summary").is_not_null() & pl.col("class").is_in(cooperative)
    ).with_columns(low.alias("_low"), high.alias("_high"))
    nth = ready.with_columns(pl.int_range(pl.len()).over([*act, "source"]).alias("_nth"))
    pairs = nth.with_columns(
        pl.len().over([*act, "_nth"]).alias("_rows"),
        pl.col(_ORDER).min().over([*act, "_nth"]).alias("_first"),
    ).filter(pl.col("_rows") == 2)
    if pairs.is_empty():
        return events.drop(_ORDER)
    plain = [
        name
        for name in CONTENT
        if name not in ("class", "mutual", "fatalities", "fatalities_of", "victim_rank")
    ]
    deaths = ("fatalities", "fatalities_of", "victim_rank")
    # The row that states deaths comes first for the columns of deaths, the file's first row for all others.
    stated = pl.col("fatalities").is_null()
    merged = pairs.group_by("_first", maintain_order=True).agg(
        *(pl.col(name).drop_nulls().first() for name in plain if name not in ("source", "target")),
        pl.col("source", "target").first(),
        *(pl.col(name).sort_by(stated, maintain_order=True).drop_nulls().first() for name in deaths),
        pl.col("row").first(),
    )
    merged = merged.rename({"_first": _ORDER}).with_columns(
        pl.lit(joint).alias("class"), pl.lit(value=True).alias("mutual")
    )
    rest = events.join(pairs.select(_ORDER), on=_ORDER, how="anti")
    together = pl.concat([rest, merged.select(rest.columns)]).sort(_ORDER)
    return together.drop(_ORDER)
