"""What each mechanism says, checked on one made-up act: which features it moves, and which it must not."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest

from detente.argument import MechanismSpec
from detente.chronicle import Chronicle
from detente.compiler import compile_argument, lay_out
from detente.errors import ArgumentError
from detente.lab import phases_of
from detente.mechanisms import registry
from detente.memory import Indicator, Schedule
from detente.phases import Phase
from detente.program import NO_ATOM
from detente.timeline import Window
from worlds import AS_OF, baseline, embedded, essay, essay_case

DAY = date(2000, 6, 1)
DIRECTED = ("verbal-cooperation", "material-cooperation", "verbal-conflict", "pressure", "force")


def moved_by(
    name: str,
    source: str,
    target: str,
    cls: str,
    *,
    joint: bool = False,
    action: str = "ASSAULT",
    times: int = 1,
    after: int = 1,
) -> set[tuple[str, str]]:
    """Return (term, channel) whose feature is not zero some days after one act, or several."""
    rows = [
        {
            "date": DAY,
            "source": source,
            "target": target,
            "class": cls,
            "action": action,
            "intensity": -9.0,
        }
        | {"mutual": joint}
    ] * times
    chronicle = Chronicle.of(pl.DataFrame(rows), Window(date(2000, 1, 1), date(2001, 1, 1)))
    use = registry()[name]
    argument = baseline("A", "B").model_copy(update={"mechanisms": {name: MechanismSpec()}})
    program = compile_argument(argument, chronicle, date(2001, 1, 1))
    day = program.history.window.index(DAY) + after
    out = set()
    for c, j, a, b in program.terms:
        if program.coefficients[j].mechanism == use.name:
            x = np.prod([program.history.atoms[atom, day] for atom in (a, b) if atom != NO_ATOM])
            if x > 0:
                out.add((program.coefficients[j].term, program.layout.channels[c].label))
    return out


@pytest.mark.parametrize(
    ("name", "cls", "expected"),
    [
        ("momentum", "force", {("force", "A -> B force")}),
        ("momentum", "verbal-cooperation", {("cooperation_by_word", "A -> B verbal-cooperation")}),
        (
            "attention",
            "pressure",
            {
                ("other_classes", f"A -> B {cls}")
                for cls in ("verbal-cooperation", "material-cooperation", "verbal-conflict", "force")
            }
            | {("other_classes", "A -- B joint")},
        ),
        ("reprisal", "force", {("force", "B -> A force"), ("force_to_word", "B -> A verbal-conflict")}),
        (
            "reprisal",
            "verbal-conflict",
            {("hostility_by_word", "B -> A verbal-conflict"), ("word_to_force", "B -> A force")},
        ),
        (
            "reprisal",
            "material-cooperation",
            {("cooperation_by_deed", "B -> A material-cooperation")}
            | {("relief", f"B -> A {cls}") for cls in ("verbal-conflict", "pressure", "force")},
        ),
        ("reprisal", "pressure", {("pressure", "B -> A pressure")}),
        (
            "tension",
            "force",
            {
                ("hostility_by_word", "A -> B verbal-conflict"),
                ("pressure", "A -> B pressure"),
                ("force", "A -> B force"),
                ("reprisal_when_tense", "B -> A force"),
            },
        ),
        ("tension", "verbal-cooperation", set()),
        (
            "grievance",
            "force",
            {
                ("hostility_by_word", "B -> A verbal-conflict"),
                ("pressure", "B -> A pressure"),
                ("force", "B -> A force"),
                ("cooperation", "B -> A verbal-cooperation"),
                ("cooperation", "B -> A material-cooperation"),
                ("talks", "A -- B joint"),
            },
        ),
        ("grievance", "material-cooperation", set()),
        ("crisis", "force", set()),  # one ASSAULT is two points
        ("crisis", "verbal-conflict", set()),
        (
            "flare",
            "verbal-conflict",
            {("any_act", f"{a} -> {b} {cls}") for a, b in ("AB", "BA") for cls in DIRECTED}
            | {("any_act", "A -- B joint")},
        ),
    ],
)
def test_one_act_of_a_on_b_moves_just_these_features(
    name: str, cls: str, expected: set[tuple[str, str]]
) -> None:
    assert moved_by(name, "A", "B", cls) == expected


def test_talks_feed_talks_and_attention_to_everything_else() -> None:
    assert moved_by("momentum", "A", "B", "joint", joint=True) == {("talks", "A -- B joint")}
    assert moved_by("reprisal", "A", "B", "joint", joint=True) == set()
    attention = moved_by("attention", "B", "A", "joint", joint=True)
    assert len(attention) == 10
    assert all("joint" not in channel for _, channel in attention)


BOTH_FORCES = {("force", "A -> B force"), ("force", "B -> A force")}


def test_three_points_of_force_raise_both_sides_for_28_days_and_two_never_do() -> None:
    def crisis(action: str, times: int, after: int = 1) -> set[tuple[str, str]]:
        return moved_by("crisis", "A", "B", "force", action=action, times=times, after=after)

    assert crisis("COERCE", 3) == crisis("MOBILIZE", 3) == crisis("ASSAULT", 2) == BOTH_FORCES
    assert crisis("COERCE", 2) == crisis("ASSAULT", 1) == set()
    assert crisis("COERCE", 3, after=28) == BOTH_FORCES
    assert crisis("COERCE", 3, after=29) == set()
    assert crisis("SANCTION", 5) == set()


def test_crisis_counts_blows_at_proxies_once_and_moves_their_force_too() -> None:
    mechanism = registry()["crisis"]
    layout = lay_out(essay(), "detente")
    uses = list(mechanism.features(layout, {}, mechanism.settings))
    labels = {channel.label for _, channel, _ in uses}
    assert labels == {"USA -> IRN force", "IRN -> USA force", "proxies -> USA force", "USA -> proxies force"}
    memory = uses[0][2].memory  # type: ignore[union-attr]
    fed = sorted((layout.channels[c].label, w.actions, w.closeness) for c, w in memory.feeds)
    own = [(("ASSAULT",), 2.0), (("COERCE", "MOBILIZE"), 1.0)]
    expected = [(f"{pair} force", *points) for pair in ("IRN -> USA", "USA -> IRN") for points in own]
    assert fed == sorted([*expected, ("USA -> proxies force", ("ASSAULT",), 1.0)])
    with pytest.raises(ArgumentError, match="half_life_days must be greater than 0"):
        list(mechanism.features(layout, {}, {**mechanism.settings, "half_life_days": 0.0}))


def test_crisis_agrees_with_the_phase_it_stands_for() -> None:
    """On the embedded chronicle; the phase also stays on two points in 120 days, and in sieges."""
    argument = essay().model_copy(
        update={"mechanisms": {"crisis": MechanismSpec()}, "claims": (), "questions": ()}
    )
    program = compile_argument(argument, embedded(), embedded().window.end)
    atom = next(i for i, a in enumerate(program.atoms) if isinstance(a, Indicator))
    open_ = program.history.atoms[atom, 1:] > 0
    window = program.history.window
    history = phases_of(essay_case(), since=window.start, until=window.end)
    tense = history.phase[:-1] >= Phase.CRISIS
    assert (open_ == tense).mean() > 0.92
    assert tense[open_].mean() > 0.75


def test_every_mechanism_has_its_statements_here() -> None:
    """A new mechanism is not done before someone wrote down what one act does to it."""
    covered = {"momentum", "attention", "reprisal", "tension", "grievance", "crisis", "flare"}
    assert set(registry()) == covered


def test_a_killing_of_a_leader_weighs_more_than_a_clash() -> None:
    layout = lay_out(baseline("A", "B"), "detente")
    uses = list(
        registry()["grievance"].features(layout, {"generational": 7305.0}, registry()["grievance"].settings)
    )
    _, _, expression = next(use for use in uses if use[0] == "force")
    weight = expression.memory.feeds[0][1]  # type: ignore[union-attr]
    assert weight.of(intensity=-9.5, rank="leader", deaths=10) > 5 * weight.of(intensity=-9.5, deaths=1)


def test_a_flare_takes_every_act_between_the_two_and_no_other() -> None:
    """Acts of a week ago hardly count, and the acts of third parties and proxies not at all."""
    program = compile_argument(essay(), embedded(), AS_OF)
    j = next(i for i, c in enumerate(program.coefficients) if c.mechanism == "flare")
    (atom,) = {a for _, coefficient, a, _ in program.terms if coefficient == j}
    feeds = program.atoms[atom].memory.feeds  # type: ignore[union-attr]
    between = [
        i for i, c in enumerate(program.layout.channels) if {c.source.name, c.target.name} == {"USA", "IRN"}
    ]
    assert sorted(row for row, _ in feeds) == between
    on = sorted(c for c, coefficient, _, _ in program.terms if coefficient == j)
    assert on == between
    counts = program.history.counts[between].sum(axis=0)
    memory = program.atoms[atom].memory  # type: ignore[union-attr]
    assert memory.half_life_days == 3
    day = program.history.window.index(date(2020, 1, 8))
    expected = sum(counts[day - k] * 2.0 ** (-k / 3) for k in range(1, 200))
    assert program.history.memory_rows[program.memories.index(memory)][day] == pytest.approx(
        expected, rel=1e-6
    )


def test_a_flare_is_over_in_days_and_refuses_a_half_life_of_nothing() -> None:
    """Three half-lives later an eighth is left; a setting of 0 has no memory to decay."""
    mechanism, layout = registry()["flare"], lay_out(baseline("A", "B"), "detente")
    _, _, expression = next(iter(mechanism.features(layout, {}, mechanism.settings)))
    assert expression.memory.decay**9 == pytest.approx(1 / 8)  # type: ignore[union-attr]
    _, _, longer = next(iter(mechanism.features(layout, {}, {"half_life_days": 4.0})))
    assert longer.memory.half_life_days == 4  # type: ignore[union-attr]
    with pytest.raises(ArgumentError, match=r"flare\.half_life_days must be greater than 0"):
        list(mechanism.features(layout, {}, {"half_life_days": 0.0}))


def test_an_open_zone_is_a_declared_schedule_that_no_argument_uses_unasked() -> None:
    assert "zone" not in essay().mechanisms
    (fact,) = essay().facts["zone_open"]
    layout = lay_out(essay(), "detente")
    ((term, channel, chance),) = registry()["zone"].features(layout, {}, {})
    assert (term, channel.joint) == ("talks", True)
    assert isinstance(chance, Schedule)
    assert (chance.at(fact.start), chance.at(fact.end or AS_OF)) == (fact.value, 0.0)
    early = lay_out(essay(), "detente", as_of=date(2019, 1, 1))
    assert list(registry()["zone"].features(early, {}, {})) == []  # not yet written then
