"""The tools of the Model Context Protocol: use cases that only read, with typed output, for a client of this machine.

A tool returns the object that the command of its name prints with ``--json``. An error is the object that this prints
too, marked as an error.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from importlib.metadata import version
from threading import Lock
from typing import Annotated, Any

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import CallToolResult, TextContent, ToolAnnotations
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from detente.base.errors import ArgumentError, DetenteError, Fault
from detente.lab.ask import ask
from detente.lab.case import Case
from detente.report.text.as_json import to_json
from detente.studies.claims.claims import claims
from detente.studies.overview import report_on
from detente.studies.whatif.whatif import whatif
from detente.web.costs import MOST, Costs
from detente.web.requested import Requested, lines_in, settings_in
from detente.web.shelf import Shelf
from detente.web.tool_errors import no_truth, refuse_unknown, refused

_READS = ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)

CaseName = Annotated[str, Field(description="a case of this server, such as us-iran")]
AsOf = Annotated[
    str | None,
    Field(description="as-of day, YYYY-MM-DD: nothing known later is used; the argument's own if absent"),
]
Days = Annotated[
    int | None, BeforeValidator(no_truth), Field(description="days to simulate; the argument's own if absent")
]
Futures = Annotated[
    int | None,
    BeforeValidator(no_truth),
    Field(description=f"number of futures; times days at most {MOST:,}"),
]
Seed = Annotated[
    int | None,
    BeforeValidator(no_truth),
    Field(description="seed of every random number; the argument's own if absent"),
]


class _Open(BaseModel):
    """An object with the keys named here, and others as ``--json`` has them."""

    model_config = ConfigDict(extra="allow")


class Headed(_Open):
    """What every result begins with."""

    rivalry: str
    argument: str
    as_of: str
    version: str
    data: dict[str, Any]


class QuestionAnswer(_Open):
    """A question and the share of futures in which it came true; none where it asks how many or when."""

    id: str
    text: str
    closes: str
    probability: float | None
    outcome: str | None


class JudgedClaim(_Open):
    """A claim of the argument and what the events say of it."""

    id: str
    text: str
    verdict: str


class AskOutput(Headed):
    """Answers to questions."""

    questions: list[QuestionAnswer]


class ClaimsOutput(Headed):
    """Every claim with its verdict."""

    claims: list[JudgedClaim]


class ReportOutput(Headed):
    """A run with all that a report shows beside it."""

    questions: list[QuestionAnswer]
    claims: list[JudgedClaim]
    analogues: dict[str, Any]
    sentences: dict[str, Any]


class WhatIfOutput(Headed):
    """The same futures with levers pulled, as paired differences."""

    levers: list[dict[str, Any]]
    outcomes: list[dict[str, Any]]


def tools_server(shelf: Shelf) -> MCPServer:
    """Return a server of the Model Context Protocol with the tools `ask`, `claims`, `report` and `whatif`.

    Parameters
    ----------
    shelf : Shelf
        The cases that a client may ask about; it can name no file.

    Notes
    -----
    One call is worked on at a time: each uses every core.
    """
    named = ", ".join(shelf.names)
    server = _Server(
        "detente",
        title="Détente",
        version=version("detente"),
        instructions=(
            f"A laboratory for interstate rivalries. Cases: {named}. Every probability depends on an argument and its "
            "priors: say so with the number, and quote the cautions of a result. Not for targeting, warning or "
            "decisions in a crisis."
        ),
        log_level="CRITICAL",
    )
    turn, costs = Lock(), Costs()

    def allowed(
        name: str, study: str, lines: tuple[str, ...], **settings: Any
    ) -> tuple[Case, dict[str, Any]]:
        """Return a case and the settings that a client gives, unless they ask for too much."""
        case, found = shelf.case(name), settings_in(settings, tuple(settings))
        costs.of(case, Requested(name, study, lines, found))
        return case, dict(found)

    def tool(title: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        def add(function: Callable[..., Any]) -> Callable[..., Any]:
            return server.tool(title=title, annotations=_READS)(_told(function, turn))

        return add

    @tool("Estimate the probability of dated events")
    def ask_(
        case: CaseName,
        questions: Annotated[
            list[str],
            Field(description='lines such as "IRN->USA ASSAULT within 90d", or ids of declared questions'),
        ],
        as_of: AsOf = None,
        futures: Futures = None,
        seed: Seed = None,
    ) -> AskOutput:
        """Estimate the probability of dated events, with uncertainty, two base rates, main drivers and the outcome."""
        lines = lines_in("questions", questions)
        held, given = allowed(case, "ask", lines, as_of=as_of, futures=futures, seed=seed)
        return AskOutput(**to_json(ask(held, *lines, **given)))

    @tool("Judge every claim of the argument")
    def claims_(
        case: CaseName,
        only: Annotated[list[str] | None, Field(description="ids of claims; all if absent")] = None,
        as_of: AsOf = None,
        futures: Futures = None,
        seed: Seed = None,
    ) -> ClaimsOutput:
        """Compute every claim of the argument and give its verdict by a rule fixed beforehand."""
        lines = lines_in("only", only or [])
        held, given = allowed(case, "claims", lines, as_of=as_of, futures=futures, seed=seed)
        return ClaimsOutput(**to_json(claims(held, **given, only=lines)))

    @tool("What happens next, why, and how far to trust it")
    def report_(
        case: CaseName, as_of: AsOf = None, days: Days = None, futures: Futures = None, seed: Seed = None
    ) -> ReportOutput:
        """Run a case and gather what a report shows: answers, claims, analogues, levers, checks."""
        held, given = allowed(case, "report", (), as_of=as_of, days=days, futures=futures, seed=seed)
        return ReportOutput(**to_json(report_on(held, **given)))

    @tool("The same futures with levers pulled")
    def whatif_(
        case: CaseName,
        levers: Annotated[list[str], Field(description="NAME[:ACTOR][=SIZE]@DAY, such as relief=0.33@30")],
        as_of: AsOf = None,
        days: Days = None,
        futures: Futures = None,
        seed: Seed = None,
    ) -> WhatIfOutput:
        """Pull levers on futures and compare with the same futures without them."""
        lines = lines_in("levers", levers)
        held, given = allowed(case, "whatif", lines, as_of=as_of, days=days, futures=futures, seed=seed)
        return WhatIfOutput(**to_json(whatif(held, lines, **given)))

    return server


class _Server(MCPServer):
    """A server that tells faulty arguments as it tells every other error."""

    async def call_tool(self, name: str, arguments: dict[str, Any], context: Any = None) -> Any:
        known = {tool.name: tool.input_schema["properties"] for tool in await self.list_tools()}
        try:
            if name not in known:
                raise ArgumentError(Fault("not_one_of", "tool", got=name, choices=tuple(known)))
            refuse_unknown(arguments, known[name])
            return await super().call_tool(name, arguments, context)
        except ArgumentError as error:
            return _error_of(error)
        except ToolError as error:
            if isinstance(error.__cause__, ValidationError):
                return _error_of(refused(error.__cause__))
            raise


def _error_of(error: DetenteError) -> CallToolResult:
    value = error.to_dict()
    text = TextContent(type="text", text=json.dumps(value, ensure_ascii=False))
    return CallToolResult(content=[text], structured_content=value, is_error=True)


def _told(function: Callable[..., Any], turn: Lock) -> Callable[..., Any]:
    """Return a tool whose errors are objects, and which waits until no other is at work."""

    @wraps(function)
    def call(**arguments: Any) -> Any:
        try:
            with turn:
                return function(**arguments)
        except DetenteError as error:
            return _error_of(error)

    call.__name__ = function.__name__.rstrip("_")
    return call
