"""``detente serve``: the web interface, on this machine alone."""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated

import typer

from detente.base.errors import ArgumentError, DetenteError, Fault, OutputError
from detente.cli.drawing import start_drawing
from detente.cli.output import write

_HERE = ("127.0.0.1", "localhost")


def serve(
    cases: Annotated[
        list[str] | None,
        typer.Argument(
            help="rivalries or YAML files of arguments; without any, all that come with the program"
        ),
    ] = None,
    host: Annotated[
        str, typer.Option(help="address to listen on: only this machine's own, 127.0.0.1 or localhost")
    ] = _HERE[0],
    port: Annotated[
        int, typer.Option(min=0, max=65_535, help="port to listen on; 0 takes any that is free")
    ] = 8000,
    open_: Annotated[bool, typer.Option("--open", help="open the first page in the browser")] = False,
) -> None:
    """Serve the web interface on this machine (docs/web.md); Ctrl-C ends it."""
    if host not in _HERE:
        raise ArgumentError(Fault("only_here", "host", got=host, hint="forward_port", choices=_HERE))
    try:
        import uvicorn

        from detente.web.app import web_app
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("detente"):
            raise
        raise DetenteError(Fault("not_installed", error.name, hint="install_web")) from None
    from detente.web.shelf import Shelf

    shelf = Shelf(cases or ())
    for name in shelf.names:
        shelf.case(name)  # a faulty file is told here, and the first page need not wait
    config = uvicorn.Config(
        web_app(shelf, workers=start_drawing()),
        host=_HERE[0],
        port=port,
        log_level="critical",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        ws="none",
        timeout_graceful_shutdown=1,
    )
    try:
        opened = config.bind_socket()
    except SystemExit:  # uvicorn's answer to an address in use
        raise OutputError(Fault("taken", "port", got=port, hint="other_port")) from None
    opened.listen()  # whoever asks from now on waits, and is not refused
    address = f"http://{_HERE[0]}:{opened.getsockname()[1]}/"
    write(f"Serving at {address}; Ctrl-C ends it.")
    if open_:
        import webbrowser

        with suppress(webbrowser.Error):
            webbrowser.open(address)
    uvicorn.Server(config).run(sockets=[opened])
