"""The question builder: who, what, how many and when as a line of the grammar of questions, and the other way round."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from detente.events.ontology.classes import scheme_of
from detente.events.phases import Phase
from detente.lab.case import Case
from detente.report.languages.language import for_later

UNITS = {"d": for_later("days"), "w": for_later("weeks"), "m": for_later("months"), "y": for_later("years")}
HOW = {
    "": for_later("does it happen?"),
    "how many": for_later("how many acts?"),
    "how many deaths": for_later("how many deaths?"),
    "when": for_later("when is the first?"),
}
"""What is asked of acts: the words with which a line begins, and how the form calls them."""
FIELDS = ("how", "what", "source", "target", "many", "deaths", "within", "unit")
_STATES = ("talks", "war")
_SHOWN = 30  # actors in the list
ANY = "any"
_WINDOW = r"within (?P<within>\d+)(?P<unit>[dwmy])"
_OF_ACTS = re.compile(
    rf"((?P<how>how many deaths|how many|when) )?(?P<source>\w+)(?P<arrow><?->)(?P<target>\w+) (?P<what>[\w-]+)"
    rf"(?P<more>( (count|deaths)>=\d+)*) {_WINDOW}"
)
_OF_STATE = re.compile(rf"(?P<what>[a-z]+( [a-z]+)?) {_WINDOW}")


@dataclass(frozen=True, slots=True)
class Choices:
    """What the builder offers.

    Attributes
    ----------
    classes, actions, states, actors : tuple of str
        Sorts of acts; actions on record; states of the pair, which have no actors; codes and parties, those who act
        most first.
    """

    classes: tuple[str, ...]
    actions: tuple[str, ...]
    states: tuple[str, ...]
    actors: tuple[str, ...]


def choices_of(case: Case) -> Choices:
    """Return what the builder offers for a case.

    Examples
    --------
    >>> from detente.lab.case import load_case
    >>> choices = choices_of(load_case("us-iran"))
    >>> choices.actors[:2], choices.states[0], "ASSAULT" in choices.actions
    (('USA', 'IRN'), 'talks', True)
    """
    scheme, events = scheme_of(case.chronicle.scheme), case.chronicle.events
    seen = pl.concat([events["source"], events["target"]]).alias("code").value_counts()
    often = seen.sort("count", "code", descending=[True, False])["code"].head(_SHOWN).to_list()
    actors = dict.fromkeys([*(case.argument.principals or ()), *case.argument.parties, *often, ANY])
    actions = sorted(events["action"].drop_nulls().unique().to_list())
    phases = tuple(f"phase {phase.word.split()[0]}" for phase in Phase)
    return Choices(scheme.classes, tuple(actions), (*_STATES, *phases), tuple(actors))


def line_of(fields: Mapping[str, str], case: Case) -> str:
    """Return the line of the grammar that the fields of the builder stand for; it is checked where it is asked.

    Parameters
    ----------
    fields : mapping of str to str
        Some of `FIELDS`; what is empty is left out of the line, and so is what a state or an amount has no use for.
    case : Case

    Examples
    --------
    >>> from detente.lab.case import load_case
    >>> case = load_case("us-iran")
    >>> line_of(
    ...     {"what": "force", "source": "IRN", "target": "USA", "deaths": "1", "within": "90", "unit": "d"},
    ...     case,
    ... )
    'IRN->USA force deaths>=1 within 90d'
    >>> line_of({"what": "talks", "source": "IRN", "within": "12", "unit": "m"}, case)
    'talks within 12m'
    """
    given = {name: fields.get(name, "").strip() for name in FIELDS}
    window = f"within {given['within']}{given['unit']}"
    both_ways = (scheme_of(case.chronicle.scheme).joint_class, _STATES[0])
    if given["what"] in _states() and not (given["how"] and given["what"] in both_ways):
        return f"{given['what']} {window}"
    arrow = "<->" if given["what"] in both_ways else "->"
    ends = f"{given['source'] or ANY}{arrow}{given['target'] or ANY}"
    more = [
        f"{word}>={given[name]}"
        for name, word in (("many", "count"), ("deaths", "deaths"))
        if given[name] and not given["how"]
    ]
    return " ".join(filter(None, [given["how"], ends, given["what"], *more, window]))


def fields_of(line: str, case: Case) -> dict[str, str] | None:
    """Return the fields of the builder that stand for a line; None if the line says what no field can.

    Examples
    --------
    >>> from detente.lab.case import load_case
    >>> case = load_case("us-iran")
    >>> fields_of("how many IRN->USA force within 12m", case)["how"]
    'how many'
    >>> line_of(fields_of("IRN->USA ASSAULT count>=2 within 90d", case), case)
    'IRN->USA ASSAULT count>=2 within 90d'
    >>> fields_of("when IRN<->USA talks within 2y", case)["what"]
    'talks'
    >>> fields_of("talks within 12m or war within 2y", case) is None
    True
    """
    text = re.sub(r"\s*(<?->|>=)\s*", r"\1", " ".join(line.split()))
    choices, empty = choices_of(case), dict.fromkeys(FIELDS, "")
    if (found := _OF_STATE.fullmatch(text)) and found["what"] in choices.states:
        return empty | found.groupdict()
    found = _OF_ACTS.fullmatch(text)
    if found is None:
        return None
    fields = empty | {name: found[name] or "" for name in FIELDS if name in found.groupdict()}
    for limit in found["more"].split():
        word, _, number = limit.partition(">=")
        fields["many" if word == "count" else word] = number
    known = fields["what"] in (*choices.classes, *choices.actions, *(_STATES[:1] if fields["how"] else ()))
    ends = all(fields[end] in choices.actors for end in ("source", "target"))
    return fields if known and ends and " ".join(line_of(fields, case).split()) == text else None


def example_of(case: Case) -> str:
    """Return a question that can be asked of a case.

    Examples
    --------
    >>> from detente.lab.case import load_case
    >>> example_of(load_case("us-iran"))
    'IRN->USA force within 90d'
    """
    pair: Sequence[str] = case.argument.principals or (ANY, ANY)
    return f"{pair[1]}->{pair[0]} {scheme_of(case.chronicle.scheme).classes_of('force')[0]} within 90d"


def _states() -> tuple[str, ...]:
    return (*_STATES, *(f"phase {phase.word.split()[0]}" for phase in Phase))
