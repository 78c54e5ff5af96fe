"""Which outcomes of futures an argument models: those that some act its channels may draw can bring about."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import polars as pl

from detente.base.arrays import Bools
from detente.futures.outcomes import accord_modes
from detente.model.channels import Channel
from detente.model.program import Program

OUTCOMES = ("talks", "accords", "force", "pressure", "deaths")
"""What levers are compared by; `outcomes.Counted` has a method of each name."""


def modelled(program: Program) -> tuple[str, ...]:
    """Return those of `OUTCOMES` that an act drawn in a future can count toward; of the others no zero means anything.

    An event file without modes holds no accord that could be told from a meeting, one in foreign codes may have no
    class of acts done together, and one without tolls says nothing of deaths. Acts that only a lever puts in do not
    count.

    Examples
    --------
    >>> from datetime import date
    >>> from detente.lab.case import load_case
    >>> from detente.model.compiler import compile_argument
    >>> case = load_case("us-iran")
    >>> modelled(compile_argument(case.argument, case.chronicle, date(2020, 1, 17)))
    ('talks', 'accords', 'force', 'pressure', 'deaths')
    """
    layout, acts = program.layout, program.acts
    action = pl.col("action")

    def drawn(channels: Iterable[Channel]) -> Bools:
        out = np.zeros(len(acts.chance), dtype=bool)
        for channel in channels:
            c = layout.index(channel)
            out[int(acts.start[c]) : int(acts.start[c + 1])] = True
        return out & (acts.chance > 0)

    def looks(rule: pl.Expr) -> Bools:
        return acts.looks.select(rule.fill_null(value=False)).to_series().to_numpy()

    found = {
        "talks": drawn(layout.joint()),
        "accords": drawn(layout.joint())
        & looks((action == "AGREE") & pl.col("mode").is_in(list(accord_modes()))),
        "force": drawn(layout.directed("force")) & looks(action.is_in(["ASSAULT", "COERCE"])),
        "pressure": drawn(layout.directed("pressure")),
        "deaths": drawn(layout.sided("force")) & (acts.death_chance > 0) & acts.deaths_known,
    }
    return tuple(name for name in OUTCOMES if found[name].any())
