"""``detente cache``: what is kept on disk between one command and the next."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from detente.cli.options import AsJson, LimitSettings
from detente.cli.output import write


class Action(StrEnum):
    """What to do with what is kept."""

    LIST = "list"
    SIZE = "size"
    CLEAR = "clear"


def cache(
    action: Annotated[
        Action, typer.Argument(help="list what is kept, print how many bytes it takes, or remove it all")
    ] = Action.LIST,
    folder: Annotated[
        Path | None,
        typer.Option(
            "--cache",
            metavar="DIR",
            help="folder of kept results; default: DETENTE_CACHE, or the platform's user cache",
        ),
    ] = None,
    limits: LimitSettings = None,
    as_json: AsJson = False,
) -> None:
    """List, measure or remove the fits, futures and backtests that are kept on disk; all are made again when needed."""
    from detente.base.input_limits import limits_of
    from detente.base.store import store_of
    from detente.report.text.as_json import json_text
    from detente.report.text.kept import kept_of, text_of

    store = store_of(True if folder is None else folder, limits_of(limits or ()).kept)
    before = kept_of(store)
    if action is Action.CLEAR:
        store.clear()
        kept = kept_of(store)
        removed = {"removed": before["files"] - kept["files"], "freed": before["bytes"] - kept["bytes"]}
        write(
            json_text(kept | removed)
            if as_json
            else f"{removed['removed']} results removed, {removed['freed']} bytes freed"
        )
    elif as_json:
        write(json_text(before))
    else:
        write(f"{before['bytes']}" if action is Action.SIZE else text_of(before))
