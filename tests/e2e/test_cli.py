"""The installed command, as a user runs it."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from pathlib import Path

import jsonschema
import pytest

from command_line import DETENTE, detente

FAST = ["--futures", "40"]
MINIMAL = """date,source,target,action
2019-01-05,AAA,BBB,ACCUSE
2019-01-09,BBB,AAA,ACCUSE
2019-02-01,AAA,BBB,SANCTION
2019-06-01,BBB,AAA,ASSAULT
2019-09-01,AAA,BBB,CONSULT
"""
ENOUGH = MINIMAL + "".join(
    f"2019-0{month}-{day},AAA,BBB,ACCUSE\n" for month in range(2, 9) for day in (11, 17, 23)
)
OF_MINE = (
    *("--events", "mine.csv", "--principals", "AAA,BBB", "--as-of", "2019-10-01", "--days", "30"),
    *("--futures", "50", "--seed", "4"),
)


@pytest.fixture(scope="module")
def essay_json() -> dict[str, object]:
    done = detente("run", "us-iran", "--as-of", "2020-01-17", "--days", "365", "--seed", "1", "--json", *FAST)
    return json.loads(done.stdout)


def test_the_version_is_printed_without_a_command() -> None:
    from importlib.metadata import version

    assert detente("--version").stdout.strip() == version("detente")


def test_json_has_every_field_of_the_contract(essay_json: dict[str, object]) -> None:
    number, text = {"type": "number"}, {"type": "string"}
    count = {"type": "integer"}

    def shape(**fields: object) -> dict[str, object]:
        return {"type": "object", "required": list(fields), "properties": fields}

    def rows(**fields: object) -> dict[str, object]:
        return {"type": "array", "minItems": 1, "items": shape(**fields)}

    schema = shape(
        rivalry={"const": "us-iran"},
        argument={"const": "essay"},
        as_of={"const": "2020-01-17"},
        version=text,
        data=shape(events={"const": 1197}, acts={"const": 1079}, first=text, last=text, digest=text),
        fit=shape(
            coefficients=rows(
                mechanism=text,
                term=text,
                channel=text,
                prior_mean=number,
                prior_sd=number,
                mean=number,
                sd=number,
            ),
            half_lives={"type": "object", "minProperties": 3},
            spectral_radius=number,
            seconds=number,
        ),
        futures=shape(count={"const": 40}, days={"const": 365}, seed={"const": 1}, seconds=number),
        channels=rows(
            **{"source": text, "target": text, "class": text}, observed={"type": ["integer", "null"]}
        )
        | {"minItems": 17},
        questions=rows(
            id=text,
            text=text,
            opens=text,
            closes=text,
            probability=number,
            low=number,
            high=number,
            outcome=text,
        ),
    )
    assert count
    jsonschema.validate(essay_json, schema)
    for channel in essay_json["channels"]:  # type: ignore[attr-defined]
        assert channel["low"] <= channel["mean"] <= max(channel["high"], channel["mean"])
    for question in essay_json["questions"]:  # type: ignore[attr-defined]
        assert question["low"] <= question["probability"] <= question["high"]


def test_python_and_the_command_line_give_the_same_numbers(essay_json: dict[str, object]) -> None:
    from datetime import date

    from detente.lab.case import load_case
    from detente.lab.run import run

    value = run(load_case("us-iran"), as_of=date(2020, 1, 17), days=365, futures=40, seed=1).to_dict()
    for result in (value, essay_json):
        result["fit"].pop("seconds", None)  # type: ignore[attr-defined]
        result["futures"].pop("seconds", None)  # type: ignore[attr-defined]
    assert json.loads(json.dumps(value)) == {k: v for k, v in essay_json.items() if k != "sentences"}


def test_a_run_prints_what_was_done_and_how_far_to_trust_it() -> None:
    done = detente("run", "us-iran", *FAST)
    words = " ".join(done.stdout.split())
    assert "1,197 rows read, 1,079 acts after folding" in words
    assert "from seed 1" in words
    assert "How far to trust it" in words
    assert "Half-lives, averaged by their evidence: fast clock 14 days (" in words


def test_any_two_actors_of_a_minimal_file_run_the_baseline(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text(ENOUGH)
    done = detente("run", *OF_MINE, "--json", cwd=tmp_path)
    value = json.loads(done.stdout)
    assert value["argument"] == "baseline"
    assert len(value["channels"]) == 11
    assert {c["observed"] for c in value["channels"]} == {None}


def test_nothing_that_matters_has_a_silent_default(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text(MINIMAL)
    common = ("run", "--events", "mine.csv", "--principals", "AAA,BBB")
    given = {"--as-of": "2019-10-01", "--days": "30", "--futures": "50", "--seed": "4"}
    for name in given:
        rest = [part for key, value in given.items() if key != name for part in (key, value)]
        done = detente(*common, *rest, cwd=tmp_path, code=4)
        assert f"{name[2:].replace('-', '_')} is required and has no default" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("run",), 4, "rivalry is required"),
        (("run", "us-irann"), 3, "us-iran"),
        (("run", "us-iran", "--argument", "esay"), 4, "Did you mean essay"),
        (("run", "us-iran", "--as-of", "17 Jan 2020"), 3, "as_of must be an existing day"),
        (("run", "us-iran", "--as-of", "1950-01-01"), 3, "as_of"),
        (("run", "us-iran", "--events", "no.csv"), 3, "no.csv"),
        (("run", "us-iran", "--events", "code.csv"), 3, "codebook"),
        (("run", "us-iran", "--events", "mine.csv"), 3, "principals must act in the chronicle, got USA"),
        (("run", "us-iran", "--principals", "USA"), 4, "principals must be two different actors"),
        (("run", "us-iran", "--seed", "-1"), 2, "--seed"),
        (("run", "us-iran", "--out", "mine.csv"), 9, "out must be a folder"),
        (("run", "us-iran", "--codebook", "weis"), 3, "codebook can be used only with events"),
        (("events", "us-iran", "--class", "forse"), 3, "force"),
        (("events", "us-iran", "--count", "colour"), 3, "colour"),
        (("events", "us-iran", "--since", "2020"), 3, "--since"),
        (("check", "bad.csv"), 3, "bad.csv"),
        (("check", "bad.yaml"), 4, "bad.yaml:1"),
        (("frobnicate",), 2, "frobnicate"),
    ],
)
def test_a_mistake_ends_with_its_exit_code_and_what_to_try(
    tmp_path: Path, arguments: tuple[str, ...], code: int, told: str
) -> None:
    (tmp_path / "mine.csv").write_text(MINIMAL)
    (tmp_path / "code.csv").write_text("date,source,target,code\n2019-01-01,A,B,111\n")
    (tmp_path / "bad.csv").write_text(MINIMAL + "2019-13-01,AAA,BBB,ACCUSE\n2019-01-01,AAA,BBB,SHOUT\n")
    (tmp_path / "bad.yaml").write_text("argument: x\n")
    before = sorted(p.name for p in tmp_path.iterdir())
    done = detente(*arguments, cwd=tmp_path, code=code)
    assert told in " ".join(done.stderr.split())
    assert sorted(p.name for p in tmp_path.iterdir()) == before


def test_with_json_an_error_is_one_json_object(tmp_path: Path) -> None:
    done = detente("run", "us-iran", "--argument", "esay", "--json", cwd=tmp_path, code=4)
    value = json.loads(done.stdout)
    assert value["error"] == "argument"
    assert value["faults"][0]["got"] == "esay"


def test_faulty_rows_are_all_told_with_their_lines_and_can_be_skipped(tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text(MINIMAL + "2019-13-01,AAA,BBB,ACCUSE\n2019-01-01,AAA,BBB,SHOUT\n")
    refused = detente("events", "--events", "bad.csv", cwd=tmp_path, code=3)
    assert "bad.csv:7" in refused.stderr
    assert "bad.csv:8" in refused.stderr
    skipped = detente("events", "--events", "bad.csv", "--skip-bad", cwd=tmp_path)
    assert "2 faulty rows left out" in " ".join(skipped.stdout.split())


def test_events_are_filtered_and_counted() -> None:
    done = detente("events", "us-iran", "--since", "2020-01-03", "--until", "2020-01-04", "--json")
    rows = json.loads(done.stdout)["rows"]
    assert any(row["mode"] == "drone" or "Soleimani" in row["summary"] for row in rows)
    counted = json.loads(detente("events", "us-iran", "--classes", "--json", "--limit", "999").stdout)
    assert sum(row["acts"] for row in counted["rows"]) == 1079


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(detente("schema").stdout))


def test_mechanisms_are_listed() -> None:
    names = [m["name"] for m in json.loads(detente("mechanisms", "--json").stdout)["mechanisms"]]
    assert names == sorted(names)
    assert {"momentum", "attention", "reprisal", "tension", "grievance"} <= set(names)


def test_a_closed_pipe_is_no_error_message() -> None:
    process = subprocess.Popen(
        [DETENTE, "events", "us-iran", "--limit", "2000"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()  # before anything is written: a pipe may hold all of a short output
    assert process.wait(30) == 141
    assert process.stderr.read() == b""
    process.stderr.close()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("arguments", [("events", "us-iran", "--json"), ("schema",), ("run", *OF_MINE)])
def test_a_full_disk_is_told_on_standard_error(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    (tmp_path / "mine.csv").write_text(ENOUGH)
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [DETENTE, *arguments],
            cwd=tmp_path,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 9, done.stderr
    assert done.stderr.startswith("error: output cannot be written: No space left on device")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("arguments", [["run", "--futures", "60000", "--out", "result"], ["claims"]])
def test_an_interrupt_leaves_at_once_and_nothing_half_written(arguments: list[str], tmp_path: Path) -> None:
    arguments = [arguments[0], "us-iran", *arguments[1:]]
    process = subprocess.Popen(
        [DETENTE, *arguments], cwd=tmp_path, stderr=subprocess.PIPE, stdout=subprocess.PIPE
    )
    time.sleep(2.5)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=15)
    assert process.returncode == 130, told
    assert b"Traceback" not in told
    assert not list(tmp_path.iterdir())
