from __future__ import annotations

import contextlib
import json
from pathlib import Path

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from detente.argument.argument import Argument
from detente.base.errors import ArgumentError
from detente.lab.arguments import json_schema, load_argument
from tiers import examples
from worlds import ROOT

DATA = ROOT / "src" / "detente" / "data"
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
    argument = load_argument(write(tmp_path, GOOD))
    assert argument.mechanisms["reprisal"].terms["force"].mean == 0.2
    assert argument.run.seed is None


@pytest.mark.parametrize("name", ["essay", "baseline"])
def test_embedded_arguments_load_and_fit_the_published_schema(name: str) -> None:
    argument = load_argument(name, "us-iran")
    assert isinstance(argument, Argument)
    path = DATA / ("us_iran/essay.yaml" if name == "essay" else "baseline.yaml")
    plain = json.loads(json.dumps(YAML(typ="safe").load(path), default=str))
    jsonschema.validate(plain, json_schema())


def _fact(kind: str, field: str, told: str) -> tuple[str, str, str]:
    """Declare a fact on lines 5 and 6 that is sound but for its kind or one field."""
    name, _, value = field.partition(": ")
    sound = {"actor": "IRN", "start": "2018-05-08", "known_from": "2018-05-08", "because": "x"} | {
        name: value
    }
    row = ", ".join(f"{k}: {v}" for k, v in sound.items())
    return "mechanisms:", f"facts:\n  {kind}:\n    - {{{row}}}\nmechanisms:", told


def _claim(fields: str, told: str) -> tuple[str, str, str]:
    """Make a claim on line 10."""
    return "questions:", f"claims:\n  - {{id: c, kind: mechanism, text: x, {fields}}}\nquestions:", told


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("mean: 0.2, sd: 0.1", "mean: 0.2, sd: -3", r"sd must be at least 0\.0001, got -3 \(mine.yaml:8\)"),
        ("mean: 0.2, sd: 0.1", "mean: .nan, sd: 1", r"mean must be a number, got nan.*\(mine.yaml:8\)"),
        ("mean: 0.2, sd: 0.1", "mean: high, sd: 1", r"mean must be a number, got high \(mine.yaml:8\)"),
        ("mean: 0.2, sd: 0.1", "mean: true, sd: 1", r"mean must be a number, got True \(mine.yaml:8\)"),
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
            r"at_least must be at least 1, got 0 \(mine.yaml:13\)",
        ),
        ("    at_least: 1\n", "", r"must have exactly one of at_least and at_most"),
        (
            "within_days: 30",
            "closes: 2020-02-30",
            r"closes must be .*existing day.*2020-02-30 \(mine.yaml:14\)",
        ),
        ("id: q1", "id: q1\n    id: q2", r"id is given twice \(mine.yaml:11\)"),
        ("title: A view", "title: [", r"YAML must be well formed.*\(mine.yaml:"),
        (
            "title: A view",
            "title: !!python/object:os.system x",
            r"must not have a YAML tag|must be well formed",
        ),
        ("title: A view", "title: A view: ours", r"in quotes"),
        ("mechanisms:", "mechanisms:\n\tmomentum: {}", r"with spaces; a tab cannot indent"),
        ("mechanisms:", "mechanisms:\n    momentum: {}\n  x: y\n z: 1", r"fields of one block alike"),
        (
            "mechanisms:",
            "run:\nmechanisms:",
            r"run must hold named fields \(mine.yaml:4\)\. Indent them below",
        ),
        ("role: [force]", "role: force", r"role must be a list, got force \(.*\)\. Write \[a, b\]"),
        ("title: A view", "title: !evil x", r"title must not have a YAML tag"),
        ("title: A view", "title: &a [*a]", r"."),
        ("role: [force]", "role: [violence]", r"role.0 must be one of cooperation_by_word, .*got violence"),
        (
            "mechanisms:",
            "run: {seed: -1}\nmechanisms:",
            r"seed must be at least 0, got -1 \(mine.yaml:4\)",
        ),
        ("mechanisms:", "locker: ISR\nmechanisms:", r"locker must be one of the principals, got ISR"),
        _fact(
            "breach",
            "end: 2018-05-08",
            r"facts\.breach\.0\.end must be after start, got 2018-05-08 \(mine.yaml:6\)",
        ),
        _fact("breach", "value: -1", r"value must be at least 0, got -1 \(mine.yaml:6\)"),
        _fact(
            "breach",
            "actor: OMN",
            r"facts\.breach\.0\.actor must be one of the principals, got OMN \(mine.yaml:6\)",
        ),
        _fact("breach", "known_from: ", r"facts\.breach\.0\.known_from must be .*\(mine.yaml:6\)"),
        _fact("breach", "because: ", r"facts\.breach\.0\.because must be .*\(mine.yaml:6\)"),
        _fact(
            "breech",
            "value: 1",
            r"breech must be a kind of fact that some mechanism reads.*:5\)\. Did you mean breach",
        ),
        (
            "A view",
            r'"\x1b]0;x\a"',
            r"title must not hold control characters, got \\x1b\]0;x\\x07 \(mine.yaml:2\)",
        ),
        _claim("terms: [reprisal.force]", r"claims\.0\.sign is required with terms \(mine.yaml:10\)"),
        _claim(
            "terms: [reprisal.forse], sign: '+'",
            r"claims\.0\.terms must be mechanism\.term of a mechanism in use, got reprisal\.forse \(.*:10\)\. Did",
        ),
        _claim("terms: [grievance.force], sign: '+'", r"term of a mechanism in use, got grievance\.force"),
        _claim("terms: [-reprisal.force], beside: [x.y], sign: '+'", r"of a mechanism in use, got x\.y"),
        _claim(
            "terms: [reprisal.force], sign: '+', condition: [lost]",
            r"claims\.0\.condition must be a condition or a kind of fact, got lost \(.*:10\)\. Did you mean loss",
        ),
        _claim("during: shortage of", r"must be a condition or a kind of fact, got shortage of"),
        _claim("question: q9", r"claims\.0\.question must be the id of a question, got q9 \(mine.yaml:10\)"),
        _claim(
            "words: likely", r"claims\.0 must have both words and read_as, or neither, got c \(mine.yaml:10\)"
        ),
        _claim(
            "ledger: {kind: injury, spread: 0}",
            r"ledger\.spread must be greater than 0, got 0 \(mine.yaml:10\)",
        ),
    ],
)
def test_each_fault_names_the_field_the_line_and_what_was_got(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    assert old in GOOD
    with pytest.raises(ArgumentError, match=told):
        load_argument(write(tmp_path, GOOD.replace(old, new, 1)))


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    bad = GOOD.replace("sd: 0.1", "sd: 0").replace("at_least: 1", "at_least: x").replace("title", "name")
    with pytest.raises(ArgumentError) as caught:
        load_argument(write(tmp_path, bad))
    assert len(caught.value.faults) == 4


def test_unknown_names_suggest_known_ones() -> None:
    with pytest.raises(ArgumentError, match="Did you mean essay"):
        load_argument("esay", "us-iran")
    with pytest.raises(ArgumentError, match="cannot be read"):
        load_argument("nowhere.yaml")


@settings(
    max_examples=examples(150), suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
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
        load_argument(path)
    assert [p.name for p in tmp_path.iterdir()] == ["fuzz.yaml"]


@settings(
    max_examples=examples(100), suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(st.binary(max_size=200))
def test_any_bytes_load_or_are_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "fuzz.yaml"
    path.write_bytes(data)
    with pytest.raises(ArgumentError):
        load_argument(path)


OVER = """\
extends: base.yaml
argument: other
mechanisms:
  momentum: {without: [talks]}
  reprisal:
    terms:
      force: {mean: 0.0, sd: 0.2}
questions:
  - id: q1
    text: Nothing happens
  - {id: q2, text: Something else happens, ask: "USA->IRN force within 30d"}
"""


def over(tmp_path: Path, text: str = OVER, base: str = GOOD) -> Path:
    (tmp_path / "base.yaml").write_text(base, encoding="utf-8")
    return write(tmp_path, text)


def test_an_argument_may_change_another_field_by_field(tmp_path: Path) -> None:
    """Mappings are laid over mappings, rows with ids over rows with the same id, new ones at the end."""
    argument = load_argument(over(tmp_path))
    base = load_argument(tmp_path / "base.yaml")
    assert (argument.argument, argument.title, argument.principals) == ("other", base.title, base.principals)
    assert argument.mechanisms["momentum"].without == ("talks",)
    assert argument.mechanisms["reprisal"].terms["force"].mean == 0.0
    first, second = argument.questions
    assert (first.id, first.text, first.count) == ("q1", "Nothing happens", base.questions[0].count)
    assert second.id == "q2"


def test_a_list_without_ids_is_replaced_whole(tmp_path: Path) -> None:
    argument = load_argument(over(tmp_path, OVER + "principals: [IRN, USA]\n"))
    assert argument.principals == ("IRN", "USA")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("sd: 0.2", "sd: -1", r"reprisal\.terms\.force\.sd must be at least 0\.0001, got -1 \(mine.yaml:7\)"),
        ("momentum:", "momentun:", r"must be a registered mechanism, got momentun \(mine.yaml:4\)"),
        ("extends: base.yaml", "extends: none.yaml", r"must be UTF-8 text|cannot be read"),
        (
            "extends: base.yaml",
            "extends: esay",
            r"extends must be a known name or a \.yaml file, got esay \(mine.yaml:1\)",
        ),
        (
            "extends: base.yaml",
            "extends: mine.yaml",
            r"extends must not extend itself.*\(mine.yaml:1\)",
        ),
        ("extends: base.yaml", "extends: [base.yaml]", r"extends must be .*\(mine.yaml:1\)"),
    ],
)
def test_faults_of_an_extending_file_stand_at_its_own_lines(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    assert old in OVER
    with pytest.raises(ArgumentError, match=told):
        load_argument(over(tmp_path, OVER.replace(old, new, 1)))


def test_a_fault_of_the_file_below_names_that_file(tmp_path: Path) -> None:
    bad = GOOD.replace("title: A view", "titel: A view")
    with pytest.raises(ArgumentError, match=r"titel is not a field here \(base.yaml:2\)"):
        load_argument(over(tmp_path, OVER.replace("argument: other\n", "argument: other\ntitle: T\n"), bad))


def test_a_fault_in_a_row_laid_over_another_stands_where_it_was_written(tmp_path: Path) -> None:
    """The second row of the upper file is the third of the two together; its first is the second below."""
    base = GOOD.replace(
        "questions:\n", "questions:\n  - {id: q0, text: First, ask: USA->IRN force within 3d}\n"
    )
    assert load_argument(over(tmp_path, base=base)).questions[2].id == "q2"
    with pytest.raises(ArgumentError, match=r"questions\.1\.within_days must be .*got 0 \(mine.yaml:11\)"):
        load_argument(over(tmp_path, OVER.replace("happens\n", "happens\n    within_days: 0\n", 1), base))
    with pytest.raises(ArgumentError, match=r"questions\.2\.id must .*\(mine.yaml:11\)"):
        load_argument(over(tmp_path, OVER.replace("id: q2", "id: '*'"), base))
    with pytest.raises(ArgumentError, match=r"questions\.0\.text must .*\(base.yaml:10\)"):
        load_argument(over(tmp_path, base=base.replace("text: First", "text: ''")))
    with pytest.raises(ArgumentError, match=r"questions\.1\.id must be unique, got q2 \(mine.yaml:11\)"):
        load_argument(over(tmp_path, OVER.replace("id: q1", "id: q2"), base))


@pytest.mark.parametrize("rows", ["[{id: {a: b}}]", "[{id: [a]}]", "[{id: 3}]", "[3]", "x", "[]", "{id: q1}"])
def test_odd_rows_over_rows_are_refused_or_taken_but_never_crash(tmp_path: Path, rows: str) -> None:
    text = OVER[: OVER.index("questions:")] + f"questions: {rows}\n"
    with contextlib.suppress(ArgumentError):
        load_argument(over(tmp_path, text))


def test_files_that_extend_each_other_are_refused(tmp_path: Path) -> None:
    circle = GOOD + "extends: mine.yaml\n"
    rule = "extends must not extend itself, directly or through other files"
    with pytest.raises(ArgumentError, match=rf"{rule}, got mine\.yaml"):
        load_argument(over(tmp_path, base=circle))


def test_the_rival_argument_differs_from_the_essay_in_priors_and_words_alone() -> None:
    essay, rival = (load_argument(name, "us-iran") for name in ("essay", "maximum-pressure"))
    same = set(Argument.model_fields) - {"argument", "title", "summary", "mechanisms", "claims"}
    same -= {"article", "texts"}  # words
    assert all(getattr(essay, name) == getattr(rival, name) for name in same)
    assert list(essay.mechanisms) == list(rival.mechanisms)
    mean = [a.mechanisms["sanctions_in_force"].terms["cooperation"].mean for a in (essay, rival)]
    assert mean[0] < 0 < mean[1]
    signs = [next(c.sign for c in a.claims if c.id == "R1") for a in (essay, rival)]
    assert signs == ["-", "+"]
    unlike = [c.id for c, other in zip(essay.claims, rival.claims, strict=True) if c != other]
    assert unlike == ["R1"]


def test_an_anchor_used_twice_is_sound_yaml(tmp_path: Path) -> None:
    # A warning of the parser would reach the user's terminal; here it is an error.
    twice = GOOD.replace("title: ", "title: &a ", 1).replace("summary: ", "summary: &a ", 1)
    assert load_argument(write(tmp_path, twice)).mechanisms
