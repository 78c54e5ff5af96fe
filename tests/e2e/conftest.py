"""What every test of the whole program shares."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from command_line import few_clocks


@pytest.fixture(scope="module", autouse=True)
def _few_clocks() -> Iterator[None]:
    with few_clocks():
        yield
