"""The command line: every command, and how a failure becomes a message and an exit code."""

from __future__ import annotations

import atexit
import gc
import json
import os
import signal
import sys
from functools import cache
from importlib import import_module
from types import FrameType
from typing import Annotated

import typer

from detente.base.errors import ClosedPipeError, DetenteError, Fault, OutputError
from detente.base.hidden_names import remove_unfinished
from detente.cli.named_options import as_json, options_of, told
from detente.cli.output import (
    CLOSED_PIPE,
    complain,
    hush,
    open_closed_streams,
    spell_unknown_letters,
    warnings_told,
    write,
)

INTERRUPTED, UNEXPECTED = 130, 1
_HALTED = "interrupted; nothing was left half-written\n"
_NEW_OBJECTS = (
    100_000  # after which cycles are searched for: at the usual 700 that takes a tenth of a command
)
_COMMANDS = {  # in the order of the help: the module and the function of each
    "run": ("run", "run"),
    "events": ("events", "events"),
    "article": ("article", "article"),
    "check": ("check", "check"),
    "analogues": ("analogues", "analogues"),
    "ask": ("ask", "ask"),
    "backtest": ("backtest", "backtest"),
    "bargain": ("bargain", "bargain"),
    "cache": ("kept", "cache"),
    "claims": ("claims", "claims"),
    "clocks": ("clocks", "clocks"),
    "compare": ("compare", "compare"),
    "crisis": ("crisis", "crisis"),
    "diagnose": ("diagnose", "diagnose"),
    "diff": ("diff", "diff"),
    "evidence": ("evidence", "evidence"),
    "exercise": ("exercise", "exercise"),
    "forecasts": ("forecasts", "forecasts"),
    "import": ("import_events", "import_"),
    "schema": ("schema", "schema"),
    "mcp": ("mcp", "mcp"),
    "mechanisms": ("mechanisms", "mechanisms"),
    "mediators": ("mediators", "mediators"),
    "new": ("new", "new"),
    "phases": ("phases", "phases"),
    "pull": ("pull", "pull"),
    "report": ("report", "report"),
    "serve": ("serve", "serve"),
    "unlock": ("unlock", "unlock"),
    "warm": ("warm", "warm"),
    "whatif": ("whatif", "whatif"),
    "world": ("world", "world"),
}


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        write(version("detente"))
        raise typer.Exit


def _root(
    show_version: Annotated[
        bool,
        typer.Option("--version", help="print the version", is_eager=True, callback=_show_version),
    ] = False,
) -> None:
    """Take the options that stand before a command."""


@cache
def program(word: str | None = None) -> typer.Typer:
    """Return the program with the command that a word names, or with all of them: loading all takes a while."""
    made = typer.Typer(
        help="A laboratory for interstate rivalries: fit an argument to dated events, simulate futures, and ask it "
        "questions.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        epilog="Exit codes: 0 ok, 1 unexpected, 2 usage, 3 data, 4 argument, 5 fit, 6 unstable, 7 question, 8 ledger, "
        "9 output, 130 interrupted, 141 closed pipe.",
    )
    made.callback()(_root)
    for name in [word] if word in _COMMANDS else _COMMANDS:
        module, function = _COMMANDS[name]
        made.command(name)(getattr(import_module(f"detente.cli.{module}"), function))
    return made


def _chosen() -> typer.Typer:
    """Return the program as the command line needs it."""
    return program(*sys.argv[1:2])


def __getattr__(name: str) -> typer.Typer:
    if name == "app":
        return program()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def main() -> None:
    """Run the command line; map every foreseen failure to its exit code, without a traceback."""
    # Work is shared among threads of our own; those of the algebra library would only wait for each other.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    gc.set_threshold(_NEW_OBJECTS)
    atexit.register(gc.freeze)  # or the interpreter searches everything for cycles before it ends
    open_closed_streams()
    spell_unknown_letters()
    try:
        code = _run()
    except KeyboardInterrupt:  # while a failure was told
        code = INTERRUPTED
    signal.signal(signal.SIGINT, _leave)  # the interpreter would tell an exception at its end as a traceback
    if code == INTERRUPTED:  # threads that compute still run, and none of them writes a file
        complain(_HALTED)
        os._exit(code)
    sys.exit(code)


def _run() -> int:
    """Run the command line and return the exit code."""
    signal.signal(signal.SIGINT, _interrupt)
    try:
        with warnings_told():
            _chosen()(standalone_mode=True)
    except SystemExit as stop:
        code = _flush(stop.code if isinstance(stop.code, int) else UNEXPECTED)
    except ClosedPipeError:
        code = hush(CLOSED_PIPE)
    except DetenteError as error:
        code = _tell(error)
    except KeyboardInterrupt:
        code = INTERRUPTED
    except BrokenPipeError:
        code = hush(CLOSED_PIPE)
    except MemoryError:
        code = _tell(DetenteError(Fault("out_of_memory", "memory", hint="fewer_futures")))
    except OSError as error:
        code = _unwritable(error)
    return code


def _leave(*_: object) -> None:
    remove_unfinished()
    os.write(2, _HALTED.encode())
    os._exit(INTERRUPTED)


def _interrupt(signum: int, frame: FrameType | None) -> None:
    # Unwinding numba's compiler can crash the process, and an import may swallow the exception or tell it as another;
    # no file is being written meanwhile: leave at once.
    while frame is not None:
        if str(frame.f_globals.get("__name__")).startswith(("numba.", "importlib.")):
            _leave()
        frame = frame.f_back
    raise KeyboardInterrupt


def _flush(code: int) -> int:
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        return hush(CLOSED_PIPE)
    except OSError as error:
        return _unwritable(error)
    return code


def _unwritable(error: OSError) -> int:
    """Tell on standard error that output failed; standard output may be what failed, so nothing more goes there."""
    where = str(error.filename) if error.filename else "standard output"
    reason = error.strerror or str(error)
    fault = Fault("unwritable", "output", where=where, hint="check_disk", reason=reason)
    complain(f"error: {fault}\n")
    return hush(OutputError.exit_code)


def _tell(error: DetenteError) -> int:
    options = options_of(typer.main.get_group(_chosen()), sys.argv[1:])
    if "--json" in sys.argv[1:]:
        write(json.dumps(as_json(error, options), indent=2, ensure_ascii=False))
        return _flush(error.exit_code)
    complain("".join(f"error: {told(fault, options)}\n" for fault in error.faults))
    return error.exit_code
