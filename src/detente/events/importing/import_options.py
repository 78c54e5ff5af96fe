"""What the user says of the files to import, beside their format."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from detente.base.errors import DataError, Fault
from detente.base.spelling import suggest
from detente.events.files.rows import TYPES
from detente.events.importing.actor_names import ActorNames
from detente.events.ontology.null_words import NULL_WORDS

DAY_ORDERS = ("ymd", "dmy", "mdy")
"""How days may be written."""


@dataclass(frozen=True)
class Options:
    """What the user asked for.

    Attributes
    ----------
    names : ActorNames
        How actors are to be named.
    codebook : str or None
        How codes read, where the format leaves it open.
    since, until : date or None
        First day wanted, and first day not wanted.
    columns : Mapping[str, str]
        Of plain files: the name in the file by the column that is meant, such as ``date: event_date``.
    dates : str or None
        The order of day, month and year, one of `DAY_ORDERS`; None for that of the format, in plain files YYYY-MM-DD.
    zeros_lost : bool
        Whether codes have lost their leading zeros.
    nulls : tuple of str
        Words for nothing.
    namibia : bool
        Whether NA is an actor all the same: a plain file's actors are two-letter codes.
    today : date or None
        No row may be dated after it.
    vintage : date or None
        Only rows reported before this day are wanted.

    Raises
    ------
    DataError
        If days are in no such order.
    """

    names: ActorNames = field(default_factory=ActorNames)
    codebook: str | None = None
    since: date | None = None
    until: date | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    dates: str | None = None
    zeros_lost: bool = False
    nulls: tuple[str, ...] = NULL_WORDS
    namibia: bool = False
    today: date | None = None
    vintage: date | None = None

    def __post_init__(self) -> None:
        if self.dates is not None and self.dates not in DAY_ORDERS:
            raise DataError(Fault("not_one_of", "dates", got=self.dates, choices=DAY_ORDERS))


def said_in_vain(options: Options, takes: Collection[str]) -> str | None:
    """Return what the user says of files that cannot be said of their format; None if there is no such thing.

    Examples
    --------
    >>> said_in_vain(Options(dates="dmy"), ("dates",)), said_in_vain(Options(zeros_lost=True), ("dates",))
    (None, 'leading_zeros')
    """
    said = {
        "columns": bool(options.columns),
        "dates": options.dates is not None,
        "leading_zeros": options.zeros_lost,
        "null": options.nulls != NULL_WORDS,
    }
    return next((name for name, given in said.items() if given and name not in takes), None)


def columns_given(text: str | None) -> dict[str, str]:
    """Read names of columns that an option gives, as ``date=event_date,source=actor1``.

    Raises
    ------
    DataError
        If it is not written so, or names a column that no event file has.

    Examples
    --------
    >>> columns_given("date=event_date, source=actor1")
    {'date': 'event_date', 'source': 'actor1'}
    """
    found: dict[str, str] = {}
    for part in (text or "").split(",") if text else ():
        ours, sign, theirs = (piece.strip() for piece in part.partition("="))
        if not (ours and sign and theirs):
            raise DataError(
                Fault("not_assignment", "columns", got=part, hint="try", example="date=event_date")
            )
        if ours not in TYPES:
            near = suggest(ours, TYPES, known=False)
            raise DataError(Fault("not_one_of", "columns", got=ours, choices=tuple(TYPES), **near))
        if ours in found:
            raise DataError(Fault("given_twice", "columns", got=ours))
        found[ours] = theirs
    return found
