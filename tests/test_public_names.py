"""The names that `import detente` promises: they load when used, are documented, and are what the commands call."""

from __future__ import annotations

import inspect
import os
import subprocess
import sys

import pytest

import detente
from detente.cli.main import app

# Commands without a function of their own: they print what the program holds, or write a file.
ONLY_COMMANDS = {
    "cache",
    "check",
    "events",
    "import",
    "mechanisms",
    "new",
    "pull",
    "report",
    "mcp",
    "schema",
    "serve",
    "warm",
}
ONLY_PYTHON = {
    "load_argument",
    "load_case",
    "load_events",
    "propose",
    "report_on",
    "write_article",
    "write_report",
}
ONLY_PYTHON |= {"backtest_questions"}  # the command's option --questions


def commands() -> set[str]:
    return {command.name or "" for command in app.registered_commands}


@pytest.mark.parametrize("name", detente.__all__)
def test_a_public_name_is_a_documented_function(name: str) -> None:
    function = getattr(detente, name)
    assert callable(function)
    assert (inspect.getdoc(function) or "").count("\n") > 3
    hints = inspect.signature(function)
    assert hints.return_annotation is not inspect.Signature.empty


def test_every_command_has_a_function_of_its_name() -> None:
    assert commands() - ONLY_COMMANDS == set(detente.__all__) - ONLY_PYTHON


def test_dir_lists_the_public_names() -> None:
    assert dir(detente) == sorted(detente.__all__)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'forecast'"):
        detente.forecast  # noqa: B018


def test_names_load_when_they_are_used() -> None:
    code = "import sys, detente; print(any(m.startswith('detente.') for m in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize(
    ("before", "given", "expected"),
    [
        ("", {}, "1 []"),
        ("", {"OPENBLAS_NUM_THREADS": "4"}, "4 []"),
        ("sys.modules['numpy'] = sys", {}, "None []"),
        ("sys.modules['numpy'] = sys; sys.modules['threadpoolctl'] = fake", {}, "None [(1, 'blas')]"),
        (
            "sys.modules['numpy'] = sys; sys.modules['threadpoolctl'] = fake",
            {"OPENBLAS_NUM_THREADS": "4"},
            "4 []",
        ),
    ],
)
def test_the_algebra_library_leaves_the_cores_to_us(
    before: str, given: dict[str, str], expected: str
) -> None:
    code = f"""
import os, sys, types
calls = []
fake = types.SimpleNamespace(threadpool_limits=lambda n, user_api: calls.append((n, user_api)))
{before}
import detente
print(os.environ.get("OPENBLAS_NUM_THREADS"), calls)
"""
    kept = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=kept | given, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == expected
