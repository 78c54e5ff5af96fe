"""What `detente whatif` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from detente.futures.unseen import Unseen
    from detente.studies.whatif.whatif import WhatIf


LABEL = "structural what-if under this argument"
OUTCOMES = {
    "talks": "futures with talks",
    "accords": "futures with a substantive accord",
    "force": "days of ASSAULT or COERCE between the two",
    "pressure": "acts of pressure between the two",
    "deaths": "futures in which force killed a hundred or more",
}
"""What each outcome counts."""


def text_of(result: WhatIf) -> str:
    """Return the comparison in plain words and one table."""
    pulled = ", ".join(dose.text for dose in result.doses)
    head = (
        f"{result.case.name}, argument {result.case.argument.argument}, as of {result.as_of.isoformat()}: "
        f"{result.futures:,} futures of {result.days} days from seed {result.seed}."
    )
    lines = [
        head,
        f"Pulled: {pulled}. This is a {LABEL}: actors are taken to go on responding as fitted.",
        in_short(result),
        "",
        f"{'':<28}{'days':>5}{'without':>10}{'with':>10}{'difference, 90 % interval':>34}",
    ]
    for (name, days), d in result.outcomes.items():
        shown = OUTCOMES.get(name, name)
        if len(shown) > 27:
            shown = name
        lines.append(
            f"{shown:<28}{days:>5}{d.without:>10.3f}{d.with_:>10.3f}{d.mean:>+14.4f} ({d.low:+.4f} to {d.high:+.4f})"
        )
    lines += [
        "",
        "Talks, accords and deaths are shares of futures; force is days of ASSAULT or COERCE, pressure acts;",
    ]
    lines += [
        "deaths are a hundred or more. Acts the levers put in are not counted. Intervals are Monte Carlo, paired."
    ]
    if result.drivers:
        lines += [
            "",
            "Acts through                              prior            posterior        moved by events",
        ]
        for by in sorted(result.drivers, key=lambda by: -by.moved):
            prior, posterior = f"{by.prior_mean:>6.2f} ± {by.prior_sd:.2f}", f"{by.mean:>6.2f} ± {by.sd:.2f}"
            lines.append(f"  {by.mechanism + '.' + by.term:<38}{prior}   {posterior}   {by.moved:>6.0%}")
        share = len(result.on_priors)
        lines.append(
            f"{share} of {len(result.drivers)} rest on the argument's priors: events moved them by less than 10 %."
        )
    lines += [f"Outside anything seen: {outside(what)}." for what in result.beyond]
    return "\n".join(lines)


def in_short(result: WhatIf) -> str:
    """Return what the levers change over all the days, in one sentence."""
    said = []
    shares = {
        "talks": "futures with talks",
        "accords": "with a substantive accord",
        "deaths": "with a hundred deaths",
    }
    for name, shown in (shares | {"force": "days of force"}).items():
        d = result.outcomes[name, result.days]
        a, b = (f"{x:.1%}" if name in shares else f"{x:.2f}" for x in (d.without, d.with_))
        way = "more" if d.low > 0 else "fewer" if d.high < 0 else "no clear difference"
        said.append(f"{shown} {a} to {b} ({way})")
    return f"Over {result.days} days: {'; '.join(said)}."


def outside(what: Unseen) -> str:
    """Return in words what of a lever lies outside the days fitted.

    Examples
    --------
    >>> from detente.futures.unseen import Unseen
    >>> outside(Unseen("drawdown", size=0.33))
    'a fall of the stock of sanctions by 33%: larger than any seen'
    """
    if what.kind == "acts":
        return f"{what.size:.0f} acts of {what.what} on one day; the most seen is {what.most}"
    if what.kind == "drawdown":
        return f"a fall of the stock of sanctions by {what.size:.0%}: larger than any seen"
    if what.kind == "rank":
        return f"the killing of a person of rank in {what.what}"
    return f"{what.what} of {what.actor}: never declared before"


def add_sentences(value: dict[str, Any], result: WhatIf) -> None:
    """Add what kind of result it is, and what lies outside the days fitted."""
    value["sentences"] = {"label": LABEL, "beyond": [outside(what) for what in result.beyond]}
