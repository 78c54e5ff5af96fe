"""Days that nobody covers add neither exposure nor acts to a fit, and memories fade through them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl

from detente.argument.argument import Argument
from detente.argument.blocks import GapSpec, RunSpec
from detente.base.days import Window
from detente.events.chronicle import Chronicle
from detente.events.coverage import Coverage
from detente.model.compiler import compile_argument, extend
from detente.model.fit import fit
from detente.model.known import read_known
from detente.model.leave_out import expected_acts
from worlds import baseline, random_chronicle

GAP = Window(date(2001, 6, 1), date(2003, 1, 1))
AS_OF = date(2004, 1, 1)


def argument() -> Argument:
    return baseline("A", "B").model_copy(update={"run": RunSpec(outbreaks=False)})


def emptied() -> Chronicle:
    """A chronicle that takes the days of the gap for quiet ones."""
    whole = random_chronicle(days=1600)
    kept = ~pl.col("date").is_between(GAP.start, GAP.end, "left")
    return replace(whole, events=whole.events.filter(kept))


def test_a_gap_leaves_its_days_out_of_a_fit_and_nothing_else() -> None:
    quiet = emptied()
    plain = compile_argument(argument(), quiet, AS_OF)
    parted = compile_argument(argument(), replace(quiet, gaps=(GAP,)), AS_OF)
    mask = Coverage(plain.history.window.span, (GAP,)).mask
    assert parted.history.window.days == mask.sum() == plain.history.window.days - GAP.days
    assert (parted.history.counts == plain.history.counts[:, mask]).all()
    np.testing.assert_array_equal(parted.history.memories, plain.history.memories[:, mask])
    np.testing.assert_array_equal(parted.initial, plain.initial)
    # a fit to the design of the whole without the days of the gap
    masked = replace(
        plain,
        caps=parted.caps,
        history=replace(
            plain.history,
            window=parted.history.window,
            counts=plain.history.counts[:, mask],
            memory_rows=tuple(row[mask] for row in plain.history.memory_rows),
            atom_rows=tuple(
                atom.value(plain.history.memory_rows[plain.memories.index(atom.memory)], cap)[mask]  # type: ignore[union-attr]
                for atom, cap in zip(parted.atoms, parted.caps, strict=True)
            ),
        ),
    )
    one, other = fit(parted), fit(masked)
    np.testing.assert_allclose(one.mean, other.mean, rtol=1e-9)
    np.testing.assert_allclose(one.precision, other.precision, rtol=1e-9, atol=1e-9)


def test_a_gap_does_not_dilute_rates() -> None:
    quiet = emptied()
    whole = random_chronicle(days=1600)
    ahead = {}
    for name, chronicle in {"whole": whole, "parted": replace(quiet, gaps=(GAP,)), "quiet": quiet}.items():
        posterior = fit(compile_argument(argument(), chronicle, AS_OF))
        program, nothing = posterior.program, np.zeros(len(posterior.program.memories))
        ahead[name] = expected_acts(program, posterior.mode, nothing).sum()  # where nothing is remembered
    assert abs(ahead["parted"] / ahead["whole"] - 1) < 0.1
    assert ahead["quiet"] / ahead["whole"] < 0.7


def test_a_gap_that_an_argument_declares_is_one_of_its_chronicle() -> None:
    declared = argument().model_copy(
        update={"gaps": (GapSpec(start=GAP.start, end=GAP.end, because="nobody looked"),)}
    )
    one = compile_argument(declared, emptied(), AS_OF)
    other = compile_argument(argument(), replace(emptied(), gaps=(GAP,)), AS_OF)
    np.testing.assert_array_equal(one.history.atoms, other.history.atoms)
    np.testing.assert_array_equal(one.history.counts, other.history.counts)


def test_days_ahead_leave_the_gap_out_too() -> None:
    chronicle, origin = replace(emptied(), gaps=(GAP,)), date(2001, 5, 1)
    program = compile_argument(argument(), chronicle, origin)
    ahead = extend(program, argument(), read_known(argument(), chronicle, date(2003, 2, 1)))
    assert ahead.window.days == ahead.counts.shape[1] == ahead.atoms.shape[1] == 31 + 31
    later = chronicle.events.filter(pl.col("date") >= origin, pl.col("date") < date(2003, 2, 1))
    assert ahead.counts.sum() == later.height > 0
