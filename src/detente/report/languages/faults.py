"""Errors in the language of a page: the templates of `detente.base` translated, and filled with the fault's values.

English is `str` of a fault. Names of fields, columns and files stay as they are; what a reader typed is marked as a
text of its own, and what the operating system or a library says as English.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from detente.base.errors import DetenteError, Fault, Words, shorten
from detente.base.hints import FOR_VISITORS, HINTS
from detente.base.messages import RULES
from detente.base.printable import printable
from detente.report.languages.formats import day_text, either, listed
from detente.report.languages.language import (
    ENDS,
    ENGLISH,
    ORIGINAL,
    _,
    for_later,
    given,
    in_english,
    language,
    pgettext,
    sentences,
    word,
)
from detente.report.languages.marks import without_marks
from detente.report.languages.readers import visitor_reads

END = "the end"  # what `detente.questions.tokens` calls the end of a question
_CODE = re.compile("`([^`]+)`")
_LIBRARIES = ("reason", "text", "cause", "how")  # what others say, in English
# Values that may be nouns of this program.
_NAMES = ("field", "format", "formats", "known", "other", "table", "title", "units", "who", "window")
_COUNTED = ("too_much_memory", "form_unreadable")  # rules whose value is in the program's own words
_WINDOW = re.compile(r"(\d{4}-\d\d-\d\d)(?: to (\d{4}-\d\d-\d\d))?")
_WINDOWS = re.compile(rf"{_WINDOW.pattern}(?: and {_WINDOW.pattern})*")

NOUNS = (
    "CAMEO codes", "GDELT reduced", "KEDS as published", "KEDS with CAMEO codes", "KEDS with WEIS codes", "event file",
    "a file of questions", "a map of actors", "act", "actor", "actor code", "actor name",
    "actor type", "address", "an event file", "argument file", "argument pairs", "bargain weights", "body", "case",
    "channel", "chronicle", "class scheme", "codebook of a machine code", "codebook of an action", "codebook weis",
    "column codebook", "column to count by", "columns of events", "day of a lever", "days of the earlier release",
    "days to compare", "discount factors", "door and locker", "eras", "event", "events of one future",
    "expected events a day", "fields", "file", "file to add", "files", "first line", "fit", "fit window",
    "fitted days", "fitted feedback", "form", "futures and days", "header", "job", "jobs", "list of actors",
    "memory", "moves or a pause", "no UTF-8", "none in this argument", "nothing", "page", "password", "passwords",
    "phases and wars", "picture", "principal", "prior and out", "requests", "row", "since and until",
    "states of knowledge", "streams", "the end", "the first day", "the question", "third parties", "third party",
    "two days", "upload", "window to forecast",
)  # fmt: skip
"""What errors call things that are no field, column or file; the catalogues hold them in the context ``fault``."""

REASONS = (
    "actor", "apart", "code", "contradiction", "country", "date", "deaths", "domestic", "fields", "future",
    "later", "map", "no-act", "null", "one-sided", "outside", "rule", "text", "zeros",
)  # fmt: skip
"""Why an import keeps no row, in a word; in the context ``fault`` too."""

KINDS = ("error", "data", "argument", "fit", "unstable", "question", "ledger", "output", "web")
"""The kinds of errors."""

_PATTERNS = {
    r"and (?P<n>[\d,]+) more": for_later("and {n} more"),
    r"question (?P<n>\d+)": for_later("question {n}"),
    r"item (?P<n>[\d.]+)": for_later("item {n}"),
    r"column (?P<n>\d+) of: (?P<line>.+)": for_later("column {n} of: {line}"),
    r"(?P<place>[^;]+); column (?P<n>\d+) of: (?P<line>.+)": for_later("{place}; column {n} of: {line}"),
    r"column (?P<name>.+)": for_later("column {name}"),
    r"lever (?P<name>.+)": for_later("lever {name}"),
    r"argument (?P<name>.+)": for_later("argument {name}"),
    r"bargain input (?P<name>.+)": for_later("bargain input {name}"),
    r"size of (?P<name>\S+) \((?P<unit>.+)\)": for_later("size of {name} ({unit})"),
    r"actor of (?P<name>.+)": for_later("actor of {name}"),
    r"day of (?P<name>.+)": for_later("day of {name}"),
    r"(?P<field>[\w.]+): (?P<noun>.+)": for_later("{field}: {noun}"),
    r"about (?P<size>[\d.,]+ GB) for (?P<n>[\d,]+) draws": for_later("about {size} for {n} draws"),
    r"about (?P<size>[\d.,]+ GB) for (?P<n>[\d,]+) futures of (?P<days>[\d,]+) days": for_later(
        "about {size} for {n} futures of {days} days"
    ),
    r"(?P<day>\d{4}-\d\d-\d\d) and later": for_later("{day} and later"),
}
"""Nouns with a part of their own."""


_YAML = {
    r"mapping values are not allowed .*": for_later("a colon stands where no field can begin"),
    r"could not find expected ':'": for_later("a colon is missing"),
    r"expected ',' or (?P<what>'[]}]'), but got .*": for_later("a comma or {what} is missing"),
    r"expected <block end>, but found .*": for_later("a line does not fit the block it stands in"),
    r"expected the node content, but found (?P<what>.+)": for_later("a value is missing before {what}"),
    r"found character (?P<what>.+) that cannot start any token": for_later("{what} cannot begin a value"),
    r"found unexpected end of stream": for_later("a quote is not closed"),
    r"found undefined alias (?P<what>.+)": for_later("the alias {what} stands for nothing"),
    r"found unknown escape character (?P<what>.+)": for_later("{what} cannot follow a backslash"),
    r"expected a single document in the stream": for_later("there are several documents"),
}
"""What the parser says most often, in words that can be translated; anything else stays in its English."""


class _Said(Words):
    """Fills a template of a page's language: lists, nouns and quoted texts are written as that language does."""

    def __init__(self, *, days_in_words: bool = True) -> None:
        self.days_in_words = days_in_words

    def get_value(self, key: int | str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        value = kwargs[str(key)]
        say = _SAYS.get(str(key), in_english if key in _LIBRARIES else noun if key in _NAMES else given)
        if isinstance(value, date) and self.days_in_words:
            return day_text(value)
        if isinstance(value, tuple):
            return tuple(say(printable(part)) if isinstance(part, str) else part for part in value)
        return say(printable(value)) if isinstance(value, str) else value

    def listed(self, words: list[str], last: str) -> str:
        if last == "or":
            return either(words)
        return listed(words) if last else pgettext("between words", ", ").join(words)


_SAID = _Said()
_ADVISED = _Said(days_in_words=False)  # what a reader may type


def _problem(text: str) -> str:
    """Return what the parser of YAML says."""
    for pattern, message in _YAML.items():
        if match := re.fullmatch(pattern, text):
            return _(message).format(**{name: given(part) for name, part in match.groupdict().items()})
    return in_english(text)


def _reason(counted: str) -> str:
    """Return why rows are not kept, with how many they are."""
    reason, _space, count = counted.rpartition(" ")
    return f"{pgettext('fault', reason) if reason in REASONS else reason} {count}"


_SAYS = {"problem": _problem, "why": _reason}


def fault_text(fault: Fault) -> str:
    """Return an error's message in the language of the page, with marks around what is in another.

    Examples
    --------
    >>> from detente.report.languages.language import in_language
    >>> fault = Fault(
    ...     "not_above", "half_life_days", got=-3, where="essay.yaml:14", hint="try", low=0, example=5
    ... )
    >>> fault_text(fault)
    'half_life_days must be greater than 0, got -3 (essay.yaml:14). Try 5.'
    >>> with in_language("zh-Hans"):
    ...     fault_text(fault)
    'half_life_days须大于0，给出的是-3（essay.yaml:14）。可试5。'
    """
    if fault.hint is not None and fault.hint in FOR_VISITORS and visitor_reads():
        told = {**dict(fault.values), "hint": FOR_VISITORS[fault.hint]}
        fault = Fault(fault.code, fault.field, got=fault.got, where=fault.where, **told)
    if language() is ENGLISH:
        return printable(str(fault))
    parts = {
        "field": _subject(fault),
        "rule": fault.filled(_coded(pgettext("rule", RULES[fault.code])), _SAID),
        "got": (noun if _in_own_words(fault) else given)(printable(shorten(fault.got))),
        "where": noun(printable(fault.where or "")),
    }
    if fault.got is None:
        said = _("{field} {rule} ({where}).") if fault.where else _("{field} {rule}.")
    else:
        said = _("{field} {rule}, got {got} ({where}).") if fault.where else _("{field} {rule}, got {got}.")
    hint = fault.filled(_coded(pgettext("hint", HINTS[fault.hint])), _ADVISED) if fault.hint else ""
    return sentences(said.format(**parts), hint)


def _subject(fault: Fault) -> str:
    """Return what is wrong: what a reader wrote as a question is no field."""
    if fault.field == "question" and fault.code.startswith("expected_"):
        return noun("the question")
    return (given if fault.code == "unknown_field" else noun)(printable(fault.field))


def _in_own_words(fault: Fault) -> bool:
    """Whether the value is in the program's words: the end of a question, days covered, a size."""
    got = fault.got
    return fault.code in _COUNTED or (
        isinstance(got, str) and (got == END or (" to " in got and _WINDOWS.fullmatch(got) is not None))
    )


def rule_said(code: str) -> str:
    """Return a rule without values in the language of the page, for lists of what was refused.

    Examples
    --------
    >>> rule_said("row_date")
    'must have an existing day'
    """
    return pgettext("rule", RULES[code])


def problem_said(error: DetenteError) -> dict[str, str]:
    """Return the title and the detail of a problem (RFC 9457) in the language of the page.

    Examples
    --------
    >>> from detente.base.errors import DataError
    >>> problem_said(DataError(Fault("required", "date")))
    {'title': 'data', 'detail': 'date is required.'}
    """
    detail = "\n".join(fault_text(fault) for fault in error.faults)
    return {"title": pgettext("error", error.kind), "detail": without_marks(detail)}


def noun(text: str) -> str:
    """Return what an error is about in the language of the page; names of fields, columns and files stay.

    Examples
    --------
    >>> from detente.report.languages.language import in_language
    >>> with in_language("zh-Hans"):
    ...     noun("argument file"), noun("question 3"), noun("as_of")
    ('论证文件', '问题3', 'as_of')
    """
    if text in NOUNS:
        return pgettext("fault", text)
    if " to " in text and _WINDOWS.fullmatch(text):
        return listed([_window(*found) for found in _WINDOW.findall(text)])
    for pattern, message in _PATTERNS.items():
        if match := re.fullmatch(pattern, text):
            return _(message).format(**{name: _part(name, part) for name, part in match.groupdict().items()})
    return given(text)


def _window(first: str, last: str) -> str:
    """Return days, given as `Window` prints them, in words."""
    low, high = (day_text(date.fromisoformat(day)) for day in (first, last or first))
    return _("{low} to {high}").format(low=low, high=high) if last else low


def _part(name: str, text: str) -> str:
    return word(text) if name == "unit" else noun(text) if name == "noun" else given(text)


def _coded(template: str) -> str:
    """Mark the code in a template, which is in no language of people."""
    return _CODE.sub(f"`{ORIGINAL}\\1{ENDS}`", template)
