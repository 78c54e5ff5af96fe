"""Coverage in parts: counting days without those of gaps, and chronicles that have gaps."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from detente.base.days import Window
from detente.base.errors import DataError
from detente.events.breaks import find_breaks
from detente.events.chronicle import Chronicle
from detente.events.counts import ordered_counts
from detente.events.coverage import Coverage
from detente.events.files.event_file import load_events
from detente.events.files.overlay import overlay
from worlds import random_chronicle

START = date(2000, 1, 1)


def days(first: int, end: int) -> Window:
    return Window(START + timedelta(first), START + timedelta(end))


def acts(*offsets: int) -> pl.DataFrame:
    day = pl.Series([START + timedelta(n) for n in offsets])
    return pl.DataFrame({"date": day, "source": "A", "target": "B", "class": "force"})


@pytest.mark.parametrize(
    "gaps", [[], [(3, 5)], [(0, 4)], [(6, 10)], [(2, 3), (3, 6), (5, 7)], [(-4, 2), (8, 20)]]
)
def test_days_are_counted_as_if_those_of_gaps_were_cut_out(gaps: list[tuple[int, int]]) -> None:
    covered = Coverage(days(0, 10), tuple(days(*gap) for gap in gaps))
    left = [n for n in range(10) if not any(first <= n < end for first, end in gaps)]
    assert covered.days == len(left) == sum(part.days for part in covered.parts)
    assert [covered.day(i) for i in range(len(left))] == [START + timedelta(n) for n in left]
    every = [START + timedelta(n) for n in range(-2, 12)]
    assert [day in covered for day in every] == [n in left for n in range(-2, 12)]
    assert covered.indices(pl.Series(every)).tolist() == [
        left.index(n) if n in left else -1 for n in range(-2, 12)
    ]
    for n in range(10):  # of a day in a gap, the first one after it
        assert covered.index(START + timedelta(n)) == sum(other < n for other in left)
    assert covered.index(covered.end) == covered.days
    values = np.arange(10.0)
    assert covered.chosen(values).tolist() == left
    spread = covered.spread(covered.chosen(values))
    assert np.flatnonzero(~np.isnan(spread)).tolist() == left


def test_a_chronicle_refuses_an_act_in_a_gap_and_its_digest_knows_the_gap() -> None:
    plain = Chronicle.of(acts(1, 8), days(0, 10))
    parted = replace(plain, gaps=(days(3, 6),))
    assert parted.digest != plain.digest
    assert replace(plain, gaps=()).digest == plain.digest
    with pytest.raises(DataError, match="2000-01-03 and 2000-01-07"):
        replace(Chronicle.of(acts(1, 4, 8), days(0, 10)), gaps=(days(3, 6),))


def test_a_cut_knows_the_part_of_a_gap_before_it() -> None:
    parted = replace(Chronicle.of(acts(1, 8), days(0, 10)), gaps=(days(3, 6),))
    cuts = {n: parted.known_at(START + timedelta(n)).gaps for n in (3, 5, 9)}
    assert cuts == {3: (), 5: (days(3, 5),), 9: (days(3, 6),)}


def test_the_last_part_is_a_chronicle_of_its_own() -> None:
    parted = replace(Chronicle.of(acts(1, 8), days(0, 10)), gaps=(days(3, 6),))
    last = parted.last_part()
    assert (last.acts, last.window, last.gaps, last.provenance.since) == (
        1,
        days(6, 10),
        (),
        days(6, 10).start,
    )
    assert last.last_part() is last


def test_a_year_of_a_gap_has_no_count() -> None:
    parted = replace(
        Chronicle.of(acts(1, 1500), days(0, 1600)),
        gaps=(Window(date(2001, 1, 1), date(2003, 7, 1)),),
    )
    assert ordered_counts(parted, "year").rows() == [
        (2000, 1), (2001, None), (2002, None), (2003, 0), (2004, 1)
    ]  # fmt: skip


def test_a_gap_is_no_break_in_coding() -> None:
    whole = random_chronicle(days=3600, per_day=1.0)
    others = whole.events.with_columns(source=pl.lit("C"))
    gap = Window(date(2003, 1, 1), date(2006, 1, 1))
    kept = others.filter(~pl.col("date").is_between(gap.start, gap.end, "left"))
    assert find_breaks(replace(whole, events=kept, gaps=(gap,)), ("A", "B")) == ()
    assert find_breaks(replace(whole, events=kept), ("A", "B")) != ()


def test_a_break_is_known_after_twelve_covered_months() -> None:
    """January 2003 is the last month before the gap at twice the density, so eleven more are needed after it."""
    few, many = (acts(*range(first, end, step)) for first, end, step in ((0, 1096, 8), (1096, 2600, 2)))
    both = Chronicle.of(pl.concat([few, many]), days(0, 2600))
    gap = Window(date(2003, 2, 1), date(2005, 2, 1))
    kept = both.events.filter(~pl.col("date").is_between(gap.start, gap.end, "left"))
    (plain,) = find_breaks(both, ("B", "C"))
    (found,) = find_breaks(replace(both, events=kept, gaps=(gap,)), ("B", "C"))
    assert (plain.start, plain.known_from) == (date(2003, 1, 1), date(2004, 1, 1))
    assert (found.start, found.known_from) == (date(2003, 1, 1), date(2006, 1, 1))


def _file(folder: Path, name: str, *offsets: int) -> Path:
    rows = (f"{START + timedelta(n)},FIN,DNK,112" for n in offsets)
    path = folder / name
    path.write_text("\n".join(("date,source,target,cameo", *rows)) + "\n")
    return path


def test_a_file_laid_over_fills_the_gap_as_far_as_it_goes(tmp_path: Path) -> None:
    base = load_events(_file(tmp_path, "e.csv", *range(0, 800, 4), *range(5000, 5800, 4)))
    assert [str(gap) for gap in base.gaps] == [str(days(797, 5000))]
    later = overlay(base, _file(tmp_path, "more.csv", *range(2000, 2400, 4)))
    assert later.gaps == (days(797, 2000), days(2397, 5000))
    own = tmp_path / "own.csv"  # what an actor does to itself is no act, but says that the day was coded
    rows = [f"{START + timedelta(n)},FIN,FIN,112" for n in range(5800, 9000, 4)]
    ends = [f"{START + timedelta(n)},FIN,DNK,112" for n in (5800, 9000)]
    own.write_text("\n".join(("date,source,target,cameo", *rows, *ends)))
    assert overlay(base, own).gaps == base.gaps
    far = _file(tmp_path, "far.csv", 9000)
    assert overlay(base, far).gaps == (*base.gaps, days(5797, 9000))
    assert overlay(base, far, until=START + timedelta(9001)).gaps == base.gaps
