"""The world model: memories, fit, forecasts that see nothing later, totals, priors and pages."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.argument.world_prior import WorldPrior, WorldTerm, shipped
from detente.base.errors import ArgumentError, DataError
from detente.events.files.event_file import load_events
from detente.lab.arguments import load_argument
from detente.lab.case import load_case
from detente.model.compiler import compile_argument
from detente.report.pictures.heating import heating_chart
from detente.report.text.world import HANDFUL, text_of
from detente.studies.scoring.scores import crps_count, log_score
from detente.studies.world.estimate_prior import world_prior
from detente.studies.world.fade import FADES, chosen_fade
from detente.studies.world.fast_scores import crps_and_pit, log_scores, pit_histogram
from detente.studies.world.features import WorldSpec, design, memories, on_days, predict, seen
from detente.studies.world.fit_class import fit_class
from detente.studies.world.pairs import CLASSES, Pairs, acts_between, pairs_of
from detente.studies.world.run import world_of
from detente.studies.world.totals import simulate_totals
from detente.studies.world.world import fit_world
from many_pairs import START, event_file, made, run


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return event_file(tmp_path_factory.mktemp("world") / "made.csv")


def altered(pairs: Pairs, day: int) -> Pairs:
    counts = pairs.counts.copy()
    counts[day:] = 7 - np.minimum(counts[day:], 7)
    return replace(pairs, counts=counts)


# --- counting --------------------------------------------------------------------------------------------------------


def test_a_file_is_counted_as_it_was_made(file: Path) -> None:
    chronicle = load_events(file, duplicates="keep")
    pairs, truth = pairs_of(acts_between(chronicle), chronicle.window, pairs=20), made()
    assert pairs.window == truth.window
    for name, counts in zip(truth.names, truth.counts.transpose(1, 0, 2), strict=True):
        assert np.array_equal(pairs.counts[:, pairs.names.index(name)], counts)
    assert [pairs.names[i] for i in pairs.reverse[:2]] == [pairs.names[1], pairs.names[0]]


def test_pairs_are_ranked_by_the_days_before_only(tmp_path: Path) -> None:
    path = tmp_path / "e.csv"
    rows = ["2001-01-01,A,B,036", "2001-01-01,B,A,036", "2001-01-02,C,D,036"]
    rows += ["2001-01-09,C,D,190"] * 9
    path.write_text("date,source,target,cameo\n" + "\n".join(rows) + "\n")
    chronicle = load_events(path, duplicates="keep")
    acts = acts_between(chronicle)
    assert pairs_of(acts, chronicle.window, pairs=1).names == ("C->D", "D->C")
    early = pairs_of(acts, chronicle.window, pairs=1, ranked_until=date(2001, 1, 5))
    assert early.names == ("A->B", "B->A")
    with pytest.raises(DataError, match="rank pairs by"):
        pairs_of(acts, chronicle.window, pairs=1, ranked_until=date(2001, 1, 1))


def test_parts_of_a_state_fold_and_mutual_acts_count_twice(tmp_path: Path) -> None:
    path = tmp_path / "e.csv"
    rows = ["2001-01-01,ISRMIL,PSEREB,190", "2001-01-01,ISRGOV,ISRMIL,036", "2001-01-02,PSE,ISR,036"]
    path.write_text("date,source,target,cameo\n" + "\n".join(rows) + "\n")
    acts = acts_between(load_events(path), states=True)
    assert acts.select("source", "target").rows() == [("ISR", "PSE"), ("PSE", "ISR")]
    embedded = load_case("us-iran").chronicle
    both = acts_between(embedded)
    day = embedded.events.filter(precision="day").filter(mutual=True)
    assert both.height == embedded.events.filter(precision="day").height + day.height


# --- memories and features -------------------------------------------------------------------------------------------


def test_memories_are_the_written_out_sum() -> None:
    pairs = made(days=20)
    days = np.array([0, 1, 5, 20])
    found = memories(pairs.counts, (1.0, 3.0), days)
    for k, t in enumerate(days):
        for h, half_life in enumerate((1.0, 3.0)):
            d = 0.5 ** (1 / half_life)
            want = sum(((1 - d) * d ** (t - 1 - s) * pairs.counts[s] for s in range(t)), np.zeros((12, 4)))
            assert found[k, h] == pytest.approx(want)


SPECS = [WorldSpec(), WorldSpec((3.0,), (), lags=False), WorldSpec(received=False), WorldSpec(pooling="none")]


@pytest.mark.parametrize("spec", SPECS, ids=str)
def test_rows_are_predicted_as_the_design_says(spec: WorldSpec) -> None:
    pairs, days = made(), np.arange(40, 60)
    known = on_days(pairs, spec, days)
    for c in (0, 3):
        x = design(pairs, spec, c, known)
        assert x.shape == (20 * 12, len(spec.features()))
        names = spec.features()
        fast = f"{spec.clocks[0]:g} d"
        own = x[:, names.index(f"own {CLASSES[c]}, {fast}")].reshape(20, 12)
        if spec.received:
            got = x[:, names.index(f"received {CLASSES[c]}, {fast}")].reshape(20, 12)
            assert np.array_equal(got, own[:, pairs.reverse])
        fit = fit_class(
            x.copy(),
            pairs.counts[days][:, :, c].ravel(),
            12,
            spreads_with=spec.spreads_with(c),
            deviates_with=spec.deviates_with(c),
            spread=spec.spread,
        )
        mean, alpha = predict(pairs, spec, c, known, fit)
        slow_mean, slow_alpha = fit.predict(x)
        assert mean.ravel() == pytest.approx(slow_mean)
        assert alpha.ravel() == pytest.approx(slow_alpha)


# --- the fit ---------------------------------------------------------------------------------------------------------


def drawn(seed: int, spread: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.Generator(np.random.Philox(key=[seed, 1]))
    days, pairs = 250, 40
    x = rng.standard_normal((days * pairs, 3))
    own = spread * rng.standard_normal(pairs)
    mean = np.exp(-0.7 + x @ [0.5, -0.3, 0.0] + np.tile(own, days))
    alpha = np.exp(0.2 + 0.6 * x[:, 0])
    return x, rng.poisson(mean * rng.gamma(1 / alpha, alpha)).astype(float), own


def test_known_slopes_and_dispersions_are_recovered() -> None:
    x, y, _ = drawn(1, 0.0)
    fit = fit_class(x.copy(), y, 40, spreads_with=[0], deviates_with=[], spread=0, sds=(2.0, 2.0))
    z = (fit.slopes[1:] / fit.scale - [0.5, -0.3, 0.0]) / (fit.sd[1:] / fit.scale)
    assert (np.abs(z) < 3.5).all(), z
    assert fit.size_slopes[1] == pytest.approx(-0.6, abs=0.12)


def test_spreads_between_pairs_are_recovered_and_deviations_shrunk() -> None:
    x, y, own = drawn(2, 0.5)
    fit = fit_class(x.copy(), y, 40, spreads_with=[0], deviates_with=[], spread=None, sds=(2.0, 2.0))
    assert 0.3 < fit.deviation_sd[0] < 0.7
    assert np.corrcoef(fit.deviations[:, 0], own)[0, 1] > 0.9
    held = fit_class(x.copy(), y, 40, spreads_with=[0], deviates_with=[], spread=0.05, sds=(2.0, 2.0))
    assert np.abs(held.deviations).max() < 0.5 * np.abs(fit.deviations).max()
    none = fit_class(x.copy(), y, 40, spreads_with=[0], deviates_with=[], spread=0, sds=(2.0, 2.0))
    assert not none.deviations.any()


@pytest.mark.parametrize("acts", [0, 1])
def test_a_class_with_hardly_any_act_is_fitted(acts: int) -> None:
    pairs = made(days=60, undirected=2)
    counts = pairs.counts.copy()
    counts[:, :, 1] = 0
    counts[40, 0, 1] = acts
    mean, alpha = fit_world(replace(pairs, counts=counts)).predict(np.array([60]))
    assert (mean[:, :, 1] < 0.2).all()
    assert np.isfinite(mean).all()
    assert np.isfinite(alpha).all()


# --- nothing later is seen -------------------------------------------------------------------------------------------


def test_altering_later_days_changes_no_earlier_forecast() -> None:
    pairs = made()
    other = altered(pairs, 120)
    train = START + timedelta(days=100)
    one, two = (fit_world(p.until(train)) for p in (pairs, other))
    days = np.arange(100, 121)  # day 120 itself is forecast from the days before it
    for a, b in zip(one.predict(days, pairs), two.predict(days, other), strict=True):
        assert np.array_equal(a, b)
    assert not np.array_equal(one.predict(np.array([121]), pairs)[0], two.predict(np.array([121]), other)[0])
    starts = np.array([110, 120])
    totals = [
        simulate_totals(p, one.spec, one.fits, starts, (7,), futures=5, seed=3)[7] for p in (pairs, other)
    ]
    assert np.array_equal(totals[0][0], totals[1][0])


def test_totals_do_not_depend_on_threads_and_grow_with_the_horizon() -> None:
    pairs = made()
    world = fit_world(pairs)
    starts = np.array([100, 150])
    one, two = (
        simulate_totals(pairs, world.spec, world.fits, starts, (1, 7), futures=20, seed=3, threads=n)
        for n in (1, 2)
    )
    for h in (1, 7):
        assert np.array_equal(one[h][0], two[h][0])
    mean, alpha = world.predict(starts)
    for part in range(20):  # the next day is the same in all futures
        assert one[1][0][..., part] == pytest.approx(mean, rel=1e-5)
        assert one[1][1][..., part] == pytest.approx(np.maximum(alpha, 1e-3), rel=1e-4)
    assert (one[7][0] > one[1][0]).all()


def test_a_faded_future_comes_nearer_to_its_slow_mean_and_its_first_day_stays() -> None:
    pairs = made()
    world = fit_world(pairs)
    starts = np.array([100, 150])
    told = [
        simulate_totals(pairs, world.spec, world.fits, starts, (1, 30), futures=40, seed=3, fade=fade)
        for fade in (1.0, 0.9)
    ]
    assert np.array_equal(told[0][1][0], told[1][1][0])
    slowest = max(world.spec.all_clocks)
    usual = 30 * memories(pairs.counts, (slowest,), starts)[:, 0] / seen((slowest,), starts)[:, :, None]
    far, near = (np.abs(np.log(t[30][0].mean(axis=-1)) - np.log(usual + 1e-3)).mean() for t in told)
    assert near < far


def test_how_much_fades_is_chosen_on_training_days_alone() -> None:
    pairs = made()
    known = pairs.until(START + timedelta(days=150))
    chosen = chosen_fade(known, WorldSpec(), 7, train_share=0.7, seed=1)
    assert chosen in FADES
    assert chosen == chosen_fade(
        altered(pairs, 150).until(START + timedelta(days=150)), WorldSpec(), 7, train_share=0.7, seed=1
    )
    assert (
        chosen_fade(known.until(START + timedelta(days=40)), WorldSpec(), 30, train_share=0.7, seed=1) == 1.0
    )


# --- scores ----------------------------------------------------------------------------------------------------------


@settings(max_examples=30)
@given(
    st.lists(st.tuples(st.integers(0, 30), st.floats(0.01, 20), st.floats(0.01, 4)), min_size=1, max_size=6)
)
def test_fast_scores_are_the_scores(rows: list[tuple[int, float, float]]) -> None:
    y, mean, alpha = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    assert log_scores(y, mean, alpha) == pytest.approx(log_score(y, mean, alpha), abs=1e-8)
    crps, below, upto = crps_and_pit(y, mean, alpha)
    assert crps == pytest.approx(crps_count(y, mean, alpha), abs=1e-6)
    assert (below <= upto).all()


def test_a_mixture_scores_as_the_mean_of_its_parts_chances() -> None:
    counts = np.arange(400)
    mean, alpha = np.array([[0.4, 6.0, 30.0], [2.0, 2.0, 2.0]]), np.array([[2.0, 0.5, 0.1], [0.7, 0.7, 0.7]])
    for i, y in enumerate((9.0, 3.0)):
        each = [np.exp(log_score(counts, np.full(400, m), a)) for m, a in zip(mean[i], alpha[i], strict=True)]
        chance = np.mean(each, axis=0)
        reached = np.cumsum(chance)
        assert log_scores(np.array([y]), mean[[i]], alpha[[i]]) == pytest.approx(np.log(chance[int(y)]))
        crps, below, upto = crps_and_pit(np.array([y]), mean[[i]], alpha[[i]])
        assert crps == pytest.approx(((reached - (counts >= y)) ** 2).sum(), abs=1e-6)
        assert (below, upto) == (pytest.approx(reached[int(y) - 1]), pytest.approx(reached[int(y)]))
    single = crps_and_pit(np.array([3.0]), np.array([2.0]), np.array([0.7]))
    assert crps == pytest.approx(single[0])


def test_large_counts_far_from_nought_are_scored() -> None:
    from scipy.stats import nbinom

    law, k = (
        nbinom(1000, 1000 / 3000),
        np.arange(6000),
    )  # mean 2000, dispersion .001: the chance of nought is no number
    crps, below, upto = crps_and_pit(np.array([2120.0]), np.array([2000.0]), np.array([1e-3]))
    assert float(crps[0]) == pytest.approx(((law.cdf(k) - (k >= 2120)) ** 2).sum())
    assert (below[0], upto[0]) == (pytest.approx(law.cdf(2119)), pytest.approx(law.cdf(2120)))


def test_the_pit_of_a_calibrated_forecast_is_flat() -> None:
    rng = np.random.Generator(np.random.Philox(key=[1, 2]))
    mean = rng.gamma(2.0, 1.0, 20_000)
    y = rng.poisson(mean * rng.gamma(1 / 0.8, 0.8, mean.size)).astype(float)
    _, below, upto = crps_and_pit(y, mean, np.array(0.8))
    assert pit_histogram(below, upto) == pytest.approx([0.1] * 10, abs=0.006)
    _, below, upto = crps_and_pit(y, 2 * mean, np.array(0.8))
    assert pit_histogram(below, upto)[0] > 0.12


# --- world priors ----------------------------------------------------------------------------------------------------


def test_a_world_prior_finds_answers_and_says_through_when() -> None:
    prior = world_prior(made(), fast_half_life_days=14.0, made_by="test", data={})
    assert prior.data_through == START + timedelta(days=149)
    assert prior.terms["reprisal.cooperation_by_word"].mean > 0
    assert prior.terms["momentum.pressure"] == prior.terms["momentum.force"]
    for term in prior.terms.values():
        assert term.sd == pytest.approx(max(np.hypot(term.error, term.between), 0.02), abs=1e-3)


def argument_with(tmp_path: Path, prior: str, more: str = "") -> Path:
    path = tmp_path / "mine.yaml"
    path.write_text(
        f"argument: mine\ntitle: Mine\nprincipals: [USA, IRN]\nworld_prior: {prior}\n{more}"
        "mechanisms:\n  momentum: {}\n  reprisal: {terms: {force: {mean: 0.5, sd: 0.1}}}\n"
    )
    return path


def test_an_argument_takes_a_world_prior_where_it_gives_none(tmp_path: Path) -> None:
    term = WorldTerm(mean=0.31, sd=0.07, error=0.01, between=0.069)
    terms = {"momentum.force": term, "reprisal.force": term}
    prior = WorldPrior(
        made_by="t", data={}, data_through=date(1999, 3, 31), fast_half_life_days=14, terms=terms
    )
    (tmp_path / "p.json").write_text(prior.model_dump_json())
    argument = load_argument(argument_with(tmp_path, "p.json"))
    chronicle = load_case("us-iran").chronicle
    program = compile_argument(argument, chronicle, date(1999, 4, 1))
    found = {f"{c.mechanism}.{c.term}": c for c in program.coefficients}
    assert (found["momentum.force"].prior.mean, found["momentum.force"].source) == (0.31, "world prior")
    assert found["reprisal.force"].prior.mean == 0.5  # the argument's own word goes first
    assert found["momentum.pressure"].prior.mean == 0.8  # the mechanism's, where neither says anything
    with pytest.raises(ArgumentError, match="must be after 1999-03-31"):
        compile_argument(argument, chronicle, date(1999, 3, 31))


def test_a_faulty_world_prior_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArgumentError, match="must be a name or a readable file"):
        load_argument(argument_with(tmp_path, "absent.json"))
    (tmp_path / "p.json").write_text("{}")
    with pytest.raises(ArgumentError, match="must be a world prior"):
        load_argument(argument_with(tmp_path, "p.json"))
    with pytest.raises(ArgumentError, match="fast clock, 30 days"):
        load_argument(argument_with(tmp_path, "icews-2018", "clocks: {fast: 30.0}\n"))


@pytest.mark.parametrize("name", sorted(shipped()))
def test_shipped_world_priors_load_and_say_how_they_were_made(tmp_path: Path, name: str) -> None:
    prior = load_argument(argument_with(tmp_path, name)).world_prior
    assert isinstance(prior, WorldPrior)
    assert prior.made_by.startswith("detente world ")
    assert prior.terms["momentum.force"].mean > 0


# --- doors -----------------------------------------------------------------------------------------------------------


def test_a_world_known_by_a_day_is_the_world_of_a_file_cut_there(file: Path, tmp_path: Path) -> None:
    cut = tmp_path / "cut.csv"
    lines = file.read_text().splitlines()
    cut.write_text("\n".join([lines[0], *(line for line in lines[1:] if line < "2001-05-01")]) + "\n")
    known = world_of(file, as_of=date(2001, 5, 1))
    assert known.world.rates.equals(world_of(cut).world.rates)
    with pytest.raises(DataError, match="after the first event"):
        world_of(file, as_of=START)


def test_no_pair_both_heats_and_cools(file: Path) -> None:
    result = world_of(file)
    heating, cooling = text_of(result).split("\nHeating")[1].split("\nCooling")
    pairs = [{line.split()[0] for line in part.splitlines() if "->" in line} for part in (heating, cooling)]
    rates = {f"{r['source']}->{r['target']}": r["heating"] for r in result.to_dict()["rates"]}
    assert all(rates[name] > 0 for name in pairs[0])
    assert all(rates[name] < 0 for name in pairs[1])
    acts = {f"{r['source']}->{r['target']}": r["hostile_acts"] for r in result.to_dict()["rates"]}
    shown_acts = {line.split()[0]: line.split()[2] for line in cooling.splitlines() if "->" in line}
    assert all(shown_acts[name] == f"{acts[name]:,}" for name in pairs[1])
    assert ("one act more or less" in text_of(result)) == (
        min(acts[n] for n in pairs[0] | pairs[1]) < HANDFUL
    )
    still = result.to_dict() | {"rates": []}
    shown = text_of(SimpleNamespace(to_dict=lambda: still))  # type: ignore[arg-type]
    assert "Heating: no pair." in shown


def test_a_pair_that_stays_as_it_is_does_not_cool_in_the_picture() -> None:
    row = {"source": "A", "target": "B", "hostile_months": 0.0, "hostile_week": 0.0}
    rates = [row | {"heating": heating} for heating in (0.2, 0.0, -0.2)]
    chart = heating_chart({"rates": rates, "file": "f", "data_through": "d", "version": "v"})
    rows = chart.to_dict(validate=False)["data"]["values"].splitlines()[1:]
    assert [line.split(",")[-1] for line in rows] == ["heats up", "unchanged", "cools down"]


def test_the_page_opens_each_pair_into_its_acts(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, apart = tmp_path / "out", tmp_path / "apart.csv"
    apart.write_text(file.read_text("utf-8") + "1931-01-01,A00,A01,036\n", encoding="utf-8")
    assert run(["world", str(apart), "--out", str(out), "--prior", str(tmp_path / "p.json")]) == 0
    assert "Heating" in capsys.readouterr().out
    page = (out / "index.html").read_text(encoding="utf-8")
    assert page.count("<details>") == 12
    assert "http" not in page.replace("http-equiv", "").replace("http://www.w3.org", "")
    value = json.loads((out / "world.json").read_text(encoding="utf-8"))
    (caution,) = value["cautions"]
    assert caution["sentences"]["caution"] in page
    heating = [row["heating"] for row in value["rates"]]
    assert heating == sorted(heating, reverse=True)
    assert json.loads((tmp_path / "p.json").read_text())["data_through"] == value["data_through"]
