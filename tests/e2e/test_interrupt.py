"""An interrupt while the program loads ends it as one does later: code 130, one line, no traceback."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time

import pytest

from command_line import DETENTE
from detente.base.errors import DetenteError, Fault
from detente.cli import main as program

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


@pytest.mark.slow
def test_no_moment_of_the_start_gives_a_traceback_of_ours() -> None:
    ours = re.compile(r'/detente/\S+\.py", line \d+, in (?!<module>)')
    clean = 0
    for moment in range(40):
        command = [DETENTE, "run", "us-iran", "--futures", "20"]
        with subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        ) as process:
            time.sleep(moment / 100)
            process.send_signal(signal.SIGINT)
            assert process.stderr is not None
            told = process.stderr.read()
        clean += (process.returncode, told) == (130, "interrupted; nothing was left half-written\n")
        assert not ours.search(told), told
    assert clean


def test_an_interrupt_while_an_error_is_told_is_an_interrupt(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_: object) -> None:
        raise DetenteError(Fault("required", "as_of"))

    def stop(*_: object) -> int:
        raise KeyboardInterrupt

    def leave(code: int) -> None:
        raise SystemExit(code)

    before = signal.getsignal(signal.SIGINT)
    monkeypatch.setattr(program, "program", lambda *_: fail)
    monkeypatch.setattr(program, "_tell", stop)
    monkeypatch.setattr(program.os, "_exit", leave)
    try:
        with pytest.raises(SystemExit) as ended:
            program.main()
        assert ended.value.code == 130
        with pytest.raises(SystemExit) as ended:  # nor is one while the interpreter ends told as an exception
            signal.raise_signal(signal.SIGINT)
        assert ended.value.code == 130
    finally:
        signal.signal(signal.SIGINT, before)


def test_the_installed_program_starts_where_interrupts_are_heeded() -> None:
    from importlib.metadata import entry_points

    (script,) = entry_points(group="console_scripts", name="detente")
    assert script.value == "detente.__main__:main"
