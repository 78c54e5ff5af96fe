"""Arguments about pairs that come with the program without events, copied for the events that somebody has."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from importlib import resources
from pathlib import Path
from typing import Any

from detente.argument.argument import Argument
from detente.base.days import Window
from detente.base.errors import ArgumentError, DataError, Fault, FitError
from detente.base.spelling import suggest
from detente.events.chronicle import Chronicle
from detente.lab.arguments import argument_from_text, load_argument
from detente.lab.chronicles import of_history
from detente.lab.settings import Day, day_given
from detente.model.fit_cache import fitted
from detente.model.known import read_known
from detente.questions.base_rates import base_rate
from detente.questions.question import bind
from detente.studies.drafting.asked import HIGH, LOW, ProposedQuestion, questions_of

_PRINCIPALS = re.compile(r"^principals: .*\n", re.MULTILINE)
_RUN = re.compile(r"^(?:# [^\n]*\n)*run: \{as_of: \d{4}-\d{2}-\d{2}", re.MULTILINE)
_MONTHS = 12  # that *lately* means in questions proposed
_YEAR = 365  # days of acts that a fit needs at least to say anything
_TRANSLATED = re.compile(r"^    questions:\n((?:      .*\n)+)", re.MULTILINE)
_QUESTION = re.compile(r"^  - id: (\S+)\n    text: .*\n    ask: .*\n", re.MULTILINE)


@dataclass(frozen=True)
class MeasuredQuestion:
    """A question of a template, or one proposed in its stead, with how often it came true in the earlier windows.

    Attributes
    ----------
    id : str
    share : float or None
        From 0 to 1; None if no earlier window can be settled.
    windows : int
        Windows settled; they overlap.
    claimed : bool
        Whether a claim speaks of it, so that it stays in the copy whatever its share.
    """

    id: str
    share: float | None
    windows: int
    claimed: bool

    @property
    def asked(self) -> bool:
        """Whether the copy asks it: it fits, or a claim speaks of it."""
        return self.fits or self.claimed

    @property
    def fits(self) -> bool:
        """Whether it came true in 5 to 95 % of the windows, so that it is worth asking."""
        return self.share is not None and LOW <= self.share <= HIGH


@dataclass(frozen=True)
class Template:
    """A copy of an argument that comes with the program, for a chronicle.

    Attributes
    ----------
    text : str
        The file, with the share of each question above it.
    argument : Argument
        The same, checked.
    questions : tuple of MeasuredQuestion
        Those of the template.
    added : tuple of ProposedQuestion
        Those that the copy asks in place of what does not fit.
    absent : tuple of str
        Parties of which no member acts in the chronicle.
    radius : float or None
        By how much the fit feeds itself from round to round; a run refuses 1 and more. None where there is too little
        to fit.
    """

    text: str
    argument: Argument
    questions: tuple[MeasuredQuestion, ...]
    added: tuple[ProposedQuestion, ...]
    absent: tuple[str, ...]
    radius: float | None


def template_names() -> tuple[str, ...]:
    """Return the arguments that come without events and ask something of two actors.

    Examples
    --------
    >>> template_names()
    ('iran-iraq', 'israel-syria')
    """
    folder = resources.files("detente") / "data"
    names = sorted(Path(each.name).stem for each in folder.iterdir() if each.name.endswith(".yaml"))
    arguments = ((name, load_argument(name)) for name in names if name != "questions")
    return tuple(name for name, each in arguments if each.principals is not None and each.questions)


def copy_template(
    name: str, chronicle: Chronicle, as_of: Day | None = None, *, events: str | None = None
) -> Template:
    """Copy a template for a chronicle, and measure its questions there.

    Parameters
    ----------
    name : str
        One of `template_names`.
    chronicle : Chronicle
    as_of : date or str, optional
        First day of which nothing is used. If not given, the template's own where the chronicle knows a year before
        it, else the end of the chronicle.
    events : str, optional
        The event file's name for the file to hold, relative to it.

    Raises
    ------
    ArgumentError
        If there is no such template.
    DataError
        If its principals never acted on each other by then.

    Notes
    -----
    The template's own day is one at which the two became another pair, as a ceasefire. As of a day at least a year
    later, where a fit to everything feeds itself without end, the copy is fitted from that day on.
    """
    known = template_names()
    if name not in known:
        hint = suggest(name, known, known=False)
        raise ArgumentError(Fault("not_one_of", "template", got=name, choices=known, **hint))
    source = resources.files("detente") / "data" / f"{name}.yaml"
    text = source.read_text(encoding="utf-8")
    argument = load_argument(name)
    day = day_given("as_of", as_of) or _day_of(argument, chronicle)
    past = chronicle.known_at(day)
    principals = argument.principals or ("", "")
    if not past.filter(between=principals).acts:
        seen = past.count_by("source").sort("acts", descending=True, maintain_order=True)["source"].head(8)
        most: dict[str, Any] = {"hint": "most_seen", "known": tuple(seen.to_list())}
        raise DataError(Fault("never_met", "principals", got=principals, day=day, **most))
    measured = tuple(_measure(argument, past, day))
    text = text[text.index("\nargument: ") + 1 :]
    if events is not None:
        text = _PRINCIPALS.sub(lambda match: f"events: {events}\n{match[0]}", text, count=1)
    about = {question.id: question for question in measured}
    added = _in_their_stead(argument, past, day, about)
    text = _QUESTION.sub(lambda match: _commented(match[0], about[match[1]]), text)
    asked = {question.id for question in measured if question.fits or question.claimed}
    text = _TRANSLATED.sub(lambda match: _translated(match[1], asked), text)
    text = text.replace("\n# The day ", f"{''.join(map(_written, added))}\n# The day ", 1)
    head = (
        f"# Proposed by `detente new` from the template {name} and {chronicle.provenance.name}: {past.acts:,} acts\n"
        f"# known by {day}. Every line is yours to change.\n"
    )
    whole = head + _RUN.sub(f"run: {{as_of: {day}", text)
    copied, radius = _fit(whole, past, day)
    turn = argument.run.as_of
    if radius is not None and radius >= 1 and turn is not None and (day - turn).days >= _YEAR:
        note = f"# Fitted from {turn} on: a fit to everything feeds itself by {radius:.2f} from round to round.\n"
        whole = head + _RUN.sub(f"{note}run: {{as_of: {day}, fit_from: {turn}", text)
        copied, radius = _fit(whole, past, day)
    actors = {*past.events["source"].unique(), *past.events["target"].unique()}
    absent = tuple(party for party, spec in copied.parties.items() if not actors & set(spec.members))
    return Template(whole, copied, measured, added, absent, radius)


def _fit(text: str, past: Chronicle, day: date) -> tuple[Argument, float | None]:
    """Return an argument and the spectral radius of its fit."""
    argument = argument_from_text(text, "proposed.yaml")
    try:
        return argument, fitted(argument, read_known(argument, past, day)).spectral_radius
    except (DataError, FitError):  # too little to fit: a run says so better
        return argument, None


def _day_of(argument: Argument, chronicle: Chronicle) -> date:
    own, window = argument.run.as_of, chronicle.window
    if own is None or own > window.end or (own - window.start).days < _YEAR:
        return window.end
    return own if chronicle.coverage.holds(Window(own - timedelta(days=1), own)) else window.end


def _measure(argument: Argument, past: Chronicle, day: date) -> list[MeasuredQuestion]:
    history = of_history(argument, past)
    claimed = {claim.question for claim in argument.claims}
    found = []
    for spec in argument.questions:
        rate = base_rate(bind(spec, argument, past.scheme, day), history, day, past.window.start)
        found.append(MeasuredQuestion(spec.id, rate.share, rate.windows, spec.id in claimed))
    return found


def _in_their_stead(
    argument: Argument, past: Chronicle, day: date, about: dict[str, MeasuredQuestion]
) -> tuple[ProposedQuestion, ...]:
    """Return questions of `detente new` where some of the template do not fit, other than those that stay."""
    if all(question.fits for question in about.values()):
        return ()
    days = argument.run.days or _YEAR
    plain = argument.model_copy(update={"questions": (), "claims": ()})
    found, _ = questions_of(plain, past, day, days, _MONTHS)
    kept = [spec for spec in argument.questions if about[spec.id].asked]
    taken = {spec.id for spec in kept} | {spec.ask for spec in kept}
    return tuple(each for each in found if not {each.spec.id, each.spec.ask} & taken)


def _commented(block: str, question: MeasuredQuestion) -> str:
    """Return a question under its share; one that does not fit and that no claim needs as a comment."""
    if question.share is None:
        head = "  # How often it came true in these data cannot be told: too few earlier windows can be settled.\n"
    else:
        head = f"  # {question.share:.0%} of {question.windows:,} earlier windows, which overlap"
        head += ".\n" if question.fits else ": hardly a question here; change its window or its number.\n"
    if question.claimed and not question.fits:
        head += "  # It stays, since a claim below speaks of it: take both out, or neither.\n"
    if question.asked:
        return head + block
    return head + "".join(f"  #{line[1:]}" for line in block.splitlines(keepends=True))


def _translated(lines: str, asked: set[str]) -> str:
    """Return the questions' texts in another language, of those that the copy asks."""
    kept = [line for line in lines.splitlines(keepends=True) if line.split(":")[0].strip() in asked]
    return "".join(["    questions:\n", *kept]) if kept else ""


def _written(proposed: ProposedQuestion) -> str:
    spec = proposed.spec
    return (
        f"  # {proposed.share:.0%} of {proposed.windows:,} earlier windows, which overlap. Proposed from the events.\n"
        f'  - id: {spec.id}\n    text: "{spec.text}"\n    ask: "{spec.ask}"\n'
    )
