"""The picture of what events say of each clock."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from detente.base.outputs import write_outputs
from detente.lab.clocks import Clocks
from detente.report.pictures.half_lives import profiles_chart
from detente.report.text.as_json import json_file, to_json

NAMES = ("clocks.json", "clocks.svg", "clocks.png")


def write_profiles(result: Clocks, out: Path, *, force: bool = False) -> list[Path]:
    """Write the profiles and their picture into a folder: all of it or nothing.

    Parameters
    ----------
    result : Clocks
    out : path
        Made if it does not exist.
    force : bool
        Whether files that Détente did not write may be replaced; those that the result was made from never are.

    Raises
    ------
    OutputError
        If the folder cannot be written.
    """
    return write_outputs(_contents(result), NAMES, Path(out), inputs=result.case.inputs, force=force)


def _contents(result: Clocks) -> Iterator[tuple[str, bytes]]:
    from detente.report.pictures.render import render

    yield "clocks.json", json_file(to_json(result))
    svg, png = render(profiles_chart(result))
    yield "clocks.svg", svg.encode()
    yield "clocks.png", png
