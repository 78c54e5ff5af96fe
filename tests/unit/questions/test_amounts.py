"""How many and when: grammar, amounts on histories and futures, distributions and their score."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from math import log

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from detente.base.days import Window
from detente.base.errors import QuestionError
from detente.events.act_log import UNKNOWN, ActLog
from detente.events.chronicle import Chronicle
from detente.events.phases import Sides
from detente.questions.amounts import Amounts, measure, measure_earlier
from detente.questions.base_rates import BaseRate, base_rates
from detente.questions.chronicles import Chronicles
from detente.questions.distributions import Distribution, distribution, score_amounts, steps
from detente.questions.grammar import QuestionNames, parse_question
from detente.questions.question import Question, amounts, resolve, resolve_many
from detente.questions.settle import Outcome
from detente.questions.statements import Acts, Amount, Count, Kind, shift

START = date(2020, 1, 1)
NAMES = QuestionNames({"principals": ("A", "B")}, actors=("A", "B", "P"))
FORCE = Acts(("A",), ("B",), kinds=(Kind(classes=("force",)),))
YEAR = Window(START, date(2021, 1, 1))


def asked(line: str) -> Amount:
    found = parse_question(line, NAMES, START).asks
    assert isinstance(found, Amount)
    return found


def chronicle(*rows: dict[str, object], window: Window = YEAR) -> Chronicle:
    usual = {"source": "A", "target": "B", "class": "force", "action": "ASSAULT", "fatalities": None}
    table = pl.DataFrame([usual | row for row in rows] or [usual | {"date": START}])
    return Chronicle.of(table if rows else table.clear(), window)


def on_day(day: int, **fields: object) -> dict[str, object]:
    return {"date": START + timedelta(day), **fields}


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("how many A->B force within 90d", "count"),
        ("how many deaths A->B force within 90d", "deaths"),
        ("when A<->B force mode=airstrike within 12m", "day"),
        ("when force from 1m to 2020-06-01", "day"),
        ('how many A->B force mode="count" within 90d', "count"),
    ],
)
def test_a_question_begins_with_how_many_or_when(line: str, kind: str) -> None:
    found = parse_question(line, NAMES, START)
    plain = parse_question(line.split(" ", {"count": 2, "deaths": 3, "day": 1}[kind])[-1], NAMES, START)
    assert isinstance(plain.asks, Count)
    assert found.asks == Amount(plain.asks.acts, plain.asks.window, kind)  # type: ignore[arg-type]
    assert found.given is None
    assert not found.first


@pytest.mark.parametrize(
    ("line", "code", "column"),
    [
        ("how A->B force within 90d", "expected_many", 5),
        ("how many A->B force count>=2 within 90d", "amount_of_one", 21),
        ("how many A->B force deaths>=2 within 90d", "amount_of_one", 21),
        ("when A->B force rate < last 12m within 90d", "amount_of_one", 17),
        ("how many no A->B force within 90d", "amount_of_one", 10),
        ("when first A->B force within 90d", "amount_of_one", 6),
        ("how many A->B force within 90d and A->B force within 9d", "amount_of_one", 32),
        ("how many A->B force within 90d or war within 9d", "amount_of_one", 32),
        ("when A->B force within 90d given war within 9d", "amount_of_one", 28),
        ("how many (A->B force within 90d)", "amount_of_one", 10),
        ("not how many A->B force within 90d", "amount_first", 5),
        ("A->B force within 90d given when A->B force within 90d", "amount_first", 29),
        ("how many talks within 90d", "amount_of_acts", 10),
        ("when phase crisis within 90d", "amount_of_acts", 6),
        ("when war within 90d", "amount_of_acts", 6),
        ("how many within 90d", "expected_acts", 10),
        ("how many A->B force within 90d 3", "expected_end", 32),
        ("how many deaths A->B force", "expected_part", 27),
    ],
)
def test_what_else_is_asked_with_an_amount_is_refused_at_its_column(
    line: str, code: str, column: int
) -> None:
    with pytest.raises(QuestionError) as caught:
        parse_question(line, NAMES, START)
    fault = caught.value.faults[0]
    assert fault.code == code
    assert f"column {column} of" in str(fault.where)


def test_acts_deaths_and_days_of_a_history() -> None:
    told = chronicle(
        on_day(3, fatalities=2),
        on_day(10),
        on_day(40, fatalities=0, action="COERCE"),
        on_day(50, action="COERCE"),
        on_day(400, fatalities=9),
        window=Window(START, date(2022, 1, 1)),
    )
    history = Chronicles.of(told)

    def value(line: str) -> float:
        found = measure(asked(line), history)
        assert found.known.all()
        return float(found.low[0])

    assert value("how many A->B force within 90d") == 4
    assert value("how many A->B ASSAULT within 90d") == 2
    assert value("when A->B ASSAULT from 1m to 24m") == 369
    assert value("when B->A force within 90d") == np.inf
    usual = round((np.exp((log(3) + log(10)) / 2) - 1) * 1024) / 1024  # of tolls 2 and 9
    assert value("how many deaths A->B force within 90d") == 2 + usual
    seen = measure(asked("how many deaths A->B force within 90d"), history)
    assert (seen.acts, seen.unknown, seen.imputed) == (3, 1, 1 / 3)  # COERCE usually kills nobody


def test_without_any_toll_on_record_deaths_are_not_known() -> None:
    asks = asked("how many deaths A->B force within 90d")
    found = measure(asks, Chronicles.of(chronicle(on_day(3), on_day(9))))
    assert (found.low[0], found.high[0]) == (0, np.inf)
    assert distribution(asks, found) is None
    none = measure(asks, Chronicles.of(chronicle(on_day(200))))
    assert none.known.all(), "no act, so nobody died"


def test_an_amount_is_settled_only_where_it_is_known() -> None:
    told = chronicle(on_day(3, mode="airstrike"), on_day(20, mode=None), on_day(31, precision="month"))
    early = Window(START, date(2020, 3, 15))
    for line, word, low, high in [
        ("how many A->B force mode=airstrike within 60d", "ambiguous", 1, 3),
        ("how many A->B force within 60d", "settled", 3, 3),
        ("how many A->B force within 40d", "ambiguous", 2, 3),
        ("when A->B force mode=airstrike within 60d", "settled", 3, 3),
        ("when A->B force mode=cyber within 60d", "ambiguous", 20, np.inf),
        ("when A->B force from 2020-01-25 to 2020-03-10", "ambiguous", 7, 35),
        ("how many A->B force within 90d", "not yet", 3, np.inf),
        ("when A->B force within 90d", "settled", 3, 3),
        ("when B->A force within 90d", "not yet", 74, np.inf),
    ]:
        question = Question("q", "?", asked(line))
        on = Chronicles.of(chronicle(*told.events.to_dicts(), window=early))
        found = amounts(question, on)
        assert (resolve(question, on).word, found.low[0], found.high[0]) == (word, low, high), line


def test_a_question_of_yes_or_no_has_no_amount() -> None:
    with pytest.raises(QuestionError, match="how many or when"):
        amounts(Question("q", "?", Count(FORCE, YEAR, at_least=1)), chronicle())


def test_what_happened_in_a_gap_is_not_known() -> None:
    sides = Sides(("A", "B"), gaps=(Window(START + timedelta(20), START + timedelta(30)),))
    history = replace(Chronicles.of(chronicle(on_day(10), on_day(40))), sides=sides)
    for line, low, high in [
        ("how many A->B force within 90d", 2, np.inf),
        ("how many A->B force within 20d", 1, 1),
        ("when A->B force within 90d", 10, 10),
        ("when A->B force from 2020-01-15 to 2020-03-01", 6, 26),
    ]:
        found = measure(asked(line), history)
        assert (found.low[0], found.high[0]) == (low, high), line


# --- against a plain count ------------------------------------------------------------------------------------------

LOOKS = [
    {"source": s, "target": t, "class": "force", "action": a, "mode": m, "issue": None, "mutual": False}
    for s, t in (("A", "B"), ("B", "A"))
    for a in ("ASSAULT", "COERCE")
    for m in ("airstrike", None)
]
ROW = st.tuples(
    st.integers(0, 20) | st.integers(0, 99),
    st.integers(0, len(LOOKS) - 1),
    st.sampled_from([UNKNOWN, UNKNOWN, 0, 1, 7]),
    st.sampled_from([1, 1, 1, 2, 3, 30]),
)
FUTURES = st.lists(st.lists(ROW, max_size=12), min_size=1, max_size=5)
ACTS = st.sampled_from([FORCE, Acts(modes=("airstrike",)), Acts(kinds=FORCE.kinds)])
WINDOW = st.tuples(st.integers(0, 20) | st.integers(-20, 90), st.integers(1, 12) | st.integers(1, 60)).map(
    lambda w: Window(START + timedelta(w[0]), START + timedelta(sum(w)))
)
KINDS = ("count", "deaths", "day")
Rows = list[tuple[int, int, int, int]]


def log_of(futures: list[Rows]) -> Chronicles:
    """Return futures of 100 days; every look has its own span, so that each row gets a look of its own."""
    rows = [(f, *row) for f, future in enumerate(futures) for row in sorted(future)]
    looks = pl.DataFrame([LOOKS[r[2]] for r in rows] or LOOKS[:1])
    number = np.arange(len(rows), dtype=np.int32)
    starts = np.searchsorted([r[0] for r in rows], np.arange(len(futures) + 1))
    day, deaths = (np.array([r[i] for r in rows], dtype=np.int32) for i in (1, 3))
    spans = np.array([r[4] for r in rows] or [1], dtype=np.int64)
    window = Window(START, START + timedelta(100))
    return Chronicles(ActLog(window, starts, day, number, deaths, looks, spans, spans == 1))


def plainly(asks: Amount, future: Rows) -> tuple[float, float]:
    """Measure an amount on one future by going through its acts."""
    first, length = asks.window.index(START), asks.window.days
    tolls: dict[str, list[int]] = {}
    for _, look, deaths, _ in future:
        if deaths != UNKNOWN:
            tolls.setdefault(str(LOOKS[look]["action"]), []).append(deaths)
    low, high = (float(length),) * 2 if asks.kind == "day" else (0.0, 0.0)
    for day, look, deaths, span in future:
        says, begins, ends = LOOKS[look], day + first, day + first + span
        ways = [(says["source"], says["target"])] + [(says["target"], says["source"])] * asks.acts.either_way
        fit = any(s in (asks.acts.sources or (s,)) and t in (asks.acts.targets or (t,)) for s, t in ways)
        if not fit or (asks.acts.modes and says["mode"] not in (*asks.acts.modes, None)):
            continue
        if begins >= length or ends <= 0:
            continue
        sure = begins >= 0 and ends <= length and (not asks.acts.modes or says["mode"] is not None)
        toll: float = deaths
        if deaths == UNKNOWN:
            own = tolls.get(str(says["action"]))
            mean = np.expm1(np.mean(np.log1p(own))) if own else 0.0
            toll = round(mean * 1024) / 1024 if tolls else np.inf
        if asks.kind == "day":
            low = min(low, max(begins, 0))
            high = min(high, ends - 1) if sure else high
        else:
            worth = toll if asks.kind == "deaths" else 1.0
            high += worth
            low += worth if sure and np.isfinite(worth) else 0.0
    if first > 0:
        low, high = (0.0, high) if asks.kind == "day" else (low, np.inf)
    if first + 100 < length:
        low, high = (min(low, max(first + 100, 0)), high) if asks.kind == "day" else (low, np.inf)
    if asks.kind == "day":
        low, high = (np.inf if x >= length else x for x in (min(low, high), high))
    return low, high


@pytest.mark.parametrize("kind", KINDS)
@given(FUTURES, ACTS, WINDOW)
def test_compiled_amounts_equal_a_plain_count(
    kind: str, futures: list[Rows], acts: Acts, window: Window
) -> None:
    asks = Amount(acts, window, kind)  # type: ignore[arg-type]
    found = measure(asks, log_of(futures))
    pairs = [plainly(asks, sorted(future)) for future in futures]
    assert list(zip(found.low.tolist(), found.high.tolist(), strict=True)) == pairs


@pytest.mark.parametrize("kind", KINDS)
@given(FUTURES, ACTS, WINDOW)
def test_a_future_alone_says_what_it_says_among_others(
    kind: str, futures: list[Rows], acts: Acts, window: Window
) -> None:
    question = Question("q", "?", Amount(acts, window, kind))  # type: ignore[arg-type]
    together = log_of(futures)
    outcomes, found = resolve_many(question, together), amounts(question, together)
    for f, future in enumerate(futures):
        alone = amounts(question, log_of([future]))
        assert (alone.low[0], alone.high[0]) == (found.low[f], found.high[f])
        assert resolve(question, log_of([future])) == outcomes[f]


@pytest.mark.parametrize("kind", KINDS)
@given(st.lists(ROW, max_size=12), ACTS, WINDOW)
def test_earlier_windows_are_measured_as_if_asked_then(
    kind: str, future: Rows, acts: Acts, window: Window
) -> None:
    asks, history, days = Amount(acts, window, kind), log_of([future]), np.arange(-20, 120)  # type: ignore[arg-type]
    found = measure_earlier(asks, history, days)
    for i, back in enumerate(days):
        then = measure(shift(asks, -int(back)), history)  # type: ignore[arg-type]
        assert (found.low[i], found.high[i]) == (then.low[0], then.high[0])


# --- distributions --------------------------------------------------------------------------------------------------

BOUNDS = st.lists(
    st.tuples(st.integers(0, 6), st.sampled_from([0, 0, 0, 1, 3, np.inf])), min_size=1, max_size=30
).map(
    lambda pairs: Amounts(
        *(np.array(x, dtype=float) for x in zip(*[(a, a + b) for a, b in pairs], strict=True)),
        np.bool_(False),
    )
)
ASKED = Amount(FORCE, YEAR, "count")


@given(BOUNDS)
def test_steps_of_known_amounts_are_their_shares(found: Amounts) -> None:
    known = Amounts(found.low, found.low, found.late)
    values, chances = steps(known)
    seen, times = np.unique(found.low, return_counts=True)
    assert_array_equal(values, seen)
    assert_allclose(chances, times / len(found.low), atol=1e-12)


@given(BOUNDS, st.integers(0, 8))
def test_the_chance_of_at_least_k_is_that_of_the_question(found: Amounts, k: int) -> None:
    if not found.known.any():
        assert distribution(ASKED, found) is None
        return
    values, chances = steps(found)
    assert (chances > -1e-12).all()
    assert chances.sum() == pytest.approx(1)
    yes, no = int((found.low >= k).sum()), int((found.high < k).sum())
    assert chances[values >= k].sum() == pytest.approx(yes / (yes + no))


def test_a_distribution_by_hand() -> None:
    told = np.array([0.0, 1, 1, 2, 3, 3, 4, 8, 9, 20])
    found = distribution(ASKED, Amounts(told, told, np.bool_(False)))
    assert found == Distribution("count", 5.1, (0, 1, 3, 8, 20), 1.5 / 11)
    day = Amount(FORCE, YEAR, "day")
    days = np.array([0.0, 9, np.inf, np.inf])
    when = distribution(day, Amounts(days, days, np.bool_(False)))
    assert when == Distribution("day", None, (START, START, date(2020, 1, 10), None, None), 0.5)
    all_came = distribution(day, Amounts(days[:2], days[:2], np.bool_(False)))
    assert all_came is not None
    assert all_came.mean == date(2020, 1, 5)
    for one in (found, when, all_came):
        assert Distribution.from_dict(one.to_dict()) == one


def test_scores_by_hand() -> None:
    def score(kind: str, told: list[float], came: float | date | None) -> float:
        asks = Amount(FORCE, Window(START, START + timedelta(30)), kind)  # type: ignore[arg-type]
        values = np.array(told)
        found = score_amounts(asks, Amounts(values, values, np.bool_(False)), came)
        assert found is not None
        return found

    assert score("count", [3.0, 3.0], 3) == 0
    assert score("count", [0.0], 3) == pytest.approx(log(4))
    assert score("deaths", [0.0, 3.0], 0) == pytest.approx(log(4) / 2 - log(4) / 4)
    assert score("day", [10.0], START + timedelta(4)) == 6
    assert score("day", [np.inf], None) == 0
    assert score("day", [np.inf], START + timedelta(4)) == 26, "never counts as the window's end"
    assert score("day", [4.0], None) == 26
    with pytest.raises(ValueError, match="number"):
        score("count", [1.0], None)
    unknown = Amounts(np.zeros(2), np.full(2, np.inf), np.bool_(False))
    assert score_amounts(ASKED, unknown, 3) is None


@given(st.lists(st.integers(0, 50), min_size=1, max_size=40), st.integers(0, 60))
def test_scores_equal_those_of_another_library(told: list[int], came: int) -> None:
    scoringrules = pytest.importorskip("scoringrules")
    values = np.array(told, dtype=float)
    found = score_amounts(ASKED, Amounts(values, values, np.bool_(False)), came)
    assert found == pytest.approx(
        float(scoringrules.crps_ensemble(np.log1p(came), np.log1p(values), estimator="nrg")), abs=1e-9
    )
    day = Amount(FORCE, Window(START, START + timedelta(30)), "day")
    days = np.where(values >= 30, np.inf, values)
    when = START + timedelta(came) if came < 30 else None
    expected = scoringrules.crps_ensemble(float(min(came, 30)), np.minimum(values, 30), estimator="nrg")
    assert score_amounts(day, Amounts(days, days, np.bool_(False)), when) == pytest.approx(
        float(expected), abs=1e-9
    )


def test_base_rates_hold_the_distribution_over_earlier_windows() -> None:
    told = chronicle(*[on_day(d) for d in (5, 6, 40)], window=Window(START, START + timedelta(60)))
    as_of = START + timedelta(60)
    asks = Amount(FORCE, Window(as_of, as_of + timedelta(10)), "count")
    whole, recent = base_rates(Question("q", "?", asks), Chronicles.of(told), as_of, START)
    counts = [sum(d <= x < d + 10 for x in (5, 6, 40)) for d in range(51)]
    assert whole.windows == recent.windows == 51
    assert whole.share is None
    assert whole.distribution is not None
    assert whole.distribution.mean == pytest.approx(np.mean(counts))
    at = np.quantile(counts, [0.05, 0.25, 0.5, 0.75, 0.95], method="inverted_cdf")
    assert whole.distribution.quantiles == tuple(at)
    assert BaseRate.from_dict(whole.to_dict()) == whole


def test_the_second_base_rate_is_that_of_four_years() -> None:
    began = date(2010, 1, 1)
    told = chronicle({"date": date(2010, 2, 1)}, window=Window(began, START))
    asks = Amount(FORCE, Window(START, date(2020, 7, 1)), "count")
    whole, recent = base_rates(Question("q", "?", asks), Chronicles.of(told), START, began)
    assert whole.windows > 2 * recent.windows
    assert whole.distribution is not None
    assert recent.distribution is not None
    assert whole.distribution.mean > 0 == recent.distribution.mean  # type: ignore[operator]


def test_settled_is_an_outcome_of_its_own() -> None:
    question = Question("q", "?", Amount(FORCE, Window(START, START + timedelta(20)), "count"))
    assert resolve(question, chronicle(on_day(3))) is Outcome.SETTLED
    assert Outcome.SETTLED > Outcome.YES, "nothing that counts yes and no takes it for one of them"
