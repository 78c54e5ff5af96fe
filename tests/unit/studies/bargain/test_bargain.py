"""The bargain of an argument: ranges by day, variants, moves, influences, and faults told with their lines."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.argument.argument import Argument
from detente.base.errors import ArgumentError
from detente.lab.arguments import load_argument
from detente.studies.bargain.bargain import Bargain, bargain_of
from detente.studies.bargain.inputs import (
    NO_CHANGE,
    dropping,
    inputs_of,
    known_levers,
    lever_change,
    low_discrepancy,
    of_quantiles,
    terms_of,
)
from detente.studies.bargain.moves import LEAST, TARGET, chance_open, move_kinds, smallest_share
from detente.studies.bargain.openings import openings
from detente.studies.bargain.sensitivity import influences
from detente.studies.bargain.variants import BargainVariant, zone_verdict
from detente.studies.bargain.zone import margins
from tiers import examples

DRAWS = 512


@pytest.fixture(scope="module")
def essay() -> Argument:
    return load_argument("essay", "us-iran")


@pytest.fixture(scope="module")
def result(essay: Argument) -> Bargain:
    return bargain_of(essay, draws=DRAWS)


def test_demands_close_the_zone_and_dropping_one_never_does(result: Bargain) -> None:
    rows = {v.name: v for v in result.variants}
    full = rows["full demands"]
    assert full.chance < 0.5 < rows["no demands"].chance
    assert all(v.closed == 0 for v in result.variants if v.kind in ("drop", "alone", "none"))
    assert all(v.chance == pytest.approx(full.chance + v.opened - v.closed) for v in result.variants)
    assert {v.kind for v in result.variants} == {"full", "drop", "alone", "none", "lever"}


def test_every_reported_move_opens_and_a_smaller_one_does_not(essay: Argument) -> None:
    seen = 0
    for levers in ((), ("return-to-deal",), ("guarantee", "relief-third")):
        result = bargain_of(essay, draws=DRAWS, levers=levers)
        steps = {s.move + s.actor: s for s in move_kinds(result.inputs)}
        for move in result.moves:
            step = steps[move.move + move.actor]
            if move.share:
                seen += 1
                at = [
                    chance_open(result.inputs, result.values, (*result.base, step.change(f * move.share)))
                    for f in (1, 0.99)
                ]
                assert at[0] == move.chance >= TARGET > at[1]
            elif move.share is None:
                assert max(p for _, p in move.curve) == move.chance < TARGET
            else:
                assert move.curve[0][1] >= TARGET
    assert seen


@settings(max_examples=examples(80), deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=6))
def test_smallest_share_of_any_step_function(steps: list[tuple[float, float]]) -> None:
    steps = sorted(steps)

    def chance(share: float) -> float:
        return next((level for start, level in reversed(steps) if start <= share), 0.0)

    share, curve = smallest_share(chance)
    assert len(curve) == 11
    if share is None:
        assert max(curve) < TARGET
    elif share > LEAST:
        assert chance(share) >= TARGET > chance(0.99 * share)
    elif share > 0:
        assert chance(LEAST) >= TARGET > chance(0)
    else:
        assert chance(0) >= TARGET


def test_verdict_says_what_closes_the_zone_and_what_it_hangs_on(essay: Argument, result: Bargain) -> None:
    found = result.verdict
    assert (found.word, found.chance) == ("empty", result.variants[0].chance)
    assert 0 <= found.low <= found.chance <= found.high <= 1
    alone = {v.demand: v.chance for v in result.variants if v.kind == "alone"}
    assert set(found.closing) == {demand for demand, p in alone.items() if p < TARGET} > set()
    assert found.reopening == ()
    assert found.hangs_on == ()
    levered = bargain_of(essay, draws=DRAWS, levers=["return-to-deal"])
    found = levered.verdict
    assert found.word == "mostly open"
    assert (
        set(found.hangs_on) == {row.name for row in levered.swings if min(row.low, row.high) < TARGET} > set()
    )
    spans = [abs(row.high - row.low) for row in levered.swings]
    assert spans == sorted(spans, reverse=True)
    known = replace(
        NO_CHANGE, set={levered.swings[0].name: min(levered.inputs.ranges[levered.swings[0].name])}
    )
    low = chance_open(levered.inputs, levered.values, (*levered.base, known))
    assert low == pytest.approx(levered.swings[0].low, abs=0.12)  # an end of the range, and its outer tenth


def test_wilson_interval_of_a_share() -> None:
    rows = (BargainVariant("full", "full demands", 0.3, 0.0, 0.0),)
    found = zone_verdict(rows, (), 100, TARGET)
    assert (round(found.low, 4), round(found.high, 4)) == (0.2189, 0.3958)  # statsmodels' proportion_confint
    assert zone_verdict((replace(rows[0], chance=0.0),), (), 10_000, TARGET).high == pytest.approx(
        3.84e-4, abs=1e-6
    )


def test_joint_loss_and_openers(result: Bargain) -> None:
    loss = result.joint_loss
    assert loss is not None
    assert 0 < loss.low <= loss.mean <= loss.high
    openers = result.openers
    assert set(openers) == {"USA", "IRN", "CHN", "P51"}
    assert openers["IRN"] == openers["CHN"] == openers["P51"] == ()
    assert [m.move for m in openers["USA"]] == ["ease all", "give way"]


def test_both_sides_have_the_same_kinds_of_move(result: Bargain) -> None:
    """So that no move of one side's is a result and not an input: it had all that the other had."""
    kinds = {side: {m.kind for m in result.moves if m.actor == side} for side in ("USA", "IRN")}
    assert kinds["USA"] - kinds["IRN"] == {"ease all", "lift"}  # one demand; sanctions are the other's
    assert kinds["IRN"] - kinds["USA"] == {"advance all"}  # of the other's two issues one is the sanctions
    bent = {m.issue for m in result.moves if (m.actor, m.kind) == ("IRN", "bend")}
    assert bent == {"nuclear", "missiles", "regional"}
    ahead = {m.issue for m in result.moves if (m.actor, m.kind) == ("IRN", "advance")}
    assert ahead == {"nuclear", "missiles", "regional"}


def test_a_side_opens_a_zone_that_its_own_limit_alone_closes(essay: Argument) -> None:
    assert essay.bargain is not None
    narrow = {"nuclear.IRN.limit": 0.2}  # of 0.5 demanded
    lever = essay.bargain.levers["return-to-deal"]
    back = lever.model_copy(update={"set": {**lever.set, **narrow}})
    bargain = essay.bargain.model_copy(update={"levers": {**essay.bargain.levers, "return-to-deal": back}})
    changed = essay.model_copy(update={"bargain": bargain})
    closed = bargain_of(changed, draws=DRAWS, levers=("return-to-deal",))
    moves = {(m.actor, m.move): m for m in closed.moves}
    bend = moves["IRN", "bend nuclear"]
    assert bend.curve[0][1] == 0.0
    assert bend.share == pytest.approx(0.3, rel=0.01)
    assert moves["IRN", "bend all"].share == pytest.approx(0.3, rel=0.01)
    assert moves["IRN", "bend missiles"].share is None
    assert moves["USA", "bend all"].share is None


def test_a_step_before_any_deal_moves_where_things_stand_and_nothing_else(essay: Argument) -> None:
    inputs = bargain_of(essay, draws=2).inputs
    values = inputs.middle()
    q = list(inputs.spec.issues).index("nuclear")
    step = next(s for s in move_kinds(inputs) if (s.actor, s.move) == ("IRN", "advance nuclear"))
    base, half, whole = (terms_of(inputs, values, (step.change(x),)) for x in (0.0, 0.5, 1.0))
    assert base.today[0, q] == pytest.approx(0.2)
    assert half.today[0, q] == pytest.approx(0.6)  # half the way to 1
    assert whole.today[0, q] == pytest.approx(1.0)
    assert np.array_equal(np.delete(whole.today, q, 1), np.delete(base.today, q, 1))
    for field in ("weight", "ideal", "low", "high", "belief", "burden", "cost"):
        assert np.array_equal(getattr(whole, field), getattr(base, field))


def test_a_lever_lies_under_what_is_told(essay: Argument, result: Bargain) -> None:
    levered = bargain_of(essay, draws=DRAWS, levers=["return-to-deal"])
    row = next(v for v in result.variants if v.name == "return-to-deal")
    assert levered.variants[0].chance == row.chance == levered.settlements[0].chance
    both = bargain_of(essay, draws=DRAWS, levers=["return-to-deal", "guarantee"])
    assert both.verdict.chance > row.chance  # more belief in what is promised
    with pytest.raises(ArgumentError, match="must be a lever of the bargain, got nothing"):
        bargain_of(essay, draws=DRAWS, levers=["nothing"])


def test_dignity_never_helps_under_pressure(essay: Argument, result: Bargain) -> None:
    base = margins(terms_of(result.inputs, result.values))
    for side in ("USA", "IRN"):
        more = margins(
            terms_of(result.inputs, result.values, (replace(NO_CHANGE, scale={f"{side}.dignity": 2.0}),))
        )
        assert (more <= base + 1e-12).all()
    calm = replace(NO_CHANGE, set={"IRN.pressure": 0.0})
    same = margins(
        terms_of(result.inputs, result.values, (calm, replace(NO_CHANGE, scale={"IRN.dignity": 2.0})))
    )
    assert (same == margins(terms_of(result.inputs, result.values, (calm,)))).all()


def test_lifting_sanctions_eases_pressure_and_moves_today(result: Bargain) -> None:
    inputs, values = result.inputs, result.values
    was = terms_of(inputs, values)
    now = terms_of(inputs, values, (replace(NO_CHANGE, lift=0.5),))
    q = list(inputs.spec.issues).index("sanctions")
    assert (now.burden[1] < was.burden[1]).all()
    assert (now.belief[1] > was.belief[1]).all()
    assert now.today[:, q] == pytest.approx(was.today[:, q] + 0.5 * (1 - was.today[:, q]))
    offset = terms_of(inputs, values, (replace(NO_CHANGE, offset=1.0, by="CHN"),))
    assert (offset.belief == was.belief).all()  # a mediator's trade restores nobody's credibility
    reach = values["CHN.reach"]
    assert offset.today[:, q] == pytest.approx(was.today[:, q] + reach * (1 - was.today[:, q]))
    added = terms_of(inputs, values, (lever_change(inputs, known_levers(inputs)["new-sanctions"]),))
    assert (added.burden[1] >= was.burden[1]).all()
    assert (added.belief[1] < was.belief[1]).all()


def test_a_variant_drops_its_demand_and_no_other(result: Bargain) -> None:
    inputs, values = result.inputs, result.values
    full = terms_of(inputs, values)
    for demand in inputs.demands:
        dropped = terms_of(inputs, values, (dropping(inputs, demand),))
        moved = (dropped.low < full.low) | (dropped.high > full.high)
        issues = {list(inputs.spec.issues)[q] for q in np.flatnonzero(moved.any(axis=0))}
        assert issues == {inputs.spec.demands[demand].issue}


def test_a_mediator_bridges_as_far_as_it_reaches(result: Bargain) -> None:
    inputs, values = result.inputs, result.values
    q = list(inputs.spec.issues).index("nuclear")
    was = terms_of(inputs, values).low[:, q]
    own = terms_of(inputs, values, (replace(NO_CHANGE, ease={"permanent-limits": 0.5}),)).low[:, q]
    lent = terms_of(inputs, values, (replace(NO_CHANGE, ease={"permanent-limits": 0.5}, by="P51"),)).low[:, q]
    assert own == pytest.approx(was - 0.5)
    assert lent == pytest.approx(was - values["P51.reach"])


def test_only_what_was_known_is_used(essay: Argument) -> None:
    spec = essay.bargain
    assert spec is not None
    assert essay.principals is not None
    before = inputs_of(spec, essay.principals, date(2018, 5, 7))
    after = inputs_of(spec, essay.principals, date(2020, 1, 17))
    assert before.demands == ()
    assert before.ranges["IRN.loss"] == (0.0, 0.2)
    assert after.ranges["IRN.loss"] == (0.6, 1.0)
    assert "no-martyr" not in known_levers(before)
    assert "no-martyr" in known_levers(after)
    assert before.ranges["nuclear.today"] == (0.45, 0.65)


def test_nothing_is_guessed(essay: Argument) -> None:
    block = essay.bargain
    assert block is not None
    bare = essay.model_copy(update={"bargain": block.model_copy(update={"draws": None})})
    with pytest.raises(ArgumentError, match="draws is required and has no default"):
        bargain_of(bare)
    silent = essay.model_copy(update={"run": essay.run.model_copy(update={"seed": None})})
    with pytest.raises(ArgumentError, match="seed is required and has no default"):
        bargain_of(silent, draws=DRAWS)
    with pytest.raises(ArgumentError, match="needs a bargain: block"):
        bargain_of(load_argument("baseline").between("USA", "IRN"), draws=DRAWS)
    assert essay.between("USA", "CUB").bargain is None


def test_order_and_scale_of_issues_in_the_file_do_not_matter(essay: Argument, result: Bargain) -> None:
    spec = result.inputs.spec
    issues = {}
    for name, issue in reversed(spec.issues.items()):
        stakes = {}
        for side, stake in issue.stakes.items():
            moved = {f: _times(getattr(stake, f), 40) for f in ("ideal", "limit") if getattr(stake, f)}
            stakes[side] = stake.model_copy(update=moved | {"weight": _times(stake.weight, 7)})
        update = {"ends": (0.0, 40.0), "today": _times(issue.today, 40), "stakes": stakes}
        issues[name] = issue.model_copy(update=update)
    demands = {n: d.model_copy(update={"at": _times(d.at, 40)}) for n, d in spec.demands.items()}
    scaled = inputs_of(
        spec.model_copy(update={"issues": issues, "demands": demands}), result.inputs.principals, result.as_of
    )
    factor = {"ideal": 40, "limit": 40, "today": 40, "at": 40, "weight": 7}
    values = {name: v * factor.get(name.rpartition(".")[2], 1) for name, v in result.values.items()}
    for changes in (
        (),
        (replace(NO_CHANGE, keep=()),),
        (replace(NO_CHANGE, ease={"relief": 0.3}, keep=("relief",)),),
    ):
        want = margins(terms_of(result.inputs, result.values, changes))
        assert margins(terms_of(scaled, values, changes)) == pytest.approx(want, abs=1e-9)


def _times(given: object, factor: float) -> object:
    later = tuple(
        part.model_copy(update={"range": tuple(factor * x for x in part.range)}) for part in given.later
    )  # type: ignore[attr-defined]
    return given.model_copy(update={"range": tuple(factor * x for x in given.range), "later": later})  # type: ignore[attr-defined]


def test_same_seed_same_numbers_and_even_cover(essay: Argument, result: Bargain) -> None:
    assert bargain_of(essay, draws=DRAWS).to_dict() == result.to_dict()
    points = low_discrepancy(1024, 5, 1)
    assert points.shape == (1024, 5)
    assert ((points > 0) & (points < 1)).all()
    assert points.mean(axis=0) == pytest.approx(np.full(5, 0.5), abs=2e-3)  # plain draws stray by .009
    assert (low_discrepancy(1024, 5, 2) != points).all()


def test_triangular_quantiles() -> None:
    u = (np.arange(20_000) + 0.5) / 20_000
    draws = of_quantiles((1.0, 2.0, 6.0), u)
    assert draws.mean() == pytest.approx(3.0, abs=1e-3)
    assert (draws <= 2.0).mean() == pytest.approx(0.2, abs=1e-3)


def test_influences_find_what_the_margin_hangs_on() -> None:
    spec = load_argument("panama-canal")
    inputs = bargain_of(spec, draws=64).inputs
    rows = influences(inputs, (), points=256, seed=1)
    assert {row.name for row in rows} == set(inputs.uncertain)
    assert rows[0].total >= rows[-1].total
    known = replace(NO_CHANGE, set={rows[0].name: inputs.ranges[rows[0].name][0]})
    again = {row.name: row.total for row in influences(inputs, (known,), points=256, seed=1)}
    assert again[rows[0].name] == pytest.approx(0, abs=1e-12)
    nothing = replace(inputs, ranges={name: r[:1] for name, r in inputs.ranges.items()})
    assert influences(nothing, (), points=64, seed=1) == ()


def test_panama_case(tmp_path: Path) -> None:
    found = bargain_of(load_argument("panama-canal"), draws=256)
    assert found.division.points == pytest.approx((66, 66))
    assert found.division.divided == "land-and-water"
    assert found.settlements[0].chance > 0
    assert set(found.settlements[0].deal) == set(found.inputs.spec.issues)


FAULTS = [
    ("by: USA\n      issue: nuclear", "by: CHN\n      issue: nuclear", "must be one of the principals"),
    ("issue: missiles", "issue: misiles", "Did you mean missiles?"),
    ("restores: {range: [0.2, 0.8]", "restores: {range: [0.2, 1.8]", "must be between 0 and 1"),
    ("at: {range: [0.6, 0.9, 1.0]", "at: {range: [0.9, 0.6, 1.0]", "must be in ascending order"),
    ("set: {USA.credibility: 0.8}", "set: {USA.credible: 0.8}", "must be an input of the bargain"),
    ("drop: [missile-limits,", "drop: [missiles,", "must be a demand of the bargain"),
    ("bridges: [nuclear]", "bridges: [bombs]", "must be an issue of the bargain"),
    ("      sacred: true", "      holy: true", "is not a field here"),
    ("taboo_share: {", "taboo: {", "is not a field here"),
]


@pytest.mark.parametrize(("old", "new", "told"), FAULTS)
def test_faults_have_their_line(tmp_path: Path, essay: Argument, old: str, new: str, told: str) -> None:
    import detente

    text = (Path(detente.__file__).parent / "data" / "us_iran" / "essay.yaml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "bad.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ArgumentError, match=told.replace("?", r"\?")) as caught:
        load_argument(path)
    assert "bad.yaml:" in str(caught.value)


def test_openings_by_date_are_those_of_each_day(essay: Argument) -> None:
    spans = openings(essay, draws=DRAWS)
    assert spans[0].start == essay.run.fit_from
    assert [a.end for a in spans[:-1]] == [b.start for b in spans[1:]]
    assert spans[-1].end is None
    for span in spans:
        assert bargain_of(essay, as_of=span.start, draws=DRAWS).verdict.chance == span.chance
    assert (spans[0].chance, spans[-1].chance) == (1.0, 0.0)
    with pytest.raises(ArgumentError, match="fit_from is required"):
        openings(load_argument("panama-canal"), draws=DRAWS)
