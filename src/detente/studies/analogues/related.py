"""The use case `analogues`: what the as-of day of a case is like, and what followed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

import polars as pl

from detente.base.given import paths_given
from detente.base.progress import Progress
from detente.base.tables import Tables, heading, table_of
from detente.events.phases import NO_PHASE, Phase
from detente.lab.case import Case, case_of, load_chronicle
from detente.lab.head import head_of
from detente.lab.phases import phase_history
from detente.lab.settings import Day
from detente.lab.too_little import Caution, with_cautions
from detente.studies.analogues.crises import (
    AGAIN,
    AT_START,
    COVERED_UNTIL,
    Feature,
    SimilarCrisis,
    features_now,
    similar_crises,
)
from detente.studies.analogues.elsewhere import FileMoments, moments_elsewhere
from detente.studies.analogues.followed import MONTHS, Followed
from detente.studies.analogues.library import LibraryPiece, other_pieces
from detente.studies.analogues.memories import APART_DAYS, past_of
from detente.studies.analogues.moments import Moment, moments
from detente.studies.analogues.value import AnalogueValue, known_value, measured_value

COUNT = 5
"""How many moments, and how many crises, are shown."""


@dataclass(frozen=True)
class Analogues(Tables):
    """Earlier moments and crises like the as-of day, with what followed each, and other pieces to read.

    Attributes
    ----------
    case : Case
    as_of : date
    phase : str or None
        Phase of the day before; None where that is not covered.
    talks : bool
        Whether talks went on on the day before.
    half_lives : dict of str to float
        Days, of the clocks of the memories compared.
    searched : int
        Days of the case's chronicle that were compared.
    moments : tuple of Moment
    elsewhere : tuple of FileMoments
        One for each event file that was named.
    features : tuple of Feature
        Of the crisis that runs on the day or would begin on it.
    crises : tuple of SimilarCrisis
    ended : dict of int to (int, int)
        Of all crises searched, how many had ended so many months after they began, of how many that is known of.
    crises_searched, crises_left_out : int
        Crises that began before the day: with all features that are known, and without one of them.
    pieces : tuple of LibraryPiece
    worth : AnalogueValue or None
        What similar moments were worth as forecasts; None if that was not measured.
    cautions : tuple of Caution
    files : tuple of Path
        The event files that were named, which nothing is written over.
    """

    case: Case
    as_of: date
    phase: str | None
    talks: bool
    half_lives: dict[str, float]
    searched: int
    moments: tuple[Moment, ...]
    elsewhere: tuple[FileMoments, ...]
    features: tuple[Feature, ...]
    crises: tuple[SimilarCrisis, ...]
    ended: dict[int, tuple[int, int]]
    crises_searched: int
    crises_left_out: int
    pieces: tuple[LibraryPiece, ...]
    worth: AnalogueValue | None = None
    cautions: tuple[Caution, ...] = ()
    files: tuple[Path, ...] = ()
    tables: ClassVar[tuple[str, ...]] = ("moments", "crises")

    def _about(self) -> str:
        every = sum(len(each.moments) for each in self.elsewhere) + len(self.moments)
        return heading(self.case.title, self.as_of, moments=every, crises=len(self.crises))

    def _table(self, name: str) -> pl.DataFrame:
        if name == "crises":
            columns: dict[str, type] = {"number": int, "name": str, "first": date, "similarity": float}
            columns |= {f"ended_{months}m": bool for months in MONTHS}
            columns |= {"outcome": str, "another": bool}
            return table_of(
                columns,
                (
                    (
                        *(c.crisis.number, c.crisis.name, c.crisis.first.start, c.similarity),
                        *(c.ended[months] for months in MONTHS),
                        *(c.outcome, c.another),
                    )
                    for c in self.crises
                ),
            )
        columns = {
            "file": str,
            "first": str,
            "second": str,
            "day": date,
            "similarity": float,
            "distance": float,
        }
        columns |= {"phase": str, "talks": bool, "months": int, "known": bool}
        columns |= {"acts": int, "deaths": int, "worst_phase": str, "talked": bool, "war": bool}
        sources = [(self.case.name, self.moments), *((e.name, e.moments) for e in self.elsewhere)]
        return table_of(columns, (row for name, found in sources for m in found for row in _rows(name, m)))

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        value = {
            **head_of(self.case, self.as_of),
            "phase": self.phase,
            "talks": self.talks,
            "half_lives": self.half_lives,
            "apart_days": APART_DAYS,
            "searched": self.searched,
            "moments": [moment.to_dict() for moment in self.moments],
            "elsewhere": [each.to_dict() for each in self.elsewhere],
            "features": [feature.to_dict() for feature in self.features],
            "crises": [crisis.to_dict() for crisis in self.crises],
            "ended": {str(m): {"yes": yes, "known": known} for m, (yes, known) in self.ended.items()},
            "features_used": [f.name for f in self.features if f.name in AT_START and f.value is not None],
            "again_months": AGAIN,
            "crises_until": COVERED_UNTIL.isoformat(),
            "crises_searched": self.crises_searched,
            "crises_left_out": self.crises_left_out,
            "pieces": [piece.to_dict() for piece in self.pieces],
            "worth": None if self.worth is None else self.worth.to_dict(),
        }
        return with_cautions(value, self.cautions)


def analogues(
    case: Case | str | Path,
    *,
    as_of: Day | None = None,
    among: Sequence[str | Path] = (),
    codebook: str | None = None,
    skip_bad: bool = False,
    count: int = COUNT,
    measure: bool = False,
    progress: Progress | None = None,
) -> Analogues:
    """Find what the as-of day of a case is like, and say what followed.

    Parameters
    ----------
    case : Case, str or path
        A case that `load_case` has loaded, or the name or the file that it loads one from.
    as_of : date, optional
        Overrides the argument's; nothing known later is read.
    among : sequence of path
        Event files of any actors whose pairs are searched for moments too.
    codebook : str, optional
        How a bare ``code`` column of these files reads: detente, plover, cameo or weis.
    skip_bad : bool
        Leave faulty rows of these files out instead of refusing the file.
    count : int
        How many moments of the case, of each file, and how many crises to return at most.
    measure : bool
        Measure what moments are worth as forecasts (see `analogue_value`); else only what was measured before is used.
    progress : callable, optional
        Called with ("dates", done, total) while that is measured.

    Returns
    -------
    Analogues

    Raises
    ------
    ArgumentError, DataError
        If the argument has no principals, too little was known by the day, or a file cannot be read or knows nothing
        before the day.

    Examples
    --------
    >>> found = analogues("us-iran", as_of=date(2013, 10, 1), count=2)
    >>> found.phase, len(found.moments), found.crises[0].outcome
    ('cold disengagement', 2, 'semi-formal agreement')
    """
    case = case_of(case)
    day = case.settings(as_of=as_of).as_of
    past = past_of(case, day)
    found, searched = moments(past, count=count)
    files = paths_given("among", among)
    chronicles = [
        load_chronicle(events=path, codebook=codebook, skip_bad=skip_bad, limits=case.limits)
        for path in files
    ]
    history = phase_history(case.argument, case.known(day).cut)
    features = features_now(history, past.pair, day)
    crises, left_out = similar_crises(features, past.pair, day)
    phase = int(past.phase[-1])
    return Analogues(
        case,
        day,
        None if phase == NO_PHASE else Phase(phase).word,
        bool(past.talks[-1]),
        {clock: past.half_lives[clock] for clock in ("fast", "slow")},
        searched,
        found,
        tuple(moments_elsewhere(past, each, day, count=count) for each in chronicles),
        features,
        crises[:count],
        {months: _counted([each.ended[months] for each in crises]) for months in MONTHS},
        len(crises),
        left_out,
        other_pieces(case),
        measured_value(case, progress) if measure else known_value(case),
        case.cautions(day),
        tuple(path.absolute() for path in files),
    )


def _counted(told: list[bool | None]) -> tuple[int, int]:
    return told.count(True), len(told) - told.count(None)


def _rows(name: str, moment: Moment) -> list[tuple[Any, ...]]:
    about = (name, *moment.pair, moment.day, moment.similarity, moment.distance, moment.phase, moment.talks)
    return [
        (
            *about,
            each.months,
            True,
            *(sum(each.acts.values()), each.deaths),
            *(each.phases[0] if each.phases else None, each.talks, each.war),
        )
        if isinstance(each, Followed)
        else (*about, each.months, False, None, None, None, None, None)
        for each in moment.followed
    ]
