"""Sanctions of one state on another, with what became of them."""

from __future__ import annotations

from dataclasses import dataclass

from detente.events.ontology.states import code_named
from detente.studies.evidence.sources import Files

ONGOING = 2022  # the last year of the file: what ends in it is still in force
_SUCCESS = {"success_total", "success_part", "nego_settlement"}
_OBJECTIVES = {
    "policy_change": 1,
    "democracy": 2,
    "human_rights": 2,
    "end_war": 3,
    "prevent_war": 3,
    "terrorism": 3,
    "territorial_conflict": 3,
}


@dataclass(frozen=True, slots=True)
class Sanction:
    """One case: who sanctioned whom, from when until when.

    Attributes
    ----------
    sender, target : int
        Codes of the first year.
    begin, end : int
    heavy : bool
        Whether it touched trade or finance.
    objective : int
        Of the first one named: 1 policy, 2 democracy and rights, 3 war, terror and territory, 4 others.
    success : bool or None
        Whether any of its aims was reached wholly, in part or by negotiation; None while it goes on.
    """

    sender: int
    target: int
    begin: int
    end: int
    heavy: bool
    objective: int
    success: bool | None


def sanctions_of(files: Files) -> list[Sanction]:
    """Return the cases whose sender and target are one state each."""
    found = []
    columns = (
        "sanctioning_state",
        "sanctioned_state",
        "begin",
        "end",
        "trade",
        "financial",
        "objective",
        "success",
    )
    for sender, target, begin, end, trade, financial, objective, success in files.rows(
        "gsdb_v3.csv", *columns
    ):
        if not (begin.isdecimal() and end.isdecimal()):
            continue
        one, two = code_named(sender, int(begin)), code_named(target, int(begin))
        if one is None or two is None or one == two:
            continue
        results = {part.strip() for part in success.split(",")} - {"ongoing", ""}
        found.append(
            Sanction(
                one,
                two,
                int(begin),
                int(end),
                "1" in (trade, financial),
                _OBJECTIVES.get(objective.split(",")[0].strip(), 4),
                bool(results & _SUCCESS) if results else None,
            )
        )
    return found
