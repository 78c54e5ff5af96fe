"""How a browser without scripts sends a form: with the token that the page gave it."""

from __future__ import annotations

import html
import re
from typing import Any

from starlette.testclient import TestClient


def token_of(client: TestClient, page: str = "/new") -> str:
    found = re.search(r'name="token" value="([0-9a-f]{64})"', client.get(page).text)
    assert found
    return found[1]


def send(client: TestClient, to: str, *, token: str | None = None, **fields: Any) -> Any:
    files = fields.pop("files", None)
    data = {"token": token_of(client) if token is None else token, **fields}
    return client.post(to, data=data, files=files, follow_redirects=False)


def words(page: str) -> str:
    """Return a page's text without its marks."""
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", page).split()))
