"""`detente pull` as a person uses it: what it prints, how it ends, and what it never prints."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from command_line import detente
from detente.events.importing.importer import import_events
from services import list_days, packed, page_rows, playing

pytest.importorskip("httpx2")
ROW = (
    "1\t20200102\t202001\t2020\t2020.0055\tNOR\tNORWAY\tNOR\t\t\t\t\tGOV\t\t\tSWE\tSWEDEN\tSWE\t\t\t\t\tGOV\t\t\t1\t040\t040"
    "\t04\t1\t1.0\t1\t1\t1\t0\t" + "\t".join(["0", "", "", "", "", "", ""] * 3) + "\t20200102\n"
)


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


def test_from_pull_to_an_event_file(tmp_path: Path) -> None:
    with playing() as service:
        list_days(service, {"20200102": packed(ROW, "20200102.export.CSV")})
        days = ("--from", "2020-01-02", "--to", "2020-01-03")
        done = detente("pull", "gdelt", *days, "--into", tmp_path, "--address", service.base)
    assert "2 files expected" in done.stdout
    assert "1 fetched" in done.stdout
    assert "Missing at the source (1): 2020-01-03." in done.stdout
    assert "Licence: free for any use" in done.stdout
    assert "Cite: Leetaru" in done.stdout
    command = done.stdout.strip().splitlines()[-1].removeprefix("Next: detente ").split()
    assert command[:2] == ["import", "gdelt1"]
    assert import_events("gdelt1", [Path(command[2])], tmp_path / "events.parquet").events == 1


def test_no_secret_is_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with playing() as service:
        page_rows(service, "/gedevents/26.1", [{"id": 1, "side_a": "A"}])
        file = tmp_path / "secrets.toml"
        file.write_text('UCDP_TOKEN = "secret-token"')
        file.chmod(0o600)
        asked = ("pull", "ucdp", "--into", tmp_path, "--address", service.base)
        good = detente(*asked, "--secrets", file, "--json")
        monkeypatch.setenv("DETENTE_UCDP_TOKEN", "my-wrong-token")
        bad = detente(*asked, "--again", "--secrets", file, code=3)
    assert json.loads(good.stdout)["files"][0]["rows"] == 1
    assert "UCDP_TOKEN was refused (HTTP 401)" in bad.stderr
    kept = "".join(p.read_text() for p in (tmp_path / "ucdp").rglob("*") if p.is_file())
    for secret in ("secret-token", "my-wrong-token"):
        assert secret not in good.stdout + good.stderr + bad.stdout + bad.stderr + kept


def test_sources_are_listed_and_what_they_do_not_take_is_named() -> None:
    assert detente("pull").stdout.split()[0] == "acled"
    assert "(option --from)" in detente("pull", "gdelt", code=4).stderr
    assert "Did you mean gdelt" in detente("pull", "gdeld", code=4).stderr


def test_without_the_library_it_says_what_to_install() -> None:
    code = (
        "import sys; sys.modules['httpx2'] = None\n"
        "from detente.cli.main import main\n"
        "sys.argv = ['detente', 'pull', 'mid', '--dry-run']\n"
        "main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, 'pip install "detente[pull]"' in done.stderr) == (1, True), done.stderr
