"""The API: the digits of the command line and of Python, and errors as problem details."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

import detente
from command_line import detente as command
from detente.report.text.as_json import json_text, to_json

LINE = "SWE->NOR force within 60d"


def timeless(value: Any) -> Any:
    """Return a result without what a clock measured."""
    if isinstance(value, dict):
        return {name: timeless(part) for name, part in value.items() if name != "seconds"}
    return [timeless(part) for part in value] if isinstance(value, list) else value


HINT = re.compile(r" ?No record yet.*?`[^`]*`[^.]*\.")
MORE = ("bargain", "unlock", "mediators", "diagnose", "compare", "report")
CASES = {
    "ask": (f"ask?q={LINE}&seed=3", ["ask", LINE, "--seed", "3"], lambda c: detente.ask(c, LINE, seed=3)),
    "claims": ("claims", ["claims"], detente.claims),
    "whatif": (
        "whatif?lever=sanctions:SWE@10&days=40",
        ["whatif", "--lever", "sanctions:SWE@10", "--days", "40"],
        lambda c: detente.whatif(c, ["sanctions:SWE@10"], days=40),
    ),
    "run": ("run?futures=60", ["run", "--futures", "60"], lambda c: detente.run(c, futures=60)),
}


@pytest.mark.parametrize("name", CASES)
def test_three_ways_to_one_result(client: TestClient, argument: Path, name: str) -> None:
    address, words, use = CASES[name]
    web = timeless(client.get(f"/api/v1/cases/small/{address}").raise_for_status().json())
    told = command(words[0], argument, *words[1:], "--json").stdout
    python_told = json_text(to_json(use(detente.load_case(argument=argument))))
    # a hint names the argument's file; the web, whose visitors have no such file, words it otherwise
    texts = (json.dumps(web, ensure_ascii=False), told, python_told)
    same = [json.loads(HINT.sub("", text.replace(str(argument), argument.name))) for text in texts]
    assert same[0] == timeless(same[1])
    assert same[0] == timeless(same[2])


def test_one_future_has_no_interval_and_is_refused(client: TestClient) -> None:
    answer = client.get("/api/v1/cases/small/whatif?lever=sanctions:SWE@10&days=40&futures=1")
    assert (answer.status_code, answer.json()["field"]) == (400, "futures")


def test_only_what_an_address_reads_is_taken(client: TestClient) -> None:
    assert client.get("/api/v1/cases/small/run?futures=20&q=force").status_code == 400


def test_a_run_longer_than_the_calendar_is_told_beside_the_levers(client: TestClient) -> None:
    assert client.get("/case/small/levers?days=99999999999").status_code == 400


def test_a_page_has_the_digits_of_the_api(client: TestClient) -> None:
    (question,) = client.get(f"/api/v1/cases/small/ask?q={LINE}").json()["questions"]
    html = client.get(f"/case/small/ask?q={LINE}").text
    assert f"{question['low']:.3f} to {question['high']:.3f}" in html
    assert f"{question['base_rates']['all']['share']:.3f} of" in html


def test_the_cases_are_listed(client: TestClient) -> None:
    (case,) = client.get("/api/v1/cases").json()
    assert (case["case"], case["principals"], case["argument"]) == ("small", ["SWE", "NOR"], "small")


@pytest.mark.parametrize(
    ("address", "status", "code", "field"),
    [
        ("cases/nobody/run", 404, "not_one_of", "case"),
        ("cases/small/nothing", 404, "no_such_address", "address"),
        ("cases/small/ask", 400, "required", "q"),
        ("cases/small/ask?q=", 400, "required", "question"),
        ("cases/small/run?futures=many", 400, "invalid", "futures"),
        ("cases/small/run?futures=20000000", 400, "invalid", "futures"),
        ("cases/small/run?futures=900000", 400, "too_costly", "futures and days"),
        ("cases/small/run?as_of=soon", 400, "invalid", "as_of"),
        ("cases/small/run?future=20", 400, "unknown_field", "future"),
        ("cases/small/run?futures=20&futures=30", 400, "given_twice", "futures"),
        ("cases?futures=20", 400, "unknown_field", "futures"),
        ("cases/small/run?as_of=1999-01-01", 400, None, None),
        ("cases/small/whatif?lever=peace@3", 400, "not_a_lever", "lever"),
    ],
)
def test_an_error_is_a_problem(
    client: TestClient, address: str, status: int, code: str | None, field: str | None
) -> None:
    answer = client.get(f"/api/v1/{address}")
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert answer.status_code == problem["status"] == status, problem
    assert problem["type"].startswith("urn:detente:error:")
    if code is not None:
        assert (problem["code"], problem["field"]) == (code, field)
    assert problem["rule"] in problem["detail"]


def test_a_problem_says_what_to_try(client: TestClient) -> None:
    problem = client.get("/api/v1/cases/small/ask?q=SWE->NOR forc within 60d").json()
    assert problem["got"] == "forc"
    assert problem["try"] == "Did you mean force?"
    assert problem["faults"][0]["message"] == problem["detail"]


def test_openapi_describes_what_is_there(client: TestClient) -> None:
    described = client.get("/api/v1/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    assert set(described["paths"]) == {
        "/api/v1/cases",
        *(
            f"/api/v1/cases/{{case}}/{name}"
            for name in (*CASES, "bargain", "unlock", "mediators", "diagnose", "compare", "report")
        ),
    }
    for path in described["paths"].values():
        assert list(path) == ["get"]
        problem = path["get"]["responses"]["400"]["content"]
        assert "application/problem+json" in problem
