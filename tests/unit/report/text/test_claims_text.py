"""What `detente claims` prints of a claim that no paragraph and no episode backs."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from detente.report.text.claims import text_of
from detente.report.text.reasons import settle_text, why
from detente.studies.claims.claims import claims
from detente.studies.claims.judge import Judgement
from detente.studies.claims.power import Randomised
from detente.studies.claims.reasons import Judged
from detente.studies.claims.rows import ClaimRow
from worlds import essay_case


def test_a_claim_without_a_paragraph_prints_no_empty_mark() -> None:
    case = essay_case()
    about = {"kind": "mechanism", "terms": ("reprisal.pressure",), "sign": "+"}
    cited, bare = (
        case.argument.claims[0].model_copy(update={**about, "id": id_, "paragraphs": paragraphs})
        for id_, paragraphs in (("A", (7,)), ("B", ()))
    )
    argument = case.argument.model_copy(update={"claims": (cited, bare)})
    result = claims(replace(case, argument=argument), futures=20)
    told = text_of(result)
    assert told.count("(¶ ") == 1
    assert "(¶ 7)" in told


@pytest.mark.parametrize(
    ("episodes", "end"),
    [
        (0, "without an episode, a longer chronicle would not settle it"),
        (9, "no chronicle of this kind could settle it, however long"),
    ],
)
def test_no_length_is_named_where_there_is_no_episode(episodes: int, end: str) -> None:
    judgement = Judgement(
        **dict.fromkeys(("own_prior", "own_posterior"), (0.0, 1.0)),
        **dict.fromkeys(("value", "low", "high", "V", "first_false_chance"), 0.0),
        **dict.fromkeys(("sd", "prior_sd", "bayes_factor"), 1.0),
        terms=("reprisal.force",),
        sign="+",
        P=0.5,
        episodes=episodes,
        variants=(),
        year=2000,
        multiple=float("inf"),
        first_verdict="not testable",
        test=Randomised(**dict.fromkeys((f.name for f in fields(Randomised)), 0.5)),
    )
    row = ClaimRow(essay_case().argument.claims[0], judgement.verdict, Judged(judgement), judgement=judgement)
    assert (settle_text(row) or "").endswith(end)
    undeclared = replace(row, reason=Judged(judgement, declared=False))
    assert ("declares no condition" in why(undeclared)) == (episodes == 0)
    assert "declares no condition" not in why(row)
    leans = "lean" in why(row)  # events without an episode of what is claimed lean neither way
    assert (leans, "No episode of it" in why(row)) == (episodes > 0, episodes == 0)
    assert why(row)[0].isupper()
