"""Actors: codes, patrons, and lists that break a rule."""

from __future__ import annotations

import subprocess
import sys

import pytest

from detente.base.errors import DataError
from detente.events.ontology.actors import Actor, Actors


def state(code: str, patron: str | None = None) -> Actor:
    return Actor(code, code.title(), "state", patron)


@pytest.mark.parametrize(
    ("code", "kind", "iso3"),
    [
        ("USA", "state", "USA"),
        ("SUN", "state", "SUN"),
        ("YUG", "state", "YUG"),
        ("EU", "igo", None),
        ("P51", "group", None),
        ("IRQ-KH", "nonstate", None),
        ("IRQ", "nonstate", None),
        ("ZZZ", "state", None),
        ("usa", "state", None),
    ],
)
def test_iso3_of_states_present_and_former(code, kind, iso3):
    assert Actor(code, "name", kind).iso3 == iso3


def test_pycountry_is_imported_only_when_asked_for():
    code = (
        "import sys; from detente.events.ontology.actors import Actor; print('pycountry' in sys.modules);"
        "Actor('USA', '', 'state').iso3; print('pycountry' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]


def test_the_list_keeps_its_order_and_finds_patrons():
    actors = Actors.of([state("ZZ"), state("AA", "ZZ"), state("MM", "AA")])
    assert actors.codes == ("ZZ", "AA", "MM")
    assert [a.code for a in actors] == ["ZZ", "AA", "MM"]
    assert len(actors) == 3
    assert "AA" in actors
    assert [a.code for a in actors.clients_of("ZZ")] == ["AA"]
    assert actors.principal_of("MM").code == "ZZ"
    assert actors.principal_of("ZZ").code == "ZZ"


def test_an_actor_not_listed_is_refused_with_the_nearest():
    actors = Actors.of([state("IRN"), state("USA")])
    with pytest.raises(DataError, match=r"actor must be a listed actor, got IRM\. Did you mean IRN\?"):
        actors["IRM"]


@pytest.mark.parametrize(
    ("actors", "message"),
    [
        ([state("USA"), state("USA")], r"actor code is given twice, got USA \(list:3\)"),
        ([state("")], r"actor code is required \(list:2\)"),
        ([Actor("USA", "", "state")], "actor name is required"),
        (
            [Actor("USA", "United States", "stat")],
            r"actor type must be one of .*, got stat \(list:2\)\. Did you mean state\?",
        ),
        (
            [state("USA"), state("ISR", "USB")],
            r"patron must be a listed actor, got USB .*Did you mean USA\?",
        ),
        ([state("A", "A")], "patron must not lead back to the actor itself, got A -> A"),
        ([state("A", "B"), state("B", "C"), state("C", "A")], "got A -> B -> C -> A"),
        ([state("X", "A"), state("A", "B"), state("B", "A")], "got A -> B -> A"),
    ],
)
def test_lists_that_break_a_rule(actors, message):
    with pytest.raises(DataError, match=message):
        Actors.of(actors, {i: f"list:{i + 2}" for i in range(len(actors))})


def test_every_fault_is_told_once():
    with pytest.raises(DataError) as error:
        Actors.of([state("A", "B"), state("B", "A"), state("C", "D"), Actor("E", "E", "x")])
    assert [fault.field for fault in error.value.faults] == ["actor type", "patron", "patron"]
