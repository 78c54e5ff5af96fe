"""A real browser that is driven over a pipe: what it logs and asks for, and what its pages hold."""

from __future__ import annotations

import base64
import json
import os
import select
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from browser import BROWSER

WORK = 240.0  # seconds that it may take
ANSWER = 60.0  # seconds within which a browser answers a command, whatever else it reports meanwhile


class Tab:
    """One page of a browser of its own; end it with `close`."""

    def __init__(self, profile: Path) -> None:
        self.events: list[dict[str, Any]] = []
        self._number, self._rest = 0, b""
        to_read, self._write = os.pipe()
        self._read, to_write = os.pipe()

        def wire() -> None:
            # through numbers that are surely free: one pipe may have the other's place
            first, second = os.dup(to_read), os.dup(to_write)
            os.dup2(first, 3)
            os.dup2(second, 4)

        sandbox = ["--no-sandbox"] if os.name == "posix" and os.geteuid() == 0 else []
        self._browser = subprocess.Popen(
            [
                *(str(BROWSER), "--headless", "--disable-gpu", "--disable-quic", "--no-first-run", *sandbox),
                *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
                *("--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", f"--user-data-dir={profile}"),
                *("--remote-debugging-pipe", "--hide-scrollbars", "about:blank"),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=(3, 4),
            preexec_fn=wire,  # noqa: PLW1509 - no thread runs yet that a fork could hold up
        )
        os.close(to_read)
        os.close(to_write)
        self._session = ""
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for part in ("Page", "Runtime", "Log", "Network"):
            self.send(f"{part}.enable")

    def close(self) -> None:
        """End the browser."""
        with suppress(OSError):
            os.close(self._write)
        self._browser.terminate()
        try:
            self._browser.wait(10)
        except subprocess.TimeoutExpired:
            self._browser.kill()
        os.close(self._read)

    def send(self, method: str, **params: Any) -> dict[str, Any]:
        """Send a command and return its result; what happens meanwhile goes to `events`."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        ends = time.monotonic() + ANSWER
        while True:
            got = self._next(ends, method)
            if got.get("id") == self._number:
                assert "error" not in got, got
                return got["result"]
            self.events.append(got)

    def _next(self, ends: float, method: str) -> dict[str, Any]:
        while b"\0" not in self._rest:
            left = ends - time.monotonic()
            assert left > 0, f"the browser does not answer {method}"
            assert select.select([self._read], [], [], left)[0], f"the browser does not answer {method}"
            more = os.read(self._read, 1 << 20)
            assert more, "the browser ended"
            self._rest += more
        text, _, self._rest = self._rest.partition(b"\0")
        return json.loads(text)

    def look(self, width: int, scheme: str) -> None:
        """Set the width of the page and whether the reader likes it dark."""
        self.send(
            "Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False
        )
        self.send("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def open(self, address: str) -> None:
        """Open a page and wait until it is there, its work done and its pictures drawn again."""
        self.events.clear()
        self.send("Page.navigate", url=address)
        self.wait("document.readyState === 'complete' && location.href !== 'about:blank'")
        self.wait("!document.querySelector('progress')", WORK)
        self.wait("!document.querySelector('[data-seen=drawing]')")

    def wait(self, condition: str, patience: float = 30.0) -> None:
        """Wait until a condition holds on the page."""
        ends = time.monotonic() + patience
        while time.monotonic() < ends:
            if self.value(f"!!({condition})"):  # an element by itself would come as an empty object
                return
            time.sleep(0.05)
        shown = self.value("(document.querySelector('#result') ?? document.body).innerText.slice(0, 300)")
        raise AssertionError(f"not so within {patience:.0f} s: {condition}; the page says: {shown}")

    def value(self, expression: str) -> Any:
        """Return what an expression is on the page; a promise is waited for."""
        told = self.send("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in told, told
        return told["result"].get("value")

    def press(self, key: str, code: int) -> None:
        """Press a key."""
        for kind in ("rawKeyDown", "keyUp"):
            self.send("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code)

    def complaints(self) -> list[str]:
        """Return what the page logged as an error since it was opened."""
        found = []
        for event in self.events:
            params = event.get("params", {})
            if event["method"] == "Runtime.exceptionThrown":
                found.append(str(params["exceptionDetails"])[:300])
            elif event["method"] == "Runtime.consoleAPICalled" and params["type"] in ("error", "warning"):
                found.append(str(params["args"])[:300])
            elif event["method"] == "Log.entryAdded" and params["entry"]["level"] in ("error", "warning"):
                found.append(f"{params['entry']['text']} {params['entry'].get('url', '')}"[:300])
        return found

    def requests(self) -> list[str]:
        """Return the addresses that the page asked for since it was opened."""
        sent = (e for e in self.events if e["method"] == "Network.requestWillBeSent")
        return [event["params"]["request"]["url"] for event in sent]

    def printed(self) -> bytes:
        """Return the page as a PDF on the paper that its style sheet names."""
        return base64.b64decode(self.send("Page.printToPDF", preferCSSPageSize=True)["data"])
