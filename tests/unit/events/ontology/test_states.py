"""One table of states serves numbers, codes and names."""

from __future__ import annotations

from detente.events.ontology.state_codes import code_table, state_numbers
from detente.events.ontology.states import code_named, pair_of, state_name


def test_numbers_codes_and_names_say_the_same() -> None:
    rows = code_table("states.csv")
    numbers, isos = [row["number"] for row in rows], [row["iso"] for row in rows if row["iso"]]
    assert len(set(numbers)) == len(numbers)
    assert len(set(isos)) == len(isos)
    iso = {name: row["iso"] for row in rows for name in (row["name"], *row["also"].split(";")) if name}
    assert len(iso) == sum(
        len([row["name"], *filter(None, row["also"].split(";"))]) for row in rows if row["name"]
    )
    for row in rows:
        assert state_numbers()[row["number"]] == row["code"]
        if row["iso"] and row["iso"] != row["code"]:
            assert row["number"] == "345"  # Yugoslavia's number is Serbia's today
        if row["name"]:
            assert state_name(int(row["number"])) == row["name"]
            assert code_named(row["name"], 2005) is not None
        if row["iso"]:
            assert pair_of([row["iso"], "USA"]) == tuple(sorted((int(row["number"]), 2)))
