"""The door test: its verdict at its edges, its numbers when the argument changes, its companion and its page."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from detente.argument.argument import Argument
from detente.argument.blocks import PriorSpec
from detente.base.days import Window
from detente.base.errors import ArgumentError
from detente.events.chronicle import Chronicle
from detente.futures.interventions import Pulls
from detente.futures.levers.base import Effect
from detente.lab.case import Case
from detente.model.clocks import at_clocks
from detente.model.fit import Draws
from detente.report.pages.door import NAMES, render_door, write_door
from detente.report.text.as_json import to_json
from detente.report.text.unlock import sentence
from detente.report.text.unlock import text_of as in_words
from detente.studies.whatif import door_test
from detente.studies.whatif.door_fits import with_neutral_thesis
from detente.studies.whatif.door_record import CELLS, companion
from detente.studies.whatif.door_result import FITS, Door, DoorCells, Interval
from detente.studies.whatif.door_test import (
    other_days,
    quick_door,
    unlock,
)
from detente.studies.whatif.necessity import Necessity, latest_breach
from worlds import AS_OF, among_others, embedded, essay


def plain() -> Argument:
    return at_clocks(essay(), essay().clocks.half_lives())


def case_of(argument: Argument) -> Case:
    return Case("us-iran", argument, embedded())


def with_term(argument: Argument, term: str, mean: float) -> Argument:
    name, _, part = term.partition(".")
    use = argument.mechanisms[name]
    changed = use.model_copy(
        update={"terms": {**use.terms, part: PriorSpec(mean=mean, sd=0.2, because="a test")}}
    )
    return argument.model_copy(update={"mechanisms": {**argument.mechanisms, name: changed}})


@cache
def found() -> Door:
    return quick_door(case_of(plain()), as_of=AS_OF, draws=200, copies=1, seed=1)


# --- the verdict, by hand ------------------------------------------------------------------------------------------


def table(fit: str, **more: Any) -> DoorCells:
    """Cells in which a mediator moves talks alone, and the locker accords."""
    effects = {"mediator": 0.4, "gesture": 0.0, "other_gesture": 0.0, "interaction": 0.0}
    chances = {"mediator": 0.95, "gesture": 0.5, "other_gesture": 0.5, "interaction": 0.5}
    accords = {"mediator": 0.0, "gesture": 0.3, "other_gesture": 0.1, "interaction": 0.2}
    accord_chances = {"mediator": 0.5, "gesture": 0.96, "other_gesture": 0.7, "interaction": 0.95}
    accords |= {k: v for k, v in more.items() if k in accords}
    chances |= more.get("talks", {})
    accord_chances |= more.get("chances", {})
    cells = {cell: {"talks": Interval(0.5, 0.4, 0.6)} for cell in CELLS}
    spans = ({k: Interval(v, v - 1, v + 1) for k, v in of.items()} for of in (effects, accords))
    return DoorCells(fit, cells, next(spans), chances, next(spans), accord_chances)


def needed(verdict: str = "supported", until: date = AS_OF) -> Necessity:
    k, more, fewer = {
        "supported": (9, 0.001, 1.0),
        "contradicted": (2, 0.6, 0.001),
        "no power": (3, 1.0, 1.0),
    }[verdict]
    n, power = (3, 0.0) if verdict == "no power" else (9, 0.9)
    found = Necessity("locker", until, n, k, 0.2, 0.0, 1.0, more, fewer, power, power, 5, ())
    assert found.verdict == verdict
    return found


def door(gate_share: float = 0.3, necessity: str = "supported", **tables: DoorCells) -> Door:
    made = {name: tables.get(name.replace(", ", "_").replace(" ", "_"), table(name)) for name in FITS}
    case = case_of(essay())
    windows = dict.fromkeys(CELLS[:4], (1, 2))
    later = needed("contradicted", AS_OF + timedelta(days=900))  # what became known later rules nothing
    needs = (needed(necessity), later)
    return Door(case, AS_OF, "USA", "IRN", (30,), made, (), gate_share, windows, needs, 200, 1, 1, 0.5)


def test_the_sentence_says_how_its_numbers_were_made_and_names_both_fits_without_the_thesis() -> None:
    wide = table("zero, sd 1")
    wide = replace(wide, cells={cell: {"talks": Interval(0.37, 0.2, 0.5)} for cell in wide.cells})
    said = sentence(found := door(gate_share=0.0, zero_sd_1=wide))
    assert "all 50 % where the priors keep their spread and all 37 % where it is 1" in said
    assert "at the declared half-lives, and are good to 1 point either way" in said
    assert "200 draws of the coefficients, averaged over half-lives" in sentence(
        replace(found, averaged=True)
    )


def test_the_rule_holds_at_its_edges_and_fails_beyond() -> None:
    assert table("argument").holds
    assert not table("argument", chances={"gesture": 0.949}).holds
    assert not table("argument", chances={"interaction": 0.949}).holds
    assert not table("argument", talks={"mediator": 0.949}).holds
    assert not table("argument", other_gesture=0.3).holds
    assert not table("argument").reversed
    assert table("argument", talks={"mediator": 0.05}).reversed
    assert table("argument", chances={"gesture": 0.05}).reversed
    assert table("argument", chances={"interaction": 0.05}).reversed
    assert not table("argument", chances={"interaction": 0.051}).reversed


def test_bridging_is_read_from_talks_and_unlocking_from_accords() -> None:
    cells = table("argument")
    assert cells.bridges
    assert cells.unlocks
    talks_alone = replace(cells, accords={}, accord_chances={})
    assert (talks_alone.bridges, talks_alone.unlocks, talks_alone.holds) == (True, None, None)
    # However much a mediator helps, talks and accords alike, the rule asks for no bound on it.
    assert table("argument", mediator=5.0, chances={"mediator": 1.0}).holds


def test_the_essays_own_priors_do_not_contradict_its_thesis() -> None:
    """Good offices have a prior of .40: with no event seen the thesis must be able to hold."""
    cells = found().fits["no events"]
    assert cells.effects["mediator"].mean > 0.1
    assert cells.bridges
    assert not cells.reversed


def test_without_accords_who_unlocks_cannot_be_computed() -> None:
    bare = {name: replace(t, accords={}, accord_chances={}) for name, t in door().fits.items()}
    one = replace(door(), fits=bare)
    assert one.verdict == "not computable"
    assert "cannot be computed from this chronicle" in sentence(one)
    value = json.loads(json.dumps(to_json(one)))
    assert value["fits"][0]["accords"] is None
    assert value["sentences"]["parts"] == ""
    assert "accords, log hazard" not in in_words(one)
    page = render_door(one, "<svg/>", "<svg/>")
    assert "cannot be computed from this chronicle" in page
    assert "On that of an accord" not in page
    assert "On that of an accord" in render_door(door(), "<svg/>", "<svg/>")


def test_necessity_can_withhold_the_verdict_and_turns_none() -> None:
    assert door(necessity="no power").verdict == "assumption"
    assert door(necessity="contradicted").verdict == "assumption"
    assert "came without a step of the locker's" in sentence(door(necessity="contradicted"))
    turned = {"interaction": 0.01}
    both = {"zero_own_sd": table(FITS[1], chances=turned), "zero_sd_1": table(FITS[2], chances=turned)}
    assert door(necessity="no power", **both).verdict == "against"


def test_verdict_needs_both_free_fits_and_the_gates_share() -> None:
    turned = {"interaction": 0.01}
    assert door().verdict == "in the data"
    assert door(gate_share=0.299).verdict == "assumption"
    fails = table(FITS[2], talks={"mediator": 0.5})
    assert door(zero_sd_1=fails).verdict == "assumption"
    assert door(zero_own_sd=fails).verdict == "assumption"
    both = {"zero_own_sd": table(FITS[1], chances=turned), "zero_sd_1": table(FITS[2], chances=turned)}
    assert door(**both).verdict == "against"
    assert door(gate_share=0.2, **both).verdict == "assumption"
    assert door(zero_sd_1=both["zero_sd_1"]).verdict == "assumption"
    # What the argument's own priors say is no evidence.
    assert door(argument=fails).verdict == "in the data"


def test_the_tables_say_what_their_fits_are() -> None:
    text = in_words(door())
    for fit in FITS:
        assert all(word in text.rpartition("Fits:")[2] for word in fit.split(", "))
    assert "Brackets hold 90 %" in text


def test_prior_share_and_sentence() -> None:
    one = door(zero_own_sd=table(FITS[1], interaction=0.05))
    assert one.prior_share == pytest.approx(0.75)
    assert door(argument=table("argument", interaction=0.0)).prior_share is None
    assert "themselves support this" in sentence(one)
    assert "assumption, not a finding" in sentence(door(gate_share=0.0))


def test_json_has_the_cells_fits_interaction_verdict_prior_share_and_companion() -> None:
    value = json.loads(json.dumps(to_json(found())))
    assert set(value["cells"]) == {"neither", "mediator", "gesture", "both", "other_gesture"}
    assert set(value["cells"]["both"]["talks"]) == {"mean", "low", "high"}
    assert [fit["fit"] for fit in value["fits"]] == list(FITS)
    assert value["verdict"] in ("in the data", "against", "assumption")
    assert {"interaction", "prior_share", "gate_share", "sentences", "beside", "doses"} <= set(value)
    assert set(value["companion"]) == set(CELLS[:4])
    assert all(0 <= c["talks"] <= c["windows"] for c in value["companion"].values())
    assert value["sentences"]["label"] == "structural what-if under this argument"


# --- the numbers, when the argument changes ------------------------------------------------------------------------


def effects(result: Door, fit: str = "argument") -> dict[str, float]:
    return {name: e.mean for name, e in result.fits[fit].effects.items()}


def test_a_wider_gate_raises_what_both_add_and_only_in_the_argument_fit() -> None:
    changed = with_term(plain(), "good_offices.gated", 1.0)
    wider = quick_door(case_of(changed), as_of=AS_OF, draws=200, copies=1, seed=1)
    assert effects(wider)["interaction"] > effects(found())["interaction"] + 0.05
    for name in FITS[1:3]:  # there the thesis starts from zero
        assert effects(wider, FITS[2])["interaction"] == pytest.approx(
            effects(found(), FITS[2])["interaction"], abs=1e-6
        )
        assert name in wider.fits


def test_a_stronger_step_raises_the_gesture_and_a_mediators_help_the_mediator() -> None:
    steps = with_term(plain(), "grit.locker_talks", 1.0)
    found_steps = quick_door(case_of(steps), as_of=AS_OF, draws=200, copies=1, seed=1)
    assert effects(found_steps)["gesture"] > effects(found())["gesture"] + 0.05
    helpful = with_term(plain(), "good_offices.talks", 1.0)
    found_help = quick_door(case_of(helpful), as_of=AS_OF, draws=200, copies=1, seed=1)
    assert effects(found_help)["mediator"] > effects(found())["mediator"] + 0.05


def test_more_steps_of_the_other_side_raise_its_effect() -> None:
    spec = plain().door
    assert spec is not None
    more = spec.model_copy(update={"gestures": {**spec.gestures, "IRN": "step=5"}})
    changed = plain().model_copy(update={"door": more})
    result = quick_door(case_of(changed), as_of=AS_OF, draws=200, copies=1, seed=1)
    assert effects(result)["other_gesture"] > effects(found())["other_gesture"]
    assert effects(result)["gesture"] == pytest.approx(effects(found())["gesture"])


def test_same_seed_same_numbers_for_any_threads() -> None:
    again = quick_door(case_of(plain()), as_of=AS_OF, draws=200, copies=1, seed=1, threads=1)
    assert json.dumps(again.to_dict()) == json.dumps(found().to_dict())


# --- priors, locker, faults ----------------------------------------------------------------------------------------


def test_with_priors_takes_the_thesis_out_and_nothing_else() -> None:
    spec = plain().door
    assert spec is not None
    own, wide = with_neutral_thesis(plain(), spec, FITS[1]), with_neutral_thesis(plain(), spec, FITS[2])
    for term in spec.thesis:
        name, _, part = term.partition(".")
        assert own.mechanisms[name].terms[part].mean == 0.0
        assert wide.mechanisms[name].terms[part].sd == 1.0
    assert own.mechanisms["good_offices"].terms["gated"].sd == 0.20
    same = {name: use for name, use in plain().mechanisms.items() if name not in ("good_offices", "grit")}
    assert {name: own.mechanisms[name] for name in same} == same
    assert with_neutral_thesis(plain(), spec, FITS[0]) == plain()


def test_the_latest_breach_not_reversed_says_who_the_locker_is() -> None:
    assert latest_breach(essay(), date(2018, 6, 1)) == "USA"
    assert latest_breach(essay(), AS_OF) == "IRN"  # July 2019, still open
    assert latest_breach(essay(), date(1985, 1, 1)) is None
    assert latest_breach(essay(), date(1979, 11, 4)) is None  # not known before the day is over


def test_the_test_is_run_on_declared_days_too_else_at_a_half_and_three_quarters_of_the_past() -> None:
    case, spec = case_of(plain()), plain().door
    assert spec is not None
    others = [date(2003, 5, 5), date(2018, 5, 9), date(2021, 1, 21)]
    assert other_days(case, spec, AS_OF) == others
    assert other_days(case, spec, others[0]) == [AS_OF, *others[1:]]
    run = case.argument.run.model_copy(update={"fit_from": date(2019, 12, 8)})
    late = case_of(case.argument.model_copy(update={"run": run}))
    none = spec.model_copy(update={"other_days": ()})
    assert other_days(late, none, AS_OF) == [date(2019, 12, 28), date(2020, 1, 7)]


def test_an_effect_that_recurs_under_another_locker_is_run_once(monkeypatch: pytest.MonkeyPatch) -> None:
    runs: list[int] = []

    class Noted(Pulls):
        def __init__(self, draws: Draws, argument: Argument, effects: Sequence[Effect], **more: Any) -> None:
            runs.append(len(effects))
            super().__init__(draws, argument, effects, **more)

    monkeypatch.setattr(door_test, "Pulls", Noted)
    short = plain()
    spec = short.door.model_copy(update={"other_days": ()})  # type: ignore[union-attr]
    monkeypatch.setattr(door_test, "other_days", lambda *_: [])
    door = unlock(case_of(short.model_copy(update={"door": spec})), draws=200, copies=1, seed=1)
    # two cells with neither locker nor doses, and two gestures by dose
    assert runs == [5, 5, 5, 5, 10, 10, 10]
    assert len(door.beside) == 12


def test_a_door_that_cannot_be_tested_is_refused() -> None:
    with pytest.raises(ArgumentError, match="door and locker must be declared"):
        unlock(case_of(plain().model_copy(update={"door": None})), as_of=AS_OF, seed=1)
    with pytest.raises(ArgumentError, match="at least 200"):
        quick_door(case_of(plain()), as_of=AS_OF, draws=199, seed=1)
    spec = plain().door
    assert spec is not None
    bad = {
        "mediator": "USA",
        "gestures": {"USA": "relif=0.3", "IRN": "step=1"},
        "thesis": ("nothing.at_all", "grit.nowhere"),
        "gate": "grit.talks",
    }
    changed = plain().model_copy(update={"door": spec.model_copy(update=bad)})
    with pytest.raises(ArgumentError) as caught:
        quick_door(case_of(changed), as_of=AS_OF, draws=200, seed=1)
    told = str(caught.value)
    for part in (
        "door.mediator",
        "door.gestures.USA",
        "Did you mean relief",
        "nothing.at_all",
        "grit.nowhere",
    ):
        assert part in told
    assert "door.gate" in told


def test_a_door_says_what_no_mechanism_reads() -> None:
    silent = plain().model_copy(
        update={
            "mechanisms": {k: m for k, m in plain().mechanisms.items() if k not in ("good_offices", "grit")}
        }
    )
    assert found().unread == ()
    door = replace(found(), case=case_of(silent))
    assert "good_offices" in [reader for what in door.unread for reader in what.readers]
    assert "Without effect: no mechanism reads mediation of Oman (OMN)" in in_words(door)
    assert door.to_dict()["unread"]


# --- the companion and the page ------------------------------------------------------------------------------------


def test_companion_on_a_chronicle_one_can_count() -> None:
    """Four windows: nothing; a mediator, then talks; a gesture; both, and talks within 180 days."""
    start = date(2000, 1, 1)

    def act(
        day: int, source: str, target: str, cls: str, action: str, mode: str | None = None
    ) -> dict[str, Any]:
        return {
            "date": start + timedelta(days=day),
            "source": source,
            "target": target,
            "class": cls,
            "action": action,
            "mode": mode,
            "mutual": cls == "joint",
        }

    rows = [
        act(20, "O", "A", "verbal-cooperation", "CONSULT", "visit"),  # no mediation
        act(100, "O", "A", "verbal-cooperation", "CONSULT", "mediation"),
        act(200, "A", "B", "joint", "CONSULT"),
        act(
            201, "O", "B", "verbal-cooperation", "CONSULT", "mediation"
        ),  # within a day of talks: no mediation
        act(210, "A", "B", "material-cooperation", "YIELD"),
        act(215, "A", "B", "material-cooperation", "YIELD", "certification"),  # a renewal is no gesture
        act(300, "O", "A", "verbal-cooperation", "CONSULT", "mediation"),
        act(310, "A", "B", "material-cooperation", "YIELD"),
        act(400, "A", "B", "joint", "CONSULT"),
    ]
    argument = among_others()
    argument = argument.model_copy(update={"run": argument.run.model_copy(update={"fit_from": start})})
    frame = pl.DataFrame(rows, schema_overrides={"mode": pl.String})
    case = Case("made up", argument, Chronicle.of(frame, Window(start, start + timedelta(days=540))))
    got = companion(case, "A")
    # Windows start on days 0, 90, 180 and 270; talks within 180 days of each end.
    assert got == {"neither": (1, 1), "mediator": (1, 1), "gesture": (1, 1), "both": (1, 1)}
    events = case.chronicle.events.filter(pl.col("class") == "verbal-cooperation")
    none = companion(replace(case, chronicle=replace(case.chronicle, events=events)), "A")
    assert {name: n for name, (n, _) in none.items()} == dict.fromkeys(CELLS[:4], 0)


def test_page_is_written_whole_and_asks_no_host(tmp_path: Path) -> None:
    written = write_door(found(), tmp_path)
    assert [p.name for p in written] == list(NAMES)
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert sentence(found()).replace("'", "&#39;") in page.replace("<code>", "`").replace("</code>", "`")
    assert "http" not in page.replace("http://www.w3.org", "").replace("http-equiv", "")
    assert json.loads((tmp_path / "door.json").read_text(encoding="utf-8"))["verdict"] == found().verdict


def test_intervals_hold_their_means() -> None:
    for one in found().fits.values():
        for cell in one.cells.values():
            talks = cell["talks"]
            assert 0 <= talks.low <= talks.mean <= talks.high <= 1
        assert np.isfinite([e.mean for e in one.effects.values()]).all()
