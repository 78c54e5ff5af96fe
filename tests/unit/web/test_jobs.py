"""The queue: bounded, one job for one address, results kept and forgotten, errors told once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from starlette.testclient import TestClient

from detente.base.errors import DataError, Fault
from detente.base.store import Store
from detente.web import site as site_module
from detente.web.app import web_app
from detente.web.jobs import Job, Jobs
from detente.web.refusals import FullQueueError
from detente.web.shelf import Shelf
from detente.web.shown import Shown
from detente.web.site import Rules


def result(jobs: Jobs[Any, Any], key: object, patience: float = 5.0) -> Any:
    return asyncio.run(jobs.result(key, patience))


@pytest.fixture
def go() -> Iterator[Event]:
    event = Event()
    yield event
    event.set()


def test_a_job_under_way_is_found_again_and_its_result_is_kept(go: Event) -> None:
    calls = []

    def work(key: str, tell: Any) -> str:
        calls.append(key)
        tell("step", 1, 2)
        go.wait(5)
        return key.upper()

    jobs: Jobs[Any, Any] = Jobs(work)
    first = result(jobs, "a", 0.1)
    assert isinstance(first, Job)
    assert (first.stage, first.done, first.total) == ("step", 1, 2)
    assert result(jobs, "a", 0) is first
    go.set()
    assert result(jobs, "a") == result(jobs, "a") == "A"
    assert calls == ["a"]
    jobs.close()


def test_a_full_queue_refuses_what_is_new_and_nothing_else(go: Event) -> None:
    jobs: Jobs[int, int] = Jobs(lambda key, tell: key if go.wait(5) else -1, workers=1, waiting=2)
    waiting = [jobs.job(key) for key in range(3)]
    with pytest.raises(FullQueueError):
        jobs.job(3)
    assert [jobs.job(key) for key in range(3)] == waiting
    go.set()
    assert [result(jobs, key) for key in range(4)] == [0, 1, 2, 3]
    jobs.close()


def test_the_least_recently_asked_for_is_forgotten() -> None:
    calls: list[int] = []
    jobs: Jobs[int, None] = Jobs(lambda key, tell: calls.append(key), kept=2)
    for key in (1, 2, 1, 3, 4, 1, 2):
        result(jobs, key)
    assert calls == [1, 2, 3, 4, 2]
    assert len(jobs._jobs) <= 3
    jobs.close()


@pytest.mark.parametrize("error", [DataError(Fault("empty", "x")), RuntimeError("ours"), MemoryError()])
def test_an_error_is_told_once_and_the_worker_lives_on(error: BaseException) -> None:
    failing = [error]

    def work(key: str, tell: Any) -> str:
        if failing:
            raise failing.pop()
        return key

    jobs = Jobs(work, workers=1)
    with pytest.raises(Exception, match=r"x must not be empty|ours|memory ran out"):
        result(jobs, "a")
    assert result(jobs, "a") == "a"
    jobs.close()


def test_pages_and_programs_are_told_how_far_it_is(
    argument: Path, go: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(case: object, requested: object, tell: Any, workers: object) -> Shown:
        tell("fit", 3, 8)
        go.wait(5)
        return Shown({})

    monkeypatch.setattr(site_module, "shown_of", slow)
    monkeypatch.setattr("detente.web.api._PATIENT", 0.1)
    home = "http://127.0.0.1:8000"
    rules = Rules(rate=1000, burst=1000, each=100)
    with TestClient(
        web_app(Shelf([argument]), patience=0.1, store=Store(), rules=rules), base_url=home
    ) as client:
        page = client.get("/case/small/futures")
        assert page.status_code == 202
        assert '<meta http-equiv="refresh" content="2">' in page.text
        assert "Stage: fit, 3 of 8" in page.text
        told = client.get("/api/v1/cases/small/run")
        assert (told.status_code, told.headers["retry-after"]) == (202, "2")
        shown = {"status": "under way", "stage": "fit", "done": 3, "total": 8}
        assert told.json().items() >= shown.items()
        assert told.json()["expected_seconds"] > 0
        for seed in range(9):  # two run, eight wait
            assert client.get(f"/api/v1/cases/small/run?seed={seed}").status_code == 202
        full = client.get("/api/v1/cases/small/run?seed=9")
        assert (full.status_code, full.headers["retry-after"]) == (503, "5")
        assert full.json()["code"] == "queue_full"
        page = client.get("/case/small/futures?seed=10")
        assert (page.status_code, page.headers["retry-after"]) == (503, "5")
        go.set()
