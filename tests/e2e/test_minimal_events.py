"""Commands on an event file with no column but date, source, target and action, and on one with too few rows."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from command_line import detente
from detente.argument.claim_blocks import CONDITIONS

ACTIONS = ("ACCUSE", "SANCTION", "ASSAULT", "CONSULT", "SUPPORT", "THREATEN", "AID")
ARGUMENT = """argument: mine
title: Mine
events: events.csv
principals: [AAA, BBB]
parties: {third: {members: [CCC]}}
channels: [{source: third, target: principals, role: cooperation_by_word}]
run: {as_of: 2012-01-01, days: 40, futures: 20, seed: 1}
mechanisms: {momentum: {}, reprisal: {}}
questions: [{id: q, text: force, ask: "AAA->BBB force within 40d"}]
levers: {talk: {text: Talk, pull: ["mediator:CCC@5"]}}
claims:
"""
CLAIM = '  - {{id: c{n}, text: c, kind: mechanism, terms: [reprisal.force], sign: "+", condition: [{condition}]}}\n'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("minimal")
    rows = ["date,source,target,action"]
    for i in range(300):
        ends = ("AAA", "BBB") if i % 5 < 2 else ("CCC", "AAA") if i % 5 == 2 else ("BBB", "AAA")
        rows.append(f"{date(2008, 1, 1) + timedelta(days=5 * i)},{','.join(ends)},{ACTIONS[i % 7]}")
    (folder / "events.csv").write_text("\n".join(rows) + "\n")
    claims = "".join(CLAIM.format(n=n, condition=condition) for n, condition in enumerate(CONDITIONS))
    (folder / "mine.yaml").write_text(ARGUMENT + claims)
    return folder


def test_a_report_needs_no_column_beyond_the_four(folder: Path) -> None:
    detente("report", "mine.yaml", "--out", "report.html", cwd=folder)
    page = (folder / "report.html").read_text()
    assert "ASSAULT" in page
    assert "None" not in page


def test_a_claim_is_explained_without_summaries_and_citations(folder: Path) -> None:
    for number in range(len(CONDITIONS)):
        assert "Verdict" in detente("claims", "mine.yaml", "--explain", f"c{number}", cwd=folder).stdout


def test_check_warns_of_a_plan_that_nothing_reads(folder: Path) -> None:
    told = "no mechanism reads mediation of CCC in this argument: add good_offices"
    assert f"Warning: plan talk: {told}." in detente("check", "mine.yaml", cwd=folder).stdout
    (plan,) = json.loads(detente("check", "mine.yaml", "--json", cwd=folder).stdout)["unread_plans"]
    assert (plan["plan"], plan["sentences"]["warning"]) == ("talk", told)


def test_every_command_gives_the_same_digest(folder: Path) -> None:
    commands = ("run", "ask", "claims", "clocks", "mediators", "whatif", "exercise")
    more = {"ask": ("q",), "whatif": ("--lever", "relief:AAA=0.3@5"), "exercise": ("--days", "20")}
    found = set()
    for command in commands:
        done = detente(command, "mine.yaml", *more.get(command, ()), "--json", cwd=folder)
        value = json.loads(done.stdout)
        found.add(value["data"]["digest"])
    assert len(found) == 1


def test_too_little_data_is_refused_or_told_first(folder: Path) -> None:
    done = detente("run", "mine.yaml", "--as-of", "2008-06-01", cwd=folder, code=3)
    assert "at least 180 covered days before 2008-06-01" in done.stderr
    for command in (("run",), ("whatif", "--lever", "relief:AAA=0.3@5"), ("claims",)):
        done = detente(command[0], "mine.yaml", *command[1:], "--as-of", "2009-01-01", cwd=folder)
        assert done.stdout.startswith("The prior decides most of what follows: only 366 covered days ")
    done = detente("run", "mine.yaml", "--as-of", "2009-01-01", "--out", "page", cwd=folder)
    assert "The prior decides" in (folder / "page" / "index.html").read_text()


def test_a_world_prior_that_says_nothing_is_not_written(folder: Path) -> None:
    done = detente("world", "events.csv", "--prior", "prior.json", "--fast", "1", cwd=folder, code=5)
    assert "must have a mean and a spread of at most 20" in done.stderr
    assert not (folder / "prior.json").exists()
