"""The types of the public names hold in a user's own code."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def complaints(name: str, folder: Path) -> set[int]:
    """Return the lines of a file in which `mypy --strict` sees a mistake, as a user without our settings runs it."""
    flags = ["--strict", "--config-file=", "--no-error-summary", "--hide-error-context"]
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *flags, HERE / name],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    lines = done.stdout.splitlines()
    elsewhere = [line for line in lines if ": error:" in line and f"{name}:" not in line]
    assert done.returncode in (0, 1), done.stderr
    assert not elsewhere, "\n".join(elsewhere)
    assert bool(lines) == bool(done.returncode), done.stdout + done.stderr
    return {int(found[1]) for line in lines if (found := re.search(rf"{name}:(\d+): error:", line))}


@pytest.mark.slow
def test_a_typed_script_passes_and_each_mistake_is_seen(tmp_path: Path) -> None:
    assert not complaints("user.py", tmp_path)
    text = (HERE / "wrong.py").read_text(encoding="utf-8").splitlines()
    marked = {i for i, line in enumerate(text, 1) if line.endswith("# wrong")}
    assert len(marked) == 5
    assert complaints("wrong.py", tmp_path) == marked
