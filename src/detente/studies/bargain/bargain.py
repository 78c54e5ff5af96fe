"""The bargain: how likely a zone of possible agreement is, which demands close it, and who can open it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

import polars as pl

from detente.argument.argument import Argument
from detente.base.arrays import Floats
from detente.base.errors import ArgumentError, Fault
from detente.base.given import texts_given
from detente.base.input_limits import LIMITS, Limits
from detente.base.progress import Progress
from detente.base.spelling import suggest
from detente.base.tables import Tables, heading, table_of
from detente.futures.memory_estimate import refuse_many_draws
from detente.lab.arguments import argument_of
from detente.lab.settings import Day, required, settings_of, whole_given
from detente.lab.too_little import Caution, blank_cautions, with_cautions
from detente.studies.bargain.classics import Division
from detente.studies.bargain.inputs import (
    InputChange,
    Inputs,
    bytes_of_draw,
    inputs_of,
    known_day,
    known_levers,
    lever_change,
    with_quantiles,
)
from detente.studies.bargain.moves import TARGET, OpeningMove, move_kinds, opening_move
from detente.studies.bargain.sensitivity import Influence, influences
from detente.studies.bargain.variants import (
    FULL,
    NONE,
    BargainVariant,
    Clash,
    DrawSummary,
    Settlement,
    Swing,
    Verdict,
    clashes,
    division_of,
    settlement,
    swings,
    variants_of,
    without_demands,
    zone_verdict,
)

SENSITIVITY_POINTS = 1024  # base points of the Sobol indices


@dataclass(frozen=True, eq=False)
class Bargain(Tables):
    """What `bargain_of` returns.

    Attributes
    ----------
    argument : Argument
    inputs : Inputs
        Ranges as known by `as_of`.
    values : dict of str to ndarray of shape (draw,)
        The draws.
    as_of : date
    draws, seed : int
    levers : tuple of str
        Levers that everything stands under but the variants of other levers, in the order in which they are pulled.
    variants : tuple of BargainVariant
    clashes : tuple of Clash
    settlements : tuple of Settlement
        Under the demands as they stand, and with none insisted on.
    moves : tuple of OpeningMove
    influences : tuple of Influence
        Sobol indices of the margin.
    swings : tuple of Swing
        How the chance moves with each uncertain input.
    division : Division
        Adjusted Winner on the weights at their medians, for comparison.
    """

    argument: Argument
    inputs: Inputs
    values: dict[str, Floats]
    as_of: date
    draws: int
    seed: int
    levers: tuple[str, ...]
    variants: tuple[BargainVariant, ...]
    clashes: tuple[Clash, ...]
    settlements: tuple[Settlement, ...]
    moves: tuple[OpeningMove, ...]
    influences: tuple[Influence, ...]
    swings: tuple[Swing, ...]
    division: Division
    tables = ("variants", "clashes", "moves", "influences", "swings")

    def _about(self) -> str:
        argument = self.argument.argument
        return heading(
            argument, self.as_of, variants=len(self.variants), draws=self.draws, chance=self.verdict.chance
        )

    def _table(self, name: str) -> pl.DataFrame:
        return table_of(_COLUMNS[name], (asdict(row) for row in getattr(self, name)))

    @property
    def verdict(self) -> Verdict:
        """Whether the zone is open under the demands as they stand (B1), and what closes it."""
        return zone_verdict(self.variants, self.swings, self.draws, TARGET)

    @property
    def joint_loss(self) -> DrawSummary | None:
        """What both leave on the table without a deal (B3), of all each has at stake; None if no draw has a zone.

        The largest sum of both gains that limits allow, over the draws that leave room for a deal at all.
        """
        return self.settlements[-1].joint

    @property
    def openers(self) -> dict[str, tuple[OpeningMove, ...]]:
        """By actor, mediators included: its moves that open the zone (T2); an empty tuple where it has none."""
        actors = dict.fromkeys((*self.inputs.principals, *self.inputs.spec.mediators))
        return {a: tuple(m for m in self.moves if m.actor == a and m.share is not None) for a in actors}

    @property
    def base(self) -> tuple[InputChange, ...]:
        """What the levers change."""
        return tuple(lever_change(self.inputs, known_levers(self.inputs)[name]) for name in self.levers)

    @property
    def cautions(self) -> tuple[Caution, ...]:
        """What a reader must know before any number."""
        return blank_cautions("bargain", self.argument.bargain)

    def to_dict(self) -> dict[str, Any]:
        """Return all numbers as plain values, for JSON."""
        value = {
            "version": version("detente"),
            "argument": self.argument.argument,
            "rivalry": self.argument.rivalry,
            "principals": list(self.inputs.principals),
            "as_of": self.as_of.isoformat(),
            "draws": self.draws,
            "seed": self.seed,
            "levers": list(self.levers),
            "inputs": {n: list(r) for n, r in self.inputs.ranges.items()},
            "because": self.inputs.because,
            **{
                name: [asdict(row) for row in getattr(self, name)]
                for name in ("variants", "clashes", "settlements", "moves", "influences", "swings")
            },
            "verdict": asdict(self.verdict),
            "joint_loss": None if self.joint_loss is None else asdict(self.joint_loss),
            "openers": {actor: [m.move for m in moves] for actor, moves in self.openers.items()},
            "division": asdict(self.division),
        }
        return with_cautions(value, self.cautions)


_COLUMNS: dict[str, dict[str, type]] = {
    "variants": {"kind": str, "name": str, "chance": float, "opened": float, "closed": float, "demand": str},
    "clashes": {"demand": str, "against": str, "share": float},
    "moves": dict.fromkeys(("actor", "move", "kind", "demand", "issue"), str)
    | dict.fromkeys(("share", "chance", "at"), float),
    "influences": {"name": str, "alone": float, "total": float, "because": str},
    "swings": {"name": str, "low": float, "high": float, "turns": bool},
}


def bargain_of(
    argument: Argument | str | Path,
    *,
    as_of: Day | None = None,
    draws: int | None = None,
    seed: int | None = None,
    levers: Sequence[str] = (),
    progress: Progress | None = None,
    limits: Limits = LIMITS,
) -> Bargain:
    """Study an argument's bargain over its ranges.

    Parameters
    ----------
    argument : Argument, str or path
        With a ``bargain:`` block; a name or a file is loaded.
    as_of, seed
        Override the argument's ``run:`` block; what neither gives is refused, never guessed.
    draws : int, optional
        Overrides the block's ``draws``.
    levers : sequence of str, optional
        Levers of the block, laid one after the other under all that is told but the rows of single levers.
    progress : callable, optional
        Called with (stage, done, total).
    limits : Limits
        How much of the memory the draws may take.

    Raises
    ------
    ArgumentError
        If there is no block, something required is missing, or a lever is unknown.
    DataError
        If the memory cannot hold so many draws.

    Examples
    --------
    >>> from detente.lab.arguments import load_argument
    >>> result = bargain_of(load_argument("panama-canal"), draws=256)
    >>> [round(points, 2) for points in result.division.points]
    [66.0, 66.0]
    """
    argument = argument_of(argument)
    inputs = bargain_inputs(argument, as_of)
    draws = whole_given("draws", draws, 2, 1_000_000)
    as_of, draws = inputs.as_of, int(required("draws", draws, inputs.spec.draws, "bargain"))
    seed = settings_of(argument, seed=seed).seed
    known = known_levers(inputs)
    levers = texts_given("levers", levers)
    for name in levers:
        if name not in known:
            hint = suggest(name, known) or {"hint": "none_known"}
            raise ArgumentError(Fault("not_a_bargain_lever", "lever", got=name, **hint))
    refuse_many_draws(bytes_of_draw(inputs), draws, limits)
    tell = progress or (lambda stage, done, total: None)
    values = with_quantiles(inputs, draws, seed)
    base = tuple(lever_change(inputs, known[name]) for name in levers)

    told_variants = variants_of(inputs, values, base, lambda done, total: tell("variants", done, total))
    settlements = tuple(
        settlement(name, inputs, values, changes)
        for name, changes in ((FULL, base), (NONE, (*base, without_demands())))
    )
    steps = list(move_kinds(inputs))
    moves = []
    for i, step in enumerate(steps):
        moves.append(opening_move(inputs, values, step, base))
        tell("moves", i + 1, len(steps))
    tell("influences", 0, 1)
    indices = influences(inputs, base, points=SENSITIVITY_POINTS, seed=seed)
    tell("influences", 1, 1)
    return Bargain(
        argument,
        inputs,
        values,
        as_of,
        draws,
        seed,
        tuple(levers),
        told_variants,
        tuple(clashes(inputs, values, base)),
        settlements,
        tuple(moves),
        indices,
        swings(inputs, values, base, TARGET),
        division_of(inputs),
    )


def bargain_inputs(argument: Argument, as_of: Day | None = None) -> Inputs:
    """Return the inputs of an argument's bargain as known on a day, its own ``as_of`` if none is given.

    Raises
    ------
    ArgumentError
        If the argument has no ``bargain:`` block or no principals, or an input was not yet known.

    Examples
    --------
    >>> from detente.lab.arguments import load_argument
    >>> bargain_inputs(load_argument("panama-canal")).principals
    ('USA', 'PAN')
    """
    if argument.bargain is None or argument.principals is None:
        what, hint = f"argument {argument.argument}", "bargain_template"
        raise ArgumentError(Fault("needs_block", what, hint=hint, block="bargain"))
    day = known_day(argument, settings_of(argument, as_of=as_of).as_of)
    return inputs_of(argument.bargain, argument.principals, day)
