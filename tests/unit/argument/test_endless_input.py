"""Arguments and priors that never end, or grow without end, are refused before they cost anything."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from detente.argument.load import parse_argument, read_argument
from detente.argument.yaml_lines import parse_yaml
from detente.base.errors import ArgumentError
from detente.base.input_limits import Limits

HEAD = "argument: a\ntitle: A\nmechanisms: {momentum: {}}\n"


def bomb(levels: int, each: int) -> str:
    """Write lists of aliases of lists of aliases."""
    lines = ["a0: &a0 [x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * each)}]" for i in range(1, levels + 1)]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (bomb(10, 9), "must hold at most 100,000 values, its aliases written out"),
        (bomb(12, 9), r"at most 100 aliases \(a.yaml:13\).*raise the limit aliases"),
        ("a: &a [*a, *a, *a]\n", "nested deeper than 20"),
        ("[" * 1_900_000, "more than 10,000 characters in one piece"),
        ("!" * 1_900_000, "more than 10,000 characters in one piece"),
        ("%a\n" * 60_000, "must not have lines that begin with %"),
        ("- " * 90_000, "recursion"),
        ("- " * 900_000, "at most 100,000 values"),
        ("a: [" + "x," * 300_000 + "]", "at most 100,000 values"),
        ("- x\n" * 99_999 + "- y: z", "at most 100,000 values"),
        ("\n" * 1_999_000, r"at most 100,000 lines \(a.yaml\).*raise the limit lines"),
        ("#\r" * 900_000, "at most 100,000 lines"),
        ("a" * 3_000_000, "at most 2,000,000 bytes.*raise the limit yaml"),
    ],
    ids=[
        "levels",
        "aliases",
        "itself",
        "brackets",
        "tag",
        "directives",
        "dashes",
        "items",
        "commas",
        "rows",
        "breaks",
        "comments",
        "large",
    ],
)
def test_text_that_grows_is_refused(text: str, told: str) -> None:
    with pytest.raises(ArgumentError, match=told):
        parse_yaml(text, "a.yaml")


def test_limits_can_be_raised() -> None:
    text = bomb(2, 60)
    with pytest.raises(ArgumentError, match="aliases"):
        parse_yaml(text, "a.yaml")
    assert len(parse_yaml(text, "a.yaml", Limits(aliases=200))[0]["a2"]) == 60


def test_a_long_file_is_read_where_the_limit_is_raised() -> None:
    text = "\n" * 50 + "a: b"
    with pytest.raises(ArgumentError, match="at most 50 lines"):
        parse_yaml(text, "a.yaml", Limits(lines=50))
    assert parse_yaml(text, "a.yaml", Limits(lines=51))[0] == {"a": "b"}


def test_files_that_never_end_are_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "zero.yaml").symlink_to("/dev/zero")
    (tmp_path / "circle.yaml").symlink_to(tmp_path / "circle.yaml")
    with (tmp_path / "large.yaml").open("wb") as stream:
        stream.truncate(50_000_000)
    for name, told in [
        ("pipe", "must be a file"),
        ("zero", "must be a file"),
        ("circle", "cannot be read"),
        ("large", "at most 2,000,000 bytes"),
    ]:
        with pytest.raises(ArgumentError, match=told):
            read_argument(tmp_path / f"{name}.yaml")
        with pytest.raises(ArgumentError, match=told):
            parse_argument(f"extends: {name}.yaml\n", folder=tmp_path)


def test_a_file_that_extends_itself_by_another_name_is_refused(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "a.yaml").write_text("extends: sub/../a.yaml\n" + HEAD)
    (tmp_path / "b.yaml").symlink_to(tmp_path / "c.yaml")
    (tmp_path / "c.yaml").write_text("extends: b.yaml\n" + HEAD)
    for name in ("a.yaml", "c.yaml"):
        with pytest.raises(ArgumentError, match="must not extend itself"):
            read_argument(tmp_path / name)


def test_priors_that_never_end_are_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.json")
    (tmp_path / "zero.json").symlink_to("/dev/zero")
    (tmp_path / "deep.json").write_text("[" * 100_000)
    for name, told in [
        ("pipe", "must be a file"),
        ("zero", "must be a file"),
        ("deep", "must be a world prior"),
    ]:
        with pytest.raises(ArgumentError, match=told):
            parse_argument(f"{HEAD}world_prior: {name}.json\n", folder=tmp_path)
