"""``detente warm``: compile everything that is compiled, so that the first answer after installing is not slow."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from detente.cli.options import AsJson
from detente.cli.output import progress_bars, write

if TYPE_CHECKING:
    from collections.abc import Callable

    from detente.base.compiled import CompiledCode
    from detente.base.days import Window
    from detente.lab.case import Case

_FEW_CLOCKS = {"fast": (14.0, 30.0)}  # two fits instead of all of the grid
_DAYS, _FUTURES, _PAIRS = 60, 4, 3
_FIRST_DAYS, _LAST_DAYS, _QUARTER = timedelta(days=1000), timedelta(days=1100), timedelta(days=92)


def warm(as_json: AsJson = False) -> None:
    """Compile the simulation code once after installing, so that no later command has to wait for it."""
    from detente.base.clock import stopwatch
    from detente.base.compiled import compiled_code

    watch, calls = stopwatch(), smallest_calls()
    with progress_bars() as tell:
        for done, call in enumerate(calls):
            tell("compile", done, len(calls))
            call()
        tell("compile", len(calls), len(calls))
    found = compiled_code()
    write(_json_of(found) if as_json else text_of(found, watch()))


def smallest_calls() -> list[Callable[[], object]]:
    """Return calls of every study that runs compiled code, each as small as it can be; none keeps a result."""
    from detente.base.days import Window
    from detente.events.files.embedded import embedded_rivalries
    from detente.lab import ask, case, run
    from detente.studies.bargain.bargain import bargain_of
    from detente.studies.claims.claims import claims
    from detente.studies.whatif.door_test import quick_door
    from detente.studies.whatif.whatif import whatif
    from detente.studies.world.run import world_of
    from detente.studies.world.skill import backtest_pairs

    rivalry = next(iter(embedded_rivalries()))
    few = _with_few_clocks(case.load_case(rivalry, cache=False))
    window = few.chronicle.window
    early, origin = few.chronicle.known_at(window.start + _FIRST_DAYS), window.end - _LAST_DAYS
    size: dict[str, Any] = {"futures": _FUTURES, "seed": 1}
    many: dict[str, Any] = {"pairs": _PAIRS, "train_share": 0.7}
    judged = next(claim.id for claim in few.argument.claims if claim.terms)
    return [
        lambda: run.run(few, days=_DAYS, **size),
        lambda: ask.ask(few, *(q.id for q in few.argument.questions), **size),
        lambda: whatif(few, ["relief=0.33@30"], days=_DAYS, **size),
        lambda: claims(few, only=[judged], **size),
        lambda: quick_door(few, as_of=origin, copies=1, seed=1),
        lambda: bargain_of(few.argument, draws=1000, seed=1),
        lambda: world_of(rivalry, pairs=_PAIRS, cache=False).to_dict(),
        lambda: _backtest(few, Window(origin, origin + _QUARTER)),
        lambda: backtest_pairs(
            early, horizons=(1, 7), futures=_FUTURES, ablations=False, trees=False, **many
        ),
    ]


def _with_few_clocks(case: Case) -> Case:
    clocks = case.argument.clocks.model_copy(update={"grid": _FEW_CLOCKS})
    return replace(case, argument=case.argument.model_copy(update={"clocks": clocks}))


def _backtest(case: Case, quarter: Window) -> None:
    """Run one window and one quarter of a backtest."""
    from detente.studies.scoring.backtest import run_backtest
    from detente.studies.scoring.protocol import Protocol

    first = (quarter.start,)
    protocol = Protocol(first, (), first, quarter.end, None, fixed=False, futures=_FUTURES)
    run_backtest(case.argument, case.chronicle, protocol)


def _json_of(found: CompiledCode) -> str:
    from detente.report.text.as_json import json_text

    folders = [str(folder) for folder in found.folders]
    return json_text({"loops": found.loops, "read": found.read, "compiled": found.made, "folders": folders})


def text_of(found: CompiledCode, seconds: float) -> str:
    """Say how much was compiled, where it is kept, and what to do where it cannot be."""
    head = f"{found.made + found.read} compiled functions are ready after {seconds:.0f} s: {found.made} compiled now, "
    head += f"{found.read} read from disk."
    if not found.folders:
        return (
            f"{head}\nThey could not be kept, so that each command compiles them again: neither the program's folder "
            "nor this user's cache folder can be written. Set NUMBA_CACHE_DIR to a folder that can."
        )
    return "\n".join([f"{head} They are kept in", *(f"  {folder}" for folder in found.folders)])
