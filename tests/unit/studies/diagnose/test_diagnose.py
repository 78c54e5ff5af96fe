"""Each check passes what the model itself made, and sees what was planted to break it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy.stats import kstest, nbinom

from detente.base.errors import ArgumentError, FitError
from detente.events.chronicle import Chronicle
from detente.futures.futures import simulate
from detente.futures.kernel.simulate import replay
from detente.lab.case import Case
from detente.model.compiler import compile_argument
from detente.model.fit import Posterior, fit
from detente.model.memory import Schedule
from detente.report.pages.diagnose import render_checks_page, write_checks
from detente.report.pictures.diagnose import PICTURES as DRAWN
from detente.report.text.as_json import to_json
from detente.report.text.diagnose import text_of, verdict
from detente.studies.diagnose.diagnose import _calibration, _predictive, check_fit, diagnose
from detente.studies.diagnose.predictive import (
    BLOCK,
    at_total,
    band,
    place_days,
    place_samples,
    runs_of,
    simulate_blocks,
    simulate_paths,
    window_dynamics,
)
from detente.studies.diagnose.result import Calibration, Checks
from worlds import AS_OF, baseline, embedded, essay_case, random_chronicle

DAYS = 2800
PICTURES = ("pit", "calibration", "rootograms", "predictive")
FILES = ["checks.json", *(f"{name}.{kind}" for name in PICTURES for kind in ("svg", "png")), "index.html"]
FEW = {"futures": 128, "paths": 160}


def world(seed: int, days: int = DAYS, per_day: float = 0.5) -> tuple[Posterior, Chronicle]:
    """A chronicle that a fitted model made, and the fit of it: the model is right."""
    end = date(2000, 1, 1) + timedelta(days=days)
    teacher = fit(compile_argument(baseline("A", "B"), random_chronicle(seed, days, per_day), end))
    made = simulate(teacher, days=days, futures=1, seed=seed, scheme="detente", codebook="detente").chronicle(
        0
    )
    return fit(compile_argument(baseline("A", "B"), made, made.window.end)), made


@pytest.fixture(scope="module")
def right() -> tuple[Posterior, Chronicle]:
    return world(1)


@pytest.fixture(scope="module")
def sound(right: tuple[Posterior, Chronicle]) -> Checks:
    return check_fit(*right, seed=5, **FEW)


# --- the arithmetic --------------------------------------------------------------------------------------------------


def test_a_band_holds_all_cells_of_99_replicas_in_100() -> None:
    rng = np.random.default_rng(0)
    replicas = rng.poisson([400, 30, 3, 0.02], size=(2000, 4))
    held = band(replicas[0], replicas, 0.99)
    inside = ((replicas >= held.low) & (replicas <= held.high)).all(axis=1).mean()
    assert inside == pytest.approx(0.99, abs=0.002)
    p = [band(row, replicas[:400], 0.99).p for row in replicas[400:800]]
    assert kstest(p, "uniform").pvalue > 0.01
    assert band([400, 30, 3, 9], replicas, 0.99).outside[0] == 3
    assert not band([400, 60, 3, 0], replicas, 0.99).inside


def test_what_follows_from_the_total_is_taken_out_and_the_observed_row_stays() -> None:
    rng = np.random.default_rng(1)
    totals = rng.poisson(50, 300)
    rows = np.column_stack([2 * totals, 1000 - 2 * totals])
    moved = at_total(rows, totals)
    np.testing.assert_allclose(moved, np.repeat(rows[:1], 300, axis=0), atol=1e-9)
    np.testing.assert_allclose(at_total(rows, np.full(300, 7)), rows)


def test_ranks_are_uniform_for_one_more_sample_and_not_for_four_times_the_dispersion() -> None:
    rng = np.random.default_rng(2)
    mean = rng.gamma(2, 1.0, 600)[:, None]

    def drawn(alpha: float, columns: int) -> np.ndarray:
        return rng.negative_binomial(1 / alpha, 1 / (1 + alpha * mean), (600, columns))

    for alpha, uniform in ((0.5, True), (2.0, False), (0.125, False)):
        placed = place_samples(drawn(alpha, 1)[:, 0], drawn(0.5, 200))
        bars = np.diff(placed.below()[:, ::5], axis=1)
        assert band(bars[0], bars[1:], 0.99).inside is uniform, alpha
        if uniform:
            assert kstest(placed.randomised(3), "uniform").pvalue > 0.01
    assert placed.below()[:, -1] == pytest.approx(600)
    assert bars.sum(axis=1) == pytest.approx(600)


def test_the_averaged_histogram_is_the_mean_of_randomised_ones() -> None:
    rng = np.random.default_rng(3)
    placed = place_samples(rng.poisson(0.7, 400), rng.poisson(0.7, (400, 60)))
    mean = np.mean([np.histogram(placed.randomised(s), 10, (0, 1))[0] for s in range(400)], axis=0)
    np.testing.assert_allclose(np.diff(placed.below()[0, ::5]), mean, atol=1.5)


def test_tallies_and_busy_times_add_up() -> None:
    rng = np.random.default_rng(4)
    observed, samples = rng.poisson(1.2, 300), rng.poisson(1.2, (300, 50))
    placed = place_samples(observed, samples)
    np.testing.assert_array_equal(placed.tallies(30)[0], np.bincount(observed, minlength=31))
    np.testing.assert_array_equal(placed.tallies(2)[1:, 2], (samples >= 2).sum(axis=0))
    np.testing.assert_array_equal(placed.acts, [observed.sum(), *samples.sum(axis=0)])
    cell = np.arange(300) % 3
    np.testing.assert_array_equal(placed.busy(cell, 3)[0], [(observed[k::3] > 0).sum() for k in range(3)])


def test_daily_chances_are_the_written_out_mixture(right: tuple[Posterior, Chronicle]) -> None:
    program = right[0].program
    draws = right[0].draws(40, 9)
    beta, log_alpha = draws.beta, draws.log_alpha
    columns, design = program.designs()[4]
    placed = place_days(program, (columns, design), 4, beta, log_alpha, seed=1)
    alpha = np.exp(log_alpha[:, program.channel_class[4]])
    mu = np.exp(design @ beta[:, columns].T)
    np.testing.assert_allclose(placed.zero, nbinom.pmf(0, 1 / alpha, 1 / (1 + alpha * mu)).mean(axis=1))
    for i in range(0, len(placed.row), 97):
        t, y = placed.time[i], placed.count[i]
        cdf = nbinom.cdf([[y - 1], [y]], 1 / alpha, 1 / (1 + alpha * mu[t])).mean(axis=1)
        np.testing.assert_allclose([placed.lower[i], placed.upper[i]], cdf, rtol=1e-9)
    seen = placed.row == 0
    counts = program.history.counts[4]
    np.testing.assert_array_equal(placed.count[seen], counts[counts > 0])
    drawn = np.bincount(placed.row, placed.count, 41)[1:].mean()
    assert drawn == pytest.approx(mu.mean(axis=1).sum(), rel=0.1)


def test_runs() -> None:
    number, longest = runs_of(np.array([[True, True, False, True], [False] * 4, [True] * 4]))
    assert number.tolist() == [2, 0, 1]
    assert longest.tolist() == [2, 0, 4]


def test_a_block_starts_from_the_memories_and_the_era_of_its_own_day() -> None:
    """What the model remembers 28 days on, driven by the acts that came, is what the fit remembers."""
    program = compile_argument(essay_case().argument, embedded(), AS_OF)
    for start in (3000, 7660, 14900):  # the second reaches across 1 January 2000
        dynamics = window_dynamics(program, BLOCK)(start)
        exact = program.history.counts[:, start : start + BLOCK]
        quiet = int(np.flatnonzero(exact.any(axis=0))[0]) if exact.any() else BLOCK - 1
        memories, atoms = replay(dynamics, [], [], [], [], BLOCK)
        np.testing.assert_allclose(
            memories[: quiet + 1].T,
            program.history.memories[:, start : start + quiet + 1],
            rtol=1e-4,
            atol=1e-6,
        )
        np.testing.assert_allclose(
            atoms[: quiet + 1].T, program.history.atoms[:, start : start + quiet + 1], rtol=1e-3, atol=1e-5
        )
    declared = [atom for atom in program.atoms if isinstance(atom, Schedule)]
    eras = [i for i, schedule in enumerate(declared) if schedule.name.startswith("era ")]
    assert eras
    assert (dynamics.schedule[eras] == 1).all()


def test_blocks_hold_every_act_of_their_days(right: tuple[Posterior, Chronicle]) -> None:
    program = right[0].program
    draws = right[0].draws(5, 1)
    beta, log_alpha = draws.beta, draws.log_alpha
    observed, drawn = simulate_blocks(program, beta, log_alpha, 1, lambda *_: None)
    whole = program.history.window.days // BLOCK * BLOCK
    np.testing.assert_array_equal(observed.sum(axis=(0, 2)), program.history.counts[:, -whole:].sum(axis=1))
    again = simulate_blocks(program, beta, log_alpha, 1, lambda *_: None, threads=1)[1]
    np.testing.assert_array_equal(drawn, again)
    mode = np.repeat(right[0].mean[None], 200, axis=0), np.repeat(right[0].log_alpha_mean[None], 200, axis=0)
    totals = simulate_blocks(program, *mode, 1, lambda *_: None)[1][40:60].sum(axis=(2, 3))
    assert np.corrcoef(totals)[np.triu_indices(20, 1)].mean() < 0.05  # each block has numbers of its own


# --- a model that is right -------------------------------------------------------------------------------------------


def test_a_right_model_passes(sound: Checks) -> None:
    outside = [verdict(check) for check in sound.all() if not check.inside]
    assert len(sound.all()) > 40
    assert len(outside) <= 2, outside
    for pit in sound.pits:
        assert kstest(pit.values, "uniform").pvalue > 1e-3
    for check in sound.predictive:
        assert np.isnan(check.p) or 0.002 < check.p < 0.998, check.name


def test_rootograms_add_up_to_the_days_and_acts(sound: Checks) -> None:
    program = sound.posterior.program
    for root in sound.rootograms:
        times = DAYS if root.span_days == 1 else DAYS // BLOCK * BLOCK // 7
        assert root.times.observed.sum() == pytest.approx(times)
        assert root.times.expected.sum() == pytest.approx(times)
    seen = sound.rootograms[0].times.observed
    weekly = program.history.counts.sum(axis=0)[DAYS % BLOCK :].reshape(-1, 7).sum(axis=1)
    np.testing.assert_array_equal(seen, np.bincount(np.minimum(weekly, len(seen) - 1), minlength=len(seen)))


def test_p_values_are_spread_evenly_when_the_model_is_right(right: tuple[Posterior, Chronicle]) -> None:
    """Chronicles drawn from the posterior, each held against the others: no p-value is favoured."""
    posterior, _ = right
    start = replace(posterior.program, initial=posterior.program.history.memories[:, 0])
    drawn = simulate(
        replace(posterior, program=start), days=DAYS, futures=24, seed=8, scheme="detente", codebook="detente"
    )
    p: dict[str, list[float]] = {}
    draws = posterior.draws(260, 2)
    beta, log_alpha = draws.beta, draws.log_alpha
    between = list(range(11))
    log = simulate_paths(posterior.program, beta, log_alpha, 3, lambda *_: None)
    for f in range(24):
        made = drawn.chronicle(f)
        shifted = made.events.with_columns(pl.col("date") - pl.duration(days=DAYS))
        made = Chronicle.of(shifted, posterior.program.history.window, "detente")
        for check in _predictive(posterior, made, log, between):
            p.setdefault(check.name, []).append(check.p)
    for name in ("acts", "largest week", "largest four weeks", "quiet weeks", "runs of force"):
        assert kstest(p[name], "uniform").pvalue > 1e-3, name
        assert 0.3 < np.mean(p[name]) < 0.7, name


# --- models that are wrong -------------------------------------------------------------------------------------------


def test_four_times_the_dispersion_leaves_the_band() -> None:
    posterior, made = world(4, days=900, per_day=5.0)  # rare acts do not show their dispersion
    for factor, sound_ in ((1.0, True), (4.0, False)):
        broken = replace(posterior, log_alpha_mean=posterior.log_alpha_mean + np.log(factor))
        checks = check_fit(broken, made, seed=5, **FEW)
        left = sum(not pit.inside for pit in checks.pits if pit.span_days == 1)
        assert (left <= 1) if sound_ else (left >= 7), (factor, left)


def test_planted_bursts_are_seen() -> None:
    """Days of many acts at once: more than memory and dispersion learnt from the rest can make (theory of bursts)."""
    _, made = world(3)
    burst = [
        {
            "date": made.window.day(day),
            "source": "A",
            "target": "B",
            "class": cls,
            "action": action,
            "intensity": -8.0,
        }
        for day in (900, 901, 902, 2000, 2001)
        for cls, action in (("force", "ASSAULT"), ("pressure", "SANCTION"), ("verbal-conflict", "ACCUSE"))
        for _ in range(5)
    ]
    events = pl.concat([made.events, Chronicle.of(pl.DataFrame(burst), made.window).events]).sort("date")
    planted = replace(made, events=events)
    checks = check_fit(
        fit(compile_argument(baseline("A", "B"), planted, planted.window.end)), planted, seed=5, **FEW
    )
    largest = next(c for c in checks.predictive if c.name == "largest week")
    assert largest.observed >= 45
    assert not largest.inside
    assert largest.p < 0.01
    assert verdict(largest).startswith("outside the band: more than in 99 %")


def test_calibration_is_perfect_for_known_chances_and_sees_halved_ones() -> None:
    rng = np.random.default_rng(6)
    chance = rng.choice([0.01, 0.05, 0.15, 0.4], 20_000)
    for factor, right_ in ((1.0, True), (0.6, False)):
        observed = (rng.random(20_000) < chance * factor).astype(int)
        placed = place_samples(observed, (rng.random((20_000, 150)) < chance[:, None]).astype(int))
        told: Calibration = _calibration(1, [replace(placed, zero=1 - chance)])
        assert told.inside is right_
        np.testing.assert_allclose(told.chance, [0.01, 0.05, 0.15, 0.4])
        assert told.forecasts.sum() == 20_000
        np.testing.assert_allclose(told.acts.observed / told.forecasts, told.chance * factor, rtol=0.2)
    assert verdict(told).startswith("outside the band: forecast")


def test_one_sided_talks_are_counted_and_folding_leaves_none_in_the_joint_channel() -> None:
    made = random_chronicle(2, 700, 0.2)
    day = [made.window.day(i) for i in (300, 300, 310, 320)]
    rows = pl.DataFrame(
        {
            "date": day,
            "source": ["A", "B", "A", "A"],
            "target": ["B", "A", "B", "B"],
            "class": ["verbal-cooperation"] * 3 + ["joint"],
            "action": ["CONSULT"] * 4,
            "intensity": [2.0] * 4,
        }
    )
    quiet = made.events.filter(~pl.col("action").is_in(["CONSULT", "AGREE"]))
    made = replace(made, events=pl.concat([quiet, Chronicle.of(rows, made.window).events]).sort("date"))
    posterior = fit(compile_argument(baseline("A", "B"), made, made.window.end))
    checks = check_fit(posterior, made, seed=1, futures=20, paths=40)
    told = next(c for c in checks.predictive if c.name == "one-sided talks")
    assert told.observed == pytest.approx(1 / 4)
    assert checks.folded


# --- use -------------------------------------------------------------------------------------------------------------


def test_nothing_after_as_of_is_read() -> None:
    chronicle = random_chronicle(7, 1200, 0.4)
    cut = date(2002, 6, 1)
    posterior = fit(compile_argument(baseline("A", "B"), chronicle, cut))
    later = replace(chronicle, events=chronicle.events.filter(pl.col("date") < cut))
    small = {"futures": 10, "paths": 10}
    one, other = (check_fit(posterior, c, seed=1, **small).to_dict() for c in (chronicle, later))
    assert one == other
    assert one == check_fit(posterior, chronicle, seed=1, threads=1, **small).to_dict()
    assert one != check_fit(posterior, chronicle, seed=2, **small).to_dict()
    json.dumps(one, allow_nan=False)


def test_a_short_window_and_a_missing_seed_are_refused() -> None:
    made = random_chronicle(1, 200)
    posterior = fit(compile_argument(baseline("A", "B"), made, date(2000, 3, 1)))
    with pytest.raises(FitError, match="fitted days"):
        check_fit(posterior, made, seed=1)
    with pytest.raises(ArgumentError, match="as_of"):
        diagnose(Case("x", baseline("A", "B"), made))
    with pytest.raises(ArgumentError, match="seed"):
        diagnose(Case("x", baseline("A", "B"), made), as_of=date(2000, 7, 1))


def test_the_radius_over_draws_is_told_in_text_numbers_and_page(sound: Checks) -> None:
    radii = np.concatenate([np.full(90, 0.4), np.full(6, 0.2), np.full(4, 1.25)])
    shown = replace(sound, radii=radii)
    told_radius = shown.to_dict()["spectral_radius"]
    assert told_radius["mode"] == sound.posterior.spectral_radius
    assert told_radius["draws"] == 100
    assert [told_radius[k] for k in ("low", "median", "high")] == pytest.approx([0.2, 0.4, 0.4])
    assert told_radius["at_or_above_one"] == pytest.approx(0.04)
    assert "over 100 posterior draws 0.40 (0.20 to 0.40, 90 %)" in text_of(shown)
    assert "4.0 % of draws are at 1 or more" in text_of(shown)
    page = render_checks_page(shown, dict.fromkeys(PICTURES, ""))
    assert "0.40 (0.20 to 0.40, 90 %)" in re.sub(r"\s+", " ", page)
    assert "4.0 % of draws are at 1 or more" in re.sub(r"\s+", " ", page)
    assert len(sound.radii) == max(FEW.values())
    assert 0 < np.median(sound.radii) < 1


def test_words_pictures_and_page(sound: Checks, tmp_path: Path) -> None:
    text = text_of(sound)
    assert "PIT of 28-day totals" in text
    assert "inside its 99 % band" in text
    assert "folding makes them so" in text
    written = write_checks(sound, tmp_path / "out")
    assert [path.name for path in written] == sorted(
        {p.name for p in (tmp_path / "out").iterdir()}, key=FILES.index
    )
    numbers = json.loads(written[0].read_text())
    assert numbers.pop("made_by").startswith("detente ")
    assert numbers == to_json(sound)
    page = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert page.count("<svg") == 8  # each picture in the shape of a wide page and of a telephone
    assert page.count('class="scroll slim phone"') == 4
    for draw in DRAWN.values():
        narrow = draw(sound, narrow=True).to_dict(validate=False)
        ends = [panel["width"] * narrow["columns"] for panel in narrow["concat"]]
        assert max(ends) <= 360
        assert max(map(len, narrow["title"]["subtitle"])) <= 66
    assert not re.search(r"<script|(?:src|href)=.https?:", page)
    for cls, check in (("inside", True), ("OUTSIDE", False)):
        shown = (
            sound.pits[0]
            if check
            else replace(sound.pits[0], bars=band([500.0] + [0.0] * 9, np.full((9, 10), 50.0), 0.99))
        )
        assert shown.inside is check, cls
    assert "fell into the tenth 0.0 to 0.1" in verdict(shown)
