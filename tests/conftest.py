"""Settings every test shares, and what `make test` leaves to `make slow`."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
import zlib
from collections import defaultdict

import pytest
from hypothesis import Phase, settings

from tiers import FEW, SLOW_TIER

# As the command line does, and before anything loads the algebra library: its threads would only wait for ours.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# Tests share one folder of kept results, and leave the user's own alone.
if "PYTEST_XDIST_WORKER" not in os.environ:
    _kept = tempfile.mkdtemp(prefix="detente-tests-")
    os.environ["DETENTE_CACHE"] = _kept
    atexit.register(shutil.rmtree, _kept, ignore_errors=True)

# A slow or busy machine must not fail a property: time is measured by the benches. The quick tier tries the same few
# examples every time and does not look for the smallest that fails; `make slow` tries new ones and does.
settings.register_profile(
    "quick",
    deadline=None,
    max_examples=FEW,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),
)
settings.register_profile("slow", deadline=None, print_blob=True)
settings.load_profile("slow" if SLOW_TIER else "quick")

SAMPLE = 10


@pytest.hookimpl(tryfirst=True)  # before `-m` is read
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave all but ten cases of a test that is marked `like_cases` to the slow tier, and the same ten every time.

    A test whose cases take long says how many stay: `like_cases(3)`.
    """
    families: dict[tuple[str, int], list[pytest.Item]] = defaultdict(list)
    for item in items:
        if mark := item.get_closest_marker("like_cases"):
            families[item.nodeid.partition("[")[0], *(mark.args or (SAMPLE,))].append(item)
    for (_, kept), family in families.items():
        for item in sorted(family, key=lambda item: zlib.crc32(item.name.encode()))[kept:]:
            item.add_marker("slow")
