"""The command line: every command, and how a failure becomes a message and an exit code."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from types import FrameType
from typing import Annotated

import typer

from detente.base.errors import ClosedPipeError, DetenteError, Fault, OutputError
from detente.base.hidden_names import remove_unfinished
from detente.cli.ask import ask
from detente.cli.backtest import backtest
from detente.cli.bargain import bargain
from detente.cli.check import check
from detente.cli.claims import claims
from detente.cli.clocks import clocks
from detente.cli.compare import compare
from detente.cli.crisis import crisis
from detente.cli.diagnose import diagnose
from detente.cli.diff import diff
from detente.cli.events import events
from detente.cli.exercise import exercise
from detente.cli.forecasts import forecasts
from detente.cli.import_events import import_
from detente.cli.mechanisms import mechanisms
from detente.cli.mediators import mediators
from detente.cli.named_options import as_json, options_of, told
from detente.cli.new import new
from detente.cli.output import (
    CLOSED_PIPE,
    complain,
    hush,
    open_closed_streams,
    spell_unknown_letters,
    warnings_told,
    write,
)
from detente.cli.phases import phases
from detente.cli.report import report
from detente.cli.run import run
from detente.cli.schema import schema
from detente.cli.unlock import unlock
from detente.cli.whatif import whatif
from detente.cli.world import world

INTERRUPTED, UNEXPECTED = 130, 1
_HALTED = "interrupted; nothing was left half-written\n"
app = typer.Typer(
    help="A laboratory for interstate rivalries: fit an argument to dated events, run it forward, ask it questions.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    epilog="Exit codes: 0 ok, 1 unexpected, 2 usage, 3 data, 4 argument, 5 fit, 6 unstable, 7 question, 8 ledger, "
    "9 output, 130 interrupted, 141 closed pipe.",
)


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        write(version("detente"))
        raise typer.Exit


@app.callback()
def _root(
    show_version: Annotated[
        bool,
        typer.Option("--version", help="print the version", is_eager=True, callback=_show_version),
    ] = False,
) -> None:
    """Take the options that stand before a command."""


_COMMANDS: tuple[Callable[..., None], ...] = (  # in the order of the help
    run,
    events,
    check,
    ask,
    backtest,
    bargain,
    claims,
    clocks,
    compare,
    crisis,
    diagnose,
    diff,
    exercise,
    forecasts,
    import_,
    schema,
    mechanisms,
    mediators,
    new,
    phases,
    report,
    unlock,
    whatif,
    world,
)
for _command in _COMMANDS:
    app.command(_command.__name__.rstrip("_"))(_command)


def main() -> None:
    """Run the command line; map every foreseen failure to its exit code, without a traceback."""
    # Work is shared among threads of our own; those of the algebra library would only wait for each other.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
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
            app(standalone_mode=True)
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
    options = options_of(typer.main.get_group(app), sys.argv[1:])
    if "--json" in sys.argv[1:]:
        write(json.dumps(as_json(error, options), indent=2, ensure_ascii=False))
        return _flush(error.exit_code)
    complain("".join(f"error: {told(fault, options)}\n" for fault in error.faults))
    return error.exit_code
