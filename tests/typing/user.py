"""A user's typed script: it must pass `mypy --strict` with nothing but the installed package."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import detente


def chances(rivalry: str, as_of: date) -> dict[str, float | None]:
    """Return the chance of every question of a rivalry's own argument."""
    result = detente.run(detente.load_case(rivalry), as_of=as_of, days=365, futures=200, seed=1)
    return {answer.question.id: answer.probability for answer in result.answers}


def first_chance(rivalry: str, question: str) -> float | None:
    """Return the chance of one question."""
    asked = detente.ask(detente.load_case(rivalry, argument="baseline"), question, futures=200).asked
    return asked[0].answer.probability


def principals_of(path: Path) -> tuple[str, str] | None:
    """Return the two actors an argument's file is about."""
    return detente.load_argument(path).principals


def acts_in(path: Path) -> int:
    """Return how many acts a file holds."""
    return detente.load_events(path).events.height


def report(rivalry: str, out: Path) -> None:
    """Write the report of a rivalry as a page."""
    detente.write_report(detente.report_on(detente.load_case(rivalry), futures=200), out)
