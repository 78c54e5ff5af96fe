"""The command line: reads flags, calls `detente.lab`, prints what it returns. Heavy imports wait for their command."""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from detente.commands.ask import ask
from detente.commands.backtest import backtest
from detente.commands.bargain import bargain
from detente.commands.claims import claims
from detente.commands.clocks import clocks
from detente.commands.common import (
    CLOSED_PIPE,
    Add,
    AddUntil,
    ArgumentName,
    AsJson,
    Codebook,
    EventFile,
    FirstDay,
    FutureCount,
    Principals,
    Rivalry,
    Seed,
    SkipBad,
    Threads,
    case_of,
    day_of,
    hush,
    pair_of,
    progress_bars,
    write,
)
from detente.commands.compare import compare
from detente.commands.crisis import crisis
from detente.commands.diagnose import diagnose
from detente.commands.diff import diff
from detente.commands.exercise import exercise
from detente.commands.forecasts import forecasts
from detente.commands.imports import import_
from detente.commands.mediators import mediators
from detente.commands.new import new
from detente.commands.phases import phases
from detente.commands.report import report
from detente.commands.unlock import unlock
from detente.commands.whatif import whatif
from detente.commands.world import world
from detente.errors import DetenteError, Fault, OutputError

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


@app.callback()
def _root(
    ctx: typer.Context,
    show_version: Annotated[bool, typer.Option("--version", help="print the version", is_eager=True)] = False,
) -> None:
    if show_version:
        from importlib.metadata import version

        write(version("detente"))
        raise typer.Exit


@app.command()
def run(
    rivalry: Rivalry = None,
    argument: ArgumentName = None,
    as_of: FirstDay = None,
    days: Annotated[int | None, typer.Option(min=1, max=36_500, help="days to count acts over")] = None,
    futures: FutureCount = None,
    seed: Seed = None,
    out: Annotated[Path | None, typer.Option(help="folder for the page, the pictures and the tables")] = None,
    events: EventFile = None,
    codebook: Codebook = None,
    principals: Principals = None,
    threads: Threads = 0,
    skip_bad: SkipBad = False,
    add: Add = None,
    add_until: AddUntil = None,
    as_json: AsJson = False,
) -> None:
    """Fit a rivalry to what was known by a day and run it forward."""
    from detente import lab
    from detente.timeline import parse_day

    day = parse_day(as_of, what="--as-of") if as_of is not None else None
    if out is not None and out.exists() and not out.is_dir():
        raise OutputError(Fault("--out", "must be a folder", got=str(out), hint="Name a new folder."))
    case = case_of(rivalry, argument, events, codebook, principals, skip_bad, add, add_until)
    with progress_bars() as tell:
        result = lab.run(
            case, as_of=day, days=days, futures=futures, seed=seed, threads=threads, progress=tell
        )
        written: list[Path] = []
        if out is not None:
            from detente.report import write_run

            written = write_run(result, out, tell)
    if as_json:
        write(json.dumps(result.to_dict(), indent=2, ensure_ascii=False))
        return
    from detente import _show

    _show.run(result, written)


@app.command()
def events(
    rivalry: Rivalry = None,
    file: EventFile = None,
    codebook: Codebook = None,
    source: Annotated[list[str] | None, typer.Option(help="actor code; may be repeated")] = None,
    target: Annotated[list[str] | None, typer.Option(help="actor code; may be repeated")] = None,
    between: Annotated[
        str | None, typer.Option(help="two actors in either direction, such as USA,IRN")
    ] = None,
    class_: Annotated[
        list[str] | None, typer.Option("--class", help="class of acts; may be repeated")
    ] = None,
    action: Annotated[list[str] | None, typer.Option(help="action; may be repeated")] = None,
    mode: Annotated[list[str] | None, typer.Option(help="mode; may be repeated")] = None,
    issue: Annotated[list[str] | None, typer.Option(help="issue; may be repeated")] = None,
    since: Annotated[str | None, typer.Option(help="first day, YYYY-MM-DD")] = None,
    until: Annotated[str | None, typer.Option(help="first day outside, YYYY-MM-DD")] = None,
    text: Annotated[str | None, typer.Option(help="words of the summary")] = None,
    by: Annotated[
        list[str] | None, typer.Option("--count", help="count by a column, or by year or month")
    ] = None,
    classes: Annotated[bool, typer.Option("--classes", help="count by source, target and class")] = False,
    limit: Annotated[int, typer.Option(min=1, help="rows to print")] = 100,
    skip_bad: SkipBad = False,
    add: Add = None,
    add_until: AddUntil = None,
    as_json: AsJson = False,
) -> None:
    """List, filter and count the acts of a chronicle."""
    from detente import _show, lab

    chronicle = lab.load_chronicle(
        rivalry,
        events=file,
        codebook=codebook,
        skip_bad=skip_bad,
        add=tuple(add or ()),
        add_until=day_of(add_until),
    )
    chosen = lab.choose_events(
        chronicle,
        since=since,
        until=until,
        source=source,
        target=target,
        between=pair_of(between, "--between") if between else None,
        class_=class_,
        action=action,
        mode=mode,
        issue=issue,
        text=text,
    )
    keys = ["source", "target", "class"] if classes else by
    table = chosen.count_by(*keys) if keys else chosen.events
    if keys:
        table = table.sort("acts", descending=True, maintain_order=True)
    if as_json:
        head = {
            "acts": chosen.acts,
            "window": [chosen.window.start.isoformat(), chosen.window.end.isoformat()],
        }
        rows = table.head(limit).to_dicts()
        write(
            json.dumps(
                head | {"digest": chronicle.digest, "rows": rows}, indent=2, ensure_ascii=False, default=str
            )
        )
        return
    _show.events(chronicle, chosen, table, limit, counted=bool(keys))


@app.command()
def check(
    file: Annotated[
        Path, typer.Argument(help="an argument (.yaml) or an event file (.csv, .csv.gz, .parquet)")
    ],
    codebook: Codebook = None,
    as_json: AsJson = False,
) -> None:
    """Check an argument or an event file; every fault is told with its line and what to try."""
    from detente import lab

    report = lab.check_file(file, codebook)
    write(json.dumps(report, indent=2, ensure_ascii=False) if as_json else report["summary"])


app.command()(ask)


app.command()(backtest)


app.command()(bargain)


app.command()(claims)


app.command()(clocks)


app.command()(compare)


app.command()(crisis)


app.command()(diagnose)


app.command()(diff)


app.command()(exercise)


app.command()(forecasts)


app.command("import")(import_)


@app.command()
def schema() -> None:
    """Print the JSON Schema of argument files."""
    from detente.argument import json_schema

    write(json.dumps(json_schema(), indent=2, ensure_ascii=False))


@app.command()
def mechanisms(as_json: AsJson = False) -> None:
    """List the mechanisms an argument may use, with their terms and default priors."""
    from detente import _show
    from detente.mechanisms import registry

    if not as_json:
        _show.mechanisms(registry())
        return
    rows = [
        {
            "name": m.name,
            "title": m.title,
            "says": m.says,
            "source": list(m.source),
            "example": m.example,
            "clocks": list(m.clocks),
            "settings": dict(m.settings),
            "facts": dict(m.facts),
            "terms": [
                {"name": t.name, "says": t.says, "mean": t.prior.mean, "sd": t.prior.sd, "source": t.source}
                for t in m.terms
            ],
        }
        for m in registry().values()
    ]
    write(json.dumps({"mechanisms": rows}, indent=2, ensure_ascii=False))


app.command()(mediators)


app.command()(new)


app.command()(phases)


app.command()(report)


app.command()(unlock)


app.command()(whatif)


app.command()(world)


def main() -> None:
    """Run the command line; map every foreseen failure to its exit code, without a traceback."""
    # Work is shared among threads of our own; those of the algebra library would only wait for each other.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    signal.signal(signal.SIGINT, _interrupt)
    try:
        app(standalone_mode=True)
    except SystemExit as stop:
        code = _flush(stop.code if isinstance(stop.code, int) else UNEXPECTED)
    except DetenteError as error:
        code = _tell(error)
    except KeyboardInterrupt:
        code = INTERRUPTED
    except BrokenPipeError:
        code = hush(CLOSED_PIPE)
    except MemoryError:
        code = _tell(DetenteError(Fault("memory", "ran out", hint="Ask for fewer futures or days.")))
    except OSError as error:
        code = _unwritable(error)
    if code == INTERRUPTED:  # threads that compute still run, and none of them writes a file
        sys.stderr.write(_HALTED)
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


def _interrupt(signum: int, frame: FrameType | None) -> None:
    # Unwinding numba's compiler can crash the process, and no file is being written while it works: leave at once.
    while frame is not None:
        if str(frame.f_globals.get("__name__")).startswith("numba."):
            os.write(2, _HALTED.encode())
            os._exit(INTERRUPTED)
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
    told = f"cannot be written: {error.strerror or error}"
    sys.stderr.write(
        f"error: {Fault('output', told, where=where, hint='Check the disk and the permissions.')}\n"
    )
    return hush(OutputError.exit_code)


def _tell(error: DetenteError) -> int:
    if "--json" in sys.argv[1:]:
        write(json.dumps(error.to_dict(), indent=2, ensure_ascii=False))
        return _flush(error.exit_code)
    sys.stderr.write("".join(f"error: {fault}\n" for fault in error.faults))
    return error.exit_code
