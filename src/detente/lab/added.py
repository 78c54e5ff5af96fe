"""What an argument must be able to produce for a question, and which channels it lacks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import polars as pl

from detente.events.act_log import NO
from detente.events.ontology.classes import DEFAULT_CLASS, scheme_of
from detente.events.phases import Phase
from detente.model.act_table import ActTable
from detente.model.channels import Channel, Layout, Party
from detente.model.known import Known
from detente.questions.chronicles import fitting_looks
from detente.questions.question import Question
from detente.questions.statements import Acts, Amount, Count, InPhase, Leaf, Rate, War, leaves

_APART = 4  # pairs of one class that get a channel each; more share one
_SHOWN = 3  # actors that the name of a channel lists


@dataclass(frozen=True, slots=True)
class Lack:
    """Why part of a question cannot be modelled, even with channels added.

    Attributes
    ----------
    acts : Acts or None
        None where it is about a phase.
    why : str
        ``actor`` (one of its actors was never seen), ``class`` (no act of its class was ever seen), ``act`` (no act
        that the futures may hold fits), ``tolls`` (no toll was ever recorded) or ``phase`` (no act that the futures may
        hold begins it).
    actors : tuple of str
        Those never seen.
    phase : str
        The phase, ``talks`` or ``war``.
    """

    acts: Acts | None
    why: str
    actors: tuple[str, ...] = ()
    phase: str = ""


@dataclass(frozen=True, slots=True)
class Need:
    """What a question needs beyond an argument's own channels.

    Attributes
    ----------
    channels : tuple of Channel
        To be added; none where the argument has all.
    lacks : tuple of Lack
        What no channel could bring; none where the question can be modelled.
    """

    channels: tuple[Channel, ...] = ()
    lacks: tuple[Lack, ...] = ()


def counted_acts(question: Question) -> tuple[Acts, ...]:
    """Return each sort of act that a question counts, once."""
    parts = (leaf for part in question.parts for leaf in leaves(part))
    return tuple(dict.fromkeys(leaf.acts for leaf in parts if isinstance(leaf, Amount | Count | Rate)))


def need_of(question: Question, known: Known) -> Need:
    """Return what a question needs that the channels of an argument do not have.

    Parameters
    ----------
    question : Question
    known : Known
        What was known by the day it is asked on, laid on the argument's channels.
    """
    events = known.cut.events
    seen, classes = {*events["source"], *events["target"]}, {*events["class"]}
    channels: list[Channel] = []
    lacks: list[Lack] = []
    for acts in counted_acts(question):
        missing = list(_missing(acts, known))
        strangers = tuple(
            code for end in (acts.sources, acts.targets) if end and not seen.intersection(end) for code in end
        )
        if missing and strangers:
            lacks.append(Lack(acts, "actor", strangers))
        elif missing and classes.isdisjoint(cls for _, cls in missing):
            lacks.append(Lack(acts, "class"))
        found = [(pair, cls) for pair, cls in missing if cls in classes and seen.issuperset(pair)]
        channels += _channels(acts, found, known)
    distinct = sorted(dict.fromkeys(channels), key=lambda c: (c.label, c.only))
    return Need(() if lacks else tuple(distinct), tuple(lacks))


def covered(question: Question, known: Known, table: ActTable) -> bool:
    """Return whether an argument's own channels can produce every act that a question is about.

    Parameters
    ----------
    question : Question
    known : Known
        See `need_of`.
    table : ActTable
        See `lacking`.
    """
    return need_of(question, known) == Need() and not lacking(question, table)


def lacking(question: Question, table: ActTable, found: dict[Acts, bool] | None = None) -> tuple[Lack, ...]:
    """Return the parts of a question that no row of a table can bring about: no future drawn from it can hold them.

    Parameters
    ----------
    question : Question
    table : ActTable
        Of the program that the question is answered with.
    found : dict of Acts to bool, optional
        Whether acts are in the table, as far as that is known; what is looked up is added.
    """
    found = {} if found is None else found
    counted = counted_acts(question)
    found.update((acts, _in_table(acts, table)) for acts in counted if acts not in found)
    lacks = [Lack(acts, "act") for acts in counted if not found[acts]]
    lacks += [lack for part in question.parts for leaf in leaves(part) for lack in _never(leaf, table)]
    return tuple(dict.fromkeys(lacks))


def _never(leaf: Leaf, table: ActTable) -> Iterator[Lack]:
    """Yield why no act of a table begins a phase, or why its futures know no toll."""
    match leaf:
        case InPhase(word) if word != Phase.COLD.word and word not in table.feeds_phases:
            yield Lack(None, "phase", phase=word)
        case War() if "war" not in table.feeds_phases:
            yield Lack(None, "phase" if table.deaths_known else "tolls", phase="war")
        case Amount(acts, kind="deaths") if not table.deaths_known:
            yield Lack(acts, "tolls")
        # futures without such an act would settle it, and those alone: none would say yes
        case Amount(acts) | Count(acts) | Rate(acts) if acts.deaths_at_least and not table.deaths_known:
            yield Lack(acts, "tolls")


def _in_table(acts: Acts, table: ActTable) -> bool:
    possible = table.chance > 0
    if acts.deaths_at_least and table.deaths_known:
        possible &= table.death_chance > 0
    fits = fitting_looks(table.looks, acts) != NO
    return bool((fits & possible).any())


def _missing(acts: Acts, known: Known) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield each pair and class that acts of a sort may have and no channel takes, in the order of the question.

    Where the question leaves an end open, pairs are those that were seen with an act of the class.
    """
    layout, events = known.layout, known.chronicle.events
    taken = {
        (*pair, cls) for channel in layout.channels for pair in channel.pairs() for cls in channel.classes
    }
    for cls in _classes(acts, known):
        if acts.sources and acts.targets:
            pairs = [(a, b) for a in acts.sources for b in acts.targets if a != b]
            pairs += [(b, a) for a, b in pairs] if acts.either_way else []
        else:
            of_class = (
                events.filter(pl.col("class") == cls).select("source", "target").unique(maintain_order=True)
            )
            pairs = [
                (a, b)
                for a, b in of_class.iter_rows()
                if _fits_ends(acts, a, b)
                or ((acts.either_way or _is_joint(cls, known)) and _fits_ends(acts, b, a))
            ]
        for pair in dict.fromkeys(pairs):
            if (*pair, cls) not in taken:
                yield pair, cls


def _fits_ends(acts: Acts, source: str, target: str) -> bool:
    return (not acts.sources or source in acts.sources) and (not acts.targets or target in acts.targets)


def _is_joint(cls: str, known: Known) -> bool:
    return cls == scheme_of(known.chronicle.scheme).joint_class


def _classes(acts: Acts, known: Known) -> list[str]:
    """Return the classes that acts of a sort may have: those it names, and those its actions and modes were seen in."""
    scheme = scheme_of(known.chronicle.scheme)
    seen = known.chronicle.events.select("class", "action", "mode").unique()
    if acts.modes and not acts.kinds:
        seen = seen.filter(pl.col("mode").is_in(list(acts.modes)))
    pairs = {(cls, action) for cls, action, _ in seen.iter_rows()}
    if acts.kinds:
        usual = ((scheme_of("detente").quad_of(c), c, action) for action, c in DEFAULT_CLASS.items())
        pairs |= {(cls if cls in scheme.classes else quad, action) for quad, cls, action in usual}
        pairs |= {(cls, "") for cls in scheme.classes}
    return [
        cls
        for cls in scheme.classes
        if any(
            of == cls and all(cls in kind.classes or action in kind.actions for kind in acts.kinds)
            for of, action in pairs
        )
    ]


def _channels(acts: Acts, missing: list[tuple[tuple[str, str], str]], known: Known) -> Iterator[Channel]:
    """Yield the channels that take what is missing.

    There is one for each named pair and class, and one for its reverse, which it answers; or one for all pairs of a
    class where they are many, or the question leaves an end open.
    """
    layout = known.layout
    named = bool(acts.sources and acts.targets)
    for cls in dict.fromkeys(cls for _, cls in missing):
        pairs = [pair for pair, of in missing if of == cls]
        joint = _is_joint(cls, known)
        if named and len(pairs) <= _APART:
            for a, b in dict.fromkeys(tuple(sorted(pair)) if joint else pair for pair in pairs):
                yield Channel(_party([a], layout), _party([b], layout), cls, (cls,), joint=joint)
                if not joint and not _taken(layout, b, a, cls):
                    yield Channel(_party([b], layout), _party([a], layout), cls, (cls,))
        elif pairs:
            source, target = (_party([pair[i] for pair in pairs], layout) for i in (0, 1))
            yield Channel(source, target, cls, (cls,), joint=joint, only=tuple(pairs))


def _taken(layout: Layout, source: str, target: str, cls: str) -> bool:
    return any(cls in channel.classes and (source, target) in channel.pairs() for channel in layout.channels)


def _party(codes: Iterable[str], layout: Layout) -> Party:
    """Return actors as one party; a principal alone is on its own side."""
    members = tuple(dict.fromkeys(codes))
    if len(members) == 1:
        return Party(members[0], members, members[0] if members[0] in layout.principals else "")
    few = len(members) <= _SHOWN
    return Party(",".join(members) if few else f"{members[0]} and {len(members) - 1} others", members)
