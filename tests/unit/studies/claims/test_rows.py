from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest

from detente.argument.blocks import FactSpec, MechanismSpec, RunSpec
from detente.argument.claim_blocks import ActSpec, ClaimSpec, LedgerSpec
from detente.base.days import Window
from detente.events.chronicle import Chronicle
from detente.lab.case import Case
from detente.model.compiler import Shared, assemble
from detente.model.known import Known, read_known
from detente.report.text.reasons import why
from detente.studies.claims.judge import Fits
from detente.studies.claims.rows import apart_from_talks, fact_row, ledger_row, mechanism_row
from worlds import among_others, baseline, random_chronicle

START, END = date(2000, 1, 1), date(2002, 1, 1)
VISIT = {"source": "O", "target": "A", "class": "verbal-cooperation", "action": "CONSULT", "intensity": 2.5}
OFFICE = VISIT | {"mode": "mediation"}
TALKS = {"source": "A", "target": "B", "class": "joint", "action": "CONSULT", "intensity": 2.5}
STRIKE = {"source": "A", "target": "B", "class": "force", "action": "ASSAULT", "intensity": -9.0}


def on(day: int, act: dict[str, Any], **fields: object) -> dict[str, Any]:
    return {"date": START + timedelta(days=day)} | act | fields


def known_of(*acts: dict[str, Any], **update: Any) -> Known:
    return read_known(among_others(**update), Chronicle.of(pl.DataFrame(list(acts)), Window(START, END)), END)


# Good offices apart from the talks they announce ---------------------------------------------------------------------


def offices(known: Known) -> list[int]:
    (channel,) = known.layout.third_parties()
    return list(np.flatnonzero(known.counts[known.layout.index(channel)]))


def test_good_offices_within_a_day_of_talks_are_left_out() -> None:
    known = known_of(
        on(100, TALKS),
        *(on(d, OFFICE) for d in (50, 98, 99, 100, 101, 102)),
        on(100, VISIT, mode="visit"),
        on(101, STRIKE),
        on(300, OFFICE, precision="month"),
    )
    apart = apart_from_talks(known)
    assert offices(known) == [50, 98, 99, 100, 101, 102]
    assert offices(apart) == [50, 98, 100, 102]  # the visit is no mediation
    rest = [
        c for c in range(len(known.counts)) if c != known.layout.index(next(known.layout.third_parties()))
    ]
    np.testing.assert_array_equal(apart.counts[rest], known.counts[rest])
    changed = np.flatnonzero(apart.channel_of != known.channel_of)
    days = known.chronicle.events["date"].to_list()
    assert {(days[i] - START).days for i in changed} == {99, 100, 101}
    assert (apart.channel_of[changed] == -1).all()


def test_offices_left_out_leave_no_memory_either() -> None:
    argument = among_others(mechanisms={"good_offices": MechanismSpec()})
    known = known_of(on(100, TALKS), on(99, OFFICE))
    seen, apart = (assemble(argument, k, Shared()) for k in (known, apart_from_talks(known)))
    assert seen.history.atoms[:, 101].max() > 0
    assert apart.history.atoms[:, 101].max() == 0


# Facts ---------------------------------------------------------------------------------------------------------------


def fact_claim(*acts: ActSpec) -> ClaimSpec:
    return ClaimSpec(id="E", kind="fact", text="It happened.", acts=acts)


def spec(day: int, **fields: Any) -> ActSpec:
    return ActSpec(date=START + timedelta(days=day), source="A", target="B", action="ASSAULT", **fields)


@pytest.mark.parametrize(
    ("wanted", "verdict"),
    [
        (spec(10), "recorded"),
        (spec(10, mode="airstrike", fatalities=0), "recorded"),
        (spec(10, fatalities=1), "missing"),
        (spec(10, mode="missile"), "missing"),
        (spec(11), "missing"),
        (spec(20, fatalities=0), "missing"),  # an unknown toll is not zero
    ],
)
def test_a_fact_stands_in_the_chronicle_with_every_field_given_or_is_missing(
    wanted: ActSpec, verdict: str
) -> None:
    known = known_of(on(10, STRIKE, mode="airstrike", fatalities=0), on(20, STRIKE))
    row = fact_row(known, fact_claim(wanted, spec(20)))
    assert row.verdict == verdict
    assert row.value == (1.0 if verdict == "recorded" else 0.5)
    assert why(row).startswith("2 of 2" if verdict == "recorded" else "1 of 2")


# The ledger ----------------------------------------------------------------------------------------------------------


def injury(actor: str, weight: float, year: int = 2000) -> FactSpec:
    day = date(year, 6, 1)
    return FactSpec(actor=actor, start=day, value=weight, known_from=day, because="made up")


def balance(*injuries: FactSpec, evoked: tuple[FactSpec, ...] = (), spread: float = 0.2) -> Any:
    argument = among_others(
        mechanisms={"injuries": MechanismSpec()},
        facts={"injury": injuries, "evoked": evoked},
        run=RunSpec(seed=1),
    )
    chronicle = Chronicle.of(pl.DataFrame([on(1, STRIKE)]), Window(START, END))
    claim = ClaimSpec(
        id="M",
        kind="mechanism",
        text="It weighs as much.",
        ledger=LedgerSpec(kind="injury", revived_by="evoked", spread=spread),
    )
    return ledger_row(Case("ab", argument, chronicle), read_known(argument, chronicle, END), claim)


def test_the_ledger_is_heavier_on_the_side_with_the_weightier_injuries() -> None:
    assert balance(injury("A", 1.0), injury("B", 4.0)).verdict == "heavier on B"
    assert balance(injury("A", 4.0), injury("B", 1.0)).verdict == "heavier on A"
    even = balance(injury("A", 2.0), injury("B", 2.0))
    assert even.verdict == "level"
    assert even.low < 1 < even.high
    assert even.value == pytest.approx(1, abs=0.03)


def test_one_injury_each_at_one_time_compares_by_weight_alone() -> None:
    """Rates are drawn once for both sides, so that only the weights' spread is left: a factor of exp(.2 √2 1.645)."""
    row = balance(injury("A", 1.0), injury("B", 3.0))
    assert row.value == pytest.approx(3, rel=0.03)
    assert row.high / row.value == pytest.approx(np.exp(0.2 * np.sqrt(2) * 1.645), rel=0.05)


def test_older_injuries_weigh_less_and_a_wider_spread_says_less() -> None:
    assert balance(injury("A", 1.0), injury("B", 1.0, 1960)).value < 0.7
    narrow, wide = (balance(injury("A", 1.0), injury("B", 2.0), spread=s) for s in (0.1, 1.0))
    assert narrow.verdict == "heavier on B"
    assert wide.verdict == "level"


def test_a_ledger_of_one_side_or_known_too_late_is_not_testable() -> None:
    assert balance(injury("B", 1.0)).verdict == "not testable"
    late = injury("A", 1.0).model_copy(update={"known_from": END + timedelta(days=1)})
    assert balance(late, injury("B", 1.0)).verdict == "not testable"


# Mechanisms ----------------------------------------------------------------------------------------------------------


def test_a_claim_of_which_nothing_was_declared_is_not_testable_and_says_so() -> None:
    argument = baseline("A", "B").model_copy(
        update={"mechanisms": {"restraint": MechanismSpec(), "momentum": MechanismSpec()}}
    )
    chronicle = random_chronicle(3)
    known = read_known(argument, chronicle, date(2003, 1, 1))
    claim = ClaimSpec(
        id="M", kind="mechanism", text="x", terms=("restraint.force",), sign="-", condition=("loss",)
    )
    case = Case("ab", argument, chronicle)
    row = mechanism_row(case, known, Fits.of(argument, known), claim)
    assert row.verdict == "not testable"
    assert row.value is None
    assert why(row).startswith("None of its terms is in the model")
    other = replace_claim(claim, terms=("momentum.force",), sign="+")
    row = mechanism_row(case, known, Fits.of(argument, known), other)
    assert row.value is not None
    assert row.low is not None
    assert row.high is not None
    assert row.low < row.value < row.high
    assert row.judgement is not None
    assert row.judgement.episodes == len(row.episodes)


def replace_claim(claim: ClaimSpec, **update: Any) -> ClaimSpec:
    return claim.model_copy(update=update)
