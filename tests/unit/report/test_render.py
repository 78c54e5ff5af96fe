"""Pictures drawn elsewhere are those drawn here."""

from __future__ import annotations

from collections.abc import Callable

import altair as alt
import pytest

from detente.base.workers import Processes, Threads, Workers
from detente.report.pictures.render import PHONE, picture_files, render, to_svg


def bar(height: int, *, narrow: bool = False) -> alt.Chart:
    return (
        alt.Chart(alt.Data(values=[{"x": 1, "y": height}]), width=40 if narrow else 90)
        .mark_bar()
        .encode(y="y:Q")
    )


PICTURES = {"one": bar, "other": lambda height, narrow=False: bar(2 * height, narrow=narrow)}


@pytest.mark.parametrize(
    "workers", [lambda: None, lambda: Threads(2), pytest.param(lambda: Processes(2), marks=pytest.mark.slow)]
)
def test_every_picture_is_drawn_once_and_in_order(workers: Callable[[], Workers | None]) -> None:
    svgs: dict[str, str] = {}
    made = workers()
    files = list(picture_files(PICTURES, 3, svgs=svgs, workers=made))
    if made is not None:
        made.close()
    svg, png = render(bar(3))
    assert [name for name, _ in files] == ["one.svg", "one.png", "other.svg", "other.png"]
    assert dict(files)["one.svg"].decode() == svg == svgs["one"]
    assert dict(files)["one.png"] == png
    assert svgs["other" + PHONE] == to_svg(bar(6, narrow=True))
    assert list(svgs) == ["one", "one" + PHONE, "other", "other" + PHONE]
