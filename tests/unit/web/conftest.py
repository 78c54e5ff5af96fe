"""One server of the small case, which answers in the test's own process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from detente.base.store import Store
from detente.web.app import web_app
from detente.web.shelf import Shelf
from detente.web.site import Rules
from small_case import write_small_case

HOME = "http://127.0.0.1:8000"


@pytest.fixture(scope="package")
def argument(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_small_case(tmp_path_factory.mktemp("small"))


MANY = Rules(rate=10_000, burst=10_000, each=100)
"""Limits that no test of pages meets."""


@pytest.fixture(scope="package")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(tmp_path_factory.mktemp("kept"))


@pytest.fixture(scope="package")
def client(argument: Path, store: Store) -> Iterator[TestClient]:
    with TestClient(
        web_app(Shelf([argument]), patience=60, store=store, rules=MANY), base_url=HOME
    ) as opened:
        yield opened
