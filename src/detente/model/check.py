"""Checks of an argument that need the mechanisms: terms, settings, kinds of facts, what claims speak of."""

from __future__ import annotations

from detente.argument.claim_blocks import CONDITIONS, ClaimSpec
from detente.argument.faults import Faults
from detente.argument.yaml_lines import Path_
from detente.model.elsewhere import row_ids
from detente.model.mechanisms import mechanism_registry
from detente.model.mechanisms.base import Mechanism
from detente.model.rivalries import RIVALRIES, rivalries


def check_mechanisms(faults: Faults) -> None:
    """Add what only the registry of mechanisms knows."""
    _uses(faults)
    kinds = sorted({kind for mechanism in mechanism_registry().values() for kind in mechanism.facts})
    for kind in faults.argument.facts:
        faults.unless_in(("facts", kind), kind, kinds, "not_a_kind_of_fact")
    for i, claim in enumerate(faults.argument.claims):
        _claim(faults, ("claims", i), claim, kinds)


def _uses(faults: Faults) -> None:
    for name, use in faults.argument.mechanisms.items():
        at: Path_ = ("mechanisms", name)
        mechanism = mechanism_registry().get(name)
        if mechanism is None:
            faults.add(at, "not_a_mechanism", name, mechanism_registry())
            continue
        terms = [term.name for term in mechanism.terms]
        for term in use.terms:
            faults.unless_in((*at, "terms", term), term, terms, "not_a_term", mechanism=name)
        for term in use.without:
            faults.unless_in((*at, "without"), term, terms, "not_a_term", mechanism=name)
        if use.prior == RIVALRIES:
            _of_rivalries(faults, name, mechanism)
        for setting in use.settings:
            where = (*at, "settings", setting)
            faults.unless_in(where, setting, mechanism.settings, "not_a_setting", mechanism=name)


def _of_rivalries(faults: Faults, name: str, mechanism: Mechanism) -> None:
    """Add a fault where many rivalries say nothing of a mechanism, or say it on other clocks than the argument's."""
    at: Path_ = ("mechanisms", name, "prior")
    table, clocks = rivalries(), faults.argument.clocks.half_lives()
    if not table.knows(name):
        known = [other for other in mechanism_registry() if table.knows(other)]
        faults.add(at, "no_estimates", name, known)
        return
    for clock in mechanism.clocks:
        half_life, other = clocks[clock], table.half_lives[clock]
        if half_life != other:
            faults.add(at, "estimates_of_other_clock", name, clock=clock, half_life=half_life, other=other)


def _claim(faults: Faults, at: Path_, claim: ClaimSpec, kinds: list[str]) -> None:
    for name in (*claim.condition, *((claim.during,) if claim.during else ())):
        faults.unless_in((*at, "condition"), name, (*CONDITIONS, *kinds), "not_a_condition")
    for name in claim.adds:
        faults.unless_in((*at, "adds"), name, list(mechanism_registry()), "not_a_mechanism")
    names = dict.fromkeys((*faults.argument.mechanisms, *claim.adds))
    used = [mechanism_registry()[name] for name in names if name in mechanism_registry()]
    terms = [f"{mechanism.name}.{term.name}" for mechanism in used for term in mechanism.terms]
    for field in ("terms", "beside", "given"):
        for text in getattr(claim, field):
            faults.unless_in((*at, field), text.removeprefix("-"), terms, "not_a_term_in_use")
    if (tested := claim.elsewhere) is not None:
        faults.unless_in((*at, "elsewhere", "row"), tested.row, row_ids(), "not_an_evidence_row")
        own = [term.removeprefix("-") for term in (*claim.terms, *claim.beside)]
        for term in tested.terms:
            faults.unless_in((*at, "elsewhere", "terms"), term, own, "not_a_term_of_claim")
