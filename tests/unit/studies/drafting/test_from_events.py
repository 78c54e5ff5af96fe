"""Proposing an argument: what events suggest of parties and eras, what came later changes nothing, the file runs."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from detente.base.days import Window
from detente.base.errors import ArgumentError, DataError
from detente.events.breaks import find_breaks
from detente.events.chronicle import Chronicle
from detente.events.files.embedded import load_embedded
from detente.events.provenance import Provenance
from detente.lab.arguments import load_argument
from detente.lab.case import Case
from detente.lab.run import run
from detente.model.fit_cache import fitted
from detente.model.known import read_known
from detente.studies.bargain.bargain import bargain_of
from detente.studies.drafting.from_events import propose
from detente.studies.drafting.templates import BLOCKS, templates_for

START = date(2001, 1, 1)
FRIENDLY, FORCE = ("verbal-cooperation", 4.0), ("material-conflict", -9.0)


def chronicle(rows, days, declared=True, scheme="quad"):
    frame = pl.DataFrame(
        [
            {
                "date": START + timedelta(days=int(day)),
                "source": source,
                "target": target,
                "class": kind,
                "intensity": tone,
                "action": "CONSULT" if tone > 0 else "ASSAULT",
                "mode": more[0] if more else None,
                "fatalities": more[1] if more else None,
            }
            for day, source, target, (kind, tone), *more in rows
        ],
        schema_overrides={"mode": pl.String, "fatalities": pl.Int64},
    )
    provenance = Provenance("made.csv", "cameo", rows_read=len(rows), window_declared=declared)
    return Chronicle.of(frame, Window(START, START + timedelta(days=days)), scheme, provenance=provenance)


def world(days=900, seed=1, step=1.0):
    """Two principals, a mediator, an armed friend of B, and bystanders whose acts step up by a factor."""
    rng = np.random.default_rng(seed)
    rows = []
    for day in range(days):
        more = step if day >= days // 2 else 1.0
        rows += [(day, "AAA", "BBB", FORCE)] * rng.poisson(0.2)
        rows += [(day, "BBB", "AAA", FRIENDLY)] * rng.poisson(0.2)
        for one in ("AAA", "BBB"):
            rows += [(day, "MED", one, FRIENDLY)] * rng.poisson(0.1)
        rows += [(day, "GRP-X", "AAA", FORCE)] * rng.poisson(0.1)
        rows += [(day, "BBB", "GRP-X", FRIENDLY)] * rng.poisson(0.1)
        rows += [(day, "AAAMIL", "BBB", FRIENDLY)] * rng.poisson(0.3)
        rows += [(day, "CCC", "DDD", FRIENDLY)] * rng.poisson(2 * more)
    return chronicle(rows, days)


def test_parties_come_from_what_actors_did():
    made = propose(world(), ("AAA", "BBB"))
    assert made.offices.members == ("MED",)
    assert made.foes["AAA"].members == ("GRP-X",)
    assert made.foes["BBB"].members == ()
    assert made.argument.parties["friends-of-BBB"].members == ("GRP-X",)
    assert made.argument.parties["friends-of-BBB"].ally_of == "BBB"
    assert made.patrons == {"GRP-X": "BBB"}
    assert "AAAMIL" in made.text


def test_who_kills_is_found_without_an_act_with_the_other():
    """An armed group with few acts and most of the deaths, and no act with its patron in the file, is a foe."""
    rows = [(day, *ends, FORCE) for day in range(0, 600, 7) for ends in (("AAA", "BBB"), ("BBB", "AAA"))]
    rows += [(day, "GANG", "AAA", FORCE, "bombing", 40) for day in (50, 300)]
    rows += [(day, "NOISE", "AAA", FORCE, None, 0) for day in (51, 301)]
    made = propose(chronicle(rows, 600), ("AAA", "BBB"))
    assert (made.foes["AAA"].members, made.foes["AAA"].deaths) == (("GANG",), (80,))
    assert made.argument.parties["foes-of-AAA"].ally_of is None
    assert "GANG 2 (80 deaths)" in made.text


def test_a_foe_of_both_is_the_foe_of_whom_it_fights_more():
    rows = [(day, "AAA", "BBB", FORCE) for day in range(0, 600, 7)]
    rows += [(day, "GANG", "AAA", FORCE) for day in range(20)] + [
        (day, "GANG", "BBB", FORCE) for day in range(9)
    ]
    made = propose(chronicle(rows, 600), ("AAA", "BBB"))
    assert (made.foes["AAA"].members, made.foes["BBB"].members) == (("GANG",), ())


def test_mediation_is_told_by_its_mode_where_the_codebook_has_it():
    rows = [(day, "AAA", "BBB", FORCE) for day in range(0, 600, 7)]
    rows += [
        (day, "SELLER", one, FRIENDLY, "arms-delivery") for day in range(0, 600, 9) for one in ("AAA", "BBB")
    ]
    rows += [(day, "GOBETWEEN", "AAA", FRIENDLY, "mediation") for day in (100, 200)]
    rows = [(*row, *([None] * (6 - len(row)))) for row in rows]
    made = propose(chronicle(rows, 600), ("AAA", "BBB"))
    assert (made.offices.members, made.offices.modes) == (("GOBETWEEN",), ("mediation",))
    assert made.argument.channels[0].modes == ("mediation",)
    assert "good_offices" in made.argument.mechanisms


def test_nobody_mediates_no_good_offices():
    rows = [(day, *ends, FORCE) for day in range(0, 600, 7) for ends in (("AAA", "BBB"), ("BBB", "AAA"))]
    assert "good_offices" not in propose(chronicle(rows, 600), ("AAA", "BBB")).argument.mechanisms


def test_questions_came_true_neither_always_nor_never():
    rng = np.random.default_rng(1)
    rows = [
        (day, "AAA", "BBB", FORCE, None, int(rng.random() < 0.1)) for day in range(1500) if rng.random() < 0.1
    ]
    rows += [(day, "BBB", "AAA", FRIENDLY, None, 0) for day in range(1500) if rng.random() < 0.01]
    made = propose(chronicle(rows, 1500), ("AAA", "BBB"))
    assert {"friendly-words", "deadly-strike"} <= {q.spec.id for q in made.questions}
    assert all(0.05 <= q.share <= 0.95 for q in made.questions)
    assert [q.spec for q in made.questions] == list(made.argument.questions)
    first = made.questions[0]
    head = f"{first.share:.0%} of {first.windows:,} earlier windows, which overlap: side by side"
    assert f"{head} {first.separate:,.0f} would fit" in made.text


@pytest.mark.parametrize("third", [True, False])
def test_templates_pass_as_written_or_say_what_to_fill_in(third, tmp_path):
    rows = [
        (day, *ends, ("force", -9.0), None, day % 3)
        for day in range(0, 1500, 37)
        for ends in (("AAA", "BBB"), ("BBB", "AAA"))
    ]
    rows += [(day, "MED", "AAA", FRIENDLY, "mediation", 0) for day in range(0, 1500, 50)] * third
    made = propose(chronicle(rows, 1500, scheme="detente"), ("AAA", "BBB"), with_=tuple(BLOCKS))
    path = tmp_path / "a.yaml"
    path.write_text(made.text, encoding="utf-8")
    argument = load_argument(path)
    assert argument == made.argument
    for block in ("bargain", "levers", "claims"):
        assert getattr(argument, block)
    assert argument.bargain.standoff is not None
    assert bargain_of(argument, draws=64).variants[0].chance >= 0
    if third:
        assert (argument.locker, argument.door.mediator) == ("AAA", "MED")
    else:
        assert argument.door is None
        assert "good_offices" not in argument.mechanisms
        before, door = made.text.split("# parties:")
        door = re.sub(r"(?m)^# ", "", "# parties:" + door.split("# Plans that")[0])
        before = before.replace("  attention:", "  good_offices: {}\n  attention:")
        path.write_text(
            before + door.replace("FILL-IN]", "MED]").replace(": FILL-IN ", ": MED "), encoding="utf-8"
        )
        assert load_argument(path).door.mediator == "MED"


def test_an_argument_that_is_there_gets_templates_too():
    text = templates_for(propose(world(), ("AAA", "BBB")).argument, ["door", "levers"])
    assert "mediator: MED " in text
    assert "sanctions:AAA=5@30" in text
    with pytest.raises(
        ArgumentError, match=r"with must be one of door, levers, bargain, claims, got dor\. Did you mean door"
    ):
        templates_for(propose(world(), ("AAA", "BBB")).argument, ["dor"])


@pytest.mark.parametrize(("step", "found"), [(1.0, 0), (1.5, 0), (4.0, 1), (0.25, 1)])
def test_a_break_is_a_change_of_coding_by_twice_or_half(step, found):
    for seed in range(5):
        made = world(1500, seed, step)
        breaks = find_breaks(made, ("AAA", "BBB"))
        assert len(breaks) == found
        for one in breaks:
            assert abs((one.start - START).days - 750) < 62
            assert one.known_from >= one.start + timedelta(days=365)
            assert (one.after > one.before) == (step > 1)


def test_a_ceasefire_is_no_break_in_coding():
    """Neither between the two nor of those who fight for them, however many of all acts were theirs."""
    rows = [
        (day, *ends, FORCE)
        for day in range(700)
        for ends in (("AAA", "BBB"), ("GRP-X", "AAA"))
        for _ in range(2)
    ]
    rows += [(day, "CCC", "DDD", FRIENDLY) for day in range(0, 1500, 3)]
    assert propose(chronicle(rows, 1500), ("AAA", "BBB")).breaks == ()


def test_a_crisis_between_the_two_is_no_break_in_coding():
    quiet = world(1500)
    crisis = [(day, "AAA", "BBB", FORCE) for day in range(700, 1200) for _ in range(6)]
    rows = [(d, s, t, (c, i)) for d, s, t, c, i in quiet.events.select(
        (pl.col("date") - START).dt.total_days(), "source", "target", "class", "intensity").iter_rows()]  # fmt: skip
    assert find_breaks(chronicle(rows + crisis, 1500), ("AAA", "BBB")) == ()
    assert find_breaks(chronicle(rows + crisis, 1500), ("CCC", "DDD")) != ()


@pytest.mark.parametrize("declared", [True, False])
def test_what_came_later_changes_nothing(declared):
    whole = world(1500, 1, 4.0)
    whole = replace(whole, provenance=replace(whole.provenance, window_declared=declared))
    as_of = START + timedelta(days=1000)
    before = propose(whole, ("AAA", "BBB"), as_of)
    past = whole.events.filter(pl.col("date") < as_of)
    noise = past.with_columns(pl.col("date") + timedelta(days=1001), source=pl.lit("NEW"))
    other = replace(
        whole, events=pl.concat([past, noise.filter(pl.col("date") < START + timedelta(days=1500))])
    )
    assert propose(other, ("AAA", "BBB"), as_of).text == before.text
    assert before.breaks == ()  # it is not known yet
    assert before.argument.run.as_of == as_of


def test_what_is_proposed_is_checked_and_runs(tmp_path):
    made = world()
    proposal = propose(made, ("AAA", "BBB"), START + timedelta(days=700))
    path = tmp_path / "a.yaml"
    path.write_text(proposal.text, encoding="utf-8")
    argument = load_argument(path)
    assert argument == proposal.argument
    result = run(Case("made", argument, made), futures=20, days=40)
    assert [answer.question.id for answer in result.answers] == [q.spec.id for q in proposal.questions]
    assert proposal.questions
    assert all(0 <= answer.probability <= 1 for answer in result.answers if answer.probability is not None)
    assert max(map(len, proposal.text.splitlines())) < 200


def test_the_embedded_chronicle_is_proposed_for_too():
    embedded = load_embedded("us-iran")
    proposal = propose(embedded, ("USA", "IRN"), date(2020, 1, 17))
    assert not {"USA", "IRN"} & set(proposal.offices.members)
    fit = fitted(proposal.argument, read_known(proposal.argument, embedded, date(2020, 1, 17)))
    assert fit.spectral_radius < 1
    assert "# grievance: {}  # with it the fit feeds itself by" in proposal.text
    assert "OMN" in proposal.offices.members
    assert "LBN-HEZ" in proposal.foes["USA"].members


@pytest.mark.parametrize("codes", [("NO", "YES"), ("007", "1E3"), ("A+B", "null")])
def test_codes_that_yaml_could_misread_stay_text(codes):
    one, other = codes
    rows = [(day, one, other, FRIENDLY) for day in range(60)] + [
        (day, other, one, FORCE) for day in range(60)
    ]
    assert propose(chronicle(rows, 60), codes).argument.principals == codes


def test_two_that_never_met_are_refused():
    with pytest.raises(DataError, match=r"must have acted on each other before 2003-06-20, got AAA, DDD"):
        propose(world(), ("AAA", "DDD"))


def test_an_actor_without_a_code_is_refused_before_anything_else():
    with pytest.raises(DataError, match="with a map"):
        propose(world(), ("AAA", "Citizen (Japan)"))
