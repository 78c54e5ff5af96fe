"""What other rivalries say of an argument's claims, and the priors it gives."""

from __future__ import annotations

from pathlib import Path

import pytest

from detente.base.errors import ArgumentError
from detente.lab.arguments import load_argument
from detente.lab.case import load_case
from detente.model.elsewhere import (
    EVIDENCE,
    Elsewhere,
    elsewhere,
    elsewhere_of,
    evidence_prior,
    evidence_table,
    log_rate_ratio,
    row_ids,
)
from detente.model.mechanisms import mechanism_registry
from detente.model.rivalries import prior_of

KEYS = {"verdict", "effect", "low", "high", "n_episodes", "n_rivalries", "power", "mde", "size"}


def test_every_row_that_a_claim_names_is_in_the_table() -> None:
    argument = load_argument("essay", "us-iran")
    named = {claim.id: elsewhere_of(argument, claim) for claim in argument.claims if claim.elsewhere}
    assert {"M1", "M4", "M9", "M10", "M13", "R1", "T2"} <= named.keys()
    for found in named.values():
        assert found is not None
        assert found.to_dict().keys() >= KEYS
        assert (found.effect is None) == (found.verdict == "no data")


def test_a_pair_that_is_among_the_rivalries_is_left_out_of_its_own_evidence() -> None:
    row = next(row for row in evidence_table()["rows"] if row["id"] == "M1")
    own = next(pair for pair in row["pooled"]["pairs"] if pair["pair"] == [750, 770])
    whole, without = elsewhere("M1"), elsewhere("M1", ["PAK", "IND"])
    assert without.left_out
    assert not whole.left_out
    assert without.effect == pytest.approx(own["without"])
    assert without.n_episodes == whole.n_episodes - own["episodes"]
    assert without.low is not None
    assert without.low < without.effect
    assert elsewhere("M1", ["USA", "IRN"]) == whole


@pytest.mark.parametrize(
    ("scale", "expected"), [("rate ratio", 0.5), ("odds ratio", 0.34), ("ratio of chances", 0.92)]
)
def test_each_scale_becomes_a_ratio_of_rates(scale: str, expected: float) -> None:
    found = log_rate_ratio(Elsewhere("M", "no power", scale, base=0.5, new_mean=0.5, new_sd=0.2))
    assert found is not None
    assert found[0] == pytest.approx(expected, abs=0.05)
    assert found[1] > 0
    small = log_rate_ratio(Elsewhere("M", "no power", scale, base=1e-4, new_mean=0.5, new_sd=0.2))
    assert small == pytest.approx((0.5, 0.2), abs=1e-3)  # of rare outcomes all scales are one


def test_evidence_replaces_the_prior_of_tested_terms_only() -> None:
    own, asked = (load_argument(name, "us-iran") for name in ("essay", "essay-evidence"))
    talks = next(t for t in mechanism_registry()["good_offices"].terms if t.name == "talks")
    gated = next(t for t in mechanism_registry()["good_offices"].terms if t.name == "gated")
    assert prior_of(own, "good_offices", talks)[1] != EVIDENCE
    prior, source = prior_of(asked, "good_offices", talks)
    assert source == f"{EVIDENCE} M13"
    rate = log_rate_ratio(elsewhere("M13"))
    assert rate is not None
    assert (prior.mean, prior.sd) == pytest.approx((rate[0] / 0.5, rate[1] / 0.5))
    assert prior_of(asked, "good_offices", gated) == prior_of(own, "good_offices", gated)
    unclaimed = asked.model_copy(update={"claims": ()})  # as `ask` and kept fits read it
    assert prior_of(unclaimed, "good_offices", talks)[0] == prior
    assert load_argument("essay", "us-iran").mechanisms == own.mechanisms


ARGUMENT = """
extends: essay
argument: mine
rivalry: us-iran
evidence: true
claims:
  - id: M13
    kind: mechanism
    text: Good offices hinder.
    terms: [{term}]
    sign: "{sign}"
    elsewhere: {{row: {row}, per_episode: 2}}
"""


def written(folder: Path, term: str = "good_offices.talks", sign: str = "+", row: str = "M13") -> Path:
    path = folder / "mine.yaml"
    path.write_text(ARGUMENT.format(term=term, sign=sign, row=row))
    return path


def test_the_prior_turns_with_the_sign_of_claim_and_term(tmp_path: Path) -> None:
    def mean(**change: str) -> float:
        argument = load_argument(written(tmp_path, **change), "us-iran")
        prior = evidence_prior(argument, "good_offices", "talks")
        assert prior is not None
        return prior.mean

    assert mean() > 0
    assert mean(sign="-") == mean(term="-good_offices.talks") == -mean()
    assert mean(term="-good_offices.talks", sign="-") == mean()


def test_a_row_without_credible_evidence_gives_no_prior(tmp_path: Path) -> None:
    for row in ("M5", "M11"):
        argument = load_argument(written(tmp_path, row=row), "us-iran")
        assert evidence_prior(argument, "good_offices", "talks") is None


def test_a_row_that_is_not_in_the_table_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(ArgumentError, match=r"must be a row of the protocol.*mine.yaml:12"):
        load_argument(written(tmp_path, row="M77"), "us-iran")
    with pytest.raises(ArgumentError, match="M13"):
        elsewhere("M 13")
    assert "M13 all" in row_ids()


def test_the_essay_with_evidence_fits() -> None:
    case = load_case("us-iran", argument="essay-evidence")
    fitted = case.fitted(case.settings().as_of)
    sources = {(c.mechanism, c.term): c.source for c in fitted.program.coefficients}
    assert sources["good_offices", "talks"] == f"{EVIDENCE} M13"
    assert sources["grievance", "force"] == f"{EVIDENCE} M1"
