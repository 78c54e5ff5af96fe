"""Steps that formats share: what a row says of its day, its two actors and its act, and why it is not kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import numpy as np
import polars as pl

from detente.base.printable import CONTROL
from detente.events.files.rows import MOST_DEATHS
from detente.events.importing.actor_names import OFFICIAL_TYPES, known, own_code, wanted_code
from detente.events.importing.import_options import Options
from detente.events.ontology.actors import ACTOR_CODE
from detente.events.ontology.crosswalks import cameo, with_zeros
from detente.events.ontology.null_words import NULL_WORDS
from detente.events.ontology.state_codes import state_codes

REFUSED: Mapping[str, str] = MappingProxyType(
    {
        "fields": "row_fields",
        "text": "row_text",
        "date": "row_date",
        "future": "row_future",
        "actor": "row_actor",
        "null": "row_null",
        "country": "row_country",
        "code": "row_code",
        "zeros": "row_zeros",
        "contradiction": "row_contradiction",
        "deaths": "row_deaths",
        "rule": "row_rule",
    }
)
"""Why a row is refused, a fault of the file, and the rule of `detente.base.messages` that it breaks."""


LEFT_OUT = ("one-sided", "domestic", "no-act", "outside", "later", "apart", "map")
"""Why a sound row is left out: nobody on a side, an actor on itself, no act between two, outside the days asked for,
reported later than the vintage asked for, dated far off from the others, by the user's map."""


WHY = pl.Enum([*REFUSED, *LEFT_OUT])
"""Type of the column that holds the reason."""


YEARS = (1900, 2100)
"""No machine-coded format has older events, and none can have later ones."""


OTHER_ORDER = "other order"
"""Column of days with the year last that read only in the other order of day and month."""


_ORDERS = {"dmy": "%d-%m-%Y", "mdy": "%m-%d-%Y", "ymd": "%Y-%m-%d"}
_SHAPES = {"ymd": r"^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}$"}
_YEAR_LAST = r"^[0-9]{1,2}-[0-9]{1,2}-[0-9]{4}$"
_MIDNIGHT = r"(?:[ T]00:00(?::00(?:\.0+)?)?Z?| 12:00:00 AM)$"


BACK = " back"
"""Ends the number of the other direction of an event that is an act of each side."""


ANY_YEARS = (1, 9999)
"""Whoever writes a plain file may go further back."""


Events = Callable[[pl.DataFrame, Options], pl.DataFrame]
"""From a frame of text with a format's columns to the same with date, source, target, the act, and why.

A column `note` names what a reader should know of a row that is kept."""


def once(frame: pl.DataFrame, keys: Sequence[str], *steps: Sequence[pl.Expr]) -> pl.DataFrame:
    """Add columns computed once for each combination of the keys: files repeat few values very often.

    Parameters
    ----------
    frame : polars.DataFrame
    keys : sequence of str
        Columns of text or categories.
    *steps : sequence of polars.Expr
        Of the keys as text without white space around it, and of what the steps before have said; names that begin
        with a low line are not kept.

    Examples
    --------
    >>> frame = pl.DataFrame({"code": ["040", None, "040"]})
    >>> once(frame, ["code"], [pl.col("code").str.head(2).alias("root")])["root"].to_list()
    ['04', None, '04']
    """
    groups = frame.select(keys).with_row_index("_row").group_by(keys).agg("_row")
    meaning = groups.select(pl.col(keys).cast(pl.String).str.strip_chars())
    for step in steps:
        if taken := {part.meta.output_name() for part in step} & set(keys):
            raise ValueError(f"a step may not replace its key {min(taken)}")
        meaning = meaning.with_columns(step)
    said = [name for name in meaning.columns if name not in keys and not name.startswith("_")]
    # What a group means goes to its rows by their numbers: a join would look every row up a second time.
    group = np.empty(frame.height, np.uint32)
    rows = groups["_row"]
    group[rows.explode().to_numpy()] = np.repeat(
        np.arange(groups.height, dtype=np.uint32), rows.list.len().to_numpy()
    )
    return frame.hstack(meaning.select(said)[group])


NAME, STATE = pl.col("_name"), pl.col("_state")
"""What the file calls an actor, and the code of its state: columns that a layout fills before `side`."""


ITSELF = pl.col("_itself") == STATE


def first_of(*checks: tuple[str, pl.Expr]) -> pl.Expr:
    """Return the first reason that holds, or null; a check that cannot be told does not hold."""
    return pl.coalesce(pl.when(holds).then(pl.lit(reason, WHY)) for reason, holds in checks)


def judged(frame: pl.DataFrame, *checks: tuple[str, pl.Expr]) -> pl.DataFrame:
    """Add why, from what is wrong with the day, the act and each side, from checks, and from the sides being one."""
    rest = first_of(*checks, ("domestic", pl.col("source") == pl.col("target")))
    return frame.with_columns(
        pl.coalesce("day why", "act why", "source why", "target why", rest).alias("why")
    )


def day_of(column: str, form: str = "%Y-%m-%d", width: int = 10, years: tuple[int, int] = YEARS) -> pl.Expr:
    """Return a column of text of one form and width as days; a time of midnight after it says nothing."""
    text = pl.col(column).str.replace(_MIDNIGHT, "")
    day = pl.when(text.str.len_bytes() == width).then(text).str.to_date(form, strict=False)
    return pl.when(day.dt.year().is_between(*years, closed="left")).then(day)


def ordered_day(column: str, order: str) -> pl.Expr:
    """Return a column of days written in an order that the user names.

    Parameters
    ----------
    column : str
    order : str
        ``dmy``, ``mdy`` or ``ymd``: numbers with points, slashes or hyphens between, the year in four digits; also
        YYYYMMDD under ymd, and a time of midnight after the day.
    """
    text = pl.col(column).str.replace(_MIDNIGHT, "").str.replace_all("[./]", "-")
    if order == "ymd":
        text = text.str.replace(r"^([0-9]{4})([0-9]{2})([0-9]{2})$", "${1}-${2}-${3}")
    shape = text.str.contains(_SHAPES.get(order, _YEAR_LAST))
    return pl.when(shape).then(text).str.to_date(_ORDERS[order], strict=False)


def other_day(column: str, order: str) -> pl.Expr:
    """Return texts with the year last that read only in the other order of day and month; empty for those in order.

    One such text says that the order is wrong for the rest of the file too, where both orders read.
    """
    other = ordered_day(column, "dmy" if order == "mdy" else "mdy")
    own = pl.when(ordered_day(column, order).is_not_null()).then(pl.lit(""))
    return pl.coalesce(own, pl.when(other.is_not_null()).then(pl.col(column)))


def eight_digits(column: str) -> pl.Expr:
    """Return a column of days written YYYYMMDD."""
    return day_of(column, "%Y%m%d", 8)


def american_day(column: str) -> pl.Expr:
    """Return a column of days written month/day/year, as 1/13/2017."""
    text = pl.col(column).str.replace(_MIDNIGHT, "")
    written = pl.when(text.str.contains(r"^[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}$")).then(text)
    day = written.str.to_date("%m/%d/%Y", strict=False)
    return pl.when(day.dt.year().is_between(*YEARS, closed="left")).then(day)


def short_day(column: str) -> pl.Expr:
    """Return a column of days written YYMMDD; 40 to 99 are of the last century, 00 to 39 of this one."""
    text = pl.col(column)
    sound = text.str.contains("^[0-9]{6}$")
    century = pl.when(text.str.head(1) >= "4").then(pl.lit("19")).otherwise(pl.lit("20"))
    return pl.when(sound).then(century + text).str.to_date("%Y%m%d", strict=False)


def dated(
    frame: pl.DataFrame, column: str, options: Options, *forms: pl.Expr, order: str | None = None
) -> pl.DataFrame:
    """Add date, the first of some forms of day that reads, and what is wrong with it.

    Parameters
    ----------
    frame : polars.DataFrame
    column : str
    options : Options
        An order of day, month and year that the user names takes the place of the forms, but for YYYY-MM-DD.
    *forms : polars.Expr
        YYYY-MM-DD if there are none.
    order : str or None
        That of the forms with the year last, ``mdy`` or ``dmy``.
    """
    if options.dates:
        forms, order = (day_of(column), ordered_day(column, options.dates)), options.dates
    missing = first_of(("date", pl.col("date").is_null())).alias("day why")
    said = [pl.coalesce(forms or (day_of(column),)).alias("date")]
    if order in ("mdy", "dmy"):
        said.append(other_day(column, order).alias(OTHER_ORDER))
    return once(frame, [column], said, [missing])


def side(
    which: str, options: Options, code: pl.Expr, *checks: tuple[str, pl.Expr]
) -> tuple[list[pl.Expr], ...]:
    """Return steps to the code of an actor, and to what is wrong with it: nobody, no code, or unwanted.

    Parameters
    ----------
    which : str
        ``source`` or ``target``.
    options : Options
    code : polars.Expr
        By the rules of the format, null for nobody; see `detente.events.importing.actor_names.own_code`.
    *checks : (reason, polars.Expr)
        What else may be wrong.
    """
    wanted, by = wanted_code(options.names, NAME, pl.col("_own"))
    text = pl.col("_code")
    unprintable = NAME.str.contains(CONTROL.pattern)
    no_code = (text != "") & ~text.str.contains(ACTOR_CODE)
    odd = (
        ("actor", unprintable | no_code.fill_null(value=False)),
        ("one-sided", text.is_null()),
        ("map", text == ""),
    )
    told = [first_of(*checks, *odd).alias(f"{which} why"), text.cast(pl.Categorical).alias(which)]
    if options.names.states:
        changed = (pl.col("_own") != text) & by.is_null() & (text != "")
        told.append(
            pl.when(changed).then(pl.col("_own") + " -> " + text).cast(pl.Categorical).alias(f"{which} form")
        )
    if options.names.becomes:
        told.append(by.cast(pl.Categorical).alias(f"{which} by"))
    return [code.alias("_own")], [wanted.alias("_code")], told


def as_said(**keys: str) -> list[pl.Expr]:
    """Return columns as what they say, under names that begin with a low line."""
    return [known(column).alias(f"_{name}") for name, column in keys.items()]


def looked_up(text: pl.Expr, table: Mapping[str, str]) -> pl.Expr:
    """Return what a table says of texts, null where it has none."""
    return text.replace_strict(dict(table), default=None, return_dtype=pl.String)


def without_point(text: pl.Expr) -> pl.Expr:
    """Return numbers as a column of whole numbers has them: 3.0 is 3."""
    return text.str.replace(r"\.0+$", "")


def no_deaths(unknown: Sequence[str], *columns: str) -> tuple[str, pl.Expr]:
    """Return a check for `judged`: whether columns hold neither a number of deaths nor a word for an unknown one.

    What cannot be read, as 12+ or 1,200, is no unknown number.
    """
    texts = [(name, pl.col(name).cast(pl.String).str.strip_chars()) for name in columns]
    odd = [
        ~text.is_in([*NULL_WORDS, *unknown]) & (whole_number(name) <= MOST_DEATHS).ne_missing(other=True)
        for name, text in texts
    ]
    return "deaths", pl.any_horizontal(*(each.fill_null(value=False) for each in odd))


def whole_number(column: str) -> pl.Expr:
    """Return a column of text as numbers of 0 and more, also where a table of numbers wrote 3.0; else null."""
    text = pl.col(column).cast(pl.String).str.strip_chars()
    sound = text.str.contains(r"^[0-9]{1,9}(\.0+)?$")
    return pl.when(sound).then(text).str.extract("^([0-9]+)").cast(pl.Int64)


def not_cameo(code: pl.Expr) -> pl.Expr:
    """Return whether texts are no CAMEO code."""
    return code.is_null() | ~code.is_in(list(cameo()))


def officials_by_suffix(
    which: str, key: str, options: Options, nulls: tuple[str, ...] = NULL_WORDS
) -> tuple[list[pl.Expr], ...]:
    """Return steps to the code of an actor of CAMEO's and KEDS's letters: three of the state, three of the office."""
    state = pl.when(NAME.str.head(3).is_in(list(_foldable()))).then(NAME.str.head(3))
    official = (NAME.str.len_chars() == 6) & NAME.str.tail(3).is_in(OFFICIAL_TYPES)
    own = own_code(NAME, state, official.fill_null(value=False), NAME)
    return ([known(key, nulls).alias("_name")], *side(which, options, own))


def _foldable() -> frozenset[str]:
    """Return the first three letters of officials: states, and what data sets treat as one."""
    return state_codes() | {"EUR", "KOS", "KSV", "MTN", "PLO", "UKG"}


def padded(code: pl.Expr, root: pl.Expr) -> pl.Expr:
    """Return CAMEO codes with the leading zeros that their root, in another column, says they have lost; 20 is 200."""
    code, root = without_point(code), without_point(root)
    longer = pl.lit("0") + code
    root = pl.when(root.str.len_bytes() == 1).then(pl.lit("0") + root).otherwise(root)
    lost = (code.str.head(2) != root) & (longer.str.head(2) == root) & ~not_cameo(longer)
    whole = pl.when(lost).then(longer).otherwise(code)
    bare = (whole == root) & (
        whole.str.len_bytes() == 2
    )  # a root alone: its code of three digits ends with 0
    return pl.when(bare).then(whole + "0").otherwise(whole)


LOST = r"^[0-9]{1,2}(\.0+)?$|^[0-9]+\.0+$"
"""Codes that a table of numbers has changed: without leading zeros, or with a decimal point."""


def zeros_of(code: pl.Expr) -> pl.Expr:
    """Return machine codes after what a spreadsheet or a table of numbers did to them: 40.0 and 40 are 040."""
    plain = without_point(code)
    return looked_up(plain, with_zeros()).fill_null(plain)
