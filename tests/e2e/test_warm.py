"""After `detente warm` no command compiles anything."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from detente.base.compiled import CompiledCode
from detente.cli.warm import text_of

COUNT = """
import json, sys
from detente.cli.main import main
try:
    main()
finally:
    from detente.base.compiled import compiled_code
    found = compiled_code()
    print("COUNTED", json.dumps([found.read, found.made]), file=sys.stderr)
"""
QUESTIONS = (
    "first IRN->USA force within 90d",
    "talks within 365d",
    "war within 365d given IRN->USA ASSAULT within 90d",
)
COMMANDS: tuple[tuple[str, ...], ...] = (
    ("run", "us-iran", "--futures", "60"),
    ("ask", "us-iran", *QUESTIONS, "--futures", "60"),
    ("whatif", "us-iran", "--lever", "relief=0.33@30", "--futures", "60"),
    ("claims", "us-iran", "--futures", "60"),
    ("unlock", "us-iran", "--draws", "200", "--copies", "1"),
    ("bargain", "us-iran", "--draws", "500"),
    ("world", "us-iran", "--pairs", "4"),
    ("diagnose", "us-iran"),
    ("backtest", "us-iran"),
)


def test_it_says_what_to_do_where_nothing_can_be_kept() -> None:
    kept = text_of(CompiledCode(40, 3, 37, (Path("/kept/.cache/numba"),)), 61.2)
    assert "40 compiled functions are ready after 61 s: 37 compiled now, 3 read" in kept
    assert kept.endswith("/kept/.cache/numba")
    lost = text_of(CompiledCode(40, 0, 40, ()), 61.2)
    assert "NUMBA_CACHE_DIR" in lost


@pytest.mark.slow
def test_nothing_is_compiled_after_it(tmp_path: Path) -> None:
    places = {"NUMBA_CACHE_DIR": str(tmp_path / "numba"), "DETENTE_CACHE": str(tmp_path / "kept")}

    def counted(*command: str) -> tuple[str, list[int]]:
        done = subprocess.run(
            [sys.executable, "-c", COUNT, *command],
            env=os.environ | places,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout, json.loads(done.stderr.rpartition("COUNTED")[2])

    said, (read, made) = counted("warm", "--json")
    assert (read, made) == (0, json.loads(said)["compiled"])
    assert made > 20
    assert json.loads(said)["folders"]
    assert not (tmp_path / "kept").exists()
    compiled = {command[0]: counted(*command)[1] for command in COMMANDS}
    assert {name: made for name, (_, made) in compiled.items() if made} == {}
    assert all(read for name, (read, _) in compiled.items() if name != "bargain")
