"""Each condition of a claim, one by one, on made-up acts of A and B."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from detente.argument.blocks import FactSpec
from detente.argument.claim_blocks import CONDITIONS
from detente.base.days import Window
from detente.events.chronicle import Chronicle
from detente.model.known import Known, read_known
from detente.report.text.claims import episode_text
from detente.studies.claims.episodes import APART, EPISODES_OF, episodes
from worlds import AS_OF, among_others, embedded, essay

START, END = date(2000, 1, 1), date(2002, 1, 1)
FORCE = {"class": "force", "action": "ASSAULT", "intensity": -9.0}
SANCTION = {"class": "pressure", "action": "SANCTION", "intensity": -7.0}
OFFICE = {
    "source": "O",
    "class": "verbal-cooperation",
    "action": "CONSULT",
    "mode": "mediation",
    "intensity": 2.5,
}


def act(day: int, kind: dict[str, Any] = FORCE, **fields: object) -> dict[str, Any]:
    """An act of A on B so many days after the start."""
    return {"date": START + timedelta(days=day), "source": "A", "target": "B"} | kind | fields


def back(day: int, kind: dict[str, Any] = FORCE, **fields: object) -> dict[str, Any]:
    return act(day, kind, source="B", target="A", **fields)


def known_of(acts: Sequence[dict[str, Any]], facts: dict[str, tuple[FactSpec, ...]] | None = None) -> Known:
    argument = among_others(facts=facts or {})
    return read_known(argument, Chronicle.of(pl.DataFrame([*acts]), Window(START, END)), END)


def days_of(condition: str, acts: Sequence[dict[str, Any]], **more: Any) -> list[int]:
    known = known_of(acts, more.get("facts"))
    found = episodes(among_others(), known, [condition], more.get("during"))
    return [(e.day - START).days for e in found]


def fact(actor: str, start: int, end: int | None = None) -> FactSpec:
    first = START + timedelta(days=start)
    last = None if end is None else START + timedelta(days=end)
    return FactSpec(actor=actor, start=first, end=last, known_from=first, because="made up")


def test_every_condition_an_argument_may_name_has_a_rule_here() -> None:
    assert sorted(EPISODES_OF) == sorted(CONDITIONS)


@pytest.mark.parametrize(
    ("condition", "acts", "expected"),
    [
        ("loss", [act(10, victim_rank="senior"), act(100, victim_rank="leader")], [10, 100]),
        ("loss", [act(10, fatalities=10), back(200, fatalities=11)], [10, 200]),
        ("loss", [act(10, victim_rank="officer"), act(100, fatalities=9), act(200)], []),
        ("loss", [act(10, SANCTION, fatalities=50), act(100, source="F", target="A", fatalities=50)], [100]),
        ("ranked loss", [act(10, victim_rank="officer"), act(100, fatalities=500)], [10]),
        ("deaths at home", [act(10, fatalities=1), back(100, fatalities=0)], [10]),
        ("deaths at home", [act(200, source="F", target="A", fatalities=1)], [200]),
        ("loss", [act(10, fatalities=10, fatalities_of="A"), act(20, fatalities=10)], [10, 20]),  # one on each side
        ("loss", [act(10, fatalities=10, fatalities_of="O"), act(90, victim_rank="senior", fatalities_of="O")], []),
        ("ranked loss", [act(10, victim_rank="senior", fatalities_of="A"), act(20, victim_rank="officer")], [10, 20]),
        ("deaths at home", [act(10, fatalities=8, fatalities_of="A"), back(20, fatalities=1)], [10]),
        ("reprisals", [act(10), back(40)], [40]),
        ("reprisals", [act(10), back(41)], []),
        ("reprisals", [act(10), act(20)], []),
        ("reprisals", [act(10, source="F", target="A"), act(20)], [20]),  # the partner's blow is answered
        ("reprisals", [act(10), act(20, source="F", target="A")], []),  # the partner's is no answer of a principal
        ("pressure wave", [act(d, SANCTION) for d in (10, 20, 37)], [37]),
        ("pressure wave", [act(d, SANCTION) for d in (10, 20, 38)], []),
        ("pressure wave", [act(10, SANCTION), back(11, SANCTION), act(12, SANCTION)], []),  # on one side each
        ("third parties", [act(10, OFFICE), act(100, OFFICE, target="O", source="A")], [10]),
        ("third parties", [act(100, OFFICE, mode="visit"), act(200, OFFICE, mode=None)], []),
        ("crisis begins", [act(10), back(20)], [20]),
        ("crisis begins", [act(10)], []),
    ],
)  # fmt: skip
def test_acts_fulfil_the_condition_on_these_days(
    condition: str, acts: list[dict[str, Any]], expected: list[int]
) -> None:
    assert days_of(condition, acts) == expected


def test_under_four_classes_sanctions_among_material_conflict_make_a_wave() -> None:
    sanction = {"class": "material-conflict", "action": "SANCTION", "intensity": -7.0}
    blow = sanction | {"action": "ASSAULT"}

    def wave(*kinds: dict[str, Any]) -> int:
        acts = [act(10 + i, kind) for i, kind in enumerate(kinds)]
        chronicle = Chronicle.of(pl.DataFrame(acts), Window(START, END), "quad")
        known = read_known(among_others(), chronicle, END)
        return len(episodes(among_others(), known, ["pressure wave"], None))

    assert wave(sanction, sanction, sanction) == 1
    assert wave(sanction, blow, sanction) == 0


def test_a_declared_fact_is_an_episode_on_its_first_day() -> None:
    facts = {"breach": (fact("A", 50), fact("B", 300))}
    assert days_of("breach", [act(1)], facts=facts) == [50, 300]
    assert days_of("election", [act(1)], facts=facts) == []


def test_two_within_eight_weeks_are_one_and_the_count_starts_from_the_last_one_kept() -> None:
    days = (10, 65, 66, 121, 122)
    assert days_of("loss", [act(d, fatalities=20) for d in days]) == [10, 66, 122]
    assert timedelta(days=56) == APART


def test_the_eight_weeks_are_counted_on_each_side() -> None:
    rocket, killing = act(10, source="F", target="A", fatalities=1), act(17, fatalities=10)
    assert days_of("deaths at home", [rocket, killing, back(20, fatalities=1), act(30, fatalities=1)]) == [
        10,
        17,
    ]
    waves = [act(d, SANCTION) for d in (10, 11, 12)] + [back(d, SANCTION) for d in (20, 21, 22)]
    assert days_of("pressure wave", waves) == [12, 22]
    facts = {"breach": (fact("A", 50), fact("B", 60), fact("B", 70))}
    assert days_of("breach", [act(1)], facts=facts) == [50, 60]
    found = episodes(among_others(), known_of([rocket, killing]), ["deaths at home"], None)
    assert [e.side for e in found] == ["A", "B"]


def test_an_unknown_toll_is_an_episode_where_the_fit_counts_a_death_for_it() -> None:
    deadly = [act(d, fatalities=5) for d in (300, 301, 302)]
    harmless = [act(d, fatalities=0) for d in (300, 301, 302)]
    assert days_of("deaths at home", [act(10), *deadly]) == [10, 300]
    assert days_of("deaths at home", [act(10), *harmless]) == []
    assert days_of("loss", [act(10), *deadly]) == []  # not as many as ten
    (first, _) = episodes(among_others(), known_of([act(10), *deadly]), ["deaths at home"], None)
    assert episode_text(first) == "an attack whose toll is not recorded"
    run = among_others().run.model_copy(update={"unknown_deaths": "exclude"})
    exclude = among_others().model_copy(update={"run": run})
    found = episodes(exclude, known_of([act(10), *deadly]), ["deaths at home"], None)
    assert [(e.day - START).days for e in found] == [300]


def test_the_rocket_of_december_2019_does_not_hide_the_killing_of_january() -> None:
    known = read_known(essay(), embedded(), AS_OF)
    found = {e.day: e.side for e in episodes(essay(), known, ["deaths at home"], None)}
    assert found[date(2019, 12, 27)] == "USA"
    assert found[date(2020, 1, 3)] == "IRN"


def test_during_keeps_the_days_on_which_a_fact_holds() -> None:
    acts = [act(d, fatalities=20) for d in (10, 100, 200, 300)]
    facts = {"shortage": (fact("B", 100, 200), fact("A", 300))}
    assert days_of("loss", acts, facts=facts, during="shortage") == [100, 300]
    assert days_of("loss", acts, during="shortage") == []


def test_acts_of_vague_date_and_days_not_fitted_are_no_episodes() -> None:
    assert days_of("loss", [act(10, fatalities=20, precision="month"), act(100, fatalities=20)]) == [100]
    argument = among_others()
    late = argument.model_copy(
        update={"run": argument.run.model_copy(update={"fit_from": START + timedelta(days=50)})}
    )
    chronicle = Chronicle.of(
        pl.DataFrame([act(10, fatalities=20), act(100, fatalities=20)]), Window(START, END)
    )
    known = read_known(late, chronicle, END)
    assert [(e.day - START).days for e in episodes(late, known, ["loss"], None)] == [100]
    early = read_known(argument, chronicle, START + timedelta(days=100))  # nothing on or after as_of
    assert [(e.day - START).days for e in episodes(argument, early, ["loss"], None)] == [10]


def test_several_conditions_are_one_list_in_order_of_days() -> None:
    acts = [act(10, fatalities=20), act(100, OFFICE)]
    known = known_of(acts, {"breach": (fact("A", 200),)})
    found = episodes(among_others(), known, ["breach", "third parties", "loss"], None)
    assert [episode_text(e) for e in found] == ["20 deaths", "good offices", "declared breach of A"]
    assert found[0].act is not None
    assert found[0].act["fatalities"] == 20
    assert found[2].act is None


def test_the_killing_of_3_january_is_the_last_loss_of_the_embedded_chronicle_by_the_essays_day() -> None:
    found = episodes(essay(), read_known(essay(), embedded(), AS_OF), ["ranked loss"], None)
    assert found[-1].day == date(2020, 1, 3)
    assert (found[-1].kind, found[-1].what) == ("rank", "senior")
