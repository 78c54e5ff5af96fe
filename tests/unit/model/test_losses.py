"""Whose dead an act's are, as memories count them: on made-up acts of A and B, and on the embedded chronicle."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest

from detente.argument.blocks import AgentSpec, ChannelSpec, RunSpec
from detente.base.days import Window
from detente.events.chronicle import Chronicle
from detente.model.compiler import compile_argument
from detente.model.known import Known, read_known
from detente.model.memory import Memory, Weight
from worlds import AS_OF, among_others, embedded, essay

START = date(2000, 1, 1)
END = START + timedelta(days=400)
RAID = {"date": START, "source": "A", "target": "B", "class": "force", "action": "ASSAULT", "intensity": -9.0}
DEAL = {"date": START, "source": "A", "target": "B", "class": "joint", "action": "AGREE", "mode": "accord"}


def known_of(*acts: dict[str, Any], **update: Any) -> Known:
    argument = among_others(**update)
    return read_known(argument, Chronicle.of(pl.DataFrame([*acts]), Window(START, END)), END)


def lost(
    known: Known, source: str, target: str, act: int = 0, *, impute: bool = True, **weight: Any
) -> float:
    """Return what an act adds to the memory of deaths that a side suffered from another."""
    layout = known.layout
    (channel,) = (c for c in layout.sided("force") if (c.source.name, c.target.name) == (source, target))
    grief = Memory(30.0, ((layout.index(channel), Weight(per_act=0.0, per_log_death=1.0, **weight)),))
    return sum(float(amount[0]) for _, amount in known.amounts((grief,), impute=impute, acts=[act]))


@pytest.mark.parametrize(
    ("dead", "of_a", "of_b"),
    [(None, 0, 8), ("B", 0, 8), ("mixed", 0, 8), ("A", 8, 0), ("F", 0, 0), ("O", 0, 0), ("NOBODY", 0, 0)],
)
def test_deaths_enter_the_memory_of_the_side_that_lost_people(dead: str | None, of_a: int, of_b: int) -> None:
    known = known_of(RAID | {"fatalities": 8, "fatalities_of": dead})
    of_each = lost(known, "B", "A"), lost(known, "A", "B")
    assert of_each == pytest.approx((np.log1p(of_a), np.log1p(of_b)))


def test_dead_partners_are_remembered_where_the_argument_has_a_channel_to_them() -> None:
    both_ways = (*among_others().channels, ChannelSpec(source="A", target="friends", role="force"))
    raid = RAID | {"fatalities": 8, "fatalities_of": "F"}
    known = known_of(raid, raid | {"source": "F", "target": "A"}, channels=both_ways)
    for act in (0, 1):  # killed by A, and fallen in their own attack on A
        assert lost(known, "A", "friends", act) == pytest.approx(np.log1p(8))
        assert lost(known, "A", "B", act) == lost(known, "friends", "A", act) == 0.0


def test_the_act_itself_stays_with_its_target_whoever_died() -> None:
    known = known_of(RAID | {"fatalities": 8, "fatalities_of": "A"})
    assert known.channel_of.tolist() == [
        known.layout.index(next(c for c in known.layout.directed("force") if c.source.name == "A"))
    ]
    assert known.counts.sum() == 1


def test_people_lost_in_an_act_of_ones_own_are_no_casualties_of_the_others_reprisal() -> None:
    known = known_of(RAID | {"fatalities": 8, "fatalities_of": "A"}, RAID | {"fatalities": 3})
    assert lost(known, "B", "A", only_caused=True) == 0.0
    assert lost(known, "A", "B", act=1, only_caused=True) == pytest.approx(np.log1p(3))


def test_a_leader_killed_on_anothers_ground_is_not_the_targets_loss_and_teaches_futures_no_such_loss() -> (
    None
):
    known = known_of(RAID | {"fatalities_of": "O", "victim_rank": "leader"})
    ranked = {"rank_factors": (1.0, 3.0, 5.0), "unranked": 0.0}
    assert lost(known, "A", "B", **ranked) == 0.0
    assert known.acts.looks["victim_rank"].null_count() == known.acts.looks.height
    own = known_of(RAID | {"fatalities_of": "B", "victim_rank": "leader"})
    assert lost(own, "A", "B", **ranked) > 0.0
    assert "leader" in own.acts.looks["victim_rank"].to_list()


def test_what_acts_cost_their_targets_is_not_learnt_from_the_dead_of_those_who_acted() -> None:
    seize = RAID | {"action": "COERCE", "intensity": -7.0}
    known = known_of(seize | {"fatalities": 2, "fatalities_of": "A"}, seize)
    assert known.acts.death_chance.max() == 0.0
    assert known_of(seize | {"fatalities": 2, "fatalities_of": "B"}, seize).acts.death_chance.max() > 0.5


def test_an_unknown_toll_weighs_what_acts_of_its_kind_cost_for_whoever_lost_people() -> None:
    seen = [RAID | {"fatalities": 5}] * 3
    for dead, ends in ((None, ("A", "B")), ("A", ("B", "A"))):
        known = known_of(*seen, RAID | {"fatalities_of": dead})
        assert lost(known, *ends, act=3) == pytest.approx(known.log_deaths(impute=True)[3])
        assert known.log_deaths(impute=True)[3] > 0 == lost(known, *ends, act=3, impute=False)


def test_the_dead_of_the_raid_of_april_1980_are_american() -> None:
    known = read_known(essay(), embedded(), AS_OF)
    events = known.chronicle.events
    raid = events.with_row_index("i").filter(pl.col("mode") == "rescue-raid")["i"].item()
    assert lost(known, "IRN", "USA", raid) == pytest.approx(np.log1p(8))
    assert lost(known, "USA", "IRN", raid) == 0.0
    unlike = known.channel_of != known.lost_in
    assert events.filter(pl.Series(unlike))["fatalities_of"].null_count() == 0


def test_memories_of_a_program_hold_them() -> None:
    rows = [RAID | {"fatalities": 8, "fatalities_of": dead} for dead in ("A", "B")]

    def slow(act: dict[str, Any]) -> dict[str, float]:
        chronicle = Chronicle.of(pl.DataFrame([act]), Window(START, END))
        program = compile_argument(among_others(run=RunSpec(unknown_deaths="exclude")), chronicle, END)
        return {
            who: float(program.initial[row])
            for (who, clock), row in program.watched.items()
            if clock == "slow"
        }

    own_dead, theirs = (slow(act) for act in rows)
    assert own_dead["A"] > 0 == theirs["A"]
    assert own_dead["B"] < theirs["B"]


# --- one deal, once -------------------------------------------------------------------------------------------------

AGENT = {"agents": (AgentSpec(agents=("O",), acts_for="A", partner="B", roles=("talks", "pressure")),)}


def acts_of(*acts: dict[str, Any]) -> list[str]:
    known = known_of(*({"summary": f"act {i}"} | act for i, act in enumerate(acts)), **AGENT)
    return known.chronicle.events["summary"].to_list()


def test_a_deal_of_an_agent_and_of_its_principal_is_one() -> None:
    assert acts_of(DEAL | {"source": "O"}, DEAL) == ["act 1"]
    assert acts_of(DEAL, DEAL | {"source": "B", "target": "O"}) == ["act 0"]
    assert known_of(DEAL | {"source": "O"}, DEAL, **AGENT).counts.sum() == 1


def test_acts_are_named_by_their_rows_as_they_were_known() -> None:
    acts = (DEAL | {"source": "O"}, DEAL, RAID | {"date": START + timedelta(days=3), "fatalities": 8})
    known = known_of(*acts, **AGENT)
    assert known.place.tolist() == [-1, 0, 1]
    assert lost(known, "A", "B", act=2) == pytest.approx(np.log1p(8))
    assert lost(known, "A", "B", act=0) == 0.0


def test_what_only_looks_like_the_same_deal_stays() -> None:
    other_day = DEAL | {"date": START + timedelta(days=1)}
    for unlike in (other_day, DEAL | {"mode": "roadmap"}, DEAL | {"action": "CONSULT"}):
        assert acts_of(DEAL | {"source": "O"}, unlike) == ["act 0", "act 1"]
    assert acts_of(DEAL, DEAL) == ["act 0", "act 1"]  # the principal's own rows are two acts
    assert acts_of(DEAL | {"source": "O"}, DEAL | {"source": "O"}) == ["act 0", "act 1"]


def test_directed_acts_are_one_only_if_the_summaries_agree() -> None:
    ban = RAID | {"class": "pressure", "action": "SANCTION", "mode": "embargo"}
    assert acts_of(ban | {"source": "O"}, ban) == ["act 0", "act 1"]
    assert acts_of(ban | {"source": "O", "summary": "ban"}, ban | {"summary": "ban"}) == ["ban"]
    assert acts_of(*(ban | {"source": source, "summary": None} for source in ("O", "A"))) == [None, None]


def test_the_deal_of_july_2015_is_counted_once() -> None:
    known = read_known(essay(), embedded(), AS_OF)
    (talks,) = known.layout.joint()
    day = known.window.index(date(2015, 7, 14))
    assert known.counts[known.layout.index(talks), day] == 1
