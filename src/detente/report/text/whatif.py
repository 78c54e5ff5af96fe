"""What `detente whatif` prints."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from detente.lab.head import head_of
from detente.report.languages.language import _, for_later, word
from detente.report.text import bottom_line
from detente.report.text.actors import legend, named, spelled
from detente.report.text.answers import changes
from detente.report.text.clocks import clock_name
from detente.report.text.first_line import head_line
from detente.report.text.numbers import Change, change, percent
from detente.report.text.unread import unread_text

if TYPE_CHECKING:
    from detente.futures.unseen import Unseen
    from detente.studies.whatif.whatif import WhatIf


LABEL = "structural what-if under this argument"
OUTCOMES = {
    "talks": for_later("share of futures with talks"),
    "accords": for_later("share of futures with an accord"),
    "force": for_later("days of force a future"),
    "pressure": for_later("acts of pressure a future"),
    "deaths": for_later("share of futures with 100 dead or more"),
}
"""What each outcome counts, and per what."""
_ORDER = (
    "Outcomes come first, then phases and clocks; in each part, what moved most over all the days in proportion comes "
    "first, and what moved no more than chance last."
)
_WIDTH = 108


def text_of(result: WhatIf) -> str:
    """Return the comparison in plain words and one table."""
    pulled = ", ".join(dose.text for dose in result.doses)
    said = f"{result.futures:,} futures of {result.days:,} days from seed {result.seed}"
    lines = [
        head_line(head_of(result.case, result.as_of), said),
        *filter(None, [legend(result.case, _actors(result))]),
        f"Pulled: {pulled}. This is a {LABEL}: actors are taken to go on responding as fitted.",
        changes.of_whatif(result),
    ]
    say, label = named(result.case), spelled(result.case)
    if not result.inert:
        lines += [f"Partly without effect: {unread_text(what, say)}." for what in result.unread]
        lines += _table(result)
    if result.drivers:
        lines += [
            "",
            "Acts through                              prior            posterior        moved by events",
        ]
        for by in sorted(result.drivers, key=lambda by: -by.moved):
            prior, posterior = (
                f"{by.prior_mean:>z6.2f} ± {by.prior_sd:.2f}",
                f"{by.mean:>z6.2f} ± {by.sd:.2f}",
            )
            lines.append(
                f"  {by.mechanism + '.' + by.term:<38}{prior}   {posterior}   {percent(by.moved):>7}"
            )
        share = len(result.on_priors)
        lines.append(
            f"{share} of {len(result.drivers)} rest on the argument's priors: events moved them by less than 10 %."
        )
    lines += [f"Outside anything seen: {outside(what, label)}." for what in result.beyond]
    return "\n".join(lines)


def _actors(result: WhatIf) -> list[str]:
    """Return the codes of the principals and of who pulls a lever; a channel that is held has its own label."""
    return [*(result.case.argument.principals or ()), *(dose.actor for dose in result.doses)]


def _table(result: WhatIf) -> list[str]:
    """Return every outcome at every horizon, what moved most first, and how to read it."""
    lines = ["", f"{'':<40}{'days':>5}{'without':>10}{'with':>10}{'difference, 90 % interval':>30}"]
    lines += [
        f"{name:<40}{days:>5}{shown.before:>10}{shown.after:>10}{shown.difference:>12} ({shown.interval})"
        for name, days, shown in changes_of(result)
    ]
    return [
        *lines,
        "",
        *wrap(f"{_ORDER} {units_text()}", _WIDTH),
    ]


def changes_of(result: WhatIf) -> list[tuple[str, int, Change]]:
    """Return name, days and change of every outcome at every horizon.

    Outcomes come before phases and clocks; in each part what moved most comes first.
    """
    last = {name: d for (name, days), d in result.outcomes.items() if days == result.days}
    groups = ({n: d for n, d in last.items() if (n in OUTCOMES) is first} for first in (True, False))
    rows = []
    for name, _found in (row for group in groups for row in bottom_line.by_move(group)):
        shares = name in bottom_line.SHARES or name.startswith(("phase ", "in talks"))
        for (other, days), d in result.outcomes.items():
            if other == name:
                shown = change(d.without, d.with_, d.low, d.high, of_futures=shares)
                rows.append((_row_name(result, name), days, shown))
    return rows


def _row_name(result: WhatIf, name: str) -> str:
    clock, _clock, actor = name.partition(" clock ")
    if actor:
        shown = clock_name(clock, result.case.argument.clocks.half_lives()[clock])
        return _("{clock} of {actor}").format(clock=shown, actor=actor)
    if name in OUTCOMES:
        return _(OUTCOMES[name])
    return _("share of days in {phase}").format(phase=word(name.removeprefix("phase ").removeprefix("in ")))


def units_text() -> str:
    """Return what each outcome of the table is measured in, and how to read the table."""
    return _(
        "Talks, accords and deaths are shares of futures. Days of force (an ASSAULT or a COERCE between the two) and "
        "acts of pressure are means of a future, counted from the as-of day. Phases are shares of days. A clock is the "
        "mean memory of the hostile acts received, in points of intensity. Acts that the levers put in are not "
        "counted. Intervals are Monte Carlo, paired."
    )


def outside(what: Unseen, say: Callable[[str], str] = str) -> str:
    """Return in words what of a lever lies outside the days fitted; `say` writes names beside codes.

    Examples
    --------
    >>> from detente.futures.unseen import Unseen
    >>> outside(Unseen("drawdown", size=0.33))
    'a fall of the stock of sanctions by 33 %: larger than any seen'
    """
    if what.kind == "acts":
        said = _("{n:.0f} acts of {what} on one day; the most seen is {most}")
        return said.format(n=what.size, what=say(what.what), most=what.most)
    if what.kind == "drawdown":
        said = _("a fall of the stock of sanctions by {share}: larger than any seen")
        return said.format(share=percent(what.size or 0.0))
    if what.kind == "rank":
        return _("the killing of a person of rank in {what}").format(what=say(what.what))
    return _("{what} of {actor}: never declared before").format(what=word(what.what), actor=say(what.actor))


def add_sentences(value: dict[str, Any], result: WhatIf) -> None:
    """Add the bottom line, what kind of result it is, what nothing reads, and what lies outside the days fitted."""
    value["sentences"] = {
        "bottom_line": changes.of_whatif(result),
        "label": LABEL,
        "beyond": [outside(what, spelled(result.case)) for what in result.beyond],
        "unread": [unread_text(what, named(result.case)) for what in result.unread],
    }
