"""The evidence for a case's half-lives."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

import polars as pl

from detente.base.clock import stopwatch
from detente.base.progress import Progress
from detente.base.tables import Tables, heading, html_table
from detente.lab.case import Case, case_of
from detente.lab.head import head_of
from detente.lab.settings import Day
from detente.lab.too_little import Caution, with_cautions
from detente.model.clocks import ClockFit, fit_clocks, with_usual_grid


def clocks_of(
    case: Case | str | Path, *, as_of: Day | None = None, progress: Progress | None = None
) -> Clocks:
    """Weigh the half-lives of a case's argument by their evidence.

    An argument without a grid of its own is given the usual one.

    Parameters
    ----------
    case : Case, str or path
        A case that `load_case` has loaded, or the name or the file that it loads one from.
    as_of : date or str, optional
        Overrides the argument's ``run:`` block; without either it is refused.
    progress : callable, optional
        Called with (stage, done, total).
    """
    case = case_of(case)
    as_of = case.settings(as_of=as_of).as_of
    tell = progress or (lambda stage, done, total: None)
    elapsed = stopwatch()
    argument = with_usual_grid(case.argument)
    result = fit_clocks(argument, case.known(as_of), progress=lambda done, total: tell("clocks", done, total))
    return Clocks(case, as_of, result, elapsed())


@dataclass(frozen=True)
class Clocks(Tables):
    """What the events of a case say of each half-life: the result of `lab.clocks_of`."""

    case: Case
    as_of: date
    fit: ClockFit
    seconds: float
    tables: ClassVar[tuple[str, ...]] = ("profiles",)

    def _about(self) -> str:
        return heading(
            self.case.title, self.as_of, clocks=len(self.fit.grid), grid_points=len(self.fit.points)
        )

    @property
    def cautions(self) -> tuple[Caution, ...]:
        """What a reader must know before any number."""
        return self.case.cautions(self.as_of)

    def _table(self, name: str) -> pl.DataFrame:
        rows = [(clock, *asdict(p).values()) for clock in self.fit.grid for p in self.fit.profile(clock)]
        names = ("days", "prior", "mass", "profile", "log_evidence")
        return pl.DataFrame(rows, {"clock": pl.String} | dict.fromkeys(names, pl.Float64), orient="row")

    def _repr_html_(self) -> str:
        head = f"{self.case.name}, argument {self.case.argument.argument}, as of {self.as_of.isoformat()}"
        columns = ("clock", "days", "prior", "mass", "log_evidence")
        return html_table(head, columns, self._table("profiles").select(columns).rows())

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain values, ready for JSON; the same every time but for ``seconds``."""
        value = {
            **head_of(self.case, self.as_of),
            "points": len(self.fit.points),
            "clocks": [
                {
                    "clock": clock,
                    "profile": [asdict(point) for point in self.fit.profile(clock)],
                }
                for clock in self.fit.grid
            ],
            "seconds": self.seconds,
        }
        return with_cautions(value, self.cautions)
