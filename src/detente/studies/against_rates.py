"""Futures of a run held against the reference rates of other rivalries.

May import: no other study.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from detente.argument.blocks import QuestionSpec
from detente.base.arrays import Bools, Ints
from detente.base.errors import QuestionError
from detente.events.phases import Phase
from detente.lab.asked import bind_asked
from detente.lab.run_result import Run
from detente.model.elsewhere import evidence_table
from detente.questions.answers import answer
from detente.questions.question import amounts, resolve_many
from detente.questions.settle import Outcome

# What futures are asked, and the reference rates that speak of the same: hostilities are an exchange of force.
ASKED = {
    "phase hostilities": ("exchange_in_year",),
    "war": ("war_in_year", "war_after_violent_crisis"),
}


MONTHS = 24  # in which the deaths of a war are counted
FEWEST = 10  # cases in futures, below which their quantiles say nothing


@dataclass(frozen=True, slots=True)
class SpreadAgainst:
    """Quantiles of days or deaths in futures with those of other rivalries.

    Attributes
    ----------
    rate : str
        Id of the reference rate.
    n : int
        Cases in futures.
    own, reference : tuple of float
        The 10, 50 and 90 % quantiles.
    source : str
        Keys of the bibliography.
    """

    rate: str
    n: int
    own: tuple[float, float, float]
    reference: tuple[float, float, float]
    source: str

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class HeldAgainst:
    """A chance in futures with the reference rate of the same thing within as many months.

    Attributes
    ----------
    rate : str
        Id of the reference rate.
    months : int
    probability, low, high : float
        In futures, with its Monte Carlo interval.
    reference, reference_low, reference_high : float
        With its 90 % interval.
    source : str
        Keys of the bibliography.
    """

    rate: str
    months: int
    probability: float
    low: float
    high: float
    reference: float
    reference_low: float
    reference_high: float
    source: str

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return asdict(self)


def spreads_against(run: Run) -> tuple[SpreadAgainst, ...]:
    """Return how long hostilities last in futures and how many die in a war, with the same in other rivalries.

    Hostilities that go on at the end of a future are left out, so that long ones are too rare. Deaths are those within
    `MONTHS` of the start. A quantity with fewer than `FEWEST` cases is left out. How long a war lasts is not compared:
    futures count the deaths of a year, and do not say on which day a war begins or ends.

    Examples
    --------
    >>> from detente.lab.run import run
    >>> [row.rate for row in spreads_against(run("us-iran", days=60, futures=20))]
    []
    """
    quantiles = {each["id"]: each for each in evidence_table()["rates"]["quantiles"]}
    found: list[SpreadAgainst] = []
    with suppress(QuestionError):
        days = lengths_of(run.chronicles.phases.phase == Phase.HOSTILITIES)
        pair = "<->".join(run.case.argument.principals or ())
        months = max(min(int(run.futures.window.days / 30.44), MONTHS), 1)
        war, deaths = (
            bind_asked(run.case, (QuestionSpec(id="rate", text="rate", ask=line),), run.as_of)[1][0]
            for line in (f"war within {months}m", f"how many deaths {pair} force within {months}m")
        )
        at_war = resolve_many(war, run.chronicles) == Outcome.YES
        tolls = amounts(deaths, run.chronicles).low[at_war]
        for name, values in (("days_exchange", days), ("deaths_war", tolls)):
            if len(values) >= FEWEST:
                own, known = np.quantile(values, [0.1, 0.5, 0.9]), quantiles[name]
                own_three = (float(own[0]), float(own[1]), float(own[2]))
                reference = (known["q10"], known["q50"], known["q90"])
                found.append(SpreadAgainst(name, len(values), own_three, reference, known["source"]))
    return tuple(found)


def lengths_of(inside: Bools) -> Ints:
    """Return the lengths of runs of days inside, of all futures, but for those that go on to the last day.

    Examples
    --------
    >>> lengths_of(np.array([[True, True, False, True], [False, True, False, False]])).tolist()
    [2, 1]
    """
    padded = np.pad(inside, ((0, 0), (1, 1))).astype(np.int8)
    change = np.diff(padded, axis=1)
    begin, end = (np.nonzero(change == way)[1] for way in (1, -1))
    return np.asarray((end - begin)[end < inside.shape[1]], dtype=np.int64)


def against_rates(run: Run) -> tuple[HeldAgainst, ...]:
    """Return the chances of an exchange of force and of a war in a run's futures, with their reference rates.

    A rate is left out where the run is shorter than its window, or where the acts do not tell force apart.

    Examples
    --------
    >>> from detente.lab.run import run
    >>> [row.rate for row in against_rates(run("us-iran", futures=50)) if row.months == 6]
    ['exchange_in_year', 'war_in_year', 'war_after_violent_crisis']
    """
    chances = {each["id"]: each for each in evidence_table()["rates"]["chances"]}
    found: list[HeldAgainst] = []
    for asked, rates in ASKED.items():
        for months in sorted({by["months"] for name in rates for by in chances[name]["by"]}):
            with suppress(QuestionError):
                line = QuestionSpec(id="rate", text="rate", ask=f"{asked} within {months}m")
                question = bind_asked(run.case, (line,), run.as_of)[1][0]
                if question.window.end > run.futures.window.end:
                    continue
                seen = answer(question, resolve_many(question, run.chronicles), Outcome.NOT_YET)
                if seen.probability is None or seen.low is None or seen.high is None:
                    continue
                for name in rates:
                    rate = chances[name]
                    by = next(each for each in rate["by"] if each["months"] == months)
                    found.append(
                        HeldAgainst(
                            name,
                            months,
                            seen.probability,
                            seen.low,
                            seen.high,
                            by["share"],
                            by["low"],
                            by["high"],
                            rate["source"],
                        )
                    )
    return tuple(found)
