"""``detente mcp``: the tools of the Model Context Protocol, over standard input and output."""

from __future__ import annotations

import io
import sys
from typing import Annotated

import typer

from detente.base.errors import DetenteError, Fault


def mcp(
    cases: Annotated[
        list[str] | None,
        typer.Argument(help="rivalries or YAML files of arguments; default: all that come with the program"),
    ] = None,
) -> None:
    """Serve ask, claims, report and whatif to a client of the Model Context Protocol (docs/mcp.md)."""
    try:
        from detente.web.tools import tools_server
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("detente"):
            raise
        raise DetenteError(Fault("not_installed", error.name, hint="install_mcp")) from None
    from detente.web.shelf import Shelf
    from detente.web.tool_errors import WholeLines

    shelf = Shelf(cases or ())
    for name in shelf.names:
        shelf.case(name)  # a faulty file is reported before a client waits for an answer
    sys.stdin = io.TextIOWrapper(io.BufferedReader(WholeLines(sys.stdin.buffer)), "utf-8", "replace")
    tools_server(shelf).run()
