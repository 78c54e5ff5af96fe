"""`detente serve` as a process of its own, asked by a real browser and by hand."""

from __future__ import annotations

import http.client
import io
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from browser import BROWSER, FRAME, MEASURE, NEEDS, browse
from command_line import detente
from detente.base.errors import ArgumentError, DetenteError
from detente.cli.serve import hosts_of, serve
from detente.web.visitors.password import make_password, read_password
from small_case import write_small_case

ASK = "case/small/ask?q=SWE-%3ENOR+force+within+60d"
PAGES = ("", ASK, "case/small/claims", "case/small/futures", "case/small/timeline", "case/small/levers")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    argument = write_small_case(tmp_path_factory.mktemp("serve"))
    command = [sys.executable, "-m", "detente", "serve", str(argument), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert server.stderr is not None
        told = re.search(r"http://127\.0\.0\.1:\d+/", server.stdout.readline())
        assert told, server.stderr.read()
        yield told[0]
        server.send_signal(signal.SIGINT)
        try:
            assert server.wait(10) == 130
        finally:
            server.kill()
        assert "Traceback" not in server.stderr.read()


def ask(address: str, path: str, method: str = "GET", **headers: str) -> tuple[int, bytes]:
    with closing(http.client.HTTPConnection(address.split("/")[2], timeout=60)) as connection:
        connection.request(method, f"/{path}", headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read()


def finished(address: str, path: str) -> str:
    """Return a page once its work is done."""
    for _ in range(100):
        status, body = ask(address, path)
        if status != 202:
            assert status == 200, body
            return body.decode()
    pytest.fail(f"{path} never ends")


@pytest.mark.skipif(BROWSER is None, reason=NEEDS)
def test_pages_open_without_a_complaint(address: str, tmp_path: Path) -> None:
    for page in ("", ASK):
        finished(address, page)
        done = browse(f"{address}{page}", tmp_path, "--dump-dom")
        assert "CONSOLE" not in done.stderr, done.stderr
        assert "<footer>" in done.stdout
    assert done.stdout.count("<svg") == 2


@pytest.mark.slow
@pytest.mark.skipif(BROWSER is None, reason=NEEDS)
def test_nothing_sticks_out_on_a_telephone(address: str, tmp_path: Path) -> None:
    """The policy forbids frames and scripts, so copies of the pages without it are measured."""
    for number, page in enumerate(PAGES):
        html = finished(address, page)
        sheet = re.search(r'href="/(static/look-\w+\.css)"', html)
        assert sheet
        css = ask(address, sheet[1])[1].decode()
        html = re.sub(r'<link rel="stylesheet"[^>]*>', f"<style>{css}</style>", html)
        (tmp_path / "probe.html").write_text(html.replace("</body>", f"{MEASURE}</body>"), "utf-8")
        frame = tmp_path / "frame.html"
        frame.write_text(FRAME % 360, "utf-8")
        shown = browse(frame, tmp_path / "profile", "--dump-dom", "--virtual-time-budget=3000").stdout
        found = re.search(r"<title>width (\d+) page (\d+) outside (\d+) (.*)</title>", shown, re.DOTALL)
        assert found, (number, page, shown[:300])
        assert (page, int(found[2]), int(found[3])) == (page, 360, 0), found[4]


def test_other_hosts_and_bodies_are_refused_on_the_wire(address: str) -> None:
    assert ask(address, "", Host="evil.example")[0] == 403
    assert ask(address, "", "POST")[0] == 405
    assert ask(address, "case/small/ask", **{"Content-Length": "99999999999"})[0] == 413
    assert ask(address, "", "HEAD") == (200, b"")
    assert ask(address, f"case/small/ask?q={'x' * 100_000}")[0] in (400, 414, 431)


def test_an_address_of_another_network_needs_a_password() -> None:
    for host in ("0.0.0.0", "192.168.0.7", "::", "example.org"):  # noqa: S104 - refused
        with pytest.raises(ArgumentError, match="password_file is required"):
            hosts_of(host, [], None)


def test_every_address_at_once_needs_a_name() -> None:
    password = make_password("a long password")
    with pytest.raises(ArgumentError, match="host needs a name"):
        hosts_of("0.0.0.0", [], password)  # noqa: S104 - refused
    assert hosts_of("0.0.0.0", ["Lab.example"], password) == ("127.0.0.1", "localhost", "lab.example")  # noqa: S104
    assert hosts_of("192.168.0.7", [], password)[-1] == "192.168.0.7"


def test_a_password_file_is_made_once_and_for_its_owner(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "password"
    for text, said in (
        ("short", "at least 12"),
        ("a long password", ""),
        ("a long password", "not exist yet"),
    ):
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{text}\n"))
        if said:
            with pytest.raises(DetenteError, match=said):
                serve(make_password_file=path)
        else:
            serve(make_password_file=path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert "a long password" not in path.read_text("utf-8")
    assert read_password(path).fits("a long password")
    path.chmod(0o640)
    with pytest.raises(ArgumentError, match="readable by its owner alone"):
        read_password(path)
    path.chmod(0o600)
    path.write_text('{"scrypt": {"n": 2}}', "utf-8")
    with pytest.raises(ArgumentError, match="made with make_password_file"):
        read_password(path)


@pytest.mark.slow
def test_a_server_that_was_killed_finds_its_results_again(tmp_path: Path) -> None:
    """One job has ended and others are under way when it is killed; started again it has the one at once."""
    argument = write_small_case(tmp_path)
    kept, done = tmp_path / "kept", "case/small/futures?futures=40"

    @contextmanager
    def serving() -> Iterator[tuple[subprocess.Popen[str], str]]:
        command = [
            sys.executable,
            "-m",
            "detente",
            "serve",
            str(argument),
            "--port",
            "0",
            "--cache",
            str(kept),
        ]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout is not None
            told = re.search(r"http://\S+/", server.stdout.readline())
            assert told
            try:
                yield server, told[0]
            finally:
                server.kill()

    with serving() as (server, address):
        before = finished(address, done)
        for seed in range(2, 5):
            assert ask(address, f"case/small/futures?futures=4000&days=700&seed={seed}")[0] == 202
        server.kill()
        server.wait(10)
    pages = {path: path.read_bytes() for path in kept.glob("page-*")}
    assert 1 <= len(pages) < 4  # how many ended before the kill depends on the machine; one at least did not
    with serving() as (_, address):
        status, body = ask(address, done)
        assert (status, body.decode()) == (200, before)
        assert {path: path.read_bytes() for path in kept.glob("page-*")} == pages
        assert finished(address, "case/small/futures?futures=4000&days=700&seed=2")


@pytest.mark.slow
def test_a_port_in_use_is_told(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        command = [
            sys.executable,
            "-m",
            "detente",
            "serve",
            str(write_small_case(tmp_path)),
            "--port",
            str(port),
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 9
    assert f"port must be free, got {port}. Give another port" in done.stderr


def test_a_case_that_cannot_be_loaded_is_told_at_once(tmp_path: Path) -> None:
    assert "nowhere.yaml" in detente("serve", tmp_path / "nowhere.yaml", "--port", "0", code=4).stderr
    path = write_small_case(tmp_path)
    assert "given twice" in detente("serve", path, path, "--port", "0", code=4).stderr
