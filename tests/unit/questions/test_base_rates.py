from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from detente.argument.blocks import QuestionSpec
from detente.base.days import Window
from detente.events.act_log import ActLog
from detente.lab.chronicles import of_history
from detente.questions.base_rates import base_rate, base_rates
from detente.questions.question import Question, bind, resolve
from detente.questions.settle import settle_earlier
from detente.questions.statements import windows_read
from worlds import AS_OF, embedded, essay


def ask(line: str, as_of: date = AS_OF) -> Question:
    return bind(QuestionSpec(id="q", text=line, ask=line), essay(), "detente", as_of)


KNOWN = of_history(essay(), embedded().known_at(AS_OF))


def test_every_earlier_window_counted_by_hand() -> None:
    since = date(2018, 1, 1)
    rate = base_rate(ask("USA->IRN pressure count >= 2 within 30d"), KNOWN, AS_OF, since)
    days = KNOWN.acts.looks.filter(
        (pl.col("source") == "USA") & (pl.col("target") == "IRN") & (pl.col("class") == "pressure")
    )["date"]
    numbers = [d.toordinal() for d in days]
    starts = range(AS_OF.toordinal() - 30, since.toordinal() - 1, -7)
    hits = sum(sum(start <= n < start + 30 for n in numbers) >= 2 for start in starts)
    assert rate.windows == len(starts)
    assert rate.share == hits / len(starts)
    assert 0 < rate.share < 1


@pytest.mark.parametrize(
    "line", ["USA->IRN pressure count >= 1 within 30d", "USA->IRN pressure rate > 1 * last 60d within 30d"]
)
def test_windows_over_a_gap_are_left_out_even_where_they_are_settled(line: str) -> None:
    question, since = ask(line), date(2018, 1, 1)
    assert KNOWN.sides is not None
    gap = Window(date(2018, 11, 1), date(2018, 12, 1))
    hidden = replace(KNOWN, sides=replace(KNOWN.sides, gaps=(gap,)))
    whole, left = (base_rate(question, known, AS_OF, since) for known in (KNOWN, hidden))
    first = min(w.start for w in windows_read(question.asks))
    starts = [first - timedelta(days=n) for n in range(30, 30 + 7 * (whole.windows + whole.unsettled), 7)]
    over = [s for s in starts if s < gap.end and s + (AS_OF + timedelta(days=30) - first) > gap.start]
    assert len(over) > 4
    assert left.unsettled - whole.unsettled == len(over) == whole.windows - left.windows


def test_nothing_from_as_of_on_is_used() -> None:
    later = embedded().events.filter(pl.col("date") < AS_OF)
    cut = replace(embedded(), events=later)
    for line in ("IRN,proxies->USA force within 60d", "phase crisis within 60d"):
        question, since = ask(line), date(2016, 1, 1)
        same = of_history(essay(), cut.known_at(AS_OF))
        assert base_rate(question, KNOWN, AS_OF, since) == base_rate(question, same, AS_OF, since)


def test_long_windows_step_by_weeks_and_the_last_four_years_stand_apart() -> None:
    whole, recent = base_rates(ask("talks within 12m"), KNOWN, AS_OF, date(1979, 1, 1))
    assert (whole.since, recent.since) == (date(1979, 1, 1), date(2016, 1, 17))
    assert recent.windows == (date(2020, 1, 17) - date(2017, 1, 17)).days // (366 // 26) + 1
    assert round(recent.separate, 2) == 3.99
    none = base_rate(ask("talks within 5y"), KNOWN, AS_OF, date(2016, 1, 17))
    assert (none.windows, none.share) == (0, None)


def test_windows_without_the_condition_are_left_out() -> None:
    line = "USA->IRN pressure within 60d"
    plain = base_rate(ask(line), KNOWN, AS_OF, date(2012, 1, 1))
    given = base_rate(ask(f"{line} given IRN->USA force within 60d"), KNOWN, AS_OF, date(2012, 1, 1))
    assert given.windows + given.unsettled == plain.windows
    assert 0 < given.windows < plain.windows


def test_a_reference_moves_with_its_window_and_must_be_covered() -> None:
    rate = base_rate(ask("USA<->IRN force rate < last 12m within 30d"), KNOWN, AS_OF, date(2016, 1, 17))
    assert rate.windows == ((AS_OF - date(2016, 1, 17)).days - 365 - 30) // 7 + 1


@pytest.mark.parametrize(
    "line",
    [
        "any->any force within 20d",
        "USA<->IRN pressure count >= 3 within 5d",
        "no IRN->USA ASSAULT deaths>=1 within 45d",
        "USA->IRN count <= 2 within 12m",
        "phase crisis within 90d",
        "phase cold share>=.3 within 12m",
        "talks on most days within 90d",
        "talks within 2y",
        "USA->IRN pressure rate < 2 * last 12m within 90d",
        "IRN->USA force rate > .5 * 108d..16d ago within 30d",
    ],
)
def test_windows_settled_at_once_are_those_settled_one_by_one(line: str) -> None:
    vague = pl.Series(
        ["month" if i % 7 == 0 else "year" if i % 31 == 0 else "day" for i in range(KNOWN.acts.looks.height)]
    )
    on = replace(KNOWN, acts=ActLog.of(KNOWN.acts.looks.with_columns(precision=vague), KNOWN.window))
    question = ask(line)
    days = np.array([*range(-400, 2000, 3), 14_800, 15_000])  # windows that are not covered too
    one_by_one = [resolve(question.shifted(-int(d)), on) for d in days]
    found = settle_earlier(question.asks, on, days)
    assert ("most days" in line) is (found is None)
    assert found is None or found.tolist() == one_by_one
    assert len(set(one_by_one)) > 1
