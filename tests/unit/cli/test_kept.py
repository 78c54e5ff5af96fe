"""`detente cache`: what is kept is listed, measured and removed, and nothing else is touched."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from command_line import detente
from detente.base.store import Store, key_of


def test_it_lists_measures_and_clears(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    store = Store(tmp_path)
    store.keep("rates", key_of({}), [1])
    store.keep_arrays("fit", key_of({}), {"mean": np.zeros(3)})
    bytes_kept = sum(path.stat().st_size for path in tmp_path.iterdir()) - len("mine")
    listed = detente("cache", "--cache", str(tmp_path))
    assert "2 results" in listed.stdout
    assert "fit" in listed.stdout
    assert detente("cache", "size", "--cache", str(tmp_path)).stdout.strip() == str(bytes_kept)
    value = json.loads(detente("cache", "--json", "--cache", str(tmp_path)).stdout)
    assert value["bytes"] == sum(kind["bytes"] for kind in value["kinds"]) == bytes_kept
    cleared = json.loads(detente("cache", "clear", "--json", "--cache", str(tmp_path)).stdout)
    assert (cleared["removed"], cleared["freed"], cleared["files"]) == (2, bytes_kept, 0)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_a_folder_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    assert "0 results" in detente("cache", "--cache", str(tmp_path / "none")).stdout
    assert not (tmp_path / "none").exists()
