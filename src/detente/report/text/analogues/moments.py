"""Sentences about earlier moments and what followed them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from detente.report.languages.formats import day_text, listed
from detente.report.languages.language import _, sentences, word
from detente.report.text.actors import act_text
from detente.report.text.analogues.worth import signed
from detente.report.text.numbers import capital, clauses, of_count, part, phrases

ALIKE, UNLIKE = 0.5, 1.0
"""Standard deviations up to which a memory is said to be alike, and from which it is said not to be."""


def method(value: Mapping[str, Any]) -> str:
    """Return how moments are found."""
    fast, slow = (f"{value['half_lives'][clock]:,.0f}" for clock in ("fast", "slow"))
    if value["phase"] is None:
        stood = _("The last day before the as-of day is not covered, so that phases are not compared.")
    else:
        stood = (
            _(
                "On the last day known, the two were in {phase}, with talks; days of the same phase are taken first."
            )
            if value["talks"]
            else _(
                "On the last day known, the two were in {phase}, without talks; days of the same phase are taken first."
            )
        ).format(phase=word(value["phase"]))
    return sentences(
        _(
            "A moment is an earlier day whose memories were most like those of the as-of day: of conflict, cooperation "
            "and deaths by the acts of each side, with half-lives of {fast} days (lately) and {slow} days (over the "
            "longer run)."
        ).format(fast=fast, slow=slow),
        stood,
        _(
            "Moments are at least {days} days apart, and the most similar are shown first. What followed is unknown "
            "where the months run past what was known."
        ).format(days=value["apart_days"]),
    )


def moment_sentences(moment: Mapping[str, Any]) -> dict[str, Any]:
    """Return how like a moment is, in what and in what not, and what followed."""
    phase = {None: "{phase}", True: _("{phase} too"), False: _("{phase}, not the same")}[moment["same_phase"]]
    talks = word("talks") if moment["talks"] else _("no talks")
    talks = talks if moment["same_talks"] else _("{talks}, unlike now").format(talks=talks)
    close = _("closer as a whole than {share} of the earlier days (distance {distance})").format(
        share=_floor(moment["similarity"]), distance=f"{moment['distance']:.2f}"
    )
    alike = [_part(p) for p in moment["parts"] if abs(p["difference"]) <= ALIKE]
    unlike = sorted(
        (p for p in moment["parts"] if abs(p["difference"]) >= UNLIKE), key=lambda p: -abs(p["difference"])
    )
    return {
        "similar": capital(clauses([close, phrases(phase.format(phase=word(moment["phase"])), talks)])),
        "alike": capital(
            _("alike in {memories}").format(memories=listed(alike))
            if alike
            else _("no memory taken alone is within half a standard deviation")
        ),
        "unlike": (
            _("not alike: {memories}").format(memories=listed([_compared(p) for p in unlike]))
            if unlike
            else _("no large difference")
        ),
        "followed": [followed_text(each) for each in moment["followed"]],
    }


def followed_text(each: Mapping[str, Any]) -> str:
    """Return what followed within some months."""
    months = of_count(each["months"], "month")
    if not each["known"]:
        return _("{months}: unknown, as the events do not cover every day before {day}").format(
            months=months, day=day_text(date.fromisoformat(each["until"]))
        )
    acts = [_("{n} {act}").format(n=n, act=word(cls)) for cls, n in each["acts"].items()]
    deaths = known_deaths_text(each["deaths"], each["unknown_tolls"]) if acts or each["unknown_tolls"] else ""
    war = {True: word("war"), False: _("no war"), None: _("whether it was war is unknown")}[each["war"]]
    states = phrases(*map(word, each["phases"]), *([word("talks")] if each["talks"] else []))
    happened = clauses(filter(None, [phrases(*acts) or _("no act on record"), deaths, states, war]))
    return _("{months}: {happened}").format(months=months, happened=happened)


def known_deaths_text(deaths: int | None, unknown_tolls: int) -> str:
    """Return how many died, as far as that is known.

    Examples
    --------
    >>> known_deaths_text(3, 0), known_deaths_text(3, 2), known_deaths_text(None, 2)
    ('3 known deaths', '3 known deaths and 2 assaults of unknown toll', 'deaths not known (2 assaults of unknown toll)')
    """
    assaults = of_count(unknown_tolls, "assault")
    if deaths is None:
        return _("deaths not known ({assaults} of unknown toll)").format(assaults=assaults)
    known = of_count(deaths, "known death")
    return (
        _("{deaths} and {assaults} of unknown toll").format(deaths=known, assaults=assaults)
        if unknown_tolls
        else known
    )


def searched_text(file: Mapping[str, Any]) -> str:
    """Return what was searched in an event file."""
    if not file["pairs"]:
        return _("{file}: no pair of actors has enough acts before the as-of day to be searched.").format(
            file=file["name"]
        )
    return _(
        "{file}: {days} earlier days of {pairs} ({names}), each measured from its own mean in its own standard "
        "deviations."
    ).format(
        file=file["name"],
        days=f"{file['searched']:,}",
        pairs=of_count(len(file["pairs"]), "pair"),
        names=phrases(*("-".join(pair) for pair in file["pairs"])),
    )


def moment_lines(moment: Mapping[str, Any], *, pair: bool = False) -> list[str]:
    """Return a moment with what followed, line by line; with whom it is of if `pair`."""
    said = moment["sentences"]
    who = f" {' as first and '.join(moment['pair'])} as second:" if pair else ""
    lines = [f"{moment['day']}{who} {said['similar']}", f"  {said['alike']}; {said['unlike']}"]
    lines += [f"  before: {_act(act)}" for act in moment["before"]]
    return [*lines, *(f"  {each}" for each in said["followed"])]


def _act(act: Mapping[str, Any]) -> str:
    return f"{act['date']} {act_text(act)}"


def _part(part: Mapping[str, Any]) -> str:
    said = {"fast": _("{kind} by {actor} lately"), "slow": _("{kind} by {actor} over the longer run")}[
        part["clock"]
    ]
    return said.format(kind=word(part["kind"]), actor=part["source"])


def _compared(part: Mapping[str, Any]) -> str:
    if part["difference"] > 0:
        said = _("more {memory} ({difference})")
    elif part["kind"] == "deaths":
        said = _("fewer {memory} ({difference})")
    else:
        said = _("less {memory} ({difference})")
    return said.format(memory=_part(part), difference=signed(part["difference"], 1))


def _floor(share: float) -> str:
    """Return a share in tenths of a percent, never rounded up to all."""
    return part(int(share * 1000) / 1000, 1) if share < 1 else part(1.0)
