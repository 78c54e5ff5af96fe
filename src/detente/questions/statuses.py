"""How an argument came to answer a question; light to load, since everything that prints an answer asks."""

from __future__ import annotations

MODELLED, CHANNELS_ADDED, NOT_MODELLED = STATUSES = "modelled", "channels added", "not modelled"
"""Its own channels hold what was asked; others were added for a run of its own; nothing says how often it comes."""
FEWEST_SIMILAR = 20
"""Similar cases below which a record of past answers says nothing."""
