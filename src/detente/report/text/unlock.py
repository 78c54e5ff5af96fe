"""What `detente unlock` prints."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from detente.report.text.actors import named, names_of
from detente.report.text.first_line import head_line
from detente.report.text.numbers import chance, percent, portion, share
from detente.report.text.unread import unread_text
from detente.report.text.whatif import LABEL

if TYPE_CHECKING:
    from detente.studies.whatif.door_result import Door, Interval


def text_of(result: Door) -> str:
    """Return the sentence, the cells under each fit, and the test on other days."""
    value = result.to_dict()
    lines = [
        head_line(
            value, f"{value['draws']} draws of {value['paths_per_draw']} paths from seed {value['seed']}"
        ),
        "",
        sentence(result),
        "",
        (
            f"Verdict: {value['verdict']}. Locker in the tables {value['locker']}; the latest breach declared and not "
            f"reversed is {value['locker_by_breach'] or 'nobody'}'s."
        ),
    ]
    say = named(result.case)
    lines += [f"Without effect: {unread_text(what, say)}." for what in result.unread]
    for table in result.fits.values():
        lines += [
            "",
            f"{table.fit:<16}{'talks in 365 days':>24}{'accord in 730':>24}{'days of force in 730':>24}",
        ]
        for cell, outcome in table.cells.items():
            shown = [
                _about(outcome[name], portion if name in ("talks", "accord") else _three)
                if name in outcome
                else "–"
                for name in ("talks", "accord", "force")
            ]
            lines.append(f"  {cell.replace('_', ' '):<14}" + "".join(f"{text:>24}" for text in shown))
        if any("accord" not in outcome or "force" not in outcome for outcome in table.cells.values()):
            lines.append("  –: not modelled on these events, or not run")
        effects = ", ".join(
            f"{name.replace('_', ' ')} {_about(e)} (above zero {share(table.chances[name], 2)})"
            for name, e in table.effects.items()
        )
        lines.append(f"  log hazard: {effects}; the rule {'holds' if table.holds else 'does not hold'}")
    of_prior = value["prior_share"]
    lines += [
        "",
        (
            f"Share of the interaction that is the prior's: {'none' if of_prior is None else format(of_prior, '.2f')}. "
            f"Events remove {percent(value['gate_share'])} of the gate's prior sd; 30 % are needed."
        ),
        "The chronicle alone, windows of 90 days followed by talks within 180: "
        + ", ".join(f"{name} {c['talks']} of {c['windows']}" for name, c in value["companion"].items())
        + ".",
    ]
    if value["beside"]:
        lines += ["", "Beside: talks within 365 days, by the hazard alone at the declared half-lives"]
        lines.append(
            f"  {'as of':<11}{'locker':<7}{'doses':>6}  {'fit':<14}" + "".join(f"{c:>9}" for c in _SHORT)
        )
    for row in value["beside"]:
        cells = "".join(f"{share(row['cells'][cell]['talks']['mean'], 2):>9}" for cell in _SHORT)
        lines.append(f"  {row['as_of']:<11}{row['locker']:<7}{row['doses']:>6}  {row['fit']:<14}{cells}")
    lines += [
        "",
        "Fits: argument, its own priors; zero, those of the thesis at mean zero, with their own sd or sd 1; no events,",
        "the priors alone. The rule: the locker's gestures and the interaction help, a mediator alone does little",
        "(docs/levers.md). Brackets hold 90 %.",
        "Structural what-if under this argument: actors are taken to go on responding as fitted.",
    ]
    return "\n".join(lines)


def sentence(result: Door) -> str:
    """Return the test in one or two sentences."""
    from detente.studies.whatif.door_result import FITS

    names = names_of(result.case)
    shares = {name: cell["talks"].mean for name, cell in result.fits[FITS[0]].cells.items()}
    spec = result.case.argument.door
    mediator = names.get(spec.mediator, spec.mediator) if spec else "a third party"
    gestures = "one gesture" if len(result.doses) == 1 else "gestures"
    first = (
        f"Under this argument the probability of talks within a year is {chance(shares['neither'])} if nobody moves, "
        f"{chance(shares['mediator'])} with {mediator} as mediator, {chance(shares['gesture'])} with {gestures} by "
        f"the locker ({names.get(result.locker, result.locker)}) and {chance(shares['both'])} with both."
    )
    if result.verdict == "in the data":
        return f"{first} The events themselves support this."
    if result.verdict == "against":
        return f"{first} The events contradict the thesis."
    zero = [result.fits[FITS[1]].cells[name]["talks"].mean for name in _SHORT]
    narrowed = "less than 1 %" if result.gate_share < 0.01 else percent(result.gate_share)
    return (
        f"{first} This is an assumption, not a finding: without the thesis in the priors the four probabilities are "
        f"{chance(min(zero))} to {chance(max(zero))}, and past events narrow the prior on the gate term by "
        f"{narrowed}."
    )


def add_sentences(value: dict[str, Any], result: Door) -> None:
    """Add what kind of result it is, and what it says."""
    value["sentences"] = {"label": LABEL, "sentence": sentence(result)}


_SHORT = ("neither", "mediator", "gesture", "both")


def _three(value: float) -> str:
    return f"{value:.3f}"


def _about(interval: Interval, write: Callable[[float], str] = _three) -> str:
    return f"{write(interval.mean)} ({write(interval.low)}, {write(interval.high)})"
