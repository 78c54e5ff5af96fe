"""The question builder: who, what, how many and when, written as a line of the grammar of questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from detente.events.ontology.classes import scheme_of
from detente.events.phases import Phase
from detente.lab.case import Case

UNITS = {"d": "days", "w": "weeks", "m": "months", "y": "years"}
FIELDS = ("what", "source", "target", "many", "deaths", "within", "unit")
_STATES = ("talks", "war")
_SHOWN = 30  # actors in the list
ANY = "any"


@dataclass(frozen=True, slots=True)
class Choices:
    """What the builder offers.

    Attributes
    ----------
    classes, states, actors : tuple of str
        Sorts of acts; states of the pair, which have no actors; codes and parties, those who act most first.
    """

    classes: tuple[str, ...]
    states: tuple[str, ...]
    actors: tuple[str, ...]


def choices_of(case: Case) -> Choices:
    """Return what the builder offers for a case.

    Examples
    --------
    >>> from detente.lab.case import load_case
    >>> choices = choices_of(load_case("us-iran"))
    >>> choices.actors[:2], choices.states[0]
    (('USA', 'IRN'), 'talks')
    """
    scheme, events = scheme_of(case.chronicle.scheme), case.chronicle.events
    seen = pl.concat([events["source"], events["target"]]).alias("code").value_counts()
    often = seen.sort("count", "code", descending=[True, False])["code"].head(_SHOWN).to_list()
    actors = dict.fromkeys([*(case.argument.principals or ()), *case.argument.parties, *often, ANY])
    phases = tuple(f"phase {phase.word.split()[0]}" for phase in Phase)
    return Choices(scheme.classes, (*_STATES, *phases), tuple(actors))


def line_of(fields: Mapping[str, str], case: Case) -> str:
    """Return the line of the grammar that the fields of the builder stand for; it is checked where it is asked.

    Parameters
    ----------
    fields : mapping of str to str
        Some of `FIELDS`; what is empty is left out of the line.
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
    if given["what"] not in scheme_of(case.chronicle.scheme).classes:
        return f"{given['what']} {window}"
    joint = given["what"] == scheme_of(case.chronicle.scheme).joint_class
    ends = f"{given['source'] or ANY}{'<->' if joint else '->'}{given['target'] or ANY}"
    more = [
        f"{word}>={given[name]}" for name, word in (("many", "count"), ("deaths", "deaths")) if given[name]
    ]
    return " ".join([ends, given["what"], *more, window])


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
