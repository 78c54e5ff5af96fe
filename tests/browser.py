"""A real browser, if there is one, that reaches no host but this machine."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

BROWSER = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None
)
NEEDS = "NOT CHECKED IN A BROWSER: no chromium found; install one (apt-get install chromium) to check the page for real"

MEASURE = """<script>
const outside = [...document.querySelectorAll("body *")].filter(
  e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest(".scroll > *, .top nav > *"));
parent.postMessage(`width ${innerWidth} page ${document.documentElement.scrollWidth} outside ${outside.length} `
  + (outside.length ? outside[0].outerHTML.slice(0, 80) : ""), "*");
</script>"""
# A window may refuse to be narrow; a frame has the width it is given.
FRAME = """<!DOCTYPE html><title>nothing heard</title>
<script>addEventListener("message", event => { document.title = event.data; });</script>
<iframe src="probe.html" width="%d" height="3000" style="border: 0"></iframe>"""


def browse(
    page: Path | str, profile: Path, *flags: str, width: int = 1200
) -> subprocess.CompletedProcess[str]:
    sandbox = ["--no-sandbox"] if os.name == "posix" and os.geteuid() == 0 else []
    return subprocess.run(
        [
            *(str(BROWSER), "--headless", "--disable-gpu", "--hide-scrollbars", *sandbox),
            # no host can be found, so that a page that needs one fails here
            *("--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", f"--user-data-dir={profile}"),
            *("--enable-logging=stderr", "--v=0", f"--window-size={width},2000", *flags),
            page if isinstance(page, str) else page.as_uri(),
        ],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
