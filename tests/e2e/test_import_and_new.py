"""``import`` and ``new`` as a user runs them: from a foreign file to a run of a proposed argument."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from importlib import resources
from pathlib import Path

import numpy as np
import pytest

from command_line import DETENTE, detente

FORMATS = Path(str(resources.files("detente"))) / "data" / "formats"


def keds(days: int = 400) -> str:
    """Return a KEDS file of two states that blow hot and cold, and of others."""
    rng = np.random.default_rng(1)
    rows = ["date,source,target,code"]
    for n in range(days):
        day = np.datetime64("1990-01-01") + n
        for source, target, codes, rate in (
            ("NORGOV", "SWE", ("010", "040", "112", "172"), 0.6),
            ("SWEMIL", "NOR", ("010", "042", "111", "150"), 0.6),
            ("FIN", "NOR", ("040", "050"), 0.2),
            ("FIN", "SWE", ("040", "050"), 0.2),
            ("DNK", "ISL", ("040",), 1.0),
        ):
            rows += [f"{day},{source},{target},{code}" for code in codes if rng.random() < rate / len(codes)]
    return "\n".join(rows) + "\n"


def test_from_a_foreign_file_to_a_run(tmp_path: Path) -> None:
    (tmp_path / "keds.csv").write_text(keds(), encoding="utf-8")
    told = json.loads(
        detente("import", "keds-cameo", "keds.csv", "-o", "e.parquet", "--json", cwd=tmp_path).stdout
    )
    assert "one event" in told.pop("sentences")["folding_rule"]
    sidecar = json.loads((tmp_path / "e.parquet.json").read_text(encoding="utf-8"))
    assert sidecar.pop("made_by").startswith("detente ")
    assert told == sidecar
    done = detente("new", "NOR", "SWE", "--events", "e.parquet", "--as-of", "1991-01-01", cwd=tmp_path)
    command = done.stdout.splitlines()[-1].split()
    assert command[:2] == ["detente", "run"]
    value = json.loads(detente(*command[1:], "--futures", "20", "--json", cwd=tmp_path).stdout)
    assert (value["as_of"], value["argument"]) == ("1991-01-01", "NOR-SWE")
    assert all(question["outcome"] is None or question["outcome"] for question in value["questions"])
    before = (tmp_path / "NOR-SWE.yaml").read_text(encoding="utf-8")
    assert "third-parties: {members: [FIN]}" in before
    refused = detente("new", "NOR", "SWE", "--events", "e.parquet", cwd=tmp_path, code=9)
    assert "must not exist yet" in refused.stderr
    assert (tmp_path / "NOR-SWE.yaml").read_text(encoding="utf-8") == before


def test_mistakes_are_told_with_what_to_try(tmp_path: Path) -> None:
    done = detente("import", "gdelt1", FORMATS / "gdelt2.csv", "-o", "e.parquet", cwd=tmp_path, code=3)
    assert "It looks like gdelt2" in done.stderr
    done = detente("import", "icews", FORMATS / "icews.tab", "-o", "e.csv", cwd=tmp_path, code=9)
    assert "must end in .parquet" in done.stderr
    detente("import", "fenix", FORMATS / "icews.tab", "-o", "e.parquet", cwd=tmp_path, code=2)
    detente("import", "icews", FORMATS / "icews.tab", "-o", "e.parquet", cwd=tmp_path)
    done = detente("new", "NOR", "ZZZ", "--events", "e.parquet", cwd=tmp_path, code=3)
    assert "must have acted on each other" in done.stderr
    done = detente("new", "NOR", "NOR", "--events", "e.parquet", cwd=tmp_path, code=4)
    assert "must be two different actors" in done.stderr
    done = detente(
        "import", "icews", FORMATS / "icews.tab", "-o", "e.parquet", "--since", "2019", cwd=tmp_path, code=3
    )
    assert "--since" in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["e.parquet", "e.parquet.json"]


@pytest.mark.skipif(sys.platform == "win32", reason="signals of another kind")
def test_an_interrupted_import_leaves_nothing(tmp_path: Path) -> None:
    head, *rows = (FORMATS / "icews.tab").read_text(encoding="utf-8").splitlines(keepends=True)
    (tmp_path / "big.tab").write_text(head + "".join(rows) * 40_000, encoding="utf-8")
    process = subprocess.Popen(
        [DETENTE, "import", "icews", "big.tab", "-o", "e.parquet"],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
    )
    for _ in range(600):
        if any(path.name.startswith(".e.parquet") for path in tmp_path.iterdir()):
            break
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 130, told
    assert "nothing was left half-written" in told
    assert [path.name for path in tmp_path.iterdir()] == ["big.tab"]


def test_auto_names_the_format_and_check_the_command(tmp_path: Path) -> None:
    for name, form in (("acled.csv", "acled"), ("ucdp.csv", "ucdp"), ("terrier.tsv", "terrier")):
        done = detente("import", "auto", FORMATS / name, "-o", "e.parquet", cwd=tmp_path, code=3)
        assert f"`detente import {form} {name} -o events.parquet`" in done.stderr
        done = detente("check", FORMATS / name, cwd=tmp_path, code=3)
        assert f"Try `detente import {form} {name} -o events.parquet`." in done.stderr
        value = json.loads(detente("check", FORMATS / name, "--json", cwd=tmp_path, code=3).stdout)
        assert value["faults"][0]["command"] == f"detente import {form} {name} -o events.parquet"


def test_flags_say_how_a_file_is_written(tmp_path: Path) -> None:
    (tmp_path / "e.csv").write_text(
        "when;from;to;cameo\n3.4.2018;Norway;SWE;40\n13.4.2018;DDR;SWE;112\n", encoding="utf-8"
    )
    told = json.loads(
        detente(
            "import", "csv", "e.csv", "-o", "e.parquet", "--columns", "date=when,source=from,target=to", "--dates",
            "dmy", "--leading-zeros", "lost", "--names", "--succession", "--json", cwd=tmp_path,
        ).stdout
    )  # fmt: skip
    assert (told["events"], told["succession"], told["window"]) == (
        2,
        {"DDR -> DEU": 1},
        ["2018-04-03", "2018-04-14"],
    )
    done = detente("check", "e.parquet", cwd=tmp_path)
    assert "Actors: SWE 2, DEU 1, NOR 1." in done.stdout


def test_days_long_after_the_events_are_warned_of_and_refused(tmp_path: Path) -> None:
    (tmp_path / "keds.csv").write_text(keds(), encoding="utf-8")
    detente("import", "keds-cameo", "keds.csv", "-o", "e.parquet", cwd=tmp_path)
    detente("new", "NOR", "SWE", "--events", "e.parquet", cwd=tmp_path)
    done = detente("run", "NOR-SWE.yaml", "--as-of", "1991-06-01", "--futures", "5", cwd=tmp_path)
    assert "days before the as-of day, and the days between are taken as quiet" in done.stdout.replace(
        "\n", " "
    )
    value = json.loads(
        detente(
            "run", "NOR-SWE.yaml", "--as-of", "1991-06-01", "--futures", "5", "--json", cwd=tmp_path
        ).stdout
    )
    assert value["cautions"][0]["code"] == "past_end"
    done = detente("run", "NOR-SWE.yaml", "--as-of", "1999-01-01", "--futures", "5", cwd=tmp_path, code=3)
    assert "must be at most 365 days after the events end" in done.stderr
    detente("world", "e.parquet", "--as-of", "1999-01-01", cwd=tmp_path, code=3)
