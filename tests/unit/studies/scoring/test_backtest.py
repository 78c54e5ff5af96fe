"""The backtest: its days, no look-ahead, one-day-ahead features, what is kept on disk and the shape of its JSON."""

from __future__ import annotations

import errno
import json
import os
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from detente.base.days import Window
from detente.base.errors import DataError, DetenteWarning, FitError, UnstableModelError
from detente.base.store import Store
from detente.events.chronicle import Chronicle
from detente.lab.case import Case
from detente.lab.head import head_of
from detente.model.compiler import compile_argument, extend
from detente.model.known import read_known
from detente.report.text.backtests.backtest import apart, hindsight, in_blocks, text_of
from detente.studies.scoring.backtest import backtest, fan_windows, robustness_of, run_backtest
from detente.studies.scoring.backtest_result import Backtest, FanWindow
from detente.studies.scoring.protocol import Protocol, protocol_of, two_years_after
from detente.studies.scoring.rolling import LastFits, forecast_days, rolling
from detente.studies.scoring.rows_behind import rows_behind
from worlds import baseline, embedded, essay, random_chronicle

ESSAY = {"essay": lambda program: program}
SHORT = Protocol(
    (date(2001, 1, 1), date(2001, 6, 1)),
    (),
    tuple(date(2001, month, 1) for month in (1, 4, 7, 10)),
    date(2002, 1, 1),
    date(2001, 7, 1),
    fixed=False,
    futures=100,
)


def small() -> Chronicle:
    return random_chronicle(days=1600)


def altered(chronicle: Chronicle, since: date) -> Chronicle:
    """Everything from a day on turned round, with other tolls, and much added."""
    events = chronicle.events
    late = pl.col("date") >= since
    swapped = events.with_columns(
        source=pl.when(late).then(pl.col("target")).otherwise(pl.col("source")),
        target=pl.when(late).then(pl.col("source")).otherwise(pl.col("target")),
        fatalities=pl.when(late).then(500).otherwise(pl.col("fatalities")),
        victim_rank=pl.when(late).then(pl.lit("leader")).otherwise(pl.col("victim_rank")),
    )
    more = pl.concat([swapped, *[swapped.filter(late)] * 3])
    return replace(chronicle, events=more.sort("date", maintain_order=True))


def test_the_days_are_those_of_the_protocol() -> None:
    protocol = protocol_of(essay(), embedded())
    assert protocol.fan_dates[0] == date(2000, 1, 17)
    assert protocol.fan_dates[-1] == date(2023, 1, 17)
    gaps = {(b - a).days for a, b in pairwise(protocol.fan_dates)}
    assert len(protocol.fan_dates) == 10
    assert gaps <= {933, 934}
    assert protocol.apart == (date(2020, 1, 17),)
    assert protocol.split == date(2020, 1, 17)
    assert len(protocol.origins) == 96
    assert (protocol.origins[0], protocol.end) == (date(2000, 1, 1), date(2024, 1, 1))
    assert two_years_after(date(2020, 2, 29)) == date(2022, 3, 1)


def test_days_of_another_chronicle_come_from_its_coverage() -> None:
    chronicle = random_chronicle(days=4000)
    protocol = protocol_of(baseline("A", "B"), chronicle)
    assert protocol.origins[0] == date(2003, 10, 1)  # a third of 4,000 days is 31 August 2003
    assert protocol.end == date(2010, 10, 1)
    assert len(protocol.fan_dates) == 10
    assert two_years_after(protocol.fan_dates[-1]) <= chronicle.window.end
    assert not protocol.fixed
    assert protocol_of(baseline("A", "B"), random_chronicle(days=400)).fan_dates == ()
    with pytest.raises(DataError, match="whole quarter"):
        protocol_of(baseline("A", "B"), random_chronicle(days=100))


def test_nothing_on_or_after_an_origin_moves_what_was_said_there() -> None:
    origin, until, changed = date(2019, 1, 1), date(2019, 4, 1), date(2019, 2, 15)
    seen = forecast_days(essay(), embedded(), origin, until, ESSAY, LastFits())
    told = forecast_days(essay(), altered(embedded(), changed), origin, until, ESSAY, LastFits())
    before = (changed - origin).days
    assert seen.keys() == told.keys()
    for name, days in seen.items():
        assert days.shape[1] == (until - origin).days
        np.testing.assert_array_equal(days[:, :before], told[name][:, :before], err_msg=name)
        assert not np.array_equal(days[:, before:], told[name][:, before:])


def test_nothing_on_or_after_its_start_moves_a_fan() -> None:
    protocol = replace(SHORT, fan_dates=(date(2017, 12, 7),), futures=50)
    (one,) = fan_windows(essay(), embedded(), protocol, ESSAY)
    (two,) = fan_windows(essay(), altered(embedded(), date(2017, 12, 7)), protocol, ESSAY)
    assert one.intervals == two.intervals
    assert one.observed != two.observed
    assert set(one.intervals) == {"essay", "ridge", "era intercepts", "last four years"}


def test_later_days_of_a_quarter_see_its_earlier_days() -> None:
    origin, until = date(2019, 10, 1), date(2020, 4, 1)
    program = compile_argument(essay(), embedded(), origin)
    later = extend(program, essay(), read_known(essay(), embedded(), until))
    np.testing.assert_allclose(later.memories[:, 0], program.initial, rtol=1e-12)
    # Each later day's memories are those of a program compiled on that day, but for tolls imputed since, which weigh
    # only where deaths do.
    for day in (date(2019, 12, 1), date(2020, 1, 10), date(2020, 3, 31)):
        again = compile_argument(essay(), embedded(), day)
        at = (day - origin).days
        for m, memory in enumerate(program.memories):
            here = again.initial[again.memories.index(memory)]
            near = 0.2 if any(weight.per_log_death for _, weight in memory.feeds) else 1e-9
            assert later.memories[m, at] == pytest.approx(here, rel=near, abs=1e-9)
    inside = compile_argument(essay(), embedded(), until).history
    assert (later.counts == inside.counts[:, -(until - origin).days :]).all()


def test_days_that_are_not_covered_are_refused() -> None:
    program = compile_argument(essay(), embedded(), date(2020, 1, 17))
    with pytest.raises(FitError, match="must be covered by the chronicle"):
        extend(program, essay(), read_known(essay(), embedded(), embedded().window.end + timedelta(days=1)))


def test_windows_across_an_unknown_break_stand_apart() -> None:
    protocol = replace(
        SHORT,
        fan_dates=(date(2015, 5, 19), date(2016, 6, 1), date(2018, 2, 1)),
        apart=(date(2020, 1, 17),),
        futures=20,
    )
    one, later_known, two, three = fan_windows(essay(), embedded(), protocol, ESSAY, baselines=False)
    assert (one.apart, one.crossed) == (later_known.apart, later_known.crossed) == ("break", date(2017, 1, 1))
    assert "2017-01-01, not known at its start" in apart(one)
    assert two.apart == ""
    assert (three.apart, three.crossed) == ("declared", None)


def test_threads_change_nothing() -> None:
    argument = baseline("A", "B")
    one = rolling(argument, small(), SHORT, {"x": lambda p: p}, threads=1)
    two = rolling(argument, small(), SHORT, {"x": lambda p: p}, threads=2)
    assert {k: v.tolist() for k, v in one.items()} == {k: v.tolist() for k, v in two.items()}


def test_json_has_its_shape_and_goes_there_and_back() -> None:
    stages: list[str] = []
    found = run_backtest(
        baseline("A", "B"), small(), SHORT, progress=lambda stage, done, total: stages.append(stage)
    )
    assert set(stages) == {"fans", "quarters"}
    value = found.to_dict()
    assert {"protocol", "fans", "models", "differences", "bars"} <= set(value)
    assert {"coverage", "interval_score", "by_model"} <= set(value["fans"])
    assert value["fans"]["by_model"][0]["name"] == "baseline"
    assert all({"name", "log_score"} <= set(m) for m in value["models"])
    assert [d["against"] for d in value["differences"]] == [
        "ridge",
        "era intercepts",
        "EWMA, one half-life",
        "EWMA, one per channel",
    ]
    for d in value["differences"]:
        assert d["low"] <= d["mean"] <= d["high"]
        assert d["before_split"]["quarters"] == d["after_split"]["quarters"] == 2
        mine, theirs = (
            next(m for m in value["models"] if m["name"] == n) for n in ("baseline", d["against"])
        )
        assert d["mean"] == pytest.approx(mine["log_score"] - theirs["log_score"])
    again = Backtest.from_dict(json.loads(json.dumps(value)))
    assert again.to_dict() == value
    assert len(value["bars"]) == 4


def test_a_quarter_scores_the_sum_of_its_days() -> None:
    argument, recipes = baseline("A", "B"), {"x": lambda p: p}
    scores = rolling(argument, small(), SHORT, recipes)
    memo = LastFits()
    for i, (start, end) in enumerate(zip(SHORT.origins, (*SHORT.origins[1:], SHORT.end), strict=True)):
        days = forecast_days(argument, small(), start, end, recipes, memo)
        for name, value in days.items():
            assert scores[name][i] == pytest.approx(value.sum())


def test_robustness_has_a_row_per_choice() -> None:
    shorter = replace(SHORT, fan_dates=SHORT.fan_dates[:1], origins=SHORT.origins[-2:])
    found = run_backtest(
        baseline("A", "B"), small(), shorter, allow_unstable=True
    )  # one year teaches no bounds
    rows = robustness_of(found, baseline("A", "B"), small(), allow_unstable=True).robustness
    names = [row["name"] for row in rows]
    assert names[:3] == ["as it stands", "prior sds × 1/2", "prior sds × 2"]
    assert "without reprisal" in names
    assert rows[0]["log_score"] == pytest.approx(found.to_dict()["models"][0]["log_score"])
    assert len({row["log_score"] for row in rows}) == len(rows)


def test_a_second_call_takes_what_was_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shorter = replace(SHORT, fan_dates=SHORT.fan_dates[:1], origins=SHORT.origins[-1:])
    monkeypatch.setattr("detente.studies.scoring.backtest.protocol_of", lambda *_: shorter)
    case = Case(None, baseline("A", "B"), small(), cache=tmp_path)
    first = backtest(case)
    (kept,) = tmp_path.iterdir()
    calls: list[str] = []
    second = backtest(case, progress=lambda stage, *_: calls.append(stage))
    assert calls == []
    assert second.to_dict() == first.to_dict()
    whole = kept.read_text()
    for damaged in ("", "{", whole[:-40], whole.replace('"coverage": ', '"coverage": 1'), "[]", "null"):
        kept.write_text(damaged)
        assert Store(tmp_path).value("backtest", kept.stem.partition("-")[2]) is None
    third = backtest(case, progress=lambda stage, *_: calls.append(stage))
    assert calls, "a damaged file must not be used"
    assert third.to_dict() == first.to_dict()
    assert kept.read_text() == whole
    assert [path.name for path in tmp_path.iterdir()] == [kept.name]
    more = replace(small(), events=small().events.head(400))
    backtest(replace(case, chronicle=more))
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("cache", ["a file", "below a file", "/proc", "full"])
def test_a_cache_that_takes_nothing_loses_no_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cache: str
) -> None:
    (tmp_path / "file").write_text("mine")
    folder = {"a file": tmp_path / "file", "below a file": tmp_path / "file" / "below"}.get(cache, tmp_path)
    if cache == "/proc":
        folder = Path("/proc/detente")
    if cache == "full":

        def full(_: int) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)
    scores = np.zeros((2, len(SHORT.origins)))
    finished = Backtest("baseline", SHORT, (), (), ("baseline", "ridge"), scores)
    monkeypatch.setattr("detente.studies.scoring.backtest.run_backtest", lambda *_, **__: finished)
    with pytest.warns(DetenteWarning, match="cache could not take the result, which is complete") as told:
        assert backtest(Case(None, baseline("A", "B"), small(), cache=folder)).scores is scores
    assert len(told) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_result_has_the_head_of_its_case_and_warns_of_few_data(monkeypatch: pytest.MonkeyPatch) -> None:
    case = Case(None, baseline("A", "B"), small())
    short = replace(case, chronicle=small().known_at(small().window.start + timedelta(days=400)))
    scores = np.zeros((2, len(SHORT.origins)))
    finished = Backtest("baseline", SHORT, (), (), ("baseline", "ridge"), scores)
    monkeypatch.setattr("detente.studies.scoring.backtest.protocol_of", lambda *_: SHORT)
    monkeypatch.setattr("detente.studies.scoring.backtest.run_backtest", lambda *_, **__: finished)
    plain, warned = (backtest(replace(each, cache=False)) for each in (case, short))
    assert (plain.cautions, [c.code for c in warned.cautions]) == ((), ["few_data"])
    assert "cautions" not in plain.to_dict()
    assert warned.to_dict()["cautions"][0]["code"] == "few_data"
    assert plain.to_dict() | head_of(case) == plain.to_dict()


def test_feedback_that_explodes_on_a_day_of_the_past_is_refused_unless_allowed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shorter = replace(SHORT, fan_dates=SHORT.fan_dates[:1], origins=SHORT.origins[-1:])
    monkeypatch.setattr("detente.studies.scoring.backtest.protocol_of", lambda *_: shorter)
    monkeypatch.setattr("detente.model.fit.Posterior.spectral_radius", 1.25)
    case, day = Case(None, baseline("A", "B"), small()), shorter.fan_dates[0].isoformat()
    told = rf"got 1.25 \(fitted as of {day}\)"
    with pytest.raises(UnstableModelError, match=told):
        backtest(replace(case, cache=tmp_path))
    allowed = backtest(replace(case, allow_unstable=True, cache=tmp_path))
    assert [caution.code for caution in allowed.cautions] == ["unstable"]
    with pytest.raises(UnstableModelError, match=told):  # also of the result that is now kept
        backtest(replace(case, cache=tmp_path))


def told(scores: list[list[float]], fans: list[tuple[float, int]]) -> Backtest:
    """A backtest with given quarterly scores (the argument's and others'), and windows of (width, count seen) fans.

    Every fan of the argument reaches from 0 to the width, that of the era intercepts to twice that, of the last four
    years to half.
    """
    names = ("x", "ridge", "EWMA, one half-life")[: len(scores)]
    windows = tuple(
        FanWindow(
            date(2001, 1, 1) + timedelta(days=800 * i),
            date(2003, 1, 1) + timedelta(days=800 * i),
            "",
            (seen, seen),
            {
                name: ((0.0, width * times), (0.0, width * times))
                for name, times in (("x", 1.0), ("era intercepts", 2.0), ("last four years", 0.5))
            },
        )
        for i, (width, seen) in enumerate(fans)
    )
    quarters = tuple(date(1990 + q // 4, 3 * (q % 4) + 1, 1) for q in range(len(scores[0])))
    protocol = Protocol((), (), quarters, date(2030, 1, 1), None, fixed=False)
    return Backtest("x", protocol, ("a", "b"), windows, names, np.array(scores))


def test_coverage_is_resampled_by_whole_windows() -> None:
    found = told([[0.0] * 8, [0.0] * 8], [(10, 5)] * 6 + [(10, 50)] * 2)
    assert found.fan("x")[0] == 0.75
    low, high = found.coverage_interval("x") or (0.0, 0.0)
    assert low == pytest.approx(0.5)  # of eight windows drawn, five or more hold with 89 %
    assert high == 1.0
    assert told([[0.0] * 8, [0.0] * 8], [(10, 5)]).coverage_interval("x") is None
    assert "50 % to 100 %" in text_of(found)


def test_a_target_that_rests_on_one_window_says_so() -> None:
    # in seven windows nothing lies outside, so wider fans score worse; in the last one the wider fan misses less
    found = told([[0.0] * 8, [0.0] * 8], [(10, 0)] * 7 + [(10, 60)])
    bars = {bar.against: bar for bar in found.bars() if bar.kind == "interval score"}
    eras = bars["era intercepts"]
    assert not eras.met
    assert eras.turned_by == (found.windows[-1].start,)
    assert "rests on one window: without that of 2016-05-02 it would be met" in text_of(found)
    certain = told([[0.0] * 8, [0.0] * 8], [(10, 0)] * 8)
    assert all(bar.turned_by == () for bar in certain.bars() if bar.kind == "interval score")


def test_blocks_of_quarters_keep_what_neighbours_share() -> None:
    # three bad years for the argument, then three good ones: blocks of a year vary more than quarters
    scores = [-0.6] * 12 + [0.4] * 12
    found = told([scores * 2, [0.0] * 48, [0.02] * 48], [])
    rows = {row["against"]: row for row in found.to_dict()["differences"]}
    single, longer = rows["ridge"], rows["ridge"]["in_blocks"]
    assert longer["block"] == 4
    assert in_blocks(rows["ridge"]).endswith("neither is surely ahead")
    assert longer["high"] - longer["low"] > 1.5 * (single["high"] - single["low"])
    steady = told([[0.0] * 16, [0.1] * 16, [-0.1] * 16], []).to_dict()["differences"]
    assert in_blocks(steady[0]).endswith("ridge is ahead")
    assert in_blocks(steady[1]).endswith("the argument is ahead")
    short = told([[0.0] * 7, [0.1] * 7], []).to_dict()["differences"][0]
    assert "in_blocks" not in short


def test_what_the_compilers_of_the_rows_knew_is_said() -> None:
    before = date(2020, 1, 17)
    found = rows_behind(embedded(), before)
    acts = embedded().events.filter(pl.col("date") < before)
    assert (found.acts, found.compiled) == (acts.height, 2026)
    assert found.unchecked == acts.filter(pl.col("evidence") == "background").height
    text = hindsight(found)
    assert "chosen in 2026" in text
    assert (
        f"{found.unchecked:,} ({100 * found.unchecked / found.acts:.0f} %) rest on general knowledge" in text
    )
    unknown = rows_behind(small(), before)
    assert (unknown.compiled, unknown.unchecked) == (None, None)
    assert hindsight(unknown).startswith("Nothing says how many")


def test_the_text_tells_every_table() -> None:
    found = run_backtest(baseline("A", "B"), small(), SHORT)
    text = text_of(found)
    for word in ("derived from", "last four years", "EWMA, one per channel", "Targets:", "interval score"):
        assert word in text
    assert Window(SHORT.origins[0], SHORT.end).days == 365


def test_the_command_runs_on_an_event_file_and_keeps_its_result(tmp_path: Path) -> None:
    from typer.testing import CliRunner

    from detente.cli.main import app

    events = small().events.filter(pl.col("date") < date(2001, 1, 1))
    file, kept = tmp_path / "events.csv", tmp_path / "kept"
    events.select("date", "source", "target", "action", "mode", "class").write_csv(file)
    flags = ["--events", str(file), "--principals", "A,B", "--argument", "baseline", "--cache", str(kept)]
    first = CliRunner().invoke(app, ["backtest", *flags, "--json"])
    assert first.exit_code == 0, first.output
    value = json.loads(first.stdout)
    assert value["protocol"]["days_from"] == "coverage"
    assert value["fans"]["coverage"] is None
    assert len(value["models"]) == 5
    assert len(list(kept.iterdir())) == 1
    text = CliRunner().invoke(app, ["backtest", *flags])
    assert text.exit_code == 0
    assert "Rolling origin: 1 quarter" in text.stdout
