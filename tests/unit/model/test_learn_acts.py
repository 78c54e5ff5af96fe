"""The table of acts leans on channel, class and chronicle, and says on which."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest

from detente.events.ontology.modes import kinds_of_class
from detente.model.act_table import CHANNEL, CHRONICLE, CLASS, ActTable
from detente.model.compiler import compile_argument
from detente.model.new_kinds import learn_new_kinds
from detente.model.program import Program
from worlds import AS_OF, baseline, embedded, essay, random_chronicle


def rows_of(table: ActTable, channel: int, rule: pl.Expr) -> np.ndarray:
    fits = table.looks.select(rule.fill_null(value=False)).to_series().to_numpy()
    own = np.arange(len(table.chance))
    return np.asarray(fits & (own >= table.start[channel]) & (own < table.start[channel + 1]))


def joint(program: Program) -> int:
    return next(program.layout.index(channel) for channel in program.layout.joint())


def test_a_ceasefire_is_possible_before_one_was_seen() -> None:
    program = compile_argument(essay(), embedded(), AS_OF)
    table, c = program.acts, joint(program)
    truce = rows_of(table, c, (pl.col("action") == "AGREE") & (pl.col("mode") == "ceasefire"))
    assert 0 < table.chance[truce].sum() < 0.05
    assert table.step is not None
    assert set(table.step[truce]) == {CHRONICLE}
    acts = program.history.counts.sum(axis=1)
    assert table.share_on_chronicle(truce, acts) == 1.0
    every = np.ones(len(table.chance), dtype=bool)
    share = table.share_on_chronicle(every, acts)
    assert share is not None
    assert 0 < share < 0.05
    assert table.share_on_chronicle(~every, acts) is None


def test_each_kind_of_the_chronicle_and_the_codebook_is_possible_in_each_channel_of_its_class() -> None:
    program = compile_argument(essay(), embedded(), AS_OF)
    events = embedded().known_at(AS_OF).events
    for c, channel in enumerate(program.layout.channels):
        if channel.actions or channel.modes:
            continue
        known = events.filter(pl.col("class").is_in(list(channel.classes))).select("action", "mode").rows()
        known += [
            (kind.action, kind.mode)
            for cls in channel.classes
            for kind in kinds_of_class(cls, "detente", "detente", modes=True)
            if kind.mode is not None
        ]
        rows = slice(program.acts.start[c], program.acts.start[c + 1])
        looks = program.acts.looks[rows].select("action", "mode").rows()
        possible = {look for look, p in zip(looks, program.acts.chance[rows], strict=True) if p > 0}
        assert set(known) <= possible


def test_steps_follow_what_was_seen() -> None:
    program = compile_argument(essay(), embedded(), AS_OF)
    table, counts = program.acts, program.history.counts.sum(axis=1)
    assert table.step is not None
    for c in range(len(program.layout.channels)):
        rows = slice(table.start[c], table.start[c + 1])
        on = [table.chance[rows][table.step[rows] == step].sum() for step in (CHANNEL, CLASS, CHRONICLE)]
        assert sum(on) == pytest.approx(1.0)
        assert on[0] >= counts[c] / (counts[c] + 4.0) - 1e-9
        assert on[2] <= 4.0 / (counts[c] + 4.0) + 1e-9


def test_data_without_modes_get_none() -> None:
    chronicle = random_chronicle(1, scheme="quad")
    bare = chronicle.events.with_columns(mode=pl.lit(None, dtype=pl.String))
    chronicle = replace(chronicle, events=bare)
    program = compile_argument(baseline("A", "B"), chronicle, date(2003, 1, 1))
    assert program.acts.looks["mode"].null_count() == program.acts.looks.height
    assert (program.acts.chance > 0).all()


def test_a_rate_of_new_kinds_is_found_again() -> None:
    """Of a Pitman-Yor process of known discount and strength."""
    rng = np.random.default_rng(4)
    for discount, strength in ((0.0, 3.0), (0.5, 5.0), (0.8, 1.0)):
        pools: list[list[int]] = []
        for _ in range(12):
            counts: list[int] = []
            for n in range(200):
                new = (strength + discount * len(counts)) / (strength + n)
                if rng.random() < new:
                    counts.append(1)
                else:
                    weight = np.array(counts) - discount
                    counts[int(rng.choice(len(counts), p=weight / weight.sum()))] += 1
            pools.append(counts)
        learnt = learn_new_kinds(pools)
        for counts in pools:
            truth = (strength + discount * len(counts)) / (strength + 200)
            assert learnt.chance(len(counts), 200) == pytest.approx(truth, rel=0.35)


def test_later_acts_teach_nothing() -> None:
    chronicle = embedded()
    late = chronicle.events.filter(pl.col("date") >= AS_OF).with_columns(mode=pl.lit("unheard-of"))
    early = chronicle.events.filter(pl.col("date") < AS_OF)
    other = replace(chronicle, events=pl.concat([early, late]))
    first, second = (compile_argument(essay(), each, AS_OF).acts for each in (chronicle, other))
    assert first.looks.equals(second.looks)
    assert np.array_equal(first.chance, second.chance)
