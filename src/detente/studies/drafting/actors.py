"""Which other actors matter between two: who mediates, who fights one of them, and for whom."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import polars as pl

from detente.events.chronicle import Chronicle
from detente.events.ontology.classes import scheme_of
from detente.events.ontology.mediation import mediates

CODE = r"^[A-Za-z0-9][A-Za-z0-9._+-]{0,31}$"
"""What an argument can name."""

MOST_OFFICES, MOST_FOES, _MOST_OTHERS = 8, 6, 6
FEW = 5  # acts below which nothing is proposed
_DEADLY = 0.05  # share of the deaths in acts of force with others from which an actor is proposed, however few its acts


@dataclass(frozen=True)
class ProposedParty:
    """Actors proposed as a party.

    Attributes
    ----------
    members : tuple[str, ...]
        In the order of how much they did.
    acts : tuple[int, ...]
        The acts that speak for each.
    deaths : tuple[int, ...]
        The deaths in them.
    modes : tuple[str, ...]
        Modes by which acts of mediation were told from others; empty where codes or classes told them.
    coded : bool
        Whether the acts are coded as mediation.
    """

    members: tuple[str, ...] = ()
    acts: tuple[int, ...] = ()
    deaths: tuple[int, ...] = ()
    modes: tuple[str, ...] = ()
    coded: bool = False


def offices_of(known: Chronicle, principals: tuple[str, str]) -> ProposedParty:
    """Return third parties that mediate; where no act is coded as mediation, those friendly toward both.

    Notes
    -----
    Friendly: at least five friendly acts toward each principal, six in ten of all they do to them.
    """
    acts = _others(known, principals).filter(pl.col("target").is_in(principals))
    coded = acts.filter(mediates(known.codebook))
    if not coded.is_empty():
        modes = tuple(sorted(coded["mode"].drop_nulls().unique().to_list()))
        everyone = coded["mode"].null_count() == 0
        table = coded.group_by("source").agg(pl.len().cast(pl.Int64).alias("acts"))
        party = _party(table, "source", MOST_OFFICES)
        return replace(party, modes=modes if everyone else (), coded=True)
    friendly = scheme_of(known.scheme).cooperative_classes
    kind = acts.with_columns(pl.col("class").is_in(friendly).alias("friendly"))
    to = [
        ((pl.col("target") == one) & pl.col("friendly")).sum().cast(pl.Int64).alias(f"to {n}")
        for n, one in enumerate(principals)
    ]
    table = kind.group_by("source").agg(*to, pl.col("friendly").mean().alias("share"))
    table = table.with_columns(pl.min_horizontal("to 0", "to 1").alias("acts"))
    return _party(table.filter((pl.col("acts") >= FEW) & (pl.col("share") >= 0.6)), "source", MOST_OFFICES)


@dataclass(frozen=True)
class OtherActor:
    """Another actor with what it did to each of the two.

    Attributes
    ----------
    code : str
    acts : tuple of int
        Toward the one and the other principal.
    friendly : tuple of int
        The friendly ones among them.
    """

    code: str
    acts: tuple[int, int]
    friendly: tuple[int, int]


def others_of(known: Chronicle, principals: tuple[str, str]) -> tuple[OtherActor, ...]:
    """Return the other actors that did most to the two, most acts first."""
    acts = _others(known, principals).filter(pl.col("target").is_in(principals))
    kind = pl.col("class").is_in(scheme_of(known.scheme).cooperative_classes)
    to = [pl.col("target") == one for one in principals]
    counts = [
        test.sum().cast(pl.Int64).alias(str(n)) for n, test in enumerate([*to, *(one & kind for one in to)])
    ]
    table = acts.group_by("source").agg(pl.len().alias("acts"), *counts)
    rows = table.sort(["acts", "source"], descending=[True, False]).head(_MOST_OTHERS).drop("acts").rows()
    return tuple(OtherActor(code, (a, b), (c, d)) for code, a, b, c, d in rows)


def foes_of(known: Chronicle, one: str, other: str, taken: tuple[str, ...]) -> ProposedParty:
    """Return actors that fight one principal more than the other, by acts of force and by the deaths in them.

    Those that never act with force themselves are none of them; see `targets_of`.
    """
    return _party(_fought(known, one, other, taken).filter(pl.col("did") > 0), "actor", MOST_FOES)


def targets_of(known: Chronicle, one: str, other: str, taken: tuple[str, ...]) -> ProposedParty:
    """Return those that would be foes by the acts on them, and that never act with force: victims, and no side."""
    return _party(_fought(known, one, other, taken).filter(pl.col("did") == 0), "actor", MOST_FOES)


def _fought(known: Chronicle, one: str, other: str, taken: tuple[str, ...]) -> pl.DataFrame:
    force = scheme_of(known.scheme).classes_of("force")
    acts = _others(known, (one, other)).filter(pl.col("class").is_in(force))

    def with_(actor: str) -> pl.DataFrame:
        toward = acts.filter(pl.col("target") == actor).rename({"source": "actor"})
        back = acts.filter(pl.col("source") == actor).rename({"target": "actor"})
        rows = pl.concat(
            [
                side.select("actor", "fatalities", did=pl.lit(value=did))
                for side, did in ((toward, True), (back, False))
            ]
        )
        return rows.group_by("actor").agg(
            pl.len().cast(pl.Int64).alias("acts"),
            pl.col("did").sum().cast(pl.Int64),
            pl.col("fatalities").cast(pl.Int64).fill_null(0).sum().alias("deaths"),
        )

    both = with_(one).join(with_(other), on="actor", how="left", suffix=" other").fill_null(0)
    deadly = (pl.col("deaths") > 0) & (pl.col("deaths") >= _DEADLY * pl.col("deaths").sum())
    more = pl.col("acts") > pl.col("acts other")
    even = pl.col("acts") == pl.col("acts other")
    more |= even & (pl.col("deaths") > pl.col("deaths other"))
    return both.filter(((pl.col("acts") >= FEW) | deadly) & more & ~pl.col("actor").is_in(taken))


def patrons_of(
    known: Chronicle, principals: tuple[str, str], foes: dict[str, ProposedParty]
) -> dict[str, str]:
    """Return for each foe of one principal the other, if there are friendly acts between them and fewer of force."""
    scheme, acts = scheme_of(known.scheme), _others(known, principals)
    out = {}
    for one, other in (principals, principals[::-1]):
        for actor in foes[one].members:
            ends = pl.col("source").is_in([actor, other]) & pl.col("target").is_in([actor, other])
            between = acts.filter(ends)["class"]
            friendly = int(between.is_in(scheme.cooperative_classes).sum())
            if friendly > int(between.is_in(scheme.classes_of("force")).sum()):
                out[actor] = other
    return out


def _others(known: Chronicle, principals: tuple[str, str]) -> pl.DataFrame:
    """Return acts of which one side is another actor that an argument can name, and no part of a principal."""
    own = "|".join(re.escape(code) for code in principals)
    keep = pl.lit(value=True)
    for side in ("source", "target"):
        name = pl.col(side)
        keep &= name.is_in(principals) | (name.str.contains(CODE) & ~name.str.contains(f"^(?:{own})"))
    rows = known.events.filter(
        keep & ~(pl.col("source").is_in(principals) & pl.col("target").is_in(principals))
    )
    back = rows.filter("mutual").with_columns(source="target", target="source")
    return pl.concat([rows, back])


def _party(table: pl.DataFrame, name: str, most: int) -> ProposedParty:
    """Return the actors with most acts; of those with many deaths the deadliest take the last places."""
    if "deaths" not in table.columns:
        table = table.with_columns(pl.lit(0, pl.Int64).alias("deaths"))
    rows = table.sort(["acts", name], descending=[True, False])
    if rows.height > most:
        deadliest = rows.filter(pl.col("deaths") > 0).sort("deaths", descending=True).head(most // 2)
        rows = rows.filter(
            pl.col(name).is_in(deadliest[name]) | pl.col(name).is_in(rows[name].head(most - deadliest.height))
        )
    members, acts, deaths = (tuple(rows[column].to_list()) for column in (name, "acts", "deaths"))
    return ProposedParty(members, acts, deaths)
