"""Errors of the web interface, the status of every error, and errors as problem details (RFC 9457)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from detente.base.errors import DetenteError, Fault, FitError, OutputError
from detente.base.spelling import suggest
from detente.report.languages.faults import problem_said

PROBLEM = "application/problem+json"


class WebError(DetenteError):
    """A request that the interface itself refuses, with the status that says so."""

    kind = "web"
    status: ClassVar[int] = 400


class NothingHereError(WebError):
    """No page, case or picture has this address."""

    status = 404


class WrongMethodError(WebError):
    """A request of a kind that this address does not take."""

    status = 405


class ForeignError(WebError):
    """A request that another site sent, or that came for another host."""

    status = 403


class ForgedError(WebError):
    """A form that was not made for the visitor who sends it."""

    status = 403


class NotLoggedInError(WebError):
    """A request without the log-in that this server asks for."""

    status = 401


class UnmeasuredError(WebError):
    """A body that does not say how long it is."""

    status = 411


class TooLongError(WebError):
    """A request with a body that is too long, or where none is taken; or an upload that finds no place."""

    status = 413


class TooManyError(WebError):
    """One visitor asks for too much at once."""

    status = 429


class FullQueueError(WebError):
    """All workers are busy and the queue is full."""

    status = 503


class CostlyError(WebError):
    """Work that takes long: a page says how long, and its reader starts it.

    Parameters
    ----------
    job : str
        The name that the job will have.
    seconds : float
        An estimate.
    days : int
        Simulated days.
    """

    status = 200

    def __init__(self, job: str, seconds: float, days: int) -> None:
        super().__init__(Fault("not_started", "job"))
        self.job, self.seconds, self.days = job, seconds, days


def status_of(error: DetenteError) -> int:
    """Return the HTTP status of an error.

    Examples
    --------
    >>> status_of(DetenteError()), status_of(FitError()), status_of(NothingHereError())
    (400, 422, 404)
    """
    if isinstance(error, WebError):
        return error.status
    if isinstance(error, FitError):
        return 422
    return 500 if isinstance(error, OutputError) else 400


def problem_of(error: DetenteError) -> dict[str, Any]:
    """Return an error as problem details: its first fault, and all of them under ``faults``.

    What a program reads is the same in every language; ``title`` and ``detail`` are in that of the address.

    Examples
    --------
    >>> problem = problem_of(unknown("case", "x", ["a", "b"]))
    >>> problem["status"], problem["code"], problem["field"], problem["got"]
    (404, 'not_one_of', 'case', 'x')
    """
    faults = [_fault(fault) for fault in error.faults]
    head = {
        "type": f"urn:detente:error:{error.kind.replace(' ', '-')}",
        "status": status_of(error),
        **problem_said(error),
    }
    first = {name: value for fault in faults[:1] for name, value in fault.items() if name != "message"}
    return head | first | {"faults": faults}


def _fault(fault: Fault) -> dict[str, Any]:
    plain = fault.to_dict()
    return {"try" if name == "hint" else name: value for name, value in plain.items()}


def unknown(what: str, got: str, choices: Iterable[str]) -> NothingHereError:
    """Return the error of an address with a name that nothing has."""
    names = tuple(choices)
    if not names:
        return NothingHereError(Fault("missing_file", what, got=got))
    return NothingHereError(
        Fault("not_one_of", what, got=got, choices=names, **suggest(got, names, known=False))
    )


def way_back(path: str, error: DetenteError, *, asked: bool = False) -> str | None:
    """Return the address of the form, or of the page, from which a reader can try again; None if there is none.

    Parameters
    ----------
    path : str
        The address that was refused, without its language and its query.
    error : DetenteError
    asked : bool
        Whether the address had a query, so that it is a page of its own without it.

    Examples
    --------
    >>> way_back("/new/0f/draft", DetenteError(), asked=True), way_back("/new", DetenteError())
    ('/new/0f', '/new')
    >>> (
    ...     way_back("/case/mine/timeline", DetenteError(), asked=True),
    ...     way_back("/case/mine/map", DetenteError()),
    ... )
    ('/case/mine/timeline', '/case/mine')
    >>> way_back("/case/x/ask", unknown("case", "x", ["a"])), way_back("/nowhere", DetenteError())
    (None, None)
    """
    first, *rest = path.strip("/").split("/")
    missing = error.faults[0].field if error.faults and isinstance(error, NothingHereError) else ""
    if first == "login":
        return "/login"
    if first in ("new", "world"):
        inside = rest and missing not in ("upload", "case") and (len(rest) > 1 or asked)
        return f"/{first}/{rest[0]}" if inside else f"/{first}"
    if first == "case" and rest and missing != "case":
        return path if asked else f"/case/{rest[0]}" if len(rest) > 1 else None
    return None
