"""Connections that do nothing are closed: a request, its body and its answer must each get on."""

from __future__ import annotations

import asyncio
from typing import ClassVar

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle


class TimelyProtocol(H11Protocol):
    """HTTP as uvicorn speaks it, with a look at each connection now and then.

    uvicorn closes connections that are idle between two requests, and no others: who sends a byte a second, or
    reads no answer, would keep a place for ever. At two looks in a row a connection is found slow if it

    - waits for the head of the same request,
    - has sent less than `least` bytes of the same body,
    - has taken less than `least` bytes of what was sent to it.

    It is then closed without an answer, which nobody might read either.

    Attributes
    ----------
    look_seconds : float
        Between two looks; a slow connection is kept for as long once, and at most twice as long.
    least : int
        Bytes between two looks.
    """

    look_seconds: ClassVar[float] = 10.0
    least: ClassVar[int] = 10_000
    _look: asyncio.TimerHandle | None = None
    _came = 0  # bytes since the last look
    _seen: tuple[RequestResponseCycle | None, object, int] = (None, None, 0)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
        """Look at the connection from now on."""
        super().connection_made(transport)
        self._look_later()

    def data_received(self, data: bytes) -> None:
        """Count what comes."""
        self._came += len(data)
        super().data_received(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """Look no more."""
        if self._look is not None:
            self._look.cancel()
        super().connection_lost(exc)

    def _look_later(self) -> None:
        self._seen = self.cycle, self.conn.their_state, self.transport.get_write_buffer_size()
        self._came = 0
        self._look = self.loop.call_later(self.look_seconds, self._look_now)

    def _look_now(self) -> None:
        if self._is_slow():
            self.transport.abort()
        else:
            self._look_later()

    def _is_slow(self) -> bool:
        cycle, state, unread = self._seen
        if unread and self.transport.get_write_buffer_size() > unread - self.least:
            return True
        if cycle is not self.cycle or state is not self.conn.their_state:
            return False
        if (
            state is h11.SEND_BODY
        ):  # of an answered request too: an upload that was refused may still be on its way
            return self._came < self.least and not self.flow.read_paused
        return state is h11.IDLE
