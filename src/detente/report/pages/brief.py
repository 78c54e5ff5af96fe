"""The first lines of a report: what stands out, and what it rests on."""

from __future__ import annotations

from statistics import median

from detente.lab.ask import QuestionResult
from detente.studies.overview import Report

_APART = 0.15  # between a chance and its base rate, below which they say the same


def in_brief(report: Report) -> list[str]:
    """Return a few sentences: the likeliest answers, the largest departure from a base rate, verdicts, and trust."""
    asked = [a for a in report.asked if a.answer.probability is not None]
    out = []
    if asked:
        ordered = sorted(asked, key=_chance)
        out.append(f"Most likely: {_quoted(ordered[-1])}.")
        if len(ordered) > 1:
            out.append(f"Least likely: {_quoted(ordered[0])}.")
        apart = max(asked, key=_gap)
        if _gap(apart) >= _APART:
            share = apart.base_rates[0].share or 0.0
            out.append(
                f"Largest departure from the base rate: {_quoted(apart)}; in earlier windows it happened in "
                f"{share:.0%}."
            )
    moved = sorted(report.run.moved_by_events().values())
    if moved:
        out.append(
            f"The events remove at most {max(moved[-1], 0):.0%} of any coefficient's prior width (median "
            f"{max(median(moved), 0):.0%}): most of each chance rests on the argument."
        )
    judged = [row.verdict for row in report.claims.rows if row.judgement] if report.claims else []
    if judged:
        open_ = sum(verdict in ("not testable", "silent") for verdict in judged)
        out.append(f"Of {len(judged)} claims about mechanisms the events leave {open_} open.")
    return out


def _chance(asked: QuestionResult) -> float:
    return asked.answer.probability or 0.0


def _gap(asked: QuestionResult) -> float:
    share = asked.base_rates[0].share
    return 0.0 if share is None else abs(_chance(asked) - share)


def _quoted(asked: QuestionResult) -> str:
    return f"“{asked.answer.question.text}”, {_chance(asked):.0%}"
