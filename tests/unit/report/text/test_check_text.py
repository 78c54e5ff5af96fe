"""What `check` prints of a file with years in which nobody looked: in the language of its reader, with what to type."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from detente.events.importing.importer import import_events, sidecar_of
from detente.lab.check import Checked, check_file
from detente.report.languages.language import in_language
from detente.report.languages.readers import for_visitors
from detente.report.text.check import text_of


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Checked:
    folder = tmp_path_factory.mktemp("gap")
    days = [f"{year}-0{month}-03" for year in (2016, 2017, 2020, 2021, 2023) for month in range(1, 10)]
    rows = "".join(f"{day},SWE,NOR,CONSULT\n" for day in days)
    source, out = folder / "rows.csv", folder / "out.parquet"
    source.write_text(f"date,source,target,action\n{rows}", "utf-8")
    import_events("csv", [source], out)
    side = sidecar_of(out)
    gaps = [["2018-01-01", "2020-01-01"], ["2022-01-01", "2023-01-01"]]
    said = json.loads(side.read_text("utf-8")) | {"format": "acled", "gaps": gaps}
    side.write_text(json.dumps(said), "utf-8")
    return check_file(out)


def test_windows_and_lists_are_in_the_language_of_the_page(checked: Checked) -> None:
    assert len(checked.parts) == 3
    with in_language("zh-Hans"):
        said = text_of(checked)
    assert " to " not in said
    assert " and " not in said
    assert "2016-01-03至2017-12-31、2020-01-01至2021-12-31和2023-01-01至2023-09-03" in said
    assert "18次在2016-01-03至2017-12-31" in said


def test_the_command_that_declares_days_is_of_the_format_that_was_read(checked: Checked) -> None:
    assert "`detente import acled FILE --since 2016-01-03 --until 2023-09-04`" in text_of(checked)
    with for_visitors():
        assert "detente import" not in text_of(checked)
    assert Checked(Path("no-import.csv"), checked.found).layout == "csv"
