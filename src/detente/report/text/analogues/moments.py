"""Sentences about earlier moments and what followed them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from detente.report.text.analogues.worth import signed
from detente.report.text.numbers import listed, of_count

ALIKE, UNLIKE = 0.5, 1.0
"""Standard deviations up to which a memory is said to be alike, and from which it is said not to be."""
_CLOCKS = {"fast": "lately", "slow": "over the longer run"}


def method(value: Mapping[str, Any]) -> str:
    """Return how moments are found."""
    fast, slow = (f"{value['half_lives'][clock]:,.0f}" for clock in ("fast", "slow"))
    if value["phase"] is None:
        stood = "The last day before the as-of day is not covered, so that phases are not compared."
    else:
        talks = "with talks" if value["talks"] else "without talks"
        stood = f"On the last day known, the two were in {value['phase']}, {talks}; days of the same phase come first."
    return (
        "A moment is an earlier day whose memories were most like those of the as-of day: of conflict, cooperation "
        f"and deaths by the acts of each side, with half-lives of {fast} days (lately) and {slow} days (over the "
        f"longer run). {stood} Moments are at least {value['apart_days']} days apart. What followed is unknown where "
        "the months run past what was known."
    )


def moment_sentences(moment: Mapping[str, Any]) -> dict[str, Any]:
    """Return how like a moment is, in what and in what not, and what followed."""
    phase = "" if moment["same_phase"] is None else " too" if moment["same_phase"] else ", not the same"
    talks = "talks" if moment["talks"] else "no talks"
    alike = [_part(p) for p in moment["parts"] if abs(p["difference"]) <= ALIKE]
    unlike = sorted(
        (p for p in moment["parts"] if abs(p["difference"]) >= UNLIKE), key=lambda p: -abs(p["difference"])
    )
    return {
        "similar": (
            f"closer than {_floor(moment['similarity'])} of the earlier days (distance {moment['distance']:.2f}); "
            f"{moment['phase']}{phase}, {talks}{'' if moment['same_talks'] else ', unlike now'}"
        ),
        "alike": f"alike in {listed(alike)}" if alike else "alike in no single memory",
        "unlike": f"not alike: {listed([_compared(p) for p in unlike])}" if unlike else "nothing far apart",
        "followed": [followed_text(each) for each in moment["followed"]],
    }


def followed_text(each: Mapping[str, Any]) -> str:
    """Return what followed within some months."""
    months = of_count(each["months"], "month")
    if not each["known"]:
        return f"{months}: unknown, since they run to {each['until']}"
    acts = ", ".join(f"{n} {cls}" for cls, n in each["acts"].items()) or "no act on record"
    deaths = of_count(each["deaths"], "known death")
    if each["unknown_tolls"]:
        deaths += f" and {of_count(each['unknown_tolls'], 'assault')} of unknown toll"
    war = {True: "war", False: "no war", None: "whether it was war is unknown"}[each["war"]]
    phases = ", ".join(each["phases"])
    return f"{months}: {acts}; {deaths}; {phases}{', talks' if each['talks'] else ''}; {war}"


def searched_text(file: Mapping[str, Any]) -> str:
    """Return what was searched in an event file."""
    if not file["pairs"]:
        return f"{file['name']}: no pair of actors has enough acts before the as-of day to be searched."
    names = ", ".join("-".join(pair) for pair in file["pairs"])
    return (
        f"{file['name']}: {file['searched']:,} earlier days of {of_count(len(file['pairs']), 'pair')} ({names}), each "
        "measured from its own mean in its own standard deviations."
    )


def moment_lines(moment: Mapping[str, Any], *, pair: bool = False) -> list[str]:
    """Return a moment with what followed, line by line; with whom it is of if `pair`."""
    said = moment["sentences"]
    who = f" {' as first and '.join(moment['pair'])} as second:" if pair else ""
    lines = [f"{moment['day']}{who} {said['similar']}", f"  {said['alike']}; {said['unlike']}"]
    lines += [f"  before: {_act(act)}" for act in moment["before"]]
    return [*lines, *(f"  {each}" for each in said["followed"])]


def _act(act: Mapping[str, Any]) -> str:
    mode = f" {act['mode']}" if act.get("mode") else ""
    return f"{act['date']} {act['source']} -> {act['target']} {act['action']}{mode}"


def _part(part: Mapping[str, Any]) -> str:
    return f"{part['kind']} by {part['source']} {_CLOCKS[part['clock']]}"


def _compared(part: Mapping[str, Any]) -> str:
    more = part["difference"] > 0
    word = "more" if more else "fewer" if part["kind"] == "deaths" else "less"
    return f"{word} {_part(part)} ({signed(part['difference'], 1)})"


def _floor(share: float) -> str:
    """Return a share in tenths of a percent, never rounded up to all."""
    return f"{int(share * 1000) / 10:.1f} %"
