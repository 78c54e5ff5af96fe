"""Settings every test shares."""

from __future__ import annotations

import os

from hypothesis import settings

# As the command line does, and before anything loads the algebra library: its threads would only wait for ours.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# A slow or busy machine must not fail a property: time is measured by the benches.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
