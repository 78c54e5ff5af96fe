"""What `detente phases` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.report.text.numbers import percent

if TYPE_CHECKING:
    from detente.lab.phases import Period, PhaseHistory

_SHOWN_ACTS = 6


def text_of(rivalry: str, argument: str, history: PhaseHistory) -> str:
    """Return every period of the phases and of talks, with the acts that opened it."""
    value = history.to_dict()["share_of_days"]
    shares = ", ".join(f"{kind} {percent(share)}" for kind, share in value.items())
    lines = [f"{rivalry}, argument {argument}, {history.window}: share of days {shares}.", "", "Phases"]
    lines += [line for period in history.periods for line in _period(period)]
    lines += ["", "Talks"]
    lines += [line for period in history.talk_periods for line in _period(period)] or ["  none"]
    if history.force_scale != 1:
        said = (
            f"Points of force that make a crisis: {history.force_scale:.1f} times those of the rule, as the two fight "
            "that much more than the pair it was tuned on (mean of the last ten years)."
        )
        lines += ["", said]
    lines += ["", "The rule is in docs/phases.md; it was tuned on the periods it is checked on."]
    return "\n".join(lines)


def _period(period: Period) -> list[str]:
    window = period.window
    last = window.day(window.days - 1)
    unit = "day" if window.days == 1 else "days"
    tail = ", and going on" if period.ongoing else ""
    lines = [
        f"  {window.start.isoformat()} to {last.isoformat()}  {period.kind}, {window.days:,} {unit}{tail}"
    ]
    if period.because:
        lines.append(f"      declared: {period.because}")
    for act in period.opened_by[-_SHOWN_ACTS:]:
        mode = f" {act['mode']}" if act["mode"] else ""
        summary = f": {act['summary']}" if act["summary"] else ""
        lines.append(
            f"      {act['date'].isoformat()} {act['source']} -> {act['target']} {act['action']}{mode}{summary}"
        )
    return lines
