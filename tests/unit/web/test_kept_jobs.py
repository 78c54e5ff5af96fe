"""Work that is watched, given up, estimated, and found again after the server was ended."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from starlette.testclient import TestClient

from detente.base.store import Store
from detente.lab.case import load_case
from detente.web import site as site_module
from detente.web.app import web_app
from detente.web.costs import Costs
from detente.web.jobs import Job, Jobs
from detente.web.requested import Requested
from detente.web.shelf import Shelf
from detente.web.shown import Shown
from detente.web.site import Rules
from web_forms import send, words

HOME = "http://127.0.0.1:8000"
MANY = Rules(rate=10_000, burst=10_000)


class Slow:
    """Work that goes on until it is told to end."""

    def __init__(self) -> None:
        self.go, self.begun, self.stopped = Event(), Event(), Event()
        self.asked: list[tuple[tuple[str, Any], ...]] = []

    def __call__(self, case: object, requested: Requested, tell: Any, workers: object) -> Shown:
        self.asked.append(requested.settings)
        self.begun.set()
        try:
            for step in range(1000):
                tell("step", step, 1000)
                if self.go.wait(0.01):
                    return Shown({})
        finally:
            self.stopped.set()
        raise TimeoutError


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[Slow]:
    work = Slow()
    monkeypatch.setattr(site_module, "shown_of", work)
    yield work
    work.go.set()


@pytest.fixture
def client(argument: Path, slow: Slow) -> Iterator[TestClient]:
    app = web_app(Shelf([argument]), patience=0.05, store=Store(), rules=MANY)
    with TestClient(app, base_url=HOME) as opened:
        opened.get("/new")
        yield opened


def job_of(page: str) -> str:
    found = re.search(r'action="/jobs/([0-9a-f]{32})/cancel"', page)
    assert found, words(page)
    return found[1]


def test_who_asked_can_give_it_up_and_start_it_again(client: TestClient, slow: Slow) -> None:
    page = client.get("/case/small/futures?seed=4321")
    assert page.status_code == 202
    assert "an estimate from measured runs" in page.text
    gone = send(client, f"/jobs/{job_of(page.text)}/cancel", back="/case/small/futures?seed=4321")
    assert gone.status_code == 200
    assert '<a href="/case/small/futures?seed=4321">Start it again' in gone.text
    assert slow.stopped.wait(5)
    slow.stopped.clear()
    slow.begun.clear()
    assert client.get("/case/small/futures?seed=4321").status_code == 202
    assert slow.begun.wait(5)
    assert slow.asked.count((("seed", 4321),)) == 2  # a server of another test may be ending


def test_what_others_wait_for_goes_on(client: TestClient, slow: Slow) -> None:
    page = client.get("/case/small/futures?seed=4321")
    other = TestClient(client.app, base_url=HOME)
    other.get("/new")
    stranger = send(other, f"/jobs/{job_of(page.text)}/cancel")
    assert "it goes on for others" in stranger.text
    assert other.get("/case/small/futures?seed=4321").status_code == 202
    assert "it goes on for others" in send(client, f"/jobs/{job_of(page.text)}/cancel").text
    assert not slow.stopped.is_set()
    send(other, f"/jobs/{job_of(page.text)}/cancel")
    assert slow.stopped.wait(5)


@pytest.mark.parametrize(
    "back", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_the_way_back_leads_nowhere_else(client: TestClient, back: str) -> None:
    assert "evil" not in send(client, f"/jobs/{'0' * 32}/cancel", back=back).text
    assert send(client, f"/jobs/{'0' * 32}/start", back=back).headers["location"] == "/"


def test_progress_is_a_stream_of_events_for_who_asked(client: TestClient, slow: Slow) -> None:
    page = client.get("/case/small/futures?seed=4321")
    stream = f"/jobs/{job_of(page.text)}/events"
    assert f'data-events="{stream}"' in page.text
    other = TestClient(client.app, base_url=HOME)
    other.get("/new")
    assert other.get(stream).status_code == 404
    slow.begun.wait(5)
    slow.go.set()
    answer = client.get(stream)
    if answer.status_code == 404:  # it had ended already
        return
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.text.startswith("retry: 2000\n\n")
    assert answer.text.endswith("event: done\ndata: {}\n\n")


def test_a_stream_tells_each_step_and_the_end() -> None:
    import asyncio

    from detente.web.job_routes import progress_of

    job: Job[Any, Any] = Job("a", stage="fit", done=1, total=2)

    async def read() -> list[str]:
        parts = []
        async for part in progress_of(job):
            parts.append(part)
            if "fit" in part:
                job.cancelled = True
        return parts

    assert asyncio.run(read()) == [
        "retry: 2000\n\n",
        'event: progress\ndata: {"stage": "fit", "done": 1, "total": 2}\n\n',
        "event: cancelled\ndata: {}\n\n",
    ]


def test_a_job_that_waits_is_dropped_when_it_is_given_up() -> None:
    go, done = Event(), []

    def work(key: int, tell: Any) -> int:
        go.wait(5)
        done.append(key)
        return key

    jobs: Jobs[int, int] = Jobs(work, workers=1)
    jobs.job(0, "a")
    waiting = jobs.job(1, "a")
    assert jobs.under_way(waiting.id, "b") is None
    assert jobs.under_way(waiting.id, "a") is waiting
    assert jobs.cancel(waiting, "a")
    last = jobs.job(2, "a")
    go.set()
    while not last.ended:
        pass
    assert done == [0, 2]
    jobs.close()


def test_a_result_outlives_the_server(
    argument: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = "/case/small/futures?futures=20&days=30"
    with TestClient(
        web_app(Shelf([argument]), patience=60, store=Store(tmp_path), rules=MANY), base_url=HOME
    ) as first:
        before = first.get(address)
        api = first.get("/api/v1/cases/small/run?futures=20&days=30").json()

    def never(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(site_module, "shown_of", never)
    again = web_app(Shelf([argument]), patience=60, store=Store(tmp_path), rules=MANY)
    with TestClient(again, base_url=HOME) as second:
        assert second.get(address).text == before.text
        assert second.get("/api/v1/cases/small/run?futures=20&days=30").json() == api
    assert [file.kind for file in Store(tmp_path).files() if file.kind == "page"] == ["page"]
    assert all(file.path.suffix in (".json", ".npz") for file in Store(tmp_path).files())


def test_long_work_is_started_by_its_reader(argument: Path, slow: Slow) -> None:
    slow.go.set()
    long = (("days", 3650), ("futures", 100_000))
    rules = Rules(rate=10_000, burst=10_000, most=10**9)
    address = "/case/small/futures?futures=100000&days=3650"
    app = web_app(Shelf([argument]), store=Store(), rules=rules)
    with TestClient(app, base_url=HOME, raise_server_exceptions=False) as client:
        page = client.get(address)
        assert "365,000,000 simulated days: an estimate from measured runs" in words(page.text)
        assert long not in slow.asked
        found = re.search(r'action="(/jobs/[0-9a-f]{32}/start)"', page.text)
        assert found
        started = send(client, found[1], back=address)
        assert (started.status_code, started.headers["location"]) == (303, address)
        assert "Start it" not in client.get(address).text
    assert slow.asked.count(long) == 1


def test_an_estimate_learns_how_fast_the_machine_is() -> None:
    costs, case = Costs(), load_case("us-iran")
    short = costs.of(case, Requested("us-iran", "run"))
    assert not short.long
    for _ in range(9):
        costs.note("run", short.measured, 3 * short.seconds)
    assert costs.of(case, Requested("us-iran", "run")).seconds == pytest.approx(3 * short.seconds)
    assert costs.of(case, Requested("us-iran", "unlock")).simulated_days == 0
