"""Every page of the web interface in a real browser: three widths, light and dark, keyboard, axe, no other host, A4.

axe-core is not part of the project: ``AXE`` names its ``axe.min.js`` (``npm pack axe-core``). Without it that part is
left out, and a test says so. A few pages are looked at in Chinese by ``make test``, all of them by ``make slow``.
"""

from __future__ import annotations

import http.client
import os
import random
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from browser import BROWSER, NEEDS
from devtools import WORK, Tab

pytestmark = pytest.mark.skipif(BROWSER is None, reason=NEEDS)

PAGES = {
    "home": "",
    "case": "case/us-iran",
    "ask": "case/us-iran/ask",
    "asked": "case/us-iran/ask?q=IRN-%3EUSA+force+within+90d&futures=100",
    "asked-many": "case/us-iran/ask?q=how+many+IRN-%3EUSA+force+within+12m&futures=100",
    "asked-when": "case/us-iran/ask?q=when+USA%3C-%3EIRN+talks+within+24m&futures=100",
    "claims": "case/us-iran/claims?futures=100",
    "levers": "case/us-iran/levers",
    "levers-pulled": "case/us-iran/levers?lever=relief:USA%3D0.5@30&futures=100",
    "timeline": "case/us-iran/timeline?futures=100",
    "futures": "case/us-iran/futures?futures=100&story=typical",
    "bargain": "case/us-iran/bargain",
    "door": "case/us-iran/door",
    "mediators": "case/us-iran/mediators",
    "analogues": "case/us-iran/analogues",
    "compare": "case/us-iran/compare",
    "checks": "case/us-iran/checks",
    "method": "case/us-iran/method",
    "new": "new",
    "world": "world",
    # The last one, since it takes minutes, and the server does such work one after the other.
    "compared": "case/us-iran/compare?other=maximum-pressure&futures=100",
}
AT_ONCE = ("case", "ask", "levers", "compare", "method", "new", "world")
FEW_IN_CHINESE = random.Random(67).sample(AT_ONCE, 2)  # noqa: S311 - the same ones every time
COMPARED = 1200.0  # seconds that two arguments' forecasts of every past quarter may take
every_page = pytest.mark.parametrize("page", PAGES)
TABBABLE = """[...document.querySelectorAll(
  "a[href], button, input:not([type=hidden]), select, summary, [tabindex='0']")]
  .filter(e => e.checkVisibility({visibilityProperty: true}) && !e.disabled)"""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    command = [sys.executable, "-m", "detente", "serve", "us-iran", "--port", "0"]
    # nobody reads what it logs, and a pipe that nobody reads holds it up when it is full
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        try:
            assert server.stdout is not None
            assert select.select([server.stdout], [], [], WORK)[0], "the server does not start"
            told = re.search(r"http://127\.0\.0\.1:\d+/", server.stdout.readline())
            assert told
            yield told[0]
            server.send_signal(signal.SIGINT)
            server.wait(20)
        finally:
            server.kill()


@pytest.fixture(scope="module")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    opened = Tab(tmp_path_factory.mktemp("profile"))
    yield opened
    opened.close()


def opened(tab: Tab, address: str, page: str, language: str = "") -> None:
    """Open a page; what takes minutes is begun by a program, which is not asked first whether it is meant."""
    ends = time.monotonic() + COMPARED
    while page == "compared":
        with closing(http.client.HTTPConnection(address.split("/")[2], timeout=60)) as program:
            program.request("GET", f"/api/v1/{PAGES[page].replace('case/', 'cases/')}")
            status = program.getresponse().status
        if status == 200:
            break
        assert status == 202
        assert time.monotonic() < ends, f"{page} is not there after {COMPARED:.0f} s"
        time.sleep(2)
    tab.open(address + language + PAGES[page])


@pytest.mark.slow
@every_page
@pytest.mark.parametrize("width", [360, 768, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_fits_and_complains_of_nothing(
    tab: Tab, address: str, page: str, width: int, scheme: str
) -> None:
    tab.look(width, scheme)
    opened(tab, address, page)
    fits_and_complains_of_nothing(tab, address, width)


@pytest.mark.parametrize(
    "page", [pytest.param(page, marks=() if page in FEW_IN_CHINESE else pytest.mark.slow) for page in PAGES]
)
@pytest.mark.parametrize(
    ("language", "width", "scheme"),
    [("zh-hans", 360, "light"), pytest.param("zh-hant", 1440, "dark", marks=pytest.mark.slow)],
)
def test_a_page_in_chinese_fits_and_complains_of_nothing(
    tab: Tab, address: str, page: str, language: str, width: int, scheme: str
) -> None:
    tab.look(width, scheme)
    opened(tab, address, page, f"{language}/")
    assert tab.value("document.documentElement.lang.toLowerCase()") == language
    fits_and_complains_of_nothing(tab, address, width)


def fits_and_complains_of_nothing(tab: Tab, address: str, width: int) -> None:
    assert tab.complaints() == []
    assert [url for url in tab.requests() if not url.startswith((address, "data:"))] == []
    assert tab.value("document.documentElement.scrollWidth") <= width
    if axe := os.environ.get("AXE"):
        # evaluated beside the page, so that the page's policy need not let it in
        tab.value(Path(axe).read_text("utf-8") + "; 0")
        tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
        found = tab.value(
            f"axe.run(document, {{runOnly: {tags}}}).then(told => told.violations.map(v => v.id + ': ' + "
            "v.nodes.length + ' x ' + v.nodes[0].target + ' ' + v.nodes[0].failureSummary))"
        )
        assert found == []


@pytest.mark.slow
def test_axe_is_here() -> None:
    if not os.environ.get("AXE"):
        pytest.skip("NOT CHECKED BY AXE: set AXE to the path of axe.min.js (npm pack axe-core)")


@pytest.mark.slow
@every_page
def test_the_keyboard_reaches_everything(tab: Tab, address: str, page: str) -> None:
    tab.look(1440, "light")
    opened(tab, address, page)
    wanted = min(tab.value(f"{TABBABLE}.length"), 60)
    dates = tab.value(f"{TABBABLE}.filter(e => e.type === 'date').length")
    tab.value("window.reached = new Set(); 0")
    for step in range(wanted + 3 * dates):  # a date has four stops: day, month, year and its calendar
        tab.press("Tab", 9)
        outline = tab.value(
            "(() => { const e = document.activeElement; reached.add(e); "
            "return e === document.body ? 'nothing' : getComputedStyle(e).outlineStyle; })()"
        )
        if outline == "nothing":  # past the last one
            break
        assert outline != "none", (step, tab.value("document.activeElement.outerHTML.slice(0, 200)"))
    first = f"{TABBABLE}.slice(0, {wanted}).filter(e => !reached.has(e)).map(e => e.outerHTML.slice(0, 120))"
    assert tab.value(first) == []


@pytest.mark.slow
@every_page
def test_a_page_prints_on_a4(tab: Tab, address: str, page: str) -> None:
    tab.look(1440, "light")
    opened(tab, address, page)
    tab.send("Emulation.setEmulatedMedia", media="")
    paper = tab.printed()
    boxes = re.findall(rb"/MediaBox ?\[0 0 ([\d.]+) ([\d.]+)\]", paper)
    assert boxes
    for wide, high in boxes:
        assert sorted((round(float(wide)), round(float(high)))) in ([595, 842], [595, 841], [594, 841])


@pytest.mark.slow
def test_sliders_change_the_answer_and_the_address_and_no_number(tab: Tab, address: str) -> None:
    tab.look(1440, "light")
    tab.open(f"{address}case/us-iran/levers?futures=100")
    tab.value(
        "(() => { const s = document.querySelector('[data-lever=relief] [data-slider]'); s.value = 0.5; "
        "s.dispatchEvent(new Event('input', {bubbles: true})); })()"
    )
    tab.wait("location.search.includes('relief')")
    tab.wait("document.querySelector('#result table')", WORK)
    moved = tab.value("document.querySelector('#result table').innerText")
    assert tab.value("new URLSearchParams(location.search).get('lever')") == "relief:USA=0.5@30"
    tab.open(tab.value("location.href"))
    assert tab.value("document.querySelector('#result table').innerText") == moved
    assert tab.complaints() == []


@pytest.mark.slow
def test_fields_write_the_line_and_a_line_sets_the_fields(tab: Tab, address: str) -> None:
    tab.look(1440, "light")
    tab.open(f"{address}case/us-iran/ask")
    tab.value(
        "(() => { const s = document.querySelector('[name=what]'); s.value = 'pressure'; "
        "s.dispatchEvent(new Event('input', {bubbles: true})); })()"
    )
    tab.wait("document.querySelector('#line').value === 'IRN->USA pressure within 90d'")
    tab.value(
        "(() => { const l = document.querySelector('#line'); l.value = 'how many USA->IRN force within 2y'; "
        "l.dispatchEvent(new Event('input', {bubbles: true})); })()"
    )
    tab.wait("document.querySelector('[name=how]').value === 'how many'")
    chosen = (
        "['source', 'what', 'within', 'unit'].map(n => document.querySelector(`[name=${n}]`).value).join(' ')"
    )
    assert tab.value(chosen) == "USA force 2 y"
    assert tab.complaints() == []
