"""What a run returns: frozen results that every door formats and none recomputes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from importlib.metadata import version
from typing import Any, ClassVar

import polars as pl

from detente.base.tables import Tables, heading, html_table
from detente.futures.futures import Futures
from detente.lab.beyond import Beyond
from detente.lab.case import Case
from detente.lab.first_answers import FirstAnswer, first_answers
from detente.lab.too_little import Caution, with_cautions
from detente.model.clocks import ClockFit
from detente.model.fit import Fitted
from detente.model.likelihood import DISPERSION_PRIOR
from detente.model.shared_priors import shared_priors
from detente.questions.answers import AMOUNT_COLUMNS, Answer, amount_row, answer_to_dict
from detente.questions.chronicles import Chronicles
from detente.questions.question import Question, resolve_many
from detente.questions.settle import Outcomes


@dataclass(frozen=True, slots=True)
class ChannelOutlook:
    """Acts of one channel over the days asked for: what futures say, and what happened if that is known.

    `before` counts the acts in as many days up to the as-of day, scaled up where fewer are covered; None where none is.
    """

    source: str
    target: str
    cls: str
    label: str
    before: float | None
    observed: int | None
    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Run(Tables):
    """A fitted rivalry run forward: the result of `run`.

    Attributes
    ----------
    case : Case
    posterior : Fitted
    futures : Futures
        As long as the farthest question; `days` is how far the channel counts go.
    days : int
    channels : tuple of ChannelOutlook
    answers : tuple of Answer
    fit_seconds, futures_seconds : float
    chronicles : Chronicles
        The futures, ready for further questions.
    beyond : dict of Question to Beyond
        What stands behind the answers that these futures cannot give.
    """

    case: Case
    posterior: Fitted
    futures: Futures
    days: int
    channels: tuple[ChannelOutlook, ...]
    answers: tuple[Answer, ...]
    fit_seconds: float
    futures_seconds: float
    chronicles: Chronicles = field(repr=False, compare=False)
    beyond: Mapping[Question, Beyond] = field(default_factory=dict, repr=False, compare=False)
    tables: ClassVar[tuple[str, ...]] = ("channels", "answers", "events")

    def _about(self) -> str:
        return heading(self.case.title, self.as_of, answers=len(self.answers), futures=self.futures.count)

    def _table(self, name: str) -> pl.DataFrame:
        if name == "events":
            return self.futures.events
        if name == "answers":
            return _answers(self.answers)
        return pl.DataFrame(
            [tuple(getattr(c, field) for field in _OUTLOOK) for c in self.channels], _OUTLOOK, orient="row"
        )

    def _repr_html_(self) -> str:
        digest = self.case.known(self.as_of).digest
        head = (
            f"{self.case.name}, argument {self.case.argument.argument}, as of {self.as_of.isoformat()}: "
            f"{self.futures.count:,} futures from seed {self.futures.seed}, data {digest[:12]}"
        )
        columns = ("id", "text", "closes", "probability", "low", "high", "outcome")
        return html_table(head, columns, _answers(self.answers).select(columns).rows())

    @property
    def as_of(self) -> date:
        """First simulated day; nothing known on or after it was used."""
        return self.futures.window.start

    @property
    def cautions(self) -> tuple[Caution, ...]:
        """What a reader must know before any number."""
        return self.case.cautions(self.as_of, self.posterior.spectral_radius)

    def outcomes_of(self, answer: Answer) -> Outcomes:
        """Return how an answered question is settled on each of the futures that its answer comes from."""
        own = self.beyond.get(answer.question)
        if own is None or own.outcomes is None:
            return resolve_many(answer.question, self.chronicles)
        return own.outcomes

    def posterior_of(self, answer: Answer) -> Fitted:
        """Return the fit that the futures of an answer were drawn from."""
        own = self.beyond.get(answer.question)
        return self.posterior if own is None or own.posterior is None else own.posterior

    @cached_property
    def first_answers(self) -> tuple[FirstAnswer, ...]:
        """The first answers beside how often they came true before, and what moves them most."""

        def comes_from(answer: Answer) -> tuple[Fitted, Outcomes]:
            return self.posterior_of(answer), self.outcomes_of(answer)

        return first_answers(self.case, self.posterior, self.futures, self.answers, comes_from)

    def half_lives(self) -> dict[str, tuple[tuple[float, float], ...]]:
        """Return each clock's half-lives in days with their posterior mass; one of mass 1 where it is fixed."""
        tried = self.posterior.grid if isinstance(self.posterior, ClockFit) else {}
        fixed: dict[str, tuple[tuple[float, float], ...]] = {
            clock: ((days, 1.0),)
            for clock, days in self.posterior.program.clocks.items()
            if clock not in tried
        }
        if not isinstance(self.posterior, ClockFit):
            return fixed
        return fixed | {
            clock: tuple((p.days, p.mass) for p in self.posterior.profile(clock)) for clock in tried
        }

    def moved_by_events(self) -> dict[str, float]:
        """Return V, the share of the prior standard deviation that events removed, by ``mechanism.term``."""
        return {
            f"{c.mechanism}.{c.term}": 1 - float(sd) / c.prior.sd
            for c, sd in zip(self.posterior.program.coefficients, self.posterior.sd, strict=True)
            if c.mechanism not in ("intercept", "era")
        }

    def dispersion(self) -> list[dict[str, Any]]:
        """Return each class's log dispersion, mean and sd, and V, the share of the prior's sd that events removed."""
        posterior = self.posterior
        rows = zip(posterior.program.classes, posterior.log_alpha_mean, posterior.log_alpha_sd, strict=True)
        return [
            {
                "class": cls,
                "log_mean": float(mean),
                "log_sd": float(sd),
                "moved": 1 - float(sd) / DISPERSION_PRIOR[1],
            }
            for cls, mean, sd in rows
        ]

    def to_dict(self) -> dict[str, Any]:
        """Return the run as plain values, ready for JSON; the same for the same seed but for ``seconds``."""
        chronicle, posterior = self.case.chronicle, self.posterior
        program = posterior.program
        dates = chronicle.events["date"].dt.to_string()
        coefficients = [
            {
                "mechanism": c.mechanism,
                "term": c.term,
                "channel": "; ".join(c.channels),
                "prior_mean": c.prior.mean,
                "prior_sd": c.prior.sd,
                "mean": float(mean),
                "sd": float(sd),
            }
            for c, mean, sd in zip(program.coefficients, posterior.mean, posterior.sd, strict=True)
        ]
        value = {
            "rivalry": self.case.name,
            "argument": self.case.argument.argument,
            "as_of": self.as_of.isoformat(),
            "version": version("detente"),
            "data": {
                "events": chronicle.provenance.rows_read,
                "acts": chronicle.events.height,
                "first": dates.min(),
                "last": dates.max(),
                "digest": self.case.known(self.as_of).digest,
                "mutual_folded": chronicle.provenance.mutual_folded,
                "duplicates_folded": chronicle.provenance.duplicates_folded,
                "rows_left_out": chronicle.provenance.skipped,
                "window": [chronicle.window.start.isoformat(), chronicle.window.end.isoformat()],
                "scheme": chronicle.scheme,
                "added": [added.to_dict() for added in chronicle.provenance.added],
            },
            "fit": {
                "window": [program.history.window.start.isoformat(), program.history.window.end.isoformat()],
                "acts_known": program.history.acts,
                "acts_in_channels": program.history.acts_in_channels,
                "acts_fitted": int(program.history.counts.sum()),
                "coefficients": coefficients,
                "dispersion": self.dispersion(),
                "half_lives": dict(program.clocks),
                "clocks": _clocks_to_dict(posterior),
                "spectral_radius": posterior.spectral_radius,
                "spectral_radius_last_year": posterior.spectral_radius_last_year,
                "shared_priors": [prior.to_dict() for prior in shared_priors()],
                "log_likelihood": posterior.log_likelihood,
                "log_evidence": posterior.log_evidence,
                "steps": posterior.steps,
                "seconds": self.fit_seconds,
            },
            "futures": {
                "count": self.futures.count,
                "days": self.days,
                "simulated_days": self.futures.window.days,
                "seed": self.futures.seed,
                "seconds": self.futures_seconds,
            },
            "channels": [
                {
                    "source": c.source,
                    "target": c.target,
                    "class": c.cls,
                    "label": c.label,
                    "before": c.before,
                    "observed": c.observed,
                    "mean": c.mean,
                    "low": c.low,
                    "high": c.high,
                }
                for c in self.channels
            ],
            "questions": [answer_to_dict(a) for a in self.answers],
            "first_answers": [first.to_dict() for first in self.first_answers],
        }
        return with_cautions(value, self.cautions)


_OUTLOOK = {
    "source": pl.String,
    "target": pl.String,
    "cls": pl.String,
    "label": pl.String,
    "before": pl.Float64,
    "observed": pl.Int64,
    "mean": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
}
_ANSWER: dict[str, Any] = {
    "id": pl.String,
    "text": pl.String,
    "opens": pl.Date,
    "closes": pl.Date,
    "probability": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "yes": pl.Int64,
    "settled": pl.Int64,
    "ambiguous": pl.Float64,
    "low_all": pl.Float64,
    "high_all": pl.Float64,
    "outcome": pl.String,
    **{name: pl.String if kind is str else pl.Float64 for name, kind in AMOUNT_COLUMNS.items()},
}


def _answers(answers: tuple[Answer, ...]) -> pl.DataFrame:
    rows = []
    for a in answers:
        window = a.question.window
        numbers = (a.probability, a.low, a.high, a.yes, a.settled, a.ambiguous, a.low_all, a.high_all)
        rows.append(
            (
                a.question.id,
                a.question.text,
                window.start,
                window.end,
                *numbers,
                a.outcome.word,
                *amount_row(a),
            )
        )
    return pl.DataFrame(rows, _ANSWER, orient="row")


def _clocks_to_dict(posterior: Fitted) -> dict[str, list[dict[str, float]]]:
    """Return the posterior mass of every half-life tried, by clock; empty where the argument fixes them."""
    if not isinstance(posterior, ClockFit):
        return {}
    return {
        clock: [{"days": p.days, "prior": p.prior, "mass": p.mass} for p in posterior.profile(clock)]
        for clock in posterior.grid
    }
