"""Mediators: ties, record, ranks and their intervals on chronicles one can count by hand."""

from __future__ import annotations

import json
from datetime import date, timedelta
from math import exp, sqrt
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from detente.base.days import Window
from detente.base.errors import ArgumentError
from detente.events.chronicle import Chronicle
from detente.lab.case import Case
from detente.report.pages.mediators import NAMES, write_mediators
from detente.report.text.mediators import text_of
from detente.studies.whatif.mediators import RECORD_DAYS, SCALE, TIE_DAYS, mediators
from worlds import among_others, essay_case, renamed

START, AS_OF = date(2000, 1, 1), date(2010, 1, 1)


def act(day: date, source: str, target: str, cls: str, intensity: float, **more: Any) -> dict[str, Any]:
    actions = {"verbal-cooperation": "SUPPORT", "force": "ASSAULT", "verbal-conflict": "ACCUSE"}
    row = {
        "date": day,
        "source": source,
        "target": target,
        "class": cls,
        "action": actions[cls],
        "intensity": intensity,
        "mode": None,
        "summary": f"{source} and {target}",
    }
    return row | more


def case_of(rows: list[dict[str, Any]], members: tuple[str, ...] = ("O", "P")) -> Case:
    argument = among_others()
    parties = argument.parties | {
        "others": argument.parties["others"].model_copy(update={"members": members})
    }
    window = Window(START, date(2015, 1, 1))
    # The principals' own acts weigh on no third party; without them there is too little data.
    own = [act(START + timedelta(days=i), "A", "B", "verbal-conflict", -2.0) for i in range(20)]
    frame = pl.DataFrame([*own, *rows], schema_overrides={"mode": pl.String})
    return Case("made up", argument.model_copy(update={"parties": parties}), Chronicle.of(frame, window))


OFFICE = act(
    AS_OF - timedelta(days=round(RECORD_DAYS)), "O", "A", "verbal-cooperation", 4.0, mode="mediation"
)
BLOW = act(AS_OF - timedelta(days=round(TIE_DAYS)), "P", "B", "force", -10.0)


def test_formula_by_hand() -> None:
    result = mediators(case_of([OFFICE, BLOW]), as_of=AS_OF, draws=200, seed=1)
    first, second = result.standings
    assert (first.actor, first.rank, second.actor, second.rank) == ("O", 1, "P", 2)
    assert first.suitability == pytest.approx(
        sqrt(0.5) * 1.5 / 2.5, abs=1e-3
    )  # half an act of mediation is left
    tie = 1 / (1 + exp(5.0 / SCALE))  # half a blow is left
    assert second.ties["B"] == pytest.approx(tie, abs=1e-3)
    assert second.ties["A"] == 0.5
    assert second.suitability == pytest.approx(sqrt(tie) * 0.5, abs=1e-3)
    assert second.balance == pytest.approx(1 - (0.5 - tie), abs=1e-3)
    assert [a["counts"] for a in first.acts + second.acts] == ["record", "tie"]


def test_nothing_from_as_of_on_changes_a_rank() -> None:
    later = [act(AS_OF, "P", "A", "verbal-cooperation", 9.0), act(AS_OF, "B", "O", "force", -10.0)]
    one = mediators(case_of([OFFICE, BLOW]), as_of=AS_OF, draws=200, seed=1).to_dict()
    two = mediators(case_of([OFFICE, BLOW, *later]), as_of=AS_OF, draws=200, seed=1).to_dict()
    assert json.dumps(one) == json.dumps(two)
    seen = mediators(case_of([OFFICE, BLOW, *later]), as_of=AS_OF + timedelta(days=1), draws=200, seed=1)
    assert json.dumps(seen.to_dict()) != json.dumps(one)


def test_conflict_either_way_lowers_and_cooperation_raises() -> None:
    near = AS_OF - timedelta(days=10)
    base = mediators(case_of([OFFICE, BLOW]), as_of=AS_OF, draws=100, seed=1).of("O")
    worse = mediators(
        case_of([OFFICE, BLOW, act(near, "A", "O", "verbal-conflict", -8.0)]), as_of=AS_OF, draws=100, seed=1
    ).of("O")
    more = [act(near, side, "O", "verbal-cooperation", 8.0) for side in "AB"]
    better = mediators(case_of([OFFICE, BLOW, *more]), as_of=AS_OF, draws=100, seed=1).of("O")
    assert base
    assert worse
    assert better
    assert worse.suitability < base.suitability < better.suitability
    assert better.warmth > base.warmth > worse.warmth


def test_one_warm_tie_alone_helps_little() -> None:
    near = AS_OF - timedelta(days=10)
    one_sided = mediators(
        case_of([OFFICE, act(near, "A", "O", "verbal-cooperation", 8.0)]), as_of=AS_OF, draws=100, seed=1
    ).of("O")
    alone = mediators(case_of([OFFICE]), as_of=AS_OF, draws=100, seed=1).of("O")
    assert one_sided
    assert alone
    assert one_sided.suitability == pytest.approx(alone.suitability)
    assert one_sided.balance < alone.balance


def test_an_actor_that_never_acted_has_no_rank_and_a_stranger_is_refused() -> None:
    result = mediators(case_of([OFFICE]), as_of=AS_OF, draws=100, seed=1)
    assert result.unseen == ("P",)
    assert result.of("P") is None
    with pytest.raises(ArgumentError, match="third party"):
        result.of("Q")


def test_arms_and_visits_are_no_mediation() -> None:
    """Of a channel that names no mode, only what the ontology calls mediation counts to the record."""
    near = AS_OF - timedelta(days=10)
    modes = ("arms-delivery", "visit", None)
    arms = [act(near, "P", "A", "verbal-cooperation", 8.0, mode=mode) for mode in modes]
    result = mediators(case_of([OFFICE, *arms]), as_of=AS_OF, draws=100, seed=1)
    office, friend = result.of("O"), result.of("P")
    assert office is not None
    assert friend is not None
    assert (office.mediations, friend.mediations, friend.record) == (1, 0, 0.5)
    assert {a["counts"] for a in friend.acts} == {"tie"}
    assert friend.ties["A"] > 0.5


def test_rank_lies_in_its_interval_and_the_seed_fixes_it() -> None:
    result = mediators(essay_case(), draws=300)
    assert all(1 <= s.low <= s.rank <= s.high <= len(result.standings) for s in result.standings)
    assert [s.rank for s in result.standings] == sorted(s.rank for s in result.standings)
    assert result.to_dict() == mediators(essay_case(), draws=300).to_dict()
    assert result.path["OMN"][-1] == result.of("OMN").suitability  # type: ignore[union-attr]


def test_renaming_changes_only_names() -> None:
    case = case_of([OFFICE, BLOW])
    names = {"O": "X", "P": "Y"}
    other = case_of([OFFICE, BLOW], ("X", "Y"))
    other = Case("made up", other.argument, renamed(case.chronicle, names))
    one, two = (mediators(c, as_of=AS_OF, draws=100, seed=1) for c in (case, other))
    assert [(names[s.actor], s.rank, s.suitability) for s in one.standings] == [
        (s.actor, s.rank, s.suitability) for s in two.standings
    ]


def without_third_parties(rows: list[dict[str, Any]]) -> Case:
    case = case_of(rows)
    friends = {"friends": case.argument.parties["friends"]}
    plain = case.argument.model_copy(update={"parties": friends, "channels": case.argument.channels[:1]})
    return Case("made up", plain, case.chronicle)


def test_without_third_parties_only_those_that_mediated_are_ranked() -> None:
    case = without_third_parties([OFFICE, BLOW, act(START, "F", "A", "force", -9.0)])
    result = mediators(case, as_of=AS_OF, draws=100, seed=1)
    assert [s.actor for s in result.standings] == ["O"]
    assert result.not_ranked == ("P",)
    assert result.of("P") is None


def test_a_victim_or_a_fighter_is_no_mediator_and_every_page_says_so(tmp_path: Path) -> None:
    struck = act(AS_OF - timedelta(days=9), "A", "V", "force", -9.0)
    asked = act(AS_OF - timedelta(days=9), "A", "V", "verbal-cooperation", 4.0, mode="mediation")
    result = mediators(without_third_parties([BLOW, struck, asked]), as_of=AS_OF, draws=100, seed=1)
    assert result.standings == ()
    assert result.not_ranked == ("P", "V")
    write_mediators(result, tmp_path)
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    for text in (text_of(result), page, (tmp_path / "mediators.json").read_text(encoding="utf-8")):
        assert "Nobody can be ranked" in text
    assert "rank 1" not in page


def test_page_is_written_whole_and_asks_no_host(tmp_path: Path) -> None:
    result = mediators(essay_case(), draws=100)
    written = write_mediators(result, tmp_path)
    assert [p.name for p in written] == list(NAMES)
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "OMN" in page
    assert "http" not in page.replace("http://www.w3.org", "").replace("http-equiv", "")
    assert json.loads((tmp_path / "mediators.json").read_text(encoding="utf-8"))["seed"] == result.seed
