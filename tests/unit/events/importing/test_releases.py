"""Rows that a later release of the same data withdraws or changes are counted."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path

import pytest

from detente.base.errors import DataError
from detente.events.importing.importer import import_events
from detente.events.importing.releases import Compared
from detente.report.text.import_events import text_of

HEADER = (
    "event_id_cnty,event_date,year,time_precision,disorder_type,event_type,sub_event_type,actor1,assoc_actor_1,inter1,"
    "actor2,assoc_actor_2,inter2,interaction,civilian_targeting,iso,region,country,admin1,admin2,admin3,location,"
    "latitude,longitude,geo_precision,source,source_scale,notes,fatalities,tags,timestamp"
)


def acled(folder: Path, name: str, *rows: str) -> Path:
    """Write rows given as number, day, victim of a strike by Norway and deaths."""
    lines = [HEADER]
    for row in rows:
        number, day, victim, deaths = row.split()
        sides = "Military Forces of Norway (2013-2021)", f"Military Forces of {victim} (2014-2022)"
        what = "Political violence,Explosions/Remote violence,Shelling/artillery/missile attack"
        who = ",".join(f"{side},,State forces" for side in sides)
        place = "578,Europe,Norway,Oslo,Oslo,,Oslo,59.91,10.75,1"
        more = f"a,National,n,{deaths},,1552086400"
        lines.append(f"{number},{day},{day[:4]},1,{what},{who},State forces-State forces,,{place},{more}")
    path = folder / name
    path.write_text("\n".join(lines) + "\n")
    return path


def compared(form: str, earlier: Path, later: Path) -> Compared:
    result = import_events(form, [later], later.with_suffix(".parquet"), earlier=[earlier])
    assert result.compared is not None
    side = json.loads(Path(f"{later.with_suffix('.parquet')}.json").read_text())
    assert side["compared"] == result.compared.to_dict()
    assert "Compared with old.csv" in text_of(result)
    assert f"new: {result.compared.added}." in text_of(result)
    return result.compared


def test_numbers_tell_withdrawn_rows_from_changed_ones(tmp_path: Path) -> None:
    old = acled(
        tmp_path, "old.csv",
        "N1 2019-03-04 Sweden 1", "N2 2019-03-05 Sweden 2", "N3 2019-03-06 Sweden 3", "N4 2019-03-07 Sweden 4",
        "N5 2019-03-08 Sweden 5", "N6 2019-03-30 Sweden 6", "N7 2019-03-10 Sweden 1", "N7 2019-03-30 Sweden 1",
    )  # fmt: skip
    new = acled(
        tmp_path, "new.csv",
        "N1 2019-03-04 Sweden 1",  # as it was
        "N2 2019-03-09 Sweden 2",  # another day
        "N3 2019-03-06 Finland 3",  # another actor
        "N5 2019-03-08 Sweden 7",  # other deaths
        "N8 2019-03-08 Sweden 0", "N9 2019-03-20 Sweden 0",
    )  # fmt: skip
    found = compared("acled", old, new)
    assert (str(found.window), found.by_number) == (
        "2019-03-04 to 2019-03-20",
        True,
    )  # N6 came after the new one ends
    assert (found.events, found.withdrawn, found.changed, found.added) == (6, 2, 3, 2)
    assert found.changes == {"day": 1, "actors": 1, "deaths": 1}
    assert found.first == {"withdrawn": ("N4", "N7"), "changed": ("N2", "N3", "N5")}


def test_without_numbers_acts_are_compared_by_day_and_pair(tmp_path: Path) -> None:
    for name, rows in (
        ("old.csv", "2019-03-04,SWE,NOR,190\n2019-03-04,SWE,NOR,112\n2019-03-05,SWE,NOR,190\n"),
        ("new.csv", "2019-03-04,SWE,NOR,190\n2019-03-05,SWE,NOR,173\n2019-03-09,SWE,NOR,190\n"),
    ):
        (tmp_path / name).write_text(f"date,source,target,cameo\n{rows}")
    found = compared("csv", tmp_path / "old.csv", tmp_path / "new.csv")
    assert (found.by_number, found.changed) == (False, None)
    assert (found.events, found.withdrawn, found.added) == (3, 2, 1)


def test_one_number_for_all_rows_numbers_nothing(tmp_path: Path) -> None:
    rows = [f"N1 2019-03-0{day} Sweden {day}" for day in range(1, 9)]
    found = compared("acled", acled(tmp_path, "old.csv", *rows), acled(tmp_path, "new.csv", *rows[1:]))
    assert (found.by_number, found.events, found.withdrawn) == (False, 7, 0)


def test_releases_without_a_common_day_and_an_output_over_one_are_refused(tmp_path: Path) -> None:
    old, new = (
        acled(tmp_path, "old.csv", "N1 2018-03-04 Sweden 1"),
        acled(tmp_path, "new.csv", "N1 2019-03-04 Sweden 1"),
    )
    out = tmp_path / "out.parquet"
    with pytest.raises(
        DataError, match="earlier release must be within 2019-03-04 to 2019-03-04, got 2018-03-04"
    ):
        import_events("acled", [new], out, earlier=[old])
    assert not out.exists()
    with pytest.raises(DataError, match="file is given twice"):
        import_events("acled", [new], out, earlier=[old, old])


def test_both_directions_of_an_event_have_one_number(tmp_path: Path) -> None:
    head, row, *_ = (
        (resources.files("detente") / "data" / "formats" / "ucdp.csv").read_text("utf-8").splitlines()
    )
    fields = row.removeprefix("1,")
    for name, numbers in (("old.csv", range(1, 6)), ("new.csv", (1, 2, 3, 5, 6))):
        (tmp_path / name).write_text("\n".join([head, *(f"{number},{fields}" for number in numbers)]) + "\n")
    found = compared("ucdp", tmp_path / "old.csv", tmp_path / "new.csv")
    assert (found.by_number, found.events, found.withdrawn, found.changed, found.added) == (True, 5, 1, 0, 1)
    assert found.first == {"withdrawn": ("4",)}
