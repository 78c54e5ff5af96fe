"""Places that must not take output are refused before work begins."""

import os
from pathlib import Path

import pytest

from detente.base.errors import OutputError
from detente.base.outputs import check_folder, check_target
from detente.base.ownership import comment_mark


@pytest.fixture
def mine(tmp_path):
    path = tmp_path / "events.csv"
    path.write_text("date,source,target,action\n")
    return path


def links_to(path: Path, folder: Path):
    soft, hard, hop = folder / "soft", folder / "hard", folder / "hop"
    soft.symlink_to(path)
    hard.hardlink_to(path)
    hop.symlink_to(soft)
    return path, soft, hard, hop, folder / ".." / folder.name / path.name


def test_an_input_is_never_written_over_by_any_name(tmp_path, mine):
    for name in links_to(mine, tmp_path):
        for given in (mine, tmp_path / "soft"):
            with pytest.raises(OutputError, match="out must not be one of the files read"):
                check_target(name, inputs=[tmp_path / "none", given], force=True)
    with pytest.raises(OutputError, match="must not be one of the files read"):
        check_folder(tmp_path, ["index.html", "events.csv"], inputs=[mine], force=True)


def test_a_file_of_someone_else_needs_force(tmp_path, mine):
    with pytest.raises(OutputError, match=r"must not be a file that detente did not write.*give force"):
        check_target(mine)
    with pytest.raises(OutputError, match="must not be a file that detente did not write"):
        check_folder(tmp_path, ["index.html", "events.csv"])
    check_target(mine, force=True)
    check_folder(tmp_path, ["index.html", "events.csv"], force=True)


def test_new_files_ours_and_empty_ones_need_none(tmp_path):
    (tmp_path / "ours.csv").write_text(f"{comment_mark(markup=False)}\n")
    (tmp_path / "empty").touch()
    (tmp_path / "dangling").symlink_to("not yet")
    for name in ("ours.csv", "empty", "dangling", "new"):
        check_target(tmp_path / name)
    check_folder(tmp_path, ["ours.csv", "empty", "dangling", "new"])
    check_folder(tmp_path / "deep" / "deeper", ["new"])
    check_folder(None, ["new"])


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("folder", "out must be a file, not a folder"),
        ("none/new", "out must be in a folder that exists"),
        ("file/new", "out cannot be written: Not a directory"),
        ("circle", "out cannot be written: Too many levels of symbolic links"),
        ("a\0b", "out cannot be written: embedded null"),
        ("x" * 300, "out cannot be written: File name too long"),
    ],
)
def test_places_for_a_file(tmp_path, name, rule):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("x")
    (tmp_path / "circle").symlink_to("circle")
    with pytest.raises(OutputError, match=rule):
        check_target(tmp_path / name)


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("file", "out must be a folder"),
        ("file/below", "out cannot be written: Not a directory"),
        ("circle", "out cannot be written: Too many levels of symbolic links"),
        ("pipe", "out must be a folder"),
        ("a\0b", "out cannot be written: embedded null"),
    ],
)
def test_places_for_a_folder(tmp_path, name, rule):
    (tmp_path / "file").write_text("x")
    (tmp_path / "circle").symlink_to("circle")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OutputError, match=rule):
        check_folder(tmp_path / name, ["index.html"])


def test_streams_do_for_a_file_that_may_be_one(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path in (Path("/dev/null"), Path("/dev/stdout"), tmp_path / "pipe"):
        check_target(path)
        with pytest.raises(OutputError, match="must be a file"):
            check_target(path, streams=False)
    with pytest.raises(OutputError, match="must be a file"):
        check_folder(tmp_path, ["pipe"])


def test_no_permission_is_said_before_work(tmp_path, monkeypatch, mine):
    monkeypatch.setattr(os, "access", lambda *_: False)
    for path in (mine, tmp_path / "new"):
        with pytest.raises(OutputError, match=r"Permission denied.*Name a folder you may write to"):
            check_target(path, force=True)
