"""Names of columns as people write them, and what they mean in an event file."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType

from detente.base.spelling import nearest
from detente.events.columns import COLUMNS


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


_MEANT: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        **_SYNONYMS,
        "code": _SYNONYMS["cameo"],
        "fatalities": (
            *(
                "deaths",
                "dead",
                "death",
                "killed",
                "kills",
                "fatality",
                "victims",
                "toll",
                "best",
            ),
            *("deaths_total", "total_deaths", "total_fatalities", "fatalities_total", "num_killed", "nkill"),
            *("deaths_best", "fatalities_best", "best_est", "number_killed", "n_deaths", "death_toll"),
        ),
        "fatalities_of": ("deaths_of", "dead_of", "killed_of", "victims_of", "whose_dead", "side_killed"),
        "precision": ("date_precision", "date_prec", "time_precision", "prec"),
        "class": ("quad", "quadclass", "quad_class", "event_class", "category"),
        "mode": ("sub_event_type", "subtype", "sub_type", "method", "event_mode"),
        "issue": ("topic", "context", "contexts", "subject"),
        "summary": ("notes", "note", "description", "text", "headline", "event_text", "title"),
        "citation": ("reference", "url", "link", "source_url", "sourceurl", "source_article", "cite"),
        "intensity": ("goldstein", "goldsteinscale", "goldstein_scale", "scale", "score"),
        "confidence": ("certainty", "reliability"),
        "evidence": ("source_type", "verification"),
        "victim_rank": ("rank", "rank_of_victim"),
    }
)
_ALIKE = 0.85  # likeness from which a name is taken for a misspelt one


def meant_by(unused: Iterable[str], used: Collection[str] = ()) -> dict[str, str]:
    """Return for columns that are not used which of ours was probably meant, where one was and no other column is it.

    Parameters
    ----------
    unused : iterable of str
        Names as they stand in the file.
    used : collection of str
        Our columns that the file has.

    Examples
    --------
    >>> meant_by(["Deaths_Total", "killed", "weather", "sumary"], ["date", "source", "target", "action"])
    {'Deaths_Total': 'fatalities', 'killed': 'fatalities', 'sumary': 'summary'}
    >>> meant_by(["killed"], ["fatalities"])
    {}
    """
    ours = {plain_name(name): meant for meant, names in _MEANT.items() for name in names}
    free = [name for name in COLUMNS if name not in used and name not in ("row", "mutual")]
    found = {}
    for name in unused:
        meant = ours.get(plain_name(name)) or nearest(plain_name(name), free, _ALIKE)
        if meant in free:
            found[name] = meant
    return found


def in_any_case(header: Iterable[str], known: Collection[str]) -> list[str]:
    """Return the names of columns, those that are known but for capitals as they are known.

    Examples
    --------
    >>> in_any_case(["Date", "SOURCE", "Note"], ["date", "source", "target"])
    ['date', 'source', 'Note']
    """
    names = list(header)
    return [name.lower() if name.lower() in known and name.lower() not in names else name for name in names]
