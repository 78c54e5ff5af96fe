"""``detente serve``: the web interface, on this machine alone, or for others who know a password."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from detente.base.errors import ArgumentError, DetenteError, Fault, OutputError
from detente.cli.drawing import start_drawing
from detente.cli.options import CacheFolder, NoCache, cache_of
from detente.cli.output import complain, write

if TYPE_CHECKING:
    from detente.web.visitors.password import Password

_HERE = ("127.0.0.1", "localhost")
_ANYWHERE = ("0.0.0.0", "::", "")  # noqa: S104 - compared with, not bound to
_MILLION = 1_000_000


def serve(
    cases: Annotated[
        list[str] | None,
        typer.Argument(help="rivalries or YAML files of arguments; default: all that come with the program"),
    ] = None,
    host: Annotated[
        str, typer.Option(help="address to listen on; any but 127.0.0.1 and localhost needs a password file")
    ] = _HERE[0],
    port: Annotated[
        int, typer.Option(min=0, max=65_535, help="port to listen on; 0 takes any free port")
    ] = 8000,
    open_: Annotated[bool, typer.Option("--open", help="open the first page in the browser")] = False,
    name: Annotated[
        list[str] | None,
        typer.Option(
            help="name or address under which browsers reach the server, besides the host; may be repeated"
        ),
    ] = None,
    password_file: Annotated[
        Path | None, typer.Option(help="file with the hash of a password that visitors must give")
    ] = None,
    make_password_file: Annotated[
        Path | None,
        typer.Option(help="ask for a password, write its hash into this new file with mode 600, and end"),
    ] = None,
    behind_tls: Annotated[
        bool,
        typer.Option(
            "--behind-tls",
            help="browsers use https through a proxy in front of the server; cookies are marked Secure",
        ),
    ] = False,
    max_cost: Annotated[
        float,
        typer.Option(
            min=0.001,
            max=36_500,
            help="how many million simulated days (futures times days) a visitor may ask for at once",
        ),
    ] = 36.5,
    cache: CacheFolder = None,
    no_cache: NoCache = False,
) -> None:
    """Serve the web interface, on this machine only unless there is a password (docs/web.md); Ctrl-C ends it."""
    try:
        import logging

        import uvicorn

        from detente.web.app import web_app
        from detente.web.site import Rules
        from detente.web.timely import TimelyProtocol
        from detente.web.visitors.password import read_password
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("detente"):
            raise
        raise DetenteError(Fault("not_installed", error.name, hint="install_web")) from None
    from detente.base.store import store_of
    from detente.web.shelf import Shelf

    if make_password_file is not None:
        _make_password(make_password_file)
        return
    password = None if password_file is None else read_password(password_file)
    hosts = hosts_of(host, name or [], password)
    shelf = Shelf(cases or ())
    for one in shelf.names:
        shelf.case(one)  # a faulty file is reported here, and the first page need not wait
    rules = Rules(password, behind_tls, most=round(max_cost * _MILLION))
    logging.getLogger("python_multipart").setLevel(logging.CRITICAL)  # visitors could fill the terminal
    config = uvicorn.Config(
        web_app(
            shelf,
            workers=start_drawing(),
            store=store_of(cache_of(cache, no_cache)),
            rules=rules,
            hosts=hosts,
        ),
        host=_HERE[0] if host in _HERE else host,
        port=port,
        log_level="critical",
        access_log=False,
        server_header=False,
        http=TimelyProtocol,
        proxy_headers=False,
        ws="none",
        timeout_graceful_shutdown=1,
    )
    try:
        opened = config.bind_socket()
    except SystemExit:  # uvicorn's answer to an address in use
        raise OutputError(Fault("taken", "port", got=port, hint="other_port")) from None
    opened.listen()  # whoever asks from now on waits, and is not refused
    shown = _HERE[0] if host in _HERE else f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{opened.getsockname()[1]}/"
    if host not in _HERE:
        complain(
            "Warning: whoever reaches this address and knows the password may read every page and start work here. The "
            "connection is not encrypted by this program: put a proxy with TLS before it, and give --behind-tls.\n"
        )
    write(f"Serving at {address}; Ctrl-C ends it.")
    if open_:
        import webbrowser

        with suppress(webbrowser.Error):
            webbrowser.open(address)
    uvicorn.Server(config).run(sockets=[opened])


def hosts_of(host: str, names: list[str], password: Password | None) -> tuple[str, ...]:
    """Return the names and addresses by which a server may be called, if it may listen where it is asked to.

    Raises
    ------
    ArgumentError
        If others can reach it and it has no password; if it listens on every address and no name is given.

    Examples
    --------
    >>> hosts_of("127.0.0.1", ["lab.example.org"], None)
    ('127.0.0.1', 'localhost', 'lab.example.org')
    """
    if host not in _HERE and password is None:
        raise ArgumentError(Fault("required", "password_file", hint="make_password"))
    if host in _ANYWHERE and not names:
        raise ArgumentError(Fault("host_unnamed", "host", got=host, hint="give_name"))
    own = () if host in (*_HERE, *_ANYWHERE) else (host.lower(),)
    return (*_HERE, *own, *(one.lower() for one in names))


def _make_password(path: Path) -> None:
    import sys

    from detente.web.visitors.password import write_password

    if sys.stdin.isatty():
        text = typer.prompt("Password", hide_input=True, err=True)
        if typer.prompt("Again", hide_input=True, err=True) != text:
            raise ArgumentError(Fault("password_twice", "password"))
    else:
        text = sys.stdin.readline().rstrip("\n")
    write_password(path, text)
    write(f"Written to {path}, for its owner alone to read: the password's hash.")
