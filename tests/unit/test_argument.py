from __future__ import annotations

import contextlib
import json
from pathlib import Path

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from detente.argument import Argument, json_schema, load_argument, parse_argument
from detente.errors import ArgumentError

DATA = Path(__file__).parents[2] / "src" / "detente" / "data"
ESSAY = (DATA / "us_iran" / "essay.yaml").read_text(encoding="utf-8")

GOOD = """\
argument: mine
title: A view
principals: [USA, IRN]
mechanisms:
  momentum: {}
  reprisal:
    terms:
      force: {mean: 0.2, sd: 0.1}
questions:
  - id: q1
    text: Something happens
    count: {source: [USA], role: [force]}
    at_least: 1
    within_days: 30
"""


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_sound_argument_loads(tmp_path: Path) -> None:
    argument = parse_argument(write(tmp_path, GOOD))
    assert argument.mechanisms["reprisal"].terms["force"].mean == 0.2
    assert argument.run.seed is None


@pytest.mark.parametrize("name", ["essay", "baseline"])
def test_embedded_arguments_load_and_fit_the_published_schema(name: str) -> None:
    argument = load_argument(name, "us-iran")
    assert isinstance(argument, Argument)
    path = DATA / ("us_iran/essay.yaml" if name == "essay" else "baseline.yaml")
    plain = json.loads(json.dumps(YAML(typ="safe").load(path), default=str))
    jsonschema.validate(plain, json_schema())


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("mean: 0.2, sd: 0.1", "mean: 0.2, sd: -3", r"sd must be greater than 0, got -3 \(mine.yaml:8\)"),
        ("mean: 0.2, sd: 0.1", "mean: .nan, sd: 1", r"mean must be a finite number.*\(mine.yaml:8\)"),
        ("mean: 0.2, sd: 0.1", "mean: high, sd: 1", r"mean must be a valid number, got high \(mine.yaml:8\)"),
        ("mean: 0.2, sd: 0.1", "mean: true, sd: 1", r"mean must be a valid number, got True \(mine.yaml:8\)"),
        (
            "momentum",
            "momentun",
            r"must be a registered mechanism, got momentun \(mine.yaml:5\). Did you mean momentum",
        ),
        (
            "force: {mean",
            "forse: {mean",
            r"must be a term of reprisal, got forse \(mine.yaml:8\). Did you mean force",
        ),
        ("title: A view", "titel: A view", r"titel is not a field here \(mine.yaml:2\). Did you mean title"),
        ("title: A view\n", "", r"title is required \(mine.yaml:1\)"),
        ("principals: [USA, IRN]", "principals: [USA, USA]", r"principals must be two different actors"),
        ("principals: [USA, IRN]", "principals: [USA]", r"principals.*\(mine.yaml:3\)"),
        (
            "at_least: 1",
            "at_least: 0",
            r"at_least must be greater than or equal to 1, got 0 \(mine.yaml:13\)",
        ),
        ("    at_least: 1\n", "", r"must have exactly one of at_least and at_most"),
        (
            "within_days: 30",
            "closes: 2020-02-30",
            r"closes must be .*existing day.*2020-02-30 \(mine.yaml:14\)",
        ),
        ("id: q1", "id: q1\n    id: q2", r"id must stand only once \(mine.yaml:11\)"),
        ("title: A view", "title: [", r"YAML must be well formed.*\(mine.yaml:"),
        (
            "title: A view",
            "title: !!python/object:os.system x",
            r"must not carry a YAML tag|must be well formed",
        ),
        ("title: A view", "title: !evil x", r"title must not carry a YAML tag"),
        ("title: A view", "title: &a [*a]", r"."),
        ("role: [force]", "role: [violence]", r"role.0 must be 'cooperation_by_word'.*got violence"),
        (
            "mechanisms:",
            "run: {seed: -1}\nmechanisms:",
            r"seed must be greater than or equal to 0, got -1 \(mine.yaml:4\)",
        ),
        ("mechanisms:", "locker: ISR\nmechanisms:", r"locker must be one of the principals, got ISR"),
    ],
)
def test_each_fault_names_the_field_the_line_and_what_was_got(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    assert old in GOOD
    with pytest.raises(ArgumentError, match=told):
        parse_argument(write(tmp_path, GOOD.replace(old, new, 1)))


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    bad = GOOD.replace("sd: 0.1", "sd: 0").replace("at_least: 1", "at_least: x").replace("title", "name")
    with pytest.raises(ArgumentError) as caught:
        parse_argument(write(tmp_path, bad))
    assert len(caught.value.faults) == 4


def test_unknown_names_suggest_known_ones() -> None:
    with pytest.raises(ArgumentError, match="Did you mean essay"):
        load_argument("esay", "us-iran")
    with pytest.raises(ArgumentError, match="cannot be read"):
        load_argument("nowhere.yaml")


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_fuzzed_arguments_load_or_are_refused(tmp_path: Path, data: st.DataObject) -> None:
    text = ESSAY if data.draw(st.booleans()) else GOOD
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text)))
        cut = data.draw(st.integers(0, 12))
        put = data.draw(
            st.text(max_size=8)
            | st.sampled_from(["[", "{", ": ", "\n  ", "&a", "*a", "!!", "- ", "1e999", "\t"])
        )
        text = text[:at] + put + text[at + cut :]
    path = tmp_path / "fuzz.yaml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    with contextlib.suppress(ArgumentError):
        parse_argument(path)
    assert [p.name for p in tmp_path.iterdir()] == ["fuzz.yaml"]


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_load_or_are_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "fuzz.yaml"
    path.write_bytes(data)
    with pytest.raises(ArgumentError):
        parse_argument(path)
