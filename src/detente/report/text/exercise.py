"""What `detente exercise` prints: injects as sentences, and the rule that chose the future."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import asdict, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from detente.base.spreadsheet import prefixed
from detente.lab.head import head_of
from detente.report.languages.formats import listed
from detente.report.languages.language import _, for_later, given, ngettext, sentences, word
from detente.report.text.actors import names_of
from detente.report.text.first_line import first_lines, head_line
from detente.report.text.numbers import chance, clauses, of_count, percent, spaced

if TYPE_CHECKING:
    from detente.studies.exercise.effect import Consequences, QuestionShift, Reaction
    from detente.studies.exercise.exercise import Exercise
    from detente.studies.exercise.injects import Inject

SHOWN = 3  # questions named
LEAST_SHIFT = 0.005  # of a probability that is named
_COLUMNS = (
    *("date", "kind", "source", "target", "action", "mode", "issue", "deaths", "mutual", "played", "words"),
    "simulated",
)
RULES = {
    "typical": for_later(
        "the future nearest to the median of all in acts by channel, acts in all, and days in each phase and in talks, "
        "each divided by its standard deviation over futures, distances added up"
    ),
    "worst": for_later(
        "the future with the highest log(1 + deaths) + log(1 + acts of force or other material conflict), over all "
        "channels"
    ),
    "branching": for_later(
        "the future whose first half leaves the argument's questions most undecided: p (1 - p), averaged over the "
        "questions that close later, with p the share of yes among the 5 % of futures whose first half is most like "
        "its own in acts by channel and days in each phase"
    ),
}
"""What each pick means."""
OWN = "detente"  # the codebook of this project's own chronicles
_DOES = {
    "AGREE": for_later("{one} makes an agreement with {two}"),
    "CONSULT": for_later("{one} consults with {two}"),
    "SUPPORT": for_later("{one} speaks up for {two}"),
    "YIELD": for_later("{one} gives way to {two}"),
    "CONCEDE": for_later("{one} gives way to {two}"),
    "RETREAT": for_later("{one} gives way by deed to {two}"),
    "COOPERATE": for_later("{one} cooperates with {two}"),
    "AID": for_later("{one} gives aid to {two}"),
    "REQUEST": for_later("{one} asks something of {two}"),
    "ACCUSE": for_later("{one} accuses {two}"),
    "REJECT": for_later("{one} turns down {two}"),
    "THREATEN": for_later("{one} threatens {two}"),
    "PROTEST": for_later("{one} protests against {two}"),
    "SANCTION": for_later("{one} puts sanctions on {two}"),
    "MOBILIZE": for_later("{one} moves forces against {two}"),
    "COERCE": for_later("{one} coerces {two}"),
    "ASSAULT": for_later("{one} strikes {two}"),
    "STATEMENT": for_later("{one} makes a statement about {two}"),
    "APPEAL": for_later("{one} appeals to {two}"),
}
_ACTS = for_later("{one} acts on {two}")
_TOGETHER = {
    "AGREE": for_later("{one} and {two} make an agreement"),
    "CONSULT": for_later("{one} and {two} meet for talks"),
    "COOPERATE": for_later("{one} and {two} cooperate"),
}
_ACT_TOGETHER = for_later("{one} and {two} act together")
_INTENT = {"AGREE": for_later("{one} says it will cooperate with {two}")}
_INTENT_TOGETHER = {"AGREE": for_later("{one} and {two} say they will cooperate")}
"""Of PLOVER and machine codes: AGREE is any intent to cooperate there (CAMEO 03), and a signed agreement is SUPPORT."""


class Format(StrEnum):
    """How injects are written."""

    MD = "md"
    CSV = "csv"
    JSON = "json"


def words_of(inject: Inject, names: Mapping[str, str], codebook: str = OWN) -> str:
    """Return an inject as a sentence; what an action means depends on the codebook of the events.

    Examples
    --------
    >>> from datetime import date
    >>> from detente.studies.exercise.injects import Inject
    >>> act = Inject(
    ...     date(2020, 1, 3), "act", "USA", "IRN", "ASSAULT", "drone-strike", "regional", deaths=10
    ... )
    >>> words_of(act, {"USA": "United States", "IRN": "Iran"})
    'United States strikes Iran (drone strike; about: regional). 10 people die.'
    """
    if inject.phase is not None:
        phase = word(inject.phase)
        return (_("First phase: {phase}.") if inject.first else _("New phase: {phase}.")).format(phase=phase)
    if inject.talks is not None:
        return _("Talks begin.") if inject.talks else _("Talks end.")
    one, two = (given(names.get(code, code)) for code in (inject.source or "", inject.target or ""))
    action = inject.action or ""
    own = codebook == OWN
    if inject.mutual:
        known, other = _TOGETHER if own else _TOGETHER | _INTENT_TOGETHER, _ACT_TOGETHER
    else:
        known, other = _DOES if own else _DOES | _INTENT, _ACTS
    text = _(known.get(action, other)).format(one=one, two=two)
    issue = (
        None if inject.issue in (None, "other") else _("about: {issue}").format(issue=spaced(inject.issue))
    )
    how = clauses(part for part in (spaced(inject.mode) if inject.mode else None, issue) if part)
    text = (_("{act} ({how}).") if how else _("{act}.")).format(act=text, how=how)
    return sentences(text, deaths_text(inject.deaths) if inject.deaths else "")


def deaths_text(deaths: int) -> str:
    """Return how many people die, as a sentence.

    Examples
    --------
    >>> deaths_text(1), deaths_text(1200)
    ('One person dies.', '1,200 people die.')
    """
    return ngettext("One person dies.", "{n} people die.", deaths).format(n=f"{deaths:,}")


def bottom_line(result: Exercise) -> str:
    """Return what happens in the future told and, after moves, what they changed."""
    changed = "" if result.change is None else change_text(result.change, names_of(result.run.case))
    return sentences(_what_happens(result), changed)


def _what_happens(result: Exercise) -> str:
    days = of_count(result.days, "day")
    expected = _("{acts} acts in {days} on average over all futures").format(
        acts=f"{result.expected_acts:.1f}", days=days
    )
    share = (
        _("{share} of the futures have none").format(share=percent(result.quiet_share))
        if result.quiet_share
        else _("every future has some")
    )
    drawn = [i for i in result.injects if i.kind == "act" and not i.played]
    if not drawn:
        said = (
            _("Nothing happens in these {days} but the players' acts")
            if result.moves.height
            else _("Nothing happens in these {days}")
        )
        nothing = said.format(days=days)
        if result.quiet_share >= 0.5:
            return _("{nothing}, as in most futures: the model expects {expected}, and {share}.").format(
                nothing=nothing, expected=expected, share=share
            )
        return _(
            "{nothing}: the model expects {expected}, and {share}. Each channel alone is quiet in most futures, so "
            "a future without any act can still be the one chosen."
        ).format(nothing=nothing, expected=expected, share=share)
    deaths = sum(i.deaths or 0 for i in drawn)
    toll = (
        ngettext("one person dies", "{n} people die", deaths).format(n=f"{deaths:,}")
        if deaths
        else _("nobody is known to die")
    )
    return (
        ngettext(
            "One act happens and {toll}. The model expects {expected}; {share}.",
            "{n} acts happen and {toll}. The model expects {expected}; {share}.",
            len(drawn),
        )
    ).format(n=f"{len(drawn):,}", toll=toll, expected=expected, share=share)


def change_text(change: Consequences, names: Mapping[str, str]) -> str:
    """Return what players' acts changed: in the future told, in reactions, and in the questions."""
    said = []
    if change.new or change.vanished:
        new = f"{len(change.new)} entr{'y is' if len(change.new) == 1 else 'ies are'} new"
        said.append(f"The moves changed this future: {new}, {len(change.vanished)} vanished.")
    else:
        why = "they shift rates, and here no draw crossed its threshold"
        said.append(f"The moves changed no entry of this future: {why}.")
    said += [_reaction(reaction, names) for reaction in change.reactions]
    shifted = [shift for shift in change.questions if shift.size >= LEAST_SHIFT][:SHOWN]
    if shifted:
        said.append(f"Over all futures they shift {listed([_shift(shift) for shift in shifted])}.")
    elif change.questions:
        said.append("Over all futures they shift no question of the argument by a percentage point or more.")
    return " ".join(said)


def _reaction(reaction: Reaction, names: Mapping[str, str]) -> str:
    other, one = (names.get(code, code) for code in (reaction.target, reaction.source))
    within = f"within {reaction.days:,} days of the {reaction.action} of {reaction.date.isoformat()}"
    shares = f"{chance(reaction.share)} of futures ({chance(reaction.share_without)} without the moves)"
    times = f"{reaction.here} time{'s' if reaction.here > 1 else ''}" if reaction.here else "not once"
    here = f"{times} in this one"
    said = f"The side of {other} acts on the side of {one} {within} in {shares}, {here}"
    if reaction.seen:
        return f"{said}."
    return f"{said}: the difference is within chance, so events give no sign of a reaction at this lag."


def _shift(shift: QuestionShift) -> str:
    now, without = (chance(p) if p is not None else "unsettled" for p in (shift.probability, shift.without))
    return f"“{shift.text.rstrip('.')}” to {now} ({without} without)"


def text_of(result: Exercise, form: Format) -> str:
    """Return an exercise as Markdown or CSV; both begin with a head, in CSV as lines that begin with ``#``."""
    names = names_of(result.run.case)
    if form is Format.CSV:
        return _csv_of(result, names)
    lines = _head(result)
    lines += _changed(result, names)
    day = None
    for inject in result.injects:
        if inject.date != day:
            day = inject.date
            lines += ["", f"## {day.isoformat()}", ""]
        words = words_of(inject, names, result.run.case.chronicle.codebook)
        words = f"*{words}*" if inject.kind == "phase" else words
        lines.append(f"- {'**Player:** ' if inject.played else ''}{words}")
    return "\n".join(lines)


def _csv_of(result: Exercise, names: Mapping[str, str]) -> str:
    out = io.StringIO()
    for line in (part for text in _head(result) for part in text.splitlines() if part):
        out.write(f"# {line.removeprefix('# ')}\n")
    rows = csv.DictWriter(out, _COLUMNS, lineterminator="\n", extrasaction="ignore")
    rows.writeheader()
    codebook = result.run.case.chronicle.codebook
    for inject in result.injects:
        cells = inject.to_dict() | {
            "words": words_of(inject, names, codebook),
            "simulated": simulated_words(inject, names, codebook),
        }
        rows.writerow({k: prefixed(v) if isinstance(v, str) else v for k, v in cells.items()})
    return out.getvalue().rstrip("\n")


def _head(result: Exercise) -> list[str]:
    run = result.run
    said = (
        f"future {result.number} of {run.futures.count:,} from seed {run.futures.seed}, {result.days:,} days"
    )
    head = head_line(head_of(run.case, run.as_of), said)
    lines = [*(f"{line}\n" for line in first_lines(run.cautions).splitlines())]
    lines += [f"# {_between(result)}: a {result.pick} future", "", bottom_line(result), "", head, ""]
    lines += [f"Rule: {RULES[result.pick]}, among the {plausibility_text(result)}"]
    if result.pick == "worst":
        tail = "Its deaths were drawn from a tail about which few recorded tolls say anything"
        lines += ["", f"{tail}; no act is told with more than the most on record for its action and mode."]
    if result.held:
        lines += [
            "",
            f"From {result.held_from} {result.held} acts by its players alone, except in joint acts.",
        ]
    return lines


def _between(result: Exercise) -> str:
    """Return the names of the two principals, as a title says them; the case's name where it has none."""
    case = result.run.case
    names = names_of(case)
    return " and ".join(names.get(code, code) for code in case.argument.principals or ()) or case.name


def plausibility_text(result: Exercise) -> str:
    """Return how many futures were eligible and how many acts are not told as they were simulated."""
    eligible = _(
        "{n} futures with the fewest acts deadlier than any on record and talks within 7 days of an act that killed "
        "many."
    ).format(n=f"{result.eligible:,}")
    told = [
        (
            result.redrawn,
            ngettext(
                "{n} act is told as one like it on record instead of as simulated",
                "{n} acts are told as one like it on record instead of as simulated",
                result.redrawn,
            ),
        ),
        (
            len(result.left_out),
            ngettext("{n} act is left out", "{n} acts are left out", len(result.left_out)),
        ),
    ]
    said = clauses(text.format(n=count) for count, text in told if count)
    return sentences(eligible, _("{clauses}.").format(clauses=said) if said else "")


def _changed(result: Exercise, names: Mapping[str, str]) -> list[str]:
    """Return which entries the moves brought and took away."""
    if result.change is None:
        return []
    lines = []
    for title, injects in (("New", result.change.new), ("Vanished", result.change.vanished)):
        if injects:
            lines += ["", f"{title} by the moves:", ""]
            codebook = result.run.case.chronicle.codebook
            lines += [
                f"- {inject.date.isoformat()}: {words_of(inject, names, codebook)}" for inject in injects
            ]
    return lines


def simulated_words(inject: Inject, names: Mapping[str, str], codebook: str = OWN) -> str:
    """Return an act as it was simulated, as a sentence; empty where it is told so."""
    if inject.simulated is None:
        return ""
    return words_of(replace(inject, **asdict(inject.simulated), simulated=None), names, codebook)


def add_sentences(value: dict[str, Any], result: Exercise) -> None:
    """Add the bottom line, with which the object begins, the rule of the pick, and each entry as a sentence."""
    names, codebook = names_of(result.run.case), result.run.case.chronicle.codebook
    sentences = {
        "bottom_line": bottom_line(result),
        "rule": _(RULES[result.pick]),
        "plausibility": plausibility_text(result),
    }
    rest = dict(value)
    value.clear()
    value.update({"sentences": sentences} | rest)
    told = [(value["injects"], result.injects), (value["left_out"], result.left_out)]
    if result.change is not None:
        told += [
            (value["change"]["new"], result.change.new),
            (value["change"]["vanished"], result.change.vanished),
        ]
    for rows, injects in told:
        for row, inject in zip(rows, injects, strict=True):
            row["sentences"] = {"words": words_of(inject, names, codebook)}
            if inject.simulated is not None:
                row["sentences"]["simulated"] = simulated_words(inject, names, codebook)
