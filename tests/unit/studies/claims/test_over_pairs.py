"""Claims over many pairs: which pairs, and how what they say is pooled."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from detente.base.days import Window
from detente.base.errors import ArgumentError
from detente.events.chronicle import Chronicle
from detente.lab.arguments import load_argument
from detente.studies.claims.over_pairs import (
    VERDICTS,
    _mean,
    _of_events,
    busiest_pairs,
    claims_of_pairs,
    pooled,
)
from worlds import baseline, random_chronicle


def two_pairs(days: int = 900) -> Chronicle:
    """A and B as in a random chronicle, C and D with half of it."""
    one = random_chronicle(3, days=days)
    other = random_chronicle(4, days=days, per_day=0.2)
    renamed = other.events.with_columns(pl.col("source", "target").replace({"A": "C", "B": "D"}))
    return Chronicle.of(pl.concat([one.events, renamed]).drop("row"), one.window)


def test_the_busiest_pairs_come_first_and_ties_by_name() -> None:
    assert busiest_pairs(two_pairs(), 5) == [("A", "B"), ("C", "D")]
    rows = [
        {"date": date(2020, 1, 1) + timedelta(days=i), "source": s, "target": t, "class": "force"}
        for i, (s, t) in enumerate([("Z", "Y"), ("B", "A"), ("C", "C")])
    ]
    chronicle = Chronicle.of(pl.DataFrame(rows), Window(date(2020, 1, 1), date(2020, 2, 1)))
    assert busiest_pairs(chronicle, 5) == [("A", "B"), ("Y", "Z")]


def test_taking_the_prior_out_gives_back_what_events_said() -> None:
    estimate, se, prior_sd = np.array([0.3, -0.1]), np.array([0.2, 0.4]), 0.25
    precision = 1 / se**2 + 1 / prior_sd**2
    posterior = [
        (float(m), float(s)) for m, s in zip(estimate / se**2 / precision, precision**-0.5, strict=True)
    ]
    back, spread = _of_events(posterior, [prior_sd, prior_sd])
    np.testing.assert_allclose(back, estimate)
    np.testing.assert_allclose(spread, se)


def test_pairs_that_agree_pool_like_one_long_chronicle_and_pairs_that_differ_do_not() -> None:
    mean, sd, between = _mean(np.full(16, 0.3), np.full(16, 0.4), 10.0)
    assert (mean, sd, between) == (pytest.approx(0.3, abs=1e-3), pytest.approx(0.1, abs=1e-4), 0.0)
    spread = np.tile([-1.0, 1.0], 8)
    _, wide, between = _mean(spread, np.full(16, 0.1), 10.0)
    assert between == pytest.approx(1.0, abs=0.1)
    assert wide > 0.2


def test_every_claim_is_judged_on_every_pair_and_pooled() -> None:
    told: list[tuple[str, int, int]] = []
    result = claims_of_pairs(
        two_pairs(), load_argument("pairs"), pairs=2, progress=lambda *step: told.append(step)
    )
    assert told[-1] == ("pairs", 2, 2)
    assert result.pairs == (("A", "B"), ("C", "D"))
    value = result.to_dict()
    assert {row["id"] for row in value["claims"]} == {c.id for c in load_argument("pairs").claims}
    for row in value["claims"]:
        assert row["verdict"] in VERDICTS
        assert sum(row["pairs_by_verdict"].values()) == 2
        assert row["low"] < row["value"] < row["high"]
    # pooled from the two judgements, and narrower than either where both say something
    flare = next(row for row in result.rows if row.claim.id == "F1 flare")
    own = [found["F1 flare"] for found in result.judgements.values()]
    assert flare == pooled(flare.claim, result.judgements)
    assert max(j.V for j in own) < flare.V


def test_later_acts_change_nothing() -> None:
    whole = two_pairs()
    cut = date(2001, 6, 1)
    early = Chronicle.of(
        whole.events.filter(pl.col("date") < cut).drop("row"), Window(whole.window.start, cut)
    )
    one, two = (claims_of_pairs(c, load_argument("pairs"), pairs=1, as_of=cut) for c in (whole, early))
    assert one.to_dict() | {"events": ""} == two.to_dict() | {"events": ""}


def test_an_argument_without_claims_about_terms_is_refused() -> None:
    with pytest.raises(ArgumentError, match="must hold a claim about terms"):
        claims_of_pairs(two_pairs(), baseline("A", "B"), pairs=1)
