"""Propose an argument about two actors from what a chronicle shows of them by a day: a file to run and to edit."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from detente.argument.argument import Argument, inside
from detente.base.errors import DataError, Fault, FitError
from detente.base.tables import Tables, heading, table_of
from detente.events.breaks import Break, find_breaks
from detente.events.chronicle import Chronicle
from detente.lab.arguments import argument_from_text
from detente.lab.settings import Day, day_given
from detente.lab.too_little import require_covered
from detente.model.fit_cache import fitted
from detente.model.known import read_known
from detente.model.mechanisms import mechanism_registry
from detente.studies.drafting.actors import CODE, ProposedParty, foes_of, offices_of, patrons_of, targets_of
from detente.studies.drafting.asked import ProposedQuestion, questions_of
from detente.studies.drafting.text import GENERATIONAL, Draft


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
        Third parties that mediate; where no act is coded as mediation, those friendly toward both principals.
    foes : dict of str to ProposedParty
        By principal, actors that fight it more than the other.
    patrons : dict of str to str
        The principal on whose side a foe of the other seems to be.
    questions : tuple of ProposedQuestion
    """

    text: str
    argument: Argument
    breaks: tuple[Break, ...]
    offices: ProposedParty
    foes: dict[str, ProposedParty]
    patrons: dict[str, str]
    questions: tuple[ProposedQuestion, ...]
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


def propose(
    chronicle: Chronicle,
    principals: tuple[str, str],
    as_of: Day | None = None,
    *,
    events: str | None = None,
    with_: Sequence[str] = (),
) -> Proposal:
    """Propose an argument about two actors.

    Parameters
    ----------
    chronicle : Chronicle
    principals : pair of str
    as_of : date or str, optional
        First day of which nothing is used; the end of the chronicle if not given.
    events : str, optional
        The event file's name for the file to hold, relative to it.
    with_ : sequence of str
        Blocks of `BLOCKS` to add as templates.

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
    >>> from datetime import date
    >>> proposal = propose(load_embedded("us-iran"), ("USA", "IRN"), date(2020, 1, 17))
    >>> proposal.argument.principals, proposal.argument.run.as_of, proposal.breaks[0].start
    (('USA', 'IRN'), datetime.date(2020, 1, 17), datetime.date(2003, 2, 1))
    """
    for actor in principals:
        if not re.fullmatch(CODE, actor):
            raise DataError(Fault("not_a_code", "principals", got=actor, hint="map_to_code"))
    day = day_given("as_of", as_of) or chronicle.window.end
    require_covered(chronicle, day)
    known = chronicle.known_at(day)
    between = known.filter(between=principals)
    if not between.acts:
        seen = known.count_by("source").sort("acts", descending=True, maintain_order=True)["source"].head(8)
        most: dict[str, Any] = {"hint": "most_seen", "known": tuple(seen.to_list())}
        raise DataError(Fault("never_met", "principals", got=principals, day=day, **most))
    offices = offices_of(known, principals)
    foes, targets = (
        {one: find(known, one, other, offices.members) for one, other in (principals, principals[::-1])}
        for find in (foes_of, targets_of)
    )
    patrons = patrons_of(known, principals, foes)
    struck = (*foes.values(), *targets.values())
    fighting = (*principals, *(member for party in struck for member in party.members))
    breaks = find_breaks(known, fighting)
    sides = breaks, offices, foes, targets, patrons
    draft = Draft(known, principals, day, between.acts, *sides, events, tuple(with_))
    draft, plain = _stable(draft)
    questions, omitted = questions_of(plain, known, day, draft.days, draft.back)
    text = draft.text(questions, omitted)
    argument = argument_from_text(text, "proposed.yaml")
    return Proposal(text, argument, breaks, offices, foes, patrons, questions)


def _stable(draft: Draft) -> tuple[Draft, Argument]:
    """Return the draft with so many mechanisms that its fit does not feed itself beyond all bounds, and its argument.

    A memory of decades is the first to go: it can take a change of coding for a grievance. Then the last proposed.
    """
    registry = mechanism_registry()
    while True:
        argument = argument_from_text(replace(draft, with_=()).text(), "proposed.yaml")
        try:
            radius = fitted(argument, read_known(argument, draft.known, draft.as_of)).spectral_radius
        except (DataError, FitError):  # too little to fit: a run says so better
            return draft, argument
        left = [name for name in argument.mechanisms if not registry[name].of_third_parties]
        if radius < 1 or len(left) < 2:
            return draft, argument
        longest = [name for name in left if GENERATIONAL in registry[name].clocks]
        draft = replace(draft, dropped={**draft.dropped, (longest or left)[-1]: radius})


def named_from(argument: Path, events: Path) -> str | None:
    """Return the name by which an argument's file can name its events; None if they lie outside its folder."""
    folder = argument.absolute().parent
    name = os.path.relpath(events.absolute(), folder)
    return name if inside(folder, name) else None
