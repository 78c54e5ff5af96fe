"""Writing to the terminal: text, progress bars, closed pipes."""

from __future__ import annotations

import errno
import os
import sys
import warnings
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from typing import TYPE_CHECKING, Any

from detente.base.errors import DetenteWarning
from detente.base.printable import SPELLED, printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from detente.base.progress import Progress
    from detente.events.chronicle import Chronicle

CLOSED_PIPE = 141
_PIECE = 16_384  # characters


def open_closed_streams() -> None:
    """Point streams that the caller closed at nothing, so that no file is opened in their place and none is missing."""
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the system takes the lowest number that is free
        if getattr(sys, name) is None:
            setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115


def spell_unknown_letters() -> None:
    """Let streams whose encoding lacks a letter show it spelled: a pipe of an old code page is no reason to fail."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors=SPELLED)


def complain(text: str) -> None:
    """Print to standard error; if nobody takes it, there is nobody left to tell."""
    with suppress(OSError):
        sys.stderr.write(printable(text))
        sys.stderr.flush()


@contextmanager
def warnings_told() -> Iterator[None]:
    """Print warnings of ours on standard error like errors, without the line of code that gave them."""
    with warnings.catch_warnings():
        warnings.simplefilter("always", DetenteWarning)
        others: Callable[..., None] = warnings.showwarning

        def tell(message: Warning | str, *rest: Any) -> None:
            if isinstance(message, DetenteWarning):
                complain(f"warning: {message}\n")
            else:
                others(message, *rest)

        setattr(warnings, "showwarning", tell)  # noqa: B010 - as the module's documentation has it
        yield


def hush(code: int) -> int:
    """Point standard output at nothing, so that the interpreter's own flush cannot fail again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return code


def write(text: str) -> None:
    """Print to standard output; a reader who has left ends the program quietly."""
    text = printable(text) + "\n"
    try:
        for start in range(0, len(text), _PIECE):  # a reader that has left is noticed after a piece
            sys.stdout.write(text[start : start + _PIECE])
            sys.stdout.flush()
    except OSError as error:
        if error.errno == errno.EPIPE:
            raise SystemExit(hush(CLOSED_PIPE)) from None
        raise


def say_written(text: str, path: Path) -> None:
    """Print what was written where, unless it went to a stream, which standard output may be."""
    from detente.base.files import regular_file

    if regular_file(path) is not None:
        write(text)


def show(
    result: Any, text_of: Callable[[Any], str], *, as_json: bool, beside: Chronicle | None = None
) -> None:
    """Print a result as text, or as JSON; of events that were only named beside it JSON has the digest."""
    from detente.report.text.as_json import json_text, to_json
    from detente.report.text.first_line import first_lines

    if as_json:
        data = {} if beside is None else {"data": {"digest": beside.digest}}
        write(json_text(to_json(result) | data))
        return
    show_text(first_lines(getattr(result, "cautions", ())) + text_of(result))


def show_text(text: str) -> None:
    """Print a text, its sentences broken where the terminal ends; what is piped keeps its lines."""
    from shutil import get_terminal_size

    from detente.report.text.console import wrapped

    write(wrapped(text, get_terminal_size().columns) if sys.stdout.isatty() else text)


@contextmanager
def progress_bars() -> Iterator[Progress]:
    """Show one bar per stage on standard error while it is a terminal, and nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda stage, done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:>8}"), BarColumn(), TextColumn("{task.completed}/{task.total}"))
    with Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True), transient=True) as bars:
        rows: dict[str, Any] = {}

        def tell(stage: str, done: int, total: int) -> None:
            if stage not in rows:
                rows[stage] = bars.add_task(stage, total=total)
            bars.update(rows[stage], completed=done)

        yield tell
