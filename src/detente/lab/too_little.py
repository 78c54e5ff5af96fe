"""The rule on too little data: when an answer is refused, and when the first line of one warns its reader."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from detente.argument.blanks import blanks_in
from detente.base.days import Window
from detente.base.errors import DataError, Fault, UnstableModelError
from detente.base.limits import FEW_ACTS, FEW_DAYS
from detente.events.chronicle import Chronicle
from detente.events.coverage import Coverage
from detente.model.known import Known

if TYPE_CHECKING:
    from detente.model.fit import Fitted  # loads the compiler, which a refusal need not wait for

LEAST_DAYS, LEAST_ACTS = 180, 20
"""Covered days to fit on, and acts between the principals on them: with fewer, everything is refused."""
STALE_DAYS = 30
"""Days from the end of the events to the as-of day: with more, the first line says so."""


LATEST_DAYS = 365
"""Days from the end of the events to the as-of day: with more, an answer is refused."""


@dataclass(frozen=True, slots=True)
class Caution:
    """What a reader must know before any number of a result.

    Attributes
    ----------
    code : str
        ``few_data``: the prior decides. ``unstable``: a burst of acts grows from round to round, and that was allowed.
        ``blanks``: texts of a template have not been replaced. ``past_end``: the events end long before the as-of day.
        ``gaps``: stretches are not covered. ``last_part``: only the events after the last of them are used.
        ``set_apart``: rows are dated far off and not used.
        ``vintage``: rows reported from `end` on are left out. ``by_report``: a day knows what was reported before it.
    days, acts : int or None
        Covered days fitted and acts dated to the day between the principals on them, for ``few_data``; for ``past_end``
        days between.
    quiet : bool or None
        For ``past_end``: whether those days are taken as quiet, since the file does not say which days it covers.
    spectral_radius : float or None
        For ``unstable``.
    blanks : int or None
        How many, and in which `block` of the argument, for ``blanks``.
    end : date or None
        The first day used, for ``last_part``; the vintage.
    rows : int or None
        For ``set_apart``.
    windows : tuple of Window or None
        What is not covered, for ``gaps``.
    total : int or None
        For ``gaps``: days from the first covered one to the last, `days` of which are not covered.
    """

    code: str
    days: int | None = None
    acts: int | None = None
    spectral_radius: float | None = None
    blanks: int | None = None
    block: str | None = None
    end: date | None = None
    rows: int | None = None
    quiet: bool | None = None
    windows: tuple[Window, ...] | None = None
    total: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        value = {name: value for name, value in asdict(self).items() if value is not None}
        value |= {"end": self.end.isoformat()} if self.end is not None else {}
        shown = [[window.start.isoformat(), window.end.isoformat()] for window in self.windows or ()]
        return value | ({"windows": shown} if shown else {})


def require_covered(chronicle: Chronicle, as_of: date, gaps: Sequence[Window] | None = None) -> None:
    """Refuse a day in a gap, or more than `LATEST_DAYS` after the events end: days before it are unknown, not quiet.

    Parameters
    ----------
    chronicle : Chronicle
    as_of : date
    gaps : sequence of Window, optional
        With those that an argument declares; by default the chronicle's own.

    Raises
    ------
    DataError
    """
    gaps = chronicle.gaps if gaps is None else gaps
    if any(gap.start < as_of < gap.end for gap in gaps):
        covered = str(Coverage(chronicle.window, tuple(gaps)))
        raise DataError(Fault("not_covered", "as_of", got=as_of, hint="chronicle_covers", window=covered))
    end = chronicle.window.end
    if (as_of - end).days > LATEST_DAYS:
        raise DataError(
            Fault("past_data", "as_of", got=as_of, hint="add_or_declare", most=LATEST_DAYS, end=end)
        )


def chronicle_cautions(chronicle: Chronicle, gaps: Sequence[Window] | None = None) -> tuple[Caution, ...]:
    """Return what a reader must know of the days that events cover.

    Parameters
    ----------
    chronicle : Chronicle
    gaps : sequence of Window, optional
        With those that an argument declares; by default the chronicle's own.
    """
    found, origin = [], chronicle.provenance
    covered = Coverage(chronicle.window, tuple(chronicle.gaps if gaps is None else gaps))
    if covered.gaps:
        total = covered.span.days
        found.append(Caution("gaps", total - covered.days, windows=covered.gaps, total=total))
    if origin.since is not None:
        found.append(Caution("last_part", end=origin.since, acts=chronicle.acts))
    if origin.vintage is not None:
        found.append(Caution("vintage", rows=origin.later, end=origin.vintage))
    if origin.by_report:
        found.append(Caution("by_report"))
    if origin.apart:
        found.append(Caution("set_apart", rows=len(origin.apart)))
    return tuple(found)


def principals_acts(known: Known) -> int:
    """Return how many acts dated to the day the principals did to each other, or together, on the fitted days."""
    first, second = known.layout.principals
    events = known.chronicle.events.filter(known.window.indices(known.chronicle.events["date"]) >= 0)
    events = events.filter(events["precision"] == "day")  # the others enter no rate
    pairs = events.select("source", "target").iter_rows()
    return sum({source, target} == {first, second} for source, target in pairs)


def require_data(known: Known) -> Known:
    """Return what was known, if it is enough to fit anything to.

    Raises
    ------
    DataError
        If it covers fewer than `LEAST_DAYS` days, or holds fewer than `LEAST_ACTS` acts between the principals.
    """
    found = (
        ("too_few_days_known", known.window.days, LEAST_DAYS),
        ("too_few_acts_known", principals_acts(known), LEAST_ACTS),
    )
    faults = [
        Fault(code, "as_of", got=got, hint="more_data", low=low, day=known.as_of)
        for code, got, low in found
        if got < low
    ]
    if faults:
        raise DataError(*faults)
    return known


def require_stability(fits: Fitted | Iterable[Fitted], *, allowed: bool) -> float:
    """Return the largest spectral radius of some fits, if a burst of acts dies out under each.

    Raises
    ------
    UnstableModelError
        If it is 1 or more and that is not allowed.
    """
    radius = max(fit.spectral_radius for fit in (fits if isinstance(fits, Iterable) else (fits,)))
    refuse_explosive(radius, allowed=allowed)
    return radius


def refuse_explosive(spectral_radius: float, *, allowed: bool, where: str | None = None) -> None:
    """Refuse a spectral radius of 1 or more unless it is allowed; `where` says of which of many fits it is.

    Raises
    ------
    UnstableModelError
    """
    if spectral_radius >= 1 and not allowed:
        got, hint = round(spectral_radius, 3), "narrow_or_allow"
        raise UnstableModelError(Fault("explosive", "fitted feedback", got=got, where=where, hint=hint))


def cautions_of(
    known: Known, chronicle: Chronicle, spectral_radius: float | None = None
) -> tuple[Caution, ...]:
    """Return what a reader must know before any number that rests on this; see `Caution`.

    Parameters
    ----------
    known : Known
    chronicle : Chronicle
        All of it: its end says which days it speaks of.
    spectral_radius : float, optional
    """
    days, acts = known.window.days, principals_acts(known)
    found = []
    after = (known.as_of - chronicle.window.end).days
    if after > STALE_DAYS:
        found.append(Caution("past_end", after, quiet=not chronicle.provenance.window_declared))
    if days < FEW_DAYS or acts < FEW_ACTS:
        found.append(Caution("few_data", days, acts))
    if spectral_radius is not None and spectral_radius >= 1:
        found.append(Caution("unstable", spectral_radius=spectral_radius))
    return tuple(found)


def blank_cautions(block: str, part: object) -> tuple[Caution, ...]:
    """Return a caution if a part of an argument still holds blanks of its template."""
    blanks = blanks_in(part)
    return (Caution("blanks", blanks=blanks, block=block),) if blanks else ()


def with_cautions(value: dict[str, Any], cautions: Iterable[Caution]) -> dict[str, Any]:
    """Return the plain values of a result with its cautions, if there are any."""
    told = [caution.to_dict() for caution in cautions]
    return {**value, "cautions": told} if told else value
