"""Photograph the article in three languages and some pages of the web interface into docs/img; run by `make docs`.

Without Chromium, or without letters for Chinese, it says so and leaves the pictures as they are.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

IMAGES = Path(__file__).resolve().parent / "img"
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
PAGES = {
    "web-ask": "/case/us-iran/ask?"
    + urllib.parse.urlencode({"q": "IRN,proxies->USA ASSAULT deaths>=1 within 90d"}),
    "web-levers": "/case/us-iran/levers?" + urllib.parse.urlencode({"lever": "relief:USA=0.33@30"}),
    "web-timeline": "/case/us-iran/timeline",
    "web-claims": "/case/us-iran/claims",
    "web-door": "/case/us-iran/door",
    "web-new": "/new",
}
"""Each picture with the address that it shows."""


def photograph(browser: str, address: str, out: Path, height: int) -> None:
    """Save what a window of 1,100 pixels width shows of a page that asks no other host."""
    sandbox = ["--no-sandbox"] if os.name == "posix" and os.geteuid() == 0 else []
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(
            [
                *(browser, "--headless", "--disable-gpu", "--hide-scrollbars", *sandbox),
                *("--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", f"--user-data-dir={profile}"),
                *(
                    f"--window-size=1100,{height}",
                    "--virtual-time-budget=8000",
                    f"--screenshot={out}",
                    address,
                ),
            ],
            check=True,
            capture_output=True,
            timeout=180,
        )


def article_pictures(browser: str) -> None:
    """Photograph the article of the embedded essay in each language."""
    import detente

    with tempfile.TemporaryDirectory() as folder:
        detente.write_article(detente.article("us-iran"), folder)
        for page, tag in (("index", "en"), ("zh-hans", "zh-hans"), ("zh-hant", "zh-hant")):
            photograph(browser, (Path(folder) / f"{page}.html").as_uri(), IMAGES / f"article-{tag}.png", 1150)


def web_pictures(browser: str) -> None:
    """Photograph pages that a server of this machine shows, once their work is done."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen([sys.executable, "-m", "detente", "serve", "us-iran", "--port", str(port)])
    try:
        for name, address in PAGES.items():
            wait_for(f"http://127.0.0.1:{port}{address}")
            photograph(browser, f"http://127.0.0.1:{port}{address}", IMAGES / f"{name}.png", 1150)
    finally:
        server.terminate()
        server.wait(30)


def wait_for(address: str, seconds: int = 180) -> None:
    """Wait until an address answers with its page and not with how far its work is."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(address, timeout=30) as answer:  # noqa: S310 - this machine
                if answer.status == 200:
                    return
        except urllib.error.URLError:
            pass
        time.sleep(0.5)
    raise SystemExit(f"{address} did not answer within {seconds} s")


def main() -> None:
    """Make every picture, or say what is missing for them."""
    browser = next(filter(None, map(shutil.which, NAMES)), None)
    fonts = shutil.which("fc-list")
    if (
        not browser
        or not fonts
        or "CJK" not in subprocess.run([fonts], capture_output=True, text=True, check=True).stdout
    ):
        sys.stdout.write(
            "no screenshots: they need chromium and a font for Chinese (Debian: chromium, fonts-noto-cjk)\n"
        )
        return
    article_pictures(browser)
    web_pictures(browser)


if __name__ == "__main__":
    main()
