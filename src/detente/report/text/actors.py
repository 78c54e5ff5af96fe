"""The names of actors, where a rivalry has a list of them or a code is that of a state."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from detente.report.languages.language import _, own_name, word
from detente.report.languages.names import translated_names
from detente.report.text.numbers import clauses, of_count, phrases

if TYPE_CHECKING:
    from detente.lab.case import Case


def names_of(case: Case) -> Mapping[str, str]:
    """Return the names of a case's actors by code: of the rivalry's own list, else of states and bodies by ISO's code.

    A code that stands for nobody known has no name. A party of one member has that member's.

    Examples
    --------
    >>> from detente.lab.case import load_case
    >>> names_of(load_case("us-iran"))["israel"]
    'Israel'
    """
    names = names_in(case.rivalry)
    alone = {
        party: names[spec.members[0]]
        for party, spec in case.argument.parties.items()
        if len(spec.members) == 1 and spec.members[0] in names and own_name(party) == party
    }
    return MappingProxyType({**alone, **names})


def names_in(rivalry: str | None) -> Mapping[str, str]:
    """Return the names of actors by code: of an embedded rivalry's list, else of states and bodies by ISO's code."""
    from detente.events.files.embedded import embedded_actors, embedded_rivalries

    if rivalry not in embedded_rivalries():
        return translated_names(_states())
    actors = embedded_actors(rivalry)
    return translated_names({code: actors[code].name for code in actors.codes})


def named(case: Case) -> Callable[[str], str]:
    """Return a function that writes an actor's name with its code; the code alone where it has no name.

    Examples
    --------
    >>> from detente.lab.case import load_case
    >>> say = named(load_case("us-iran"))
    >>> say("OMN"), say("nobody")
    ('Oman (OMN)', 'nobody')
    """
    names = names_of(case)
    named_so = _("{name} ({code})")
    return lambda code: (
        named_so.format(name=names[code], code=code) if names.get(code, code) != code else own_name(code)
    )


def spelled(case: Case) -> Callable[[str], str]:
    """Return a function that writes names beside the codes in a label, such as a channel's.

    Examples
    --------
    >>> from detente.lab.case import load_case
    >>> say = spelled(load_case("us-iran"))
    >>> say("IRN -> USA force"), say("good offices")
    ('Iran (IRN) -> United States (USA) force', 'good offices')
    """
    say = named(case)
    return lambda label: channel_text(label, say)


def channel_text(label: str, say: Callable[[str], str] = own_name) -> str:
    """Return the label of a channel with its class in the language of the page; `say` writes an actor's name.

    Examples
    --------
    >>> channel_text("IRN -> USA force")
    'IRN -> USA force'
    """
    if "; " in label:
        return clauses(channel_text(one, say) for one in label.split("; "))
    whole = word(label)
    return whole if whole != label else " ".join(word(say(part)) for part in label.split(" "))


def act_text(act: Mapping[str, Any], say: Callable[[str], str] = str) -> str:
    """Return an act from its codes, given as plain values: who did what to whom, and the deaths that are known.

    Every text that shows an act begins with this, and what its source says of it comes after; `say` writes an actor's
    name. An act without an action is called by its class.

    Examples
    --------
    >>> act_text(
    ...     {"source": "A", "target": "B", "action": "ASSAULT", "mode": "drone-strike", "fatalities": 3}
    ... )
    'A -> B ASSAULT, drone-strike, 3 known deaths'
    >>> act_text({"source": "A", "target": "B", "action": None, "class": "verbal-conflict"})
    'A -> B verbal-conflict'
    """
    ends = ""
    if act.get("source") and act.get("target"):
        ends = f"{say(act['source'])} -> {say(act['target'])} "
    did = [word(part) for part in (act.get("action") or act.get("class"), act.get("mode")) if part]
    deaths = act.get("fatalities")
    return f"{ends}{phrases(*did, *([] if deaths is None else [of_count(deaths, 'known death')]))}"


def act_line(act: Mapping[str, Any], say: Callable[[str], str] = str) -> str:
    """Return an act with what its source says of it, on one line of plain text.

    Examples
    --------
    >>> act_line({"source": "A", "target": "B", "action": "ASSAULT", "summary": "Near the port"})
    'A -> B ASSAULT: Near the port'
    """
    return f"{act_text(act, say)}: {act['summary']}" if act.get("summary") else act_text(act, say)


def legend(case: Case, codes: Iterable[str]) -> str:
    """Return which actor each code stands for, in one line; empty where none has a name."""
    return legend_of(names_of(case), codes)


def codes_in(*texts: str) -> list[str]:
    """Return what may be codes of actors in some texts, such as questions.

    Examples
    --------
    >>> codes_in("IRN->USA ASSAULT deaths>=1 within 90d")
    ['IRN', 'USA', 'ASSAULT']
    """
    return [
        code for text in texts for code in re.findall(r"(?<![\w-])[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*(?!\w)", text)
    ]


def legend_of(names: Mapping[str, str], codes: Iterable[str]) -> str:
    """Return which actor each code stands for by some names, in one line; empty where none has one.

    Examples
    --------
    >>> legend_of({"USA": "United States"}, ["USA", "nobody", "USA"])
    'Actors: USA United States.'
    """
    told = [f"{code} {names[code]}" for code in dict.fromkeys(codes) if names.get(code, code) != code]
    return _("Actors: {actors}.").format(actors=phrases(*told)) if told else ""


def with_legend(text: str, rivalry: str | None) -> str:
    r"""Return a text with a line below its first that names the actors whose codes it has; unchanged without any.

    Examples
    --------
    >>> print(with_legend("us-iran, a backtest\n\nUSA -> IRN force", "us-iran"))
    us-iran, a backtest
    Actors: USA United States, IRN Iran.
    <BLANKLINE>
    USA -> IRN force
    """
    head, *rest = text.split("\n")
    line = legend_of(names_in(rivalry), codes_in(text))
    return "\n".join([head, *([line] if line else []), *rest])


@cache
def _states() -> Mapping[str, str]:
    """Return the shortest of ISO's names of every state by its code, and the names of bodies."""
    from pycountry import countries, historic_countries

    from detente.events.importing.actor_names import BODIES

    names = {country.alpha_3: country.name for country in historic_countries}
    for country in countries:
        names[country.alpha_3] = getattr(country, "common_name", country.name)
    for name, code in BODIES.items():
        names.setdefault(code, name)
    return MappingProxyType(names)
