"""The command line: reads flags, calls `detente.lab`, prints what it returns. Heavy imports wait for their command."""

from __future__ import annotations

import errno
import json
import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from detente.errors import ArgumentError, DetenteError, Fault, OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from detente.lab import Case, Progress

INTERRUPTED, CLOSED_PIPE, UNEXPECTED = 130, 141, 1

app = typer.Typer(
    help="A laboratory for interstate rivalries: fit an argument to dated events, run it forward, ask it questions.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    epilog="Exit codes: 0 ok, 1 unexpected, 2 usage, 3 data, 4 argument, 5 fit, 6 unstable, 7 question, 8 ledger, "
    "9 output, 130 interrupted, 141 closed pipe.",
)

Rivalry = Annotated[str | None, typer.Argument(help="a named rivalry, such as us-iran")]
ArgumentName = Annotated[str | None, typer.Option("--argument", help="an argument's name, or a YAML file")]
EventFile = Annotated[
    Path | None, typer.Option("--events", help="an event file to use instead of the embedded one")
]
Codebook = Annotated[
    str | None, typer.Option("--codebook", help="how codes read: detente, plover, cameo or weis")
]
Principals = Annotated[str | None, typer.Option("--principals", help="the two actors, such as USA,IRN")]
AsJson = Annotated[bool, typer.Option("--json", help="print one JSON object")]
SkipBad = Annotated[
    bool, typer.Option("--skip-bad", help="leave faulty rows out, and say which, instead of refusing")
]


@app.callback()
def _root(
    ctx: typer.Context,
    show_version: Annotated[bool, typer.Option("--version", help="print the version", is_eager=True)] = False,
) -> None:
    if show_version:
        from importlib.metadata import version

        _write(version("detente"))
        raise typer.Exit


@app.command()
def run(
    rivalry: Rivalry = None,
    argument: ArgumentName = None,
    as_of: Annotated[
        str | None, typer.Option(help="first day to simulate, YYYY-MM-DD; nothing known later is used")
    ] = None,
    days: Annotated[int | None, typer.Option(min=1, max=36_500, help="days to count acts over")] = None,
    futures: Annotated[int | None, typer.Option(min=1, max=1_000_000, help="how many futures")] = None,
    seed: Annotated[int | None, typer.Option(min=0, max=2**63 - 1, help="fixes every random number")] = None,
    out: Annotated[Path | None, typer.Option(help="folder for the page, the pictures and the tables")] = None,
    events: EventFile = None,
    codebook: Codebook = None,
    principals: Principals = None,
    threads: Annotated[
        int, typer.Option(min=0, max=32, help="0 uses every core; results do not depend on it")
    ] = 0,
    skip_bad: SkipBad = False,
    as_json: AsJson = False,
) -> None:
    """Fit a rivalry to what was known by a day and run it forward."""
    from detente import lab
    from detente.timeline import parse_day

    day = parse_day(as_of, what="--as-of") if as_of is not None else None
    if out is not None and out.exists() and not out.is_dir():
        raise OutputError(Fault("--out", "must be a folder", got=str(out), hint="Name a new folder."))
    case = _case(rivalry, argument, events, codebook, principals, skip_bad)
    with _progress() as tell:
        result = lab.run(
            case, as_of=day, days=days, futures=futures, seed=seed, threads=threads, progress=tell
        )
        written: list[Path] = []
        if out is not None:
            from detente.report import write_run

            written = write_run(result, out, tell)
    if as_json:
        _write(json.dumps(result.to_dict(), indent=2, ensure_ascii=False))
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
    as_json: AsJson = False,
) -> None:
    """List, filter and count the acts of a chronicle."""
    from detente import _show, lab

    chronicle = lab.load_chronicle(rivalry, events=file, codebook=codebook, skip_bad=skip_bad)
    chosen = lab.choose_events(
        chronicle,
        since=since,
        until=until,
        source=source,
        target=target,
        between=_pair(between, "--between") if between else None,
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
        _write(
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
    _write(json.dumps(report, indent=2, ensure_ascii=False) if as_json else report["summary"])


@app.command()
def schema() -> None:
    """Print the JSON Schema of argument files."""
    from detente.argument import json_schema

    _write(json.dumps(json_schema(), indent=2, ensure_ascii=False))


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
            "terms": [
                {"name": t.name, "says": t.says, "mean": t.prior.mean, "sd": t.prior.sd, "source": t.source}
                for t in m.terms
            ],
        }
        for m in registry().values()
    ]
    _write(json.dumps({"mechanisms": rows}, indent=2, ensure_ascii=False))


def main() -> None:
    """Run the command line; map every foreseen failure to its exit code, without a traceback."""
    try:
        app(standalone_mode=True)
    except SystemExit as stop:
        code = _flush(stop.code if isinstance(stop.code, int) else UNEXPECTED)
    except DetenteError as error:
        code = _tell(error)
    except KeyboardInterrupt:
        code = INTERRUPTED
    except BrokenPipeError:
        code = _hush(CLOSED_PIPE)
    except MemoryError:
        code = _tell(DetenteError(Fault("memory", "ran out", hint="Ask for fewer futures or days.")))
    except OSError as error:
        code = _unwritable(error)
    if code == INTERRUPTED:
        sys.stderr.write("interrupted; nothing was left half-written\n")
    sys.exit(code)


def _flush(code: int) -> int:
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        return _hush(CLOSED_PIPE)
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
    return _hush(OutputError.exit_code)


def _hush(code: int) -> int:
    """Point standard output at nothing, so that the interpreter's own flush cannot fail again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return code


def _tell(error: DetenteError) -> int:
    if "--json" in sys.argv[1:]:
        _write(json.dumps(error.to_dict(), indent=2, ensure_ascii=False))
        return _flush(error.exit_code)
    sys.stderr.write("".join(f"error: {fault}\n" for fault in error.faults))
    return error.exit_code


def _write(text: str) -> None:
    try:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()
    except OSError as error:
        if error.errno == errno.EPIPE:
            raise SystemExit(_hush(CLOSED_PIPE)) from None
        raise


def _pair(text: str, what: str) -> tuple[str, str]:
    parts = [part.strip() for part in text.split(",")]
    if len(parts) != 2 or not all(parts) or parts[0] == parts[1]:
        raise ArgumentError(
            Fault(what, "must be two different actors with a comma", got=text, hint="Try USA,IRN.")
        )
    return parts[0], parts[1]


def _case(
    rivalry: str | None,
    argument: str | None,
    events: Path | None,
    codebook: str | None,
    principals: str | None,
    skip_bad: bool,
) -> Case:
    from detente.lab import load_case

    pair = _pair(principals, "--principals") if principals else None
    return load_case(
        rivalry, argument=argument, events=events, codebook=codebook, principals=pair, skip_bad=skip_bad
    )


@contextmanager
def _progress() -> Iterator[Progress]:
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
