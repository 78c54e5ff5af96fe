"""What each mechanism says, checked on one made-up act: which features it moves, and which it must not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest

from detente.argument.blocks import FactSpec, MechanismSpec
from detente.base.days import Window
from detente.base.errors import ArgumentError
from detente.events.chronicle import Chronicle
from detente.events.phases import Phase
from detente.lab.phases import phases_of
from detente.model.compiler import compile_argument
from detente.model.layout import lay_out
from detente.model.mechanisms import mechanism_registry
from detente.model.memory import Indicator, Saturate, Schedule, Weight, memories_of
from detente.model.program import NO_ATOM
from worlds import AS_OF, among_others, baseline, embedded, essay, essay_case

DAY = date(2000, 6, 1)
DIRECTED = ("verbal-cooperation", "material-cooperation", "verbal-conflict", "pressure", "force")


FORCE = {"class": "force", "action": "ASSAULT", "intensity": -9.0}
SANCTION = {"class": "pressure", "action": "SANCTION", "intensity": -7.0}
DEED = {"class": "material-cooperation", "action": "COOPERATE", "intensity": 9.5}
YIELD = {"class": "material-cooperation", "action": "YIELD", "intensity": 5.0}
OFFICE = {"source": "O", "class": "verbal-cooperation", "action": "CONSULT", "intensity": 2.5}


def by_a(act: dict[str, Any], **fields: object) -> dict[str, Any]:
    """An act of A on B; `fields` say what is different."""
    return {"date": DAY, "source": "A", "target": "B"} | act | fields


def by_b(act: dict[str, Any], **fields: object) -> dict[str, Any]:
    return by_a(act, source="B", target="A", **fields)


def declared(kind: str, *actors: str) -> dict[str, tuple[FactSpec, ...]]:
    """A fact of each actor that holds on the day of the acts."""
    return {
        kind: tuple(FactSpec(actor=a, start=DAY, known_from=DAY, because="made up") for a in actors),
    }


def moved(
    name: str,
    acts: Sequence[dict[str, Any]] = (),
    facts: Mapping[str, tuple[FactSpec, ...]] | None = None,
    after: int = 1,
) -> set[tuple[str, str]]:
    """Return (term, channel) whose feature is not zero some days after made-up acts and facts.

    A, who locked the door, and B are the principals, F strikes for B, O is a bystander.
    """
    quiet = by_a(
        {"class": "verbal-cooperation", "action": "SUPPORT", "intensity": 1.0}, date=date(2000, 12, 1)
    )
    chronicle = Chronicle.of(pl.DataFrame([*acts, quiet]), Window(date(2000, 1, 1), date(2001, 1, 1)))
    argument = among_others(mechanisms={name: MechanismSpec()}, facts=dict(facts or {}))
    program = compile_argument(argument, chronicle, date(2001, 1, 1))
    day = program.history.window.index(DAY) + after
    out = set()
    for c, j, a, b in program.terms:
        if program.coefficients[j].mechanism == name:
            x = np.prod([program.history.atoms[atom, day] for atom in (a, b) if atom != NO_ATOM])
            if x != 0:
                out.add((program.coefficients[j].term, program.layout.channels[c].label))
    return out


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
    """Return what one act, or several of a kind, moves between the two and nobody else."""
    act = {"date": DAY, "source": source, "target": target, "class": cls, "action": action, "intensity": -9.0}
    found = moved(name, [act | {"mutual": joint}] * times, after=after)
    return {(term, label) for term, label in found if "friends" not in label and "others" not in label}


@pytest.mark.parametrize(
    ("name", "cls", "expected"),
    [
        ("momentum", "force", {("force", "A -> B force")}),
        ("momentum", "verbal-cooperation", {("cooperation_by_word", "A -> B verbal-cooperation")}),
        ("level", "pressure", {("pressure", "A -> B pressure")}),
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
        ("exchange", "force", {("received", "B -> A force")}),
        ("exchange", "verbal-conflict", set()),
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
    assert moved_by("level", "A", "B", "joint", joint=True) == {("talks", "A -- B joint")}
    assert moved_by("reprisal", "A", "B", "joint", joint=True) == set()
    attention = moved_by("attention", "B", "A", "joint", joint=True)
    assert len(attention) == 10
    assert all("joint" not in channel for _, channel in attention)


def test_the_level_reads_the_slow_clock_and_momentum_the_fast_one() -> None:
    layout, clocks = lay_out(essay(), "detente"), {"fast": 14.0, "slow": 365.0}
    for name, half_life in (("level", 365.0), ("momentum", 14.0)):
        mechanism = mechanism_registry()[name]
        uses = list(mechanism.features(layout, clocks, mechanism.settings))
        assert [channel for _, channel, _ in uses] == list(layout.channels)
        for _, channel, expression in uses:
            (memory,) = memories_of(expression)
            assert memory.half_life_days == half_life
            assert memory.feeds == ((layout.index(channel), Weight()),)


def test_an_answer_settles_the_account_of_an_exchange() -> None:
    def open_accounts(*acts: dict[str, Any], after: int = 1) -> set[str]:
        found = {channel for _, channel in moved("exchange", acts, after=after)}
        return {channel for channel in found if "friends" not in channel}

    blow, answer = by_a(FORCE), by_b(FORCE, date=DAY + timedelta(days=1))
    assert open_accounts(blow) == {"B -> A force"}
    assert open_accounts(blow, answer, after=2) == {"A -> B force"}  # A's turn
    again = by_a(FORCE, date=DAY + timedelta(days=2))
    assert open_accounts(blow, answer, again, after=3) == {"B -> A force"}
    assert open_accounts(blow, blow, answer, after=2) == {"A -> B force", "B -> A force"}
    assert open_accounts(by_a(FORCE, source="F", target="A")) == {"A -> B force"}  # for whom F strikes


def test_many_blows_are_hardly_answered_more_often_than_a_few() -> None:
    mechanism = mechanism_registry()["exchange"]
    layout = lay_out(essay(), "detente")
    uses = list(mechanism.features(layout, {}, mechanism.settings))
    labels = {channel.label for _, channel, _ in uses}
    assert labels == {"USA -> IRN force", "IRN -> USA force", "proxies -> USA force", "USA -> proxies force"}
    for _, channel, expression in uses:
        assert isinstance(expression, Saturate)
        cap = expression.cap or 0.0
        one, ten, hundred = expression.value(np.array([1.0, 10.0, 100.0]), cap)
        assert one < ten < hundred < np.log(2)
        assert hundred - ten < (ten - one) / 2
        taken = {row: weight.per_act for row, weight in expression.memory.feeds}
        assert taken[layout.index(channel)] == -1
        assert all(amount == 1 for row, amount in taken.items() if row != layout.index(channel))
    for setting in ("half_life_days", "cap"):
        with pytest.raises(ArgumentError, match=f"{setting} must be greater than 0"):
            list(mechanism.features(layout, {}, {**mechanism.settings, setting: 0.0}))


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
    mechanism = mechanism_registry()["crisis"]
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


def on_b(*terms: tuple[str, str]) -> set[tuple[str, str]]:
    return {(term, f"B -> A {cls}") for term, cls in terms}


TALKS = "A -- B joint"
KILLING = (("hostility_by_word", "verbal-conflict"), ("pressure", "pressure"), ("force", "force"))
COOPERATION = (("cooperation", "verbal-cooperation"), ("cooperation", "material-cooperation"))
STATEMENTS: list[tuple[str, list[dict[str, Any]], dict[str, Any], set[tuple[str, str]]]] = [
    ("anger", [by_a(FORCE, fatalities=5)], {}, on_b(("force", "force"), ("limited", "force"))),
    ("anger", [by_a(FORCE, fatalities=0)], {}, set()),
    ("anger", [by_a(SANCTION)], {}, set()),
    (
        "asymmetry",
        [by_a(SANCTION)],
        declared("shortage", "B"),
        on_b(("force", "force"), ("pressure", "pressure")),
    ),
    ("asymmetry", [by_a(SANCTION)], declared("shortage", "A"), set()),  # the side that presses is short
    ("asymmetry", [by_a(SANCTION)], {}, set()),
    ("broken_promises", [], declared("breach", "A"), on_b(*COOPERATION) | {("talks", TALKS)}),
    ("broken_promises", [by_a(FORCE)], {}, set()),
    ("casualties", [by_a(FORCE, fatalities=0), by_b(FORCE, fatalities=5)], {}, {("force", "A -> B force")}),
    ("casualties", [by_a(FORCE, fatalities=0), by_b(FORCE, fatalities=0)], {}, set()),
    ("casualties", [by_b(FORCE, fatalities=5)], {}, set()),  # out of the blue, no reprisal
    ("delegation", [], declared("delegated", "B"), {("partners_force", "friends -> A force")}),
    ("delegation", [], declared("delegated", "A"), set()),  # it has no partners
    ("deterrence", [by_a(FORCE)], declared("war_cost", "B"), on_b(("force", "force"))),
    ("deterrence", [by_b(FORCE)], declared("war_cost", "B"), on_b(("force", "force"))),
    ("deterrence", [], declared("war_cost", "B"), set()),
    ("evocation", [], declared("evoked", "B"), on_b(("hostility_by_word", "verbal-conflict"))),
    ("good_offices", [by_a(OFFICE)], {}, {("talks", TALKS)}),
    ("good_offices", [by_a(OFFICE), by_a(DEED)], {}, {("talks", TALKS), ("gated", TALKS)}),
    ("good_offices", [by_a(OFFICE), by_b(DEED)], {}, {("talks", TALKS)}),  # B did not lock the door
    ("good_offices", [by_a(DEED)], {}, set()),
    (
        "grit",
        [by_a(DEED)],
        {},
        on_b(
            ("words", "verbal-cooperation"),
            ("deeds", "material-cooperation"),
            ("locker_words", "verbal-cooperation"),
        )
        | {("talks", TALKS), ("locker_talks", TALKS)},
    ),
    (
        "grit",
        [by_b(DEED)],
        {},
        {("words", "A -> B verbal-cooperation"), ("deeds", "A -> B material-cooperation"), ("talks", TALKS)},
    ),
    ("humiliation", [by_a(FORCE), by_a(SANCTION)], {}, on_b(*COOPERATION)),
    ("humiliation", [by_a(FORCE)], {}, set()),
    ("humiliation", [by_a(SANCTION)], {}, set()),
    ("injuries", [], declared("injury", "B"), on_b(("hostility_by_word", "verbal-conflict"))),
    ("injuries", [], declared("evoked", "B"), set()),  # nothing to call to mind
    (
        "leaders",
        [],
        declared("election", "B"),
        on_b(("election_offers", "verbal-cooperation"), ("election_force", "force"))
        | {("election_talks", TALKS)},
    ),
    (
        "leaders",
        [],
        declared("new_leader", "B"),
        on_b(("new_leader_offers", "verbal-cooperation")) | {("new_leader_talks", TALKS)},
    ),
    ("killings", [by_a(FORCE, fatalities=5)], {}, on_b(*KILLING)),
    ("killings", [by_a(FORCE, fatalities=0, victim_rank="senior")], {}, set()),
    ("killings", [by_a(SANCTION)], {}, set()),
    ("leaders", [], declared("legacy", "B"), on_b(("legacy", "pressure"))),
    (
        "martyrdom",
        [by_a(FORCE, victim_rank="senior")],
        {},
        on_b(("concessions", "material-cooperation")) | {("talks", TALKS)},
    ),
    ("martyrdom", [by_a(FORCE, fatalities=40)], {}, set()),  # nobody of rank
    ("partners", [by_a(FORCE)], {}, {("force", "friends -> A force")}),
    ("partners", [by_a(SANCTION)], {}, {("force", "friends -> A force")}),
    ("partners", [by_b(FORCE)], {}, set()),
    ("restraint", [], declared("restraint_signal", "A"), on_b(("force", "force"))),
    ("ripeness", [], declared("stalemate", "A", "B"), {("talks", TALKS)}),
    ("ripeness", [], declared("stalemate", "A"), set()),
    (
        "sanctions_in_force",
        [by_a(SANCTION)],
        {},
        on_b(*COOPERATION, ("hostility_by_word", "verbal-conflict")),
    ),
    ("sanctions_in_force", [by_a(YIELD)], {}, on_b(("relief", "verbal-cooperation"))),
    (
        "sanctions_in_force",
        [by_a(SANCTION), by_a(YIELD)],  # one eased takes two off a stock of one
        {},
        on_b(("relief", "verbal-cooperation")),
    ),
    ("sanctions_in_force", [by_a(FORCE)], {}, set()),
    (
        "standing",
        [],
        declared("lost_standing", "B"),
        on_b(("offers", "verbal-cooperation")) | {("talks", TALKS)},
    ),
    ("zone", [], declared("zone_open", "A"), {("talks", TALKS)}),
    ("zone", [by_a(DEED)], {}, set()),
]


@pytest.mark.parametrize(
    ("name", "acts", "facts", "expected"), STATEMENTS, ids=[f"{i} {s[0]}" for i, s in enumerate(STATEMENTS)]
)
def test_made_up_acts_and_facts_move_just_these_features(
    name: str, acts: list[dict[str, Any]], facts: dict[str, Any], expected: set[tuple[str, str]]
) -> None:
    assert moved(name, acts, facts) == expected


@pytest.mark.parametrize("kind", sorted({kind for m in mechanism_registry().values() for kind in m.facts}))
def test_a_fact_moves_nothing_before_its_day(kind: str) -> None:
    (name, *_) = (m.name for m in mechanism_registry().values() if kind in m.facts)
    acts = [by_a(SANCTION, date=date(2000, 5, 1)), by_b(FORCE, date=date(2000, 5, 1))]
    facts = declared(kind, "A", "B")
    assert moved(name, acts, facts, after=-1) == moved(name, acts, {}, after=-1)
    assert moved(name, acts, facts, after=0) != moved(name, acts, {}, after=0)


def test_twelve_deaths_hold_the_indicator_of_an_answer_for_about_seven_weeks_and_one_for_thirty_days() -> (
    None
):
    def limited(deaths: int, after: int) -> bool:
        found = moved("anger", [by_a(FORCE, fatalities=deaths)], after=after)
        return ("limited", "B -> A force") in found

    assert limited(1, 30)
    assert not limited(1, 31)
    assert limited(12, 48)
    assert not limited(12, 49)


def test_relief_takes_off_the_stock_what_its_mode_says_and_never_more_than_there_is() -> None:
    acts = [by_a(SANCTION)] * 5

    def still(*relief: dict[str, Any]) -> bool:
        later = [{**act, "date": DAY + timedelta(days=1)} for act in relief]
        return ("hostility_by_word", "B -> A verbal-conflict") in moved(
            "sanctions_in_force", [*acts, *later], after=3
        )

    assert still()
    assert still(by_a(YIELD, mode="waiver"), by_a(YIELD, mode="delisting"))  # five less four
    assert not still(*[by_a(YIELD, mode="waiver")] * 3)
    assert not still(by_a(YIELD, mode="sanctions-lifted"))
    assert still(by_a(YIELD, mode="apology"))  # no sanctions eased by it


def test_every_mechanism_has_its_statements_here() -> None:
    """A new mechanism is not done before someone wrote down what one act does to it."""
    covered = {
        "momentum",
        "attention",
        "reprisal",
        "tension",
        "level",
        "grievance",
        "crisis",
        "flare",
        "exchange",
    }
    assert set(mechanism_registry()) == covered | {name for name, *_ in STATEMENTS}


def test_a_killing_of_a_leader_weighs_more_than_a_clash() -> None:
    layout = lay_out(baseline("A", "B"), "detente")
    uses = list(
        mechanism_registry()["grievance"].features(
            layout, {"generational": 7305.0}, mechanism_registry()["grievance"].settings
        )
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
    mechanism, layout = mechanism_registry()["flare"], lay_out(baseline("A", "B"), "detente")
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
    ((term, channel, chance),) = mechanism_registry()["zone"].features(layout, {}, {})
    assert (term, channel.joint) == ("talks", True)
    assert isinstance(chance, Schedule)
    assert (chance.at(fact.start), chance.at(fact.end or AS_OF)) == (fact.value, 0.0)
    early = lay_out(essay(), "detente", as_of=date(2019, 1, 1))
    assert list(mechanism_registry()["zone"].features(early, {}, {})) == []  # not yet written then
