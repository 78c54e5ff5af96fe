"""What would move a terminal's cursor or turn its writing is spelled out; letters of every script stay."""

import json

import pytest

from detente.base.printable import CONTROL, printable


@pytest.mark.parametrize(
    "unsafe", ["\x1b", "\x07", "\x9b", "\r", "\x7f", "\u202e", "\u2066", "\u2028", "\udcff"]
)
def test_what_upsets_a_terminal_is_spelled_as_in_json(unsafe):
    told = printable(f"a{unsafe}b")
    assert told.isprintable()
    assert json.loads(f'"{told}"') == f"a{unsafe}b"


@pytest.mark.parametrize("text", ["Détente ½ →", "ایران\u200cیان", "a\tb\n", "\u200fעברית"])
def test_letters_of_every_script_stay(text):
    assert printable(text) == text
    assert not CONTROL.search(text)
