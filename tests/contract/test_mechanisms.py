"""Every registered mechanism, on every class scheme; a new file is tested without touching this one."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from detente.argument import Argument, MechanismSpec
from detente.compiler import compile_argument, lay_out
from detente.fit import fit
from detente.mechanisms import Mechanism, registry
from detente.memory import memories_of
from worlds import AS_OF, baseline, embedded, essay, random_chronicle

MECHANISMS = list(registry().values())
CLOCKS = {"fast": 14.0, "slow": 365.0, "generational": 7305.0}
ROOT = Path(__file__).parents[2]


def only(mechanism: Mechanism, argument: Argument) -> Argument:
    return argument.model_copy(
        update={"mechanisms": {mechanism.name: MechanismSpec()}, "claims": (), "questions": ()}
    )


@pytest.mark.parametrize("mechanism", MECHANISMS, ids=lambda m: m.name)
def test_it_declares_itself(mechanism: Mechanism) -> None:
    assert re.fullmatch(r"[a-z][a-z_]*", mechanism.name)
    for text in (mechanism.title, mechanism.says, mechanism.example):
        assert len(text) > 5
    assert mechanism.says.endswith(".")
    assert mechanism.example.endswith(".")
    names = [term.name for term in mechanism.terms]
    assert names
    assert len(set(names)) == len(names)
    assert set(mechanism.clocks) <= set(CLOCKS)
    bibliography = (ROOT / "docs" / "bibliography.md").read_text(encoding="utf-8")
    for key in (*mechanism.source, *(term.source for term in mechanism.terms)):
        assert f"[{key}]" in bibliography, key
    for term in mechanism.terms:
        assert term.prior.sd > 0
        assert np.isfinite(term.prior.mean)


@pytest.mark.parametrize("scheme", ["detente", "quad"])
@pytest.mark.parametrize("mechanism", MECHANISMS, ids=lambda m: m.name)
def test_its_terms_lie_on_channels_of_any_scheme_once_each(mechanism: Mechanism, scheme: str) -> None:
    layout = lay_out(essay(), scheme)
    uses = list(mechanism.features(layout, CLOCKS, mechanism.settings))
    assert uses
    declared = {term.name for term in mechanism.terms}
    assert {term for term, _, _ in uses} <= declared
    if scheme == "detente":
        assert {term for term, _, _ in uses} == declared, "a declared term acts nowhere"
    seen = [(term, channel) for term, channel, _ in uses]
    assert len(seen) == len(set(seen)), "a term acts twice on one channel"
    for _, channel, expression in uses:
        assert channel in layout.channels
        for memory in memories_of(expression):
            assert memory.feeds
            assert all(
                0 <= row < len(layout.channels) and weight.closeness > 0 for row, weight in memory.feeds
            )


@pytest.mark.parametrize("scheme", ["detente", "quad"])
@pytest.mark.parametrize("mechanism", MECHANISMS, ids=lambda m: m.name)
def test_it_fits_any_pair_alone(mechanism: Mechanism, scheme: str) -> None:
    program = compile_argument(only(mechanism, baseline("A", "B")), random_chronicle(2, scheme=scheme), AS_OF)
    posterior = fit(program)
    assert np.isfinite(posterior.mean).all()
    own = [j for j, c in enumerate(program.coefficients) if c.mechanism == mechanism.name]
    assert own
    assert all(posterior.sd[j] <= program.coefficients[j].prior.sd + 1e-12 for j in own)


@pytest.mark.parametrize("mechanism", MECHANISMS, ids=lambda m: m.name)
def test_it_looks_only_back(mechanism: Mechanism) -> None:
    """Features on a day do not change with that day's or later acts."""
    from dataclasses import replace

    import polars as pl

    chronicle = embedded()
    full = compile_argument(only(mechanism, essay()), chronicle, AS_OF)
    day = full.history.window.day(13_000)
    cut = replace(chronicle, events=chronicle.events.filter(pl.col("date") < day))
    part = compile_argument(only(mechanism, essay()), cut, AS_OF)
    plain = [i for i, m in enumerate(full.memories) if all(w.per_log_death == 0 for _, w in m.feeds)]
    np.testing.assert_array_equal(
        full.history.memories[plain, :13_001], part.history.memories[plain, :13_001]
    )
