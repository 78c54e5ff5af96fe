"""Détente: write an argument about a rivalry down, fit it to what happened, run it forward, keep score.

Examples
--------
>>> import detente
>>> result = detente.run(detente.load_case("us-iran"), futures=20)
>>> [a.question.id for a in result.answers][:2]
['strike-30d', 'deadly-90d']
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from detente.argument import load_argument as load_argument
    from detente.asking import ask as ask
    from detente.lab import load_case as load_case
    from detente.lab import run as run
    from detente.report.report import write_report as write_report
    from detente.reporting import report_on as report_on
    from detente.sources import load_events as load_events

_WHERE = {
    "ask": "detente.asking",
    "load_argument": "detente.argument",
    "load_case": "detente.lab",
    "load_events": "detente.sources",
    "report_on": "detente.reporting",
    "run": "detente.lab",
    "write_report": "detente.report.report",
}
__all__ = ["ask", "load_argument", "load_case", "load_events", "report_on", "run", "write_report"]


def __getattr__(name: str) -> Any:
    # imports wait until a name is used, so that the command line starts at once
    if name not in _WHERE:
        raise AttributeError(f"module 'detente' has no attribute {name!r}")
    return getattr(importlib.import_module(_WHERE[name]), name)
