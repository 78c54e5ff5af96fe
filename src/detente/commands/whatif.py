"""``detente whatif``: levers pulled on futures, beside the same futures without."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from detente.commands.common import (
    Add,
    AddUntil,
    ArgumentName,
    AsJson,
    Codebook,
    EventFile,
    FirstDay,
    Principals,
    Rivalry,
    Seed,
    SkipBad,
    Threads,
    case_of,
    day_of,
    progress_bars,
    write,
)

if TYPE_CHECKING:
    from detente.whatif import WhatIf


def whatif(
    rivalry: Rivalry = None,
    lever: Annotated[
        list[str] | None,
        typer.Option("--lever", help="NAME[:ACTOR][=SIZE]@DAY, or a plan of the argument; may be repeated"),
    ] = None,
    argument: ArgumentName = None,
    as_of: FirstDay = None,
    days: Annotated[int | None, typer.Option(min=1, max=36_500, help="how far to run")] = None,
    futures: Annotated[int | None, typer.Option(min=2, max=1_000_000, help="how many futures")] = None,
    seed: Seed = None,
    events: EventFile = None,
    codebook: Codebook = None,
    principals: Principals = None,
    threads: Threads = 0,
    skip_bad: SkipBad = False,
    add: Add = None,
    add_until: AddUntil = None,
    as_json: AsJson = False,
) -> None:
    """Pull levers on futures and say what changes, through which coefficients, and what that rests on."""
    from detente.whatif import whatif as whatif_of

    case = case_of(rivalry, argument, events, codebook, principals, skip_bad, add, add_until)
    with progress_bars() as tell:
        result = whatif_of(
            case,
            lever or [],
            as_of=day_of(as_of, "--as-of"),
            days=days,
            futures=futures,
            seed=seed,
            threads=threads,
            progress=tell,
        )
    write(json.dumps(result.to_dict(), indent=2, ensure_ascii=False) if as_json else told(result))


def told(result: WhatIf) -> str:
    """Return the comparison in plain words and one table."""
    from detente.whatif import LABEL, OUTCOMES

    pulled = ", ".join(dose.text for dose in result.doses)
    head = (
        f"{result.case.rivalry}, argument {result.case.argument.argument}, as of {result.as_of.isoformat()}: "
        f"{result.futures:,} futures of {result.days} days from seed {result.seed}."
    )
    lines = [
        head,
        f"Pulled: {pulled}. This is a {LABEL}: actors are taken to go on responding as fitted.",
        in_short(result),
        "",
        f"{'':<28}{'days':>5}{'without':>10}{'with':>10}{'difference, 90 % interval':>34}",
    ]
    for (name, days), d in result.outcomes.items():
        shown = OUTCOMES.get(name, name)
        if len(shown) > 27:
            shown = name
        lines.append(
            f"{shown:<28}{days:>5}{d.without:>10.3f}{d.with_:>10.3f}{d.mean:>+14.4f} ({d.low:+.4f} to {d.high:+.4f})"
        )
    lines += [
        "",
        "Talks, accords and deaths are shares of futures; force is days of ASSAULT or COERCE, pressure acts;",
    ]
    lines += [
        "deaths are a hundred or more. Acts the levers put in are not counted. Intervals are Monte Carlo, paired."
    ]
    if result.drivers:
        lines += [
            "",
            "Acts through                              prior            posterior        moved by events",
        ]
        for by in sorted(result.drivers, key=lambda by: -by.moved):
            prior, posterior = f"{by.prior_mean:>6.2f} ± {by.prior_sd:.2f}", f"{by.mean:>6.2f} ± {by.sd:.2f}"
            lines.append(f"  {by.mechanism + '.' + by.term:<38}{prior}   {posterior}   {by.moved:>6.0%}")
        share = len(result.on_priors)
        lines.append(
            f"{share} of {len(result.drivers)} rest on the argument's priors: events moved them by less than 10 %."
        )
    lines += [f"Outside anything seen: {what}." for what in result.beyond]
    return "\n".join(lines)


def in_short(result: WhatIf) -> str:
    """Return what the levers change over all the days, in one sentence."""
    said = []
    shares = {
        "talks": "futures with talks",
        "accords": "with a substantive accord",
        "deaths": "with a hundred deaths",
    }
    for name, shown in (shares | {"force": "days of force"}).items():
        d = result.outcomes[name, result.days]
        a, b = (f"{x:.1%}" if name in shares else f"{x:.2f}" for x in (d.without, d.with_))
        way = "more" if d.low > 0 else "fewer" if d.high < 0 else "not told apart"
        said.append(f"{shown} {a} to {b} ({way})")
    return f"Over {result.days} days: {'; '.join(said)}."
