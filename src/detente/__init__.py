"""Détente: write an argument about a rivalry down, fit it to events, run it forward, keep score.

Examples
--------
>>> import detente
>>> result = detente.run(detente.load_case("us-iran"), futures=20)
>>> [a.question.id for a in result.answers][:2]
['strike-30d', 'deadly-90d']

May import: events, lab, studies, report.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from detente.events.files.event_file import load_events as load_events
    from detente.lab.arguments import load_argument as load_argument
    from detente.lab.ask import ask as ask
    from detente.lab.case import load_case as load_case
    from detente.lab.run import run as run
    from detente.report.pages.report import write_report as write_report
    from detente.studies.overview import report_on as report_on

_WHERE = {
    "ask": "detente.lab.ask",
    "load_argument": "detente.lab.arguments",
    "load_case": "detente.lab.case",
    "load_events": "detente.events.files.event_file",
    "report_on": "detente.studies.overview",
    "run": "detente.lab.run",
    "write_report": "detente.report.pages.report",
}
__all__ = ["ask", "load_argument", "load_case", "load_events", "report_on", "run", "write_report"]


def __getattr__(name: str) -> Any:
    # imports wait until a name is used, so that the command line starts at once
    if name not in _WHERE:
        raise AttributeError(f"module 'detente' has no attribute {name!r}")
    return getattr(importlib.import_module(_WHERE[name]), name)
