"""Studies that only programs ask for: the whole report as one object, without pictures."""

from __future__ import annotations

from detente.base.progress import Progress
from detente.lab.case import Case
from detente.report.text.as_json import to_json
from detente.studies.overview import report_on
from detente.web.requested import Requested
from detente.web.shown import Shown

MORE = {"report": ("as_of", "days", "futures", "seed")}
"""Their names, and the settings that each takes."""


def find_more(case: Case, requested: Requested, tell: Progress) -> Shown | None:
    """Return what a study of `MORE` finds, or None if another is asked for."""
    if requested.study not in MORE:
        return None
    return Shown(to_json(report_on(case, **requested.given, progress=tell)))
