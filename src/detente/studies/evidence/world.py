"""All that the files say, laid out for the study: rivals, disputes, crises, sanctions, leaders, measures."""

from __future__ import annotations

from dataclasses import dataclass, replace

from detente.studies.evidence.crises import PairCrisis, crises_of
from detente.studies.evidence.disputes import FORCE, NEGOTIATED, THREAT, Dispute, disputes_of
from detente.studies.evidence.leaders import leader_starts
from detente.studies.evidence.months import Measure, Measures, month_of
from detente.studies.evidence.protocol import EvidenceProtocol
from detente.studies.evidence.rivalries import LISTS, Pair, Rivals, rivals_of
from detente.studies.evidence.sanctions import Sanction, sanctions_of
from detente.studies.evidence.sources import Files


@dataclass(frozen=True)
class States:
    """What the files say of states and pairs, without the pair held out.

    Attributes
    ----------
    rivals : Rivals
        Until the last year of the disputes.
    late_rivals : Rivals
        Until the last year of the crises.
    disputes : list of Dispute
    crises : list of PairCrisis
    sanctions : list of Sanction
    leaders : tuple of dict
        As `leader_starts` returns them.
    capability : dict of (int, int) to float
        Share of the world's capabilities, by state and year.
    measures : mapping of str to Measure
    held_out : (int, int) or None
    """

    rivals: Rivals
    late_rivals: Rivals
    disputes: list[Dispute]
    crises: list[PairCrisis]
    sanctions: list[Sanction]
    leaders: tuple[dict[int, list[int]], dict[int, int]]
    capability: dict[tuple[int, int], float]
    measures: Measures
    held_out: Pair | None


def states_of(files: Files, protocol: EvidenceProtocol, held_out: Pair | None) -> States:
    """Read everything from the files, once."""
    span = protocol.span
    disputes = [d for d in disputes_of(files) if (min(d.own, d.other), max(d.own, d.other)) != held_out]
    crises = [c for c in crises_of(files) if (c.own, c.other) != held_out]
    sanctions = [
        s for s in sanctions_of(files) if (min(s.sender, s.target), max(s.sender, s.target)) != held_out
    ]
    capability = {
        (int(code), int(year)): share
        for code, year, share in zip(*files.numbers("cow_nmc.csv", "ccode", "year", "cinc"), strict=True)
    }
    return States(
        rivals_of(files, span.pairs, held_out),
        rivals_of(files, span.crises, held_out),
        disputes,
        crises,
        sanctions,
        leader_starts(files),
        capability,
        measures_of(disputes, crises, protocol),
        held_out,
    )


def with_lists(states: States, files: Files, protocol: EvidenceProtocol, names: tuple[str, ...]) -> States:
    """Return the same with the rivals of some lists only."""
    span = protocol.span
    return replace(
        states,
        rivals=rivals_of(files, span.pairs, states.held_out, names),
        late_rivals=rivals_of(files, span.crises, states.held_out, names),
    )


def measures_of(disputes: list[Dispute], crises: list[PairCrisis], protocol: EvidenceProtocol) -> Measures:
    """Return the dated measures of all pairs, in both directions."""
    last, last_crisis = (month_of(year, 12) for year in (protocol.span.pairs[1], protocol.span.crises[1]))
    both = [(c.own, c.other, c) for c in crises] + [(c.other, c.own, c) for c in crises]
    ended = {(own, other, month_of(c.end.year, c.end.month)) for own, other, c in both if c.agreement}
    ended |= {(d.own, d.other, d.end) for d in disputes if d.settlement == NEGOTIATED}
    return {
        "disputes": Measure.of(((d.own, d.other, d.start) for d in disputes), last),
        "own_disputes": Measure.of(
            ((d.own, d.other, d.start) for d in disputes if d.own_hostility >= THREAT), last
        ),
        "own_force": Measure.of(
            ((d.own, d.other, d.start) for d in disputes if d.own_hostility >= FORCE), last
        ),
        "crises": Measure.of(
            ((own, other, month_of(c.start.year, c.start.month)) for own, other, c in both), last_crisis
        ),
        "agreements": Measure.of(ended, last),
    }


ALL_LISTS = tuple(LISTS)
