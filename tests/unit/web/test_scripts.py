"""Scripts are an addition: they are those that were vetted, they draw what the SVG shows, and they change no number."""

from __future__ import annotations

import json
import re
from hashlib import sha256
from pathlib import Path

import pytest
import vl_convert
from starlette.testclient import TestClient

import detente.web
from detente.lab.ask import ask
from detente.lab.case import load_case
from detente.report.text.as_json import to_json
from detente.report.text.exercise import words_of
from detente.report.text.numbers import counted
from detente.report.text.whatif import changes_of
from detente.studies.exercise.exercise import exercise
from detente.studies.whatif.whatif import whatif
from detente.web.app import web_app
from detente.web.builder import fields_of, line_of
from detente.web.live import live_text
from detente.web.shelf import Shelf
from detente.web.static import static_addresses, static_files

STATIC = Path(detente.web.__file__).parent / "static"
DOSE = "sanctions:SWE=5@10"


def test_the_scripts_of_others_are_those_that_are_listed() -> None:
    listed = dict(re.findall(r"^(\S+\.js) .* ([0-9a-f]{64})$", (STATIC / "VENDORED.txt").read_text(), re.M))
    there = {p.name: sha256(p.read_bytes()).hexdigest() for p in STATIC.glob("*.js") if p.name != "pages.js"}
    assert listed == there
    assert len(there) == 4


def test_static_files_are_kept_for_good_and_policy_lets_in_no_other_script(client: TestClient) -> None:
    for address in static_addresses().values():
        answer = client.get(address)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "max-age=31536000, immutable"
        assert answer.headers["content-type"].startswith(("text/javascript", "text/css"))
    policy = client.get("/").headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert sum(len(file.content) for file in static_files().values()) < 1_000_000


def test_no_script_of_ours_needs_eval_or_writes_markup() -> None:
    ours = (STATIC / "pages.js").read_text("utf-8")
    assert not re.search(r"\beval\b|new Function|innerHTML|insertAdjacentHTML|document\.write|https?:", ours)


def test_a_live_picture_has_the_data_of_the_still_one_and_no_table_in_text(client: TestClient) -> None:
    html = client.get("/case/small/timeline").text
    (address,) = re.findall(r'data-live="([^"]+)"', html)
    answer = client.get(address.replace("&amp;", "&"))
    assert answer.headers["content-type"] == "application/vnd.vegalite.v6+json"
    spec = answer.json()
    assert '"csv"' not in answer.text
    assert {param["bind"] for param in spec["params"]} == {"scales"}
    vl_convert.vegalite_to_vega(spec, vl_version="6.4")
    said = [row["says"] for row in json.loads(answer.text)["concat"][0]["layer"][3]["data"]["values"]]
    assert any(re.fullmatch(r"\d+ \w+ \d{4}: force.*", text) for text in said)


def test_a_name_with_two_lines_stays_one_value() -> None:
    data = {"values": 'name,size\n"two\nlines",1.5\n', "format": {"type": "csv", "parse": {"size": "number"}}}
    live = json.loads(live_text(json.dumps({"mark": "bar", "data": data, "encoding": {}})))
    assert live["data"]["values"] == [{"name": "two\nlines", "size": 1.5}]


def test_levers_show_the_digits_of_the_command(client: TestClient, argument: Path) -> None:
    html = client.get("/case/small/levers", params={"lever": DOSE}).text
    for _, _, shown in changes_of(whatif(load_case(argument=argument), [DOSE])):
        cells = (shown.before, shown.after, shown.difference, shown.interval)
        assert "".join(f'<td class="n">{cell}</td>' for cell in cells) in html


def test_an_answer_shows_the_digits_of_the_command(client: TestClient, argument: Path) -> None:
    answer = ask(load_case(argument=argument), "force").asked[0].answer
    assert answer.probability is not None
    shown = f"<strong>{counted(answer.probability, answer.settled)}</strong>"
    assert shown in client.get("/case/small/ask?q=force").text


@pytest.mark.parametrize("pick", ["typical", "worst"])
def test_a_story_is_the_one_that_the_command_tells(client: TestClient, argument: Path, pick: str) -> None:
    told = exercise(load_case(argument=argument), pick, days=60)
    html = client.get(f"/case/small/futures?story={pick}").text
    assert to_json(told)["sentences"]["bottom_line"].replace("'", "&#39;") in html
    assert html.count("<time datetime=", html.index('class="story"'), html.index("</section>")) == len(
        {inject.date for inject in told.injects}
    )
    assert words_of(told.injects[0], {}) or told.injects == ()


@pytest.mark.parametrize(
    "line",
    [
        "SWE->NOR force within 60d",
        "SWE->any ASSAULT count>=2 deaths>=1 within 3m",
        "SWE<->NOR joint within 2w",
        "how many NOR->SWE pressure within 1y",
        "how many deaths NOR->SWE force within 12m",
        "when SWE<->NOR talks within 24m",
        "talks within 12m",
        "phase crisis within 90d",
    ],
)
def test_the_builder_reads_what_it_writes(client: TestClient, argument: Path, line: str) -> None:
    case = load_case(argument=argument)
    fields = fields_of(line, case)
    assert fields is not None
    assert line_of(fields, case) == line
    written = client.get("/case/small/ask/line", params={k: v for k, v in fields.items() if v})
    assert f'value="{line.replace(">", "&gt;").replace("<", "&lt;")}"' in written.text
    shown = client.get("/case/small/ask/fields", params={"q": line}).text
    assert f'<option value="{fields["what"]}" selected' in shown
    assert f'name="within" type="number" min="1" value="{fields["within"]}"' in shown


@pytest.mark.parametrize(
    "line", ["talks within 12m or war within 2y", "FIN->SWE force within 9d", "what?", ""]
)
def test_a_line_that_fields_cannot_say_is_left_as_it_is(
    client: TestClient, argument: Path, line: str
) -> None:
    assert fields_of(line, load_case(argument=argument)) is None
    said = (
        "These fields cannot show your line" in client.get("/case/small/ask/fields", params={"q": line}).text
    )
    assert said is bool(line)


@pytest.mark.parametrize(("target", "part"), [("section#result", "result"), ("", "main")])
def test_what_is_under_way_asks_again_for_its_part_alone(argument: Path, target: str, part: str) -> None:
    app = web_app(Shelf([argument]), patience=0)
    with TestClient(app, base_url="http://127.0.0.1:8000") as client:
        answer = client.get("/case/small/levers", params={"lever": DOSE}, headers={"hx-target": target})
    assert answer.status_code == 202
    assert f'hx-target="#{part}" hx-select="#{part}"' in answer.text
    assert "<noscript><meta http-equiv" in answer.text
