"""The program that makes the catalogues, for tests of what is in them."""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path
from types import ModuleType


@cache
def made() -> ModuleType:
    """Return docs/languages.py, which makes the catalogues."""
    path = Path(__file__).resolve().parents[1] / "docs" / "languages.py"
    spec = importlib.util.spec_from_file_location("make_languages", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
