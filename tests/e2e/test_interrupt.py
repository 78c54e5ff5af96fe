"""An interrupt while the program loads ends it as one does later: code 130, one line, no traceback."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

# A module by whose loading the moment is told: the line that Python writes when it has been imported.
EARLY, LATER = (
    "detente.base.errors",
    ("rich", "polars", "pydantic", "numpy", "scipy.linalg", "numba.core.config", "numba"),
)


def interrupted_when_loaded(module: str) -> tuple[int, str]:
    """Interrupt a run as soon as a module has been imported; return its code and what it said afterwards."""
    command = [sys.executable, "-X", "importtime", "-m", "detente", "run", "us-iran", "--futures", "20"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if line.rsplit("|", 1)[-1].strip() == module:
                process.send_signal(signal.SIGINT)
                break
        told = process.stderr.read()
    return process.returncode, "\n".join(line for line in told.splitlines() if "import time:" not in line)


def test_an_interrupt_while_the_command_line_loads() -> None:
    assert interrupted_when_loaded(EARLY) == (130, "interrupted; nothing was left half-written")


@pytest.mark.slow
@pytest.mark.parametrize("module", LATER)
def test_an_interrupt_while_libraries_load(module: str) -> None:
    assert interrupted_when_loaded(module) == (130, "interrupted; nothing was left half-written")


def test_the_installed_program_starts_where_interrupts_are_heeded() -> None:
    from importlib.metadata import entry_points

    (script,) = entry_points(group="console_scripts", name="detente")
    assert script.value == "detente.__main__:main"
