"""The page and the pictures of a bargain: what they say, that they ask no host, and that nothing is half written."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from detente.base.errors import OutputError
from detente.lab.arguments import load_argument
from detente.report.pages.bargain import NAMES, PICTURES, render_bargain_page, write_bargain
from detente.report.pictures.bargain import drawn
from detente.report.pictures.render import to_svg
from detente.report.text.as_json import to_json
from detente.report.text.bargain import move_text, text_of, verdict_lines, zone_sentence
from detente.report.text.numbers import portion
from detente.studies.bargain.bargain import Bargain, bargain_of
from detente.studies.bargain.inputs import NO_CHANGE
from detente.studies.bargain.maps import acceptances, pair_maps
from detente.studies.bargain.moves import chance_open
from detente.studies.bargain.variants import without_demands, zone_word

EVIL = "<script>alert(1)</script> & co"


@pytest.fixture(scope="module")
def result() -> Bargain:
    return bargain_of(load_argument("essay", "us-iran"), draws=128)


@pytest.fixture(scope="module")
def written(result: Bargain, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("bargain")
    told: list[tuple[str, int, int]] = []
    made = write_bargain(result, out, lambda *row: told.append(row))
    assert [path.name for path in made] == list(NAMES)
    assert told[-1] == ("report", len(NAMES), len(NAMES))
    return out


def test_page_says_what_the_result_says_and_asks_no_host(result: Bargain, written: Path) -> None:
    page = (written / "index.html").read_text(encoding="utf-8")
    assert "the zone is empty" in page
    assert all(f">{v.name}<" in page and f">{portion(v.chance)}<" in page for v in result.variants)
    assert all(move_text(move) in page for move in result.moves)
    assert all(row.name in page for row in result.influences)
    assert "default-src 'none'" in page
    assert not re.search(r"(?:src|href)=\"(?!data:)", page)
    assert "<script" not in page


def test_the_word_for_a_zone_fits_its_share(result: Bargain, monkeypatch: pytest.MonkeyPatch) -> None:
    said = {}
    for chance in (0.02, 0.369, 0.63, 0.97):
        found = replace(result.verdict, word=zone_word(chance), chance=chance)
        monkeypatch.setattr(Bargain, "verdict", property(lambda _self, found=found: found))
        said[chance] = zone_sentence(result)
        assert any("half of the draws" in line for line in verdict_lines(result))
    assert "is empty: it is open in 0.020" in said[0.02]
    assert "more often empty than open: open in 0.369" in said[0.369]
    assert "more often open than empty: open in 0.630" in said[0.63]
    assert "is open: in 0.970" in said[0.97]


def test_pictures_have_a_text_alternative_and_their_words(result: Bargain, written: Path) -> None:
    for name in PICTURES:
        root = ET.parse(written / f"{name}.svg").getroot()  # noqa: S314 - our own
        title = root.find("{http://www.w3.org/2000/svg}title")
        assert root.get("role") == "img"
        assert title is not None
        assert root.get("aria-label") == title.text
        assert len(str(title.text)) > 40
        assert (written / f"{name}.png").read_bytes().startswith(b"\x89PNG")
    words = (written / "moves.svg").read_text(encoding="utf-8")
    drawn_moves = [move for move in result.moves if not move.idle]
    assert words.count("none opens it") == sum(move.share is None for move in drawn_moves)
    assert f"{len(result.moves) - len(drawn_moves)} moves that change nothing" in words
    words = (written / "acceptance.svg").read_text(encoding="utf-8")
    assert all(v.name in words for v in result.variants)


def test_each_picture_has_a_shape_for_a_telephone(result: Bargain, written: Path) -> None:
    page = (written / "index.html").read_text(encoding="utf-8")
    assert page.count('class="scroll slim phone"') == len(PICTURES)
    more = drawn(result)
    for name, draw in PICTURES.items():
        width = ET.fromstring(to_svg(draw(result, more, narrow=True))).get("width")  # noqa: S314 - our own
        assert float(str(width)) <= 460, name


def test_no_chance_is_drawn_as_certain(result: Bargain) -> None:
    sure = replace(result, variants=tuple(replace(v, chance=1.0) for v in result.variants))
    more = drawn(result)
    words = [str(draw(sure, more).to_dict(validate=False)) for draw in PICTURES.values()]
    assert not [word for word in words if "1.000" in word]


def test_numbers_behind_the_pictures_are_written(result: Bargain, written: Path) -> None:
    value = json.loads((written / "bargain.json").read_text(encoding="utf-8"))
    more = drawn(result)
    assert value["pictures"] == json.loads(json.dumps(more.to_dict()))
    pairs = list(combinations(result.inputs.spec.issues, 2))
    assert [(m.first, m.second) for m in more.maps] == pairs
    assert {k: v for k, v in value.items() if k not in ("made_by", "pictures")} == json.loads(
        json.dumps(to_json(result))
    )


def test_the_zone_over_a_pair_is_open_nowhere_more_than_as_a_whole(result: Bargain) -> None:
    bare = (without_demands(),)
    (first, *_) = pair_maps(result.inputs, result.values, bare, draws=64, cells=6)
    few = {name: column[:64] for name, column in result.values.items()}
    assert 0 < first.share.max() <= chance_open(result.inputs, few, bare)
    assert first.share[0, 0] > first.share[-1, -1] == 0  # today is near one corner, full limits are the other


def test_acceptance_falls_as_a_demand_rises_and_has_the_variants_chance(result: Bargain) -> None:
    rows = acceptances(result.inputs, result.values, (), draws=128, points=9)
    assert [row.demand for row in rows] == list(result.inputs.demands)
    for row in rows:
        chances = [p for _, p in row.curve]
        assert (np.diff(chances) <= 0).all()
        assert chances[0] == 1
        at, told = row.curve[4]
        only = replace(NO_CHANGE, set={f"{row.demand}.at": at}, keep=(row.demand,))
        assert told == chance_open(result.inputs, result.values, (only,))


def test_strange_names_are_escaped_and_small_bargains_drawn(tmp_path: Path) -> None:
    spec = load_argument("panama-canal")
    block = spec.bargain
    assert block is not None
    issues = {name: block.issues[name].model_copy(update={"text": EVIL}) for name in ("jurisdiction",)}
    small = spec.model_copy(
        update={"title": EVIL, "bargain": block.model_copy(update={"issues": issues, "demands": {}})}
    )
    result = bargain_of(small, draws=64)
    assert (result.moves, result.inputs.demands) == ((), ())
    write_bargain(result, tmp_path / "out")
    page = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert EVIL not in page
    assert "&lt;script&gt;" in page


def test_many_issues_are_drawn() -> None:
    result = bargain_of(load_argument("panama-canal"), draws=64)
    svg = to_svg(PICTURES["zone-by-pair"](result, drawn(result)))
    assert all(name in svg for name in result.inputs.spec.issues)


def test_a_file_in_the_way_is_told_and_left_alone(result: Bargain, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError):
        write_bargain(result, tmp_path / "out")
    assert (tmp_path / "out").read_text(encoding="utf-8") == "mine"


def test_no_chance_is_printed_as_certain(result: Bargain) -> None:
    sure = [replace(v, chance=float(i % 2), opened=0.0, closed=1.0) for i, v in enumerate(result.variants)]
    moves = [replace(move, share=None, chance=1.0) for move in result.moves]
    text = text_of(replace(result, variants=tuple(sure), moves=tuple(moves)))
    chances = text.split("Chance that the zone")[1].split("Nash")[0]
    assert "all" in chances
    assert "none" in chances
    assert not re.search(r"[ +-][01]\.000", chances)
    assert "at best all" in text


def test_a_page_of_levers_names_them() -> None:
    levers = ("guarantee", "return-to-deal")
    page = render_bargain_page(
        bargain_of(load_argument("essay", "us-iran"), draws=64, levers=levers),
        dict.fromkeys(PICTURES, "<svg></svg>"),
    )
    assert all(lever in page for lever in levers)
