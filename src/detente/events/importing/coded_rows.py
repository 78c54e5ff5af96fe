"""Rows with nothing but a day, two actors and a machine code: KEDS, and plain event files."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import polars as pl

from detente.events.importing.actor_names import known, own_code
from detente.events.importing.import_options import Options
from detente.events.importing.steps import (
    ANY_YEARS,
    LOST,
    NAME,
    Events,
    dated,
    day_of,
    eight_digits,
    first_of,
    judged,
    not_cameo,
    officials_by_suffix,
    once,
    short_day,
    side,
    without_point,
    zeros_of,
)
from detente.events.ontology.crosswalks import with_zeros
from detente.events.ontology.null_words import nobody, null_words

TOLD: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"date": ("day",), "actor": ("from", "to"), "null": ("from", "to"), "code": ("act",), "zeros": ("act",)}
)
"""The columns that show what is wrong with a row."""


def plain_codes(code: pl.Expr, codebook: str, options: Options) -> pl.Expr:
    """Return codes as they are, or, where the user says that they have lost their zeros, with them."""
    if not options.zeros_lost:
        return code
    if codebook == "cameo":
        return zeros_of(code)
    plain = without_point(code)
    return pl.when(plain.str.contains("^[1-9][0-9]$")).then(pl.lit("0") + plain).otherwise(plain)


def lost_zeros(code: pl.Expr, codebook: str, options: Options) -> pl.Expr:
    """Return whether a code may have lost its zeros, and nobody says so."""
    lost = code.str.contains(LOST)
    if codebook == "cameo":
        lost |= not_cameo(code) & code.is_in(list(with_zeros()))
    return pl.lit(not options.zeros_lost) & lost.fill_null(value=False)


def machine_coded(codebook: str | None, *, officials: bool) -> Events:
    """Return the reader of files with nothing but date, source, target and a code in the column code or cameo.

    Parameters
    ----------
    codebook : str or None
        ``cameo`` or ``weis``; None if the user says.
    officials : bool
        Whether the second three letters of an actor tell officials, as in KEDS.
    """

    def events(frame: pl.DataFrame, options: Options) -> pl.DataFrame:
        book = codebook or options.codebook or "cameo"
        act = "cameo" if "cameo" in frame.columns else "code"
        frame = frame.rename({"date": "day", "source": "from", "target": "to", act: "act"})
        words = null_words(book, options.nulls)
        nulls = tuple(word for word in words if word != "NA" or not options.namibia)
        for which, key in (("source", "from"), ("target", "to")):
            if officials:
                frame = once(frame, [key], *officials_by_suffix(which, key, options, words))
                continue
            # Whoever writes a plain file names both sides: a word for nothing is a fault there, but not a code for it.
            own = own_code(NAME, pl.lit(None, pl.String), pl.lit(value=False), NAME)
            unknown = pl.col("_given").is_in(nobody(book)).fill_null(value=False)
            steps = side(which, options, own, ("null", NAME.is_null() & ~unknown))
            said = [known(key, nulls).alias("_name"), pl.col(key).str.strip_chars().alias("_given")]
            frame = once(frame, [key], said, *steps)
        given, code = pl.col("_given"), pl.col("_code")
        if book == "weis":
            odd = ~code.str.contains("^(?:0[1-9]|1[0-9]|2[0-2])[0-9]$")
        else:
            odd = (code.str.len_bytes() < 3) | not_cameo(code)
        said = [
            code.cast(pl.Categorical).alias("code"),
            first_of(("zeros", lost_zeros(given, book, options)), ("code", code.is_null() | odd)).alias(
                "act why"
            ),
        ]
        steps = ([known("act", ("",)).alias("_given")], [plain_codes(given, book, options).alias("_code")])
        frame = once(frame, ["act"], *steps, said)
        if not officials:
            return judged(dated(frame, "day", options, day_of("day", years=ANY_YEARS)))
        forms = (day_of("day"), short_day("day"), eight_digits("day"))
        return judged(dated(frame, "day", options, *forms))

    return events
