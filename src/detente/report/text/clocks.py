"""What `detente clocks` and `detente mechanisms` print."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from detente.lab.head import head_of
from detente.report.languages.language import _, word
from detente.report.text.console import Sheet, table
from detente.report.text.first_line import head_line
from detente.report.text.numbers import phrases
from detente.report.text.shared_priors import prior_rows

if TYPE_CHECKING:
    from detente.lab.clocks import Clocks
    from detente.model.clocks import Identified
    from detente.model.mechanisms.base import Mechanism


def text_of(result: Clocks) -> str:
    """Return how well each clock is identified, with its profile."""
    said = f"{len(result.fit.points)} fits in {result.seconds:.1f} s"
    head = head_line(head_of(result.case, result.as_of), said)
    lines = [head, ""]
    for clock in result.fit.grid:
        points = result.fit.profile(clock)
        lines.append(identified(result.fit.identified(clock)))
        if len(points) > 1:
            lines.append("     days   prior mass   posterior mass   log evidence below the best")
            lines += [f"{p.days:9g} {p.prior:12.2f} {p.mass:16.2f} {p.log_evidence:30.2f}" for p in points]
        lines.append("")
    return "\n".join(lines)


def identified(found: Identified) -> str:
    """Return in a sentence how well the events identify one clock.

    Examples
    --------
    >>> from detente.model.clocks import Identified
    >>> identified(Identified("fast", 14.0, 2.5, (), False, tried=4))
    'fast clock: the events prefer 14 days, by 2.5 nats over the worst value tried; none of the others is ruled out.'
    """
    against = phrases(*map(half_life_text, found.against))
    if found.verdict == "fixed":
        said = _("{clock} clock: fixed at {best}, not estimated.")
    elif found.verdict == "not identified":
        said = _(
            "{clock} clock: the events prefer {best}, but by no more than {nats:.2f} nats over any other value tried: "
            "they do not identify it, and its half-life rests on the prior."
        )
    else:
        said = {
            (True, True): _(
                "{clock} clock: the events prefer {best}, by {nats:.1f} nats over the worst value tried; they speak "
                "against {against}, and the best is at the edge of the grid."
            ),
            (True, False): _(
                "{clock} clock: the events prefer {best}, by {nats:.1f} nats over the worst value tried; they speak "
                "against {against}."
            ),
            (False, True): _(
                "{clock} clock: the events prefer {best}, by {nats:.1f} nats over the worst value tried; none of the "
                "others is ruled out, and the best is at the edge of the grid."
            ),
            (False, False): _(
                "{clock} clock: the events prefer {best}, by {nats:.1f} nats over the worst value tried; none of the "
                "others is ruled out."
            ),
        }[bool(against), found.at_edge]
    best = half_life_text(found.best)
    return said.format(clock=word(found.clock), best=best, nats=found.spread, against=against)


def clock_name(clock: str, days: float) -> str:
    """Return the one name of a clock, with its half-life.

    Examples
    --------
    >>> clock_name("fast", 14), clock_name("generational", 7305)
    ('fast clock (half-life 14 days)', 'generational clock (half-life 20 years)')
    """
    return _("{clock} clock (half-life {days})").format(clock=word(clock), days=half_life_text(days))


def half_life_text(days: float) -> str:
    """Return a half-life in days, or in years from a thousand days on.

    Examples
    --------
    >>> half_life_text(365), half_life_text(7305)
    ('365 days', '20 years')
    """
    if days < 1000:
        return _("{n} days").format(n=f"{days:g}")
    return _("{n} years").format(n=f"{days / 365.25:.0f}")


def add_sentences(value: dict[str, Any], result: Clocks) -> None:
    """Add to each clock how well it is identified."""
    for row in value["clocks"]:
        row["sentences"] = {"identified": identified(result.fit.identified(row["clock"]))}


def mechanisms_text_of(registered: Mapping[str, Mechanism]) -> str:
    """Return every mechanism with its terms, their default priors and what many rivalries say of them."""
    from detente.model.rivalries import rivalries

    sheet, many = Sheet(), rivalries()
    for mechanism in registered.values():
        sheet.print(
            f"[bold]{mechanism.name}[/bold]: {mechanism.says} ({', '.join(mechanism.source)})",
            style="default",
        )
        known = many.knows(mechanism.name)
        columns = ("rivalries: mean", "sd", "pairs") if known else ()
        terms = table("", "term", "says", "prior mean", "sd", *columns, numbers=2 + len(columns))
        for term in mechanism.terms:
            cells = [f"  {term.name}", term.says, f"{term.prior.mean:+z.2f}", f"{term.prior.sd:.2f}"]
            if known:
                found = many.of(mechanism.name, term.name)
                cells += (
                    [f"{found.mean:+z.2f}", f"{found.sd:.2f}", str(found.pairs)] if found else ["–", "–", "–"]
                )
            terms.add_row(*cells)
        sheet.print(terms, "")
    sheet.print(
        f"Columns of rivalries: `prior: rivalries` under a mechanism takes these, estimated on pairs of actors before "
        f"{many.data_until.isoformat()} ({many.source}), the argument's own pair left out.",
        style="default",
    )
    from detente.model.shared_priors import shared_priors  # loads the model

    sheet.print("[bold]Priors that belong to no mechanism[/bold]", style="default")
    shared = table("", "prior", "law", "of")
    for name, law, says in prior_rows(shared_priors()):
        shared.add_row(f"  {name}", law, says)
    sheet.print(shared, "")
    return sheet.text()
