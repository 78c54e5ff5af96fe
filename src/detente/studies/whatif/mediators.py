"""The use case `mediators`: third parties ranked by their ties with both principals and their record of mediation.

Suitability is ``sqrt(min(tie_a, tie_b)) * record``, from acts alone and from nothing on or after as_of. Leverage and
information of one's own, which make a mediator too, are in no event; the record of mediation has to stand for them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from detente.base.arrays import Floats, Ints
from detente.base.errors import ArgumentError, Fault
from detente.base.random import Stream, generator
from detente.base.tables import Tables, heading, table_of
from detente.futures.memory_estimate import refuse_many_draws
from detente.lab.case import Case, case_of
from detente.lab.head import head_of
from detente.lab.settings import Day, whole_given
from detente.lab.too_little import Caution, with_cautions
from detente.model.channels import Layout
from detente.model.mediation import mediations

TIE_DAYS, RECORD_DAYS = 1826.0, 3652.0  # half-lives: five and ten years
FACTOR = 2.0  # each draw of the interval multiplies both half-lives by a factor from 1 / FACTOR to FACTOR
SCALE = 10.0  # an act of full intensity moves a tie from 0.5 to 0.73
DRAWS = 2000
LOW, HIGH = 0.05, 0.95
STEP_YEARS = 1
_BYTES_OF_ACT, _BYTES_OF_RANK = 8, 40  # of one draw: a weight; a rank, and its place in the order of all
_TIE = 1e-9  # scores closer than this are level
LEAST_ACTS = 5
"""Known acts with each principal, below which a rank says what is recorded and not what ties there are."""


@dataclass(frozen=True)
class MediatorRank:
    """One third party: its rank, what the rank is made of and the acts behind it.

    Attributes
    ----------
    actor : str
    rank, low, high : int
        Rank among the third parties seen, 1 the best, with the central 90 % of ranks when acts are drawn anew and
        half-lives varied.
    suitability : float
        From 0 to 1; ``sqrt(min(ties)) * record``.
    ties : mapping of str to float
        By principal, from 0 to 1: remembered cooperation less remembered conflict, squashed; 0.5 is no tie.
    record : float
        ``(1 + R) / (2 + R)`` with R the remembered acts of mediation: 0.5 without any, towards 1 with many.
    mediations : int
        Acts of mediation known, however old.
    acts : tuple of dict
        The acts behind the rank, the weightiest first: date, source, target, action, mode, summary, ``weight`` (what is
        left of it by as_of) and ``counts`` (tie or record).
    acts_with : mapping of str to int
        By principal: how many of those acts are with it.
    """

    actor: str
    rank: int
    low: int
    high: int
    suitability: float
    ties: Mapping[str, float]
    record: float
    mediations: int
    acts: tuple[dict[str, Any], ...]
    acts_with: Mapping[str, int]

    @property
    def on_record(self) -> bool:
        """Whether at least `LEAST_ACTS` acts with each principal are known: with fewer a tie of 0.5 is a gap."""
        return min(self.acts_with.values()) >= LEAST_ACTS

    @property
    def warmth(self) -> float:
        """Mean of the two ties."""
        return sum(self.ties.values()) / len(self.ties)

    @property
    def balance(self) -> float:
        """One less the difference of the two ties."""
        first, second = self.ties.values()
        return 1 - abs(first - second)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return {
            "actor": self.actor,
            "rank": self.rank,
            "low": self.low,
            "high": self.high,
            "suitability": self.suitability,
            "ties": dict(self.ties),
            "warmth": self.warmth,
            "balance": self.balance,
            "record": self.record,
            "mediations": self.mediations,
            "acts": list(self.acts),
            "acts_with": dict(self.acts_with),
            "on_record": self.on_record,
        }


@dataclass(frozen=True)
class Mediators(Tables):
    """Third parties as mediators: the result of `mediators`.

    Attributes
    ----------
    case : Case
    as_of : date
    standings : tuple of MediatorRank
        The best first; those no act is known of are left out.
    unseen : tuple of str
        Third parties of which no act with a principal was known by as_of.
    not_ranked : tuple of str
        Other actors, where the argument declares no third party: no act of theirs is coded as mediation.
    days : tuple of date
        Days of the path: every 1 January of the fitted years, and as_of.
    path : mapping of str to tuple of float
        Suitability of each standing on those days, from what was known by each; NaN before its first act.
    draws, seed : int
    """

    case: Case
    as_of: date
    standings: tuple[MediatorRank, ...]
    unseen: tuple[str, ...]
    days: tuple[date, ...]
    path: Mapping[str, tuple[float, ...]]
    draws: int
    seed: int
    not_ranked: tuple[str, ...] = ()
    tables = ("mediators", "acts", "path")

    def _about(self) -> str:
        return heading(self.case.title, self.as_of, mediators=len(self.standings))

    def _table(self, name: str) -> pl.DataFrame:
        if name == "acts":
            acts = ((s.actor, act) for s in self.standings for act in s.acts)
            return table_of(
                _ACTS, (a | {"mediator": m, "date": date.fromisoformat(a["date"])} for m, a in acts)
            )
        if name == "path":
            days, count = [*self.days] * len(self.path), len(self.days)
            actors = [actor for actor in self.path for _ in range(count)]
            values = [value for values in self.path.values() for value in values]
            return pl.DataFrame({"date": days, "actor": actors, "suitability": values})
        return table_of(_RANKS, (s.to_dict() for s in self.standings))

    @property
    def cautions(self) -> tuple[Caution, ...]:
        """What a reader must know before any number."""
        return self.case.cautions(self.as_of)

    def of(self, actor: str) -> MediatorRank | None:
        """Return the standing of one actor; None if no act of it was known.

        Raises
        ------
        ArgumentError
            If it is no third party of the argument.
        """
        found = next((s for s in self.standings if s.actor == actor), None)
        if found is None and actor not in (*self.unseen, *self.not_ranked):
            known = (*(s.actor for s in self.standings), *self.unseen)
            raise ArgumentError(Fault("not_a_third_party", "actor", got=actor, hint="known", known=known))
        return found

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        value = {
            **head_of(self.case, self.as_of),
            "tie_half_life_days": TIE_DAYS,
            "record_half_life_days": RECORD_DAYS,
            "scale": SCALE,
            "half_life_factor": FACTOR,
            "draws": self.draws,
            "seed": self.seed,
            "mediators": [s.to_dict() for s in self.standings],
            "unseen": list(self.unseen),
            "not_ranked": list(self.not_ranked),
            "path": {
                "days": [day.isoformat() for day in self.days],
                "suitability": {
                    actor: [None if np.isnan(v) else v for v in values] for actor, values in self.path.items()
                },
            },
        }
        return with_cautions(value, self.cautions)


_WORTH = dict.fromkeys(("suitability", "warmth", "balance", "record"), float)
_RANKS = {"actor": str} | dict.fromkeys(("rank", "low", "high"), int) | _WORTH | {"mediations": int}
_DID = dict.fromkeys(("source", "target", "action", "mode", "counts", "summary"), str)
_ACTS = {"mediator": str, "date": date, "weight": float} | _DID


@dataclass(frozen=True)
class _Acts:
    """Acts between third parties and principals as arrays, one entry an act."""

    actor: Ints  # index of the third party
    side: Ints  # index of the principal
    age: Floats  # days before as_of
    worth: Floats  # intensity of a tie, 0 for mediation
    mediates: Floats  # 1 for mediation


def mediators(
    case: Case | str | Path, *, as_of: Day | None = None, draws: int = DRAWS, seed: int | None = None
) -> Mediators:
    """Rank third parties as mediators.

    Ranked are the members of the argument's channel of good offices; without one, the actors that did an act of
    mediation themselves and are on no side: nobody where no act is coded so. An act of mediation (of a mode that the
    channel names, or that the ontology calls so) counts to the record, every other act between the third party
    and a principal, either way, to the tie. Acts of bodies are not counted for their members.

    Parameters
    ----------
    case : Case, str or path
        A case that `load_case` has loaded, or the name or the file that it loads one from.
    as_of, seed
        Override the argument's ``run:`` block; what neither gives is refused.
    draws : int
        Draws behind the interval of each rank.

    Returns
    -------
    Mediators

    Raises
    ------
    ArgumentError
        If as_of or the seed is missing, or no other actor is declared or ever met a principal.
    DataError
        If the memory cannot hold so many draws.

    Examples
    --------
    >>> from detente.lab.case import load_case
    >>> found = mediators(load_case("us-iran"), draws=100)
    >>> found.standings[0].rank, found.of("CHN").mediations
    (1, 0)
    """
    case = case_of(case)
    as_of, seed = (settings := case.settings(as_of=as_of, seed=seed)).as_of, settings.seed
    draws = whole_given("draws", draws, 100, 1_000_000) or DRAWS
    known = case.known(as_of)
    layout = known.layout
    rows = _between(known.cut.events, layout, known.cut.codebook)
    names, others = _candidates(layout, rows)
    if not names and not others:
        where, hint = case.argument.argument, "declare_third_party"
        raise ArgumentError(Fault("not_in_chronicle", "third parties", where=where, hint=hint))
    if not names:
        return Mediators(case, as_of, (), (), (as_of,), {}, draws, seed, others)
    rows = rows.filter(pl.col("third").is_in(names))
    seen = [name for name in names if name in set(rows["third"].to_list())]
    acts = _arrays(rows, seen, layout, as_of)
    refuse_many_draws(_BYTES_OF_ACT * len(acts.age) + _BYTES_OF_RANK * len(seen), draws, case.limits)
    noise = generator(seed, Stream.MEDIATORS)
    factors = FACTOR ** noise.uniform(-1, 1, size=draws)
    weights = noise.standard_exponential((draws, len(acts.age)))
    ranks = np.array(
        [_ranks(_score(acts, len(seen), f, w)[0]) for f, w in zip(factors, weights, strict=True)]
    )
    score, ties, record = _score(acts, len(seen), 1.0, np.ones(len(acts.age)))
    rank = _ranks(score)
    low, high = np.quantile(ranks, [LOW, HIGH], axis=0, method="nearest").astype(int)
    standings = [
        MediatorRank(
            name,
            int(rank[i]),
            int(min(low[i], rank[i])),
            int(max(high[i], rank[i])),
            float(score[i]),
            {p: float(ties[i, k]) for k, p in enumerate(layout.principals)},
            float(record[i]),
            int(acts.mediates[acts.actor == i].sum()),
            _told(rows, acts, i),
            {p: int(((acts.actor == i) & (acts.side == k)).sum()) for k, p in enumerate(layout.principals)},
        )
        for i, name in enumerate(seen)
    ]
    order = tuple(sorted(standings, key=lambda s: (s.rank, s.actor)))
    start = case.argument.run.fit_from or case.chronicle.window.start
    every = (date(year, 1, 1) for year in range(start.year, as_of.year + 1, STEP_YEARS))
    days = tuple(day for day in every if day < as_of)
    path = _path(case, layout, seen, (*days, as_of))
    unseen = tuple(name for name in names if name not in seen)
    return Mediators(case, as_of, order, unseen, (*days, as_of), path, draws, seed, others)


def _between(events: pl.DataFrame, layout: Layout, codebook: str) -> pl.DataFrame:
    """Return acts with exactly one end a principal, with the third party, the principal and whether it mediates."""
    sides = list(layout.principals)
    mediation = pl.Series("mediates", mediations(events, layout, codebook))
    from_side, to_side = pl.col("source").is_in(sides), pl.col("target").is_in(sides)
    return (
        events.with_columns(mediation)
        .filter(from_side != to_side)
        .with_columns(
            pl.when(from_side).then(pl.col("target")).otherwise(pl.col("source")).alias("third"),
            pl.when(from_side).then(pl.col("source")).otherwise(pl.col("target")).alias("side"),
        )
    )


def _candidates(layout: Layout, rows: pl.DataFrame) -> tuple[list[str], tuple[str, ...]]:
    """Return who is ranked, and who else has acts with a principal; see `mediators`."""
    declared = sorted({m for channel in layout.third_parties() for m in channel.source.members})
    if declared:
        return declared, ()
    sided = {m for c in layout.channels for end in (c.source, c.target) if end.side for m in end.members}
    own = rows.filter(pl.col("mediates") & (pl.col("source") == pl.col("third")))
    mediated = sorted(set(own["third"].to_list()) - sided)
    return mediated, tuple(sorted(set(rows["third"].to_list()) - sided - {*mediated}))


def _arrays(rows: pl.DataFrame, seen: Sequence[str], layout: Layout, day: date) -> _Acts:
    mediates = rows["mediates"].to_numpy().astype(float)
    worth = rows["intensity"].fill_null(0.0).to_numpy()
    return _Acts(
        np.array([seen.index(name) for name in rows["third"]], dtype=np.int64),
        np.array([layout.principals.index(p) for p in rows["side"]], dtype=np.int64),
        np.array([(day - d).days for d in rows["date"]], dtype=float),
        np.where(mediates > 0, 0.0, worth),
        mediates,
    )


def _score(acts: _Acts, count: int, factor: float, weight: Floats) -> tuple[Floats, Floats, Floats]:
    """Return suitability, ties of shape (third party, principal) and record."""
    left = weight * acts.worth * 2.0 ** (-acts.age / (TIE_DAYS * factor))
    net = np.bincount(acts.actor * 2 + acts.side, left, minlength=2 * count).reshape(count, 2)
    ties = 1 / (1 + np.exp(-np.clip(net / SCALE, -50, 50)))
    recalled = weight * acts.mediates * 2.0 ** (-acts.age / (RECORD_DAYS * factor))
    remembered = np.bincount(acts.actor, recalled, minlength=count)
    record = (1 + remembered) / (2 + remembered)
    return np.sqrt(ties.min(axis=1)) * record, ties, record


def _ranks(score: Floats) -> Ints:
    """Return ranks, 1 the best; level scores share the best of theirs."""
    return np.asarray(1 + (score[None, :] > score[:, None] + _TIE).sum(axis=1))


def _told(rows: pl.DataFrame, acts: _Acts, actor: int) -> tuple[dict[str, Any], ...]:
    """Return the acts of one third party with what is left of each, the weightiest first."""
    mine = np.flatnonzero(acts.actor == actor)
    out = []
    for i in mine:
        row = rows.row(int(i), named=True)
        record = bool(acts.mediates[i])
        half_life = RECORD_DAYS if record else TIE_DAYS
        worth = acts.mediates[i] if record else acts.worth[i]
        fields: dict[str, Any] = {k: row.get(k) for k in ("source", "target", "action", "mode", "summary")}
        weight = float(worth * 2.0 ** (-acts.age[i] / half_life))
        out.append(
            {
                "date": row["date"].isoformat(),
                **fields,
                "weight": weight,
                "counts": "record" if record else "tie",
            }
        )
    share = {"record": 1.0, "tie": SCALE}
    return tuple(sorted(out, key=lambda a: (-abs(a["weight"]) / share[a["counts"]], a["date"])))


def _path(
    case: Case, layout: Layout, seen: Sequence[str], days: Sequence[date]
) -> dict[str, tuple[float, ...]]:
    """Return suitability through time, on each day from what was known by then."""
    out: dict[str, list[float]] = {name: [] for name in seen}
    for day in days:
        scores: dict[str, float] = {}
        if day > case.chronicle.window.start:
            rows = _between(case.chronicle.known_at(day).events, layout, case.chronicle.codebook).filter(
                pl.col("third").is_in(seen)
            )
            by_then = sorted(set(rows["third"].to_list()))
            acts = _arrays(rows, by_then, layout, day)
            value = _score(acts, len(by_then), 1.0, np.ones(len(acts.age)))[0]
            scores = dict(zip(by_then, value.tolist(), strict=True))
        for name in seen:
            out[name].append(scores.get(name, float("nan")))
    return {name: tuple(values) for name, values in out.items()}
