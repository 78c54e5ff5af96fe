"""Limits by name, and files that are looked at before they are opened."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from detente.base.errors import ArgumentError
from detente.base.input_files import unfit
from detente.base.input_limits import Limits, limits_of

ENDLESS = ("pipe", "zero", "socket", "circle", "folder")


def endless(folder: Path, kind: str, name: str) -> Path:
    """Make something under a name that cannot be read to its end, or not at all."""
    path = folder / name
    match kind:
        case "pipe":
            os.mkfifo(path)
        case "zero":
            path.symlink_to("/dev/zero")
        case "socket":
            with socket.socket(socket.AF_UNIX) as one:
                one.bind(os.path.relpath(path))
        case "circle":
            path.symlink_to(path)
        case "folder":
            path.mkdir()
    return path


def test_limits_are_set_by_name() -> None:
    assert limits_of(["yaml=3MB", "table=2GB", "question=9000", "memory=95%", "aliases = 7"]) == Limits(
        yaml=3_000_000, table=2_000_000_000, question=9000, memory=95, aliases=7
    )
    assert limits_of([]) == Limits()


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ("yaml", "must be written NAME=VALUE"),
        ("ymal=1MB", "Did you mean yaml?"),
        ("yaml=1TB", "a unit of its limit"),
        ("window=0y", "above 0"),
        ("memory=-5%", "above 0"),
        ("question=2kB", "question=1000"),
    ],
)
def test_a_limit_that_cannot_be_set_is_told(setting: str, told: str) -> None:
    with pytest.raises(ArgumentError, match=told.replace("?", r"\?")):
        limits_of([setting])


@pytest.mark.parametrize("kind", ["pipe", "zero", "socket", "folder"])
def test_what_is_no_regular_file_is_not_opened(tmp_path: Path, kind: str, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert unfit(endless(tmp_path, kind, "x"), "file", "yaml", 10).code == "not_a_file"
