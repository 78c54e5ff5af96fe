"""What a page says of an error is in the language of its address, whoever refuses the request."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from detente.base.store import Store
from detente.web.app import web_app
from detente.web.languages import PREFIXES
from detente.web.shelf import Shelf
from detente.web.site import Rules
from detente.web.visitors.password import make_password
from page_texts import english
from web_forms import send, token_of

HOME = "http://127.0.0.1:8000"
CHINESE = [(prefix, tag) for prefix, tag in PREFIXES.items() if tag != "en"]
HTML = {"accept": "text/html,*/*", "origin": HOME}
FORCE = "/case/small/ask?q=SWE->NOR force within 60d"
READ = {  # what is asked for, the status, and a part of what is said in Simplified Chinese
    "/no/such/page": (404, "地址不在本服务器上"),
    "/case/smal": (404, "您是否想写small？"),
    "/case/small/question": (404, "页面须为下列之一"),
    "/new/0123456789abcdef": (404, "上传不存在，给出的是0123456789abcdef。"),
    "/case/small/ask?q=SWE->NOR forc within 60d": (400, "给出的是forc（第10个字符处："),
    "/case/small/ask?q=SWE->NOR force": (400, "它没有窗口期"),
    "/case/small/ask?q=" + "&q=".join(["talks within 1y"] * 60): (400, "命令行与Python可接受更多"),
    "/case/small/ask?question=1": (400, "question不是此处的字段"),
    "/case/small/claims?only=no such claim of mine": (400, "claim须为本论证的论断"),
    "/case/small/levers?lever=no lever of that name": (400, "lever须写作NAME[:ACTOR][=SIZE]@DAY"),
    "/case/small/levers?lever=relief:SWE=9@10": (400, "relief的力度（"),
    "/case/small/futures?story=a long sad one": (400, "story须为下列之一：typical、worst、branching"),
    f"{FORCE}&as_of=some day or other": (400, "as_of须为一个存在的日期"),
    f"{FORCE}&as_of=2090-01-01": (400, "as_of不得晚于事件结束日"),
    f"{FORCE}&futures=999999999": (400, "futures须为1至1,000,000的整数"),
    "/case/small/timeline?since=yesterday": (400, "since须为一个存在的日期"),
    "/case/small/compare?other=no such other argument": (404, "other须为下列之一"),
    "/case/small/bargain": (400, "论证small需要一个<code>bargain:</code>块"),
    "/case/small/door": (400, "门与锁门方须为此检验而声明"),
}


@pytest.mark.parametrize(("address", "answer"), READ.items())
def test_an_error_of_a_page_is_in_its_language(
    client: TestClient, address: str, answer: tuple[int, str]
) -> None:
    status, said = answer
    for prefix, tag in CHINESE:
        page = client.get(prefix + address)
        assert page.status_code == status
        assert f'<html lang="{tag}">' in page.text
        assert english(page.text, tag) == []
        if tag == "zh-Hans":
            assert said in page.text
    assert client.get(address).status_code == status


@pytest.fixture(scope="module")
def app(argument: Path, store: Store) -> Any:
    rules = Rules(rate=10_000, burst=10_000, each=100)
    return web_app(Shelf([argument]), patience=60, store=store, rules=rules)


@pytest.mark.parametrize(("prefix", "tag"), CHINESE)
def test_faulty_files_and_faulty_yaml_by_line(app: Any, prefix: str, tag: str) -> None:
    client = TestClient(app, base_url=HOME)

    def refused(answer: Any, *said: str, status: int = 400) -> None:
        assert answer.status_code == status, answer.text
        assert english(answer.text, tag) == []
        if tag == "zh-Hans":
            assert [one for one in said if one not in answer.text] == []

    refused(send(client, f"{prefix}/new"), "文件至少须有一个不为空")
    for content, said in {
        b"when,who,whom,what\nthe day before,A,B,C\n": "文件须为已知的格式",
        b"date,source,target,action\n": "文件须包含至少一",
        b"date,source,target,action\n2020-02-30,SWE,NOR,CONSULT\n2020-01-01,SWE,SWE,CONSULT\n": "没有一条被保留",
    }.items():
        sent = send(client, f"{prefix}/new", files={"files": ("my own events.csv", content)})
        refused(sent, said)

    rows = "date,source,target,action\n" + "".join(
        f"2020-01-{day:02},SWE,NOR,CONSULT\n2020-02-{day:02},NOR,SWE,ASSAULT\n" for day in range(1, 29)
    )
    content = f"{rows}2020-13-40,SWE,NOR,ASSAULT\n2020-03-01,SWE,NOR,DANCE\n".encode()
    sent = send(client, f"{prefix}/new", files={"files": ("events.csv", content)})
    upload = str(sent.headers["location"])
    refused(
        client.get(upload),
        "拒收2条记录：每条须遵守事件文件的规则",
        "date须为一个存在的日期，写作YYYY-MM-DD，给出的是2020-13-40（events.csv:58）。",
        status=200,
    )
    refused(client.get(f"{upload}/draft?one=SWE"), "other为必填项")
    for text, said in {
        "argument: mine\ntitle: [a, b": "YAML格式须正确：",
        "argument: mine\ntitle: A\nprincipals: [SWE, NOR]\nmechanisms: {momentum: {}, repriesal: {}}\n": (
            "您是否想写reprisal？"
        ),
        "argument: mine\ntitle: A\nmechanism: {the wrong field of mine: 3}\n": "不是此处的字段（argument.yaml:3）",
        "argument: mine\ntitle: A\nprincipals: [SWE, NOR]\nextends: /etc/passwd\n": "在此处不得指向文件",
    }.items():
        refused(send(client, f"{upload}/argument", text=text, name="mine"), said)


@pytest.mark.parametrize(("prefix", "tag"), CHINESE)
def test_what_the_guard_and_the_limits_refuse_is_said_to_a_browser_in_its_language(
    argument: Path, prefix: str, tag: str
) -> None:
    app = web_app(Shelf([argument]), store=Store(), rules=Rules(rate=0.001, burst=6))
    with TestClient(app, base_url=HOME) as client:
        token = token_of(client)
        large = client.post(f"{prefix}/new", headers=HTML | {"content-length": "60000000"})
        answers = {
            413: large,
            405: client.put(f"{prefix}/new", headers=HTML),
            403: send(client, f"{prefix}/new", token="0" * 64),
        }
        expired = TestClient(app, base_url=HOME)  # with a token, but without the cookie that it belongs to
        assert send(expired, f"{prefix}/new", token=token).status_code == 403
        for _ in range(6):
            answers[429] = client.get(f"{prefix}/new")
        for status, answer in answers.items():
            assert answer.status_code == status
            assert answer.headers["content-type"].startswith("text/html")
            assert "content-security-policy" in answer.headers
            assert f'<html lang="{tag}">' in answer.text
            assert english(answer.text, tag) == []
            assert '<ul class="faults" role="alert">' in answer.text
        assert answers[405].headers["allow"] == "GET, HEAD, POST"


def test_a_problem_has_english_codes_and_speaks_the_language_of_the_address(client: TestClient) -> None:
    plain, chinese = (
        client.put(f"{prefix}/new", headers={"accept": "*/*"}).json() for prefix in ("", "/zh-hans")
    )
    told = {"title", "detail"}
    assert {name: value for name, value in plain.items() if name not in told} == {
        name: value for name, value in chinese.items() if name not in told
    }
    assert (chinese["title"], chinese["code"]) == ("网页", "not_one_of")
    assert chinese["detail"] == "method须为下列之一：GET、HEAD，给出的是PUT。"
    assert plain["detail"] == "method must be one of GET, HEAD, got PUT."


def test_a_wrong_password_is_said_in_the_language(argument: Path) -> None:
    rules = Rules(password=make_password("a long password"))
    with TestClient(web_app(Shelf([argument]), store=Store(), rules=rules), base_url=HOME) as client:
        given = {"token": token_of(client, "/zh-hant/login"), "password": "another"}
        answer = send(client, "/zh-hant/login", **given)
    assert answer.status_code == 401
    assert "密碼不正確。" in answer.text
