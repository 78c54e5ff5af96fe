from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from detente.argument.blocks import GapSpec, RunSpec
from detente.base.days import Window
from detente.base.errors import ArgumentError, DataError
from detente.events.counts import ordered_counts
from detente.lab.case import Case, choose_events, load_case
from detente.lab.check import check_file
from detente.lab.run import run
from detente.model import fit_cache
from detente.report.text.check import text_of
from worlds import AS_OF, baseline, embedded, essay_case, random_chronicle


def test_observed_counts_are_the_acts_of_the_window() -> None:
    result = run(essay_case(), futures=20)
    by_label = {c.label: c for c in result.channels}
    inside = embedded().events.filter(pl.col("date").is_between(AS_OF, date(2022, 1, 16), closed="left"))
    for label, cls in (("USA -> IRN force", "force"), ("USA -> IRN pressure", "pressure")):
        expected = inside.filter(source="USA", target="IRN").filter(pl.col("class") == cls).height
        assert by_label[label].observed == expected > 0
    assert (
        by_label["USA -- IRN joint"].observed
        == inside.filter(
            pl.col("mutual") & pl.col("source").is_in(["USA", "IRN"]) & pl.col("target").is_in(["USA", "IRN"])
        ).height
    )
    assert sum(c.observed or 0 for c in result.channels) <= inside.height


def test_acts_of_as_many_days_before_are_counted_and_scaled_where_fewer_are_covered() -> None:
    case = Case(None, baseline("A", "B"), random_chronicle(days=1500), cache=False)

    def force(days: int, as_of: date, gaps: tuple[GapSpec, ...] = ()) -> float | None:
        argument = case.argument.model_copy(update={"gaps": gaps})
        result = run(replace(case, argument=argument), as_of=as_of, days=days, futures=5, seed=1)
        return next(c.before for c in result.channels if c.label == "A -> B force")

    def seen(start: date, end: date) -> int:
        acts = case.chronicle.events.filter(pl.col("date").is_between(start, end, closed="left"))
        return acts.filter((pl.col("source") == "A") & (pl.col("class") == "force")).height

    first, day = date(2000, 1, 1), date(2003, 1, 1)
    assert force(365, day) == seen(date(2002, 1, 1), day) > 0
    known = (day - first).days
    assert force(2 * known, day) == pytest.approx(2 * seen(first, day))
    gap = GapSpec(start=date(2001, 1, 1), end=day - timedelta(days=73), because="nobody looked")
    assert force(365, day, (gap,)) == pytest.approx(5 * seen(day - timedelta(days=73), day))


def test_means_and_intervals_are_those_of_the_futures() -> None:
    result = run(essay_case(), futures=200)
    counts = result.futures.counts(result.days)
    for c, channel in enumerate(result.channels):
        assert channel.mean == pytest.approx(counts[:, c].mean())
        assert np.mean(counts[:, c] < channel.low) <= 0.05
        assert np.mean(counts[:, c] > channel.high) <= 0.05


def test_futures_run_as_far_as_the_farthest_question_but_counts_stop_at_the_days_asked() -> None:
    result = run(essay_case(), days=30, futures=20)
    assert result.futures.window.days == 1827  # the farthest question closes after 60 months
    assert result.to_dict()["futures"]["days"] == 30
    assert result.futures.counts(30).sum() < result.futures.counts(1827).sum() / 10


def test_steps_add_up_to_the_total() -> None:
    futures = run(essay_case(), futures=20).futures
    np.testing.assert_array_equal(futures.counts(700, every=28).sum(axis=2), futures.counts(700))


def test_flags_override_the_run_block_and_it_overrides_nothing() -> None:
    spec = baseline("A", "B").model_copy(
        update={"run": RunSpec(as_of=date(2002, 1, 1), days=10, futures=5, seed=3)}
    )
    case = Case("x", spec, random_chronicle())
    assert run(case).as_of == date(2002, 1, 1)
    assert run(case, as_of=date(2003, 1, 1)).as_of == date(2003, 1, 1)
    bare = replace(case, argument=baseline("A", "B"))
    with pytest.raises(ArgumentError, match="as_of is required and has no default"):
        run(bare)


def test_a_case_needs_actors_who_act() -> None:
    with pytest.raises(
        DataError, match=r"principals must act in the chronicle, got XXX.*Most often seen: USA, IRN"
    ):
        load_case("us-iran", argument="baseline", principals=("USA", "XXX"))


def test_the_baseline_borrows_the_rivalry_principals() -> None:
    assert load_case("us-iran", argument="baseline").argument.principals == ("USA", "IRN")


def test_progress_tells_every_stage_to_its_end() -> None:
    told: list[tuple[str, int, int]] = []
    fit_cache._fits.clear()
    run(replace(essay_case(), cache=False), futures=100, progress=lambda *step: told.append(step))
    assert ("fit", 2, 2) in told
    assert ("futures", 100, 100) in told


def test_moved_by_events_is_one_minus_the_ratio_of_sds() -> None:
    result = run(essay_case(), futures=5)
    value, moved = result.to_dict(), result.moved_by_events()
    rows = [c for c in value["fit"]["coefficients"] if c["mechanism"] not in ("intercept", "era")]
    assert set(moved) == {f"{c['mechanism']}.{c['term']}" for c in rows}
    row = next(
        c for c in value["fit"]["coefficients"] if c["term"] == "force" and c["mechanism"] == "grievance"
    )
    assert moved["grievance.force"] == pytest.approx(1 - row["sd"] / row["prior_sd"])


def test_events_are_chosen_by_half_open_dates() -> None:
    chosen = choose_events(embedded(), since="2020-01-03", until="2020-01-08")
    days = chosen.events["date"]
    assert days.min() == date(2020, 1, 3)
    assert days.max() < date(2020, 1, 8)
    assert chosen.window == Window(date(2020, 1, 3), date(2020, 1, 8))
    counted = ordered_counts(choose_events(embedded(), since="2019-03-01", until="2021-01-01"), "year")
    assert counted["year"].to_list() == [2019, 2020]
    none = choose_events(embedded(), since="2030-01-01")
    assert (none.acts, none.window) == (0, embedded().window)


def test_check_says_what_a_file_holds(tmp_path) -> None:
    (tmp_path / "a.csv").write_text("date,source,target,action\n2019-01-05,AAA,BBB,ACCUSE\n")
    text = text_of(check_file(tmp_path / "a.csv"))
    assert "1 acts after folding" in text
    assert text.endswith("Actors: AAA 1, BBB 1.")
