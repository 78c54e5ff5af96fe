"""Every registered mechanism, on every class scheme; a new file is tested without touching this one."""

from __future__ import annotations

import re
from datetime import date

import numpy as np
import pytest

from detente.argument.argument import Argument
from detente.argument.blocks import ChannelSpec, FactSpec, MechanismSpec, PartySpec
from detente.model.compiler import compile_argument
from detente.model.fit import fit
from detente.model.layout import lay_out
from detente.model.mechanisms import mechanism_registry
from detente.model.mechanisms.base import Mechanism
from detente.model.memory import memories_of
from worlds import AS_OF, ROOT, baseline, embedded, essay, random_chronicle

MECHANISMS = list(mechanism_registry().values())
CLOCKS = {"fast": 14.0, "slow": 365.0, "generational": 7305.0}


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
    assert {pair.term for pair in mechanism.pair_terms} <= set(names)
    places = [m.proposed for m in MECHANISMS if m.proposed is not None]
    assert len(set(places)) == len(places)


@pytest.mark.like_cases
@pytest.mark.parametrize("scheme", ["detente", "quad"])
@pytest.mark.parametrize("mechanism", MECHANISMS, ids=lambda m: m.name)
def test_its_terms_lie_on_channels_of_any_scheme_once_each(mechanism: Mechanism, scheme: str) -> None:
    layout = lay_out(essay(), scheme)
    uses = list(mechanism.features(layout, CLOCKS, mechanism.settings))
    assert uses or (scheme == "quad" and not needed_by_quad(mechanism))
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


def needed_by_quad(mechanism: Mechanism) -> bool:
    """Whether some term lies on a role that the four quad classes tell apart; pressure is force there."""
    layout = lay_out(essay(), "detente")
    uses = mechanism.features(layout, CLOCKS, mechanism.settings)
    return any(layout.role(channel) not in ("talks", "pressure") for _, channel, _ in uses)


def with_facts(mechanism: Mechanism, argument: Argument) -> Argument:
    """Return an argument about A and B with partners, third parties and one of each fact the mechanism reads."""
    both = {
        kind: tuple(
            FactSpec(actor=side, start=date(2001, 2, 3), known_from=date(2001, 2, 3), because="test")
            for side in ("A", "B")
        )
        for kind in mechanism.facts
    }
    return only(mechanism, argument).model_copy(
        update={
            "facts": both,
            "parties": {"friends": PartySpec(members=("F",), side="B"), "others": PartySpec(members=("O",))},
            "channels": (
                ChannelSpec(source="friends", target="A", role="force"),
                ChannelSpec(source="others", target="principals", role="cooperation_by_word"),
            ),
        }
    )


@pytest.mark.like_cases
@pytest.mark.parametrize("scheme", ["detente", "quad"])
@pytest.mark.parametrize("mechanism", MECHANISMS, ids=lambda m: m.name)
def test_it_fits_any_pair_alone(mechanism: Mechanism, scheme: str) -> None:
    argument = with_facts(mechanism, baseline("A", "B"))
    program = compile_argument(argument, random_chronicle(2, scheme=scheme), AS_OF)
    posterior = fit(program)
    assert np.isfinite(posterior.mean).all()
    own = [j for j, c in enumerate(program.coefficients) if c.mechanism == mechanism.name]
    assert own or (scheme == "quad" and not needed_by_quad(mechanism))
    assert all(posterior.sd[j] <= program.coefficients[j].prior.sd + 1e-12 for j in own)


@pytest.mark.like_cases
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
    # the imputed tolls may move with later days' data; memories that ignore deaths may not
    plain = [i for i, m in enumerate(full.memories) if all(w.per_log_death == 0 for _, w in m.feeds)]
    np.testing.assert_array_equal(
        full.history.memories[plain, :13_001], part.history.memories[plain, :13_001]
    )
