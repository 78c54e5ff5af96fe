"""Propose an argument about two actors from what a chronicle shows of them by a day: a file to run and to edit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from detente.argument.argument import Argument
from detente.base.errors import DataError, Fault
from detente.base.tables import Tables, heading, table_of
from detente.events.breaks import Break, find_breaks
from detente.events.chronicle import Chronicle
from detente.events.ontology.classes import scheme_of
from detente.lab.arguments import argument_from_text
from detente.lab.settings import Day, day_given
from detente.model.mechanisms import mechanism_registry

_CODE = r"^[A-Za-z0-9][A-Za-z0-9._+-]{0,31}$"
_MOST_OFFICES, _MOST_FOES = 8, 4
_FEW = 5  # acts below which nothing is proposed


@dataclass(frozen=True)
class ProposedParty:
    """Actors proposed as a party.

    Attributes
    ----------
    members : tuple[str, ...]
        In the order of how much they did.
    acts : tuple[int, ...]
        The acts that speak for each.
    """

    members: tuple[str, ...] = ()
    acts: tuple[int, ...] = ()


@dataclass(frozen=True)
class Proposal(Tables):
    """An argument about two actors, proposed from what was known of them by a day.

    Attributes
    ----------
    text : str
        The file, with comments that say what each part rests on.
    argument : Argument
        The same, checked.
    breaks : tuple[Break, ...]
    offices : ProposedParty
        Third parties that turn to both principals in friendly words or deeds.
    foes : dict of str to ProposedParty
        By principal, actors that use force against it or suffer force from it and are on better terms with the other.
    """

    text: str
    argument: Argument
    breaks: tuple[Break, ...]
    offices: ProposedParty
    foes: dict[str, ProposedParty]
    tables = ("parties",)

    def _about(self) -> str:
        return heading(
            self.argument.argument,
            *(self.argument.principals or ()),
            other_actors=len(self._table("parties")),
        )

    def _table(self, name: str) -> pl.DataFrame:
        parties = {"good offices": self.offices} | {
            f"foes of {code}": foes for code, foes in self.foes.items()
        }
        rows = ((name, *pair) for name, p in parties.items() for pair in zip(p.members, p.acts, strict=True))
        return table_of({"party": str, "actor": str, "acts": int}, rows)


def propose(chronicle: Chronicle, principals: tuple[str, str], as_of: Day | None = None) -> Proposal:
    """Propose an argument about two actors.

    Parameters
    ----------
    chronicle : Chronicle
    principals : pair of str
    as_of : date or str, optional
        First day of which nothing is used; the end of the chronicle if not given.

    Returns
    -------
    Proposal
        The same for any two chronicles that differ only in what came on or after `as_of`.

    Raises
    ------
    DataError
        If the two never acted on each other by then.

    Examples
    --------
    >>> from detente.events.files.embedded import load_embedded
    >>> proposal = propose(load_embedded("us-iran"), ("USA", "IRN"), date(2020, 1, 17))
    >>> proposal.argument.principals, proposal.argument.run.as_of, proposal.breaks[0].start
    (('USA', 'IRN'), datetime.date(2020, 1, 17), datetime.date(1979, 1, 1))
    """
    for actor in principals:
        if not re.fullmatch(_CODE, actor):
            raise DataError(Fault("not_a_code", "principals", got=actor, hint="map_to_code"))
    day = day_given("as_of", as_of) or chronicle.window.end
    known = chronicle.known_at(day)
    between = known.filter(between=principals)
    if not between.acts:
        seen = known.count_by("source").sort("acts", descending=True, maintain_order=True)["source"].head(8)
        most: dict[str, Any] = {"hint": "most_seen", "known": tuple(seen.to_list())}
        raise DataError(Fault("never_met", "principals", got=principals, day=day, **most))
    breaks = find_breaks(known, principals)
    offices = _offices(known, principals)
    foes = {one: _foes(known, one, other, offices.members) for one, other in (principals, principals[::-1])}
    text = _text(known, principals, day, between.acts, breaks, offices, foes)
    argument = argument_from_text(text, "proposed.yaml")
    return Proposal(text, argument, breaks, offices, foes)


# --- third parties ---------------------------------------------------------------------------------------------------
def _offices(known: Chronicle, principals: tuple[str, str]) -> ProposedParty:
    friendly = scheme_of(known.scheme).cooperative_classes
    acts = _others(known, principals).filter(pl.col("target").is_in(principals))
    kind = acts.with_columns(pl.col("class").is_in(friendly).alias("friendly"))
    table = kind.group_by("source").agg(
        *(
            ((pl.col("target") == one) & pl.col("friendly")).sum().cast(pl.Int64).alias(f"to {n}")
            for n, one in enumerate(principals)
        ),
        pl.col("friendly").mean().alias("share"),
    )
    least = pl.min_horizontal("to 0", "to 1").alias("acts")
    table = table.with_columns(least).filter((pl.col("acts") >= _FEW) & (pl.col("share") >= 0.6))
    return _party(table, "source", _MOST_OFFICES)


def _foes(known: Chronicle, one: str, other: str, taken: tuple[str, ...]) -> ProposedParty:
    force = scheme_of(known.scheme).classes_of("force")
    acts = _others(known, (one, other))

    def with_(actor: str) -> pl.DataFrame:
        toward = acts.filter(pl.col("target") == actor).rename({"source": "actor"})
        back = acts.filter(pl.col("source") == actor).rename({"target": "actor"})
        columns = ["actor", "class", "intensity"]
        rows = pl.concat([toward.select(columns), back.select(columns)])
        return rows.group_by("actor").agg(
            pl.col("class").is_in(force).sum().cast(pl.Int64).alias("acts"),
            pl.col("intensity").mean().alias("tone"),
        )

    both = with_(one).join(with_(other), on="actor", how="inner", suffix=" other")
    worse = (pl.col("tone") < 0) & (pl.col("tone") < pl.col("tone other"))
    chosen = both.filter((pl.col("acts") >= _FEW) & worse & ~pl.col("actor").is_in(taken))
    return _party(chosen, "actor", _MOST_FOES)


def _others(known: Chronicle, principals: tuple[str, str]) -> pl.DataFrame:
    """Return acts of which one side is another actor that an argument can name, and no part of a principal."""
    own = "|".join(re.escape(code) for code in principals)
    keep = pl.lit(value=True)
    for side in ("source", "target"):
        name = pl.col(side)
        keep &= name.is_in(principals) | (name.str.contains(_CODE) & ~name.str.contains(f"^(?:{own})"))
    rows = known.events.filter(
        keep & ~(pl.col("source").is_in(principals) & pl.col("target").is_in(principals))
    )
    back = rows.filter("mutual").with_columns(source="target", target="source")
    return pl.concat([rows, back])


def _party(table: pl.DataFrame, name: str, most: int) -> ProposedParty:
    rows = table.sort(["acts", name], descending=[True, False]).head(most)
    return ProposedParty(tuple(rows[name].to_list()), tuple(rows["acts"].to_list()))


# --- the file --------------------------------------------------------------------------------------------------------
def _text(
    known: Chronicle,
    principals: tuple[str, str],
    as_of: date,
    acts: int,
    breaks: tuple[Break, ...],
    offices: ProposedParty,
    foes: dict[str, ProposedParty],
) -> str:
    one, other = principals
    span = known.window.days
    days = min(365, max(30, span // 3))
    back = min(12, max(1, span // 60))
    long = span >= 3653
    parts = [_head(known, principals, as_of, acts)]
    parts.append(_parties(known, principals, offices, foes))
    parts.append(_eras(breaks, span))
    parts.append(
        "# Hypotheses with their default priors; `detente mechanisms` says what each means and what it rests on.\n"
        f"mechanisms:\n{_mechanisms(long)}"
    )
    parts.append(
        "# Half-lives are fixed at 14, 365 and 7,305 days. To average over a grid instead:\n"
        "# clocks: {grid: {fast: [7, 14, 30], slow: [90, 365]}}\n"
    )
    pair = f"{one}<->{other}" if _plain(one) and _plain(other) else None
    parts.append(_questions(pair, back, days) if pair else "# questions: see docs/questions.md\n")
    parts.append(
        "# What `detente run` needs; its flags override this. The seed fixes every random number.\n"
        f"run: {{as_of: {as_of.isoformat()}, days: {days}, futures: 500, seed: 1}}\n"
    )
    return "\n".join(parts)


def _mechanisms(long: bool) -> str:
    """Return a line for each mechanism that declares itself proposed; a memory of decades needs a long chronicle."""
    proposed = sorted((m.proposed, m.name) for m in mechanism_registry().values() if m.proposed is not None)
    lines = [
        f"  {name}: {{}}\n"
        if long or "generational" not in mechanism_registry()[name].clocks
        else f"  # {name}: {{}}  # a memory of decades: these data are too short for it\n"
        for _, name in proposed
    ]
    return "".join(lines)


def _plain(code: str) -> bool:
    return re.fullmatch(r"[A-Za-z][A-Za-z0-9-]*", code) is not None


def _quoted(code: str) -> str:
    misread = code.lower() in ("no", "yes", "on", "off", "y", "n", "null", "true", "false")
    return f'"{code}"' if misread or not _plain(code) else code


def _head(known: Chronicle, principals: tuple[str, str], as_of: date, acts: int) -> str:
    one, other = principals
    name = re.sub(r"[^A-Za-z0-9_-]+", "-", f"{one}-{other}").strip("-")[:64]
    own = [code for code in known.count_by("source")["source"].to_list() if _part_of(code, principals)]
    hint = ""
    if own:
        hint = (
            f"# Codes that begin like the principals act on their own here: {', '.join(own[:6])}. "
            "`detente import` folds officials into\n# their state, and its map any other.\n"
        )
    return (
        f"# Proposed by `detente new {one} {other}` from {known.provenance.name}: {known.acts:,} acts known by "
        f"{as_of.isoformat()} ({known.window}),\n# {acts:,} of them between the two; data {known.digest[:12]}. "
        "Nothing later was used. Every line is yours to change.\n"
        f"{hint}"
        f"argument: {name}\n"
        f"title: {one} and {other}, a first argument\n"
        f"principals: [{_quoted(one)}, {_quoted(other)}]\n"
    )


def _part_of(code: str, principals: tuple[str, str]) -> bool:
    return any(code != one and code.startswith(one) for one in principals)


def _parties(
    known: Chronicle, principals: tuple[str, str], offices: ProposedParty, foes: dict[str, ProposedParty]
) -> str:
    parties, channels = [], []
    if offices.members:
        members = ", ".join(f"{m} {n}" for m, n in zip(offices.members, offices.acts, strict=True))
        parties.append(
            "  # Turn to both, six acts in ten friendly or more; friendly acts toward the one that gets fewer:\n"
            f"  # {members}\n"
            f"  third-parties: {{members: [{', '.join(map(_quoted, offices.members))}]}}"
        )
        channels.append(
            "  - {name: good offices, source: third-parties, target: principals, role: cooperation_by_word, "
            "includes: [cooperation_by_deed]}"
        )
    for one, other in (principals, principals[::-1]):
        party = foes[one]
        if not party.members:
            continue
        name = re.sub(r"[^A-Za-z0-9_-]+", "-", f"foes-of-{one}")
        members = ", ".join(f"{m} {n}" for m, n in zip(party.members, party.acts, strict=True))
        parties.append(
            f"  # Trade acts of force with {one} and are on better terms with {other}; acts of force: {members}.\n"
            f"  # If their strikes are {other}'s, write `ally_of: {_quoted(other)}`; if {other} sends them, "
            f"`side: {_quoted(other)}`.\n"
            f"  {name}: {{members: [{', '.join(map(_quoted, party.members))}]}}"
        )
        channels.append(f"  - {{source: {name}, target: {_quoted(one)}, role: force}}")
        channels.append(f"  - {{source: {_quoted(one)}, target: {name}, role: force}}")
    if not parties:
        return "# No other actor is tied to both closely enough to be proposed: see docs/own-argument.md for parties.\n"
    return (
        "# Actors taken together, as the acts suggest them; the data do not know who sends whom.\nparties:\n"
        + "\n".join(parties)
        + "\n\n# Channels besides those between the two.\nchannels:\n"
        + "\n".join(channels)
        + "\n"
    )


def _eras(breaks: tuple[Break, ...], span: int) -> str:
    if not breaks:
        why = (
            "the data are shorter than two years"
            if span < 730
            else "acts are coded about as densely throughout"
        )
        return f"# No eras of coverage: {why}.\n"
    lines = [
        f"  - {{start: {b.start.isoformat()}, known_from: {b.known_from.isoformat()}}}  "
        f"# {b.before:,.1f} acts a month before, {b.after:,.1f} after"
        for b in breaks
    ]
    head = (
        "# From these days acts are coded at twice or half the density, for a year and more; known a year later.\n"
        "# A break found in counts may be the world's and not the coders': keep those that you can explain.\neras:\n"
    )
    return head + "\n".join(lines) + "\n"


def _questions(pair: str, back: int, days: int) -> str:
    near = min(90, days)
    return (
        "# Each line is in the grammar of docs/questions.md; `detente ask` takes it too.\n"
        "questions:\n"
        f"  - {{id: force-rises, text: Force between the two is more frequent than lately, "
        f'ask: "{pair} force rate > last {back}m within {near}d"}}\n'
        f"  - {{id: force-doubles, text: Force between the two is more than twice as frequent as lately, "
        f'ask: "{pair} force rate > 2 * last {back}m within {near}d"}}\n'
        f"  - {{id: talk-rises, text: Friendly words between the two are more frequent than lately, "
        f'ask: "{pair} cooperation_by_word rate > last {back}m within {near}d"}}\n'
    )
