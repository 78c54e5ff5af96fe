"""What is asked of the draws of a bargain: variants, contradictions between demands and limits, and the Nash point."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from detente.base.arrays import Floats
from detente.studies.bargain.classics import Division, adjusted_winner
from detente.studies.bargain.inputs import (
    NO_CHANGE,
    InputChange,
    Inputs,
    dropping,
    known_levers,
    lever_change,
    terms_of,
)
from detente.studies.bargain.zone import nash_points, open_zones

LOW, HIGH = 0.05, 0.95
NEARLY = 0.05  # a zone is called open or empty if at most this share of the draws says otherwise
FULL, NONE = "full demands", "no demands"


@dataclass(frozen=True)
class BargainVariant:
    """The bargain under full demands, with demands dropped, or under a lever.

    Attributes
    ----------
    kind : str
        ``full``, ``drop`` (all demands but one), ``alone`` (one demand), ``none`` (no demand) or ``lever``.
    name : str
    chance : float
        Share of draws in which the zone is open.
    opened, closed : float
        Share of draws that this variant opens, and closes, against the full demands; on the same draws.
    demand : str
        The demand dropped, or alone insisted on; empty for other kinds.
    """

    kind: str
    name: str
    chance: float
    opened: float
    closed: float
    demand: str = ""


@dataclass(frozen=True)
class DrawSummary:
    """Mean and central 90 % of a number over the draws that have it."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Settlement:
    """The Nash point over the draws whose zone is open.

    Attributes
    ----------
    name : str
        The variant it belongs to.
    chance : float
        Share of draws it is told of; with 0 the rest is empty.
    deal : dict of str to DrawSummary
        Point on each issue's own axis.
    gives : dict of str to dict of str to DrawSummary
        By side and issue: how far it moves away from its ideal against today, as a share of the axis.
    gains : dict of str to DrawSummary
        By side: gain over no deal, as a share of all it has at stake; what it leaves on the table without one.
    joint : DrawSummary or None
        Largest sum of both gains over the zone.
    """

    name: str
    chance: float
    deal: dict[str, DrawSummary]
    gives: dict[str, dict[str, DrawSummary]]
    gains: dict[str, DrawSummary]
    joint: DrawSummary | None


@dataclass(frozen=True)
class Clash:
    """How often a demand lies beyond the other side's limit on the same issue, whatever else is traded."""

    demand: str
    against: str
    share: float


@dataclass(frozen=True)
class Swing:
    """How the chance of an open zone moves with one uncertain input, the others being drawn as declared.

    Attributes
    ----------
    name : str
    low, high : float
        Chance among the tenth of the draws in which the input is smallest, and largest.
    turns : bool
        The chance lies on the other side of one half in one of these tenths.
    """

    name: str
    low: float
    high: float
    turns: bool


@dataclass(frozen=True)
class Verdict:
    """Whether the zone is open under the demands as they stand (B1).

    Attributes
    ----------
    word : str
        By the share of draws with an open zone: `zone_word`.
    chance, low, high : float
        Share of draws with an open zone, and its 95 % interval for the number of draws: that of [wilson1927] for plain
        draws; those of a low-discrepancy sequence stray less. It does not tell of doubt about the ranges.
    closing : tuple of str
        Demands that leave the zone empty in more than half of the draws even if they alone are insisted on.
    reopening : tuple of str
        Demands without any one of which the zone would be open in at least half of the draws.
    hangs_on : tuple of str
        Inputs of which an outer tenth carries the share past one half; see `Swing`.
    """

    word: str
    chance: float
    low: float
    high: float
    closing: tuple[str, ...]
    reopening: tuple[str, ...]
    hangs_on: tuple[str, ...]


def zone_word(chance: float) -> str:
    """Return what to call a zone that is open in a share of the draws.

    *Open* and *empty* are for nearly all of them; between those the draws do not agree, and the word says so.

    Examples
    --------
    >>> [zone_word(chance) for chance in (1.0, 0.95, 0.6, 0.369, 0.05, 0.0)]
    ['open', 'open', 'mostly open', 'mostly empty', 'empty', 'empty']
    """
    if chance <= NEARLY:
        return "empty"
    if chance >= 1 - NEARLY:
        return "open"
    return "mostly open" if chance >= 0.5 else "mostly empty"


def swings(
    inputs: Inputs, values: Mapping[str, Floats], base: tuple[InputChange, ...], target: float
) -> tuple[Swing, ...]:
    """Return how the chance of an open zone moves with each uncertain input, the widest swing first."""
    zone = open_zones(terms_of(inputs, values, base))
    tenth = max(len(zone) // 10, 1)
    word = float(zone.mean()) >= target
    rows = []
    for name in inputs.uncertain:
        order = np.argsort(values[name], kind="stable")
        low, high = float(zone[order[:tenth]].mean()), float(zone[order[-tenth:]].mean())
        rows.append(Swing(name, low, high, ((low >= target) != word) or ((high >= target) != word)))
    return tuple(sorted(rows, key=lambda row: -abs(row.high - row.low)))


def zone_verdict(
    variants: tuple[BargainVariant, ...], indices: tuple[Swing, ...], draws: int, target: float
) -> Verdict:
    """Return the verdict on the zone from the rows already computed."""
    chance = variants[0].chance
    z = 1.959963984540054
    middle = (chance + z**2 / (2 * draws)) / (1 + z**2 / draws)
    half = z / (1 + z**2 / draws) * float(np.sqrt(chance * (1 - chance) / draws + z**2 / (4 * draws**2)))
    drop = {v.demand: v.chance for v in variants if v.kind == "drop"}
    alone = {v.demand: v.chance for v in variants if v.kind == "alone"} or dict.fromkeys(drop, chance)
    return Verdict(
        zone_word(chance),
        chance,
        middle - half if chance > 0 else 0.0,
        middle + half if chance < 1 else 1.0,
        tuple(demand for demand, p in alone.items() if p < target),
        tuple(demand for demand, p in drop.items() if p >= target > chance),
        tuple(row.name for row in indices if row.turns),
    )


def without_demands() -> InputChange:
    """Return the change that drops every demand; limits stay."""
    return replace(NO_CHANGE, keep=())


def variants_of(
    inputs: Inputs,
    values: Mapping[str, Floats],
    base: tuple[InputChange, ...],
    progress: Callable[[int, int], None],
) -> tuple[BargainVariant, ...]:
    """Return the chance of an open zone under the full demands, with each dropped in turn, and under each lever.

    Rows of demands stand on top of `base`; all are compared with the full demands without it.
    """
    rows = [("full", FULL, NO_CHANGE, "")]
    rows += [("drop", f"without {demand}", dropping(inputs, demand), demand) for demand in inputs.demands]
    alone = inputs.demands if len(inputs.demands) > 1 else ()
    rows += [("alone", f"only {demand}", replace(NO_CHANGE, keep=(demand,)), demand) for demand in alone]
    rows.append(("none", NONE, without_demands(), ""))
    for name, lever in known_levers(inputs).items():
        rows.append(("lever", name, lever_change(inputs, lever), ""))
    out: list[BargainVariant] = []
    full = open_zones(terms_of(inputs, values))
    for i, (kind, name, change, demand) in enumerate(rows):
        changes = (change,) if kind == "lever" else (*base, change)
        zone = open_zones(terms_of(inputs, values, changes))
        opened, closed = float((zone & ~full).mean()), float((full & ~zone).mean())
        out.append(BargainVariant(kind, name, float(zone.mean()), opened, closed, demand))
        progress(i + 1, len(rows))
    return tuple(out)


def clashes(inputs: Inputs, values: Mapping[str, Floats], base: tuple[InputChange, ...]) -> Iterator[Clash]:
    """Yield each demand that lies beyond the other side's limit or demand in some draw, whatever else is traded."""
    for demand in inputs.demands:
        spec = inputs.spec.demands[demand]
        others = [d for d in inputs.demands if inputs.spec.demands[d].by != spec.by]
        terms = terms_of(inputs, values, (*base, replace(NO_CHANGE, keep=(demand, *others))))
        q = list(inputs.spec.issues).index(spec.issue)
        share = float((terms.low[:, q] > terms.high[:, q]).mean())
        against = next(side for side in inputs.principals if side != spec.by)
        if share > 0:
            yield Clash(demand, against, share)


def settlement(
    name: str, inputs: Inputs, values: Mapping[str, Floats], changes: tuple[InputChange, ...]
) -> Settlement:
    """Return the Nash point over the draws whose zone is open."""
    terms = terms_of(inputs, values, changes)
    found = nash_points(terms)
    chance = float(found.open.mean())
    if chance == 0:
        return Settlement(name, 0.0, {}, {}, {}, None)
    deal, gains = found.deal[found.open], found.gains[:, found.open]
    points, gives = {}, {}
    for q, (issue, spec) in enumerate(inputs.spec.issues.items()):
        points[issue] = _spread(spec.ends[0] + deal[:, q] * (spec.ends[1] - spec.ends[0]))
    for i, side in enumerate(inputs.principals):
        ideal, today = terms.ideal[i, found.open], terms.today[found.open]
        away = np.maximum(np.abs(deal - ideal) - np.abs(today - ideal), 0)
        gives[side] = {issue: _spread(away[:, q]) for q, issue in enumerate(inputs.spec.issues)}
    gains_by_side = {side: _spread(gains[i]) for i, side in enumerate(inputs.principals)}
    return Settlement(name, chance, points, gives, gains_by_side, _spread(found.joint[found.open]))


def _spread(values: Floats) -> DrawSummary:
    low, high = np.quantile(values, (LOW, HIGH))
    return DrawSummary(float(values.mean()), float(low), float(high))


def division_of(inputs: Inputs) -> Division:
    """Return the Adjusted Winner division of the issues on both sides' weights at their medians."""
    middle = inputs.middle()
    points = {
        issue: tuple(float(middle[f"{issue}.{side}.weight"][0]) for side in inputs.principals)
        for issue in inputs.spec.issues
    }
    return adjusted_winner({issue: (p[0], p[1]) for issue, p in points.items()})
