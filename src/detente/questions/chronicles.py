"""Many chronicles over one window, with the past they share: what questions are settled on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from detente.base.arrays import Bools, Floats, Ints
from detente.base.days import Window
from detente.base.errors import Fault, QuestionError
from detente.events.act_log import MAYBE, NO, SURE, UNKNOWN, ActLog, ActsInWindow, DeathsInWindow, Fitting
from detente.events.chronicle import Chronicle
from detente.events.columns import MIXED
from detente.events.coverage import Coverage
from detente.events.phase_days import read_days
from detente.events.phase_runs import PhaseRuns, phases_of_log
from detente.events.phases import Sides
from detente.events.usual_tolls import UsualTolls
from detente.questions.statements import Acts


@dataclass(frozen=True)
class MemoryPath:
    """A principal's memory of what it received: a value every so many days from `start`, shape (future, step).

    Of a history there may be several, one for each half-life that its clock may have, shape (half-life, step). On days
    that nobody covers they are NaN.
    """

    start: date
    every: int
    values: npt.NDArray[np.float64]

    def at(self, day: date) -> npt.NDArray[np.float64] | None:
        """Return the last values recorded on or before a day, one for each row; None where none was recorded."""
        step = (day - self.start).days // self.every
        inside = 0 <= step < self.values.shape[1] and not np.isnan(self.values[:, step]).any()
        return self.values[:, step] if inside else None

    def of(self, number: int) -> MemoryPath:
        """Return one row as a path of its own."""
        return replace(self, values=self.values[[number]])


@dataclass(frozen=True)
class Chronicles:
    """Chronicles that share one window: one history, or many futures with the past known when they start.

    Attributes
    ----------
    acts : ActLog
        With agents' acts under their principals.
    scheme : str
        Class scheme.
    past : Chronicle or None
        What was known before the window; it feeds phases and rates that look back.
    sides : Sides or None
        Who stands where; phases and wars need it.
    tolls : tuple of (Window, int)
        Deaths of wars as the argument cites them.
    paths : dict
        `MemoryPath` of each (clock, principal) recorded.
    modelled : frozenset of (str, str, str) or None
        Source, target and class of the acts that futures can hold; None for a history, which can hold all.
    unseen : tuple of Window
        Gaps of the chronicle where nobody has sides, which else hold them.
    threads : int
        0 uses every core; what is settled does not depend on it.
    """

    acts: ActLog
    scheme: str = "detente"
    past: Chronicle | None = None
    sides: Sides | None = None
    tolls: tuple[tuple[Window, int], ...] = ()
    paths: Mapping[tuple[str, str], MemoryPath] = field(default_factory=dict)
    modelled: frozenset[tuple[str, str, str]] | None = None
    unseen: tuple[Window, ...] = ()
    threads: int = 0

    @classmethod
    def of(cls, chronicle: Chronicle, like: Chronicles | None = None) -> Chronicles:
        """Return one chronicle, with the past, sides and tolls of others if given."""
        acts = ActLog.of(chronicle.events, chronicle.window)
        if like is None:
            return cls(acts, chronicle.scheme, unseen=chronicle.gaps)
        return replace(like, acts=acts, paths={}, modelled=None)

    @property
    def window(self) -> Window:
        """Days that every one of them covers."""
        return self.acts.window

    @property
    def count(self) -> int:
        """How many there are, with or without acts."""
        return self.acts.count

    @property
    def starts(self) -> date:
        """First day covered, the past included."""
        return self.window.start if self.past is None else min(self.past.window.start, self.window.start)

    def has_gap(self, window: Window) -> bool:
        """Return whether a gap takes days of a window: what happened on them is not known."""
        return any(gap.start < window.end and window.start < gap.end for gap in self.gaps)

    @property
    def gaps(self) -> tuple[Window, ...]:
        """Stretches that nobody covers."""
        return self.unseen if self.sides is None else self.sides.gaps

    def covered_days(self, window: Window) -> int:
        """Return how many days of a window are in no gap."""
        return Coverage(window, self.gaps).days

    def can_hold(self, acts: Acts) -> bool:
        """Return whether acts of this sort could be in them: futures hold only those of the argument's channels."""
        if self.modelled is None:
            return True
        return any(
            all(not kind.classes or bool(kind.actions) or cls in kind.classes for kind in acts.kinds)
            and any(
                (not acts.sources or one in acts.sources) and (not acts.targets or other in acts.targets)
                for one, other in ((source, target), *([(target, source)] * acts.either_way))
            )
            for source, target, cls in self.modelled
        )

    def tally(self, acts: Acts, window: Window) -> ActsInWindow:
        """Count the acts of each that fit and fell into a window; those of the past are not among them."""
        looks = self._fitting_looks(acts)
        return self.acts.tally(looks, window, deaths_at_least=acts.deaths_at_least, threads=self.threads)

    def tally_past(self, acts: Acts, window: Window) -> tuple[int, int]:
        """Count the acts of the past that surely, and that possibly, fit and fell into a window."""
        if self._past_acts is None:
            return 0, 0
        looks = fitting_looks(self._past_acts.looks, acts)
        found = self._past_acts.tally(looks, window, deaths_at_least=acts.deaths_at_least)
        return int(found.certain[0]), int(found.possible[0])

    def first_acts(self, acts: Acts, window: Window) -> tuple[Ints, Ints]:
        """Return the day by which such an act may have come to each, and surely has; see `ActLog.first_acts`."""
        return self.acts.first_acts(self._fitting_looks(acts), window, threads=self.threads)

    def sum_deaths(self, acts: Acts, window: Window) -> DeathsInWindow:
        """Add the deaths of such acts in each, an unknown toll as is usual; see `UsualTolls` and `whose_dead`."""
        looks = self._fitting_looks(_with_deaths(acts))
        return self.acts.sum_deaths(looks, window, self._usual_tolls, threads=self.threads)

    def fitting(self, acts: Acts, *, dead: bool = False) -> Fitting:
        """Return the acts that fit of the only chronicle there is, whatever their day.

        With `dead` only those whose dead are, or may be, people of the side that is asked for.
        """
        looks = self._fitting_looks(_with_deaths(acts) if dead else acts)
        return self.acts.fitting(looks, acts.deaths_at_least)

    def tolls_of(self, acts: Fitting) -> tuple[Floats, Bools]:
        """Return the tolls of some acts of the only chronicle there is, and which of them are the usual ones."""
        act, deaths = self.acts.act[acts.rows], self.acts.deaths[acts.rows]
        sorts, usual = self._usual_tolls.on(self.acts.looks["action"], 1)
        unknown = deaths == UNKNOWN
        return np.where(unknown, usual[0, sorts[act]], deaths.astype(float)), unknown

    @cached_property
    def phases(self) -> PhaseRuns:
        """The phase of every day and whether talks went on.

        Raises
        ------
        QuestionError
            If it is not known who stands on which side.
        """
        sides, before = self.known_sides, None
        if self.past is not None and self.past.window.start < self.window.start:
            lead = Window(self.past.window.start, self.window.start)
            before = read_days(self.past.events, lead, sides, scheme=self.scheme)
        return phases_of_log(self.acts, sides, scheme=self.scheme, before=before, threads=self.threads)

    def deadly_years(self, first: int, end: int, *, deaths: int, days: int) -> Bools:
        """Say which have so many known deaths between the principals in so many days; see `ActLog.deadly_years`."""
        return self.acts.deadly_years(
            self._between, first, end, deaths=deaths, days=days, threads=self.threads
        )

    @property
    def known_sides(self) -> Sides:
        """Who stands where.

        Raises
        ------
        QuestionError
            If that is not known.
        """
        if self.sides is None:
            raise QuestionError(Fault("sides_unknown", "phases and wars", hint="principals_in_argument"))
        return self.sides

    @cached_property
    def _usual_tolls(self) -> UsualTolls:
        """What acts usually cost by what was known before the window, or, of a history, by its own record."""
        return (self.acts if self._past_acts is None else self._past_acts).usual_tolls()

    def _fitting_looks(self, acts: Acts) -> npt.NDArray[np.int8]:
        if acts not in self._looks:
            self._looks[acts] = fitting_looks(self.acts.looks, acts)
        return self._looks[acts]

    @cached_property
    def _looks(self) -> dict[Acts, npt.NDArray[np.int8]]:
        return {}

    @cached_property
    def _between(self) -> Bools:
        """Whether an act of each look is one between the principals, in which nobody else's people died."""
        both = list(self.known_sides.principals)
        between = pl.col("source").is_in(both) & pl.col("target").is_in(both)
        if "fatalities_of" in self.acts.looks.columns:
            between &= pl.col("fatalities_of").is_in([*both, MIXED]) | pl.col("fatalities_of").is_null()
        return np.array(self.acts.looks.select(between.alias("between"))["between"], dtype=np.bool_)

    @cached_property
    def _past_acts(self) -> ActLog | None:
        return None if self.past is None else ActLog.of(self.past.events, self.past.window)


def _with_deaths(acts: Acts) -> Acts:
    """Return the same acts as a question that asks for deaths by them, so that whose people died is looked at."""
    return replace(acts, deaths_at_least=acts.deaths_at_least or 1)


def fitting_looks(looks: pl.DataFrame, acts: Acts) -> npt.NDArray[np.int8]:
    """Return for each look whether an act that has it fits: `act_log.NO`, `MAYBE` or `SURE`.

    How many died is not looked at; whose people died is, where deaths are asked for (`whose_dead`).

    Examples
    --------
    >>> modes = pl.DataFrame({"mode": ["talks", None, "raid"], "mutual": False})
    >>> fitting_looks(modes, Acts(modes=("talks",))).tolist()
    [2, 1, 0]
    """
    sure, may = fits(acts)
    if acts.deaths_at_least and "fatalities_of" in looks.columns:
        surely, possibly = whose_dead(acts)
        sure, may = sure & surely, (sure | may) & (surely | possibly)
    found = looks.select(sure=pl.lit(value=True) & sure, may=pl.lit(value=True) & may)
    return np.where(found["sure"], SURE, np.where(found["may"], MAYBE, NO)).astype(np.int8)


def fits(acts: Acts) -> tuple[pl.Expr, pl.Expr]:
    """Return two expressions: the act surely fits, deaths apart; it may fit, for want of a field."""
    forward = _within("source", acts.sources) & _within("target", acts.targets)
    backward = _within("source", acts.targets) & _within("target", acts.sources)
    known = forward | (backward & (pl.lit(acts.either_way) | pl.col("mutual")))
    for kind in acts.kinds:
        known &= pl.col("class").is_in(list(kind.classes)) | pl.col("action").is_in(list(kind.actions))
    sure = may = known.fill_null(value=False)
    for column, allowed in (("mode", acts.modes), ("issue", acts.issues)):
        if allowed:
            says = pl.col(column).is_in(list(allowed))
            sure, may = sure & says.fill_null(value=False), may & says.fill_null(value=True)
    return sure, may & ~sure


def whose_dead(acts: Acts) -> tuple[pl.Expr, pl.Expr]:
    """Return two expressions: the dead of an act are surely, and possibly, people of the side that a question names.

    ``A->B`` names B, ``A<->B`` both; without a target everybody's dead count. An act that does not say whose people
    died cost its target's. Mixed dead are people of the two ends of an act: where both are asked for all of them count,
    and else some may. Whether the ends of an act are those of the question is `fits`'s to say.

    Examples
    --------
    >>> dead = pl.DataFrame({"fatalities_of": ["B", "A", None, "mixed"], "mutual": False})
    >>> surely, possibly = whose_dead(Acts(("A",), ("B",)))
    >>> dead.select(surely)["fatalities_of"].to_list(), dead.select(possibly)["fatalities_of"].to_list()
    ([True, False, True, False], [False, False, False, True])
    >>> surely, possibly = whose_dead(Acts(("A",), ("B",), either_way=True))
    >>> dead.select(surely)["fatalities_of"].to_list(), dead.select(possibly)["fatalities_of"].to_list()
    ([True, True, True, True], [False, False, False, False])
    """
    dead = pl.col("fatalities_of")
    if not acts.targets or (acts.either_way and not acts.sources):
        return dead.is_null() | dead.is_not_null(), dead.is_null() & dead.is_not_null()
    both = pl.lit(acts.either_way) | pl.col("mutual")
    theirs = dead.is_in(list(acts.targets)) | (both & dead.is_in(list(acts.sources)))
    mixed = (dead == MIXED).fill_null(value=False)
    all_ = mixed & both & pl.lit(bool(acts.sources))
    return dead.is_null() | theirs.fill_null(value=False) | all_, mixed & ~all_


def _within(column: str, allowed: tuple[str, ...]) -> pl.Expr:
    return pl.col(column).is_in(list(allowed)) if allowed else pl.lit(value=True)
