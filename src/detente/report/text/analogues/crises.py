"""Sentences about the crises that are like the one of the as-of day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from detente.report.text.numbers import listed, of_count

_FEATURES = {
    "trigger_violent": "violent trigger",
    "violence": "violence",
    "mediation": "mediation",
    "protracted": "protracted conflict",
    "power_gap": "power gap",
    "outcome": "form of outcome",
}
_WHY = {
    "no crisis": "no crisis runs on the as-of day",
    "no opening act": "no act is known that opened the crisis",
    "whole crisis": "known only when a crisis is over",
    "no earlier crisis": "the two were in no earlier crisis of the table for which it is known",
}


def crises_text(value: Mapping[str, Any]) -> str:
    """Return how crises are found."""
    used, until = (
        [_FEATURES[name] for name in value["features_used"]],
        date.fromisoformat(value["crises_until"]),
    )
    if not used:
        return "No feature of a crisis is known on the as-of day, so that none is compared."
    return (
        f"Of {value['crises_searched']} crises of International Crisis Behavior that began before the as-of day, those "
        f"most like the crisis that runs then, or would begin, in {listed(used)}: only "
        f"features that are known when a crisis begins can match. {value['crises_left_out']} that lack one of them are "
        f"left out, and of equals the latest come first. The table ends in {until.year - 1}."
    )


def feature_text(feature: Mapping[str, Any]) -> str:
    """Return what is known of a feature on the as-of day, and from where."""
    name = _FEATURES[feature["name"]]
    if feature["value"] is None:
        return f"{name}: left out; {_WHY[feature['why']]}"
    shown = _plain(feature["value"])
    source = (
        "the chronicle" if feature["known_from"] == "chronicle" else f"crisis {feature['number']} of the two"
    )
    return f"{name}: {shown}, from {source}"


def crisis_text(crisis: Mapping[str, Any], again: int) -> str:
    """Return a crisis, how like it is, and what followed."""
    who = ", ".join([*crisis["actors"], *crisis["triggered_by"]])
    ended = ", ".join(f"{months} {_plain(value)}" for months, value in crisis["ended"].items())
    outcome = crisis["outcome"] or ("unknown" if crisis["over"] else "not over by the as-of day")
    same = "; both sides of this case were in it" if crisis["of_the_pair"] else ""
    return (
        f"{crisis['number']} {crisis['name']} ({who}), {crisis['first']}: similarity {crisis['similarity']:.2f}{same}; "
        f"ended within months: {ended}; outcome: {outcome}; another within {again} months: {_plain(crisis['another'])}"
    )


def ended_text(value: Mapping[str, Any]) -> str:
    """Return how many of all crises searched had ended after so many months."""
    told = [
        f"{row['yes']} of {row['known']} within {of_count(int(months), 'month')}"
        for months, row in value["ended"].items()
    ]
    return f"Of all that were searched there ended {listed(told)}: compare these shares with those of the few above."


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "unknown" if value is None else str(value)
