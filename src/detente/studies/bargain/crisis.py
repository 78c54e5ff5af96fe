"""Use cases of the bargain and the crisis game; `lab` hands them out."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from detente.argument.argument import Argument
from detente.argument.bargain_blocks import InputSpec
from detente.base.errors import ArgumentError, Fault
from detente.base.progress import Progress
from detente.base.spelling import suggest
from detente.base.tables import Tables, heading, table_of
from detente.lab.arguments import argument_of
from detente.lab.settings import Day, settings_of
from detente.lab.too_little import Caution, blank_cautions, with_cautions
from detente.studies.bargain.crisis_game import Equilibrium, Stakes, equilibria
from detente.studies.bargain.inputs import known_day, known_range, low_discrepancy, of_quantiles

PAYOFFS = tuple(field.name for field in fields(Stakes))
_MOST_STEPS = 200
SPREAD = 64  # draws over which equilibria are counted


@dataclass(frozen=True)
class CrisisStudy(Tables):
    """What `crisis_of` returns.

    Attributes
    ----------
    players : (str, str) or None
        The challenger and the target; None if every payoff is given.
    argument : str or None
        Whose medians the payoffs are; None if every payoff is given.
    as_of : date or None
    stakes : Stakes
    found : tuple of Equilibrium
    moved : str or None
        The payoff moved along.
    swept : tuple of (float, tuple of Equilibrium)
        Every equilibrium at each of its values.
    spread : tuple of tuple of Equilibrium
        Every equilibrium at each of `SPREAD` draws from the ranges; empty if all payoffs are fixed or given.
    seed : int or None
        Of these draws.
    """

    players: tuple[str, str] | None
    argument: str | None
    as_of: date | None
    stakes: Stakes
    found: tuple[Equilibrium, ...]
    moved: str | None
    swept: tuple[tuple[float, tuple[Equilibrium, ...]], ...]
    spread: tuple[tuple[Equilibrium, ...], ...] = ()
    seed: int | None = None
    cautions: tuple[Caution, ...] = ()
    tables = ("equilibria", "swept")

    def _about(self) -> str:
        known = (self.argument, self.as_of, *(self.players or ()))
        return heading(*(part for part in known if part is not None), equilibria=len(self.found))

    def _table(self, name: str) -> pl.DataFrame:
        columns = dict.fromkeys((f.name for f in fields(Equilibrium)), float)
        if name == "equilibria":
            return table_of(columns, map(asdict, self.found))
        rows = ({"value": value} | asdict(e) for value, found in self.swept for e in found)
        return table_of({"value": float} | columns, rows)

    @property
    def counts(self) -> dict[int, int]:
        """How many draws have one equilibrium, two, and so on."""
        return dict(sorted(Counter(len(found) for found in self.spread).items()))

    @property
    def war(self) -> tuple[float, float] | None:
        """Least and greatest chance of war over all equilibria of all draws."""
        chances = [e.war for found in self.spread for e in found]
        return (min(chances), max(chances)) if chances else None

    def to_dict(self) -> dict[str, Any]:
        """Return all numbers as plain values, for JSON."""
        swept = [{"value": value, "equilibria": [asdict(e) for e in found]} for value, found in self.swept]
        value = {
            "challenger": self.players and self.players[0],
            "target": self.players and self.players[1],
            "argument": self.argument,
            "as_of": self.as_of and self.as_of.isoformat(),
            "stakes": asdict(self.stakes),
            "equilibria": [asdict(e) for e in self.found],
            "moved": self.moved,
            "swept": swept,
            "spread": {
                "draws": len(self.spread),
                "seed": self.seed,
                "equilibria": self.counts,
                "war": self.war,
            },
        }
        return with_cautions(value, self.cautions)


def crisis_of(
    argument: Argument | str | Path | None,
    *,
    given: tuple[str, ...] = (),
    sweep: str | None = None,
    as_of: Day | None = None,
    progress: Progress | None = None,
) -> CrisisStudy:
    """Return every equilibrium of the crisis game, at the medians of an argument's ranges or at given payoffs.

    Over the ranges of what is not given they are counted too, if the argument has a seed.

    Parameters
    ----------
    argument : Argument, str, path or None
        With ``bargain.standoff``; None if `given` names every payoff.
    given : tuple of str
        Payoffs as ``name=value``, laid over the argument's.
    sweep : str, optional
        ``name:first:last:steps``: a payoff to move along.
    as_of : date, optional
        Overrides the argument's ``run:`` block.
    progress : callable, optional
        Called with (stage, done, total).

    Raises
    ------
    ArgumentError
        If a payoff is missing, unknown or no number.

    Examples
    --------
    >>> from detente.studies.bargain.openings import bargain_argument
    >>> study = crisis_of(
    ...     bargain_argument("us-iran"), given=("war_a=-1.9", "audience_a=-1.2", "war_b=-2.9")
    ... )
    >>> len(study.found)
    3
    """
    argument = None if argument is None else argument_of(argument)
    ranges, players, day = ({}, None, None) if argument is None else _declared(argument, as_of)
    payoffs = {name: float(of_quantiles(r, np.array(0.5))) for name, r in ranges.items()}
    for text in given:
        name, found, value = text.partition("=")
        if not found:
            raise ArgumentError(
                Fault("not_assignment", "set", got=text, hint="try", example="audience_a=-2.4")
            )
        payoffs[_payoff(name, "set")] = _number(value, "set")
        ranges.pop(name, None)
    missing = [name for name in PAYOFFS if name not in payoffs]
    if missing:
        hint, first = "payoff_or_standoff", missing[0]
        raise ArgumentError(Fault("payoffs_missing", "payoffs", hint=hint, example=first, missing=missing))
    stakes = Stakes(**payoffs)
    moved, values = _swept(sweep)
    tell = progress or (lambda stage, done, total: None)
    rows = []
    for i, point in enumerate(values):
        rows.append((point, equilibria(replace(stakes, **{str(moved): point}))))
        tell("equilibria", i + 1, len(values))
    seed = argument.run.seed if argument is not None else None
    spread = _spread(stakes, ranges, seed, tell) if seed is not None else ()
    return CrisisStudy(
        players,
        None if argument is None else argument.argument,
        day,
        stakes,
        equilibria(stakes),
        moved,
        tuple(rows),
        spread,
        seed if spread else None,
        () if argument is None else blank_cautions("bargain", argument.bargain),
    )


def _spread(
    stakes: Stakes, ranges: dict[str, tuple[float, ...]], seed: int, tell: Progress
) -> tuple[tuple[Equilibrium, ...], ...]:
    """Return every equilibrium at draws from the ranges, by the same sequence as the bargain's."""
    moving = [name for name, r in ranges.items() if r[0] < r[-1]]
    if not moving:
        return ()
    out = []
    for i, row in enumerate(low_discrepancy(SPREAD, len(moving), seed)):
        drawn = {n: float(of_quantiles(ranges[n], u)) for n, u in zip(moving, row, strict=True)}
        out.append(equilibria(replace(stakes, **drawn)))
        tell("ranges", i + 1, SPREAD)
    return tuple(out)


def _declared(
    argument: Argument, as_of: Day | None
) -> tuple[dict[str, tuple[float, ...]], tuple[str, str], date]:
    """Return the ranges of the payoffs known by a day, challenger and target, and that day."""
    game = argument.bargain.standoff if argument.bargain is not None else None
    if game is None:
        what, hint = f"argument {argument.argument}", "standoff_or_payoffs"
        raise ArgumentError(Fault("needs_block", what, hint=hint, block="bargain.standoff"))
    day = known_day(argument, settings_of(argument, as_of=as_of).as_of)
    out: dict[str, tuple[float, ...]] = {}
    for name in PAYOFFS:
        spec = getattr(game, name)
        known = known_range(spec, day) if isinstance(spec, InputSpec) else None
        if known is not None:
            out[name] = known[0]
    return out, (game.challenger, game.target), day


def _swept(sweep: str | None) -> tuple[str | None, tuple[float, ...]]:
    if sweep is None:
        return None, ()
    parts = sweep.split(":")
    if len(parts) != 4 or not parts[3].isdecimal() or not 2 <= int(parts[3]) <= _MOST_STEPS:
        steps, example = _MOST_STEPS, "audience_a:-2.4:-0.8:5"
        raise ArgumentError(Fault("not_sweep", "sweep", got=sweep, hint="try", example=example, steps=steps))
    first, last = _number(parts[1], "sweep"), _number(parts[2], "sweep")
    return _payoff(parts[0], "sweep"), tuple(float(v) for v in np.linspace(first, last, int(parts[3])))


def _payoff(name: str, what: str) -> str:
    if name not in PAYOFFS:
        raise ArgumentError(Fault("not_a_payoff", what, got=name, **suggest(name, PAYOFFS)))
    return name


def _number(text: str, what: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ArgumentError(Fault("not_a_number", what, got=text)) from None
