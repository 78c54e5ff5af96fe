"""The page of a run in a real browser, if there is one."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

import worlds
from browser import BROWSER, FRAME, MEASURE, NEEDS, browse
from detente.lab import run
from detente.report.pages.report import write_report
from detente.report.write_run import write_run
from detente.studies.overview import report_on

pytestmark = pytest.mark.skipif(BROWSER is None, reason=NEEDS)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("page") / "out"
    write_run(run.run(worlds.essay_case(), futures=50), out)
    report = replace(
        report_on(worlds.essay_case(), futures=50), backtest=None
    )  # another test may have kept one
    write_report(report, out / "report.html")
    return out


def shape(page: str) -> int:
    """Return how many pictures a page holds: each in two shapes."""
    return {"index.html": 6, "report.html": 18}[page]


both = pytest.mark.parametrize("page", ["index.html", "report.html"])


@both
def test_the_page_opens_without_a_complaint(folder: Path, tmp_path: Path, page: str) -> None:
    done = browse(folder / page, tmp_path, "--dump-dom")
    assert "CONSOLE" not in done.stderr, done.stderr
    assert done.stdout.count("<svg") == shape(page)
    assert "How far to trust it" in done.stdout


def test_the_page_forbids_requests(folder: Path, tmp_path: Path) -> None:
    html = (folder / "index.html").read_text("utf-8")
    assert not re.search(r"(src|href|action)\s*=\s*[\"']?(https?:)?//", html)
    bad = folder / "bad.html"
    bad.write_text(
        html.replace("</body>", '<img src="https://example.org/x.png"><script>1</script></body>'), "utf-8"
    )
    told = browse(bad, tmp_path, "--dump-dom").stderr
    assert "CONSOLE" in told, (
        "the browser does not report what the page's policy forbids: this test sees nothing"
    )
    assert "Content Security Policy" in told


@both
@pytest.mark.parametrize("width", [360, 1200])
def test_nothing_sticks_out_of_the_page(folder: Path, tmp_path: Path, width: int, page: str) -> None:
    html = (folder / page).read_text("utf-8")
    free = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", html)
    (tmp_path / "probe.html").write_text(free.replace("</body>", f"{MEASURE}</body>"), "utf-8")
    frame = tmp_path / "frame.html"
    frame.write_text(FRAME % width, "utf-8")
    shown = browse(frame, tmp_path / "profile", "--dump-dom", "--virtual-time-budget=3000").stdout
    found = re.search(r"<title>width (\d+) page (\d+) outside (\d+) (.*)</title>", shown, re.DOTALL)
    assert found, shown[:300]
    assert (int(found[1]), int(found[2])) == (width, width)
    assert int(found[3]) == 0, found[4]


@both
def test_the_page_prints_on_a4(folder: Path, tmp_path: Path, page: str) -> None:
    printed = tmp_path / "page.pdf"
    browse(folder / page, tmp_path / "profile", f"--print-to-pdf={printed}", "--no-pdf-header-footer")
    pages = printed.read_bytes().count(b"/Type /Page\n") or printed.read_bytes().count(b"/MediaBox")
    assert 2 <= pages <= 16
