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
from detente.studies.whatif.necessity import LOCKER, Necessity
from detente.studies.whatif.unread import Unread, unread

FITS = ("argument", "zero, own sd", "zero, sd 1", "no events")
SURE, GATE_SHARE = 0.95, 0.30


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
        On the log cumulative hazard of talks within 365 days, over draws: ``mediator``, ``gesture``, ``other_gesture``
        and ``interaction``.
    chances : mapping of str to float
        Posterior chance that each effect is above zero, and (``beats_other``) that the gesture beats the other side's.
    accords, accord_chances : mapping
        The same on the log cumulative hazard of a substantive accord within 730 days; empty where accords are not
        modelled, or were not run.
    """

    fit: str
    cells: Mapping[str, Mapping[str, Interval]]
    effects: Mapping[str, Interval]
    chances: Mapping[str, float]
    accords: Mapping[str, Interval]
    accord_chances: Mapping[str, float]

    @property
    def bridges(self) -> bool:
        """Whether a mediator alone brings talks nearer."""
        return self.chances["mediator"] >= SURE

    @property
    def unlocks(self) -> bool | None:
        """Whether the locker's gesture brings an accord nearer, more than the other side's, and opens the gate.

        None where accords were not run.
        """
        if not self.accords:
            return None
        return (
            self.accord_chances["gesture"] >= SURE
            and self.accord_chances["interaction"] >= SURE
            and self.accords["gesture"].mean > self.accords["other_gesture"].mean
        )

    @property
    def holds(self) -> bool | None:
        """Whether third parties bridge and the locker unlocks; None where accords were not run."""
        return None if self.unlocks is None else self.bridges and self.unlocks

    @property
    def reversed(self) -> bool:
        """Whether a mediator puts talks off, or the locker's gesture or the gate puts an accord off."""
        away = [self.chances["mediator"], *map(self.accord_chances.get, ("gesture", "interaction"))]
        return any(chance is not None and chance <= 1 - SURE for chance in away)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return {
            "fit": self.fit,
            "cells": {name: {k: _plain(v) for k, v in cell.items()} for name, cell in self.cells.items()},
            "effects": {name: _plain(value) for name, value in self.effects.items()},
            "chances": dict(self.chances),
            "accords": {
                "effects": {name: _plain(value) for name, value in self.accords.items()},
                "chances": dict(self.accord_chances),
            }
            if self.accords
            else None,
            "bridges": self.bridges,
            "unlocks": self.unlocks,
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
    necessities : tuple of Necessity
        Whether gestures were necessary for accords: on what was known by as_of, then on the whole chronicle.
    draws, copies, seed : int
    spectral_radius : float
        Of the fit of the argument as it is written.
    averaged : bool
        Whether half-lives are averaged over their grid; else they are the declared ones.
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
    necessities: tuple[Necessity, ...]
    draws: int
    copies: int
    seed: int
    spectral_radius: float
    averaged: bool = False
    tables = ("cells", "effects")

    def _about(self) -> str:
        return heading(self.case.title, self.as_of, self.locker, fits=len(self.fits), draws=self.draws)

    def _table(self, name: str) -> pl.DataFrame:
        kinds: dict[str, type] = dict.fromkeys(("mean", "low", "high"), float)
        if name == "effects":
            rows = (
                (t.fit, outcome, effect, *astuple(v), chances.get(effect))
                for t in self.fits.values()
                for outcome, effects, chances in (
                    ("talks", t.effects, t.chances),
                    ("accord", t.accords, t.accord_chances),
                )
                for effect, v in effects.items()
            )
            return table_of(
                dict.fromkeys(("fit", "outcome", "effect"), str) | kinds | {"above_zero": float}, rows
            )
        cells = (
            (t.fit, c, k, *astuple(v))
            for t in self.fits.values()
            for c, of in t.cells.items()
            for k, v in of.items()
        )
        return table_of({"fit": str, "cell": str, "outcome": str} | kinds, cells)

    @property
    def chance_error(self) -> float:
        """Half of the 90 % interval that chance alone gives the probability of talks if nobody moves."""
        talks = self.fits[FITS[0]].cells["neither"]["talks"]
        return float((talks.high - talks.low) / 2 / self.draws**0.5)

    @property
    def verdict(self) -> str:
        """In the data, against, assumption, or not computable where no accord is modelled to read unlocking from."""
        free = [self.fits[name] for name in FITS[1:3]]
        if any(t.unlocks is None for t in free):
            return "not computable"
        needed = self.necessity is not None and self.necessity.verdict == "supported"
        if self.gate_share >= GATE_SHARE and all(t.holds for t in free) and needed:
            return "in the data"
        if self.gate_share >= GATE_SHARE and all(t.reversed for t in free):
            return "against"
        return "assumption"

    @property
    def necessity(self) -> Necessity | None:
        """The test that the verdict rests on: the locker's gestures, whoever that was, by as_of.

        Where no breach is declared the locker is the argument's.
        """
        known = {n.side: n for n in self.necessities if n.until == self.as_of}
        return known.get(LOCKER, known.get(self.locker))

    @property
    def prior_share(self) -> float | None:
        """Share of the interaction on accords, or on talks where none are modelled, that is the prior's alone."""
        both = (self.fits[name] for name in FITS[:2])
        first, second = ((t.accords or t.effects)["interaction"].mean for t in both)
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
            "half_lives": "averaged" if self.averaged else "declared",
            "seed": self.seed,
            "cells": main["cells"],
            "fits": [table.to_dict() for table in self.fits.values()],
            "interaction": (main["accords"] or main)["effects"]["interaction"],
            "verdict": self.verdict,
            "prior_share": self.prior_share,
            "gate_share": self.gate_share,
            "necessity": [n.to_dict() for n in self.necessities],
            "companion": {name: {"talks": a, "windows": b} for name, (a, b) in self.companion.items()},
            "beside": list(self.beside),
            "unread": [what.to_dict() for what in self.unread],
        }
        return with_cautions(value, self.cautions)


def _plain(interval: Interval) -> dict[str, float]:
    return {"mean": interval.mean, "low": interval.low, "high": interval.high}
