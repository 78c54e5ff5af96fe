"""What a page is asked for: the text of its address, read and checked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import QueryParams

from detente.base.errors import ArgumentError, Fault
from detente.base.spelling import suggest
from detente.lab.settings import day_given

MOST_LINES = 10
"""Questions, levers or claims that one visitor may ask for at once: the command line and Python take more."""


@dataclass(frozen=True, slots=True)
class Requested:
    """What is to be computed: the key of a job.

    Attributes
    ----------
    case : str
        The name of the case in addresses.
    study : str
        A name of `detente.web.shown.STUDIES`.
    lines : tuple of str
        Questions, doses of levers, or ids of claims.
    settings : tuple of (str, value)
        What overrides the argument's ``run:`` block.
    owner : str
        The visitor whose case it is; empty for the cases of the server.
    language : str
        The tag of the language that sentences and pictures are in; programs ask in English.
    version : str
        Of that case: its visitor may put another under the same name.
    """

    case: str
    study: str
    lines: tuple[str, ...] = ()
    settings: tuple[tuple[str, Any], ...] = ()
    owner: str = ""
    language: str = "en"
    version: str = ""

    @property
    def given(self) -> dict[str, Any]:
        """The settings, as a use case takes them."""
        return dict(self.settings)


def settings_in(values: QueryParams | dict[str, Any], names: Sequence[str]) -> tuple[tuple[str, Any], ...]:
    """Return the settings of a run that an address gives; an empty one, as a form sends it, is not given.

    Raises
    ------
    ArgumentError, DataError

    Examples
    --------
    >>> settings_in({"futures": "200", "seed": ""}, ["as_of", "futures", "seed"])
    (('futures', 200),)
    """
    found: list[tuple[str, Any]] = []
    for name in names:
        value = values.get(name)
        text = "" if value is None else str(value).strip()
        if not text:
            continue
        if name == "as_of":
            found.append((name, day_given(name, text)))
            continue
        found.append((name, whole(name, text)))
    return tuple(found)


def whole(name: str, text: str) -> int:
    """Return a whole number that an address gives.

    Raises
    ------
    ArgumentError

    Examples
    --------
    >>> whole("page", "2")
    2
    """
    try:
        return int(text)
    except ValueError:
        raise ArgumentError(Fault("not_whole", name, got=text)) from None


def lines_in(name: str, values: Iterable[str]) -> tuple[str, ...]:
    """Return the lines that an address gives, without those left empty.

    Raises
    ------
    ArgumentError
        If they are too many.

    Examples
    --------
    >>> lines_in("q", ["talks within 12m", " "])
    ('talks within 12m',)
    """
    lines = tuple(line.strip() for line in values if line.strip())
    if len(lines) > MOST_LINES:
        raise ArgumentError(
            Fault("too_many_items", name, got=len(lines), hint="on_command_line", high=MOST_LINES)
        )
    return lines


def refuse_others(values: QueryParams, known: Sequence[str], many: Sequence[str] = ()) -> None:
    """Refuse what an address would be given in vain: names that it does not read, and all but the last of a name.

    Parameters
    ----------
    values : QueryParams
    known : sequence of str
        Names that may be given once.
    many : sequence of str
        Names that may be repeated.

    Raises
    ------
    ArgumentError

    Examples
    --------
    >>> refuse_others(QueryParams("q=a&q=b&seed=3"), ["seed"], ["q"])
    >>> refuse_others(QueryParams("seed=3&seed=4"), ["seed"])
    Traceback (most recent call last):
    detente.base.errors.ArgumentError: seed is given twice, got 3, 4.
    """
    for name in values:
        if name not in (*known, *many):
            raise ArgumentError(Fault("unknown_field", name, **suggest(name, (*known, *many))))
        if name not in many and len(given := values.getlist(name)) > 1:
            raise ArgumentError(Fault("given_twice", name, got=", ".join(given)))
