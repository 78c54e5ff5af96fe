"""The option ``--lang`` of the commands that write a page; what they print stays English, and so do JSON and tables."""

from __future__ import annotations

from typing import Annotated

import typer

from detente.base.errors import ArgumentError, Fault
from detente.report.languages.language import LANGUAGES
from detente.report.languages.letters import letters_missing


def _checked(lang: str) -> str:
    """Return a tag that pages are written in, as it is spelled there."""
    known = {tag.lower(): tag for tag in LANGUAGES}
    if lang.lower() not in known:
        raise ArgumentError(Fault("not_one_of", "lang", got=lang, choices=tuple(LANGUAGES)))
    return known[lang.lower()]


Lang = Annotated[
    str,
    typer.Option(
        "--lang",
        metavar="LANG",
        callback=_checked,
        help=f"language of the page and its pictures: {', '.join(LANGUAGES)}",
    ),
]


def say_missing_letters(lang: str) -> None:
    """Warn where this machine has no font for a language: pictures written as PNG would show boxes."""
    from detente.cli.output import complain

    if letters_missing(lang):
        complain(
            f"warning: no font with the letters of {LANGUAGES[lang].name} is installed here, so PNG pictures show "
            "boxes in their place; pages use the fonts of their reader. Install a CJK font, such as Noto Sans CJK.\n"
        )
