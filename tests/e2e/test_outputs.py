"""Where commands write: never over what they read, nor over files of others, and never in place of a device."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
from datetime import date, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest

from command_line import DETENTE, detente
from detente.base.ownership import is_ours

pytestmark = pytest.mark.skipif(os.name != "posix", reason="links, devices and pipes as POSIX has them")
ACTS = ("ACCUSE", "SANCTION", "ASSAULT", "CONSULT", "AID")
MINE = "date,source,target,action\n" + "".join(
    f"{date(2018, 1, 1) + timedelta(days=9 * n)},{'AB'[n % 2] * 3},{'BA'[n % 2] * 3},{ACTS[n % 5]}\n"
    for n in range(80)
)
ARGUMENT = "extends: base.yaml\nargument: mine\ntitle: Mine\n"
BASE = """argument: base
title: Base
principals: [AAA, BBB]
mechanisms: {momentum: {}}
run: {fit_from: 2018-01-01, as_of: 2019-10-01, days: 30, futures: 20, seed: 1}
"""
CASE = ("mine.yaml", "--events", "events.csv")
STORY = ("exercise", *CASE, "--days", "10", "--futures", "10")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in {"events.csv": MINE, "mine.yaml": ARGUMENT, "base.yaml": BASE}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "more.csv").write_text(MINE[:200].rpartition("\n")[0] + "\n", encoding="utf-8")
    (tmp_path / "link.html").symlink_to("mine.yaml")
    return tmp_path


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize(
    "arguments",
    [
        ("report", *CASE, "--out", "mine.yaml"),
        ("report", *CASE, "--out", "base.yaml"),
        ("report", *CASE, "--out", "link.html"),
        ("report", *CASE, "--add", "more.csv", "--out", "more.csv"),
        (*STORY, "--out", "events.csv"),
        (*STORY, "--play", "more.csv", "--out", "more.csv"),
        ("world", "events.csv", "--prior", "events.csv"),
        ("import", "csv", "events.csv", "--map", "e.parquet.json", "-o", "e.parquet"),
    ],
)
def test_nothing_is_written_over_an_input_even_with_force(folder: Path, arguments: tuple[str, ...]) -> None:
    if "--map" in arguments:
        (folder / "e.parquet.json").write_text("from,to\n", encoding="utf-8")
    before = contents(folder)
    told = detente(*arguments, "--force", cwd=folder, code=9).stderr
    assert "must not be one of the files read" in told
    assert contents(folder) == before


FOLDERS = {
    "run": "index.html",
    "analogues": "index.html",
    "bargain": "index.html",
    "clocks": "clocks.json",
    "diagnose": "index.html",
    "mediators": "mediators.svg",
    "unlock": "door.png",
}


@pytest.mark.parametrize("command", FOLDERS)
def test_a_folder_keeps_the_files_of_others(folder: Path, command: str) -> None:
    (folder / FOLDERS[command]).write_text("mine", encoding="utf-8")
    before = contents(folder)
    told = detente(command, "us-iran", "--out", ".", cwd=folder, code=9).stderr
    assert f"out must not be a file that detente did not write, got {FOLDERS[command]}" in told
    assert "give force" in told
    assert "(option --out)" in told
    assert contents(folder) == before


@pytest.mark.parametrize(
    ("arguments", "name", "rule"),
    [
        (("report", "us-iran"), "us-iran-report.html", "did not write"),
        (("report", "us-iran", "--out", "notes.html"), "notes.html", "did not write"),
        ((*STORY, "--out", "notes.md"), "notes.md", "did not write"),
        (("world", "events.csv", "--prior", "p.json"), "p.json", "did not write"),
        (("world", "events.csv", "--out", "."), "world.json", "did not write"),
        (("import", "csv", "events.csv", "-o", "e.parquet"), "e.parquet", "did not write"),
        (("import", "csv", "events.csv", "-o", "e.parquet"), "e.parquet.json", "did not write"),
        (("new", "AAA", "BBB", "--events", "events.csv"), "AAA-BBB.yaml", "must not exist yet"),
    ],
)
def test_a_file_of_someone_else_is_kept(
    folder: Path, arguments: tuple[str, ...], name: str, rule: str
) -> None:
    (folder / name).write_text("mine", encoding="utf-8")
    before = contents(folder)
    told = detente(*arguments, cwd=folder, code=9).stderr
    assert rule in told
    assert "give force" in told
    assert contents(folder) == before


def test_two_outputs_must_differ(folder: Path) -> None:
    told = detente("world", "events.csv", "--out", ".", "--prior", "world.json", cwd=folder, code=4).stderr
    assert "prior and out must be unique, got world.json" in told


def test_an_exercise_replaces_its_own_files_and_with_force_any(folder: Path) -> None:
    for form in ("md", "csv", "json"):
        out = folder / f"story.{form}"
        for _ in range(2):
            detente(*STORY, "--format", form, "--out", out.name, cwd=folder)
            assert is_ours(out)
        out.write_text("mine", encoding="utf-8")
        detente(*STORY, "--format", form, "--out", out.name, "--force", cwd=folder)
        assert is_ours(out)


def test_an_import_and_its_sidecar_are_replaced(folder: Path) -> None:
    for _ in range(2):
        detente("import", "csv", "events.csv", "-o", "e.parquet", cwd=folder)
    (folder / "e.parquet").write_text("mine", encoding="utf-8")
    detente("import", "csv", "events.csv", "-o", "e.parquet", "--force", cwd=folder)
    assert is_ours(folder / "e.parquet")


def test_a_first_argument_is_replaced_with_force_alone(folder: Path) -> None:
    new = ("new", "AAA", "BBB", "--events", "events.csv")
    detente(*new, cwd=folder)
    assert is_ours(folder / "AAA-BBB.yaml")
    detente(*new, cwd=folder, code=9)
    detente(*new, "--force", cwd=folder)


@pytest.mark.parametrize("form", ["md", "csv", "json"])
def test_a_full_disk_keeps_the_story_that_was_there(
    folder: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    (folder / "story").write_text("as it was", encoding="utf-8")
    before = contents(folder)
    monkeypatch.setattr(os, "fsync", full)
    done = detente(*STORY, "--format", form, "--out", "story", "--force", cwd=folder, code=9)
    assert "out cannot be written: No space left on device (story)" in done.stderr
    assert contents(folder) == before


def test_a_device_stays_a_device_and_a_link_a_link(folder: Path) -> None:
    detente(*STORY, "--out", "/dev/null", cwd=folder)
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)
    told = detente("run", *CASE, "--out", "/dev/null", cwd=folder, code=9).stderr
    assert "out must be a folder, got /dev/null" in told
    (folder / "far").mkdir()
    (folder / "story.md").symlink_to("far/real.md")
    detente(*STORY, "--out", "story.md", cwd=folder)
    assert (folder / "story.md").is_symlink()
    assert is_ours(folder / "far" / "real.md")
    (folder / "circle").symlink_to("circle")
    told = detente(*STORY, "--out", "circle", cwd=folder, code=9).stderr
    assert "out cannot be written: Too many levels of symbolic links (circle)" in told


@pytest.mark.slow
def test_standard_output_takes_a_stream_and_nothing_else(folder: Path) -> None:
    told = subprocess.run(
        [DETENTE, *STORY, "--format", "json", "--out", "/dev/stdout"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    ).stdout
    assert told.startswith('{\n  "made_by": "detente ')
    assert told.endswith("}\n")


def test_a_reader_of_a_page_who_has_left_is_no_error_message(folder: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    with patch("detente.cli.main.hush", lambda code: code):  # what it closes is the test's own
        done = detente(*STORY, "--out", f"/dev/fd/{write}", cwd=folder, code=141)
    os.close(write)
    assert (done.stdout, done.stderr) == ("", "")


@pytest.mark.parametrize(
    ("closed", "arguments", "code"),
    [
        ((0, 1, 2), ("schema",), 0),
        ((2,), ("events", "us-irn"), 3),
    ],
)
def test_closed_streams_are_quiet(
    tmp_path: Path, closed: tuple[int, ...], arguments: tuple[str, ...], code: int
) -> None:
    def close() -> None:
        for number in closed:
            os.close(number)

    done = subprocess.run(
        [DETENTE, *arguments], cwd=tmp_path, capture_output=True, preexec_fn=close, timeout=60, check=False
    )
    assert done.returncode == code
    assert b"Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())
