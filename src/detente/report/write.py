"""Write a run into a folder: all of its files, or none and no trace."""

from __future__ import annotations

import errno
import io
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

from detente.errors import Fault, OutputError

if TYPE_CHECKING:
    from detente.lab import Run

FILES = (
    "result.json",
    "futures.parquet",
    "timeline.svg",
    "timeline.png",
    "fans.svg",
    "fans.png",
    "priors.svg",
    "priors.png",
    "index.html",
)
"""The files of a written run, in the order in which they are made."""

Progress = Callable[[str, int, int], None]  # stage, done, total


def write_run(run: Run, out: Path, progress: Progress | None = None) -> list[Path]:
    """Write a run's numbers, acts, pictures and page into a folder.

    Everything is made in a temporary folder first. If anything fails, or the user stops it, `out` is as it was before.

    Parameters
    ----------
    run : Run
    out : path
        Made if it does not exist. Files of an earlier run are replaced, other files in it stay.
    progress : callable, optional
        Called with ("report", files made, files in all).

    Returns
    -------
    list of Path
        The files, in the order of `FILES`.

    Raises
    ------
    OutputError
        If `out` is a file or cannot be written: what, where and what to try.
    """
    return write_files(_contents(run), len(FILES), Path(out), progress)


def write_files(
    contents: Iterable[tuple[str, bytes]], count: int, out: Path, progress: Progress | None = None
) -> list[Path]:
    """Write named files into a folder: all of them, or none and no trace; see `write_run`.

    Parameters
    ----------
    contents : iterable of (name, bytes)
        Made one after the other.
    count : int
        How many there are, for the progress told.
    """
    names = []
    try:
        with _all_or_nothing(out.resolve()) as folder:
            for done, (name, content) in enumerate(contents):
                if progress:
                    progress("report", done, count)
                (folder / name).write_bytes(content)
                names.append(name)
            if progress:
                progress("report", count, count)
    except OSError as error:
        raise OutputError(_fault(out, error)) from error
    return [out / name for name in names]


def _contents(run: Run) -> Iterator[tuple[str, bytes]]:
    """Make one file after the other."""
    from detente.report.page import render_page
    from detente.report.pictures import PICTURES, render

    text = json.dumps(run.to_dict(), indent=2, ensure_ascii=False, sort_keys=False)
    yield "result.json", f"{text}\n".encode()
    # Through memory: polars reports a full disk as a faulty file.
    acts = io.BytesIO()
    run.futures.events.write_parquet(acts)
    yield "futures.parquet", acts.getvalue()
    svgs = {}
    for name, draw in PICTURES.items():
        svgs[name], png = render(draw(run))
        yield f"{name}.svg", svgs[name].encode()
        yield f"{name}.png", png
    yield "index.html", render_page(run, svgs).encode()


@contextmanager
def _all_or_nothing(out: Path) -> Iterator[Path]:
    """Give a temporary folder, and at the end move its files into `out`; on any failure leave no trace of either."""
    if out.exists() and not out.is_dir():
        raise FileExistsError(errno.EEXIST, "a file of that name", str(out))
    made = [folder for folder in (out, *out.parents) if not folder.exists()]  # innermost first
    stage: Path | None = None
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        stage = Path(mkdtemp(prefix=f".{out.name}-", dir=_beside(out)))
        for name in ("new", "old"):
            (stage / name).mkdir()
        yield stage / "new"
        out.mkdir(exist_ok=True)
        _move(stage / "new", stage / "old", out)
    except BaseException:
        if stage:
            shutil.rmtree(stage, ignore_errors=True)
        for folder in made:
            with suppress(OSError):  # someone else may have put something there
                folder.rmdir()
        raise
    shutil.rmtree(stage, ignore_errors=True)


def _beside(out: Path) -> Path:
    """Return where the temporary folder goes: next to `out`, or in it if `out` is on a file system of its own."""
    if out.exists() and (out.stat().st_dev != out.parent.stat().st_dev or not os.access(out.parent, os.W_OK)):
        return out
    return out.parent


def _move(new: Path, old: Path, out: Path) -> None:
    """Move every file of `new` into `out`; if one will not go, put back what lay there."""
    names = sorted(file.name for file in new.iterdir())
    for name in names:
        if (out / name).exists():
            shutil.copy2(out / name, old / name)
    moved = []
    try:
        for name in names:
            moved.append(name)
            (new / name).replace(out / name)
    except BaseException:
        for name in moved:
            if (old / name).exists():
                (old / name).replace(out / name)
            else:
                (out / name).unlink(missing_ok=True)
        raise


def _fault(out: Path, error: OSError) -> Fault:
    hints = {
        errno.ENOSPC: "Free some space, or name another folder.",
        errno.EDQUOT: "Free some space, or name another folder.",
        errno.EACCES: "Name a folder you may write to.",
        errno.EPERM: "Name a folder you may write to.",
        errno.EROFS: "Name a folder you may write to.",
    }
    hint = hints.get(error.errno or 0, "Name another folder.")
    return Fault(
        "the result's folder", "must be one that can be written", error.strerror or str(error), str(out), hint
    )
