"""The files that an argument is read from."""

from detente.base.input_limits import Limits
from detente.lab.named_files import files_of


def test_every_file_along_the_way_is_named(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "mine.yaml").write_text("{extends: deep/base.yaml, events: acts.csv}")
    (tmp_path / "deep" / "base.yaml").write_text(
        "{extends: ../mine.yaml, world_prior: prior.json, events: 3}"
    )
    assert len(files_of(tmp_path / "mine.yaml")) == 4
    found = {
        file.resolve().relative_to(tmp_path.resolve()).as_posix() for file in files_of(tmp_path / "mine.yaml")
    }
    assert found == {"mine.yaml", "acts.csv", "deep/base.yaml", "deep/prior.json"}


def test_what_cannot_be_read_names_nothing(tmp_path):
    for name, text in {"bad.yaml": "{", "list.yaml": "[a]", "nul.yaml": 'events: "a\\0b"'}.items():
        (tmp_path / name).write_text(text)
        assert files_of(tmp_path / name) == (tmp_path / name,)
    assert files_of(tmp_path / "none.yaml") == (tmp_path / "none.yaml",)


def test_a_file_is_read_within_the_limits_given(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("events: acts.csv\n" + "# a comment\n" * 9)
    assert len(files_of(path, Limits(lines=9))) == 1
    assert len(files_of(path, Limits(yaml=99))) == 1
    assert len(files_of(path, Limits(yaml=200))) == 2
