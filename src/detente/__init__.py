"""Détente: write an argument about a rivalry down, fit it to events, run it forward, keep score.

Every command of the command line has a function here, with the same name and the same defaults. Everything else can be
imported by its full path and may move.

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
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from detente.events.files.event_file import load_events as load_events
    from detente.lab.arguments import load_argument as load_argument
    from detente.lab.ask import ask as ask
    from detente.lab.case import load_case as load_case
    from detente.lab.clocks import clocks_of as clocks
    from detente.lab.phases import phases_of as phases
    from detente.lab.run import run as run
    from detente.report.pages.article import write_article as write_article
    from detente.report.pages.report import write_report as write_report
    from detente.studies.analogues.related import analogues as analogues
    from detente.studies.article import article_on as article
    from detente.studies.bargain.bargain import bargain_of as bargain
    from detente.studies.bargain.crisis import crisis_of as crisis
    from detente.studies.claims.claims import claims as claims
    from detente.studies.claims.forecasts import forecasts as forecasts
    from detente.studies.diagnose.diagnose import diagnose as diagnose
    from detente.studies.diff import diff as diff
    from detente.studies.drafting.from_events import propose as propose
    from detente.studies.evidence.run import evidence as evidence
    from detente.studies.exercise.exercise import exercise as exercise
    from detente.studies.overview import report_on as report_on
    from detente.studies.scoring.backtest import backtest as backtest
    from detente.studies.scoring.compare import compare as compare
    from detente.studies.scoring.questions import backtest_questions as backtest_questions
    from detente.studies.whatif.door_test import unlock as unlock
    from detente.studies.whatif.mediators import mediators as mediators
    from detente.studies.whatif.whatif import whatif as whatif
    from detente.studies.world.run import world_of as world

_WHERE = {
    "analogues": ("detente.studies.analogues.related", "analogues"),
    "article": ("detente.studies.article", "article_on"),
    "ask": ("detente.lab.ask", "ask"),
    "backtest": ("detente.studies.scoring.backtest", "backtest"),
    "backtest_questions": ("detente.studies.scoring.questions", "backtest_questions"),
    "bargain": ("detente.studies.bargain.bargain", "bargain_of"),
    "claims": ("detente.studies.claims.claims", "claims"),
    "clocks": ("detente.lab.clocks", "clocks_of"),
    "compare": ("detente.studies.scoring.compare", "compare"),
    "crisis": ("detente.studies.bargain.crisis", "crisis_of"),
    "diagnose": ("detente.studies.diagnose.diagnose", "diagnose"),
    "diff": ("detente.studies.diff", "diff"),
    "evidence": ("detente.studies.evidence.run", "evidence"),
    "exercise": ("detente.studies.exercise.exercise", "exercise"),
    "forecasts": ("detente.studies.claims.forecasts", "forecasts"),
    "load_argument": ("detente.lab.arguments", "load_argument"),
    "load_case": ("detente.lab.case", "load_case"),
    "load_events": ("detente.events.files.event_file", "load_events"),
    "mediators": ("detente.studies.whatif.mediators", "mediators"),
    "phases": ("detente.lab.phases", "phases_of"),
    "propose": ("detente.studies.drafting.from_events", "propose"),
    "report_on": ("detente.studies.overview", "report_on"),
    "run": ("detente.lab.run", "run"),
    "unlock": ("detente.studies.whatif.door_test", "unlock"),
    "whatif": ("detente.studies.whatif.whatif", "whatif"),
    "world": ("detente.studies.world.run", "world_of"),
    "write_article": ("detente.report.pages.article", "write_article"),
    "write_report": ("detente.report.pages.report", "write_report"),
}
__all__ = [
    "analogues",
    "article",
    "ask",
    "backtest",
    "backtest_questions",
    "bargain",
    "claims",
    "clocks",
    "compare",
    "crisis",
    "diagnose",
    "diff",
    "evidence",
    "exercise",
    "forecasts",
    "load_argument",
    "load_case",
    "load_events",
    "mediators",
    "phases",
    "propose",
    "report_on",
    "run",
    "unlock",
    "whatif",
    "world",
    "write_article",
    "write_report",
]


if not TYPE_CHECKING:  # a type checker reads the imports above, and sees a misspelt name

    def __getattr__(name: str) -> Any:
        # imports wait until a name is used, so that the command line starts at once
        if name not in _WHERE:
            raise AttributeError(f"module 'detente' has no attribute {name!r}")
        module, attribute = _WHERE[name]
        return getattr(importlib.import_module(module), attribute)


def __dir__() -> list[str]:
    return sorted(__all__)


def _share_cores() -> None:
    """Leave the cores to our own threads, as the command line does: those of the algebra library would only wait.

    The library reads its environment when NumPy loads; where it is loaded, only threadpoolctl can still tell it.
    """
    if "OPENBLAS_NUM_THREADS" in os.environ:
        return
    if "numpy" not in sys.modules:
        os.environ["OPENBLAS_NUM_THREADS"] = "1"
        return
    with suppress(ImportError):
        importlib.import_module("threadpoolctl").threadpool_limits(1, user_api="blas")


_share_cores()
