"""Every command that writes a folder ends with the same line."""

from __future__ import annotations

from importlib import import_module
from inspect import getsource
from pathlib import Path

import pytest

from detente.report.text.console import written_text


def test_without_a_page_the_first_picture_is_named() -> None:
    written = [Path("out/clocks.json"), Path("out/clocks.svg"), Path("out/clocks.png")]
    assert written_text(written) == "Written to out: open out/clocks.svg"


@pytest.mark.parametrize("name", ["bargain", "clocks", "diagnose", "mediators", "unlock", "world"])
def test_every_command_with_a_folder_says_which_file_to_open(name: str) -> None:
    assert "written_text(" in getsource(import_module(f"detente.cli.{name}"))
