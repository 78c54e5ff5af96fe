"""The only client of the network: requests with patience, and what a server answers as a fault."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from detente.base import clock
from detente.base.errors import DataError, DetenteError, Fault
from detente.base.ownership import made_by
from detente.pull.secrets import Secrets

if TYPE_CHECKING:
    import ssl

    import httpx2

TRIES = 5
"""How often in a row a request may fail without anything having come."""

_LATER = frozenset({408, 425, 429, 500, 502, 503, 504})  # answers that another try may change
_LONGEST_WAIT = 60.0  # seconds
_MOST_JSON = 200_000_000  # bytes of one answer
_LONGEST_LINE = 100_000  # bytes of a list of files
_SHOWN = 60  # characters of an answer that is none
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class CutError(Exception):
    """An answer ended, or never came; the same request may go on from where it ended."""


class RefusedError(Exception):
    """A server will not answer who asks, with the number of the status."""

    def __init__(self, status: int) -> None:
        self.status = status
        super().__init__(status)


@dataclass(frozen=True)
class Reply:
    """What a server says before it sends anything.

    Attributes
    ----------
    status : int
    headers : mapping of str to str
        By their names in small letters.
    """

    status: int
    headers: Mapping[str, str]


@dataclass
class Client:
    """One connection to a source.

    Parameters
    ----------
    page : str
        Where a person reads about the source, for hints.
    secrets : Secrets
        Values that no message may repeat.
    seconds : float
        How long to wait for the next bytes.
    wait : callable
        Takes the seconds to wait before another try.
    """

    page: str
    secrets: Secrets = field(default_factory=Secrets)
    seconds: float = 60.0
    wait: Callable[[float], None] = clock.wait
    _opened: httpx2.Client | None = field(default=None, init=False, repr=False)

    def __enter__(self) -> Self:
        """Open it.

        Raises
        ------
        DetenteError
            If the library for it is not installed.
        """
        try:
            import httpx2
        except ImportError:
            raise DetenteError(Fault("not_installed", "httpx2", hint="install_pull")) from None
        name = made_by().replace(" ", "/")
        limits = httpx2.Timeout(self.seconds, connect=min(self.seconds, 15.0))
        self._opened = httpx2.Client(timeout=limits, headers={"User-Agent": name}, verify=_trusted())
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def json(
        self,
        address: str,
        *,
        query: Mapping[str, str | int] | None = None,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """Return what an interface answers, as plain values; a form is posted.

        Raises
        ------
        RefusedError
            If the server wants other credentials.
        DataError
            If it cannot be reached, or answers with something else.
        """
        for turn in self._tries(address):
            with turn, self._answer(address, query=query, form=form, headers=headers) as answer:
                content = bytearray()
                for piece in _pieces(answer, raw=False):
                    content += piece
                    if len(content) > _MOST_JSON:
                        raise self._strange(address, f"{len(content):,} bytes")
                try:
                    return json.loads(bytes(content))
                except (ValueError, RecursionError):
                    self._check_page(address, bytes(content[:512]), answer)
                    raise self._strange(address, self._beginning(content)) from None
        raise RuntimeError(address)  # the last try raises

    def lines(self, address: str) -> Iterator[str]:
        """Yield the lines of a text; what was yielded is not yielded again when a try fails.

        Raises
        ------
        RefusedError, DataError
        """
        done = 0
        for turn in self._tries(address):
            with turn, self._answer(address) as answer:
                for number, line in enumerate(self._lines_of(address, answer)):
                    if number >= done:
                        done += 1
                        turn.progress()
                        yield line
                return

    @contextmanager
    def pieces(
        self, address: str, *, start: int = 0, validator: str | None = None
    ) -> Iterator[tuple[Reply, Iterator[bytes]]]:
        """Give the answer for a file from a byte on, and its pieces; one try, without credentials.

        Raises
        ------
        CutError
            If it cannot be reached or ends early, and another try may help.
        RefusedError, DataError
        """
        asked = {"Accept-Encoding": "identity"}
        if start:
            asked["Range"] = f"bytes={start}-"
            if validator:
                asked["If-Range"] = validator
        with self._answer(address, headers=asked, follow=True) as answer:
            yield Reply(answer.status_code, dict(answer.headers)), _pieces(answer, raw=True)

    def tries(self, address: str) -> Iterator[Turn]:
        """Yield tries for something at an address until one succeeds; see `Turn`."""
        return self._tries(address)

    def _tries(self, address: str) -> Iterator[Turn]:
        failed = 0
        while True:
            turn = Turn()
            yield turn
            if turn.done:
                return
            failed = 1 if turn.moved else failed + 1
            if failed >= TRIES:
                raise self._given_up(address, turn)
            self.wait(min(turn.after if turn.after is not None else 2.0 ** (failed - 1), _LONGEST_WAIT))

    @contextmanager
    def _answer(
        self,
        address: str,
        *,
        query: Mapping[str, str | int] | None = None,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        follow: bool = False,
    ) -> Iterator[httpx2.Response]:
        """Give an answer that says it is one; a redirect is followed only where nothing secret is sent along."""
        import httpx2

        parts = urlsplit(address)
        private = form is not None or (headers is not None and not follow)
        if private and parts.scheme != "https" and parts.hostname not in _LOOPBACK:
            raise DataError(Fault("not_encrypted", "address", got=address))
        if self._opened is None:
            raise RuntimeError
        try:
            request = self._opened.build_request(
                "GET" if form is None else "POST",
                address,
                params=dict(query) if query else None,
                data=dict(form) if form else None,
                headers=dict(headers or {}),
            )
            answer = self._opened.send(request, stream=True, follow_redirects=not private)
        except (httpx2.InvalidURL, httpx2.UnsupportedProtocol) as error:
            raise DataError(Fault("unreachable", "address", got=address, reason=str(error))) from None
        except httpx2.TransportError as error:
            raise CutError(_reason(error)) from None
        except httpx2.HTTPError as error:
            raise self._strange(address, _reason(error)) from None
        try:
            if (
                parts.scheme == "https" != answer.url.scheme
            ):  # on the way another file could be put in its place
                raise DataError(Fault("led_to_plain", "address", got=str(answer.url), where=address))
            self._judge(address, answer)
            yield answer
        except httpx2.TransportError as error:
            raise CutError(_reason(error)) from None
        except httpx2.HTTPError as error:
            raise self._strange(address, _reason(error)) from None
        finally:
            answer.close()

    def _judge(self, address: str, answer: httpx2.Response) -> None:
        status = answer.status_code
        if status in _LATER:
            raise _LaterError(status, _seconds(answer.headers.get("Retry-After")))
        if status in (401, 403):
            raise RefusedError(status)
        if status in (404, 410):
            raise DataError(Fault("no_file_there", address, status=status, hint="see_page", page=self.page))
        if status not in (200, 206, 416):
            raise self._strange(address, f"HTTP {status}")

    def _check_page(self, address: str, head: bytes, answer: httpx2.Response) -> None:
        if is_web_page(head, answer.headers.get("Content-Type", "")):
            raise DataError(Fault("web_page", address, hint="see_page", page=self.page))

    def _lines_of(self, address: str, answer: httpx2.Response) -> Iterator[str]:
        rest = b""
        for number, piece in enumerate(_pieces(answer, raw=False)):
            if not number:
                self._check_page(address, piece[:512], answer)
            *lines, rest = (rest + piece).split(b"\n")
            if len(rest) > _LONGEST_LINE:
                raise self._strange(address, self._beginning(rest))
            yield from (line.decode("utf-8", "replace").rstrip("\r") for line in lines)
        if rest:
            yield rest.decode("utf-8", "replace")

    def _beginning(self, content: bytes | bytearray) -> str:
        """Return how an answer begins; secrets in it are hidden before it is cut, so that no half of one is left."""
        text = self.secrets.hidden(bytes(content[:_LONGEST_LINE]).decode("utf-8", "replace"))
        return text[:_SHOWN] or "0 bytes"

    def _strange(self, address: str, reason: str) -> DataError:
        shown = self.secrets.hidden(reason)
        return DataError(Fault("other_answer", address, reason=shown, hint="see_page", page=self.page))

    def _given_up(self, address: str, turn: Turn) -> DataError:
        if turn.status is not None:
            return DataError(
                Fault("not_now", address, status=turn.status, tries=TRIES, hint="what_came_is_kept")
            )
        reason = self.secrets.hidden(turn.reason)
        return DataError(Fault("unreachable", address, reason=reason, hint="what_came_is_kept"))


@cache
def _trusted() -> ssl.SSLContext:
    """Return whom this machine trusts; reading that takes a moment."""
    import httpx2

    return httpx2.create_ssl_context()


class _LaterError(CutError):
    """A server asks to come again."""

    def __init__(self, status: int, after: float | None) -> None:
        self.status, self.after = status, after
        super().__init__(f"HTTP {status}")


class Turn:
    """One try: what is done inside it may end in a `CutError`, and then another one follows.

    Attributes
    ----------
    done : bool
        Whether nothing was cut.
    moved : bool
        Whether something came, so that patience begins anew.
    reason : str
        Why it was cut.
    """

    def __init__(self) -> None:
        self.done = self.moved = False
        self.reason = ""
        self.status: int | None = None
        self.after: float | None = None

    def progress(self) -> None:
        """Note that something came."""
        self.moved = True

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> bool:
        """Take a cut note down; let everything else through."""
        if isinstance(error, _LaterError):
            self.status, self.after = error.status, error.after
        if isinstance(error, CutError):
            self.reason = str(error)
            return True
        self.done = True
        return False


def is_web_page(head: bytes, kind: str = "") -> bool:
    """Return whether an answer is a page for people, such as a login, where data were asked for.

    Examples
    --------
    >>> is_web_page(b" <!DOCTYPE html><p>Log in"), is_web_page(b"date,source")
    (True, False)
    """
    start = head.lstrip()[:15].lower()
    return start.startswith((b"<!doctype html", b"<html")) or kind.lower().startswith("text/html")


def _pieces(answer: httpx2.Response, *, raw: bool) -> Iterator[bytes]:
    return answer.iter_raw(1 << 16) if raw else answer.iter_bytes(1 << 16)


def _seconds(value: str | None) -> float | None:
    return float(value) if value is not None and value.strip().isdecimal() else None


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__
