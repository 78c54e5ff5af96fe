"""One server of the small case, which answers in the test's own process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from detente.web.app import web_app
from detente.web.shelf import Shelf
from small_case import write_small_case

HOME = "http://127.0.0.1:8000"


@pytest.fixture(scope="package")
def argument(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_small_case(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="package")
def client(argument: Path) -> Iterator[TestClient]:
    with TestClient(web_app(Shelf([argument]), patience=60), base_url=HOME) as opened:
        yield opened
