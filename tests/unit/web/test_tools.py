"""The tools of the Model Context Protocol: the objects of ``--json``, typed, errors as objects, and no file by name."""

from __future__ import annotations

import io
import json
import os
import sys
import tomllib
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp import Client, StdioServerParameters

from detente.lab.ask import ask
from detente.lab.case import load_case
from detente.report.text.as_json import to_json
from detente.studies.whatif.whatif import whatif
from detente.web.shelf import Shelf
from detente.web.tool_errors import WholeLines
from detente.web.tools import tools_server
from worlds import ROOT

LINE = "SWE->NOR force within 30d"
FEW = {"futures": 20, "seed": 1}


def talk(argument: Path, what: Callable[[Client], Coroutine[Any, Any, Any]]) -> Any:
    """Connect a client to a server in this process, and return what is made of it."""

    async def connected() -> Any:
        async with Client(tools_server(Shelf([argument]))) as client:
            return await what(client)

    return anyio.run(connected)


def call(argument: Path, name: str, **arguments: Any) -> Any:
    return talk(argument, lambda client: client.call_tool(name, arguments))


def without_seconds(value: dict[str, Any]) -> dict[str, Any]:
    """Return a result without how long its futures took."""
    futures = value["futures"]
    return value | {"futures": {**futures, "seconds": 0} if isinstance(futures, dict) else futures}


def test_the_tools_read_only_and_have_typed_output(argument: Path) -> None:
    tools = talk(argument, lambda client: client.list_tools()).tools
    assert [tool.name for tool in tools] == ["ask", "claims", "report", "whatif"]
    for tool in tools:
        assert tool.annotations.read_only_hint is True
        assert tool.description
        assert {"rivalry", "argument", "as_of", "version", "data"} <= set(tool.output_schema["required"])
        assert all(each.get("description") for each in tool.input_schema["properties"].values())


def test_a_tool_returns_what_the_command_prints_as_json(argument: Path) -> None:
    case = load_case(str(argument))
    for name, given, made in (
        ("ask", {"questions": [LINE]}, lambda: ask(case, LINE, **FEW)),
        (
            "whatif",
            {"levers": ["sanctions:SWE@10"], "days": 30},
            lambda: whatif(case, ["sanctions:SWE@10"], days=30, **FEW),
        ),
    ):
        found = call(argument, name, case="small", **given, **FEW)
        assert not found.is_error, found.content
        assert without_seconds(found.structured_content) == without_seconds(
            json.loads(json.dumps(to_json(made())))
        )
        assert json.loads(found.content[0].text) == found.structured_content


@pytest.mark.parametrize(
    ("arguments", "code", "field"),
    [
        ({"case": "nowhere", "questions": [LINE]}, "not_one_of", "case"),
        ({"case": "/etc/passwd", "questions": [LINE]}, "not_one_of", "case"),
        ({"case": "small", "questions": [LINE], "futures": 10**9}, "not_whole_in_range", "futures"),
        (
            {"case": "small", "questions": [LINE.replace("30d", "5y")], "futures": 900_000},
            "too_costly",
            "futures and days",
        ),
        ({"case": "small", "questions": [LINE] * 11}, "too_many_items", "questions"),
        ({"case": "small", "questions": [LINE], "as_of": "yesterday"}, "not_a_day", "as_of"),
        ({"case": "small", "questions": [LINE], "as_of": 20200117}, "not_text", "as_of"),
        ({"case": "small", "questions": [LINE], "future": 20}, "unknown_field", "future"),
        ({"case": "small", "questions": [LINE], "futures": True}, "not_whole", "futures"),
        ({"case": "small", "questions": [LINE], "seed": False}, "not_whole", "seed"),
        ({"case": "small", "questions": LINE}, "not_a_list", "questions"),
        ({"case": "small", "questions": [LINE, 1]}, "not_text", "questions"),
        ({"case": "small"}, "required", "questions"),
    ],
)
def test_an_error_is_the_object_of_the_command_line(
    argument: Path, arguments: dict[str, Any], code: str, field: str
) -> None:
    found = call(argument, "ask", **arguments)
    assert found.is_error
    (fault,) = found.structured_content["faults"]
    assert (fault["code"], fault["field"]) == (code, field)
    assert json.loads(found.content[0].text) == found.structured_content


def test_a_question_that_cannot_be_read_is_told_with_its_place(argument: Path) -> None:
    found = call(argument, "ask", case="small", questions=["SWE->NOR frce within 30d"])
    assert found.is_error
    assert found.structured_content["faults"]


def test_an_unknown_tool_is_told_as_an_object(argument: Path) -> None:
    (fault,) = call(argument, "asks").structured_content["faults"]
    assert (fault["code"], fault["got"]) == ("not_one_of", "asks")


def test_a_line_with_half_a_character_is_read() -> None:
    lines = ['{"a": "\\ud800 \\ud83d\\ude00"}\n', '{"a": "\\\\ud800"}\n']
    sound = io.TextIOWrapper(io.BufferedReader(WholeLines(io.BytesIO("".join(lines).encode()))), "utf-8")
    assert [json.loads(line)["a"] for line in sound] == ["\ufffd \U0001f600", "\\ud800"]


@pytest.mark.slow
def test_every_tool_answers_over_standard_streams(argument: Path) -> None:
    server = StdioServerParameters(
        command=sys.executable, args=["-m", "detente", "mcp", str(argument)], env=dict(os.environ)
    )

    async def talked() -> dict[str, Any]:
        async with Client(server) as client:
            return {
                "ask": await client.call_tool("ask", {"case": "small", "questions": [LINE], **FEW}),
                "claims": await client.call_tool("claims", {"case": "small", **FEW}),
                "report": await client.call_tool("report", {"case": "small", "days": 30, **FEW}),
                "whatif": await client.call_tool(
                    "whatif", {"case": "small", "levers": ["sanctions:SWE@10"], **FEW}
                ),
                "wrong": await client.call_tool("ask", {"case": "nowhere", "questions": [LINE]}),
            }

    found = anyio.run(talked)
    assert [name for name, result in found.items() if result.is_error] == ["wrong"]
    assert found["claims"].structured_content["claims"][0]["id"] == "C1"
    assert found["report"].structured_content["analogues"]["moments"]


def test_the_description_for_registries_is_of_this_version() -> None:
    described = json.loads((ROOT / "server.json").read_text(encoding="utf-8"))
    own = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (package,) = described["packages"]
    assert {described["version"], package["version"]} == {own["version"]}
    assert package["runtimeArguments"][0]["value"] in own["optional-dependencies"]["mcp"]
    assert len(described["description"]) <= 100
