"""What many pairs say of a term: pooling, whom it leaves out, and how an argument asks for it."""

from __future__ import annotations

import importlib.util
import json
import sys
from datetime import date
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from detente.argument.argument import Argument
from detente.base.errors import ArgumentError
from detente.lab.arguments import argument_from_text, json_schema, load_argument
from detente.model.compiler import compile_argument
from detente.model.mechanisms import mechanism_registry
from detente.model.rivalries import FEWEST_PAIRS, pool_pairs, prior_of, rivalries
from worlds import ROOT, SHARED, baseline, random_chronicle

AS_OF = date(2003, 1, 1)


def argument(mechanisms: str, more: str = "") -> Argument:
    return argument_from_text(
        f"{{argument: a, title: A, principals: [A, B], mechanisms: {mechanisms}{more}}}", "a.yaml"
    )


def test_pooling_finds_the_mean_and_the_spread_between_pairs() -> None:
    rng = np.random.default_rng(3)
    errors = rng.uniform(0.1, 0.4, 400)
    estimates = rng.normal(0.7, 0.3, 400) + rng.normal(0, errors)
    found = pool_pairs(estimates, errors)
    assert found.mean == pytest.approx(0.7, abs=0.05)
    assert found.between == pytest.approx(0.3, abs=0.04)
    assert found.error == pytest.approx((0.3**2 + 0.25**2) ** 0.5 / 20, rel=0.3)
    assert found.sd == pytest.approx(np.hypot(found.between, found.error))
    assert found.pairs == 400


def test_pairs_that_happen_to_agree_leave_a_spread_and_sure_ones_weigh_more() -> None:
    alike = pool_pairs(np.full(12, 0.5), np.full(12, 0.3))
    assert alike.mean == pytest.approx(0.5)
    assert alike.between > 0.05
    found = pool_pairs(np.array([0.0] * 10 + [1.0] * 10), np.array([0.05] * 10 + [2.0] * 10))
    assert found.mean < 0.1


def test_the_pair_at_hand_is_left_out_under_any_of_its_names() -> None:
    table = rivalries()
    pair = next(p for p in table.pairs if len(p["actors"][0]) > 1 and "momentum.force" in p["terms"])
    one, other = pair["actors"][0][1], pair["actors"][1][0]
    everyone, left = table.of("momentum", "force"), table.of("momentum", "force", (one, other))
    assert everyone is not None
    assert left is not None
    assert left.pairs == everyone.pairs - 1
    assert left.mean != everyone.mean
    assert table.of("momentum", "force", (other, one)) == left
    assert table.of("momentum", "force", (one, "nobody")) == everyone


def test_the_pair_of_the_embedded_chronicle_is_not_in_the_table_and_no_act_after_1999() -> None:
    table = rivalries()
    assert table.data_until == date(2000, 1, 1)
    names = [{name for actor in pair["actors"] for name in actor} for pair in table.pairs]
    assert not any({"USA", "IRN"} <= each for each in names)
    assert len(names) >= 50


def test_the_table_knows_terms_of_the_dynamics_with_errors_above_zero() -> None:
    table = rivalries()
    known = {m for m in mechanism_registry() if table.knows(m)}
    assert known == {"momentum", "attention", "reprisal", "tension", "level"}
    terms = {f"{m.name}.{t.name}" for m in mechanism_registry().values() for t in m.terms}
    for pair in table.pairs:
        assert set(pair["terms"]) <= terms
        assert all(error > 0 for _, error in pair["terms"].values())
    for name in ("momentum", "level"):
        for spec in mechanism_registry()[name].terms:
            found = table.of(name, spec.name)
            assert found is not None
            assert found.pairs >= FEWEST_PAIRS


def test_a_role_that_four_classes_do_not_tell_apart_takes_that_of_its_class() -> None:
    table = rivalries()
    assert table.of("momentum", "pressure") == table.of("momentum", "force") != None  # noqa: E711
    assert table.of("level", "talks") == table.of("level", "cooperation_by_word")
    assert table.of("grievance", "force") is None


def test_an_argument_takes_them_where_it_asks_and_says_nothing_itself() -> None:
    asked = argument("{momentum: {prior: rivalries, terms: {force: {mean: 0.1, sd: 0.2}}}, level: {}}")
    program = compile_argument(asked, random_chronicle(1, days=900), AS_OF)
    found = {f"{c.mechanism}.{c.term}": c for c in program.coefficients}
    many = rivalries().of("momentum", "hostility_by_word")
    assert many is not None
    own = found["momentum.hostility_by_word"]
    assert (own.prior.mean, own.prior.sd, own.source) == (many.mean, many.sd, "rivalries")
    assert found["momentum.force"].prior.mean == 0.1  # the argument's own word goes first
    default = mechanism_registry()["level"].terms[0]
    assert found[f"level.{default.name}"].prior == default.prior  # it does not ask


def test_the_baseline_leaves_its_pair_out() -> None:
    table = rivalries()
    pair = table.pairs[0]["actors"]
    spec = next(t for t in mechanism_registry()["momentum"].terms if t.name == "hostility_by_word")
    inside = prior_of(baseline(pair[0][0], pair[1][0]), "momentum", spec)
    outside = prior_of(baseline("A", "B"), "momentum", spec)
    assert inside[1] == outside[1] == "rivalries"
    assert inside[0] != outside[0]


@pytest.mark.parametrize(
    ("mechanisms", "more", "said"),
    [
        ("{grievance: {prior: rivalries}}", "", "must be of a mechanism that the table of rivalries"),
        ("{momentum: {prior: rivalries}}", ", clocks: {fast: 7}", "the fast clock is not that of the table"),
        ("{momentum: {prior: world}}", "", "must be one of"),
    ],
)
def test_what_cannot_be_taken_from_rivalries_is_refused(mechanisms: str, more: str, said: str) -> None:
    with pytest.raises(ArgumentError, match=said):
        argument(mechanisms, more)


def test_the_schema_offers_them_where_the_table_says_something() -> None:
    fields = json_schema()["properties"]["mechanisms"]["properties"]
    assert "prior" in fields["momentum"]["properties"]
    assert "prior" not in fields["grievance"]["properties"]


def test_half_lives_on_a_grid_around_the_tables_clocks_are_allowed() -> None:
    asked = argument("{level: {prior: rivalries}}", ", clocks: {grid: {slow: [90, 365]}}")
    assert asked.mechanisms["level"].prior == "rivalries"


def test_the_embedded_arguments_ask_for_them() -> None:
    for name in ("essay", "maximum-pressure"):
        uses = load_argument(name, "us-iran").mechanisms
        for mechanism in ("momentum", "attention", "reprisal", "tension", "level"):
            assert uses[mechanism].prior == "rivalries", (name, mechanism)
            assert not uses[mechanism].terms
        assert uses["flare"].prior is None


@pytest.fixture(scope="module")
def script() -> ModuleType:
    path = ROOT / "benchmarks" / "estimate_dynamics.py"
    spec = importlib.util.spec_from_file_location("estimate_dynamics", path)
    assert spec is not None
    assert spec.loader is not None
    found = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = found
    spec.loader.exec_module(found)
    return found


def test_the_table_is_what_the_script_writes_for_a_pair(script: ModuleType) -> None:
    path = SHARED / "data" / "keds" / "gulf_weis.csv.gz"
    if not path.exists():
        pytest.skip(f"NOT CHECKED on the real file: {path} is not there")
    chronicle = script.read(str(path), "weis")
    assert chronicle.events["date"].max() < script.UNTIL
    pairs = script.pairs_of({"gulf": chronicle})
    assert ("IRN", "USA") not in pairs
    told = script.told_by(chronicle, ("IRN", "SAU"), "gulf")
    again = json.loads(script.written([told], {"gulf": path}))["pairs"][0]
    kept = next(p for p in rivalries().pairs if [a[0] for a in p["actors"]] == ["IRN", "SAU"])
    assert {k: again[k] for k in ("actors", "file", "acts", "kept")} == {
        k: kept[k] for k in ("actors", "file", "acts", "kept")
    }
    assert set(again["terms"]) == set(kept["terms"])
    for key, (estimate, error) in kept["terms"].items():
        assert again["terms"][key] == pytest.approx((estimate, error), abs=0.002)


def test_acts_that_come_at_random_have_no_momentum(script: ModuleType) -> None:
    """On acts that come at random, none of which feeds another, they lie around zero."""
    many = [
        script.estimates_of(
            baseline("A", "B").model_copy(
                update={"mechanisms": argument("{momentum: {}}").mechanisms, "clocks": baseline().clocks}
            ),
            random_chronicle(seed, days=3000, scheme="quad"),
        )
        for seed in range(3)
    ]
    values = np.array([one["momentum.hostility_by_word"] for one in many])
    assert (np.abs(values[:, 0]) < 3 * values[:, 1]).all()  # nothing feeds itself in these acts
    assert Path(script.OUT) == ROOT / "src" / "detente" / "data" / "dynamics.json"
