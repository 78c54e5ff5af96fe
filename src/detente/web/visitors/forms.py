"""Forms that post: read within limits, and only if they were made for the visitor who sends them."""

from __future__ import annotations

from typing import Any

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request

from detente.base.errors import ArgumentError, Fault
from detente.web.refusals import ForgedError
from detente.web.visitors.visitor import Passes, visitor_now

TOKEN = "token"  # noqa: S105 - the name of the field
_FIELDS, _FILES, _FIELD_BYTES = 40, 10, 2_100_000


async def form_of(request: Request, passes: Passes) -> FormData:
    """Read the form of a request.

    Raises
    ------
    ForgedError
        If its token is not that of the visitor.
    ArgumentError
        If it cannot be read.
    """
    try:
        form = await request.form(max_files=_FILES, max_fields=_FIELDS, max_part_size=_FIELD_BYTES)
        for pair in form.multi_items():
            for text in pair:  # who sends a form names its encoding, and some hold what is no text
                text.encode() if isinstance(text, str) else (text.filename or "").encode()
    except HTTPException as error:
        raise ArgumentError(Fault("form_unreadable", "form", got=str(error.detail))) from None
    except UnicodeError:
        raise ArgumentError(Fault("form_unreadable", "form", got="no UTF-8")) from None
    if not passes.holds(visitor_now(), field_in(form, TOKEN)):
        await form.close()
        raise ForgedError(Fault("token", "form", hint="open_form_again"))
    return form


def field_in(form: FormData, name: str, default: str = "") -> str:
    """Return a field of a form as text; a file in its place is none.

    Examples
    --------
    >>> field_in(FormData([("name", " mine ")]), "name")
    'mine'
    """
    value: Any = form.get(name, default)
    return value.strip() if isinstance(value, str) else default
