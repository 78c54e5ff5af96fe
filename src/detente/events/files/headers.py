"""Names of columns as people write them, and what they mean in an event file."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType


def plain_name(name: str) -> str:
    """Return the name of a column in small letters, with what stands between words as one low line.

    Examples
    --------
    >>> plain_name("Event.Date"), plain_name(" CAMEO Code"), plain_name("event_date")
    ('event_date', 'cameo_code', 'event_date')
    """
    return re.sub(r"[\W_]+", "_", name.strip().strip('"').lower()).strip("_")


_SYNONYMS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "date": ("event_date", "day", "eventdate", "sqldate", "story_date", "date_start"),
        "source": ("actor1", "source_name", "source_actor", "actor", "initiator", "sender", "from"),
        "target": ("actor2", "target_name", "target_actor", "recipient", "receiver", "to"),
        "cameo": ("cameo_code", "cameocode", "event_code", "eventcode"),
        "action": ("event_type", "plover"),
    }
)


def columns_option(header: Collection[str]) -> str:
    """Return the columns that a plain event file needs as an option that names them, or nothing if any is not there.

    Examples
    --------
    >>> columns_option(["event_date", "actor1", "actor2", "code"])
    'date=event_date,source=actor1,target=actor2'
    >>> columns_option(["Event Date", "Source Name", "CAMEO Code"])
    ''
    """
    have = {plain_name(name): name for name in header}
    said, found = [], set()
    for ours, theirs in _SYNONYMS.items():
        if ours in have:
            found.add(ours)
            continue
        if match := next((have[name] for name in theirs if name in have), None):
            said.append(f"{ours}={match}")
            found.add(ours)
    complete = {"date", "source", "target"} <= found and (found & {"cameo", "action"} or "code" in have)
    return ",".join(said) if complete else ""


def in_any_case(header: Iterable[str], known: Collection[str]) -> list[str]:
    """Return the names of columns, those that are known but for capitals as they are known.

    Examples
    --------
    >>> in_any_case(["Date", "SOURCE", "Note"], ["date", "source", "target"])
    ['date', 'source', 'Note']
    """
    names = list(header)
    return [name.lower() if name.lower() in known and name.lower() not in names else name for name in names]
