"""Connections that get on are served; those that do not are closed, on a real server of this process."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import uvicorn
from starlette.requests import Request
from starlette.responses import Response
from uvicorn.server import ServerState

from detente.web.timely import TimelyProtocol

LARGE = b"x" * 8_000_000  # more than the buffers of both ends hold
Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Hasty(TimelyProtocol):
    """Looks ten times a second."""

    look_seconds = 0.1
    least = 1000


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Answer after the body; at once where it is refused."""
    request = Request(scope, receive)
    if request.url.path == "/wait":
        await asyncio.sleep(0.5)
    if request.url.path != "/refused":
        await request.body()
    await Response(LARGE if request.url.path == "/large" else b"done")(scope, receive, send)


async def closed(talk: Talk, seconds: float = 1.0) -> bool:
    """Return whether the server closes a connection while a client talks."""
    config = uvicorn.Config(app, lifespan="off", log_level="critical", ws="none")
    state, loop = ServerState(), asyncio.get_running_loop()
    server = await loop.create_server(lambda: Hasty(config, state, {}), "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname(), limit=1000)
    talking = asyncio.ensure_future(talk(reader, writer))
    try:
        await asyncio.sleep(0.05)
        end = loop.time() + seconds
        while state.connections and loop.time() < end:
            await asyncio.sleep(0.02)
        return not state.connections
    finally:
        talking.cancel()
        writer.transport.abort()
        server.close()
        await asyncio.gather(talking, return_exceptions=True)


def dripping(begin: bytes, drop: bytes, seconds: float = 0.02) -> Talk:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(begin)
        while drop:
            writer.write(drop)
            await asyncio.sleep(seconds)

    return talk


GET, POST = (f"{method} {{}} HTTP/1.1\r\nhost: a\r\n" for method in ("GET", "POST"))


@pytest.mark.parametrize(
    "talk",
    [
        dripping(b"", b""),
        dripping(GET.format("/").encode(), b"x"),
        dripping(f"{GET.format('/')}\r\n{GET.format('/')}".encode(), b"x"),
        dripping(f"{POST.format('/')}content-length: 90000\r\n\r\n".encode(), b"x"),
        dripping(f"{POST.format('/refused')}content-length: 9000000\r\n\r\n".encode(), b"x"),
        dripping(f"{GET.format('/large')}\r\n".encode(), b""),
    ],
    ids=["silent", "head", "second head", "body", "refused body", "answer"],
)
def test_a_connection_that_does_not_get_on_is_closed(talk: Talk) -> None:
    assert asyncio.run(closed(talk))


@pytest.mark.parametrize(
    "talk",
    [
        dripping(f"{POST.format('/')}content-length: 9000000\r\n\r\n".encode(), b"x" * 500),
        dripping(f"{GET.format('/wait')}\r\n".encode(), b""),
    ],
    ids=["body", "long work"],
)
def test_a_connection_that_gets_on_stays(talk: Talk) -> None:
    assert not asyncio.run(closed(talk, 0.45))
