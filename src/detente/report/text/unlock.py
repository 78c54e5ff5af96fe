"""What `detente unlock` prints."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from detente.report.languages.language import _, ngettext, sentences
from detente.report.text.actors import named, names_of
from detente.report.text.first_line import head_line
from detente.report.text.numbers import chance, percent, portion, share, to
from detente.report.text.unread import unread_text
from detente.report.text.whatif import LABEL

if TYPE_CHECKING:
    from detente.studies.whatif.door_result import Door, DoorCells, Interval
    from detente.studies.whatif.necessity import Necessity


def text_of(result: Door) -> str:
    """Return the sentence, the cells under each fit, and the test on other days."""
    value = result.to_dict()
    lines = [
        head_line(
            value, f"{value['draws']:,} draws of {value['paths_per_draw']:,} paths from seed {value['seed']}"
        ),
        "",
        sentence(result),
        *filter(None, [parts_sentence(result)]),
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
        lines.append(f"  talks, log hazard: {_effects(table.effects, table.chances)}; {bridging(table)}")
        if table.accords:
            lines.append(
                f"  accords, log hazard: {_effects(table.accords, table.accord_chances)}; {unlocking(table)}"
            )
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
        "",
        *necessity_lines(result.necessities),
    ]
    if value["beside"]:
        lines += ["", "Other days: talks within 365 days, by the hazard alone at the declared half-lives"]
        lines.append(
            f"  {'as of':<11}{'locker':<7}{'doses':>6}  {'fit':<14}" + "".join(f"{c:>9}" for c in _SHORT)
        )
    for row in value["beside"]:
        cells = "".join(f"{share(row['cells'][cell]['talks']['mean'], 2):>9}" for cell in _SHORT)
        lines.append(f"  {row['as_of']:<11}{row['locker']:<7}{row['doses']:>6}  {row['fit']:<14}{cells}")
    lines += [
        "",
        "Fits: argument, its own priors; zero, those of the thesis at mean zero, with their own sd or sd 1; no events,",
        "the priors alone. The rule: a mediator alone brings talks nearer (bridging); the locker's gestures and the",
        "interaction bring an accord nearer, the gestures more than the other side's (unlocking); and accords needed a",
        "step of the locker's (docs/levers.md). In futures accords are a fixed share of joint acts: no term moves them",
        "separately from talks. Brackets hold 90 %.",
        "Structural what-if under this argument: actors are taken to go on responding as fitted.",
    ]
    return "\n".join(lines)


def sentence(result: Door) -> str:
    """Return the test in one or two sentences."""
    from detente.studies.whatif.door_result import FITS

    names = names_of(result.case)
    shares = {name: cell["talks"].mean for name, cell in result.fits[FITS[0]].cells.items()}
    spec = result.case.argument.door
    mediator = names.get(spec.mediator, spec.mediator) if spec else _("a third party")
    first = ngettext(
        "Under this argument the probability of talks within a year is {neither} if nobody moves, {mediator} with "
        "{third} as mediator, {gesture} with one gesture by the side that ended the talks (the locker, {locker}) and "
        "{both} with both.",
        "Under this argument the probability of talks within a year is {neither} if nobody moves, {mediator} with "
        "{third} as mediator, {gesture} with gestures by the side that ended the talks (the locker, {locker}) and "
        "{both} with both.",
        len(result.doses),
    ).format(
        **{cell: chance(shares[cell]) for cell in _SHORT},
        third=mediator,
        locker=names.get(result.locker, result.locker),
    )
    first = sentences(first, _made_by(result))
    needed = "" if result.necessity is None else necessity_sentence(result.necessity)
    if result.verdict == "not computable":
        none = _(
            "Who unlocks cannot be computed from this chronicle: no joint act in it is an accord that can be told from "
            "a meeting."
        )
        return sentences(first, none)
    if result.verdict == "in the data":
        return sentences(first, _("The events themselves support this."), needed)
    if result.verdict == "against":
        return sentences(first, _("The events contradict the thesis."), needed)
    zero, wide = (
        [result.fits[name].cells[cell]["talks"].mean for cell in _SHORT] for name in (FITS[1], FITS[2])
    )
    assumed = (
        _(
            "This is an assumption, not a finding: with the thesis taken out of the priors (mean zero) the four "
            "probabilities are {span} where the priors keep their spread and {wide} where it is 1, and past events "
            "narrow the prior on the gate term by less than {share}."
        )
        if result.gate_share < 0.01
        else _(
            "This is an assumption, not a finding: with the thesis taken out of the priors (mean zero) the four "
            "probabilities are {span} where the priors keep their spread and {wide} where it is 1, and past events "
            "narrow the prior on the gate term by {share}."
        )
    )
    spans = {"span": _span(min(zero), max(zero)), "wide": _span(min(wide), max(wide))}
    share_ = percent(max(result.gate_share, 0.01))
    return sentences(first, assumed.format(**spans, share=share_), needed)


def _made_by(result: Door) -> str:
    """Return how the probabilities were made, by which the same one differs between commands."""
    said = (
        _(
            "They come from the hazard of talks over {draws} draws of the coefficients, averaged over half-lives, and "
            "are good to {n} by chance alone; a report takes the declared half-lives, and `ask` counts futures, so "
            "theirs may differ."
        )
        if result.averaged
        else _(
            "They come from the hazard of talks over {draws} draws of the coefficients at the declared half-lives, and "
            "are good to {n} by chance alone; `unlock` averages over half-lives, and `ask` counts futures, so theirs "
            "may differ."
        )
    )
    error = max(round(100 * result.chance_error), 1)
    points = ngettext("{n} point either way", "{n} points either way", error).format(n=error)
    return said.format(draws=f"{result.draws:,}", n=points)


def bridging(table: DoorCells) -> str:
    """Return whether third parties bridge under a fit."""
    return _("third parties bridge") if table.bridges else _("third parties do not clearly bridge")


def unlocking(table: DoorCells) -> str:
    """Return whether the locker unlocks under a fit."""
    return _("the locker unlocks") if table.unlocks else _("the locker does not clearly unlock")


def parts_sentence(result: Door) -> str:
    """Return whether third parties bridge and the locker unlocks, with and without the thesis in the priors.

    Empty where no accord is modelled.
    """
    from detente.studies.whatif.door_result import FITS

    if result.verdict == "not computable":
        return ""
    said = {
        name: _("{bridging} and {unlocking}").format(
            bridging=bridging(result.fits[name]), unlocking=unlocking(result.fits[name])
        )
        for name in FITS[:2]
    }
    return _("By the argument's own priors {own}; without the thesis in the priors {zero}.").format(
        own=said[FITS[0]], zero=said[FITS[1]]
    )


def necessity_sentence(found: Necessity) -> str:
    """Return what the record by a day says of steps that accords needed.

    Examples
    --------
    >>> from datetime import date
    >>> from detente.studies.whatif.necessity import Necessity
    >>> row = Necessity("USA", date(2020, 1, 17), 6, 6, 0.2, 0.54, 1.0, 6e-5, 1.0, 0.97, 0.99, 5, ())
    >>> necessity_sentence(row)
    "On record accords needed a step of USA's: of 6 accords 6 followed one, where 20 % would by chance."
    """
    of = (
        ngettext("of {n} accord {k} followed one", "of {n} accords {k} followed one", found.accords)
        if found.preceded
        else ngettext("of {n} accord none followed one", "of {n} accords none followed one", found.accords)
    ).format(n=found.accords, k=found.preceded)
    expected = "" if found.expected is None else chance(found.expected)
    match found.verdict:
        case "no power":
            said = (
                _("The record cannot tell whether an accord needs a step of {whose}: {of}.")
                if found.needed is None
                else _(
                    "The record cannot tell whether an accord needs a step of {whose}: {of}, and {needed} accords"
                    " are needed."
                )
            )
        case "supported":
            said = (
                _("On record accords needed a step of {whose}: {of}, where {chance} would by chance.")
                if expected
                else _("On record accords needed a step of {whose}: {of}.")
            )
        case "contradicted":
            said = _(
                "On record accords came without a step of {whose}: {of}; they did so unless fewer than {share} of such "
                "steps are on record."
            )
        case _other:
            said = (
                _(
                    "The record leaves open whether an accord needs a step of {whose}: {of}, where {chance} would by "
                    "chance."
                )
                if expected
                else _("The record leaves open whether an accord needs a step of {whose}: {of}.")
            )
    share_ = percent(found.on_record) if found.verdict == "contradicted" else ""
    return said.format(whose=_whose(found.side), of=of, needed=found.needed, chance=expected, share=share_)


def necessity_lines(rows: Sequence[Necessity]) -> Iterator[str]:
    """Yield the tests of necessity as a table."""
    from detente.studies.whatif.necessity import WINDOW_DAYS

    if not rows:
        return
    yield (
        f"Did accords need a step? Accords {WINDOW_DAYS} days or more apart, and those with a friendly step in the "
        f"{WINDOW_DAYS} days before:"
    )
    head = f"  {'known by':<11}{'step of':<13}{'accords':>8}{'with':>6}{'chance':>8}  {'exact 95 %':<15}{'power':>6}"
    yield f"{head}  verdict"
    for row in rows:
        chance_ = "none" if row.expected is None else percent(row.expected)
        ends = to(percent(row.low), percent(row.high))
        yield (
            f"  {row.until.isoformat():<11}{_whose(row.side):<13}{row.accords:>8}{row.preceded:>6}{chance_:>8}  "
            f"{ends:<15}{row.power:>6.2f}  {row.verdict}"
        )
    yield "  Chance: the share of days with such a step before them. A step that nobody recorded counts as none, so"
    yield "  *contradicted* refers to the record alone and changes no verdict. Fewer than 5 accords give no power."


def _whose(side: str) -> str:
    from detente.studies.whatif.necessity import EITHER, LOCKER

    known = {LOCKER: _("the locker's"), EITHER: _("either side's")}
    return known[side] if side in known else _("{actor}'s").format(actor=side)


def _effects(effects: Mapping[str, Interval], chances: Mapping[str, float]) -> str:
    return ", ".join(
        f"{name.replace('_', ' ')} {_about(e)} (above zero {share(chances[name], 2)})"
        for name, e in effects.items()
    )


def add_sentences(value: dict[str, Any], result: Door) -> None:
    """Add what kind of result it is, and what it says."""
    value["sentences"] = {"label": LABEL, "sentence": sentence(result), "parts": parts_sentence(result)}
    for row, found in zip(value["necessity"], result.necessities, strict=True):
        row["sentences"] = {"sentence": necessity_sentence(found)}


_SHORT = ("neither", "mediator", "gesture", "both")


def _span(low: float, high: float) -> str:
    """Return two chances as a range, or as one where they are printed alike."""
    first, last = chance(low), chance(high)
    return _("all {share}").format(share=first) if first == last else to(first, last)


def _three(value: float) -> str:
    return f"{value:z.3f}"


def _about(interval: Interval, write: Callable[[float], str] = _three) -> str:
    return f"{write(interval.mean)} ({write(interval.low)}, {write(interval.high)})"
