"""Pictures, the page, and writing both without ever leaving half of a result."""

from __future__ import annotations

import errno
import json
import os
import re
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import polars as pl
import pytest

import worlds
from detente.base import files
from detente.base.days import Window
from detente.base.errors import OutputError
from detente.base.ownership import is_ours, made_by
from detente.events.chronicle import Chronicle
from detente.lab.case import Case
from detente.lab.run import run as run_case
from detente.lab.run_result import Run
from detente.report import write_run as write
from detente.report.languages.language import in_language
from detente.report.pages.environment import percent
from detente.report.pages.run import render_run_page
from detente.report.pictures import priors as prior_pictures
from detente.report.pictures.acts import acts_in_channels, cells, lanes_of
from detente.report.pictures.clocks import envelope, memory_traces
from detente.report.pictures.fans import Fan, ends_of, fans_of, title_of
from detente.report.pictures.render import PICTURES, render, to_svg
from detente.report.text.as_json import to_json
from detente.report.text.run import half_lives
from detente.report.write_run import FILES, write_run

AS_OF = date(2003, 6, 1)
EVIL = '<script>alert("x")</script>&\'"'
ODD = "B\x00\x0b ]]> ${1} {{7*7}}"


def a_run(
    chronicle: Chronicle,
    *names: str,
    as_of: date = AS_OF,
    days: int = 90,
    rivalry: str = "test",
    futures: int = 60,
) -> Run:
    case = Case(rivalry, worlds.baseline(*(names or ("A", "B"))), chronicle)
    return run_case(case, as_of=as_of, days=days, futures=futures, seed=1)


@pytest.fixture(scope="module")
def run() -> Run:
    return a_run(worlds.random_chronicle())


@pytest.fixture(scope="module")
def svgs(run: Run) -> dict[str, str]:
    return {name: to_svg(draw(run)) for name, draw in PICTURES.items()}


def parse(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 - our own


# --- what the pictures say -------------------------------------------------------------------------------------------


def test_lanes_stand_the_farther_from_the_middle_the_harsher(run: Run) -> None:
    lanes = lanes_of(run.posterior.program.layout, "detente", others=True)
    assert [lane.cls for lane in lanes if not lane.heading] == [
        *("force", "pressure", "verbal-conflict", "material-cooperation", "verbal-cooperation"),
        "joint",
        *("verbal-cooperation", "material-cooperation", "verbal-conflict", "pressure", "force"),
        "",
    ]
    assert [lane.label for lane in lanes if lane.heading] == ["acts of A", "acts of B"]


@pytest.mark.parametrize("most", [5000, 200, 40])
def test_cells_keep_to_their_side_of_as_of(run: Run, most: int) -> None:
    lanes = lanes_of(run.posterior.program.layout, "detente", others=False)
    acts, window = acts_in_channels(run), Window(date(2000, 1, 1), AS_OF + timedelta(days=90))
    known = cells(acts.filter("known"), lanes, window, AS_OF, most)
    later = cells(acts.filter(~pl.col("known")), lanes, window, AS_OF, most)
    assert len(known) <= most
    assert later
    assert max(cell["date"] for cell in known) < AS_OF <= min(cell["date"] for cell in later)
    assert max(cell["date"] for cell in later) < window.end


def test_cells_are_days_where_days_are_few(run: Run) -> None:
    lanes = lanes_of(run.posterior.program.layout, "detente", others=False)
    acts = acts_in_channels(run).filter("known")
    shown = cells(acts, lanes, Window(date(2000, 1, 1), AS_OF), AS_OF, most=5000)
    assert len(shown) == acts.unique(["day", "side", "cls"]).height
    assert {cell["date"] for cell in shown} == set(acts["day"])


def test_an_act_of_the_month_of_as_of_is_not_known() -> None:
    chronicle = worlds.random_chronicle()
    vague = chronicle.events.with_columns(
        precision=pl.when(pl.col("date").dt.truncate("1mo") == date(2003, 6, 1))
        .then(pl.lit("month"))
        .otherwise("precision")
    )
    run = a_run(replace(chronicle, events=vague), as_of=date(2003, 6, 20))
    acts = acts_in_channels(run)
    assert acts.filter("known")["day"].max() < date(2003, 6, 1)
    assert acts.filter(~pl.col("known"))["day"].min() == date(2003, 6, 20)


def test_clocks_start_where_the_known_days_end(run: Run) -> None:
    program = run.posterior.program
    for name in ("fast", "slow"):
        for clock in memory_traces(run, name):
            start = program.initial[program.watched[clock.principal, name]]
            assert clock.low[0] == pytest.approx(start, rel=1e-5)
            assert clock.high[0] == pytest.approx(start, rel=1e-5)
            assert (clock.low <= clock.median).all()
            assert (clock.median <= clock.high).all()
    assert [clock.principal for clock in memory_traces(run, "fast")] == ["A", "B"]


def test_an_envelope_keeps_the_ends_and_the_extremes() -> None:
    values = np.random.default_rng(1).normal(size=5000)
    picked = envelope(values, most=100)
    assert len(picked) <= 202
    assert {0, 4999, int(values.argmin()), int(values.argmax())} <= set(picked.tolist())


def test_fans_end_at_the_numbers_of_the_table(run: Run) -> None:
    fans = {fan.label: fan for fan in fans_of(run)}
    assert list(fans) == [channel.label for channel in run.channels]
    for channel in run.channels:
        fan = fans[channel.label]
        assert (fan.bands[0, -1], fan.bands[4, -1]) == (channel.low, channel.high)
        assert fan.happened is not None
        assert fan.happened[-1] == (AS_OF + timedelta(days=90), channel.observed)
        assert (np.diff(fan.bands, axis=0) >= 0).all()
        assert fan.bands.shape[1] == len(ends_of(run))


def test_a_title_of_a_fan_keeps_its_class_in_chinese() -> None:
    long = Fan("美国（USA） -> 伊朗（IRN） 实质合作", "material-cooperation", np.zeros((5, 1)), None)
    with in_language("zh-Hans"):
        assert title_of(long) == "美国（USA） -> 伊朗（IRN）\n实质合作"
        assert title_of(replace(long, label="甲 -> 乙 实质合作")) == "甲 -> 乙 实质合作"


def test_fans_do_not_draw_what_the_chronicle_does_not_cover() -> None:
    run = a_run(worlds.random_chronicle(), as_of=date(2004, 1, 1), days=365)
    assert all(fan.happened is None for fan in fans_of(run))
    page = render_run_page(run, {})
    assert "not covered" not in page
    assert '"n">what happened</th>' not in page  # a column of nothing
    html = render_run_page(run, {"fans": "<svg></svg>"})
    assert "does not cover these days" in html
    assert "steps are what happened" not in html


def test_priors_show_every_mechanism_and_only_those(run: Run) -> None:
    headings, rows = prior_pictures._rows(run)
    moved = run.moved_by_events()
    assert [row["removed"] for row in rows] == [f"{100 * share:.0f} %" for share in moved.values()]
    assert sorted(row["row"] for row in headings + rows) == list(range(len(headings) + len(moved)))
    assert not {"intercept", "era"} & {row["text"] for row in headings}


# --- rendering -------------------------------------------------------------------------------------------------------


def test_svg_is_small_described_and_keeps_its_text(svgs: dict[str, str]) -> None:
    for svg in svgs.values():
        root = parse(svg)
        assert root.get("role") == "img"
        assert root.get("aria-label") == root[0].text
        assert len(svg) < 400_000
        noise = {
            name
            for element in root.iter()
            for name in element.attrib
            if name.startswith("aria-") or name == "class"
        }
        assert noise == {"aria-label"}
        assert [element.tag for element in root.iter() if "aria-label" in element.attrib] == [root.tag]
        # ids of three pictures in one page would clash
        assert not [
            element for element in root.iter() if "id" in element.attrib or "href" in "".join(element.attrib)
        ]
        assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", svg)
    assert "A -&gt; B force" in svgs["fans"]
    assert "fast clock: hostile acts received, half-life 14 days" in svgs["timeline"]
    assert "as of 1 June 2003" in svgs["priors"]


def test_rendering_is_repeatable_and_png_has_twice_the_size(run: Run, svgs: dict[str, str]) -> None:
    svg, png = render(prior_pictures.priors_chart(run))
    assert svg == svgs["priors"]
    assert png.startswith(b"\x89PNG")
    root = parse(svg)
    width, height = struct.unpack(">II", png[16:24])
    assert (width, height) == (2 * int(root.get("width", "")), 2 * int(root.get("height", "")))


DAY = """
import altair as alt
from datetime import date
from detente.report.pictures.style import data, days_axis
from detente.report.pictures.render import to_svg
from detente.base.days import Window
x = days_axis("day", Window(date(2020, 1, 1), date(2020, 1, 11)), format="%d")
chart = alt.Chart(data([{"day": date(2020, 1, 3)}])).mark_rule().encode(x=x).properties(width=100)
svg = to_svg(chart)
"""


def test_days_are_the_same_in_every_time_zone() -> None:
    far_west = {**os.environ, "TZ": "America/Los_Angeles"}
    done = subprocess.run(
        [sys.executable, "-c", f"{DAY}print(svg)"], capture_output=True, text=True, check=True, env=far_west
    )
    here: dict[str, str] = {}
    exec(DAY, here)  # noqa: S102 - the text above
    assert done.stdout.strip() == here["svg"]
    assert "translate(20,0)" in here["svg"]  # the third is two tenths along


@pytest.mark.parametrize(
    ("scheme", "days", "as_of"),
    [("quad", 90, AS_OF), ("detente", 1, date(2001, 2, 1)), ("detente", 14, date(2004, 12, 1))],
    ids=["quad", "one day", "after the chronicle's end"],
)
def test_odd_runs_can_be_drawn(scheme: str, days: int, as_of: date) -> None:
    run = a_run(worlds.random_chronicle(scheme=scheme), as_of=as_of, days=days, futures=2)
    for draw in PICTURES.values():
        parse(to_svg(draw(run)))
    assert render_run_page(run, {})


def test_a_chronicle_that_has_gone_quiet_can_be_drawn() -> None:
    chronicle = worlds.random_chronicle(days=1200)
    run = a_run(
        replace(chronicle, events=chronicle.events.head(40)), as_of=date(2002, 8, 1), futures=2, days=5
    )
    for draw in PICTURES.values():
        parse(to_svg(draw(run)))


# --- the page --------------------------------------------------------------------------------------------------------


class Seen(HTMLParser):
    """Tags, attributes and text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_asks_nobody_for_anything(run: Run, svgs: dict[str, str]) -> None:
    html = render_run_page(run, svgs)
    seen = Seen(html)
    assert not {"script", "iframe", "object", "embed", "base", "form"} & set(seen.tags)
    links = [
        value
        for _, name, value in seen.attributes
        if name in ("src", "href", "srcset", "action", "xlink:href")
    ]
    assert sorted(links) == ["data:,", "futures.parquet", "result.json"]
    assert not [name for _, name, _ in seen.attributes if name.startswith("on")]
    assert "url(" not in html
    assert "@import" not in html
    policy = next(value for _, name, value in seen.attributes if name == "content" and "default-src" in value)
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    assert seen.tags.count("svg") == 3


def test_names_from_files_stay_text() -> None:
    chronicle = worlds.renamed(worlds.random_chronicle(), {"A": EVIL, "B": ODD})
    run = a_run(chronicle, EVIL, ODD, rivalry="<b>r</b>", futures=10)
    svgs = {name: to_svg(draw(run)) for name, draw in PICTURES.items()}
    for svg in svgs.values():
        assert not [e for e in parse(svg).iter() if e.tag.endswith("script")]
    html = render_run_page(run, svgs)
    seen = Seen(html)
    assert not {"script", "b>r<"} & set(seen.tags)
    assert EVIL in seen.text
    assert "<b>r</b>" in seen.text
    assert "{{7*7}}" in seen.text


def test_the_page_says_what_the_result_says() -> None:
    run = run_case(worlds.essay_case(), futures=40)
    text = " ".join(Seen(render_run_page(run, {})).text.split())
    value = run.to_dict()
    for said in (
        f"{value['data']['events']:,} rows of events were read and folded to {value['data']['acts']:,} acts",
        f"{value['futures']['count']} futures of {value['futures']['days']} days, from seed 1",
        f"each act brings on {value['fit']['spectral_radius']:.2f} further acts",
        f"which hold {value['fit']['acts_fitted']} of those acts",
        value["data"]["digest"],
        "Most coefficients still rest on their prior",
        half_lives(run),
        "fitted to the days from 1 January 1979 to 16 January 2020",
    ):
        assert said in text
    for question in value["questions"]:
        assert question["text"] in text
        assert percent(question["probability"]) in text
    for channel in value["channels"]:
        assert channel["label"] in text
    assert not re.search(r"\b(nan|None|inf|Undefined)\b", text)


def test_the_page_tells_of_ambiguous_futures_and_unsettled_questions(run: Run) -> None:
    essay = run_case(worlds.essay_case(), futures=20)
    unsettled = replace(essay.answers[0], probability=None, low=None, high=None, ambiguous=1.0)
    text = Seen(render_run_page(replace(essay, answers=(unsettled, *essay.answers[1:])), {})).text
    assert "no future settles it" in text
    assert "ambiguous futures" in text
    settled = tuple(replace(answer, ambiguous=0.0) for answer in essay.answers)
    assert "ambiguous futures" not in Seen(render_run_page(replace(essay, answers=settled), {})).text
    assert "Questions" not in Seen(render_run_page(run, {})).text


# --- writing ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def contents(monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """Make files cheap, for tests of how they are written."""
    made = {name: f"new {name}".encode() for name in FILES}
    monkeypatch.setattr(write, "_contents", lambda run, workers: iter(made.items()))
    return made


def state(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_a_run_is_written_whole(run: Run, tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    out = tmp_path / "new" / "out"
    paths = write_run(run, out, lambda *step: told.append(step))
    assert [path.name for path in paths] == list(FILES)
    assert sorted(p.name for p in out.iterdir()) == sorted(FILES)
    assert [p.name for p in out.parent.iterdir()] == ["out"]
    written = json.loads((out / "result.json").read_text("utf-8"))
    assert list(written) == ["made_by", *to_json(run)]
    assert written == {"made_by": made_by()} | to_json(run)
    assert all(is_ours(path) for path in paths)
    assert pl.read_parquet(out / "futures.parquet").equals(run.futures.events)
    for name in PICTURES:
        assert (out / f"{name}.svg").read_text("utf-8") in (out / "index.html").read_text("utf-8")
    assert told == [("report", done, len(FILES)) for done in range(len(FILES) + 1)]


def test_an_earlier_run_is_replaced_and_other_files_stay(
    contents: dict[str, bytes], run: Run, tmp_path: Path
) -> None:
    (tmp_path / "index.html").write_text("old")
    (tmp_path / "notes.txt").write_text("mine")
    write_run(run, tmp_path, force=True)
    assert state(tmp_path) == contents | {"notes.txt": b"mine"}


@pytest.mark.parametrize("failure", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()])
@pytest.mark.parametrize("fails_at", [0, 4, len(FILES)])
@pytest.mark.parametrize("exists", [True, False])
def test_a_failing_writer_leaves_no_trace(
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    failure: BaseException,
    fails_at: int,
    exists: bool,
) -> None:
    def fail(run: Run, workers: object) -> Iterator[tuple[str, bytes]]:
        for i, name in enumerate(FILES):
            if i == fails_at:
                raise failure
            yield name, b"new"
        raise failure

    out = tmp_path / "deep" / "out"
    if exists:
        out.mkdir(parents=True)
        (out / "index.html").write_text("old")
    before = state(tmp_path), sorted(tmp_path.rglob("*"))
    monkeypatch.setattr(write, "_contents", fail)
    with pytest.raises(OutputError if isinstance(failure, OSError) else KeyboardInterrupt) as caught:
        write_run(run, out, force=True)
    assert (state(tmp_path), sorted(tmp_path.rglob("*"))) == before
    if isinstance(failure, OSError):
        message = str(caught.value)
        assert "No space left on device" in message
        assert str(out) in message
        assert "Free some space" in message


@pytest.mark.parametrize("moves", range(len(FILES)))
def test_a_failing_move_puts_the_old_files_back(
    contents: dict[str, bytes], run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moves: int
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    for name in FILES[::2]:
        (out / name).write_text(f"old {name}")
    before, replace_file, done = state(tmp_path), Path.replace, [0]

    def fail(self: Path, target: Path) -> Path:
        done[0] += 1
        if done[0] == moves + 1:
            raise PermissionError(errno.EACCES, "Permission denied")
        return replace_file(self, target)

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OutputError, match="Name a folder you may write to"):
        write_run(run, out, force=True)
    assert state(tmp_path) == before
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_out_that_is_a_file_is_refused(run: Run, tmp_path: Path, contents: dict[str, bytes]) -> None:
    out = tmp_path / "out"
    out.write_text("mine")
    for path, rule in ((out, "out must be a folder"), (out / "below", "Try another folder")):
        with pytest.raises(OutputError, match=rule):
            write_run(run, path)
    assert state(tmp_path) == {"out": b"mine"}


def test_a_folder_in_the_place_of_a_file_is_refused(
    run: Run, tmp_path: Path, contents: dict[str, bytes]
) -> None:
    (tmp_path / "out" / "index.html").mkdir(parents=True)
    (tmp_path / "out" / "fans.svg").write_text("old")
    with pytest.raises(OutputError):
        write_run(run, tmp_path / "out")
    assert state(tmp_path) == {"out/fans.svg": b"old"}


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_permission_is_refused(run: Run, tmp_path: Path, contents: dict[str, bytes]) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(OutputError, match="Name a folder you may write to"):
        write_run(run, tmp_path / "out")
    tmp_path.chmod(0o700)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("parent_writable", [True, False])
def test_files_are_made_on_the_file_system_they_go_to(
    run: Run,
    tmp_path: Path,
    contents: dict[str, bytes],
    monkeypatch: pytest.MonkeyPatch,
    parent_writable: bool,
) -> None:
    real, link = tmp_path / "disk" / "real", tmp_path / "link"
    real.mkdir(parents=True)
    link.symlink_to(real)
    made_in: list[Path] = []

    def mkdtemp(prefix: str, dir: Path) -> str:  # noqa: A002 - the name it has
        made_in.append(dir)
        return tempfile.mkdtemp(prefix=prefix, dir=dir)

    monkeypatch.setattr(files, "mkdtemp", mkdtemp)
    monkeypatch.setattr(os, "access", lambda path, mode: parent_writable or path != real.parent)
    write_run(run, link)
    assert made_in == [real.parent if parent_writable else real]
    assert state(real) == contents
    assert link.is_symlink()
    assert [p.name for p in real.parent.iterdir()] == ["real"]


def test_importing_the_report_draws_nothing_in() -> None:
    heavy = ("altair", "jinja2", "numba", "polars", "vl_convert")
    code = f"import sys, detente.report; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
