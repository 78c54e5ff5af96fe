from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest

from detente.argument.blocks import EraSpec, RunSpec
from detente.base.days import span_of
from detente.base.errors import FitError
from detente.events.hostilities import follow_hostilities
from detente.events.phases import Sides
from detente.model.act_table import CHRONICLE
from detente.model.compiler import compile_argument
from detente.model.learn_acts import learn_acts
from detente.model.memory import Memory, Saturate
from worlds import AS_OF, baseline, embedded, essay, random_chronicle


def by_hand(memory: Memory, day: date, program, chronicle) -> float:
    """The definition, act by act: sum of weight times two to the minus age over half-life."""
    layout = program.layout
    known = replace(chronicle, events=layout.counted_once(chronicle.events))
    channel_of = layout.assign(known.events)
    back = layout.assign(known.events.with_columns(source="target", target="source"))
    total = 0.0
    expected = program.acts.expected_log_deaths()
    names = ("class", "action", "mode", "issue", "victim_rank", "code", "intensity")
    looks = {
        (c, *row): i
        for c in range(len(layout.channels))
        for i, row in enumerate(program.acts.looks.select(names).iter_rows())
        if program.acts.start[c] <= i < program.acts.start[c + 1]
    }
    for i, act in enumerate(known.events.iter_rows(named=True)):
        span = span_of(act["date"], act["precision"])
        vague = act["precision"] != "day"
        if (
            channel_of[i] < 0
            or (span.end if vague else act["date"]) > day
            or (not vague and act["date"] >= day)
        ):
            continue
        if vague and memory.half_life_days < 365:
            continue
        if act["fatalities"] is None:
            log_deaths = expected[looks[int(channel_of[i]), *(act[n] for n in names)]]
        else:
            log_deaths = np.log1p(act["fatalities"])
        age = (day - act["date"]).days if not vague else (day - span.start).days - span.days / 2
        own_dead = act["fatalities_of"] == act["source"]  # such as those of a raid that failed
        for channel, weight in memory.feeds:
            look = {name: act[name] for name in ("action", "intensity", "mode")}
            size = 0.0
            if channel == channel_of[i]:
                rank, deaths = (None, 0) if own_dead else (act["victim_rank"], np.expm1(log_deaths))
                size = weight.of(rank=rank, deaths=deaths, **look)
            elif own_dead and channel == back[i] and not weight.only_caused:
                lost = weight.of(rank=act["victim_rank"], deaths=np.expm1(log_deaths), **look)
                size = lost - weight.of(**look)
            total += size * 2 ** (-age / memory.half_life_days)
    return total


@pytest.mark.parametrize("day", [date(1979, 1, 1), date(1988, 7, 4), date(2012, 6, 1), date(2020, 1, 16)])
def test_memories_are_what_their_definition_says(day: date) -> None:
    program = compile_argument(essay(), embedded(), AS_OF)
    t = program.history.window.index(day)
    rng = np.random.default_rng(5)
    for m in rng.choice(len(program.memories), 8, replace=False):
        expected = by_hand(program.memories[m], day, program, embedded())
        assert program.history.memories[m, t] == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_the_state_on_as_of_continues_the_recorded_days() -> None:
    program = compile_argument(essay(), embedded(), AS_OF)
    later = compile_argument(essay(), embedded(), date(2020, 1, 18))
    assert set(program.memories) == set(later.memories)
    order = [later.memories.index(m) for m in program.memories]
    # the imputed deaths may differ by a day's data; memories that ignore deaths may not
    plain = [i for i, m in enumerate(program.memories) if all(w.per_log_death == 0 for _, w in m.feeds)]
    np.testing.assert_allclose(
        program.initial[plain], later.history.memories[np.array(order)[plain], -1], rtol=1e-12
    )


def test_counts_leave_out_vague_dates_and_match_the_chronicle() -> None:
    program = compile_argument(essay(), embedded(), AS_OF)
    layout, window = program.layout, program.history.window
    known = layout.counted_once(embedded().events.filter(pl.col("date") < AS_OF))
    channel_of = layout.assign(known)
    exact = (known["precision"] == "day").to_numpy() & (known["date"] >= window.start).to_numpy()
    for c in range(len(layout.channels)):
        assert program.history.counts[c].sum() == int(((channel_of == c) & exact).sum())
    assert (window.start, window.end) == (date(1979, 1, 1), AS_OF)


def test_era_breaks_enter_only_once_known() -> None:
    def eras(as_of: date) -> set[str]:
        program = compile_argument(essay(), embedded(), as_of)
        return {c.term[:10] for c in program.coefficients if c.mechanism == "era"}

    assert eras(date(2017, 12, 31)) == {"2000-01-01"}
    assert eras(date(2018, 1, 1)) == {"2000-01-01", "2017-01-01"}


def test_an_era_declared_by_the_argument_enters_only_once_known() -> None:
    era = EraSpec(start=date(2001, 1, 1), known_from=date(2002, 1, 1))
    argument = baseline("A", "B").model_copy(update={"eras": (era,)})
    for as_of, expected in ((date(2001, 12, 31), 0), (date(2002, 1, 1), 1)):
        program = compile_argument(argument, random_chronicle(1), as_of)
        assert len({c.term[:10] for c in program.coefficients if c.mechanism == "era"}) == expected


def test_saturation_levels_off_at_a_high_quantile_of_training() -> None:
    program = compile_argument(essay(), embedded(), AS_OF)
    for i, atom in enumerate(program.atoms):
        if isinstance(atom, Saturate):
            s = program.history.memories[program.memories.index(atom.memory)]
            assert program.caps[i] == max(np.quantile(s, 0.98), 1.0)
            assert program.history.atoms[i].max() <= np.log1p(program.caps[i])


def test_act_chances_sum_to_one_and_back_off_to_the_class() -> None:
    program = compile_argument(essay(), embedded(), AS_OF)
    acts = program.acts
    for c, channel in enumerate(program.layout.channels):
        rows = slice(acts.start[c], acts.start[c + 1])
        assert acts.chance[rows].sum() == pytest.approx(1.0)
        looks = acts.looks[rows.start : rows.stop]
        assert set(looks["class"]) <= set(channel.classes) | {channel.cls}
        if len(channel.source.members) == len(channel.target.members) == 1 and not channel.joint:
            assert looks["source"].unique().to_list() == list(channel.source.members)


def test_a_channel_never_seen_still_has_an_act() -> None:
    chronicle = random_chronicle(1)
    quiet = replace(chronicle, events=chronicle.events.filter(pl.col("class") != "force"))
    program = compile_argument(baseline("A", "B"), quiet, date(2003, 1, 1))
    table, _ = learn_acts(
        program.layout.channels,
        quiet.events,
        program.layout.assign(quiet.events),
        program.layout.assign(quiet.events),
        hostilities=follow_hostilities(quiet.events, Sides(("A", "B")), quiet.scheme),
        as_of=date(2003, 1, 1),
        sides=Sides(("A", "B")),
        scheme=quiet.scheme,
        codebook=quiet.codebook,
    )
    force = [i for i, c in enumerate(program.layout.channels) if c.cls == "force"]
    for c in force:
        rows = slice(table.start[c], table.start[c + 1])
        assert set(table.looks[rows.start : rows.stop]["class"]) == {"force"}
        assert table.chance[rows].sum() == pytest.approx(1.0)
        assert set(table.step[rows]) == {CHRONICLE}


def test_deaths_follow_what_was_seen() -> None:
    program = compile_argument(essay(), embedded(), date(2026, 7, 1))
    looks = program.acts.looks
    assault = looks["action"].to_numpy() == "ASSAULT"
    talk = looks["class"].to_numpy() == "verbal-conflict"
    assert program.acts.death_chance[assault].mean() > 0.2
    assert program.acts.death_chance[talk].max() == 0.0
    mobilize = looks["action"].to_numpy() == "MOBILIZE"
    assert mobilize.any()
    assert program.acts.death_chance[mobilize].max() == 0.0  # no toll of one was ever recorded
    assert 0.3 < program.acts.tolls.single[:, 0].mean() < 1.5
    assert 0.4 < program.acts.tolls.hostilities.mean() < 0.8


def test_unknown_deaths_can_be_left_out() -> None:
    def slow(mode: str) -> np.ndarray:
        argument = essay().model_copy(update={"run": RunSpec(unknown_deaths=mode, fit_from=date(1979, 1, 1))})
        program = compile_argument(argument, embedded(), AS_OF)
        return program.initial[list(program.watched.values())]

    assert (slow("impute") >= slow("exclude")).all()
    assert (slow("impute") > slow("exclude")).any()


def test_no_day_to_fit_is_refused() -> None:
    late = baseline("A", "B").model_copy(update={"run": RunSpec(fit_from=date(2003, 6, 1))})
    with pytest.raises(FitError, match="fit window must hold at least a day"):
        compile_argument(late, random_chronicle(1), date(2003, 6, 1))


def test_days_after_a_declared_end_of_coverage_are_unknown_not_quiet() -> None:
    chronicle = random_chronicle(1, days=700)
    inside = compile_argument(baseline("A", "B"), chronicle, chronicle.window.end)
    late = compile_argument(baseline("A", "B"), chronicle, date(2003, 1, 1))
    assert late.history.window == inside.history.window
    np.testing.assert_array_equal(late.history.counts, inside.history.counts)
    gap = (date(2003, 1, 1) - chronicle.window.end).days
    decay = np.array([m.decay for m in inside.memories])
    np.testing.assert_allclose(late.initial, inside.initial * decay**gap, rtol=1e-12)
