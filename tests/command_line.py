"""The command line run inside the test's own process, where imports, compiled code and fits are already there.

What only a real process can show (interrupts, closed pipes, full disks, the installed script) starts `DETENTE` instead.
"""

from __future__ import annotations

import contextlib
import copy
import io
import os
import signal
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

from detente.argument import load
from detente.argument.yaml_lines import parse_yaml
from detente.cli.main import main

DETENTE = Path(sys.executable).with_name("detente")
TERMINAL = {"COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb"}


@dataclass(frozen=True)
class Done:
    """What a finished command left, under the names that `subprocess` uses."""

    returncode: int
    stdout: str
    stderr: str


def detente(*arguments: str | Path, cwd: Path | None = None, code: int | None = 0, stdin: str = "") -> Done:
    """Run the command line in a folder and return what it printed.

    It must end with the exit code `code`; None takes any. A fault that nobody foresaw is raised here, where a process
    would print a traceback.
    """
    out, err, interrupt = io.StringIO(), io.StringIO(), signal.getsignal(signal.SIGINT)
    with (
        contextlib.chdir(cwd or Path.cwd()),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        patch.object(sys, "stdin", io.StringIO(stdin)),
        patch.object(sys, "argv", ["detente", *map(str, arguments)]),
        patch.object(sys.modules["__main__"], "__package__", None),  # else help speaks of python -m pytest
        patch.dict(os.environ, TERMINAL),
    ):
        try:
            main()
        except SystemExit as stop:
            ended = int(stop.code or 0)
        finally:
            signal.signal(signal.SIGINT, interrupt)
    done = Done(ended, out.getvalue(), err.getvalue())
    assert code in (None, done.returncode), f"exit code {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done


@contextlib.contextmanager
def few_clocks() -> Iterator[None]:
    """Let the essay be fitted at four points of half-lives instead of 48, wherever it is read from its file."""
    with patch.object(load, "parse_yaml", _parsed_with_few_clocks):
        yield


def _parsed_with_few_clocks(text: str, name: str, *limits: Any) -> tuple[Any, Any]:
    return copy.deepcopy(_essay(text, name)) if name == "essay.yaml" else parse_yaml(text, name, *limits)


@cache
def _essay(text: str, name: str) -> tuple[Any, Any]:
    value, places = parse_yaml(text, name)
    assert len(value["clocks"]["grid"]) == 3, "the essay has other clocks now: think again"
    value["clocks"]["grid"] = {"fast": (14, 30), "generational": (3652, 7305)}
    return value, places
