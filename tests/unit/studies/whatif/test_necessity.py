"""Necessity on made-up chronicles whose accords and steps one can count, and its tails against SciPy's own tests."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest

from detente.argument.blocks import FactSpec
from detente.base.days import Window
from detente.events.chronicle import Chronicle
from detente.lab.case import Case
from detente.report.text.unlock import necessity_lines, necessity_sentence
from detente.studies.whatif.necessity import NECESSARY, Necessity, necessity
from worlds import among_others

START = date(2000, 1, 1)
YEAR, YEARS = 365, 24
END = START + timedelta(days=YEAR * YEARS)


def act(day: int, source: str, target: str, joint: bool, mode: str | None = None) -> dict[str, Any]:
    return {
        "date": START + timedelta(days=day),
        "source": source,
        "target": target,
        "class": "joint" if joint else "material-cooperation",
        "action": "AGREE" if joint else "YIELD",
        "mode": mode,
        "mutual": joint,
    }


def case_of(rows: list[dict[str, Any]], breaches: tuple[FactSpec, ...] = ()) -> Case:
    argument = among_others(facts={"breach": breaches} if breaches else {})
    argument = argument.model_copy(update={"run": argument.run.model_copy(update={"fit_from": START})})
    frame = pl.DataFrame(rows, schema_overrides={"mode": pl.String})
    return Case("made up", argument, Chronicle.of(frame, Window(START, END)))


def of(case: Case, side: str, until: date = END) -> Necessity:
    return next(row for row in necessity(case, until) if row.side == side)


def accords(*, steps_before: int, years: range = range(1, 24, 2)) -> list[dict[str, Any]]:
    """An accord in the middle of every other year, and a step of A's so many days before each."""
    days = [YEAR * y + 200 for y in years]
    return [act(day, "A", "B", True, "accord") for day in days] + [
        act(day - steps_before, "A", "B", False) for day in days
    ]


def test_accords_that_follow_steps_support_and_those_that_do_not_contradict() -> None:
    after = of(case_of(accords(steps_before=30)), "A")
    assert (after.accords, after.preceded, after.verdict) == (12, 12, "supported")
    before = of(case_of(accords(steps_before=-30)), "A")  # the step comes a month after the accord
    assert (before.accords, before.preceded, before.verdict) == (12, 0, "contradicted")
    assert len(before.without) == 12
    other = of(case_of(accords(steps_before=30)), "B")
    assert (other.preceded, other.verdict) == (0, "contradicted")
    assert of(case_of(accords(steps_before=30)), "either").preceded == 12
    assert "accords needed a step of A's: of 12 accords 12 followed one" in necessity_sentence(after)
    assert "came without a step of A's" in necessity_sentence(before)


def test_a_step_of_the_accords_own_days_a_renewal_and_one_long_before_count_for_nothing() -> None:
    assert of(case_of(accords(steps_before=1)), "A").preceded == 0
    assert of(case_of(accords(steps_before=180)), "A").preceded == 12
    assert of(case_of(accords(steps_before=181)), "A").preceded == 0
    rows = accords(steps_before=30)
    for row in rows:
        row["mode"] = row["mode"] or "certification"
    assert of(case_of(rows), "A").preceded == 0


def test_meetings_are_no_accords_and_accords_near_each_other_are_one() -> None:
    rows = accords(steps_before=30)
    more = [act(YEAR + 250, "A", "B", True, "memorandum"), act(YEAR + 500, "A", "B", True, "meeting")]
    assert of(case_of([*rows, *more]), "A").accords == 12


def test_few_accords_have_no_power_whatever_they_say() -> None:
    found = of(case_of(accords(steps_before=30, years=range(1, 9, 2))), "A")
    assert (found.accords, found.preceded, found.verdict) == (4, 4, "no power")
    said = "whether an accord needs a step of A's: of 4 accords 4 followed one, and 5 accords are needed"
    assert said in necessity_sentence(found)


def test_steps_on_nearly_every_day_have_no_power_either() -> None:
    steps = [act(day, "A", "B", False) for day in range(0, YEAR * YEARS, 90)]
    found = of(case_of([*accords(steps_before=30), *steps]), "A")
    assert found.expected == 1.0
    assert (found.preceded, found.verdict, found.needed) == (12, "no power", None)


def test_nothing_known_later_is_read() -> None:
    rows = accords(steps_before=30)
    early = START + timedelta(days=YEAR * 12)
    later = [row for row in rows if row["date"] >= early]
    assert later
    found = of(case_of(rows), "A", early)
    assert found == of(case_of([row for row in rows if row not in later]), "A", early)
    assert found.accords == 6
    # nor are days that nobody looked at
    beyond, end = of(case_of(rows), "A", END + timedelta(days=900)), of(case_of(rows), "A")
    assert beyond.expected == end.expected


def test_the_locker_is_whoever_had_made_the_latest_breach_and_unlocked_days_are_left_out() -> None:
    rows = accords(steps_before=30)  # all of A's steps
    assert [row.side for row in necessity(case_of(rows), END)] == ["A", "B", "either"]

    def breach(actor: str, first: int, last: int | None) -> FactSpec:
        start = START + timedelta(days=YEAR * first)
        end = None if last is None else START + timedelta(days=last)
        return FactSpec(actor=actor, start=start, end=end, value=1.0, known_from=start, because="a test")

    case = case_of(rows, (breach("A", 4, YEAR * 9 + 200), breach("B", 16, None)))
    found = of(case, "locker")
    # accords of years 5, 7 and 9 with A as locker, the last of which undoes the breach; then four with B, who took no
    # step
    assert (found.accords, found.preceded) == (7, 3)
    assert of(case, "A").accords == 12


def test_tails_interval_and_power_are_exact() -> None:
    from scipy.stats import binom, binomtest

    found = of(case_of([*accords(steps_before=-30)[:-5], act(500, "A", "B", False)]), "A")
    n, k, share = found.accords, found.preceded, found.expected
    assert share is not None
    assert found.more == pytest.approx(binomtest(k, n, share, "greater").pvalue)
    assert found.fewer == pytest.approx(binomtest(k, n, NECESSARY, "less").pvalue)
    exact = binomtest(k, n).proportion_ci(0.95, "exact")
    assert (found.low, found.high) == pytest.approx((exact.low, exact.high))
    counts = np.arange(n + 1)
    rejects = binom.sf(counts - 1, n, share) <= 0.05
    assert found.power == pytest.approx(binom.pmf(counts[rejects], n, NECESSARY).sum())
    rejects = binom.cdf(counts, n, NECESSARY) <= 0.05
    assert found.power_against == pytest.approx(binom.pmf(counts[rejects], n, share).sum())
    assert binom.cdf(k, n, found.on_record) == pytest.approx(0.05)


@pytest.mark.slow  # many chronicles
def test_size_when_accords_fall_on_any_days() -> None:
    """Over chronicles with accords at random, supported comes no oftener than its size says."""
    rng, told = np.random.default_rng(3), []
    for _ in range(30):
        years = range(1, YEARS)
        rows = [act(int(rng.integers(YEAR * y, YEAR * (y + 1))), "A", "B", True, "accord") for y in years]
        rows += [act(int(d), "A", "B", False) for d in rng.integers(0, YEAR * YEARS, 10)]
        told.append(of(case_of(rows), "A").verdict)
    assert told.count("supported") <= 4  # of 30 at .05: more with chance .016
    assert told.count("contradicted") >= 27


def test_the_table_has_a_line_for_each() -> None:
    rows = necessity(case_of(accords(steps_before=30)), END)
    lines = list(necessity_lines(rows))
    assert len(lines) == len(rows) + 4
    assert any("A's" in line and line.endswith("supported") for line in lines)
    assert list(necessity_lines(())) == []
