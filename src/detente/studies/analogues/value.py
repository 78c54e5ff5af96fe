"""What analogues are worth as forecasts: shares of similar moments after which questions came true, and base rates."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from hashlib import sha256
from importlib import resources
from typing import Any

import numpy as np

from detente.base.arrays import Bools, Floats
from detente.base.progress import Progress
from detente.base.store import key_of
from detente.events.files.embedded import embedded_rivalries
from detente.lab.case import Case
from detente.model.fit_cache import read_of_argument
from detente.questions.base_rates import base_rates
from detente.questions.question import Question, bind, resolve
from detente.questions.settle import Outcome, settle_earlier
from detente.questions.statements import windows_read
from detente.studies.analogues.memories import Past
from detente.studies.analogues.moments import similar_days
from detente.studies.scoring.question_cases import outcomes_on
from detente.studies.scoring.question_protocol import QuestionProtocol, question_protocol_of
from detente.studies.scoring.question_scores import BrierSkill, brier_skill, held_log_scores, resampled_dates

NEAREST = (5, 10, 20)
"""How many of the most similar moments are asked."""
_SHARE = 0.9


@dataclass(frozen=True, slots=True)
class Worth:
    """Scores of one way to forecast from similar moments.

    Attributes
    ----------
    nearest : int
        How many moments are asked.
    mixed : bool
        Whether their share is averaged with the base rate over all earlier windows.
    brier, log : float
        Mean scores; lower is better.
    skill : BrierSkill
        Against the better base rate, with a 90 % interval over blocks of dates.
    log_gain : BrierSkill
        Mean log score of the better base rate minus this one, in nats, with its interval.
    """

    nearest: int
    mixed: bool
    brier: float
    log: float
    skill: BrierSkill
    log_gain: BrierSkill

    @property
    def beats(self) -> bool:
        """Whether the whole interval of the skill is above 0."""
        return self.skill.low is not None and self.skill.low > 0

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return {**asdict(self), "beats": self.beats}


@dataclass(frozen=True, slots=True)
class AnalogueValue:
    """What similar moments were worth on past questions.

    Attributes
    ----------
    cases, dates, questions : int
        Cases scored: settled, with similar moments whose windows had closed and with base rates.
    first, last : date
        First and last as-of day.
    base_brier, base_log : float
        Of the better base rate.
    ways : tuple of Worth
        The first is what a reader of the table sees: the share of the five most similar moments.
    """

    cases: int
    dates: int
    questions: int
    first: date
    last: date
    base_brier: float
    base_log: float
    ways: tuple[Worth, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        value = {
            name: getattr(self, name) for name in ("cases", "dates", "questions", "base_brier", "base_log")
        }
        days = {"first": self.first.isoformat(), "last": self.last.isoformat()}
        return {**value, **days, "ways": [way.to_dict() for way in self.ways]}

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> AnalogueValue:
        """Return what `to_dict` returned."""
        ways = tuple(
            Worth(
                *(way[name] for name in ("nearest", "mixed", "brier", "log")),
                *(BrierSkill(**way[name]) for name in ("skill", "log_gain")),
            )
            for way in value["ways"]
        )
        days = {name: date.fromisoformat(value[name]) for name in ("first", "last")}
        return cls(**{**value, **days, "ways": ways})


def analogue_value(
    case: Case, protocol: QuestionProtocol | None = None, progress: Progress | None = None
) -> AnalogueValue | None:
    """Ask past questions of the moments most similar to each as-of day, and score the shares that came true.

    Parameters
    ----------
    case : Case
    protocol : QuestionProtocol, optional
        That of the backtest of questions by default.
    progress : callable, optional
        Called with ("dates", done, total).

    Returns
    -------
    AnalogueValue or None
        None if no case could be scored.

    Raises
    ------
    ArgumentError, DataError
        If the argument has no principals, or no day is left.

    Notes
    -----
    On each day only what was known by it is read: a moment is asked about the days that followed it if they had passed.
    The ways to forecast were fixed before any was scored. Scores, dates and intervals are those of the backtest of
    questions.
    """
    protocol = protocol or question_protocol_of(case)
    outcome, _ = outcomes_on(case, protocol)
    shape = len(protocol.questions), len(protocol.dates)
    shares = np.full((len(NEAREST), *shape), np.nan)
    rates = np.full((2, *shape), np.nan)
    for d, day in enumerate(protocol.dates):
        if progress:
            progress("dates", d, shape[1])
        shares[..., d], rates[..., d] = _on_day(case, protocol, day)
    if progress:
        progress("dates", shape[1], shape[1])
    mixed = (shares + rates[0]) / 2
    scored = (outcome <= Outcome.YES) & ~np.isnan(rates).any(axis=0) & ~np.isnan(shares).any(axis=0)
    if not scored.any():
        return None
    came = np.asarray(outcome == Outcome.YES, dtype=float)
    briers = [np.where(scored, (rate - came) ** 2, 0.0) for rate in rates]
    base = int(np.argmin([brier.sum() for brier in briers]))
    draws = resampled_dates(shape[1], seed=protocol.seed)
    base_log = _logs(rates[base], came, scored)
    ways = []
    for said, is_mixed in ((shares, False), (mixed, True)):
        for k, nearest in enumerate(NEAREST):
            brier = np.where(scored, (said[k] - came) ** 2, 0.0)
            log = _logs(said[k], came, scored)
            skill = brier_skill(brier.sum(axis=0), briers[base].sum(axis=0), draws)
            gain = _mean_gain((base_log - log).sum(axis=0), scored.sum(axis=0), draws)
            ways.append(
                Worth(
                    nearest,
                    is_mixed,
                    float(brier.sum() / scored.sum()),
                    float(log.sum() / scored.sum()),
                    skill,
                    gain,
                )
            )
    return AnalogueValue(
        int(scored.sum()),
        int(scored.any(axis=0).sum()),
        int(scored.any(axis=1).sum()),
        protocol.dates[0],
        protocol.dates[-1],
        float(briers[base].sum() / scored.sum()),
        float(base_log.sum() / scored.sum()),
        tuple(ways),
    )


def value_key(case: Case) -> str:
    """Return the digest of all that the value of analogues of a case rests on, but for the code."""
    rests_on = read_of_argument(case.argument) | {"events": case.chronicle.digest}
    return sha256(json.dumps(rests_on, sort_keys=True, default=str).encode()).hexdigest()


def _store_key(case: Case) -> str:
    # the days that are asked about are those of a rivalry, which a chronicle is known by
    named = {"name": case.chronicle.provenance.name, "codebook": case.chronicle.codebook}
    return key_of({"what": "value of analogues", "of": value_key(case), **named})


def known_value(case: Case) -> AnalogueValue | None:
    """Return the value that was measured of a case before, by the user or for the program; None if none was."""
    kept = case.store.value("backtest", _store_key(case)) or _shipped(case.rivalry).get(value_key(case))
    return None if kept is None else AnalogueValue.from_dict(kept)


def measured_value(case: Case, progress: Progress | None = None) -> AnalogueValue | None:
    """Measure the value of analogues of a case, and keep it; see `analogue_value`."""
    found = analogue_value(case, progress=progress)
    if found is not None:
        case.store.keep("backtest", _store_key(case), found.to_dict())
    return found


def value_file(case: Case, found: AnalogueValue) -> bytes:
    """Return the file of a value that comes with a rivalry: ``analogues.json`` in its folder."""
    return f"{json.dumps({value_key(case): found.to_dict()}, indent=1)}\n".encode()


@cache
def _shipped(rivalry: str | None) -> Mapping[str, Any]:
    """Return the values that come with a rivalry, by their keys."""
    known = embedded_rivalries()
    if rivalry is None or rivalry not in known:
        return {}
    path = resources.files("detente") / "data" / known[rivalry].folder / "analogues.json"
    value: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return value


def _on_day(case: Case, protocol: QuestionProtocol, day: date) -> tuple[Floats, Floats]:
    """Return the shares of the nearest moments, shape (way, question), and both base rates, shape (2, question)."""
    argument, chronicle = case.argument, case.chronicle
    past = Past.of(argument, chronicle.known_at(day), argument.clocks.half_lives(), chronicle.window.end)
    since = argument.run.fit_from or past.window.start
    shares = np.full((len(NEAREST), len(protocol.questions)), np.nan)
    rates = np.full((2, len(protocol.questions)), np.nan)
    near: dict[int, list[int]] = {}
    for q, asked in enumerate(protocol.questions):
        question = bind(
            asked.spec, argument, chronicle.scheme, day, codebook=chronicle.codebook, limits=case.limits
        )
        for row, rate in enumerate(base_rates(question, past.known, day, since)):
            rates[row, q] = np.nan if rate.of_settled is None else rate.of_settled
        length = (question.window.end - day).days
        if length not in near:
            found, _, _ = similar_days(past, count=max(NEAREST), closed=length)
            near[length] = [past.window.index(day) - at for at in found]
        came = _came(question, past, near[length])
        for row, nearest in enumerate(NEAREST):
            settled = [value for value in came[:nearest] if value is not None]
            if settled:
                shares[row, q] = sum(settled) / len(settled)
    return shares, rates


def _came(question: Question, past: Past, offsets: list[int]) -> list[bool | None]:
    """Return whether a question came true when asked so many days earlier; None where that is not known."""
    known = past.known
    days = np.array(offsets, dtype=np.int64)
    found = settle_earlier(question.asks, known, days) if question.given is None else None
    settled = [resolve(question.shifted(-d), known) for d in offsets] if found is None else found.tolist()
    told: list[bool | None] = []
    for back, value in zip(offsets, settled, strict=True):
        moved = question.shifted(-back)
        gap = any(known.has_gap(window) for part in moved.parts for window in windows_read(part))
        told.append(bool(value) if value in (Outcome.NO, Outcome.YES) and not gap else None)
    return told


def _logs(said: Floats, came: Floats, scored: Bools) -> Floats:
    return np.where(scored, held_log_scores(np.where(scored, said, 0.5), came), 0.0)


def _mean_gain(gains: Floats, cases: Floats, draws: Floats | None) -> BrierSkill:
    """Return a mean over cases with its interval over resampled dates."""
    mean = float(gains.sum() / cases.sum())
    if draws is None:
        return BrierSkill(mean)
    counted = draws @ cases
    means = (draws @ gains)[counted > 0] / counted[counted > 0]
    low, high = np.quantile(means, [(1 - _SHARE) / 2, (1 + _SHARE) / 2])
    return BrierSkill(mean, float(low), float(high))
