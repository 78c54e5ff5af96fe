"""Fifty readers at once: how long a page takes that has been asked for before, and what memory the server grows to.

``.venv/bin/python benchmarks/web_load.py [SECONDS] [CLIENTS]`` starts a server of its own on a free port, asks for
every page once, and then lets each client, with a pass of its own, ask for one page a second. It prints how long
the answers took, and the memory before and after. Other work on the machine makes them longer: the load is printed too.
"""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

CASE = "/case/us-iran"
PAGES = (
    "/",
    CASE,
    f"{CASE}/ask?q=IRN-%3EUSA+force+within+90d",
    f"{CASE}/claims",
    f"{CASE}/levers?lever=relief%3D0.33@30",
    f"{CASE}/timeline",
    f"{CASE}/futures",
    f"{CASE}/mediators",
    f"{CASE}/method",
    "/new",
)
WAIT = 600.0


def main() -> None:
    seconds, clients = (int(text) for text in (*sys.argv[1:], *("60", "50")[len(sys.argv) - 1 :]))
    with tempfile.TemporaryDirectory() as folder:
        server, port = start(Path(folder))
        try:
            sizes = {page: warm(port, page) for page in PAGES}
            before = memory(server.pid)
            print(f"load {os.getloadavg()[0]:.1f}; bytes of the pages: {json.dumps(sizes)}")
            took, refused = asyncio.run(read(port, seconds, clients))
            after = memory(server.pid)
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(30)
    cut = statistics.quantiles(took, n=100)
    print(
        f"{len(took)} answers to {clients} clients in {seconds} s; {refused} refused; load {os.getloadavg()[0]:.1f}"
    )
    shown = {"median": cut[49], "p95": cut[94], "p99": cut[98], "most": max(took)}
    print(", ".join(f"{name} {1000 * value:.0f} ms" for name, value in shown.items()))
    print(f"memory {before} MB before, {after} MB after")


def start(folder: Path) -> tuple[subprocess.Popen[str], int]:
    """Start a server that keeps its results in a folder, and return its port."""
    command = [sys.executable, "-m", "detente", "serve", "us-iran", "--port", "0", "--cache", str(folder)]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    told = re.search(r":(\d+)/", server.stdout.readline() if server.stdout else "")
    if told is None:
        sys.exit("the server did not start")
    return server, int(told[1])


def warm(port: int, page: str) -> int:
    """Ask for a page until its work is done; return its bytes."""
    end = time.monotonic() + WAIT
    while time.monotonic() < end:
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
            connection.request("GET", page)
            answer = connection.getresponse()
            body = answer.read()
        if answer.status == 200:
            return len(body)
        if answer.status != 202:
            sys.exit(f"{page}: {answer.status}")
        time.sleep(0.5)
    sys.exit(f"{page} never ends")


async def read(port: int, seconds: int, clients: int) -> tuple[list[float], int]:
    """Let clients ask for one page a second each; return what each answer took, and how many were refused."""
    took: list[float] = []
    refused = 0

    async def client(number: int) -> None:
        nonlocal refused
        await asyncio.sleep(number / clients)
        cookie, begin = "", time.monotonic()
        for step in range(seconds):
            await asyncio.sleep(max(0.0, begin + step - time.monotonic()))
            page, asked = PAGES[(number + step) % len(PAGES)], time.monotonic()
            status, cookie = await ask(port, page, cookie)
            took.append(time.monotonic() - asked)
            refused += status != 200

    await asyncio.gather(*(client(number) for number in range(clients)))
    return took, refused


async def ask(port: int, page: str, cookie: str) -> tuple[int, str]:
    """Ask for one page on a connection of its own, and return its status and the pass's cookie."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 24)
    lines = [f"GET {page} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Connection: close"]
    lines += [f"Cookie: {cookie}"] if cookie else []
    writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
    await writer.drain()
    whole = await reader.read()
    writer.close()
    head = whole.partition(b"\r\n\r\n")[0].decode("latin-1")
    given = re.search(r"set-cookie: ([^;]+)", head, re.IGNORECASE)
    return int(head.split(" ", 2)[1]), given[1] if given else cookie


def memory(process: int) -> int:
    """Return the megabytes that a process holds; 0 where the system does not say."""
    try:
        text = Path(f"/proc/{process}/status").read_text("ascii")
    except OSError:
        return 0
    found = re.search(r"VmRSS:\s+(\d+) kB", text)
    return int(found[1]) // 1000 if found else 0


if __name__ == "__main__":
    main()
