"""Futures of a run held against the reference rates of other rivalries.

May import: no other study.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any

from detente.argument.blocks import QuestionSpec
from detente.base.errors import QuestionError
from detente.lab.asked import bind_asked
from detente.lab.run_result import Run
from detente.model.elsewhere import evidence_table
from detente.questions.answers import answer
from detente.questions.question import resolve_many
from detente.questions.settle import Outcome

# What futures are asked, and the reference rates that speak of the same: hostilities are an exchange of force.
ASKED = {
    "phase hostilities": ("exchange_in_year",),
    "war": ("war_in_year", "war_after_violent_crisis"),
}


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


def against_rates(run: Run) -> tuple[HeldAgainst, ...]:
    """Return the chances of an exchange of force and of a war in a run's futures, with their reference rates.

    A rate is left out where the run is shorter than its window, or where the acts do not tell force apart.

    Examples
    --------
    >>> from detente.lab.run import run
    >>> [(row.rate, row.months) for row in against_rates(run("us-iran", days=200, futures=50))]
    [('exchange_in_year', 6), ('war_in_year', 6), ('war_after_violent_crisis', 6)]
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
