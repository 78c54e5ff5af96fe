"""Hidden names of unfinished output."""

import os
import subprocess
import sys

import pytest

from detente.base import hidden_names
from detente.base.hidden_names import hidden_prefix, remove_leftovers, remove_unfinished, unfinished

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="nothing is removed there")


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_only_what_dead_processes_left_is_removed(tmp_path):
    left = subprocess.run(
        [sys.executable, "-c", "from detente.base.hidden_names import *; print(hidden_prefix('out'))"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    mine, pid = hidden_prefix("out"), os.getpid()
    reused = mine.replace(f"-{pid}-", "-1-")  # the id is in use again, by a process with another start
    for name in (left, reused, mine):
        (tmp_path / f"{name}x").mkdir()
        (tmp_path / f"{name}x" / "half").write_text("half")
        (tmp_path / f"{name}y").write_text("half")
    machine = hidden_names._machine()
    others = [left.replace(machine, "0" * 8), ".out.tmp", ".detente-1-2-3", "out"]
    for name in others:
        (tmp_path / name).write_text("theirs")
    remove_leftovers(tmp_path)
    kept = [f"{mine}x", f"{mine}y", *others]
    if os.geteuid() != 0:  # who may not ask about a process leaves it alone
        kept += [f"{reused}x", f"{reused}y"]
    assert names(tmp_path) == sorted(kept)


def test_without_proc_an_id_in_use_counts_as_the_old_process(tmp_path, monkeypatch):
    monkeypatch.setattr(hidden_names, "_start_of", lambda _: 0)
    alive = hidden_prefix("out")
    dead = alive.replace(f"-{os.getpid()}-", f"-{2**22 + 1}-")
    for name in (alive, dead):
        (tmp_path / f"{name}x").write_text("half")
    monkeypatch.setattr(sys, "platform", "win32")
    remove_leftovers(tmp_path)
    assert names(tmp_path) == sorted([f"{alive}x", f"{dead}x"])
    monkeypatch.setattr(sys, "platform", "darwin")
    remove_leftovers(tmp_path)
    assert names(tmp_path) == [f"{alive}x"]


def test_a_link_with_such_a_name_is_not_followed(tmp_path):
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / "file").write_text("precious")
    link = tmp_path / f".x.detente-{hidden_names._machine()}-{2**22 + 1}-1-z"
    link.symlink_to(tmp_path / "precious")
    remove_leftovers(tmp_path)
    assert names(tmp_path) == ["precious"]
    assert names(tmp_path / "precious") == ["file"]


def test_the_longest_names_have_room(tmp_path):
    for name in ("a" * 255, "ü" * 127):
        (tmp_path / f"{hidden_prefix(name)}0.tmp").write_text("")


def test_a_folder_that_is_not_there_is_nothing_to_clean(tmp_path):
    remove_leftovers(tmp_path / "none")


def test_what_is_unfinished_is_removed_at_once_by_a_process_that_ends(tmp_path):
    (tmp_path / "stage" / "new").mkdir(parents=True)
    with unfinished(tmp_path / "stage"), unfinished(tmp_path / "file") as file:
        file.write_text("half")
        remove_unfinished()
        assert names(tmp_path) == []


def test_what_was_moved_away_is_left_alone(tmp_path):
    with unfinished(tmp_path / "hidden") as hidden:
        hidden.write_text("whole")
        hidden.replace(tmp_path / "shown")
    remove_unfinished()
    assert names(tmp_path) == ["shown"]
