"""Futures that would not fit into the memory are refused before any is run."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

import detente
from detente.base import memory
from detente.base.errors import DataError
from detente.base.input_limits import Limits
from detente.futures import memory_estimate, pilot
from detente.lab.case import Case
from detente.studies.bargain.bargain import bargain_of
from detente.studies.bargain.openings import bargain_argument, openings
from detente.studies.scoring import backtest
from detente.studies.whatif import door_test
from detente.studies.whatif.mediators import mediators
from worlds import essay_case


def test_a_million_futures_are_refused_with_the_estimate(monkeypatch) -> None:
    monkeypatch.setattr(memory, "available_bytes", lambda: 20_000_000_000)
    case = essay_case()
    with pytest.raises(DataError) as caught:
        detente.run(case, futures=1_000_000)
    fault = caught.value.faults[0]
    assert fault.code == "too_much_memory"
    assert dict(fault.values)["most"] == 16
    assert "GB for 1,000,000 futures" in str(fault)
    fewer = dict(fault.values)["fewer"]
    assert 10_000 < fewer < 1_000_000
    simulated = detente.run(case, futures=20).futures
    acts = memory_estimate.acts_expected(simulated.program.history.counts)
    days = simulated.window.days
    assert memory_estimate.bytes_needed(acts, days=days, futures=fewer, phases=True) <= 16e9


@pytest.mark.parametrize(
    ("acts", "days", "futures", "phases", "measured"),
    [  # peak memory in GB above that of 1,000 futures, and the acts a day that the futures held
        (0.1936, 1827, 100_000, True, 2.19),
        (0.1936, 1827, 300_000, True, 6.84),
        (0.1936, 730, 200_000, False, 2.09),
        (1.1714, 1827, 100_000, True, 11.55),
    ],
)
def test_the_estimate_is_near_what_was_measured(acts, days, futures, phases, measured) -> None:
    needed = memory_estimate.bytes_needed(acts, days=days, futures=futures, phases=phases)
    assert measured / 1.2 < needed / 1e9 < measured * 1.2


def test_futures_busier_than_the_past_are_refused_by_a_few_of_them(monkeypatch) -> None:
    """What the fitted days held would let them pass: the pair has come to war since."""
    case, as_of = essay_case(), date(2026, 7, 5)
    few = detente.ask(case, "phase crisis within 400d", as_of=as_of, futures=500).run.futures
    expected = memory_estimate.acts_expected(few.program.history.counts)
    assert few.acts_a_day > 2 * expected
    needed = memory_estimate.bytes_needed(expected, days=400, futures=2_000, phases=True)
    monkeypatch.setattr(memory, "available_bytes", lambda: int(1.3 * needed / 0.8))
    with pytest.raises(DataError, match="GB for 2,000 futures"):
        detente.ask(case, "phase crisis within 400d", as_of=as_of, futures=2_000)


def test_a_pilot_holds_the_first_of_the_futures() -> None:
    run = detente.run(essay_case(), futures=60, days=200)
    simulated = run.futures
    assert simulated.draws is not None
    days = simulated.window.days
    assert pilot.acts_a_day(simulated.draws, days=days, futures=20) == pytest.approx(
        (simulated.log.future < 20).sum() / (20 * days)
    )


def test_nothing_is_fitted_for_futures_that_are_refused(monkeypatch) -> None:
    monkeypatch.setattr(memory, "available_bytes", lambda: 500_000_000)
    monkeypatch.setattr(Case, "fitted", None)
    case, asked = essay_case(), {"futures": 100_000}
    for use in (
        lambda: detente.run(case, **asked),
        lambda: detente.ask(case, "talks within 90d", **asked),
        lambda: detente.whatif(case, ["relief=0.33@30"], **asked),
        lambda: detente.diff(case, case, as_of=(date(2020, 1, 2), date(2020, 1, 4)), **asked),
    ):
        with pytest.raises(DataError, match="GB for 100,000 futures"):
            use()


def test_the_limit_reaches_the_studies_that_run_futures_of_their_own(monkeypatch) -> None:
    case = replace(essay_case(), limits=Limits(memory=7), cache=False)
    seen = []

    def noted(*_: object, limits: Limits, **__: object) -> None:
        seen.append(limits.memory)
        raise KeyboardInterrupt

    monkeypatch.setattr(door_test, "Pulls", noted)
    monkeypatch.setattr(backtest, "simulate", noted)
    for use in (
        lambda: door_test.quick_door(case, as_of=date(2020, 1, 17), seed=7_654_321),  # none that is kept
        lambda: backtest.backtest(case),
    ):
        with pytest.raises(KeyboardInterrupt):
            use()
    assert len(seen) >= 2  # the backtest has several under way when the first is stopped
    assert set(seen) == {7}


def test_the_share_can_be_raised_and_holds_under_levers_too(monkeypatch) -> None:
    monkeypatch.setattr(memory, "available_bytes", lambda: 100_000)
    case = essay_case()
    with pytest.raises(DataError, match=r"must not exceed 0\.0 GB"):
        detente.run(case, futures=20)
    raised = replace(case, limits=Limits(memory=1_000_000))
    assert detente.run(raised, futures=20).futures.count == 20
    with pytest.raises(DataError, match="raise the limit memory"):
        detente.whatif(case, ["relief=0.33@30"], days=90, futures=20)


def test_a_system_that_does_not_say_what_it_has_refuses_nothing(monkeypatch) -> None:
    monkeypatch.setattr(memory, "available_bytes", lambda: None)
    assert detente.run(essay_case(), futures=20).futures.count == 20


def test_days_far_beyond_the_events_are_refused() -> None:
    with pytest.raises(DataError, match="as_of must be at most 365 days after the events end"):
        detente.run(essay_case(), as_of="9000-01-01", futures=20)


def test_a_million_draws_of_a_bargain_are_refused_with_the_estimate(monkeypatch) -> None:
    monkeypatch.setattr(memory, "available_bytes", lambda: 2_000_000_000)
    argument = bargain_argument("us-iran")
    for use in (bargain_of, openings):
        with pytest.raises(DataError, match=r"GB for 1,000,000 draws.*at most [0-9]{3},[0-9]{3} draws"):
            use(argument, draws=1_000_000)
    with pytest.raises(DataError, match="must not exceed 0"):
        bargain_of(argument, draws=20_000, limits=Limits(memory=1))


def test_a_million_draws_of_mediators_are_refused_with_the_estimate(monkeypatch) -> None:
    monkeypatch.setattr(memory, "available_bytes", lambda: 200_000_000)
    with pytest.raises(DataError, match=r"GB for 1,000,000 draws"):
        mediators(essay_case(), draws=1_000_000)
    assert mediators(essay_case(), draws=100).draws == 100
