"""What the command line calls a case, so that a command that is told to a reader works as it stands."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from detente.report.languages.readers import visitor_reads

if TYPE_CHECKING:
    from detente.lab.case import Case

_HOME = Path(str(resources.files("detente")))


def subject_of(case: Case) -> str:
    """Return what the command line calls a case: its name, its file, and the options that it needs."""
    argument, events = case.argument, case.chronicle.provenance
    named = argument.argument if _shipped(argument.files) else _path(argument.files[0])
    alone = case.rivalry is None and named != argument.argument  # a file stands where a rivalry's name would
    parts = [named] if alone else [case.rivalry] if case.rivalry else []
    if not alone and named != ("essay" if case.rivalry else "baseline"):
        parts += ["--argument", named]
    base = events.files[: len(events.files) - len(events.added)]
    if not _shipped(base) and base != argument.files[-1:]:
        parts += ["--events", *map(_path, base)]
    if not alone and not case.rivalry and argument.principals:
        parts += ["--principals", ",".join(argument.principals)]
    for file in events.files[len(base) :]:
        parts += ["--add", _path(file)]
    parts += ["--codebook", events.codebook] if events.codebook != "detente" else []
    parts += ["--skip-bad"] if events.skipped else []
    parts += ["--allow-unstable"] if case.allow_unstable else []
    return shlex.join(parts)


def is_shipped(case: Case) -> bool:
    """Whether all files of a case come with the program, so that its command works anywhere."""
    return _shipped((*case.argument.files, *case.chronicle.provenance.files))


def _shipped(files: Sequence[Path]) -> bool:
    """Whether files come with the program."""
    return all(file.is_relative_to(_HOME) for file in files)


def _path(file: Path) -> str:
    """Return a file as a user in the current folder would write it."""
    if visitor_reads():  # who has no business with where a server keeps its files
        return file.name
    here = Path.cwd()
    return str(file.relative_to(here) if file.is_relative_to(here) else file)
