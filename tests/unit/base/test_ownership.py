"""Marks by which files of ours are known again."""

import io

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.base.ownership import comment_mark, is_ours, made_by, marked_png, parquet_mark

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a49444154789c63600000000200015d0b"
    "2c8e0000000049454e44ae426082"
)


def parquet(**options: object) -> bytes:
    data = io.BytesIO()
    pl.DataFrame({"made_by": [1], "b": ["detente "]}).write_parquet(data, **options)
    return data.getvalue()


OURS = {
    "html": f'<!DOCTYPE html>\n<html lang="en">\n<meta name="generator" content="{made_by()}">\n'.encode(),
    "json": f'{{\n  "made_by": "{made_by()}"\n}}\n'.encode(),
    "svg": f'<svg xmlns="http://www.w3.org/2000/svg" data-made-by="{made_by()}"></svg>'.encode(),
    "png": marked_png(PIXEL),
    "parquet": parquet(metadata=parquet_mark()),
    "md": f"{comment_mark(markup=True)}\n# A story\n".encode(),
    "csv": f"{comment_mark(markup=False)}\ndate,words\n".encode(),
    "yaml": b"# Proposed by `detente new A B` from e.csv\nargument: x\n",
}
THEIRS = {
    "html": b'<!DOCTYPE html>\n<meta name="generator" content="Hugo">\n<p>about "detente 0.1.0"</p>',
    "json": b'{"name": "detente", "version": "0.1.0"}',
    "svg": b"<svg></svg>",
    "png": PIXEL,
    "parquet": parquet(),
    "short": b"PAR1",
    "md": b"# detente\n<!-- Written by detente 0.1.0 -->\n",
    "csv": b"date,source,target,action\n",
    "yaml": b"argument: mine\n",
    "empty": b"",
}


@pytest.mark.parametrize("kind", OURS)
def test_files_of_ours_are_known_again(tmp_path, kind):
    (tmp_path / "any name").write_bytes(OURS[kind])
    assert is_ours(tmp_path / "any name")


@pytest.mark.parametrize("kind", THEIRS)
def test_files_of_others_are_not(tmp_path, kind):
    (tmp_path / "file").write_bytes(THEIRS[kind])
    assert not is_ours(tmp_path / "file")


@given(st.sampled_from(sorted(OURS)), st.integers(0, 60))
def test_a_file_that_was_cut_off_does_not_crash(tmp_path_factory, kind, length):
    path = tmp_path_factory.mktemp("cut") / "file"
    path.write_bytes(OURS[kind][:length])
    assert is_ours(path) in (True, False)
