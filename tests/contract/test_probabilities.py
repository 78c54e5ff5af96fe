"""Contract 9: what `ask` answers agrees with itself, exactly, in counts of futures of one seed.

The laws hold among questions that are answered on the same futures. One about acts that the argument does not model is
answered on futures of its own, with channels added, or not at all, and so are its combinations with others.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

import detente
from detente.lab.case import Case, load_case
from detente.questions.answers import Answer
from detente.questions.statuses import MODELLED
from tiers import SLOW_TIER

FUTURES, PAIRS = 60, 120 if SLOW_TIER else 10
PARTIES = ("USA->IRN", "IRN->USA", "USA<->IRN", "IRN,proxies->USA")
KINDS = (
    "force",
    "pressure",
    "ASSAULT",
    "hostility_by_word",
    "cooperation_by_deed",
    "cooperation_by_word",
    "",
)
MORE = ("", "", " deaths>=1", " mode=airstrike", " mode=sanctions", " issue=nuclear")
PHASES = ("phase crisis", "phase thaw", "phase hostilities", "talks", "war")


@dataclass(frozen=True)
class Pair:
    """Two statements without their windows, and how far ahead they look."""

    one: str
    other: str
    days: int


def statement(rng: np.random.Generator) -> str:
    if rng.random() < 0.25:
        return str(rng.choice(PHASES))
    return f"{rng.choice(PARTIES)} {rng.choice(KINDS)}{rng.choice(MORE)}"


def pairs(count: int) -> list[Pair]:
    rng = np.random.default_rng(7)
    return [Pair(statement(rng), statement(rng), int(rng.choice((30, 90, 180)))) for _ in range(count)]


@pytest.fixture(scope="module")
def case() -> Case:
    return load_case("us-iran")


@pytest.fixture(scope="module")
def told(case: Case) -> dict[str, Answer]:
    lines = []
    for pair in pairs(PAIRS):
        one, other = (f"{part} within {pair.days}d" for part in (pair.one, pair.other))
        lines += [one, other, f"{pair.one} within {2 * pair.days}d", f"not ({one})"]
        lines += [f"({one}) and ({other})", f"({one}) or ({other})", f"{one} given {other}"]
        if is_acts(pair.one):
            lines += [f"{pair.one} count>=2 within {pair.days}d", f"{pair.one} count>=3 within {pair.days}d"]
            if "deaths" not in pair.one:
                lines += [f"how many {one}", f"when {one}", f"{pair.one} ASSAULT within {pair.days}d"]
    lines = list(dict.fromkeys(lines))
    result = detente.ask(case, *lines, futures=FUTURES)
    return {asked.answer.question.text: asked.answer for asked in result.asked}


def is_acts(line: str) -> bool:
    return line not in PHASES


def counts(answer: Answer) -> tuple[int, int]:
    """Return how many futures say yes, and how many say no."""
    return answer.yes, answer.settled - answer.yes


def never_more(less: Answer, more: Answer) -> None:
    assert less.yes <= more.yes
    if less.settled and more.settled and less.certain is None and more.certain is None:
        assert counts(less)[1] >= counts(more)[1]
        assert less.probability is not None
        assert more.probability is not None
        assert less.probability <= more.probability


def of_two(a: Answer, b: Answer, both: Answer, either: Answer, given: Answer) -> None:
    for i in (0, 1):
        assert counts(either)[i] == counts(a)[i] + counts(b)[i] - counts(both)[i]
    assert given.yes == both.yes
    if not a.ambiguous and not b.ambiguous:
        assert given.settled == b.yes


@pytest.mark.parametrize("pair", pairs(PAIRS), ids=str)
def test_answers_agree_with_one_another(told: dict[str, Answer], pair: Pair) -> None:
    one, other = (f"{part} within {pair.days}d" for part in (pair.one, pair.other))
    a, b = told[one], told[other]
    never_more(a, told[f"{pair.one} within {2 * pair.days}d"])
    opposite = told[f"not ({one})"]
    assert counts(opposite) == counts(a)[::-1]
    if a.probability is not None and opposite.probability is not None:
        assert a.probability + opposite.probability == pytest.approx(1, abs=1e-15)
    if a.status == b.status == MODELLED:
        of_two(
            a, b, *(told[f"({one}) {join} ({other})"] for join in ("and", "or")), told[f"{one} given {other}"]
        )
    if is_acts(pair.one):
        two, three = (told[f"{pair.one} count>={k} within {pair.days}d"] for k in (2, 3))
        never_more(two, a)
        never_more(three, two)


@pytest.mark.parametrize("pair", [pair for pair in pairs(PAIRS) if is_acts(pair.one)], ids=str)
def test_how_many_and_when_agree_with_yes_and_no(told: dict[str, Answer], pair: Pair) -> None:
    if "deaths" in pair.one:
        return
    one = f"{pair.one} within {pair.days}d"
    a, many, when = told[one], told[f"how many {one}"].distribution, told[f"when {one}"].distribution
    never_more(told[f"{pair.one} ASSAULT within {pair.days}d"], a)
    assert (many is None) == (when is None)
    if many is None or when is None or a.certain is not None:
        return
    assert a.probability is not None
    for found in (many, when):
        assert found.never == pytest.approx(1 - a.probability, abs=1e-15)
    share_of_yes = a.yes / a.settled
    for quantile, number, day in zip(
        (0.05, 0.25, 0.5, 0.75, 0.95), many.quantiles, when.quantiles, strict=True
    ):
        assert isinstance(number, float)
        assert (number >= 1) == (1 - share_of_yes < quantile - 1e-12)
        assert (day is None) == (share_of_yes < quantile - 1e-12)


def test_most_pairs_are_answered_on_the_same_futures(told: dict[str, Answer]) -> None:
    ends = [(f"{p.one} within {p.days}d", f"{p.other} within {p.days}d") for p in pairs(PAIRS)]
    same = [told[one].status == told[other].status == MODELLED for one, other in ends]
    assert sum(same) >= PAIRS / 3


def test_asked_alone_or_together_the_counts_are_the_same(case: Case, told: dict[str, Answer]) -> None:
    lines = list(told)[:: max(len(told) // 3, 1)][:3]
    for line in lines:
        alone = detente.ask(case, line, futures=FUTURES).asked[0].answer
        assert (alone.yes, alone.settled, alone.probability) == (
            told[line].yes,
            told[line].settled,
            told[line].probability,
        )
        assert alone.distribution == told[line].distribution
