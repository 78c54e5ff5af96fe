"""The words that pages show from codes: what the catalogues must hold beside the sentences of code and templates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

NOUNS = (
    "act",
    "assault",
    "case",
    "channel",
    "coefficient",
    "day",
    "earlier day",
    "death",
    "episode",
    "event",
    "faulty row",
    "future",
    "hostile act",
    "known death",
    "other argument",
    "month",
    "overlapping window",
    "pair",
    "part",
    "past question",
    "related piece",
    "path",
    "row",
)
"""What `of_count` counts."""
_VERDICTS = (
    "no power", "supported", "contradicted", "negligible", "silent", "not testable", "no data", "not credible",
    "holds", "recorded", "missing", "joint loss", "no joint loss", "came true", "failed", "cannot fail", "level",
    "open", "closed", "not computable", "in the data", "against", "assumption", "not shown", "holds elsewhere",
    "contradicted elsewhere", "negligible elsewhere", "silent elsewhere", "yes", "no", "ambiguous", "not yet",
    "void", "settled", "modelled", "channels added", "not modelled", "already settled", "cannot happen",
    "always true", "not implemented", "complete", "incomplete", "coming",
)  # fmt: skip
_OTHERS = (
    "fast", "slow", "generational", "phase", "talks", "accords", "war", "deaths", "relief", "phases",
    "good offices", "mediation", "cooperation", "conflict", "action", "mode", "issue", "rank", "source", "target",
    "leader", "senior", "officer", "one level per era", "eras by channel", "free dynamics", "words", "model",
    "base rate, all", "base rate, four years", "rate ratio", "ratio of chances", "odds ratio", "neither",
    "ridge", "era intercepts", "last four years", "EWMA, one half-life", "EWMA, one per channel",
    "mediator", "gesture", "both", "locker", "either", "empty", "mostly open", "mostly empty", "all demands",
    "all between the principals",
    "other gesture", "levels by era", "none", "minor clashes", "serious clashes", "full-scale war", "protracted",
    "long war", "faded", "formal agreement", "semi-formal agreement", "tacit understanding", "unilateral act",
    "imposed", "other", "any", "cold", "in talks", "full demands", "no demands",
)  # fmt: skip

_STAGES = (
    "actors", "backtests", "begin", "beside", "cells", "compile", "dates", "draft", "files", "fit", "futures",
    "import", "influences", "models", "moves", "pictures", "plans", "ranges", "report", "runs", "taken away",
    "variants", "verdicts", "windows", "world",
)  # fmt: skip
"""How far work is, as its progress reports it."""


def mechanism_names() -> Iterator[str]:
    """Yield what pages call mechanisms and their terms where there is room for a word alone."""
    from detente.model.mechanisms import mechanism_registry

    for mechanism in mechanism_registry().values():
        yield from (name.replace("_", " ") for name in (mechanism.name, *(t.name for t in mechanism.terms)))
    yield from ("intercept", "era", "era of channel")


def fault_messages() -> Iterator[tuple[str, Iterable[str]]]:
    """Yield what errors say, by its context in the catalogues: rules, hints, nouns, and kinds of errors."""
    from detente.base.hints import HINTS
    from detente.base.messages import RULES
    from detente.report.languages import faults

    yield from (("rule", RULES.values()), ("hint", HINTS.values()))
    yield from (("fault", faults.NOUNS), ("fault", faults.REASONS), ("error", faults.KINDS))


def vocabulary() -> Iterator[str]:
    """Yield the words that `word` may be asked for: codes of acts, titles of mechanisms and levers, verdicts.

    Modes and issues are those of the codebooks and of the embedded chronicles; one of a user's own file stays as it is.
    """
    from detente.events.files.embedded import embedded_rivalries, load_embedded
    from detente.events.importing.registry import layout_registry
    from detente.events.ontology.actions import action_names
    from detente.events.ontology.classes import ROLES, SCHEMES, scheme_of
    from detente.events.phases import NO_COVERAGE, Phase
    from detente.futures.levers import lever_registry
    from detente.model.mechanisms import mechanism_registry
    from detente.report.text.diagnose import COUNTED

    for mechanism in mechanism_registry().values():
        yield from (mechanism.title, mechanism.says, *(term.says for term in mechanism.terms))
    for lever in lever_registry().values():
        yield from (lever.title, lever.unit, lever.says)
    yield from (layout.title for layout in layout_registry().values())
    yield from (phase.word for phase in Phase)
    yield NO_COVERAGE
    yield from (str(role).replace("_", " ") for role in ROLES)
    for scheme in SCHEMES:
        for cls in scheme_of(scheme).classes:
            yield from (cls, cls.replace("-", " "))
    for codebook in ("detente", "plover"):
        yield from action_names(codebook)
    for rivalry in embedded_rivalries():
        events = load_embedded(rivalry).events
        for column in ("mode", "issue"):
            yield from map(str, events[column].drop_nulls().unique(maintain_order=True))
    yield from COUNTED
    yield from _STAGES
    yield from _VERDICTS
    yield from _OTHERS
