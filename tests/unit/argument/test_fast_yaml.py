"""The two YAML parsers agree, on values and on places; what libyaml refuses or would choke on is left to the other."""

from __future__ import annotations

from unittest.mock import patch

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.resolver import VersionedResolver

from detente.argument import yaml_lines
from detente.argument.fast_yaml import _Loader, compose_fast
from detente.argument.yaml_lines import parse_yaml
from detente.base.errors import ArgumentError

SCALARS = [
    "yes",
    "no",
    "on",
    "off",
    "y",
    "n",
    "true",
    "True",
    "TRUE",
    "false",
    "null",
    "Null",
    "~",
    "010",
    "0o10",
    "0x1F",
    "0b11",
    "1_000",
    "12:30:45",
    "190:20:30",
    "1e3",
    "1.5",
    ".5",
    "1.",
    "+1",
    "-0",
    ".inf",
    "-.inf",
    ".nan",
    "2020-01-17",
    "2020-13-01",
    "=",
    "x",
    "'x'",
    '"y"',
    "''",
    "'no'",
    '"\\u00e9"',
    "é",
    "日本",
]
scalars = st.sampled_from(
    [*SCALARS, "a b", "'it''s'", "!!str 5", "!x 5", "- x", "a: b", "&a 1", "*a", "<<", "[", "#"]
)
flows = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda parts: f"[{', '.join(parts)}]")
        | st.lists(st.tuples(st.sampled_from("ab"), inner), max_size=2).map(
            lambda pairs: "{" + ", ".join(f"{key}: {value}" for key, value in pairs) + "}"
        )
    ),
    max_leaves=6,
)
texts = st.lists(st.tuples(st.sampled_from("abcd"), flows), min_size=1, max_size=4).map(
    lambda pairs: "".join(f"{key}: {value}\n" for key, value in pairs)
)


def read(text: str) -> object:
    try:
        value, places = parse_yaml(text, "x")
    except ArgumentError as error:
        return str(error)
    return repr(value), dict(places)  # nan is not equal to itself


@pytest.mark.parametrize("mark", ["\x85", "\u2028", "\u2029"])
@pytest.mark.parametrize("text", ["a: b{}c: d", "a: b{}\nc: d\nc: e", "a: |\n  x{}  y\nb: 1"])
def test_breaks_of_lines_of_yaml_1_1_are_none(text: str, mark: str) -> None:
    test_both_parsers_read_the_same.hypothesis.inner_test(text.format(mark))


@given(texts | scalars | st.text(max_size=20))
@example("0\t")
@example("a:\t1\n")
def test_both_parsers_read_the_same(text: str) -> None:
    found = read(text)
    with patch.object(yaml_lines, "compose_fast", lambda *_: None):
        assert read(text) == found


@pytest.mark.parametrize(
    "text", ["", "a: [", "a: " + "[" * 60 + "]" * 60, "a: &x 1\nb: [*x, *x, *x]", "a: &x 1\nb: &x 2\nc: *x"]
)
def test_what_it_cannot_vouch_for_is_left_alone(text: str) -> None:
    assert compose_fast(text, aliases=2) is None


@pytest.mark.skipif(not yaml.__with_libyaml__, reason="this machine's PyYAML has no libyaml")
def test_it_is_used() -> None:
    assert compose_fast("a: 1", aliases=0) is not None


@given(st.text("0123456789-+.:_eExobTtZ ~<=!&*nulftras", max_size=12))
def test_a_word_is_what_the_other_parser_takes_it_for(word: str) -> None:
    ours = _Loader("a").resolve(yaml.ScalarNode, word, (True, False))
    theirs = VersionedResolver(version="1.2", loadumper=YAML(typ="safe")).resolve(
        ScalarNode, word, (True, False)
    )
    assert str(theirs) == ours
