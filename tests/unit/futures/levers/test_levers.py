"""Doses as text, and what levers do to futures: paired differences, hazards, held channels, stocks and facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from math import inf, sqrt

import numpy as np
import pytest

from detente.argument.argument import Argument
from detente.argument.blocks import MechanismSpec, PriorSpec
from detente.base.arrays import Floats
from detente.base.errors import ArgumentError
from detente.futures.interventions import declared, run_paths
from detente.futures.levers.base import Declare, Effect
from detente.futures.levers.doses import effect_of, parse_dose
from detente.futures.outcomes import Counted, difference
from detente.lab.case import Case
from detente.model.channels import Fact
from detente.model.clocks import at_clocks
from detente.model.compiler import compile_argument
from detente.model.fit import Posterior, fit
from detente.model.layout import lay_out
from detente.report.text.as_json import to_json
from detente.report.text.whatif import outside
from detente.studies.whatif.whatif import _bases, whatif
from worlds import AS_OF, embedded, essay

SEED = 11


@cache
def plain() -> Argument:
    still = at_clocks(essay(), essay().clocks.half_lives())
    return still.model_copy(update={"questions": (), "claims": (), "bargain": None})


@cache
def posterior() -> Posterior:
    return fit(compile_argument(plain(), embedded(), AS_OF))


def effect(*texts: str) -> Effect:
    layout = posterior().program.layout
    return effect_of([parse_dose(text, layout) for text in texts], layout)


# --- doses as text -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("relief", "must be written NAME"),
        ("relief=0.3", "must be written NAME"),
        ("relif=0.3@30", "Did you mean relief"),
        ("relief=1.5@30", "must be between 0 and 1"),
        ("relief=-0.1@30", "must be between 0 and 1"),
        ("relief=a@30", "must be a number"),
        ("relief=nan@30", "must be a number"),
        ("relief=inf@30", "must be a number"),
        ("relief=0.3@-1", "whole number"),
        ("relief=0.3@1.5", "whole number"),
        ("relief=0.3@99999", "whole number"),
        ("relief:UAS=0.3@30", "Did you mean USA"),
        ("relief:OMN=0.3@30", "must be a principal"),
        ("mediator@30", "must name its third party"),
        ("mediator:USA@30", "must be a third party"),
        ("hold:nowhere@3", "must be a channel"),
        ("sanctions=2.5@30", "whole number"),
        ("hold:good offices=0.5@3", "whole number"),
        ("", "must be written NAME"),
    ],
)
def test_a_dose_that_cannot_be_read_is_refused(text: str, told: str) -> None:
    with pytest.raises(ArgumentError, match=told):
        parse_dose(text, lay_out(essay(), "detente"))


def test_a_dose_prints_its_default() -> None:
    layout = lay_out(essay(), "detente")
    assert parse_dose("relief@30", layout).text == "relief:USA=0.33@30"
    assert parse_dose(" sanctions:IRN=7@0 ", layout).text == "sanctions:IRN=7@0"


def test_without_a_locker_a_principal_must_be_named() -> None:
    layout = replace(lay_out(essay(), "detente"), locker=None)
    with pytest.raises(ArgumentError, match=r"principal, got relief@30\. Try relief:USA@30\."):
        parse_dose("relief@30", layout)


def test_a_lever_after_the_last_day_is_refused() -> None:
    case = Case("us-iran", plain(), embedded())
    with pytest.raises(ArgumentError, match="must be within the 90 days"):
        whatif(case, ["relief@90"], futures=10, days=90)
    with pytest.raises(ArgumentError, match="lever is required"):
        whatif(case, [], futures=10, days=90)


# --- paired differences ----------------------------------------------------------------------------------------------


def test_paired_intervals_are_narrower_than_unpaired() -> None:
    """Talks within 90 days of relief on day 30, 2,000 futures."""
    draws = posterior().draws(2000, 1)
    base, other = (
        Counted.of(run_paths(draws, plain(), e, days=90)) for e in (Effect(), effect("relief=0.33@30"))
    )
    found = difference(base.talks(90), other.talks(90))
    assert found.unpaired > 2
    assert found.mean > 0


def test_difference_by_hand() -> None:
    base, other = np.array([0.0, 1.0, 1.0, 0.0]), np.array([1.0, 1.0, 1.0, 0.0])
    found = difference(base, other)
    assert (found.without, found.with_, found.mean) == (0.5, 0.75, 0.25)
    half = 1.6448536269514722 * np.std(other - base, ddof=1) / 2
    assert found.high - found.mean == pytest.approx(half)
    assert difference(base, base).unpaired == inf


def test_acts_put_in_are_not_counted() -> None:
    draws = posterior().draws(50, 1)
    paths = run_paths(draws, plain(), effect("sanctions:USA=9@10"), days=11)
    base = run_paths(draws, plain(), Effect(), days=11)
    assert len(paths.log.day) == len(base.log.day) + 9 * 50
    assert Counted.of(paths).pressure(11).tolist() == Counted.of(base).pressure(11).tolist()


# --- hazards and held channels ------------------------------------------------------------------------------------


def test_hazard_is_the_chance_of_no_talks() -> None:
    """Mean of exp(-hazard) on paths without talks equals the share of futures without talks."""
    draws = posterior().draws(3000, 5)
    layout = draws.program.layout
    joint = layout.index(next(layout.joint()))
    pull = effect("mediator:OMN=3@10")
    muted = run_paths(draws, plain(), pull, days=180, mute=joint).log
    free = Counted.of(run_paths(draws, plain(), pull, days=180)).talks(180)
    assert muted.hazard is not None
    assert not (np.asarray(muted.channel) == joint).any()
    quiet = np.exp(-muted.hazard)
    gap = quiet.mean() - (1 - free).mean()
    error = sqrt((quiet.var() + free.var()) / len(free))
    assert abs(gap) < 4 * error
    assert quiet.std() < 0.7 * free.std()  # which is what it is for


def test_a_held_channel_has_no_act_from_its_day_on() -> None:
    draws = posterior().draws(200, 5)
    layout = draws.program.layout
    label = "proxies -> USA force"
    c = next(i for i, channel in enumerate(layout.channels) if channel.label == label)
    log = run_paths(draws, plain(), effect(f"hold:{label}@60"), days=365).log
    days = np.asarray(log.day)[np.asarray(log.channel) == c]
    assert len(days) > 0
    assert days.max() < 60
    base = run_paths(draws, plain(), Effect(), days=365).log
    assert (np.asarray(base.day)[np.asarray(base.channel) == c] >= 60).any()


# --- the stock of sanctions ---------------------------------------------------------------------------------------


def stock_paths(pull: Effect, days: int) -> tuple[Floats, float]:
    """The stock on Iran by future and day, and what it held on as_of."""
    program = posterior().program
    draws = posterior().draws(4, 5)
    iran = [i for i, c in enumerate(program.layout.channels) if c.target.name == "IRN"]
    stock = next(
        m
        for m, memory in enumerate(program.memories)
        if memory.half_life_days == inf and any(c in iran for c, w in memory.feeds if w.per_act > 0)
    )
    watched = replace(program, watched={("IRN", "stock"): stock})
    draws = replace(draws, parts=[(replace(part, program=watched), rows) for part, rows in draws.parts])
    # Held, so that nothing but the lever moves the stock.
    still = tuple((0, c) for c in program.layout.channels)
    paths = run_paths(
        draws,
        plain(),
        pull + Effect(held=still),
        days=days,
        record=[("IRN", "stock")],
        record_every=1,
    )
    return np.asarray(paths.log.traces)[:, 0], float(program.initial[stock])


def test_relief_draws_the_stock_down_by_its_share_and_the_lapse_gives_it_back() -> None:
    relief = effect("relief:USA=0.4@20")
    back = tuple(replace(a, day=50, drawdown=-a.drawdown, silent=True) for a in relief.acts)
    trace, start = stock_paths(relief + Effect(back), 80)
    assert start > 10
    assert trace[:, 15] == pytest.approx(start)
    assert trace[:, 40] == pytest.approx(0.6 * start, rel=1e-5)
    assert trace[:, 70] == pytest.approx(start, rel=1e-5)


def test_relief_of_all_leaves_nothing_and_sanctions_add() -> None:
    trace, start = stock_paths(effect("relief:USA=1@20"), 60)
    assert trace[:, 50] == pytest.approx(0.0, abs=1e-3)
    trace, start = stock_paths(effect("sanctions:USA=5@20"), 60)
    assert trace[:, 50] == pytest.approx(start + 5, rel=1e-5)


# --- declared facts -----------------------------------------------------------------------------------------------


def test_facts_are_declared_and_ended() -> None:
    old = Fact("breach", "USA", date(2018, 5, 8), None, 1.0, date(2018, 5, 8))
    begins = Declare("new_leader", "USA", 10, 0.5, days=30)
    ends = Declare("breach", "USA", 20, ends=True)
    first, second = declared((old,), (begins, ends), AS_OF)
    assert first == replace(old, end=AS_OF + timedelta(days=20))
    assert (second.start, second.end) == (AS_OF + timedelta(days=10), AS_OF + timedelta(days=40))
    other = replace(old, actor="IRN")
    assert declared((other,), (ends,), AS_OF) == (other,)


def held_by(term: str, mean: float) -> Argument:
    """The argument with one term all but certain."""
    name, _, part = term.partition(".")
    use = plain().mechanisms.get(name, MechanismSpec())
    prior = PriorSpec(mean=mean, sd=0.001, because="so that it shows")
    changed = use.model_copy(update={"terms": {**use.terms, part: prior}})
    return plain().model_copy(update={"mechanisms": {**plain().mechanisms, name: changed}})


def test_a_declared_fact_moves_rates_while_it_holds() -> None:
    argument = held_by("leaders.new_leader_offers", 3.0)
    draws = fit(compile_argument(argument, embedded(), AS_OF)).draws(300, 5)
    layout = draws.program.layout
    pull = effect_of([parse_dose("new_leader:IRN=1@100", layout)], layout)
    offers = [layout.index(c) for c in layout.directed("cooperation_by_word") if c.source.name == "IRN"]
    counts = []
    for e in (Effect(), pull):
        log = run_paths(draws, argument, e, days=700).log
        mine = np.isin(log.channel, offers)
        day = np.asarray(log.day)[mine]
        counts.append([int(((day >= a) & (day < b)).sum()) for a, b in ((0, 100), (101, 465), (520, 700))])
    (before, during, after), (same, more, later) = counts
    assert before == same
    assert more > 5 * during
    assert later < 3 * max(after, 1)


def test_a_fact_never_declared_before_is_flagged_and_rests_on_its_prior() -> None:
    case = Case("us-iran", plain(), embedded())
    result = whatif(case, ["delegation_order:USA@10"], futures=20, days=60)
    assert "never declared before" in outside(result.beyond[0])
    result = whatif(case, ["relief=1@10"], futures=20, days=60)
    assert "larger than any seen" in outside(result.beyond[0])
    assert set(result.on_priors) <= {f"{d.mechanism}.{d.term}" for d in result.drivers}
    value = to_json(result)
    assert value["sentences"]["label"] == "structural what-if under this argument"
    assert value["outside_data"][0]["kind"] == "drawdown"
    assert value["sentences"]["beyond"] == [outside(result.beyond[0])]
    assert value["levers"][0]["text"] == "relief:USA=1@10"


def test_the_kept_run_without_a_lever_is_the_one_of_the_same_seed_length_and_futures() -> None:
    case = Case("us-iran", plain(), embedded())

    def without(seed: int, futures: int, days: int) -> dict[tuple[str, int], float]:
        told = whatif(case, ["relief=0.33@10"], futures=futures, days=days, seed=seed)
        return {name: d.without for name, d in told.outcomes.items()}

    first = without(1, 40, 60)
    assert without(2, 40, 60) != first
    assert without(1, 50, 60) != first
    assert set(without(1, 40, 90)) != set(first)
    assert without(1, 40, 60) == first
    _bases.clear()
    assert without(1, 40, 60) == first
