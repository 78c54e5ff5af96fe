"""Who reads a text: the user of the command line, or a visitor of a server, who has neither its files nor its shell."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_visitor: ContextVar[bool] = ContextVar("visitor", default=False)


@contextmanager
def for_visitors() -> Iterator[None]:
    """Write for visitors of a server as long as the context lasts.

    Files are named without their folders, and what only the command line does is said to be its.

    Examples
    --------
    >>> with for_visitors():
    ...     visitor_reads()
    True
    >>> visitor_reads()
    False
    """
    token = _visitor.set(True)
    try:
        yield
    finally:
        _visitor.reset(token)


def visitor_reads() -> bool:
    """Whether a visitor of a server reads what is written now."""
    return _visitor.get()
