"""What is told on standard error beside a result."""

import io
import json
import sys
import warnings

import pytest

from command_line import detente
from detente.base.errors import DetenteWarning, Fault
from detente.cli.output import complain, spell_unknown_letters, warnings_told, write
from worlds import embedded


def test_a_warning_of_ours_reads_like_an_error_and_is_told_each_time(capsys):
    fault = Fault("not_kept", "cache", where="/proc", reason="Permission denied")
    with warnings_told():
        for _ in range(2):
            warnings.warn(DetenteWarning(fault), stacklevel=1)
    told = capsys.readouterr().err.splitlines()
    assert told == [f"warning: {fault}"] * 2


def test_warnings_of_others_go_their_way():
    with warnings_told(), pytest.warns(UserWarning, match="theirs"):
        warnings.warn("theirs", UserWarning, stacklevel=1)


def test_a_standard_error_that_takes_nothing_is_no_second_error(monkeypatch):
    class Full(io.StringIO):
        def write(self, text):
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(sys, "stderr", Full())
    complain("error: lost\n")


def test_nothing_printed_moves_the_cursor_of_a_terminal(capsys):
    write("\x1b[31mred \x9b31m \u202eback")
    complain("no file \x1b]0;title\x07\n")
    told = capsys.readouterr()
    assert told.out == "\\u001b[31mred \\u009b31m \\u202eback\n"
    assert told.err == "no file \\u001b]0;title\\u0007\n"


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_letters_that_an_encoding_lacks_are_spelled(monkeypatch, encoding):
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    monkeypatch.setattr(sys, "stdout", stream)
    spell_unknown_letters()
    write('"½ → 𝄞 \udcff"')
    told = stream.buffer.getvalue().decode(encoding)
    assert json.loads(told) == "½ → 𝄞 \udcff"


@pytest.mark.parametrize("command", ["bargain", "crisis"])
def test_events_named_beside_a_study_of_what_is_declared_are_named_in_json(command: str) -> None:
    words = [command, "us-iran", "--as-of", "2020-01-17", "--json"]
    words += ["--draws", "64"] if command == "bargain" else []
    plain, named = (json.loads(detente(*words, *more).stdout) for more in ((), ("--principals", "USA,IRN")))
    assert "data" not in plain
    assert named == plain | {"data": {"digest": embedded().digest}}
