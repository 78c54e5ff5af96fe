"""The chronicle: events over an explicit window, with the eras of their coverage and where they came from."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

import polars as pl

from detente.base.days import Window
from detente.base.errors import DataError, Fault
from detente.base.given import text_given, texts_given
from detente.base.tables import Tables, heading, html_table
from detente.events.columns import COLUMNS, CONTENT, PRECISIONS, span_ends
from detente.events.coverage import Coverage
from detente.events.ontology.actions import action_fault, action_names
from detente.events.ontology.classes import class_fault, scheme_of
from detente.events.provenance import Era, Provenance

_SHOWN = 10  # last acts that a notebook shows


@dataclass(frozen=True, eq=False)
class Chronicle(Tables):
    """Events over a half-open window: what happened, or one simulated future.

    Attributes
    ----------
    events : polars.DataFrame
        One row per act, with the columns of `COLUMNS`, sorted by date; rows of one day keep the file's order.
    window : Window
        The days the events cover, but for the gaps; a day in it without events was quiet, a day outside it is unknown.
    scheme : str
        Class scheme, ``detente`` or ``quad``.
    eras : tuple[Era, ...]
        Eras of coverage, sorted by start.
    provenance : Provenance
    gaps : tuple[Window, ...]
        Stretches of the window that the events do not cover: days in them are unknown too.

    Raises
    ------
    DataError
        If the columns are not the canonical ones, an event lies outside the covered days or is out of order, or two
        eras start on one day.

    Examples
    --------
    >>> rows = [
    ...     {
    ...         "date": date(2020, 1, 3),
    ...         "source": "USA",
    ...         "target": "IRN",
    ...         "action": "ASSAULT",
    ...         "class": "force",
    ...     }
    ... ]
    >>> chronicle = Chronicle.of(pl.DataFrame(rows), Window(date(2020, 1, 1), date(2020, 2, 1)))
    >>> chronicle.acts, chronicle.known_at(date(2020, 1, 3)).acts
    (1, 0)
    """

    events: pl.DataFrame
    window: Window
    scheme: str = "detente"
    eras: tuple[Era, ...] = ()
    provenance: Provenance = field(default_factory=lambda: Provenance("unnamed"))
    gaps: tuple[Window, ...] = ()

    def _about(self) -> str:
        return heading(self.provenance.name, self.coverage, f"data {self.digest[:12]}", acts=self.acts)

    def __post_init__(self) -> None:
        """Refuse what would make later counts wrong in silence."""
        scheme = scheme_of(self.scheme)
        if dict(self.events.schema) != dict(COLUMNS):
            columns = tuple(COLUMNS)
            raise DataError(
                Fault("wrong_columns", "columns of events", hint="chronicle_of_fills", columns=columns)
            )
        for name in ("date", "precision", "source", "target", "class", "mutual"):
            if self.events[name].null_count():
                raise DataError(Fault("required", name))
        for class_ in self.events["class"].unique().sort().to_list():
            if class_ not in scheme.classes:
                raise DataError(class_fault(class_, scheme))
        for precision in self.events["precision"].unique().sort().to_list():
            if precision not in PRECISIONS:
                raise DataError(Fault("not_one_of", "precision", got=precision, choices=PRECISIONS))
        dates = self.events["date"]
        if not dates.is_sorted():
            raise DataError(Fault("not_sorted", "events", hint="chronicle_of_sorts"))
        covered = Coverage(self.window, self.gaps)
        object.__setattr__(self, "gaps", covered.gaps)
        unknown = (gap.start for gap in covered.gaps if dates.is_between(gap.start, gap.end, "left").any())
        for day in (dates.first(), dates.last(), *unknown):
            if isinstance(day, date) and day not in covered:
                raise DataError(Fault("not_in_window", "event", got=day, window=str(covered)))
        object.__setattr__(self, "eras", tuple(sorted(self.eras)))
        for one, other in zip(self.eras, self.eras[1:], strict=False):
            if one.start == other.start:
                raise DataError(Fault("same_start", "eras", got=one.start))

    @classmethod
    def of(
        cls,
        rows: pl.DataFrame,
        window: Window,
        scheme: str = "detente",
        eras: Iterable[Era] = (),
        provenance: Provenance | None = None,
    ) -> Chronicle:
        """Make a chronicle of a frame that has some of the canonical columns; the rest become null.

        Rows are sorted by date and nothing is folded. An absent `precision` is ``day``, an absent `mutual` says
        whether the class is joint.

        Raises
        ------
        DataError
            If a column cannot be read as its type, or for any reason the class gives.
        """
        try:
            frame = rows.select(
                (pl.col(name) if name in rows.columns else pl.lit(None)).cast(dtype).alias(name)
                for name, dtype in COLUMNS.items()
            )
        except pl.exceptions.PolarsError as error:
            reason = str(error).splitlines()[0]
            raise DataError(Fault("wrong_types", "columns of events", reason=reason)) from None
        joint = pl.col("class").eq_missing(scheme_of(scheme).joint_class) & pl.col("class").is_not_null()
        frame = frame.with_columns(
            pl.col("precision").fill_null("day"), pl.col("mutual").fill_null(joint)
        ).sort("date", maintain_order=True)
        provenance = provenance or Provenance("unnamed", rows_read=frame.height)
        return cls(frame, window, scheme, tuple(eras), provenance)

    def _table(self, name: str) -> pl.DataFrame:
        return self.events

    def _repr_html_(self) -> str:
        head = f"{self.provenance.name}: {self.acts:,} acts, {self.coverage}, data {self.digest[:12]}"
        columns = ("date", "source", "target", "class", "action", "mode", "fatalities", "summary")
        return html_table(head, columns, self.events.select(columns).tail(_SHOWN).rows(), self.acts)

    @property
    def acts(self) -> int:
        """Number of acts."""
        return self.events.height

    @property
    def codebook(self) -> str:
        """Codebook the events were read with."""
        return self.provenance.codebook

    @property
    def coverage(self) -> Coverage:
        """The covered days: all of the window but the gaps."""
        return Coverage(self.window, self.gaps)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of what the chronicle says: events (file lines apart), window, gaps, scheme and eras."""
        total = hashlib.sha256(f"{self.scheme} [{self.window.start}, {self.window.end})".encode())
        for gap in self.gaps:
            total.update(f" without [{gap.start}, {gap.end})".encode())
        for era in self.eras:
            total.update(f" {era.start.isoformat()} {era.known_from.isoformat()}".encode())
        if self.provenance.by_report:
            total.update(" ".join(map(str, self._reported(self.events).to_list())).encode())
        for name in CONTENT:
            column = self.events[name]
            if column.dtype == pl.Float64:
                # Digits as Python writes them: a library's next version may write other ones.
                texts = {value: repr(value) for value in column.unique().drop_nulls().to_list()}
                text = column.replace_strict(texts, default=None, return_dtype=pl.String)
            else:
                text = column.cast(pl.String)
            # Each length (-1 for null) before the text, so that no two contents run together.
            lengths = text.str.len_bytes().cast(pl.Int64).fill_null(-1).to_list()
            total.update(name.encode() + struct.pack(f"<{len(lengths)}q", *lengths))
            total.update("".join(text.drop_nulls().to_list()).encode())
        return total.hexdigest()

    def known_at(self, as_of: date) -> Chronicle:
        """Return what could be known by the start of day `as_of`.

        An event is known once the span its date stands for has ended: a day-dated event on the next day, a
        month-dated one on the first of the next month. Eras not known by then go, and the window ends at `as_of`.

        Parameters
        ----------
        as_of : date
            First day of which nothing is known.

        Returns
        -------
        Chronicle
            Equal, to the byte of its digest, for any two chronicles that differ only in what came later and have the
            same gaps: which days nobody coded is found from a whole file.

        Raises
        ------
        DataError
            If the window starts no earlier than `as_of`, or, without a declared window, if no event is known.

        Examples
        --------
        >>> rows = [{"date": date(2020, 1, 3), "source": "USA", "target": "IRN", "class": "force"}]
        >>> chronicle = Chronicle.of(pl.DataFrame(rows), Window(date(2020, 1, 1), date(2021, 1, 1)))
        >>> known = chronicle.known_at(date(2020, 1, 4))
        >>> known.acts, str(known.window)
        (1, '2020-01-01 to 2020-01-03')
        """
        events = self.events.filter(span_ends(self.events) <= as_of)
        old = self.provenance
        if old.by_report:
            events = events.filter(self._reported(events) < as_of)
        start, end = self.window.start, min(self.window.end, as_of)
        if not old.window_declared:
            # The span of the events must not show through: later events would have stretched it.
            end = as_of if old.as_of is None else min(as_of, old.as_of)
            first = events["date"].min()
            start = first if isinstance(first, date) else end
        if start >= end:
            window = str(self.window)
            raise DataError(Fault("no_day_known", "as_of", got=as_of, hint="chronicle_covers", window=window))
        codes = set(events["code"].drop_nulls().unique().to_list()) if old.codes_filled else set()
        provenance = Provenance(
            old.name,
            old.codebook,
            rows_read=events.height,
            columns_left_out=old.columns_left_out,
            codes_filled=tuple(code for code in old.codes_filled if code in codes),
            window_declared=old.window_declared,
            vintage=old.vintage,
            reported=old.reported,
            by_report=old.by_report,
            as_of=as_of if old.as_of is None else min(as_of, old.as_of),
            since=old.since,
            files=old.files,
        )
        eras = tuple(era for era in self.eras if era.known_from <= as_of)
        return Chronicle(events, Window(start, end), self.scheme, eras, provenance, self.gaps)

    def last_part(self) -> Chronicle:
        """Return what came after the last gap: for studies that need days without a hole between them."""
        if not self.gaps:
            return self
        part = self.coverage.parts[-1]
        events = self.events.filter(pl.col("date").is_between(part.start, part.end, "left"))
        since = replace(self.provenance, since=part.start)
        return replace(self, events=events, window=part, gaps=(), provenance=since)

    def as_reported(self) -> Chronicle:
        """Return the same acts, of which a cut knows only those that had been reported by its day.

        Without the day of the report of every row it is the chronicle itself: an act is known from its own day on.
        """
        if self.provenance.reported is None:
            return self
        return replace(self, provenance=replace(self.provenance, by_report=True))

    def _reported(self, events: pl.DataFrame) -> pl.Series:
        """Return the day on which each of some acts was reported."""
        known = self.provenance.reported
        if known is None:
            raise DataError(Fault("required", "reported"))
        return events.select("row").join(known, on="row", how="left", maintain_order="left")["reported"]

    def filter(
        self,
        *,
        source: str | Iterable[str] | None = None,
        target: str | Iterable[str] | None = None,
        between: tuple[str, str] | None = None,
        class_: str | Iterable[str] | None = None,
        action: str | Iterable[str] | None = None,
        mode: str | Iterable[str] | None = None,
        issue: str | Iterable[str] | None = None,
        confidence: str | Iterable[str] | None = None,
        evidence: str | Iterable[str] | None = None,
        text: str | None = None,
    ) -> Chronicle:
        """Return the acts that fit every condition given; the window stays.

        Parameters
        ----------
        source, target : str or iterable of str
            Actor codes. A mutual act fits from either side.
        between : (str, str)
            Two actors, in either direction.
        class_, action, mode, issue, confidence, evidence : str or iterable of str
            Any of these values.
        text : str
            Words found in the summary, in capitals or not.

        Raises
        ------
        DataError
            If there is no such class or action.

        Examples
        --------
        >>> rows = [{"date": date(2013, 9, 27), "source": "USA", "target": "IRN", "class": "joint"}]
        >>> chronicle = Chronicle.of(pl.DataFrame(rows), Window(date(2013, 1, 1), date(2014, 1, 1)))
        >>> chronicle.filter(source="IRN", class_="joint").acts, chronicle.filter(class_="force").acts
        (1, 0)
        """
        wanted = {"class": class_, "action": action, "mode": mode, "issue": issue}
        wanted |= {"confidence": confidence, "evidence": evidence}
        keep = _ends(_values("source", source), _values("target", target))
        if between is not None:
            keep &= _ends(list(between), list(between)) & (pl.col("source") != pl.col("target"))
        for column, given in wanted.items():
            values = _values(column, given)
            if values is not None:
                self._require(column, values)
                keep &= pl.col(column).is_in(values)
        if text is not None:
            keep &= (
                pl.col("summary")
                .str.to_lowercase()
                .str.contains(text_given("text", text).lower(), literal=True)
            )
        return replace(self, events=self.events.filter(keep.fill_null(value=False)))

    def count_by(self, *columns: str) -> pl.DataFrame:
        """Count acts by columns, or by ``year`` or ``month`` of their date.

        Parameters
        ----------
        *columns : str
            Canonical columns, ``year`` (a number) or ``month`` (``2020-01``).

        Returns
        -------
        polars.DataFrame
            The columns and ``acts``, in the order in which each combination first occurs: never by name.

        Raises
        ------
        DataError
            If there is no such column.

        Examples
        --------
        >>> rows = [{"date": date(2020, 1, 3), "source": "USA", "target": "IRN", "class": "force"}] * 2
        >>> chronicle = Chronicle.of(pl.DataFrame(rows), Window(date(2020, 1, 1), date(2021, 1, 1)))
        >>> chronicle.count_by("year", "class").rows()
        [(2020, 'force', 2)]
        """
        derived = {"year": pl.col("date").dt.year(), "month": pl.col("date").dt.strftime("%Y-%m")}
        for column in columns:
            if column not in derived and column not in COLUMNS:
                choices = (*derived, *COLUMNS)
                raise DataError(Fault("not_one_of", "column to count by", got=column, choices=choices))
        if not columns:
            return pl.DataFrame({"acts": [self.acts]})
        keys = [derived.get(column, pl.col(column)).alias(column) for column in dict.fromkeys(columns)]
        return self.events.group_by(keys, maintain_order=True).agg(pl.len().cast(pl.Int64).alias("acts"))

    def _require(self, column: str, values: list[str]) -> None:
        scheme = scheme_of(self.scheme)
        for value in values:
            if column == "class" and value not in scheme.classes:
                raise DataError(class_fault(value, scheme))
            if column == "action" and value not in action_names(self.codebook):
                raise DataError(action_fault(value, self.codebook))


def _values(name: str, given: str | Iterable[str] | None) -> list[str] | None:
    if given is None:
        return None
    return list(texts_given(name, [given] if isinstance(given, str) else given))


def _ends(sources: list[str] | None, targets: list[str] | None) -> pl.Expr:
    def among(column: str, values: list[str] | None) -> pl.Expr:
        return pl.lit(value=True) if values is None else pl.col(column).is_in(values)

    forward = among("source", sources) & among("target", targets)
    back = among("target", sources) & among("source", targets)
    return forward | (pl.col("mutual") & back)
