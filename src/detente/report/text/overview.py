"""The sentences of a whole report, for its JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from detente.report.languages.faults import fault_text
from detente.report.text import ask, bottom_line, claims, mediators, unlock, whatif
from detente.report.text.actors import named, spelled
from detente.report.text.analogues import analogues
from detente.report.text.backtests import backtest
from detente.report.text.numbers import clauses
from detente.report.text.unread import not_modelled_text, why_idle

if TYPE_CHECKING:
    from detente.lab.case import Case
    from detente.studies.overview import Report
    from detente.studies.whatif.every_lever import ChangeOverview


def add_sentences(value: dict[str, Any], result: Report) -> None:
    """Add the bottom line, and to each part of a report what its own command adds."""
    value["sentences"] = {"bottom_line": " ".join(bottom_line.of_report(result))}
    for row, asked in zip(value["questions"], result.asked, strict=True):
        ask.add_to_question(row, asked)
    analogues.add_sentences(value["analogues"], result.analogues)
    if result.backtest is not None:
        backtest.add_sentences(value["backtest"], result.backtest)
    if result.claims is not None:
        for row, found in zip(value["claims"], result.claims.rows, strict=True):
            claims.add_to_row(row, found)
    add_to_change(value["change"], result.change, result.run.case)


def untested_text(change: ChangeOverview) -> str:
    """Return why the declared door is not tested; empty where it is, or where none is declared."""
    return clauses(fault_text(fault).rstrip(".。") for fault in change.untested)


def add_to_change(value: dict[str, Any], change: ChangeOverview, case: Case) -> None:
    """Add to what would change the outcome what each of its parts says."""
    say, label = named(case), spelled(case)
    value["sentences"] = {"not_modelled": not_modelled_text(change.not_modelled)}
    for row, pulled in zip(value["levers"], change.pulled, strict=True):
        row["sentences"] = {"beyond": [whatif.outside(what, label) for what in pulled.beyond]}
    for row, idle in zip(value["idle"], change.idle, strict=True):
        row["sentences"] = {"why": why_idle(idle, say)}
    value["sentences"]["untested"] = untested_text(change)
    if change.door is not None:
        unlock.add_sentences(value["door"], change.door)
    if change.mediators is not None:
        mediators.add_sentences(value["mediators"], change.mediators)
