"""The seven contracts of the design, each on real and on made-up chronicles."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from detente.argument.blocks import FactSpec, MechanismSpec, QuestionSpec, RunSpec
from detente.base.days import Window
from detente.events.chronicle import Chronicle
from detente.events.files.event_file import load_events
from detente.events.provenance import Era
from detente.futures.futures import Futures
from detente.futures.kernel.simulate import replay, simulate_log
from detente.lab.case import Case
from detente.lab.chronicles import of_futures
from detente.lab.run import run
from detente.lab.run_result import Run
from detente.model.channels import Channel
from detente.model.compiler import compile_argument
from detente.model.fit import fit
from detente.model.mechanisms import mechanism_registry
from detente.model.mechanisms.base import Prior
from detente.model.program import NO_ATOM, SCHEDULE
from detente.questions.chronicles import Chronicles
from detente.questions.question import Question, bind, resolve, resolve_many
from tiers import SLOW_TIER
from worlds import AS_OF, baseline, embedded, essay, essay_case, random_chronicle, renamed

LATER = date(2002, 6, 1)


def told(result: Run, *leave: str) -> str:
    """A run as JSON without what the contracts let change."""
    value = result.to_dict()
    for part in ("fit", "futures"):
        del value[part]["seconds"]
    for key in leave:
        if key == "data":
            del value["data"]
        else:
            for row in value["channels"] + value["questions"]:
                row.pop(key, None)
    return json.dumps(value, ensure_ascii=False)


def ab_case(chronicle: Chronicle | None = None, first: str = "A", second: str = "B") -> Case:
    argument = baseline(first, second)
    spec = argument.model_copy(update={"run": RunSpec(as_of=LATER, days=90, futures=60, seed=7)})
    return Case("made up", spec, chronicle or random_chronicle(11))


# 1. No look-ahead ---------------------------------------------------------------------------------------------------


def altered(chronicle: Chronicle, as_of: date, how: str) -> Chronicle:
    """The same chronicle with its future, seen from as_of, changed."""
    late = pl.col("date") >= as_of
    events = chronicle.events
    if how == "removed":
        return replace(chronicle, events=events.filter(~late))
    if how == "doubled":
        return replace(
            chronicle, events=pl.concat([events, events.filter(late)]).sort("date", maintain_order=True)
        )
    if how == "changed":
        changes = {
            "source": pl.col("target"),
            "target": pl.col("source"),
            "fatalities": pl.lit(5000, dtype=pl.Int64),
            "victim_rank": pl.lit("leader"),
            "mode": pl.lit("unheard-of"),
            "intensity": pl.lit(-10.0),
        }
        return replace(
            chronicle,
            events=events.with_columns(
                pl.when(late).then(value).otherwise(pl.col(name)).alias(name)
                for name, value in changes.items()
            ),
        )
    if how == "eras":
        return replace(
            chronicle, eras=(*chronicle.eras, Era(as_of - timedelta(days=400), as_of + timedelta(days=1)))
        )
    assert how == "vague"
    span = events.filter(pl.col("date") < as_of).tail(1)
    month = span.with_columns(precision=pl.lit("month"), date=pl.lit(as_of.replace(day=1)))
    return replace(chronicle, events=pl.concat([events, month]).sort("date", maintain_order=True))


@pytest.mark.parametrize("how", ["removed", "doubled", "changed", "eras", "vague"])
def test_nothing_known_on_or_after_as_of_moves_anything(how: str) -> None:
    case = essay_case()
    base = run(case, futures=40, seed=3)
    other = run(replace(case, chronicle=altered(case.chronicle, AS_OF, how)), futures=40, seed=3)
    assert told(base, "data", "observed", "outcome") == told(other, "data", "observed", "outcome")
    for name in ("future", "day", "channel", "act", "deaths"):
        assert np.array_equal(getattr(base.futures.log, name), getattr(other.futures.log, name))


LATE_FACT = FactSpec(
    actor="IRN", start=date(2018, 5, 8), value=3.0, known_from=AS_OF + timedelta(days=1), because="made up"
)


def test_no_declared_fact_known_only_after_as_of_moves_anything() -> None:
    """Of every kind some mechanism reads, added, altered and removed, on days long past."""
    case = essay_case()
    kinds = {kind for m in mechanism_registry().values() for kind in m.facts}
    facts = case.argument.facts
    later = {
        kind: (*(f for f in facts.get(kind, ()) if f.known_from <= AS_OF), *how)
        for kind in kinds
        for how in [(LATE_FACT, LATE_FACT.model_copy(update={"actor": "USA"}))]
    }
    assert any(f.known_from > AS_OF for known in facts.values() for f in known)
    other = replace(case, argument=case.argument.model_copy(update={"facts": later}))
    base, moved = (run(c, futures=40, seed=3) for c in (case, other))
    assert told(base, "data") == told(moved, "data")
    program = compile_argument(other.argument, case.chronicle, AS_OF)
    before = compile_argument(case.argument, case.chronicle, AS_OF)
    assert program.atoms == before.atoms


def test_a_fact_known_from_as_of_on_does_move_things() -> None:
    """`known_from` is the first day on which a fact may be used."""
    case = essay_case()
    now = LATE_FACT.model_copy(update={"known_from": AS_OF})
    facts = {**case.argument.facts, "breach": (*case.argument.facts["breach"], now)}
    program = compile_argument(case.argument.model_copy(update={"facts": facts}), case.chronicle, AS_OF)
    assert program.atoms != compile_argument(case.argument, case.chronicle, AS_OF).atoms


def test_an_event_the_day_before_as_of_does_move_things() -> None:
    case = essay_case()
    earlier = altered(case.chronicle, AS_OF - timedelta(days=20), "removed")
    assert told(run(case, futures=20), "data", "observed", "outcome") != told(
        run(replace(case, chronicle=earlier), futures=20), "data", "observed", "outcome"
    )


def test_without_declared_coverage_the_fit_ends_at_as_of_not_at_the_last_event(tmp_path) -> None:
    events = random_chronicle(11).events.filter(pl.col("date") < date(2002, 3, 1))
    columns = ["date", "source", "target", "action", "class"]
    events.select(columns).write_csv(tmp_path / "a.csv")
    pl.concat([events, events.tail(3).with_columns(date=pl.lit(date(2003, 1, 1)))]).select(columns).write_csv(
        tmp_path / "b.csv"
    )
    programs = [
        compile_argument(baseline("A", "B"), load_events(tmp_path / name), LATER)
        for name in ("a.csv", "b.csv")
    ]
    assert programs[0].history.window.end == programs[1].history.window.end == LATER
    np.testing.assert_array_equal(programs[0].history.atoms, programs[1].history.atoms)
    np.testing.assert_array_equal(fit(programs[0]).mean, fit(programs[1]).mean)


# 2. The kernel's recursion is the features' history ------------------------------------------------------------------


def test_history_features_are_the_kernel_recursion_day_by_day() -> None:
    argument = essay().model_copy(
        update={"run": RunSpec(fit_from=date(1979, 1, 1), unknown_deaths="exclude")}
    )
    chronicle = replace(embedded(), events=embedded().events.filter(pl.col("precision") == "day"))
    program = compile_argument(argument, chronicle, AS_OF)
    window = Window(date(2016, 1, 1), AS_OF)
    offset = program.history.window.index(window.start)
    events = program.layout.attribute(chronicle.known_at(AS_OF).events)
    channel_of = program.layout.assign(events)
    day = (events["date"] - window.start).dt.total_days().to_numpy()
    names = ["source", "target", "class", "action", "mode", "issue", "victim_rank", "code"]
    chosen = [i for i in range(events.height) if channel_of[i] >= 0 and day[i] >= 0]
    act = [_row(program, channel_of[i], events.row(i, named=True), names) for i in chosen]
    deaths = events["fatalities"].fill_null(0).to_numpy()[chosen]
    dynamics = program.dynamics(window.days)
    schedules = [i for i, kind in enumerate(dynamics.atom_kind) if kind == SCHEDULE]
    dynamics = replace(
        dynamics,
        initial=program.history.memories[:, offset],
        schedule=program.history.atoms[schedules, offset:] if schedules else dynamics.schedule,
    )
    memories, atoms = replay(dynamics, day[chosen], channel_of[chosen], np.array(act), deaths, window.days)
    np.testing.assert_allclose(memories, program.history.memories[:, offset:].T, rtol=2e-4, atol=1e-5)
    np.testing.assert_allclose(atoms, program.history.atoms[:, offset:].T, rtol=2e-4, atol=1e-5)


def test_a_stock_drawn_down_below_nothing_is_nothing_in_history_as_in_the_kernel() -> None:
    """Sanctions fill it and relief of too much empties it, over and over, in both by the same recursion."""
    events = random_chronicle(4, days=600, per_day=1.0).events
    relief = pl.col("class") == "material-cooperation"
    events = events.with_columns(
        action=pl.when(relief).then(pl.lit("YIELD")).otherwise(pl.col("action")),
        mode=pl.when(relief).then(pl.lit("waiver")).otherwise(pl.col("mode")),
    )
    chronicle = replace(random_chronicle(4, days=600, per_day=1.0), events=events)
    argument = baseline("A", "B").model_copy(update={"mechanisms": {"sanctions_in_force": MechanismSpec()}})
    program = compile_argument(argument, chronicle, chronicle.window.end)
    stocks = [i for i, m in enumerate(program.memories) if np.isinf(m.half_life_days)]
    assert len(stocks) == 2
    history = program.history.memories
    for row in history[stocks]:
        emptied = (np.diff(row) < 0) & (row[1:] == 0)
        assert row.min() == 0
        assert emptied.sum() > 10
    names = ["source", "target", "class", "action", "mode", "issue", "victim_rank", "code"]
    channel_of = program.layout.assign(events)
    day = (events["date"] - chronicle.window.start).dt.total_days().to_numpy()
    act = [_row(program, c, events.row(i, named=True), names) for i, c in enumerate(channel_of)]
    dynamics = replace(program.dynamics(600), initial=np.zeros(len(program.memories)))
    memories, _ = replay(dynamics, day, channel_of, np.array(act), np.zeros(len(act), dtype=int), 600)
    np.testing.assert_allclose(memories[:, stocks], history[stocks].T, rtol=1e-5, atol=1e-5)


def _row(program, channel: int, act: dict[str, object], names: list[str]) -> int:
    spec: Channel = program.layout.channels[channel]
    pair = (act["source"], act["target"])
    if spec.joint or (len(spec.source.members) == 1 and len(spec.target.members) == 1):
        pair = (spec.source.members[0], spec.target.members[0])
    key = (*pair, *(act[n] for n in names[2:]))
    start, stop = program.acts.start[channel], program.acts.start[channel + 1]
    looks = program.acts.looks[start:stop].select(names).rows()
    return int(start + looks.index(key))


# 4. Zeros, names and the order of the principals ---------------------------------------------------------------------


def test_a_zero_coefficient_adds_zero() -> None:
    program = compile_argument(essay(), embedded(), AS_OF)
    posterior = fit(program)
    draws = posterior.draws(200, seed=2)
    beta, log_alpha = draws.beta, draws.log_alpha
    gone = {j for j, c in enumerate(program.coefficients) if c.mechanism == "grievance"}
    beta[:, list(gone)] = 0.0
    without = replace(program, terms=tuple(t for t in program.terms if t[1] not in gone))
    one = simulate_log(program.dynamics(200), beta, log_alpha, days=200, seed=2)
    two = simulate_log(without.dynamics(200), beta, log_alpha, days=200, seed=2)
    assert len(one.day) > 1000
    for name in ("future", "day", "channel", "act", "deaths"):
        assert np.array_equal(getattr(one, name), getattr(two, name))


def test_a_term_held_at_zero_is_a_term_left_out_of_the_fit() -> None:
    program = compile_argument(baseline("A", "B"), random_chronicle(11), LATER)
    gone = {j for j, c in enumerate(program.coefficients) if c.mechanism == "tension"}
    held = replace(
        program,
        coefficients=tuple(
            replace(c, prior=Prior(0.0, 1e-6)) if j in gone else c for j, c in enumerate(program.coefficients)
        ),
    )
    without = fit(replace(program, terms=tuple(t for t in program.terms if t[1] not in gone)))
    keep = [j for j in range(len(program.coefficients)) if j not in gone]
    np.testing.assert_allclose(fit(held).mean[keep], without.mean[keep], atol=1e-6)


def test_renaming_actors_changes_only_names_to_the_byte() -> None:
    names = {"A": "Zed-Land", "B": "AAA"}
    base = run(ab_case())
    other = run(ab_case(renamed(random_chronicle(11), names), "Zed-Land", "AAA"))
    assert len(base.futures.log.day) > 1000
    value = json.loads(told(other, "data"))
    back = {new: old for old, new in names.items()}
    text = json.dumps(value, ensure_ascii=False)
    for new, old in back.items():
        text = text.replace(new, old)
    assert text == told(base, "data")
    events = other.futures.events.with_columns(pl.col("source", "target").replace(back))
    assert events.equals(base.futures.events)


def test_the_order_of_the_principals_does_not_change_the_fit() -> None:
    chronicle = random_chronicle(11)
    one = fit(compile_argument(baseline("A", "B"), chronicle, LATER))
    two = fit(compile_argument(baseline("B", "A"), chronicle, LATER))

    def by_name(posterior) -> dict[tuple[str, str], float]:
        out = {}
        for c, mean in zip(posterior.program.coefficients, posterior.mean, strict=True):
            out[c.mechanism, c.term.replace("B -- A", "A -- B")] = mean
        return out

    a, b = by_name(one), by_name(two)
    assert a.keys() == b.keys()
    assert max(abs(a[key] - b[key]) for key in a) < 1e-9
    np.testing.assert_allclose(one.log_alpha_mean, two.log_alpha_mean, atol=1e-9)


def test_the_order_of_the_principals_moves_futures_only_within_monte_carlo_error() -> None:
    chronicle = random_chronicle(11)
    means = []
    for order in ("AB", "BA"):
        case = ab_case(chronicle, *order)
        result = run(case, futures=1500)
        counts = result.futures.counts(90)
        error = counts.std(axis=0) / np.sqrt(len(counts))
        labels = [c.label.replace("B -- A", "A -- B") for c in result.channels]
        means.append({label: (m, e) for label, m, e in zip(labels, counts.mean(axis=0), error, strict=True)})
    for label, (mean, error) in means[0].items():
        other, other_error = means[1][label]
        assert abs(mean - other) < 4.5 * np.hypot(error, other_error)


# 5. Same seed, same bytes --------------------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_bytes_for_any_number_of_threads() -> None:
    base = run(essay_case(), futures=150, seed=9, threads=1)
    for threads in (1, 2):
        again = run(essay_case(), futures=150, seed=9, threads=threads)
        assert told(again) == told(base)
        assert again.futures.events.equals(base.futures.events)
    assert told(run(essay_case(), futures=150, seed=10)) != told(base)


def test_more_futures_begin_with_the_same_futures() -> None:
    few, many = (run(essay_case(), futures=n, seed=9).futures for n in (30, 90))
    assert many.events.filter(pl.col("future") < 30).equals(few.events)


# 6. One resolve for history and futures ------------------------------------------------------------------------------


def test_resolving_a_chronicle_is_resolving_a_one_future_ensemble() -> None:
    result = run(essay_case(), futures=40 if SLOW_TIER else 10, seed=5)
    futures: Futures = result.futures
    questions = [a.question for a in result.answers] + [
        asked(line)
        for line in (
            "USA<->IRN force deaths>=1 from 10d to 200d",
            "any->any mode=talks count <= 1 from 10d to 200d",
            "USA->IRN force count >= 10000 within 5000d",
            "first IRN,proxies->USA force within 90d",
            "phase crisis within 60d",
            "phase cold on most days within 24m",
            "phase crisis share>=.3 from 3m to 2y",
            "talks within 12m",
            "war within 24m",
            "USA<->IRN force,THREATEN rate < 2 * 2019-10-01..2020-01-01 within 90d",
            "USA<->IRN force rate > last 12m from 1m to 24m",
            "talks within 24m and not USA->IRN pressure count >= 20 within 12m or war within 12m",
            "USA<->IRN talks within 24m given IRN->USA force within 90d",
        )
    ]
    on = of_futures(futures, essay(), embedded())
    for question in questions:
        together = resolve_many(question, on)
        alone = [resolve(question, one_of(on, futures, k)) for k in range(futures.count)]
        assert together.tolist() == [int(o) for o in alone], question.id


def one_of(on: Chronicles, futures: Futures, number: int) -> Chronicles:
    """Return a future as a chronicle of its own, with the memories it carried."""
    paths = {key: path.of(number) for key, path in on.paths.items()}
    return replace(Chronicles.of(futures.chronicle(number), on), paths=paths)


def asked(line: str) -> Question:
    return bind(QuestionSpec(id=f"line {len(line)}", text=line, ask=line), essay(), "detente", AS_OF)


def test_the_channels_of_a_future_counted_as_history_are_its_counts() -> None:
    result = run(essay_case(), futures=25, seed=5)
    layout = result.posterior.program.layout
    counts = result.futures.counts(result.futures.window.days)
    for k in range(25):
        channel_of = layout.assign(result.futures.chronicle(k).events)
        assert (channel_of >= 0).all()
        assert np.bincount(channel_of, minlength=len(layout.channels)).tolist() == counts[k].tolist()


def test_no_atom_is_never_an_atom() -> None:
    program = compile_argument(essay(), embedded(), AS_OF)
    assert all(a == NO_ATOM or 0 <= a < len(program.atoms) for t in program.terms for a in t[2:])
