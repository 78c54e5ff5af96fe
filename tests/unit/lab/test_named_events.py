"""An argument names its events: relative to its file, inside its folder, overruled by events given beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from detente.base.errors import ArgumentError, DataError
from detente.lab.arguments import load_argument
from detente.lab.case import load_case, load_chronicle

ROWS = "date,source,target,action\n2001-01-01,AAA,BBB,ASSAULT\n2001-02-01,BBB,AAA,CONSULT\n"
TEXT = "argument: own\ntitle: Own\nprincipals: [AAA, BBB]\nmechanisms: {momentum: {}}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "acts.csv").write_text(ROWS)
    (tmp_path / "other.csv").write_text(ROWS + "2001-03-01,AAA,BBB,CONSULT\n")
    (tmp_path / "own.yaml").write_text(TEXT + "events: data/acts.csv\n")
    return tmp_path


def test_an_argument_names_its_events(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/")
    case = load_case(argument=folder / "own.yaml")
    assert (case.name, case.chronicle.acts) == ("acts.csv", 2)
    assert load_case(str(folder / "own.yaml")).chronicle.acts == 2


def test_the_chronicle_of_an_argument_that_names_it(folder: Path) -> None:
    assert load_chronicle(str(folder / "own.yaml")).acts == 2
    (folder / "own.yaml").write_text(TEXT)
    with pytest.raises(
        ArgumentError, match=r"events is required \(own.yaml:1\). Write events: FILE into the"
    ):
        load_chronicle(str(folder / "own.yaml"))


def test_events_given_beside_it_win(folder: Path) -> None:
    case = load_case(argument=folder / "own.yaml", events=folder / "other.csv")
    assert (case.name, case.chronicle.acts) == ("other.csv", 3)
    (folder / "data" / "acts.csv").unlink()
    assert load_case(argument=folder / "own.yaml", events=folder / "other.csv").chronicle.acts == 3
    with pytest.raises(DataError, match="does not exist"):
        load_case(argument=folder / "own.yaml")


def test_a_rivalry_on_another_file_says_both(folder: Path) -> None:
    case = load_case("us-iran", argument=folder / "own.yaml")
    assert case.name == "us-iran on acts.csv"
    assert load_case("us-iran").name == "us-iran"


def test_events_are_relative_to_the_file_that_names_them(folder: Path) -> None:
    (folder / "deep").mkdir()
    (folder / "deep" / "heir.yaml").write_text("extends: ../own.yaml\nargument: heir\n")
    assert load_case(argument=folder / "deep" / "heir.yaml").chronicle.acts == 2
    (folder / "deep" / "acts.csv").write_text(ROWS + "2001-03-01,AAA,BBB,CONSULT\n")
    (folder / "deep" / "heir.yaml").write_text("extends: ../own.yaml\nargument: heir\nevents: acts.csv\n")
    assert load_case(argument=folder / "deep" / "heir.yaml").chronicle.acts == 3


@pytest.mark.parametrize(
    "name", ["/etc/passwd", "../acts.csv", "data/../../acts.csv", "C:\\acts.csv", "out.csv", "loop.csv"]
)
def test_events_outside_the_folder_are_refused(folder: Path, name: str) -> None:
    (folder / "out.csv").symlink_to("/etc/passwd")
    (folder / "loop.csv").symlink_to("loop.csv")
    (folder / "own.yaml").write_text(TEXT + f"events: '{name}'\n")
    with pytest.raises(ArgumentError, match=r"events must be a relative path inside .* \(own.yaml:5\)"):
        load_argument(folder / "own.yaml")


def test_the_events_change_no_digest_of_the_argument(folder: Path) -> None:
    assert "events" not in load_argument(folder / "own.yaml").model_dump_json()
