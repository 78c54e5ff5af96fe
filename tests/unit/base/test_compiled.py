"""Compiled loops are counted, and kept where a folder can be written."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import detente
from detente.base.compiled import compiled, compiled_code

PACKAGE = Path(detente.__file__).parent
COUNT = """
import numpy as np
from detente.base.compiled import compiled_code
from detente.studies.world.fast_scores import log_scores
log_scores(np.ones(2), np.ones(2), np.ones(2))
found = compiled_code()
print(found.read, found.made, *found.folders)
"""


def test_a_version_is_made_for_each_type_and_once() -> None:
    def half(x: float) -> float:
        return x / 2

    loop, before = compiled(half), compiled_code()
    assert before.loops > 0
    for value in (1.0, 3.0, 4):
        assert loop(value) == value / 2
    after = compiled_code()
    assert after.read + after.made == before.read + before.made + 2


def counted(package: Path, **environment: str) -> list[str]:
    clean = {name: value for name, value in os.environ.items() if name != "NUMBA_CACHE_DIR"}
    done = subprocess.run(
        [sys.executable, "-c", COUNT],
        env=clean | {"PYTHONPATH": str(package.parent), "PYTHONDONTWRITEBYTECODE": "1"} | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()


def installed_read_only(folder: Path) -> Path:
    """Copy the package so that numba cannot keep anything in it: root could write into a folder that is read-only."""
    copy = folder / "detente"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    for inner in [copy, *(path for path in copy.rglob("*") if path.is_dir())]:
        (inner / "__pycache__").write_text("no folder")
    return copy


@pytest.mark.slow
def test_a_package_that_cannot_be_written_keeps_its_code_with_the_user(tmp_path: Path) -> None:
    package = installed_read_only(tmp_path)
    home = {"HOME": str(tmp_path / "home"), "XDG_CACHE_HOME": str(tmp_path / "home" / "cache")}
    read, made, folder = counted(package, **home)
    assert (read, made) == ("0", "1")
    assert Path(folder).is_relative_to(tmp_path / "home")
    assert counted(package, **home)[:2] == ["1", "0"]


@pytest.mark.slow
def test_numba_s_own_variable_says_where(tmp_path: Path) -> None:
    package = installed_read_only(tmp_path)
    there = {"HOME": "/dev/null", "XDG_CACHE_HOME": "/dev/null", "NUMBA_CACHE_DIR": str(tmp_path / "kept")}
    assert counted(package, **there)[:2] == ["0", "1"]
    assert counted(package, **there)[:2] == ["1", "0"]


@pytest.mark.slow
def test_where_nothing_can_be_written_it_is_compiled_each_time(tmp_path: Path) -> None:
    package = installed_read_only(tmp_path)
    nowhere = {"HOME": "/dev/null", "XDG_CACHE_HOME": "/dev/null"}
    for _ in range(2):
        assert counted(package, **nowhere) == ["0", "1"]
