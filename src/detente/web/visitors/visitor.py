"""A visitor: known again by a signed cookie, which holds a name drawn at random, the time, and if it is logged in."""

from __future__ import annotations

import re
import secrets
from contextvars import ContextVar
from dataclasses import dataclass, replace

from detente.base.clock import epoch
from detente.web.visitors.signing import Signer

DAYS = 7
"""How long a pass lasts, and the files of a visitor that is not seen."""
_DAY = 86_400
_LASTS = DAYS * _DAY
_COOKIE = re.compile(r"([0-9a-f]{32})\.(\d{1,12})\.([01])\.([0-9a-f]{64})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks.

    Attributes
    ----------
    name : str
        32 hexadecimal digits; for a request without a pass ``@`` and the address that it came from.
    since : int
        Seconds since 1970 at which the pass began.
    logged_in : bool
    """

    name: str
    since: int = 0
    logged_in: bool = False

    @property
    def has_pass(self) -> bool:
        """Whether it has a pass, so that it may send forms and keep files."""
        return not self.name.startswith("@")


NOBODY = Visitor("@")
_now: ContextVar[Visitor] = ContextVar("visitor", default=NOBODY)


def visitor_now() -> Visitor:
    """Return who sent the request that is being answered; work in the queue has none.

    Examples
    --------
    >>> visitor_now().has_pass
    False
    """
    return _now.get()


def set_visitor(visitor: Visitor) -> None:
    """Say who sent the request that this task answers."""
    _now.set(visitor)


@dataclass(frozen=True, slots=True)
class Passes:
    """What gives passes out, and knows them again.

    Attributes
    ----------
    signer : Signer
    secure : bool
        Whether browsers are to send the cookie over TLS only.

    Examples
    --------
    >>> passes = Passes(Signer(b"secret"))
    >>> visitor = passes.begun()
    >>> passes.read(passes.cookie_text(visitor)) == visitor
    True
    >>> passes.read(passes.cookie_text(visitor).replace(".0.", ".1.")) is None
    True
    """

    signer: Signer
    secure: bool = False

    @property
    def cookie(self) -> str:
        """The name of the cookie; browsers take one with this beginning only from this host and over TLS."""
        return "__Host-detente" if self.secure else "detente"

    def begun(self, *, logged_in: bool = False) -> Visitor:
        """Return a new visitor."""
        return Visitor(secrets.token_hex(16), int(epoch()), logged_in)

    def renewed(self, visitor: Visitor) -> Visitor | None:
        """Return a visitor whose cookie is over a day old with one of now; it lasts a week after the last visit.

        Examples
        --------
        >>> passes = Passes(Signer(b"secret"))
        >>> passes.renewed(passes.begun()) is None
        True
        >>> passes.renewed(Visitor("a" * 32, since=0)).since > 0
        True
        """
        now = int(epoch())
        return replace(visitor, since=now) if now - visitor.since > _DAY else None

    def cookie_text(self, visitor: Visitor) -> str:
        """Return what the cookie holds."""
        text = f"{visitor.name}.{visitor.since}.{int(visitor.logged_in)}"
        return f"{text}.{self.signer.sign('pass', text)}"

    def set_cookie(self, visitor: Visitor | None) -> str:
        """Return the header that gives a visitor its cookie, or takes it away."""
        text = "" if visitor is None else self.cookie_text(visitor)
        lasts = 0 if visitor is None else _LASTS
        secure = "; Secure" if self.secure else ""
        return f"{self.cookie}={text}; Path=/; Max-Age={lasts}; HttpOnly; SameSite=Strict{secure}"

    def read(self, text: str) -> Visitor | None:
        """Return the visitor of a cookie; None if we did not sign it, or it is too old."""
        match = _COOKIE.fullmatch(text)
        if match is None or not self.signer.holds("pass", text.rpartition(".")[0], match[4]):
            return None
        visitor = Visitor(match[1], int(match[2]), match[3] == "1")
        return visitor if 0 <= epoch() - visitor.since + 60 < _LASTS + 60 else None

    def token(self, visitor: Visitor) -> str:
        """Return what every form of this visitor carries: another site cannot know it."""
        return self.signer.sign("form", visitor.name) if visitor.has_pass else ""

    def holds(self, visitor: Visitor, token: str) -> bool:
        """Return whether a form was made for this visitor."""
        return visitor.has_pass and self.signer.holds("form", visitor.name, token)
