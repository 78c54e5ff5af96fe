"""Statements: what questions are made of, a small frozen tree bound to days, actors and classes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal

from detente.base.days import Window


@dataclass(frozen=True, slots=True)
class Kind:
    """Acts of one of these classes or with one of these actions."""

    classes: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Acts:
    """Which acts a statement counts; an empty tuple takes everything, and every kind must fit.

    ``mutual`` acts fit in either order of their two parties; with `either_way` all acts do.

    Examples
    --------
    >>> Acts(("IRN",), ("USA",), kinds=(Kind(classes=("force",)),)).deaths_at_least is None
    True
    """

    sources: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    either_way: bool = False
    kinds: tuple[Kind, ...] = ()
    modes: tuple[str, ...] = ()
    issues: tuple[str, ...] = ()
    deaths_at_least: int | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """At least, or at most, so many acts in a window; exactly one of the two limits is given."""

    acts: Acts
    window: Window
    at_least: int | None = None
    at_most: int | None = None


@dataclass(frozen=True, slots=True)
class Amount:
    """How many acts in a window, how many deaths by them, or the day of the first: what no yes or no answers.

    Attributes
    ----------
    acts : Acts
    window : Window
    kind : str
        ``count``, ``deaths`` or ``day``.
    """

    acts: Acts
    window: Window
    kind: Literal["count", "deaths", "day"]


@dataclass(frozen=True, slots=True)
class Rate:
    """Fewer (`below`) or more acts a day in a window than `times` as many as a day of the reference."""

    acts: Acts
    window: Window
    reference: Window
    times: float = 1.0
    below: bool = True


@dataclass(frozen=True, slots=True)
class InPhase:
    """A phase, or talks, on at least a share of the days of a window.

    Attributes
    ----------
    phase : str
        The phase's word, or ``talks``.
    window : Window
    share : float or None
        Least share of the days; None is one day.
    most : bool
        Instead, that no other phase has as many days (of equals the calmer one), or talks more than half of them.
    """

    phase: str
    window: Window
    share: float | None = None
    most: bool = False


@dataclass(frozen=True, slots=True)
class War:
    """War between the principals in a window: 1,000 known deaths between them in 12 months."""

    window: Window


@dataclass(frozen=True, slots=True)
class MemoryChange:
    """A principal's memory of what it received stands lower, or higher, at a window's end than at its start."""

    clock: str
    principal: str
    window: Window
    higher: bool = False


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite of a statement."""

    part: Statement


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds."""

    parts: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """At least one part holds."""

    parts: tuple[Statement, ...]


Leaf = Count | Amount | Rate | InPhase | War | MemoryChange
Statement = Leaf | Not | All | Any


def leaves(statement: Statement) -> Iterator[Leaf]:
    """Yield the parts of a statement that hold no others, from left to right."""
    match statement:
        case Not(part):
            yield from leaves(part)
        case All(parts) | Any(parts):
            for part in parts:
                yield from leaves(part)
        case _:
            yield statement


def span(*statements: Statement) -> Window:
    """Return the window from the first day that any part looks at to the last; references do not count.

    Examples
    --------
    >>> from datetime import date
    >>> first = War(Window(date(2020, 1, 1), date(2021, 1, 1)))
    >>> print(span(All((first, War(Window(date(2020, 6, 1), date(2022, 1, 1)))))))
    2020-01-01 to 2021-12-31
    """
    windows = [leaf.window for statement in statements for leaf in leaves(statement)]
    return Window(min(w.start for w in windows), max(w.end for w in windows))


def shift(statement: Statement, days: int) -> Statement:
    """Return the statement with every window moved by so many days.

    Examples
    --------
    >>> from datetime import date
    >>> print(shift(War(Window(date(2020, 1, 1), date(2021, 1, 1))), -10).window)
    2019-12-22 to 2020-12-21
    """

    def moved(window: Window) -> Window:
        return Window(window.start + timedelta(days=days), window.end + timedelta(days=days))

    match statement:
        case Not(part):
            return Not(shift(part, days))
        case All(parts):
            return All(tuple(shift(part, days) for part in parts))
        case Any(parts):
            return Any(tuple(shift(part, days) for part in parts))
        case Rate():
            return replace(statement, window=moved(statement.window), reference=moved(statement.reference))
        case _:
            return replace(statement, window=moved(statement.window))


def windows_read(statement: Statement) -> list[Window]:
    """Return the window of every part, and those that rates are compared with."""
    parts = list(leaves(statement))
    return [p.window for p in parts] + [p.reference for p in parts if isinstance(p, Rate)]
