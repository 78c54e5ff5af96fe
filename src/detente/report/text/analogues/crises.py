"""Sentences about the crises that are like the one of the as-of day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from detente.report.languages.formats import day_text, listed
from detente.report.languages.language import _, for_later, own, word
from detente.report.text.numbers import clauses, of_count, phrases

_FEATURES = {
    "trigger_violent": for_later("violent trigger"),
    "violence": for_later("violence"),
    "mediation": for_later("mediation"),
    "protracted": for_later("protracted conflict"),
    "power_gap": for_later("power gap"),
    "outcome": for_later("form of outcome"),
}
_WHY = {
    "no crisis": for_later("no crisis runs on the as-of day"),
    "no opening act": for_later("no act is known that opened the crisis"),
    "whole crisis": for_later("known only when a crisis is over"),
    "no earlier crisis": for_later("the two were in no earlier crisis of the table for which it is known"),
}


def crises_text(value: Mapping[str, Any]) -> str:
    """Return how crises are found."""
    used, until = (
        [_(_FEATURES[name]) for name in value["features_used"]],
        date.fromisoformat(value["crises_until"]),
    )
    if not used:
        return _("No feature of a crisis is known on the as-of day, so that none is compared.")
    return _(
        "Of {searched} crises of International Crisis Behavior that began before the as-of day, those"
        " most like the crisis that runs then, or would begin, in {features}: only features that are "
        "known when a crisis begins can match. {left_out} that lack one of them are left out, and "
        "among equals the latest come first. The table ends in {year}."
    ).format(
        searched=f"{value['crises_searched']:,}",
        features=listed(used),
        left_out=f"{value['crises_left_out']:,}",
        year=until.year - 1,
    )


def feature_text(feature: Mapping[str, Any]) -> str:
    """Return what is known of a feature on the as-of day, and from where."""
    name, value = _(_FEATURES[feature["name"]]), _plain(feature["value"])
    if feature["value"] is None:
        return _("{feature}: left out; {why}").format(feature=name, why=_(_WHY[feature["why"]]))
    if feature["known_from"] == "chronicle":
        return _("{feature}: {value}, from the chronicle").format(feature=name, value=value)
    return _("{feature}: {value}, from crisis {number} of the two").format(
        feature=name, value=value, number=feature["number"]
    )


def crisis_text(crisis: Mapping[str, Any], again: int) -> str:
    """Return a crisis, how like it is, and what followed."""
    ended = (
        _("{months} {answer}").format(months=months, answer=_plain(value))
        for months, value in crisis["ended"].items()
    )
    if crisis["outcome"]:
        outcome = word(crisis["outcome"])
    else:
        outcome = _("unknown") if crisis["over"] else _("not over by the as-of day")
    return clauses(
        [
            _("{number} {name} ({who}), {day}: similarity {similarity}").format(
                number=crisis["number"],
                name=own(crisis["name"]),
                who=phrases(*crisis["actors"], *crisis["triggered_by"]),
                day=day_text(date.fromisoformat(crisis["first"])),
                similarity=f"{crisis['similarity']:.2f}",
            ),
            *([_("both sides of this case were in it")] if crisis["of_the_pair"] else []),
            _("ended within months: {ended}").format(ended=phrases(*ended)),
            _("outcome: {outcome}").format(outcome=outcome),
            _("another within {months}: {answer}").format(
                months=of_count(again, "month"), answer=_plain(crisis["another"])
            ),
        ]
    )


def ended_text(value: Mapping[str, Any]) -> str:
    """Return how many of all crises searched had ended after so many months."""
    told = [
        _("{yes} of {known} within {months}").format(
            yes=row["yes"], known=row["known"], months=of_count(int(months), "month")
        )
        for months, row in value["ended"].items()
    ]
    return _(
        "Ended, of all crises searched: {shares}. Compare these shares with those of the few above."
    ).format(shares=listed(told))


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return word("yes") if value else word("no")
    return _("unknown") if value is None else word(str(value))
