"""The first lines of every text and page: what must be known before any number, the subject, the version, the data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from detente.base.limits import FEW_ACTS, FEW_DAYS
from detente.report.languages.formats import iso_window, listed
from detente.report.languages.language import _, for_later, ngettext
from detente.report.languages.readers import visitor_reads

if TYPE_CHECKING:
    from detente.lab.too_little import Caution


_DIGITS = 12  # of a digest that are shown
_STRETCHES = 4  # without coverage that are named


_OF_DAYS = {
    "gaps": for_later(
        "{days:,} of {total:,} days are not covered: nobody coded {shown}. They count as unknown, not as quiet."
    ),
    "last_part": for_later(
        "The coverage has a gap before {end}: only the {acts:,} acts from that day on are used."
    ),
    "vintage": for_later("Only what was reported before {end} is used: {rows:,} rows are left out."),
    "by_report": for_later("Each day of the past knows only the rows that had been reported by then."),
    "set_apart": for_later(
        "{rows:,} rows of the events are dated far from all others and are not used; detente check "
        "shows them."
    ),
    "set_apart_here": for_later(
        "{rows:,} rows of the events are dated far from all others and are not used; the page on the checks shows them."
    ),
}


def caution_text(caution: Mapping[str, Any]) -> str:
    """Return a caution, given as plain values, as a sentence.

    Examples
    --------
    >>> caution_text({"code": "unstable", "spectral_radius": 1.3124})
    'In a burst each act brings on 1.312 further acts (the spectral radius), so it never ends: rely on no number here.'
    >>> caution_text({"code": "few_data", "days": 300, "acts": 7}).partition(": ")[2]
    'only 300 covered days and 7 acts between the principals are there to learn from.'
    >>> caution_text({"code": "gaps", "days": 90, "total": 900, "windows": [["1992-10-03", "1993-01-01"]]})
    '90 of 900 days are not covered: nobody coded 1992-10-03 to 1992-12-31. They count as unknown, not as quiet.'
    """
    if caution["code"] == "unstable":
        radius = caution["spectral_radius"]
        return _(
            "In a burst each act brings on {radius:.3f} further acts (the spectral radius), so it never ends: rely on "
            "no number here."
        ).format(radius=radius)
    if caution["code"] == "blanks":
        return ngettext(
            "FILL-IN is still in {n:,} place of the block {block}: what rests on these blanks of the template "
            "says nothing of this rivalry until you replace them.",
            "FILL-IN is still in {n:,} places of the block {block}: what rests on these blanks of the template "
            "says nothing of this rivalry until you replace them.",
            caution["blanks"],
        ).format(n=caution["blanks"], block=caution["block"])
    if caution["code"] in _OF_DAYS:
        shown = _stretches(caution.get("windows", ()))
        here = f"{caution['code']}_here"
        said = _OF_DAYS[here if visitor_reads() and here in _OF_DAYS else caution["code"]]
        return _(said).format(**caution, shown=shown)
    if caution["code"] == "past_end":
        return (
            _(
                "The events end {days:,} days before the as-of day, and the days between are taken as quiet: take an "
                "earlier day, or add newer events."
            )
            if caution["quiet"]
            else _(
                "The events end {days:,} days before the as-of day, and the days between are unknown: take an earlier "
                "day, or add newer events."
            )
        ).format(**caution)
    if caution["days"] >= FEW_DAYS:
        said = _(
            "The prior decides most of what follows: only {acts:,} acts between the principals are there to learn "
            "from, on {days:,} covered days."
        )
    elif caution["acts"] >= FEW_ACTS:
        said = _(
            "The prior decides most of what follows: only {days:,} covered days are there to learn from, with "
            "{acts:,} acts between the principals."
        )
    else:
        said = _(
            "The prior decides most of what follows: only {days:,} covered days and {acts:,} acts between the "
            "principals are there to learn from."
        )
    return said.format(**caution)


def _stretches(windows: Sequence[Sequence[str]]) -> str:
    """Return the longest of some stretches in the order of their days, and how many more there are."""
    spans = [(date.fromisoformat(start), date.fromisoformat(end)) for start, end in windows]
    longest = sorted(sorted(spans, key=lambda span: span[0] - span[1])[:_STRETCHES])
    said = [iso_window(start.isoformat(), end.isoformat()) for start, end in longest]
    if len(spans) > _STRETCHES:
        said.append(_("{n} more that are shorter").format(n=f"{len(spans) - _STRETCHES:,}"))
    return listed(said)


def first_lines(cautions: Iterable[Caution]) -> str:
    """Return the cautions of a result, each on a line that ends; empty for most results."""
    return "".join(f"{caution_text(caution.to_dict())}\n" for caution in cautions)


def add_to_cautions(value: dict[str, Any]) -> None:
    """Add to each caution of a result, given as plain values, its sentence."""
    for caution in value.get("cautions", ()):
        caution["sentences"] = {"caution": caution_text(caution)}


def data_text(digest: str) -> str:
    """Return the name of the data of a result: the first digits of their digest.

    Examples
    --------
    >>> data_text("0123456789abcdef")
    'data 0123456789ab'
    """
    return f"data {digest[:_DIGITS]}"


def made_text(value: Mapping[str, Any]) -> str:
    """Return which version made a result on which data, from its plain values.

    Examples
    --------
    >>> made_text({"version": "0.1.0", "data": {"digest": "0123456789abcdef"}})
    'detente 0.1.0, data 0123456789ab'
    """
    return f"detente {value['version']}, {data_text(value['data']['digest'])}"


def head_line(value: Mapping[str, Any], *said: str) -> str:
    """Return the first line about a result, given as plain values: its subject, what was done, version and data.

    Examples
    --------
    >>> value = {"rivalry": "us-iran", "argument": "essay", "as_of": "2020-01-17"}
    >>> value |= {"version": "0.1.0", "data": {"digest": "0123456789abcdef"}}
    >>> head_line(value, "50 futures from seed 1")
    'us-iran, argument essay, as of 2020-01-17: 50 futures from seed 1; detente 0.1.0, data 0123456789ab.'
    """
    day = f", as of {value['as_of']}" if "as_of" in value else ""
    about = f"{value['rivalry']}, argument {value['argument']}{day}"
    return f"{about}: {'; '.join((*said, made_text(value)))}."
