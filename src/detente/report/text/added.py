"""What is said of an event file added to a chronicle."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from detente.events.provenance import Added


def text_of(added: Added, as_of: date | None = None) -> str:
    """Return what was added, what is assumed of it, and whether a fit as of a day knows it.

    Examples
    --------
    >>> from detente.events.provenance import Added
    >>> text_of(Added("news.csv", 3, 2, repeated=1))
    'news.csv added: 3 rows, 2 new acts, 1 repeated, 0 paired into mutual acts.'
    """
    text = (
        f"{added.name} added: {added.rows_read:,} rows, {added.acts:,} new acts, {added.repeated:,} repeated, "
        f"{added.paired:,} paired into mutual acts."
    )
    if added.alike:
        text += (
            f" {added.alike:,} have the same day, parties and action as another act: check for duplicates."
        )
    if added.new_actors:
        text += f" New actors: {', '.join(added.new_actors)}."
    if added.covers is not None:
        why = "as declared" if added.declared else "assumed: up to its last event"
        text += f" Only this file covers {added.covers} ({why})."
    if as_of is not None and added.first is not None and added.first >= as_of:
        text += f" None of it was known by {as_of}, so no probability changes: use a later as_of."
    return text
