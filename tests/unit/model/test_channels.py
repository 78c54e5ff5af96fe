from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.argument.blocks import FactSpec
from detente.base.errors import ArgumentError
from detente.lab.arguments import load_argument
from detente.model.channels import Layout
from detente.model.layout import lay_out
from worlds import baseline, embedded, essay


def rows(*acts: tuple[str, str, str, str, str, str]) -> pl.DataFrame:
    names = ["date", "source", "target", "class", "action", "mode"]
    return pl.DataFrame(acts, schema=names, orient="row").with_columns(pl.col("date").str.to_date())


def test_the_essay_has_seventeen_channels_on_six_classes() -> None:
    labels = [channel.label for channel in lay_out(essay(), "detente").channels]
    assert len(labels) == 17
    assert labels[10] == "USA -- IRN joint"
    assert "proxies -> USA force" in labels
    assert "good offices" in labels


def test_a_quad_scheme_has_no_joint_channel_and_merges_pressure_and_force() -> None:
    layout = lay_out(baseline(), "quad")
    assert [c.label for c in layout.channels][:4] == [
        "USA -> IRN verbal-cooperation",
        "USA -> IRN material-cooperation",
        "USA -> IRN verbal-conflict",
        "USA -> IRN material-conflict",
    ]
    assert len(layout.channels) == 8
    assert not list(layout.joint())
    assert len(list(lay_out(essay(), "quad").channels)) == 14


def test_acts_find_their_channel() -> None:
    layout = lay_out(essay(), "detente")
    found = layout.assign(
        rows(
            ("2020-01-03", "USA", "IRN", "force", "ASSAULT", "airstrike"),
            ("2020-03-11", "IRQ-KH", "USA", "force", "ASSAULT", "rocket"),
            ("2020-03-11", "IRN", "USA", "joint", "CONSULT", "talks"),
            ("2020-03-11", "OMN", "IRN", "material-cooperation", "COOPERATE", "mediation"),
            ("2020-03-11", "OMN", "IRN", "material-cooperation", "COOPERATE", "trade"),
            ("2020-03-11", "FRA", "DEU", "verbal-conflict", "ACCUSE", "statement"),
        )
    )
    labels = [layout.channels[i].label if i >= 0 else None for i in found]
    expected = ["USA -> IRN force", "proxies -> USA force", "USA -- IRN joint", "good offices", None, None]
    assert labels == expected


def test_agents_talk_for_their_principal_while_the_agency_lasts_and_not_after() -> None:
    layout = lay_out(essay(), "detente")
    acts = rows(
        ("2008-07-18", "P51", "IRN", "joint", "CONSULT", "talks"),
        ("2008-07-19", "P51", "IRN", "joint", "CONSULT", "talks"),
        ("2018-05-08", "IRN", "P51", "joint", "AGREE", "accord"),
        ("2018-05-09", "IRN", "P51", "joint", "AGREE", "accord"),
        ("1995-01-01", "IRN", "IAEA", "pressure", "REJECT", "enrichment"),
        ("1995-01-01", "IAEA", "IRN", "pressure", "SANCTION", "resolution"),
    )
    spoken = layout.attribute(acts)
    assert spoken["source"].to_list() == ["P51", "USA", "IRN", "IRN", "IRN", "IAEA"]
    assert spoken["target"].to_list() == ["IRN", "IRN", "USA", "P51", "USA", "IRN"]


def test_received_acts_count_proxies_with_their_closeness() -> None:
    layout = lay_out(essay(), "detente")
    by_label = {c.label: c for c in layout.channels}
    received = {c.label: w for c, w in layout.received(by_label["USA -> IRN force"], "force")}
    assert received == {"IRN -> USA force": 1.0, "proxies -> USA force": 0.5}
    back = {c.label: w for c, w in layout.received(by_label["proxies -> USA force"], "force")}
    assert back == {"USA -> IRN force": 0.5, "USA -> proxies force": 1.0}


def test_an_argument_without_principals_asks_for_them() -> None:
    with pytest.raises(ArgumentError, match=r"principals is required.*Give principals"):
        lay_out(load_argument("baseline"), "detente")


def test_most_of_the_chronicle_since_1979_lies_in_a_channel() -> None:
    layout = lay_out(essay(), "detente")
    events = embedded().events.filter(pl.col("date") >= date(1979, 1, 1))
    assert (layout.assign(layout.attribute(events)) >= 0).mean() > 0.7


DAYS = st.integers(0, 600).map(lambda d: date(2020, 1, 1) + timedelta(days=d))


def fact(actor: str, start: date, end: date | None, value: float, known_from: date | None = None) -> FactSpec:
    return FactSpec(
        actor=actor, start=start, end=end, value=value, known_from=known_from or start, because="made up"
    )


def with_facts(*facts: FactSpec, as_of: date | None = None) -> Layout:
    argument = baseline("A", "B").model_copy(update={"facts": {"breach": facts}})
    return lay_out(argument, "detente", as_of)


FACTS = st.lists(
    st.builds(
        lambda actor, start, days, value: fact(
            actor, start, None if days is None else start + timedelta(days=days), value
        ),
        st.sampled_from("AB"),
        DAYS,
        st.none() | st.integers(1, 300),
        st.floats(0, 3),
    ),
    max_size=5,
)


@given(FACTS, DAYS)
def test_a_level_is_the_sum_of_what_holds_on_the_day(facts: list[FactSpec], day: date) -> None:
    for actors in (("A",), ("A", "B")):
        own = [f for f in facts if f.actor in actors]
        level = with_facts(*facts).level("breach", *actors)
        assert (level is None) == (not own)
        holds = sum(f.value for f in own if f.start <= day and (f.end is None or day < f.end))
        assert level is None or level.at(day) == pytest.approx(holds)


@given(FACTS, DAYS)
def test_a_fading_fact_halves_with_its_half_life_and_is_gone_on_the_day_it_ends(
    facts: list[FactSpec], day: date
) -> None:
    fading = with_facts(*facts).fading("breach", 100.0, "A")
    own = [f for f in facts if f.actor == "A"]
    assert (fading is None) == (not own)
    holds = sum(
        f.value * 2.0 ** (-(day - f.start).days / 100)
        for f in own
        if f.start <= day and (f.end is None or day < f.end)
    )
    assert fading is None or fading.at(day) == pytest.approx(holds, abs=1e-9)


def test_a_fact_may_be_used_from_the_day_it_is_known_from_and_by_its_kind_alone() -> None:
    late = fact("A", date(2020, 1, 1), None, 1.0, known_from=date(2020, 6, 1))
    assert with_facts(late, as_of=date(2020, 5, 31)).facts == ()
    layout = with_facts(late, as_of=date(2020, 6, 1))
    level = layout.level("breach", "A")
    assert level is not None
    assert level.at(date(2020, 1, 1)) == 1.0  # what is known then may be of before
    assert layout.level("election", "A") is layout.fading("election", 1.0, "A") is None


def test_talks_are_the_joint_channel_or_where_there_is_none_friendly_words_of_both() -> None:
    assert [c.label for c in lay_out(baseline("A", "B"), "detente").talks()] == ["A -- B joint"]
    quad = lay_out(baseline("A", "B"), "quad")
    assert [c.label for c in quad.talks()] == ["A -> B verbal-cooperation", "B -> A verbal-cooperation"]


def test_third_parties_are_bystanders_kind_to_both_at_once() -> None:
    assert [c.label for c in lay_out(essay(), "detente").third_parties()] == ["good offices"]
    assert list(lay_out(baseline("A", "B"), "detente").third_parties()) == []


def test_an_end_is_not_used_before_it_could_be_known() -> None:
    known_later = fact("A", date(2001, 1, 1), date(2003, 1, 1), 1.0).model_copy(
        update={"known_from": date(2001, 1, 1), "end_known_from": date(2003, 1, 1)}
    )
    after_the_end = date(2004, 1, 1)
    for as_of, left in ((date(2002, 12, 31), 1.0), (date(2003, 1, 1), 0.0), (None, 0.0)):
        level = with_facts(known_later, as_of=as_of).level("breach", "A")
        assert level is not None
        assert level.at(after_the_end) == left
