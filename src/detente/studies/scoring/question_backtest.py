"""What the backtest of questions found: scores over all cases, by forecaster, question, horizon and type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from detente.base.arrays import Bools, Floats
from detente.base.tables import Tables, heading, table_of
from detente.lab.too_little import Caution, with_cautions
from detente.questions.settle import Outcome
from detente.questions.types import HORIZONS, TYPES
from detente.studies.scoring.question_cases import QuestionCases
from detente.studies.scoring.question_protocol import ALL, RECENT
from detente.studies.scoring.question_scores import (
    BrierSkill,
    brier_skill,
    calibration_slope,
    discrimination,
    held_log_scores,
    reliability,
    resampled_dates,
    without_overlap,
)

LEAST_SKILL, SLOPE = 0.25, (0.9, 1.1)
FEW = 5
"""Cases that came true, and that did not, from which a group has a target of its own."""


@dataclass(frozen=True, slots=True)
class Target:
    """One target of the backtest of questions.

    Attributes
    ----------
    kind : str
        ``skill`` over all cases, ``skill of horizon``, ``skill of type``, ``slope``, or ``frequency``: the mean
        probability of a question compared with how often it came true.
    of : str
        The horizon, the type or the question; empty for all cases.
    value, beside : float or None
        What was found, and for ``frequency`` what it is compared with. None where nothing could be computed.
    target : (float or None, float or None)
        The least and the greatest value that meet it.
    met : bool or None
        None where too little came true to say.
    factor : float or None
        For ``frequency``: how many times the one may be the other.
    interval : (float, float) or None
        90 % interval of a skill; None where dates are too few for one.
    """

    kind: str
    of: str
    value: float | None
    beside: float | None
    target: tuple[float | None, float | None]
    met: bool | None
    factor: float | None = None
    interval: tuple[float, float] | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return {
            "kind": self.kind,
            "of": self.of or None,
            "value": self.value,
            "beside": self.beside,
            "target": list(self.target),
            "met": self.met,
            "factor": self.factor,
            "interval": None if self.interval is None else list(self.interval),
        }


@dataclass(frozen=True)
class QuestionBacktest(Tables):
    """Scores of past questions; `to_dict` derives the tables.

    Attributes
    ----------
    cases : QuestionCases
    head : mapping of str to Any
        The head of its case, as `head_of` returns it.
    cautions : tuple of Caution
    inputs : tuple of Path
        Files of the case, which no page is written over.
    """

    cases: QuestionCases
    head: Mapping[str, Any] = field(default_factory=dict)
    cautions: tuple[Caution, ...] = ()
    inputs: tuple[Path, ...] = ()
    tables = ("cases", "questions")

    def _about(self) -> str:
        protocol = self.cases.protocol
        return heading(
            self.cases.forecasters[0],
            protocol.dates[-1],
            dates=len(protocol.dates),
            questions=len(protocol.questions),
            cases=int(self.cases.scored.sum()),
        )

    def _table(self, name: str) -> pl.DataFrame:
        if name == "questions":
            columns: dict[str, type] = {"id": str, "type": str, "horizon": int, "ask": str}
            columns |= dict.fromkeys(("cases", "yes", "separate"), int)
            columns |= dict.fromkeys(("probability", "frequency", "brier", "log"), float)
            return table_of(columns, self.by_question())
        cases = self.cases
        kinds: dict[str, type] = {"question": str, "as_of": date, "days": int, "outcome": str, "scored": bool}
        return table_of(
            kinds | dict.fromkeys(cases.forecasters, float),
            (
                (
                    question.id,
                    day,
                    int(cases.days[i, d]),
                    Outcome(int(cases.outcome[i, d])).word,
                    bool(cases.scored[i, d]),
                    *(None if np.isnan(said) else said for said in cases.said[:, i, d]),
                )
                for i, question in enumerate(cases.protocol.questions)
                for d, day in enumerate(cases.protocol.dates)
            ),
        )

    @cached_property
    def brier(self) -> Floats:
        """Squared errors, shape (forecaster, question, date); NaN where there was no forecast."""
        return np.asarray((self.cases.said - self.cases.happened) ** 2)

    @cached_property
    def reference(self) -> int:
        """Row of the better base rate: the one with the lower Brier score over all cases."""
        rows = [self.cases.forecasters.index(name) for name in (ALL, RECENT)]
        return min(rows, key=lambda row: self.brier[row][self.cases.scored].sum())

    def skill(self, chosen: Bools | None = None, row: int = 0) -> BrierSkill:
        """Return the Brier skill of a forecaster against the better base rate.

        Parameters
        ----------
        chosen : ndarray of shape (question, date), optional
            Which cases; all of them by default.
        row : int
            Which forecaster; the argument by default.
        """
        cases = self.cases.scored if chosen is None else self.cases.scored & chosen
        ours, theirs = (np.where(cases, self.brier[each], 0.0).sum(axis=0) for each in (row, self.reference))
        return brier_skill(ours, theirs, self._draws)

    def overall(self) -> dict[str, Any]:
        """Return the scores over all cases as plain values."""
        return self._scores(self.cases.scored) | self._calibration(0)

    def forecasters(self) -> list[dict[str, Any]]:
        """Return the scores of each forecaster over the same cases, the argument first."""
        scored, came = self.cases.scored, self.cases.happened
        rows = []
        for row, name in enumerate(self.cases.forecasters):
            logs = held_log_scores(self.cases.said[row][scored], came[scored])
            rows.append(
                {
                    "name": name,
                    "reference": row == self.reference,
                    "brier": _mean(self.brier[row][scored]),
                    "log": _mean(logs),
                    "skill": self.skill(row=row).to_dict(),
                    **self._calibration(row),
                    "by_decade": [
                        {
                            "from": int(decade),
                            "brier": _mean(self.brier[row][scored & (self._decades == decade)]),
                            "cases": int((scored & (self._decades == decade)).sum()),
                        }
                        for decade in np.unique(self._decades)
                    ],
                }
            )
        return rows

    def by_question(self) -> list[dict[str, Any]]:
        """Return the scores of each question as plain values."""
        rows = []
        for i, question in enumerate(self.cases.protocol.questions):
            about = {
                "id": question.id,
                "ask": question.ask,
                "type": question.type,
                "horizon": question.horizon,
            }
            rows.append(
                about
                | self._group(np.arange(len(self.cases.protocol.questions)) == i)
                | {"left_out": self.cases.left_out(i)}
            )
        return rows

    def by_horizon(self) -> list[dict[str, Any]]:
        """Return the scores of each horizon that some question has."""
        asked = [question.horizon for question in self.cases.protocol.questions]
        return [
            {"horizon": horizon} | self._group(np.array(asked) == horizon)
            for horizon in HORIZONS
            if horizon in asked
        ]

    def by_type(self) -> list[dict[str, Any]]:
        """Return the scores of each type that some question has."""
        asked = [question.type for question in self.cases.protocol.questions]
        return [{"type": kind} | self._group(np.array(asked) == kind) for kind in TYPES if kind in asked]

    def targets(self) -> tuple[Target, ...]:
        """Return the targets, and whether each was met."""
        whole = self.overall()
        found = [_at_least("skill", "", whole["skill"], LEAST_SKILL)]
        for name, rows in (("horizon", self.by_horizon()), ("type", self.by_type())):
            for row in rows:
                enough = min(row["yes"], row["cases"] - row["yes"]) >= FEW
                skill = row["skill"] if enough else BrierSkill(None).to_dict()
                found.append(_at_least(f"skill of {name}", str(row[name]), skill, 0.0))
        slope, (low, high) = whole["calibration_slope"], SLOPE
        found.append(Target("slope", "", slope, None, SLOPE, None if slope is None else low <= slope <= high))
        for question, row in zip(self.cases.protocol.questions, self.by_question(), strict=True):
            factor, said, came = question.within_factor, row["probability"], row["frequency"]
            if factor is None:
                continue
            limits = (None, None) if not came else (came / factor, came * factor)
            met = None if not came else came / factor <= said <= came * factor
            found.append(Target("frequency", question.id, said, came, limits, met, factor))
        return tuple(found)

    def to_dict(self) -> dict[str, Any]:
        """Return the backtest as plain values, ready for JSON; the same for the same input and seed."""
        scored = self.cases.scored
        bins = reliability(self.cases.said[0][scored], self.cases.happened[scored])
        value = {
            **self.head,
            "protocol": self.cases.protocol.to_dict(),
            "overall": self.overall(),
            "forecasters": self.forecasters(),
            "by_question": self.by_question(),
            "by_horizon": self.by_horizon(),
            "by_type": self.by_type(),
            "reliability": [each.to_dict() for each in bins],
            "left_out": self.cases.left_out(),
            "unstable": [
                day.isoformat()
                for day, refused in zip(self.cases.protocol.dates, self.cases.unstable, strict=True)
                if refused
            ],
            "targets": [target.to_dict() for target in self.targets()],
        }
        return with_cautions(value, self.cautions)

    @cached_property
    def _draws(self) -> Floats | None:
        protocol = self.cases.protocol
        return resampled_dates(len(protocol.dates), seed=protocol.seed)

    @cached_property
    def _decades(self) -> Floats:
        return np.array([day.year // 10 * 10 for day in self.cases.protocol.dates])[None, :] * np.ones(
            (len(self.cases.protocol.questions), 1), dtype=int
        )

    def _calibration(self, row: int) -> dict[str, float | None]:
        scored = self.cases.scored
        said, came = self.cases.said[row][scored], self.cases.happened[scored]
        return {"calibration_slope": calibration_slope(said, came), "auc": discrimination(said, came)}

    def _group(self, rows: Bools) -> dict[str, Any]:
        """Return the scores of some questions as plain values."""
        chosen = self.cases.scored & rows[:, None]
        said, came = self.cases.said[0][chosen], self.cases.happened[chosen]
        about = {"yes": int(came.sum()), "probability": _mean(said), "frequency": _mean(came)}
        return about | self._scores(chosen) | {"reference": _mean(self.brier[self.reference][chosen])}

    def _scores(self, chosen: Bools) -> dict[str, Any]:
        said, came = self.cases.said[0][chosen], self.cases.happened[chosen]
        return {
            "brier": _mean(self.brier[0][chosen]),
            "log": _mean(held_log_scores(said, came)),
            "skill": self.skill(chosen).to_dict(),
            "cases": int(chosen.sum()),
            "separate": self._separate(chosen),
        }

    def _separate(self, chosen: Bools) -> int:
        """Return how many windows do not overlap, summed over questions."""
        starts = np.array([day.toordinal() for day in self.cases.protocol.dates])
        pairs = zip(chosen, self.cases.days, strict=True)
        return sum(without_overlap(starts[row], days[row]) for row, days in pairs)


def _mean(values: Floats) -> float | None:
    return float(values.mean()) if values.size else None


def _at_least(kind: str, of: str, skill: Mapping[str, Any], least: float) -> Target:
    value, low, high = (skill[name] for name in ("mean", "low", "high"))
    met = None if value is None else value >= least if least else value > 0
    return Target(kind, of, value, None, (least, None), met, interval=None if low is None else (low, high))
