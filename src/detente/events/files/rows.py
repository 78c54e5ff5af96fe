"""From a table of text to canonical events: what every field must be, and what it means."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from detente.base.days import Window
from detente.base.errors import DataError, Fault
from detente.base.printable import CONTROL
from detente.base.spelling import nearest, suggest
from detente.events.columns import COLUMNS, MIXED, PRECISIONS
from detente.events.files.raw_table import RawTable
from detente.events.files.reports import other_order
from detente.events.ontology.actions import action_fault, action_names, intensity_of
from detente.events.ontology.actors import ACTOR_CODE, LONGEST_CODE, Actors
from detente.events.ontology.classes import class_fault, default_class, scheme_for, scheme_of
from detente.events.ontology.crosswalks import CodedAct, cameo, code_fault, coded_act, padded_code
from detente.events.ontology.null_words import NULL_WORDS, means_namibia, nobody, null_words

TYPES = {
    **dict.fromkeys(COLUMNS, "text"),
    **dict.fromkeys(("cameo", "codebook"), "text"),
    "date": "day",
    "reported": "day",
    "fatalities": "whole",
    "intensity": "number",
    "mutual": "flag",
}
"""Kind of every column an event file may use."""


del TYPES["row"]


CONFIDENCES = ("high", "medium", "low")
RANKS = ("leader", "senior", "officer")
MOST_DEATHS = 10_000_000
"""No single act has killed more; a figure above it is a slip."""


_NAMES = ("date", "source", "target", "action", "code", "summary", "citation")
"""Columns in which a word for nothing is a fault, or a text; in others it says nothing."""


_LEAST_DIGITS = 3
_LAST_YEAR = 9998  # so that the day after a span is still a date


def events_of(
    table: RawTable, codebook: str, window: Window | None, actors: Actors | None
) -> tuple[pl.DataFrame, dict[str, CodedAct]]:
    """Return the canonical events of a table, and the machine codes in it; note every fault in the table.

    Rows with faults are in the frame too, with null where a value can't be read.
    """
    raw = table.columns
    if codebook in ("detente", "plover") and "action" not in raw.columns:
        raw = raw.with_columns(action=pl.col("code"))
    if codebook == "cameo" and "cameo" in raw.columns:
        raw = raw.rename({"cameo": "code"})
    others = [name for name in COLUMNS if name in raw.columns and name not in (*_NAMES, "row")]
    raw = raw.select(
        (pl.col(name) if name in raw.columns else pl.lit(None, pl.String)).alias(name)
        for name in COLUMNS
        if name != "row"
    )
    if others:
        nothing = pl.col(others).is_in(NULL_WORDS[1:])
        raw = raw.with_columns(pl.when(~nothing).then(pl.col(others)).name.keep())
    table.columns = raw.with_columns(table.columns.select(pl.exclude(raw.columns)))
    scheme = scheme_of(scheme_for(codebook))
    namibia = means_namibia([*raw["source"].drop_nulls().unique(), *raw["target"].drop_nulls().unique()])
    coded_as_nobody = nobody(codebook)
    words = {*null_words(codebook)} - {"", *coded_as_nobody} - ({"NA"} if namibia else set())
    _check_words(table, sorted(words))
    _check_given(table, ("date", "source", "target"))
    date = _dates(table, window)
    _check_codes(table, coded_as_nobody)
    _check_actors(table, actors, domestic_is_faulty=codebook in ("detente", "plover"))
    _check_one_of(table, "precision", PRECISIONS)
    _check_one_of(table, "confidence", CONFIDENCES)
    _check_one_of(table, "victim_rank", RANKS)
    _check_one_of(table, "mutual", ("true", "false"))
    _check(table, "class", lambda class_: class_ in scheme.classes, lambda c, w: class_fault(c, scheme, w))
    if codebook in ("detente", "plover"):
        coded: dict[str, CodedAct] = {}
        events = _by_action(table, raw, codebook)
    else:
        events, coded = _by_code(table, raw, codebook)
    joint = scheme.joint_class
    mutual = pl.col("mutual") == "true"
    if joint is None:
        table.refuse(raw.select(mutual.fill_null(value=False))["mutual"], _no_mutual(table, codebook))
    else:
        # A joint act stands in both directions by its class, so the two columns may not disagree.
        says = (pl.col("class") == joint).fill_null(value=False)
        odd = (mutual & pl.col("class").is_not_null() & ~says) | (~mutual & says)
        table.refuse(raw.select(odd.fill_null(value=False).alias("odd"))["odd"], _unlike(table, joint))
        events = events.with_columns(
            pl.when(mutual.fill_null(value=False))
            .then(pl.lit(joint))
            .otherwise(pl.col("class"))
            .alias("class")
        )
    fatalities, intensity = _deaths(table), _intensities(table)
    events = events.with_columns(
        date,
        fatalities,
        pl.coalesce(intensity, pl.col("intensity")).alias("intensity"),
        pl.col("precision").fill_null("day"),
        mutual.fill_null(value=False).alias("mutual"),
        pl.Series("row", table.lines, pl.Int64),
    )
    return events.select(pl.col(name).cast(dtype) for name, dtype in COLUMNS.items()), coded


def _by_action(table: RawTable, raw: pl.DataFrame, codebook: str) -> pl.DataFrame:
    names = action_names(codebook)
    _check_given(table, ("action",))
    _check(
        table, "action", lambda name: name in names, lambda name, where: action_fault(name, codebook, where)
    )
    keys = ["action", "mode", "class"]
    kinds = raw.select(keys).unique().filter(pl.col("action").is_in(names))
    rows = []
    for action, mode, class_ in kinds.iter_rows():
        known = class_ or default_class(action, mode, codebook)
        rows.append((action, mode, class_, known, intensity_of(action, mode, codebook, known)))
    types = dict.fromkeys((*keys, "_class"), pl.String()) | {"_intensity": pl.Float64()}
    means = pl.DataFrame(rows, types, orient="row")
    joined = raw.join(means, on=keys, how="left", nulls_equal=True, maintain_order="left")
    return joined.with_columns(pl.col("_class").alias("class"), pl.col("_intensity").alias("intensity"))


def _by_code(table: RawTable, raw: pl.DataFrame, codebook: str) -> tuple[pl.DataFrame, dict[str, CodedAct]]:
    coded: dict[str, CodedAct] = {}
    for code in raw["code"].drop_nulls().unique().to_list():
        if len(code) < _LEAST_DIGITS:  # a root, or a code that has lost its zero: 10 is not 010
            continue
        try:
            coded[code] = coded_act(code, codebook)
        except DataError:
            continue
    _check_given(table, ("code",))
    file = table.name.partition("/")[0]

    def unknown(code: str, where: str) -> Fault:
        whole = padded_code(code, codebook)
        if whole is not None:
            hint = {"hint": "import_zeros_lost", "file": file, "example": whole}
            return Fault("zeros_lost", "code", got=code, where=where, **hint)
        if len(code) < _LEAST_DIGITS and code in cameo():  # a root with its zero
            return Fault("zeros_lost", "code", got=code, where=where, hint="nearest", nearest=f"{code}0")
        return code_fault(code, codebook, where)

    _check(table, "code", lambda code: code in coded, unknown)
    rows = [(act.code, act.action, act.class_, act.intensity) for act in coded.values()]
    types = {"code": pl.String(), "_action": pl.String(), "_class": pl.String(), "_intensity": pl.Float64()}
    means = pl.DataFrame(rows, types, orient="row")
    joined = raw.join(means, on="code", how="left", maintain_order="left")
    unlike = joined.select((pl.col("action") != pl.col("_action")).fill_null(value=False).alias("unlike"))[
        "unlike"
    ]

    def fault(row: int) -> Fault:
        return Fault(
            "not_its_code",
            "action",
            got=joined["action"][row],
            where=table.where(row),
            hint="leave_action_out",
            example=joined["_action"][row],
        )

    table.refuse(unlike, fault)
    return (
        joined.with_columns(
            pl.col("_action").alias("action"),
            pl.coalesce("class", "_class").alias("class"),
            pl.col("_intensity").alias("intensity"),
        ),
        coded,
    )


def _check_words(table: RawTable, words: list[str]) -> None:
    """Refuse actors that are a word for nothing."""
    file = table.name.partition("/")[0]
    for name in ("source", "target"):
        column = table.columns[name]

        def fault(row: int, name: str = name, column: pl.Series = column) -> Fault:
            got, where = column[row], table.where(row)
            return Fault("null_actor", name, got=got, where=where, hint="write_actor", file=file)

        table.refuse(column.is_in(words).fill_null(value=False), fault)


def _check_given(table: RawTable, names: tuple[str, ...]) -> None:
    for name in names:

        def fault(row: int, name: str = name) -> Fault:
            return Fault("required", name, where=table.where(row), hint="fill_or_remove")

        table.refuse(table.columns[name].is_null(), fault)


def _check(
    table: RawTable, name: str, fits: Callable[[str], bool], fault: Callable[[str, str], Fault]
) -> None:
    column = table.columns[name]
    odd = [value for value in column.drop_nulls().unique().to_list() if not fits(value)]
    if odd:
        mask = column.is_in(odd).fill_null(value=False)
        table.refuse(mask, lambda row: fault(column[row], table.where(row)))


def _check_one_of(table: RawTable, name: str, choices: tuple[str, ...]) -> None:
    def fault(value: str, where: str) -> Fault:
        near = suggest(value.lower(), choices, known=False)
        return Fault("not_one_of", name, got=value, where=where, choices=choices, **near)

    _check(table, name, lambda value: value in choices, fault)


def _check_codes(table: RawTable, nobody: tuple[str, ...]) -> None:
    """Refuse actors whose names could be read as markup, a formula or a path."""
    for name in ("source", "target", "fatalities_of"):
        column = table.columns[name]

        def odd(row: int, name: str = name, column: pl.Series = column) -> Fault:
            got, where = column[row], table.where(row)
            hint = {"hint": "write_code", "example": "LBN-HEZ"}
            return Fault("not_an_actor_code", name, got=got, where=where, most=LONGEST_CODE, **hint)

        sound = (
            column.is_in(nobody) | column.str.contains(ACTOR_CODE) | column.str.contains(CONTROL.pattern)
        )  # told already
        table.refuse(~sound.fill_null(value=True), odd)


def _check_actors(table: RawTable, actors: Actors | None, *, domestic_is_faulty: bool) -> None:
    source, target = table.columns["source"], table.columns["target"]
    if domestic_is_faulty:

        def same(row: int) -> Fault:
            got, where = target[row], table.where(row)
            return Fault("same_actor", "target", got=got, where=where, hint="not_a_rivalry")

        table.refuse((source == target).fill_null(value=False), same)
    if actors is not None:

        def unknown(value: str, where: str) -> Fault:
            near = nearest(value, actors.codes)
            hint = "nearest_or_list" if near else "list_actor"
            return Fault("not_an_actor", "actor", got=value, where=where, hint=hint, nearest=near)

        for name in ("source", "target"):
            _check(table, name, lambda code: code in actors, unknown)
        _check(table, "fatalities_of", lambda code: code == MIXED or code in actors, unknown)


def _dates(table: RawTable, window: Window | None) -> pl.Series:
    text = table.columns["date"]
    shape = text.str.contains(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")
    day = table.columns.select(
        pl.when(shape).then(pl.col("date")).str.to_date("%Y-%m-%d", strict=False).alias("date")
    )["date"]
    # Years Python's own dates can't hold go before anything reads a value.
    inside = day.dt.year().is_between(1, _LAST_YEAR).fill_null(value=False)
    distant = day.is_not_null() & ~inside
    day = pl.DataFrame([day, inside.alias("inside")]).select(pl.when("inside").then("date"))["date"]
    broken = text.is_not_null() & ~inside

    def fault(row: int) -> Fault:
        got = text[row]
        if distant[row]:
            return Fault(
                "year_out_of_range",
                "date",
                got=got,
                where=table.where(row),
                hint="no_dateless",
                last=_LAST_YEAR,
            )
        if len(got) in (4, 7) and got[:4].isdecimal():
            return Fault("not_a_day", "date", got=got, where=table.where(row), hint="vague_day")
        where = table.where(row)
        if order := other_order(got):
            hint = {"hint": "import_dates", "file": table.name, "order": order}
            return Fault("not_a_day", "date", got=got, where=where, **hint)
        return Fault("not_a_day", "date", got=got, where=where, hint="try", example="2020-01-17")

    table.refuse(broken, fault)
    if window is not None:

        def outside(row: int) -> Fault:
            return Fault(
                "not_in_window",
                "date",
                got=text[row],
                where=table.where(row),
                hint="longer_window",
                window=str(window),
            )

        apart = (day < window.start) | (day >= window.end)
        table.refuse(apart.fill_null(value=False), outside)
    return day


def _deaths(table: RawTable) -> pl.Series:
    text = table.columns["fatalities"]
    shape = text.str.contains("^[0-9]{1,18}$")
    number = table.columns.select(
        pl.when(shape).then(pl.col("fatalities")).cast(pl.Int64, strict=False).alias("fatalities")
    )["fatalities"]
    broken = text.is_not_null() & (~shape | (number > MOST_DEATHS).fill_null(value=True))

    def fault(row: int) -> Fault:
        return Fault(
            "not_whole_in_range",
            "fatalities",
            got=text[row],
            where=table.where(row),
            hint="leave_empty_unknown",
            low=0,
            high=MOST_DEATHS,
        )

    table.refuse(broken.fill_null(value=False), fault)
    return number


def _intensities(table: RawTable) -> pl.Series:
    text = table.columns["intensity"]
    shape = text.str.contains(r"^[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?$")
    number = table.columns.select(
        pl.when(shape).then(pl.col("intensity")).cast(pl.Float64, strict=False).alias("intensity")
    )["intensity"]
    broken = text.is_not_null() & ~(shape & number.is_between(-10, 10).fill_null(value=False))

    def fault(row: int) -> Fault:
        return Fault(
            "not_number_in_range",
            "intensity",
            got=text[row],
            where=table.where(row),
            hint="leave_empty_codebook",
            low=-10,
            high=10,
        )

    table.refuse(broken.fill_null(value=False), fault)
    return number


def _no_mutual(table: RawTable, codebook: str) -> Callable[[int], Fault]:
    def fault(row: int) -> Fault:
        where, hint = table.where(row), "both_directions"
        return Fault("mutual_without_joint", "mutual", got="true", where=where, hint=hint, codebook=codebook)

    return fault


def _unlike(table: RawTable, joint: str) -> Callable[[int], Fault]:
    def fault(row: int) -> Fault:
        return Fault(
            "mutual_of_other_class",
            "mutual",
            got=table.columns["mutual"][row],
            where=table.where(row),
            hint="leave_one_empty",
            joint=joint,
            given=table.columns["class"][row],
        )

    return fault
