"""When the zone of agreement was open, date by date."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from detente.argument.argument import Argument
from detente.argument.bargain_blocks import InputSpec, LaterSpec, declared_inputs
from detente.base.errors import ArgumentError, Fault
from detente.base.input_limits import LIMITS, Limits
from detente.futures.memory_estimate import refuse_many_draws
from detente.lab.arguments import load_argument
from detente.lab.settings import whole_given
from detente.studies.bargain.bargain import bargain_inputs
from detente.studies.bargain.inputs import bytes_of_draw, with_quantiles
from detente.studies.bargain.moves import chance_open

if TYPE_CHECKING:
    from detente.events.chronicle import Chronicle


def bargain_argument(
    rivalry: str | None = None, argument: str | Path | None = None, limits: Limits = LIMITS
) -> Argument:
    """Load the argument whose bargain is asked for; no events are read.

    Parameters
    ----------
    rivalry : str, optional
        A named rivalry, whose essay argument is the default.
    argument : str or path, optional
        An argument's name or a YAML file.
    limits : Limits
        How much it may hold.

    Raises
    ------
    ArgumentError
        If neither is given, or what is given is unknown or faulty.

    Examples
    --------
    >>> bargain_argument(argument="panama-canal").principals
    ('USA', 'PAN')
    """
    if rivalry is None and argument is None:
        raise ArgumentError(Fault("required", "rivalry", hint="give_rivalry_or_argument"))
    return load_argument(argument or "essay", rivalry, limits)


@dataclass(frozen=True)
class Declared:
    """An argument for a study that estimates nothing from events, and the events that were named beside it.

    Attributes
    ----------
    argument : Argument
    chronicle : Chronicle or None
    """

    argument: Argument
    chronicle: Chronicle | None = None


@dataclass(frozen=True)
class Opening:
    """The chance that the zone is open over a span of days in which the bargain's inputs stay the same.

    Attributes
    ----------
    start : date
    end : date or None
        First day outside; None for the last span.
    chance : float
    """

    start: date
    end: date | None
    chance: float


def openings(
    argument: Argument, *, draws: int | None = None, seed: int | None = None, limits: Limits = LIMITS
) -> tuple[Opening, ...]:
    """Return the chance of an open zone by date, as the mechanism of that name reads it from ``facts: zone_open``.

    Parameters
    ----------
    argument : Argument
        With a ``bargain:`` block, and ``run.fit_from`` and ``run.as_of``, between which the days lie.
    draws, seed : int, optional
        Override the argument's own.
    limits : Limits
        How much of the memory the draws may take.

    Raises
    ------
    ArgumentError
        If the block or one of these is missing, or an input was not known on the first day.
    DataError
        If the memory cannot hold so many draws.

    Examples
    --------
    >>> spans = openings(bargain_argument("us-iran"), draws=64)
    >>> [(span.start.isoformat(), span.chance) for span in spans]
    [('1979-01-01', 1.0), ('2018-05-21', 0.0)]
    """
    last = bargain_inputs(argument)
    first, day = argument.run.fit_from, last.as_of
    draws = whole_given("draws", draws, 2, 1_000_000)
    count = last.spec.draws if draws is None else draws
    key = argument.run.seed if seed is None else seed
    if first is None or count is None or key is None:
        lacking = [n for n, v in (("run.fit_from", first), ("draws", count), ("seed", key)) if v is None]
        raise ArgumentError(Fault("required", lacking[0], hint="declare_it"))
    refuse_many_draws(bytes_of_draw(last), count, limits)
    parts: list[InputSpec | LaterSpec] = []
    for spec, _ in declared_inputs(last.spec).values():
        parts += [spec, *spec.later]
    starts = {part.known_from for part in parts if part.known_from is not None}
    days = sorted({first, *(start for start in starts if first < start <= day)})
    spans: list[Opening] = []
    for start, end in zip(days, [*days[1:], None], strict=True):
        inputs = bargain_inputs(argument, start)
        chance = chance_open(inputs, with_quantiles(inputs, count, key))
        if spans and spans[-1].chance == chance:
            spans[-1] = replace(spans[-1], end=end)
        else:
            spans.append(Opening(start, end, chance))
    return tuple(spans)
