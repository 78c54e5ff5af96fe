from __future__ import annotations

import pytest
from scipy.special import betaincinv

from detente.argument.words import SURVEYS, Word, sources, standard_words, survey_words, word_of
from detente.base.errors import ArgumentError
from detente.lab.arguments import load_argument


def test_surveys_hold_what_their_sources_give() -> None:
    counts = {s: sum(w.survey == s for w in survey_words().values()) for s in SURVEYS}
    assert counts == {"mauboussin": 23, "perceptions": 17}
    possibly = word_of("mauboussin possibly")
    assert (possibly.median, possibly.p10, possibly.p90) == (0.45, 0.15, 0.6)
    assert word_of("perceptions almost no chance").p10 is None
    for word in survey_words().values():
        assert 0 <= word.q25 <= word.median <= word.q75 <= 1, word
    assert {s.table for s in sources().values()} == {*SURVEYS, "kent", "icd203", "ipcc"}


def test_standards_are_bounds() -> None:
    assert all(0 <= w.low <= w.high <= 1 for w in standard_words().values())
    assert standard_words()["icd203 very likely"].low == 0.8
    assert standard_words()["kent probable"].high == pytest.approx(0.87)


@pytest.mark.parametrize("key", ["mauboussin possibly", "mauboussin likely", "perceptions probably not"])
def test_the_beta_law_has_the_quartiles_of_the_survey(key: str) -> None:
    word = word_of(key)
    a, b = word.beta()
    assert float(betaincinv(a, b, 0.25)) == pytest.approx(word.q25, abs=0.005)
    assert float(betaincinv(a, b, 0.75)) == pytest.approx(word.q75, abs=0.005)


def test_quartiles_that_coincide_or_touch_the_ends_still_have_a_law() -> None:
    for key, word in survey_words().items():
        a, b = word.beta()
        assert a > 0, key
        assert b > 0, key
        assert abs(float(betaincinv(a, b, 0.5)) - word.median) < 0.1, key
    assert min(Word("s", "w", 0.5, 0.5, 0.5).beta()) > 100


def test_an_unknown_word_is_told_its_neighbour() -> None:
    with pytest.raises(ArgumentError, match="Did you mean mauboussin possibly"):
        word_of("mauboussin posibly")


def test_every_hedge_of_the_essay_is_a_short_phrase_read_as_a_word() -> None:
    hedged = [claim for claim in load_argument("essay", "us-iran").claims if claim.words]
    assert {c.id.split()[0] for c in hedged} == {f"F{i}" for i in range(1, 9)}
    for claim in hedged:
        assert len(str(claim.words).split()) <= 4
        assert word_of(str(claim.read_as))
