"""Compiled loops are counted, and kept where a folder can be written."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import detente
from detente.base.compiled import _loops, compiled, compiled_code
from detente.model import posterior_mean

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


def test_sums_in_the_order_of_the_compiler_have_one_copy() -> None:
    """Of two copies of a loop, which one runs depends on what was compiled and what was read: digits would differ."""
    assert posterior_mean.BLOCK  # its loops are among those looked at
    loops = {loop.__name__: loop for loop in _loops}
    calls = {name: {n for n in loop.py_func.__code__.co_names if n in loops} for name, loop in loops.items()}
    free = {name for name, loop in loops.items() if loop.targetoptions.get("fastmath")}
    assert free
    while more := {name for name, called in calls.items() if called & free} - free:
        free |= more
    called = set().union(*calls.values())
    assert not {n for n in free & called if not loops[n].targetoptions.get("forceinline")}


FIT = """
from datetime import date
from hashlib import sha256
from detente.model.compiler import compile_argument
from detente.model.fit import fit
from worlds import essay_case
case = essay_case()
found = fit(compile_argument(case.argument, case.chronicle, date(2020, 1, 17)))
print(sha256(found.mean.tobytes() + found.precision.tobytes()).hexdigest())
"""


@pytest.mark.slow
def test_a_fit_is_the_same_in_a_process_that_compiles_and_in_one_that_reads(tmp_path: Path) -> None:
    """To the last digit: fits are kept, and one that is found again must be the one that would be computed."""
    paths = os.pathsep.join([str(PACKAGE.parent), str(Path(__file__).parents[2])])
    settings = os.environ | {
        "NUMBA_CACHE_DIR": str(tmp_path),
        "PYTHONPATH": paths,
        "OPENBLAS_NUM_THREADS": "1",
    }
    made, read = (
        subprocess.run(
            [sys.executable, "-c", FIT], env=settings, check=True, capture_output=True, text=True
        ).stdout
        for _ in range(2)
    )
    assert made == read
