"""The table of crises that comes with the program, made from the files of International Crisis Behavior."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from detente.events.ontology.state_codes import state_numbers

COLUMNS = (
    *("number", "name", "actors", "triggered_by", "first", "last"),
    *("trigger_violent", "violence", "mediation", "protracted", "power_gap", "outcome"),
)
_VIOLENCE = {"1": "none", "2": "minor clashes", "3": "serious clashes", "4": "full-scale war"}
_PROTRACTED = {"1": "no", "2": "protracted", "3": "long war"}
_MEDIATED = {"1": "no", "2": "yes", "3": "yes"}  # `mednum`: none, one, several; the other variables disagree
_OUTCOME = {
    "1": "formal agreement",
    "2": "semi-formal agreement",
    "3": "tacit understanding",
    "4": "unilateral act",
    "5": "imposed",
    "6": "other",
    "7": "faded",
}
_VIOLENT_TRIGGERS = ("8", "9")  # an indirect violent act, a violent act
_NOT_STATES = 990  # codes from here on are not states
_LAST_DAY = 31  # 66, 77, 88: early, middle and late in the month


def crisis_table(crises: pl.DataFrame, actors: pl.DataFrame) -> pl.DataFrame:
    """Return one row for each crisis: who was in it, from when to when, and six features, as text.

    Parameters
    ----------
    crises, actors : polars.DataFrame
        The two levels of International Crisis Behavior, version 14, all columns text: one row for each crisis, and one
        for each of its actors.

    Returns
    -------
    polars.DataFrame
        With the columns `COLUMNS`, in the order of the numbers; what is not known is empty. A day is
        ``YYYY-MM-DD``, or ``YYYY-MM`` where only the month is known. Actors are codes of this program. A crisis
        without a first month is left out.

    Notes
    -----
    Source: [brecher2000].
    """
    ours: dict[str, list[str]] = {}
    others: dict[str, list[str]] = {}
    rows = _rows(actors, "crisno", "cracid", "actor", "trigent")
    letters = {actor: name for _, actor, name, _ in rows}
    for number, actor, _, trigger in rows:
        if number and actor:
            ours.setdefault(number, []).append(_state(actor, letters))
        if number and trigger.isdigit() and 0 < int(trigger) < _NOT_STATES:
            others.setdefault(number, []).append(_state(trigger, letters))
    names = ("crisno", "crisname", "yrtrig", "motrig", "datrig", "yrterm", "moterm", "daterm")
    more = ("break", "viol", "mednum", "protrac", "powdissy", "forout")
    out = []
    for row in _rows(crises, *names, *more):
        number, name, first, last = row[0], row[1], _day(*row[2:5]), _day(*row[5:8])
        trigger, violence, mediators, protracted, gap, outcome = row[8:]
        if not number or not first:
            continue
        inside = sorted(set(ours.get(number, ())))
        outside = sorted(set(others.get(number, ())) - set(inside))
        violent = "" if not trigger else "yes" if trigger in _VIOLENT_TRIGGERS else "no"
        about = (number, name.strip(), " ".join(inside), " ".join(outside), first, last)
        features = (
            _VIOLENCE.get(violence, ""),
            _MEDIATED.get(mediators, ""),
            _PROTRACTED.get(protracted, ""),
        )
        out.append((*about, violent, *features, gap.removeprefix("-"), _OUTCOME.get(outcome, "")))
    frame = pl.DataFrame(out, dict.fromkeys(COLUMNS, pl.String), orient="row")
    return frame.sort(pl.col("number").cast(pl.Int64))


def table_from(folder: Path) -> bytes:
    """Return the file of the table, made from ``icb1v14.csv`` and ``icb2v14.csv`` of a folder."""
    both = (
        pl.read_csv(folder / name, infer_schema_length=0, encoding="utf8-lossy")
        for name in ("icb1v14.csv", "icb2v14.csv")
    )
    return crisis_table(*both).write_csv(null_value="").encode()


def _rows(frame: pl.DataFrame, *columns: str) -> list[tuple[str, ...]]:
    return frame.select(pl.col(*columns).fill_null("").str.strip_chars()).rows()


def _state(number: str, letters: Mapping[str, str]) -> str:
    """Return the code of a state by its number; one that no list has, such as the Hijaz, keeps its letters."""
    return state_numbers().get(number.lstrip("0"), letters.get(number, number))


def _day(year: str, month: str, day: str) -> str:
    if not (year.isdigit() and month.isdigit() and int(year) > 1000 and 1 <= int(month) <= 12):
        return ""
    text = f"{int(year):04}-{int(month):02}"
    return f"{text}-{int(day):02}" if day.isdigit() and 1 <= int(day) <= _LAST_DAY else text
