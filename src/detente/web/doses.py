"""The levers of a case as rows of a form, and the lines of doses that such a form stands for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from starlette.datastructures import QueryParams

from detente.base.errors import ArgumentError, Fault
from detente.base.limits import DAYS
from detente.futures.levers import lever_registry
from detente.futures.levers.base import Dose, Effect, Lever
from detente.futures.levers.doses import effect_of, parse_dose
from detente.lab.case import Case
from detente.lab.settings import Day, day_given, whole_given
from detente.model.channels import Layout
from detente.model.layout import lay_out

PARTS = ("on", "actor", "size", "day")
FIELDS = tuple(f"{part}_{name}" for name in lever_registry() for part in PARTS)
"""The fields of the form."""
_USUAL_DAY, _LONG_DAYS = 30, 730
_STEPS = 50  # of a slider whose size is no whole number


@dataclass(frozen=True, slots=True)
class LeverRow:
    """A lever as the form shows it.

    Attributes
    ----------
    lever : Lever
    actors : tuple of str
        Who may pull it.
    actor : str
    size : float
    day : date
    pulled : bool
    """

    lever: Lever
    actors: tuple[str, ...]
    actor: str
    size: float
    day: date
    pulled: bool = False

    @property
    def most(self) -> float:
        """Where the slider ends; the field beside it takes all that the lever allows."""
        high = self.lever.limits[1]
        return max(high if high <= 24 else 10 * self.lever.default, self.size)

    @property
    def step(self) -> float:
        """By how much one step of the slider changes the size."""
        return 1.0 if self.lever.whole else self.most / _STEPS


@dataclass(frozen=True, slots=True)
class LeverForm:
    """All levers of a case.

    Attributes
    ----------
    rows : tuple of LeverRow
        Those that are pulled first.
    also : tuple of str
        Doses that have no row of their own: of a lever that is pulled twice, or lines that cannot be read.
    as_of, last : date
        The days between which a lever is pulled.
    """

    rows: tuple[LeverRow, ...]
    also: tuple[str, ...]
    as_of: date
    last: date


def lever_form(case: Case, pulled: Sequence[str], *, as_of: Day | None, days: int | None) -> LeverForm:
    """Return the form of a case's levers with what is pulled filled in.

    Parameters
    ----------
    case : Case
    pulled : sequence of str
        Doses as lines.
    as_of, days : optional
        As given; else as the argument declares them.

    Examples
    --------
    >>> from detente.lab.case import load_case
    >>> form = lever_form(load_case("us-iran"), ["relief:USA=0.5@10"], as_of=None, days=None)
    >>> [(row.lever.name, row.size, str(row.day)) for row in form.rows if row.pulled]
    [('relief', 0.5, '2020-01-27')]
    """
    start = day_of_case(case, as_of)
    length = whole_given("days", days, *DAYS) or case.argument.run.days or _LONG_DAYS
    layout = lay_out(case.argument, case.chronicle.scheme)
    rows = {row.lever.name: row for row in _rows(layout, start)}
    also = []
    for line in pulled:
        dose = _dose(line, layout)
        if dose is None or dose.lever not in rows or rows[dose.lever].pulled:
            also.append(line)
            continue
        day = start + timedelta(days=dose.day)
        rows[dose.lever] = replace(rows[dose.lever], actor=dose.actor, size=dose.size, day=day, pulled=True)
    shown = sorted(rows.values(), key=lambda row: not row.pulled)
    return LeverForm(tuple(shown), tuple(also), start, start + timedelta(days=length - 1))


def day_of_case(case: Case, as_of: Day | None) -> date:
    """Return the day from which levers count; the first day after the chronicle where none is declared."""
    given = day_given("as_of", as_of) or case.argument.run.as_of
    return given or case.chronicle.window.end


def lines_of(values: QueryParams, case: Case) -> list[str]:
    """Return the doses that a form stands for, as lines; they are checked where they are pulled.

    Examples
    --------
    >>> from detente.lab.case import load_case
    >>> sent = "on_relief=1&actor_relief=USA&size_relief=0.5&day_relief=2020-01-27&lever=sanctions@3"
    >>> lines_of(QueryParams(sent), load_case("us-iran"))
    ['relief:USA=0.5@10', 'sanctions@3']
    """
    start = day_of_case(case, values.get("as_of") or None)
    lines = []
    for name in lever_registry():
        if not values.get(f"on_{name}"):
            continue
        actor, size, day = (values.get(f"{part}_{name}", "").strip() for part in PARTS[1:])
        who, much = f":{actor}" if actor else "", f"={size}" if size else ""
        lines.append(f"{name}{who}{much}@{_days(day, start)}")
    return [*lines, *filter(None, map(str.strip, values.getlist("lever")))]


def _days(day: str, start: date) -> int:
    if not day:
        return _USUAL_DAY
    given = day_given("day", day)
    if given is None or given < start:
        raise ArgumentError(Fault("not_in_window", "day", got=day, window=f"{start.isoformat()} and later"))
    return (given - start).days


def _rows(layout: Layout, start: date) -> Iterator[LeverRow]:
    third = sorted({member for channel in layout.third_parties() for member in channel.source.members})
    first = layout.locker
    principals = sorted(layout.principals, key=lambda actor: actor != first)
    who = {
        "principal": principals,
        "third party": third,
        "channel": [channel.label for channel in layout.channels],
    }
    for name, lever in lever_registry().items():
        actors = tuple(actor for actor in who[lever.who] if _acts(layout, name, actor, lever.default))
        if actors:
            day = start + timedelta(days=_USUAL_DAY)
            yield LeverRow(lever, actors, actors[0], lever.default, day)


def _acts(layout: Layout, name: str, actor: str, size: float) -> bool:
    try:
        return effect_of([Dose(name, actor, size, _USUAL_DAY)], layout) != Effect()
    except ArgumentError:  # this argument has no channel for it
        return False


def _dose(line: str, layout: Layout) -> Dose | None:
    try:
        return parse_dose(line, layout)
    except ArgumentError:
        return None
