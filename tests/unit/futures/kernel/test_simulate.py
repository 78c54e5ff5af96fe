"""The simulation kernel: its numbers, its laws, its recursion, and its indifference to how the work is cut."""

from __future__ import annotations

import importlib.util
import sys
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numba
import numpy as np
import numpy.typing as npt
import pytest
from scipy import stats

from detente.base.compiled import compiled
from detente.base.errors import UnstableModelError
from detente.futures.kernel import arithmetic, event_rows, killing, loop, memories, outbreaks
from detente.futures.kernel.arithmetic import log1p32, philox, rate_ceiling32
from detente.futures.kernel.event_log import EventLog
from detente.futures.kernel.simulate import replay, simulate_log
from detente.model.act_table import ActTable
from detente.model.program import INDICATOR, LOG1P, NO_ATOM, SATURATE, SCHEDULE, Dynamics
from detente.model.tolls import Tolls
from worlds import ROOT

COLUMNS = ("future", "day", "channel", "act", "deaths")
Floats = npt.NDArray[np.float64]


def load_reference() -> Any:
    spec = importlib.util.spec_from_file_location("reference", ROOT / "benchmarks" / "reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules.setdefault("reference", importlib.util.module_from_spec(spec))
    spec.loader.exec_module(module)
    return module


reference = load_reference()


def constant(
    channels: int, *, chance: list[float] | None = None, tail: float = 1.3, cap: int = 10_000
) -> Dynamics:
    """Channels with nothing but an intercept; acts 0, 1, 2 of each kill never, half the time, always."""
    chance = chance or [0.5, 0.3, 0.2]
    rows = channels * len(chance)
    none, blank = np.zeros(0), np.zeros(0, np.int64)
    ones = np.full(channels, NO_ATOM)
    acts = ActTable(
        start=np.arange(channels + 1) * len(chance),
        chance=np.tile(chance, channels),
        death_chance=np.tile(np.linspace(0, 1, len(chance)), channels),
        tolls=Tolls.of(tail),
        death_cap=cap,
    )
    return Dynamics(
        decay=none, initial=none, atom_kind=blank, atom_index=blank, atom_scale=none, atom_cap=none,
        schedule=np.zeros((0, 0)), term_start=np.arange(channels + 1), term_coefficient=np.arange(channels),
        term_atom_a=ones, term_atom_b=ones, channel_class=np.arange(channels), weight=np.zeros((0, rows)),
        weight_log_deaths=np.zeros((0, rows)), acts=acts,
    )  # fmt: skip


def run_constant(rates: list[float], alphas: list[float], futures: int, days: int, seed: int = 1) -> Any:
    """Return counts, shape (future, day, channel)."""
    rows = np.ones((futures, 1))
    with np.errstate(divide="ignore"):
        log = simulate_log(
            constant(len(rates)), rows * np.log(rates), rows * np.log(alphas), days=days, seed=seed
        )
    return counts_of(log, len(rates))


def counts_of(log: EventLog, channels: int) -> Any:
    cell = (log.future.astype(np.int64) * log.days + log.day) * channels + log.channel
    return np.bincount(cell, minlength=log.futures * log.days * channels).reshape(
        log.futures, log.days, channels
    )


def living(futures: int, days: int, *, seed: int = 3, channels: int = 5) -> tuple[Dynamics, Floats, Floats]:
    """Return a world of all there is: each kind of atom, products, a lone second atom, shared coefficients, deaths."""
    rng = np.random.default_rng(seed)
    base = constant(channels)
    memories, rows = 7, len(base.acts.chance)
    kind = np.array([LOG1P, SATURATE, INDICATOR, SCHEDULE, LOG1P, SATURATE, SCHEDULE, LOG1P])
    weight = rng.uniform(0, 1, (memories, rows)) * (rng.random((memories, rows)) < 0.5)
    per_channel = [
        (0, NO_ATOM, NO_ATOM),
        (1, 0, NO_ATOM),
        (2, NO_ATOM, 1),
        (3, 2, NO_ATOM),
        (4, 3, 4),
        (5, 5, 7),
        (6, 6, NO_ATOM),
        (7, 4, NO_ATOM),
    ]
    own = [
        [(8 * c + j if j < 5 else j, a, b) for j, a, b in per_channel[: 8 - c % 3]] for c in range(channels)
    ]
    terms = np.array([term for channel in own for term in channel])
    dynamics = replace(
        base,
        decay=0.5 ** (1 / np.array([3.0, 7.0, 30.0, 120.0, 700.0, 5000.0, 14600.0])),
        initial=rng.uniform(0, 6, memories),
        atom_kind=kind,
        atom_index=np.array([0, 1, 2, 0, 3, 4, 1, 6]),
        atom_scale=np.array([1.0, 0.5, 2.0, 1.0, 3.0, 2.0, 1.0, 1.0]),
        atom_cap=np.where(kind == SATURATE, 15.0, np.inf),
        schedule=np.stack([np.sin(np.arange(days) / 20), (np.arange(days) > days // 2) * 1.0]),
        term_start=np.cumsum([0] + [len(channel) for channel in own]),
        term_coefficient=terms[:, 0],
        term_atom_a=terms[:, 1],
        term_atom_b=terms[:, 2],
        channel_class=np.arange(channels) % 2,
        weight=weight,
        weight_log_deaths=np.where(weight > 0, 0.2, 0.0),
    )
    beta = rng.normal(0.02, 0.06, (futures, 8 * channels))
    beta[:, ::8] = rng.normal(-2.2, 0.3, (futures, channels))
    return dynamics, beta, rng.normal(-0.5, 0.5, (futures, 2))


def same(a: EventLog, b: EventLog) -> bool:
    return all(getattr(a, c).tobytes() == getattr(b, c).tobytes() for c in COLUMNS)


def events_of(log: EventLog) -> npt.NDArray[np.int64]:
    return np.stack([getattr(log, c).astype(np.int64) for c in COLUMNS], axis=1)


# --- numbers ---------------------------------------------------------------------------------------------------------


# Random123 1.14, kat_vectors, philox4x32 10.
KNOWN = [
    ((0, 0, 0, 0), 0, (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((0xFFFFFFFF,) * 4, 2**64 - 1, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        0x299F31D0A4093822,
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


@pytest.mark.parametrize(("counter", "key", "words"), KNOWN)
def test_generator_gives_the_published_answers(counter: Any, key: int, words: Any) -> None:
    halves = np.uint64(key & 0xFFFFFFFF), np.uint64(key >> 32)
    assert tuple(int(x) for x in philox(*(np.uint64(x) for x in counter), *halves)) == words
    assert tuple(int(x) for x in reference.philox(*counter, key)) == words


def test_float32_log1p_is_good_to_six_digits_and_refuses_what_has_no_logarithm() -> None:
    x = np.concatenate([np.geomspace(1e-30, 1e30, 20_000), -np.geomspace(1e-30, 0.999, 5_000)]).astype(
        np.float32
    )
    got = np.array([log1p32(v) for v in x])
    want = np.log1p(x.astype(np.float64))
    assert np.max(np.abs(got / want - 1)) < 1e-6
    assert log1p32(np.float32(0)) == 0
    for bad in (-1.0, -2.0, np.inf, np.nan):
        assert np.isnan(log1p32(np.float32(bad)))


def test_ceiling_lies_above_the_rate_but_not_far() -> None:
    eta = np.linspace(-84, np.log(1e6) - 1e-5, 40_000).astype(np.float32)
    ratio = np.array([rate_ceiling32(x) for x in eta]) / np.exp(eta.astype(np.float64))
    assert ratio.min() >= 1
    assert ratio.max() < 1.0625
    assert rate_ceiling32(np.float32(np.nan)) > 1e5
    assert rate_ceiling32(np.float32(-1e30)) < 1e-30


# --- laws ------------------------------------------------------------------------------------------------------------


def chi_square(observed: Any, expected: Any) -> float:
    """Return the p-value, cells from the right pooled until each expects five."""
    cells: list[list[float]] = []
    pool = np.zeros(2)
    for pair in zip(observed[::-1], expected[::-1], strict=True):
        pool = pool + pair
        if pool[1] >= 5:
            cells.append(list(pool))
            pool = np.zeros(2)
    cells[-1] = list(np.array(cells[-1]) + pool)
    table = np.array(cells)
    return float(
        stats.chi2.sf(((table[:, 0] - table[:, 1]) ** 2 / table[:, 1]).sum(), max(len(table) - 1, 1))
    )


def law(rate: float, alpha: float) -> Any:
    return stats.poisson(rate) if alpha < 1e-6 else stats.nbinom(1 / alpha, 1 / (1 + alpha * rate))


LAWS = [(0.02, 0.5), (0.02, 0.0), (0.3, 3.0), (0.3, 1e-12), (1.5, 0.7), (1.5, 0.0), (1.5, 30.0), (6.0, 0.2)]


def test_counts_follow_the_negative_binomial() -> None:
    rates, alphas = [r for r, _ in LAWS], [a for _, a in LAWS]
    counts = run_constant(rates, alphas, futures=300, days=400)
    for c, (rate, alpha) in enumerate(LAWS):
        y = counts[:, :, c].ravel()
        sd = np.sqrt(rate + alpha * rate**2)
        assert abs(y.mean() - rate) < 4 * sd / np.sqrt(len(y)), (rate, alpha)
        assert y.var() == pytest.approx(sd**2, rel=0.05 + 0.1 * (alpha > 1)), (rate, alpha)
        cells = np.arange(y.max() + 2)
        expected = law(rate, alpha).pmf(cells) * len(y)
        expected[-1] += law(rate, alpha).sf(cells[-1]) * len(y)
        assert chi_square(np.bincount(y, minlength=len(cells)), expected) > 1e-3, (rate, alpha)


def test_counts_of_many_clusters_follow_it_too() -> None:
    # 80 a day at alpha .02 are 48 clusters, drawn in two parts; 900 without clustering are 29 parts.
    cases = [(80.0, 0.02), (900.0, 0.0), (50.0, 1e-10), (300.0, 0.5)]
    counts = run_constant([r for r, _ in cases], [a for _, a in cases], futures=30, days=50)
    for c, (rate, alpha) in enumerate(cases):
        y = counts[:, :, c].ravel()
        assert (
            stats.kstest(y + np.random.default_rng(0).random(len(y)) - 0.5, _smooth_cdf(rate, alpha)).pvalue
            > 1e-3
        )
        assert abs(y.mean() - rate) < 4 * np.sqrt((rate + alpha * rate**2) / len(y))


def _smooth_cdf(rate: float, alpha: float) -> Any:
    """Return the distribution function of a count blurred by a uniform half either way."""

    def cdf(x: Any) -> Any:
        k = np.floor(x + 0.5)
        return law(rate, alpha).cdf(k - 1) + (x + 0.5 - k) * law(rate, alpha).pmf(k)

    return cdf


def test_draws_of_channels_days_and_futures_are_independent() -> None:
    channels = 40  # more than the 32 bits of a word of alarms
    counts = run_constant([0.5] * channels, [0.3] * channels, futures=100, days=300).astype(float)
    n = counts[:, :, 0].size
    across = np.corrcoef(counts.reshape(-1, channels), rowvar=False)
    assert np.abs(across[~np.eye(channels, dtype=bool)]).max() < 5 / np.sqrt(n)
    centred = counts - counts.mean()
    for other in (
        centred[:, 1:] * centred[:, :-1],
        centred[1:] * centred[:-1],
        centred[1:, 1:] * centred[:-1, :-1],
    ):
        assert abs(other.mean()) < 5 * counts.var() / np.sqrt(other.size)
    assert len({counts[:, :, c].tobytes() for c in range(channels)}) == channels


def test_acts_and_deaths_follow_their_table() -> None:
    chance, tail, cap = [0.1, 0.0, 0.25, 0.65, 0.0], 1.1, 500
    dynamics = constant(3, chance=chance, tail=tail, cap=cap)
    rows = np.ones((200, 3))
    log = simulate_log(dynamics, rows * np.log(2.0), rows * np.log(0.5), days=200, seed=11)
    assert np.all(log.act // 5 == log.channel)
    kind = log.act % 5
    seen = np.bincount(kind, minlength=5)
    assert seen[1] == seen[4] == 0
    positive = np.array(chance) > 0
    assert stats.chisquare(seen[positive], np.array(chance)[positive] * len(log)).pvalue > 1e-3
    for act, kills in enumerate(np.linspace(0, 1, 5)):
        deaths = log.deaths[kind == act]
        if kills in (0, 1) or not len(deaths):
            assert np.all((deaths > 0) == (kills == 1))
        else:
            assert stats.binomtest(int((deaths > 0).sum()), len(deaths), kills).pvalue > 1e-3
    deaths = log.deaths[log.deaths > 0]
    k = np.arange(1, cap + 1.0)
    mass = k**-tail - np.append((k[:-1] + 1) ** -tail, 0)
    assert deaths.max() == cap
    assert chi_square(np.bincount(deaths, minlength=cap + 1)[1:], mass * len(deaths)) > 1e-3
    # Whom an act kills has nothing to do with which act it was among those that may kill, nor with the channel.
    assert abs(stats.spearmanr(log.channel[log.deaths > 0], deaths).statistic) < 5 / np.sqrt(len(deaths))


# --- how the work is cut ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("threads", "block"), [(2, 64), (1, 1), (2, 7), (4, 63)])
def test_bytes_do_not_depend_on_threads_or_blocks(threads: int, block: int) -> None:
    dynamics, beta, log_alpha = living(150, 80)
    kwargs: dict[str, Any] = {"days": 80, "seed": 5, "record": [0, 6], "record_every": 11}
    whole = simulate_log(dynamics, beta, log_alpha, threads=1, **kwargs)
    other = simulate_log(dynamics, beta, log_alpha, threads=threads, block=block, **kwargs)
    assert len(whole) > 1000
    assert same(whole, other)
    assert whole.traces.shape == (150, 2, 8)
    assert whole.traces.tobytes() == other.traces.tobytes()


def test_fewer_futures_and_fewer_days_are_a_prefix() -> None:
    dynamics, beta, log_alpha = living(200, 90)
    whole = events_of(simulate_log(dynamics, beta, log_alpha, days=90, seed=5))
    fewer = events_of(simulate_log(dynamics, beta[:100], log_alpha[:100], days=90, seed=5))
    shorter = events_of(simulate_log(dynamics, beta, log_alpha, days=41, seed=5))
    np.testing.assert_array_equal(fewer, whole[whole[:, 0] < 100])
    np.testing.assert_array_equal(shorter, whole[whole[:, 1] < 41])


def test_log_is_sorted_and_typed() -> None:
    dynamics, beta, log_alpha = living(70, 60)
    log = simulate_log(dynamics, beta, log_alpha, days=60, seed=5)
    key = (log.future.astype(np.int64) * 60 + log.day) * 5 + log.channel
    assert np.all(np.diff(key) >= 0)
    assert [getattr(log, c).dtype for c in COLUMNS] == [np.int32, np.int32, np.int16, np.int32, np.int32]
    assert (log.futures, log.days) == (70, 60)


def test_both_halves_of_the_seed_count() -> None:
    dynamics, beta, log_alpha = living(20, 60)
    seeds = [0, 1, 2**32, 2**32 + 1, 2**63 - 1]
    logs = [simulate_log(dynamics, beta, log_alpha, days=60, seed=s) for s in seeds]
    assert not any(same(a, b) for i, a in enumerate(logs) for b in logs[:i])


def test_the_kernel_is_compiled_once() -> None:
    dynamics, beta, log_alpha = living(10, 30)
    frozen = replace(dynamics, decay=dynamics.decay.copy(), schedule=np.asfortranarray(dynamics.schedule))
    frozen.decay.flags.writeable = False
    narrow = replace(
        frozen, term_atom_a=dynamics.term_atom_a.astype(np.int16), initial=dynamics.initial.tolist()
    )
    want = simulate_log(dynamics, beta, log_alpha, days=30, seed=np.int64(5))
    for other in (frozen, narrow):
        assert same(want, simulate_log(other, np.asfortranarray(beta), log_alpha.tolist(), days=30, seed=5))
    simulate_log(constant(1), np.zeros((1, 1)), np.zeros((1, 1)), days=np.int32(3), seed=5, record_every=2)
    assert len(loop.simulate_block.signatures) == 1  # type: ignore[attr-defined]


def test_progress_counts_futures_and_may_stop_the_run() -> None:
    dynamics, beta, log_alpha = living(100, 20)
    seen: list[int] = []
    simulate_log(dynamics, beta, log_alpha, days=20, seed=1, block=30, progress=seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == 100
    assert len(seen) == 4

    def stop(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        simulate_log(dynamics, beta, log_alpha, days=20, seed=1, block=1, progress=stop)


def test_no_futures_are_an_empty_log() -> None:
    dynamics, beta, log_alpha = living(1, 20)
    log = simulate_log(dynamics, beta[:0], log_alpha[:0], days=20, seed=1, record=[1], record_every=7)
    assert (len(log), log.futures, log.traces.shape) == (0, 0, (0, 1, 3))


# --- common random numbers -------------------------------------------------------------------------------------------


def test_a_changed_rate_changes_its_own_channel_only_and_only_upwards() -> None:
    rows = np.ones((400, 6))
    rates = np.array([0.3, 0.1, 0.01, 0.3, 0.05, 0.2])
    before = simulate_log(constant(6), rows * np.log(rates), rows * np.log(0.5), days=200, seed=2)
    rates[2] *= 1.1
    after = simulate_log(constant(6), rows * np.log(rates), rows * np.log(0.5), days=200, seed=2)
    for c in (0, 1, 3, 4, 5):
        np.testing.assert_array_equal(
            events_of(before)[before.channel == c], events_of(after)[after.channel == c]
        )
    old, new = (set(map(tuple, events_of(x)[x.channel == 2].tolist())) for x in (before, after))
    assert old < new
    assert 0 < len(new) - len(old) < 0.2 * len(old)


def test_feedback_passes_a_small_change_on_to_few_other_events() -> None:
    dynamics, beta, log_alpha = living(300, 200)
    beta = beta.copy()
    beta[:, 8] -= 2.5  # channel 1 rare
    before = simulate_log(dynamics, beta, log_alpha, days=200, seed=2)
    beta[:, 8] += 0.05
    after = simulate_log(dynamics, beta, log_alpha, days=200, seed=2)
    old, new = (set(map(tuple, events_of(x)[x.channel != 1].tolist())) for x in (before, after))
    assert len(old & new) > 0.995 * len(old | new)
    assert not same(before, after)


# --- the recursion ---------------------------------------------------------------------------------------------------


def test_plain_float64_loop_gives_the_same_events() -> None:
    dynamics, beta, log_alpha = living(400, 150)
    log = simulate_log(dynamics, beta, log_alpha, days=150, seed=2**40 + 3)
    plain = reference.simulate_reference(dynamics, beta, log_alpha, days=150, seed=2**40 + 3)
    got = events_of(log)
    assert len(got) > 10_000
    assert len(np.unique(got[:, 2])) == 5
    equal = [np.array_equal(got[got[:, 0] == f], plain[plain[:, 0] == f]) for f in range(400)]
    assert np.mean(equal) >= 0.999


@pytest.mark.slow  # the quick tier compares the loops on one case
def test_plain_loop_agrees_on_bursts_and_many_channels() -> None:
    rates = np.append(np.full(34, 0.05), [70.0, 3.0])
    rows = np.ones((10, 36))
    log = simulate_log(constant(36), rows * np.log(rates), rows * -30.0, days=40, seed=9)
    plain = reference.simulate_reference(constant(36), rows * np.log(rates), rows * -30.0, days=40, seed=9)
    np.testing.assert_array_equal(events_of(log), plain)


def test_self_exciting_mean_grows_as_expected() -> None:
    # With coefficient 1 on log1p(S / scale) the rate is base * (1 + S / scale): linear, so expectations close.
    base, weight, kept, scale, days = 0.05, 0.9, 0.97, 0.5, 60
    dynamics = replace(
        constant(1),
        decay=np.array([kept]), initial=np.array([2.0]), atom_kind=np.array([LOG1P]), atom_index=np.array([0]),
        atom_scale=np.array([scale]), atom_cap=np.array([np.inf]), term_start=np.array([0, 2]),
        term_coefficient=np.array([0, 1]), term_atom_a=np.array([NO_ATOM, 0]), term_atom_b=np.array([NO_ATOM] * 2),
        weight=np.full((1, 3), weight), weight_log_deaths=np.zeros((1, 3)),
    )  # fmt: skip
    futures = 20_000
    beta = np.tile([np.log(base), 1.0], (futures, 1))
    log = simulate_log(dynamics, beta, np.full((futures, 1), np.log(0.3)), days=days, seed=4)
    counts = counts_of(log, 1)[:, :, 0]
    s, expected = 2.0, []
    for _ in range(days):
        rate = base * (1 + s / scale)
        expected.append(rate)
        s = kept * (s + weight * rate)
    error = counts.std(axis=0) / np.sqrt(futures)
    assert expected[-1] > 2 * expected[0]
    assert np.abs((counts.mean(axis=0) - expected) / error).max() < 4


def independent_memories(dynamics: Dynamics, log: Any, days: int) -> Floats:
    out, s = np.empty((days, len(dynamics.decay))), np.array(dynamics.initial)
    for day in range(days):
        out[day] = s
        for act, deaths in zip(log["act"][log["day"] == day], log["deaths"][log["day"] == day], strict=True):
            s = s + dynamics.weight[:, act] + dynamics.weight_log_deaths[:, act] * np.log1p(deaths)
        s = s * dynamics.decay
    return out


def test_replay_equals_a_float64_recursion() -> None:
    days = 730
    dynamics, _, _ = living(1, days)
    rng = np.random.default_rng(8)
    n = 300
    act = rng.integers(0, 15, n)
    log = {
        "day": rng.integers(0, days - 400, n),
        "act": act,
        "deaths": rng.integers(0, 2, n) * rng.integers(0, 900, n),
    }
    memories, atoms = replay(dynamics, log["day"], act // 3, act, log["deaths"], days)
    want = independent_memories(dynamics, log, days)
    np.testing.assert_allclose(memories, want, rtol=1e-4, atol=2e-10)
    expected = np.empty((days, 8))
    for day in range(days):
        expected[day] = reference.evaluate_atoms(dynamics, want[day][:, None], day)[:, 0]
    clear = np.abs(want[:, 2] - dynamics.atom_scale[2]) > 1e-3
    np.testing.assert_allclose(atoms[clear], expected[clear], rtol=1e-4, atol=1e-6)
    assert 0 < expected[:, 2].mean() < 1


def test_a_memory_of_forty_years_does_not_drift() -> None:
    dynamics, _, _ = living(1, 10_000)
    memories, _ = replay(dynamics, [], [], [], [], 10_000)
    want = dynamics.initial * dynamics.decay ** np.arange(10_000)[:, None]
    np.testing.assert_allclose(memories[:, 5:], want[:, 5:], rtol=1e-6)
    assert np.all(memories > 0)


def test_replaying_a_future_gives_its_own_traces() -> None:
    dynamics, beta, log_alpha = living(3, 200)
    log = simulate_log(dynamics, beta, log_alpha, days=200, seed=6, record=range(7), record_every=1)
    for f in range(3):
        one = [getattr(log, c)[log.future == f] for c in COLUMNS[1:]]
        memories, _ = replay(dynamics, *one, days=200)
        assert np.array_equal(memories.T, log.traces[f])
    monthly = simulate_log(dynamics, beta, log_alpha, days=200, seed=6, record=[4, 1], record_every=30)
    np.testing.assert_array_equal(monthly.traces, log.traces[:, [4, 1], ::30])


def test_a_zero_coefficient_adds_exactly_zero() -> None:
    dynamics, beta, log_alpha = living(100, 120)
    extra = np.concatenate([[8 * 5, 3, NO_ATOM], [8 * 5, 1, 4]]).reshape(2, 3)
    at = dynamics.term_start[1]  # two more terms of channel 0, on a coefficient of zero
    wider = replace(
        dynamics,
        term_start=np.append(0, dynamics.term_start[1:] + 2),
        term_coefficient=np.insert(dynamics.term_coefficient, [at, at], extra[:, 0]),
        term_atom_a=np.insert(dynamics.term_atom_a, [at, at], extra[:, 1]),
        term_atom_b=np.insert(dynamics.term_atom_b, [at, at], extra[:, 2]),
    )
    want = simulate_log(dynamics, beta, log_alpha, days=120, seed=1)
    got = simulate_log(wider, np.column_stack([beta, np.zeros(100)]), log_alpha, days=120, seed=1)
    assert same(want, got)


def test_a_threshold_of_zero_holds_as_long_as_the_memory_is_above_it() -> None:
    dynamics, _, _ = living(1, 900)
    sharp = replace(
        dynamics,
        atom_index=np.array([0, 1, 0, 0, 3, 4, 1, 6]),
        atom_scale=np.array([1.0, 1, 0, 1, 1, 1, 1, 1]),
    )
    memories, atoms = replay(sharp, [], [], [], [], 900)  # 300 half-lives of the fastest memory
    assert memories[-1, 0] < 1e-9
    assert np.all(atoms[:, 2] == 1)


# --- explosions ------------------------------------------------------------------------------------------------------


def explosive(futures: int, coefficient: float) -> tuple[Dynamics, Floats, Floats]:
    dynamics = replace(
        constant(2),
        decay=np.array([0.99]), initial=np.array([1.0]), atom_kind=np.array([LOG1P]), atom_index=np.array([0]),
        atom_scale=np.array([0.1]), atom_cap=np.array([np.inf]), term_start=np.array([0, 1, 3]),
        term_coefficient=np.array([0, 0, 1]), term_atom_a=np.array([NO_ATOM, NO_ATOM, 0]),
        term_atom_b=np.array([NO_ATOM] * 3), weight=np.ones((1, 6)), weight_log_deaths=np.zeros((1, 6)),
    )  # fmt: skip
    beta = np.tile([np.log(0.5), 0.1], (futures, 1))
    beta[[100, 71, 170], 1] = coefficient
    return dynamics, beta, np.zeros((futures, 2))


@pytest.mark.parametrize(("threads", "block"), [(1, 64), (2, 64), (2, 10)])
def test_an_explosive_future_is_refused_with_its_number(threads: int, block: int) -> None:
    dynamics, beta, log_alpha = explosive(200, 2.0)
    with pytest.raises(UnstableModelError) as caught:
        simulate_log(dynamics, beta, log_alpha, days=5000, seed=1, threads=threads, block=block)
    message = str(caught.value)
    assert "expected events a day must be a number below 1,000,000, got " in message
    assert "future 71, day " in message
    assert "channel 1" in message
    assert "saturate" in message
    with pytest.raises(UnstableModelError, match="future 71") as again:
        simulate_log(dynamics, beta, log_alpha, days=5000, seed=1, threads=1)
    assert str(again.value) == message


def test_a_rate_that_is_no_number_is_refused() -> None:
    dynamics, beta, log_alpha = explosive(200, 0.1)
    sunk = replace(dynamics, initial=np.array([-2.0]))  # log1p of less than -1
    with pytest.raises(UnstableModelError, match="got nan"):
        simulate_log(sunk, beta, log_alpha, days=500, seed=1)


def test_a_flood_of_events_is_refused_before_it_fills_the_memory() -> None:
    with pytest.raises(UnstableModelError, match="events of one future must number at most 1,000,000"):
        simulate_log(constant(1), np.full((3, 1), np.log(9e5)), np.full((3, 1), -9.0), days=100, seed=1)


# --- refusals --------------------------------------------------------------------------------------------------------


BAD_DYNAMICS: list[tuple[dict[str, Any], str]] = [
    ({"initial": np.zeros(6)}, r"initial must have shape \(7,\), got \(6,\)"),
    ({"weight": np.zeros((7, 14))}, r"weight must have shape \(7, 15\)"),
    ({"decay": np.full(7, np.nan)}, "decay must lie from 0 to 1"),
    ({"atom_kind": np.full(8, 9)}, "atom_kind must be one of"),
    ({"atom_index": np.full(8, 7)}, r"atom_index must lie from 0 to 6 \(memories\)"),
    ({"atom_scale": np.zeros(8)}, "atom_scale must be above 0"),
    ({"atom_cap": np.zeros(8)}, "atom_cap must be above 0"),
    ({"schedule": np.zeros((2, 10))}, r"schedule must have shape \(row, 30 or more\), got \(2, 10\)"),
    ({"term_start": np.array([0, 9, 3, 4, 5, 33])}, "term_start must rise from 0"),
    ({"term_coefficient": np.full(36, 40)}, r"term_coefficient must lie from 0 to 39 \(columns of beta\)"),
    ({"term_atom_a": np.full(36, 8)}, "term_atom_a and term_atom_b must lie from 0 to 7"),
    ({"channel_class": np.full(5, 2)}, "channel_class must lie from 0 to 1"),
]
BAD_ACTS: list[tuple[dict[str, Any], str]] = [
    ({"chance": np.full(15, 0.5)}, "acts.chance must be 0 or more and sum to 1 in channel 0"),
    ({"start": np.array([0, 3, 6, 9, 12, 14])}, "acts.start must rise from 0 to 15"),
    ({"death_chance": np.full(15, 1.5)}, "acts.death_chance must lie from 0 to 1"),
    ({"tolls": Tolls.of(0.0)}, "acts.tolls must be above 0"),
    ({"death_cap": 0}, "acts.death_cap must lie from 1"),
]
BAD_RUN: list[tuple[dict[str, Any], str]] = [
    ({"beta": np.zeros(40)}, r"beta must have shape \(future, coefficient\)"),
    ({"beta": np.full((4, 40), np.inf)}, "beta must be numbers within"),
    ({"log_alpha": np.zeros((3, 2))}, r"log_alpha must have shape \(4, class\), got \(3, 2\)"),
    ({"log_alpha": np.full((4, 2), np.nan)}, "log_alpha must be numbers"),
    ({"days": 0}, "days must lie from 1"),
    ({"seed": -1}, "seed must lie from 0"),
    ({"seed": 2**63}, "seed must lie from 0"),
    ({"threads": -1}, "threads must be 0"),
    ({"block": 129}, "block must lie from 1 to 128"),
    ({"record": [7]}, "record must lie from 0 to 6"),
    ({"record_every": 0}, "record_every must be at least 1"),
]


@pytest.mark.parametrize(("change", "message"), BAD_DYNAMICS + BAD_ACTS + BAD_RUN)
def test_what_does_not_fit_together_is_refused(change: dict[str, Any], message: str) -> None:
    dynamics, beta, log_alpha = living(4, 30)
    run: dict[str, Any] = {"beta": beta, "log_alpha": log_alpha, "days": 30, "seed": 1}
    if (change, message) in BAD_DYNAMICS:
        dynamics = replace(dynamics, **change)
    elif (change, message) in BAD_ACTS:
        dynamics = replace(dynamics, acts=replace(dynamics.acts, **change))
    else:
        run |= change
    with pytest.raises(ValueError, match=message):
        simulate_log(dynamics, **run)


@pytest.mark.parametrize(
    ("log", "message"),
    [
        (([30], [0], [0], [0]), "log_day must lie from 0 to 29"),
        (([0], [0], [3], [0]), "log_act must be a row of the event's channel"),
        (([0], [0], [0, 1], [0]), "columns of the log must be of one length"),
        (([0], [0], [0], [-1]), "log_deaths must be 0 or more"),
    ],
)
def test_replay_refuses_a_log_that_does_not_fit(log: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replay(living(1, 30)[0], *log, days=30)


# --- the cache -------------------------------------------------------------------------------------------------------


def test_a_change_of_a_called_file_reaches_the_cached_loop() -> None:
    called = (arithmetic, event_rows, killing, memories, outbreaks)
    text = "".join(Path(str(file.__file__)).read_text(encoding="utf-8") for file in called)
    assert zlib.crc32(text.encode()) == loop.MATH, "set MATH in loop.py to this checksum"


def test_without_any_folder_to_write_to_the_kernel_still_compiles(monkeypatch: pytest.MonkeyPatch) -> None:
    original = numba.njit

    def no_folder(*args: Any, cache: bool = False, **kwargs: Any) -> Any:
        if cache:
            raise RuntimeError("cannot cache function: no locator available")
        return original(*args, **kwargs)

    monkeypatch.setattr(numba, "njit", no_folder)

    def twice(x: float) -> float:
        return 2 * x

    assert compiled(twice)(1.5) == 3.0


def test_numbers_say_which_futures_of_a_larger_run_the_rows_are() -> None:
    dynamics, beta, log_alpha = living(20, 60)
    whole = simulate_log(dynamics, beta, log_alpha, days=60, seed=5)
    chosen = np.array([3, 7, 4])
    part = simulate_log(dynamics, beta[chosen], log_alpha[chosen], days=60, seed=5, numbers=chosen)
    for row, number in enumerate(chosen):
        for name in ("day", "channel", "act", "deaths"):
            mine, theirs = (
                getattr(part, name)[part.future == row],
                getattr(whole, name)[whole.future == number],
            )
            assert np.array_equal(mine, theirs)
    with pytest.raises(ValueError, match="numbers must name every row of beta"):
        simulate_log(dynamics, beta, log_alpha, days=60, seed=5, numbers=chosen)


# --- acts put in -----------------------------------------------------------------------------------------------------


def test_nothing_put_in_changes_no_byte() -> None:
    dynamics, beta, log_alpha = living(150, 90)
    plain = simulate_log(dynamics, beta, log_alpha, days=90, seed=5)
    assert same(plain, simulate_log(dynamics, beta, log_alpha, days=90, seed=5, injected=np.empty((0, 4))))


def test_an_act_put_in_stands_in_every_future_and_changes_no_earlier_day() -> None:
    dynamics, beta, log_alpha = living(150, 90)
    beta[:, 1::8] = 0.5  # so that the act has consequences
    acts = [[60, 1, 4, 30], [40, 2, 7, 0], [40, 0, 1, 3], [40, 0, 0, 0]]
    plain = events_of(simulate_log(dynamics, beta, log_alpha, days=90, seed=5))
    log = simulate_log(dynamics, beta, log_alpha, days=90, seed=5, injected=acts, threads=2)
    put = events_of(log)
    np.testing.assert_array_equal(plain[plain[:, 1] < 40], put[put[:, 1] < 40])
    assert np.array_equal(put, put[np.lexsort((put[:, 2], put[:, 1], put[:, 0]))])
    # On the day itself the drawn acts stay; those put in are added.
    for f in (0, 149):
        before = plain[(plain[:, 0] == f) & (plain[:, 1] == 40)].tolist()
        after = put[(put[:, 0] == f) & (put[:, 1] == 40)].tolist()
        assert sorted(before + [[f, *act] for act in acts if act[0] == 40]) == sorted(after)
        assert [f, *acts[0]] in put.tolist()
    assert not np.array_equal(plain[plain[:, 1] > 60], put[put[:, 1] > 60])
    assert same(log, simulate_log(dynamics, beta, log_alpha, days=90, seed=5, injected=acts, block=7))


def test_an_act_put_in_feeds_memories_as_a_drawn_one_does() -> None:
    dynamics, beta, log_alpha = living(2, 100)
    acts = [[30, 1, 4, 30], [70, 0, 2, 1]]
    log = simulate_log(
        dynamics, beta, log_alpha, days=100, seed=6, record=range(7), record_every=1, injected=acts
    )
    for f in range(2):
        one = [getattr(log, c)[log.future == f] for c in COLUMNS[1:]]
        memories, _ = replay(dynamics, *one, days=100)
        np.testing.assert_allclose(memories.T, log.traces[f], rtol=1e-6)


@pytest.mark.parametrize(
    ("acts", "message"),
    [
        ([[40, 0, 0]], "injected must have shape"),
        ([[90, 0, 0, 0]], "day of an injected act"),
        ([[0, 9, 0, 0]], "channel of an injected act"),
        ([[0, 0, 99, 0]], "injected act"),
        ([[0, 0, 3, 0]], "injected act must be a row of its channel"),
        ([[0, 0, 0, -1]], "injected deaths"),
    ],
)
def test_an_act_that_does_not_fit_is_not_put_in(acts: Any, message: str) -> None:
    dynamics, beta, log_alpha = living(1, 90)
    with pytest.raises(ValueError, match=message):
        simulate_log(dynamics, beta, log_alpha, days=90, seed=5, injected=acts)


@pytest.mark.parametrize("alpha", [1e-12, 0.5, 3.0])
def test_the_hazard_of_a_mute_channel_is_minus_the_log_of_the_chance_of_no_act(alpha: float) -> None:
    days, rate = 200, 0.3
    beta, log_alpha = np.full((3, 1), np.log(rate)), np.full((3, 1), np.log(alpha))
    log = simulate_log(constant(1), beta, log_alpha, days=days, seed=1, mute=0)
    assert len(log) == 0
    # a day without an act has chance (1 + alpha mu) ** (-1 / alpha), and exp(-mu) as alpha goes to zero
    assert log.hazard == pytest.approx(np.full(3, days * np.log1p(alpha * rate) / alpha), rel=1e-5)
    assert simulate_log(constant(1), beta, log_alpha, days=days, seed=1).hazard is None
