"""What `detente run` prints: tables of what `detente.lab.run` returned."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.markup import escape

from detente.questions.statuses import NOT_MODELLED
from detente.report.languages.language import _, sentences, word
from detente.report.text import bottom_line
from detente.report.text.actors import legend, spelled
from detente.report.text.answers.amounts import amount, between, guessed_text, observed_text
from detente.report.text.answers.phases import phase_lines
from detente.report.text.clocks import clock_name, half_life_text
from detente.report.text.console import Sheet, entries, table, written_text
from detente.report.text.events import added_text
from detente.report.text.first_line import made_text
from detente.report.text.numbers import clauses, counted, percent, phrases, to

if TYPE_CHECKING:
    from detente.lab.run_result import Run

_LEARNT = 0.1  # of the prior's sd removed: below it the prior speaks


def text_of(result: Run, written: list[Path]) -> str:
    """Return a run: what was done, the questions, the channels, and how far to trust it."""
    value, sheet = result.to_dict(), Sheet()
    data, fit, futures = value["data"], value["fit"], value["futures"]
    sheet.print(
        f"[bold]{escape(value['rivalry'])}[/bold], argument {escape(value['argument'])}, as of {value['as_of']}: "
        f"{data['events']:,} rows read, {data['acts']:,} acts after folding, {fit['acts_known']:,} known by then, "
        f"{fit['acts_in_channels']:,} of them in the argument's channels, "
        f"{fit['acts_fitted']:,} of these on the days fitted, from "
        f"{fit['window'][0]} on."
    )
    sheet.print(
        f"{futures['count']:,} futures of {futures['days']:,} days from seed {futures['seed']}; "
        f"fit {fit['seconds']:.2f} s, futures {futures['seconds']:.2f} s; "
        f"{made_text(value)}.\n"
    )
    for file in result.case.chronicle.provenance.added:
        sheet.print(f"{added_text(file, result.as_of)}\n", markup=False)
    if names := legend(result.case, result.case.argument.principals or ()):
        sheet.print(f"{names}\n", markup=False)
    sheet.print(f"{bottom_line.of_run(result)}\n", markup=False)
    if any(a.question.amount is None for a in result.answers):
        sheet.print("[bold]Questions[/bold]")
        sheet.print(f"{_questions(result, sheet.width)}\n", markup=False)
    lines = dict.fromkeys(line for a in result.answers for line in phase_lines(a.question))
    if lines:
        sheet.print("".join(f"{line[0].upper()}{line[1:]}.\n" for line in lines), markup=False)
    if any(a.question.amount is not None for a in result.answers):
        sheet.print("[bold]How many and when[/bold]")
        sheet.print(f"{_amounts(value, sheet.width)}\n", markup=False)
    covered = any(c.observed is not None for c in result.channels)
    columns = ("channel", "before", *(("observed",) if covered else ()), "mean", "90 % of futures")
    title = f"Acts in {result.days:,} days, and in the {result.days:,} days before"
    channels = table(title, *columns, numbers=len(columns) - 1)
    say = spelled(result.case)
    for c in result.channels:
        observed = "not covered" if c.observed is None else str(c.observed)
        seen = (observed,) if covered else ()
        past = "not covered" if c.before is None else amount(c.before)
        channels.add_row(
            escape(say(c.label)), past, *seen, f"{c.mean:,.1f}", f"{c.low:,.0f} to {c.high:,.0f}"
        )
    sheet.print(channels, "")
    sheet.print(trust(result))
    if written:
        sheet.print(f"\n{written_text(written)}", markup=False)
    return sheet.text()


def _questions(result: Run, width: int) -> str:
    rows = []
    for a in result.answers:
        if a.question.amount is not None:
            continue
        none = NOT_MODELLED if a.status == NOT_MODELLED else "ambiguous"
        chance = none if a.probability is None else counted(a.probability, a.settled, a.unclear)
        spread = (
            "" if a.low is None or a.high is None or a.only_bounds else to(percent(a.low), percent(a.high))
        )
        spread = spread if a.certain is None else a.certain.kind
        cells = (a.question.id, chance, spread, a.question.window.end.isoformat(), a.outcome.word)
        left_out = a.ambiguous and a.probability is not None
        more = (
            f" ({percent(a.ambiguous)} of futures ambiguous{'' if a.only_bounds else ', left out'})"
            if left_out
            else ""
        )
        more += f" (channels added: {'; '.join(a.added)})" if a.added else ""
        rows.append((cells, f"{a.question.text}{more}"))
    columns = ("id", "chance", "90 % (Monte Carlo)", "before", "outcome")
    return entries(columns, rows, width, numbers=columns[1:3])


def _amounts(value: dict[str, Any], width: int) -> str:
    rows = []
    for q in value["questions"]:
        if "distribution" not in q:
            continue
        told = q["distribution"]
        median, spread, none = (NOT_MODELLED if q["status"] == NOT_MODELLED else "not known", "", "")
        if told is not None:
            median, spread = amount(told["quantiles"]["0.5"]), between(told["quantiles"])
            none = percent(told["never"])
        cells = (q["id"], median, spread, none, q["closes"], observed_text(q))
        guessed = guessed_text(q)
        rows.append((cells, f"{q['text']}{f' (observed: {guessed})' if guessed else ''}"))
    columns = ("id", "median", "90 % of futures", "none in", "before", "observed")
    return entries(columns, rows, width, numbers=columns[1:4])


def half_lives(result: Run) -> str:
    """Return which half-lives a run used: the posterior share of each one tried, or the fixed ones."""
    clocks = result.half_lives().items()
    fixed = [clock_name(name, points[0][0]) for name, points in clocks if len(points) == 1]
    tried = [
        _("{clock} clock {values}").format(
            clock=word(name),
            values=phrases(*(f"{half_life_text(days)} ({percent(mass)})" for days, mass in points)),
        )
        for name, points in clocks
        if len(points) > 1
    ]
    if tried and fixed:
        said = _("Half-lives, averaged by their evidence: {averaged}; fixed and not estimated: {fixed}.")
    elif tried:
        said = _("Half-lives, averaged by their evidence: {averaged}.")
    else:
        said = _("Half-lives, fixed and not estimated: {fixed}.")
    return said.format(averaged=clauses(tried), fixed=phrases(*fixed))


def trust(result: Run) -> str:
    """Return the plain sentences on how far the fit may be trusted."""
    moved = sorted(result.moved_by_events().values())
    if not moved:
        return _("The argument has no mechanism: every rate is a constant.")
    trusted = _(
        "How far to trust it: the events remove at most {most} of any mechanism coefficient's prior standard deviation "
        "(median {median}); what they do not move rests on the argument."
    ).format(most=percent(moved[-1]), median=percent(moved[len(moved) // 2]))
    return sentences(trusted, feedback_text(result), dispersion(result), half_lives(result))


def feedback_text(result: Run) -> str:
    """Return how many further acts one act of a burst brings on, and what that means."""
    radius, late = result.posterior.spectral_radius, result.posterior.spectral_radius_last_year
    said = (
        _(
            "In a burst, each act brings on {radius:.2f} further acts on average over the fitted days (the spectral "
            "radius), and {late:.2f} in the last year: there a burst grows until memories saturate."
        )
        if late >= 1
        else _(
            "In a burst, each act brings on {radius:.2f} further acts on average over the fitted days (the spectral "
            "radius), and {late:.2f} in the last year: below 1 a burst dies out."
        )
    )
    return said.format(radius=radius, late=late)


def dispersion(result: Run) -> str:
    """Return of which classes of acts the events say how far counts stray from their mean."""
    rows = result.dispersion()
    left = [word(row["class"]) for row in rows if row["moved"] < _LEARNT]
    if not left:
        return _("How far counts stray from their mean (dispersion) is learnt for every class of acts.")
    if len(left) == len(rows):
        return _("How far counts stray from their mean (dispersion) is not learnt: it rests on its prior.")
    return _(
        "How far counts stray from their mean (dispersion) is not learnt for {classes}: there it rests on its prior."
    ).format(classes=phrases(*left))


def add_sentences(value: dict[str, Any], result: Run) -> None:
    """Add the bottom line."""
    value["sentences"] = {"bottom_line": bottom_line.of_run(result)}
