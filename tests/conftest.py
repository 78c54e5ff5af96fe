"""Settings every test shares."""

from __future__ import annotations

from hypothesis import settings

# A slow or busy machine must not fail a property: time is measured by the benches.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
