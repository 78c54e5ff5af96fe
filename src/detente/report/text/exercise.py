"""What `detente exercise` prints: injects as sentences, and the rule that chose the future."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from detente.report.text.actors import names_of
from detente.report.text.first_line import first_lines

if TYPE_CHECKING:
    from detente.studies.exercise.exercise import Exercise
    from detente.studies.exercise.injects import Inject

_COLUMNS = ("date", "kind", "source", "target", "action", "mode", "issue", "deaths", "played", "words")
RULES = {
    "typical": (
        "the future nearest to the median of all in acts by channel, acts in all, and days in each phase and in talks, "
        "each divided by its standard deviation over futures, distances added up"
    ),
    "worst": (
        "the future with the highest log(1 + deaths) + log(1 + acts of force or other material conflict), over all "
        "channels"
    ),
    "branching": (
        "the future whose first half leaves the argument's questions most undecided: p (1 - p), averaged over the "
        "questions that close later, with p the share of yes among the 5 % of futures whose first half is most like "
        "its own in acts by channel and days in each phase"
    ),
}
"""What each pick means."""
_DOES = {
    "AGREE": "makes an agreement with",
    "CONSULT": "consults with",
    "SUPPORT": "speaks up for",
    "YIELD": "gives way to",
    "CONCEDE": "gives way to",
    "RETREAT": "gives way by deed to",
    "COOPERATE": "cooperates with",
    "AID": "gives aid to",
    "REQUEST": "asks something of",
    "ACCUSE": "accuses",
    "REJECT": "turns down",
    "THREATEN": "threatens",
    "PROTEST": "protests against",
    "SANCTION": "puts sanctions on",
    "MOBILIZE": "moves forces against",
    "COERCE": "coerces",
    "ASSAULT": "strikes",
    "STATEMENT": "makes a statement about",
    "APPEAL": "appeals to",
}
_TOGETHER = {"AGREE": "make an agreement", "CONSULT": "meet for talks", "COOPERATE": "cooperate"}


class Format(StrEnum):
    """How injects are written."""

    MD = "md"
    CSV = "csv"
    JSON = "json"


def words_of(inject: Inject, names: Mapping[str, str]) -> str:
    """Return an inject as a sentence.

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
        return f"{'First phase' if inject.first else 'New phase'}: {inject.phase}."
    if inject.talks is not None:
        return "Talks begin." if inject.talks else "Talks end."
    one, two = (names.get(code, code) for code in (inject.source or "", inject.target or ""))
    action = inject.action or ""
    if inject.mutual:
        text = f"{one} and {two} {_TOGETHER.get(action, 'act together')}"
    else:
        text = f"{one} {_DOES.get(action, 'acts on')} {two}"
    issue = None if inject.issue in (None, "other") else f"about: {inject.issue.replace('-', ' ')}"
    mode = inject.mode.replace("-", " ") if inject.mode else None
    how = "; ".join(part for part in (mode, issue) if part)
    text += f" ({how})." if how else "."
    deaths = inject.deaths or 0
    return text + (f" {deaths:,} people die." if deaths > 1 else " One person dies." if deaths else "")


def text_of(result: Exercise, form: Format) -> str:
    """Return an exercise as Markdown or CSV."""
    names = names_of(result.run.case)
    if form is Format.CSV:
        out = io.StringIO()
        rows = csv.DictWriter(out, _COLUMNS, lineterminator="\n", extrasaction="ignore")
        rows.writeheader()
        rows.writerows(i.to_dict() | {"words": words_of(i, names)} for i in result.injects)
        return out.getvalue().rstrip("\n")
    lines = _head(result)
    day = None
    for inject in result.injects:
        if inject.date != day:
            day = inject.date
            lines += ["", f"## {day.isoformat()}", ""]
        words = words_of(inject, names)
        words = f"*{words}*" if inject.kind == "phase" else words
        lines.append(f"- {'**Player:** ' if inject.played else ''}{words}")
    return "\n".join(lines)


def _head(result: Exercise) -> list[str]:
    value = result.to_dict()
    head = (
        f"Future {value['future']} of {value['futures']:,} from seed {value['seed']}, {value['days']:,} days as of "
        f"{value['as_of']}; argument {value['argument']}, data {value['digest'][:12]}, detente {value['version']}."
    )
    lines = [*(f"{line}\n" for line in first_lines(result.run.cautions).splitlines())]
    lines += [f"# {value['rivalry']}: a {result.pick} future", "", head, "", f"Rule: {RULES[result.pick]}."]
    if result.pick == "worst":
        lines += [
            "",
            "Its deaths lie far in the tail, about which few recorded tolls say anything: read its toll as very many.",
        ]
    if result.held:
        lines += [
            "",
            f"From {value['held_from']} {result.held} acts by its players alone, except in joint acts.",
        ]
    return lines


def add_sentences(value: dict[str, Any], result: Exercise) -> None:
    """Add the rule of the pick, and each inject as a sentence."""
    names = names_of(result.run.case)
    value["sentences"] = {"rule": RULES[result.pick]}
    for row, inject in zip(value["injects"], result.injects, strict=True):
        row["sentences"] = {"words": words_of(inject, names)}
