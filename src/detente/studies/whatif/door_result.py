"""What the door test returns: its cells, effects and verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple, dataclass
from datetime import date
from typing import Any

import polars as pl

from detente.base.tables import Tables, heading, table_of
from detente.futures.levers.doses import dose, effect_of, parse_gesture
from detente.lab.case import Case
from detente.lab.head import head_of
from detente.lab.too_little import Caution, blank_cautions, with_cautions
from detente.studies.whatif.unread import Unread, unread

CELLS = ("neither", "mediator", "gesture", "both", "other_gesture")
FITS = ("argument", "zero, own sd", "zero, sd 1", "no events")
SURE, SMALL, GATE_SHARE = 0.95, 0.10, 0.30


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean with a central 90 % interval."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class DoorCells:
    """The five cells under one fit, and what they add up to.

    Attributes
    ----------
    fit : str
        One of `FITS`.
    cells : mapping of str to mapping of str to Interval
        ``talks`` (chance within 365 days, interval over draws), and, where they were run, ``accord`` and ``force``
        (substantive accord and days of force within 730 days, Monte-Carlo intervals).
    effects : mapping of str to Interval
        On the log cumulative hazard of talks, over draws: ``mediator``, ``gesture``, ``other_gesture`` and
        ``interaction``.
    chances : mapping of str to float
        Posterior chance that each effect is above zero, and (``beats_other``) that the gesture beats the other side's.
    holds, reversed : bool
        Whether the thesis' rule holds, or its opposite does.
    """

    fit: str
    cells: Mapping[str, Mapping[str, Interval]]
    effects: Mapping[str, Interval]
    chances: Mapping[str, float]

    @property
    def holds(self) -> bool:
        """The locker's gesture works, opens the gate and beats the other side's; a mediator alone does little."""
        return (
            self.chances["gesture"] >= SURE
            and self.chances["interaction"] >= SURE
            and abs(self.effects["mediator"].mean) < SMALL
            and self.effects["gesture"].mean > self.effects["other_gesture"].mean
        )

    @property
    def reversed(self) -> bool:
        """The locker's gesture, or the gate, works the other way."""
        return self.chances["gesture"] <= 1 - SURE or self.chances["interaction"] <= 1 - SURE

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return {
            "fit": self.fit,
            "cells": {name: {k: _plain(v) for k, v in cell.items()} for name, cell in self.cells.items()},
            "effects": {name: _plain(value) for name, value in self.effects.items()},
            "chances": dict(self.chances),
            "holds": self.holds,
            "reversed": self.reversed,
        }


@dataclass(frozen=True)
class Door(Tables):
    """The door test: the result of `unlock`.

    Attributes
    ----------
    case : Case
    as_of : date
    locker : str
        Whose gesture is the locker's in the tables.
    locker_by_breach : str or None
        The principal with the latest breach declared and not reversed by as_of.
    doses : tuple of int
        Days of the gestures.
    fits : mapping of str to DoorCells
        By fit.
    beside : tuple of dict
        The same under other days, lockers and doses, by the hazard alone and at the declared half-lives.
    gate_share : float
        Share of the gate's prior sd that events remove.
    companion : mapping of str to (int, int)
        Windows of 90 days of the chronicle by who acted in them: how many were followed by talks, of how many.
    draws, copies, seed : int
    spectral_radius : float
        Of the fit of the argument as it is written.
    """

    case: Case
    as_of: date
    locker: str
    locker_by_breach: str | None
    doses: tuple[int, ...]
    fits: Mapping[str, DoorCells]
    beside: tuple[dict[str, Any], ...]
    gate_share: float
    companion: Mapping[str, tuple[int, int]]
    draws: int
    copies: int
    seed: int
    spectral_radius: float
    tables = ("cells", "effects")

    def _about(self) -> str:
        return heading(self.case.title, self.as_of, self.locker, fits=len(self.fits), draws=self.draws)

    def _table(self, name: str) -> pl.DataFrame:
        kinds: dict[str, type] = dict.fromkeys(("mean", "low", "high"), float)
        if name == "effects":
            effects = ((t, effect, v) for t in self.fits.values() for effect, v in t.effects.items())
            rows = ((t.fit, effect, *astuple(v), t.chances.get(effect)) for t, effect, v in effects)
            return table_of({"fit": str, "effect": str} | kinds | {"above_zero": float}, rows)
        cells = (
            (t.fit, c, k, *astuple(v))
            for t in self.fits.values()
            for c, of in t.cells.items()
            for k, v in of.items()
        )
        return table_of({"fit": str, "cell": str, "outcome": str} | kinds, cells)

    @property
    def verdict(self) -> str:
        """In the data, against, or assumption."""
        free = [self.fits[name] for name in FITS[1:3]]
        if self.gate_share >= GATE_SHARE and all(t.holds for t in free):
            return "in the data"
        if self.gate_share >= GATE_SHARE and all(t.reversed for t in free):
            return "against"
        return "assumption"

    @property
    def prior_share(self) -> float | None:
        """Share of the interaction that stands in the prior alone."""
        first, second = (self.fits[name].effects["interaction"].mean for name in FITS[:2])
        return 1 - second / first if first else None

    @property
    def cautions(self) -> tuple[Caution, ...]:
        """What a reader must know before any number."""
        blanks = blank_cautions("door", self.case.argument.door)
        return (*blanks, *self.case.cautions(self.as_of, self.spectral_radius))

    @property
    def unread(self) -> tuple[Unread, ...]:
        """What of the mediator's rounds and of the gestures no mechanism of the argument reads."""
        spec, layout = self.case.argument.door, self.case.known(self.as_of).layout
        if spec is None:
            return ()
        pulled = [parse_gesture(text, actor, layout, day=1) for actor, text in spec.gestures.items()]
        pulled.append(dose("mediator", layout, actor=spec.mediator, size=1, day=1))
        return unread(self.case.argument, layout, effect_of(pulled, layout))

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        main = self.fits[FITS[0]].to_dict()
        value = {
            **head_of(self.case, self.as_of),
            "locker": self.locker,
            "locker_by_breach": self.locker_by_breach,
            "doses": list(self.doses),
            "draws": self.draws,
            "paths_per_draw": self.copies,
            "seed": self.seed,
            "cells": main["cells"],
            "fits": [table.to_dict() for table in self.fits.values()],
            "interaction": main["effects"]["interaction"],
            "verdict": self.verdict,
            "prior_share": self.prior_share,
            "gate_share": self.gate_share,
            "companion": {name: {"talks": a, "windows": b} for name, (a, b) in self.companion.items()},
            "beside": list(self.beside),
            "unread": [what.to_dict() for what in self.unread],
        }
        return with_cautions(value, self.cautions)


def _plain(interval: Interval) -> dict[str, float]:
    return {"mean": interval.mean, "low": interval.low, "high": interval.high}
