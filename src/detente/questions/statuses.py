"""How an argument came to answer a question; light to load, since everything that prints an answer asks."""

from __future__ import annotations

MODELLED, CHANNELS_ADDED, NOT_MODELLED = STATUSES = "modelled", "channels added", "not modelled"
"""Its own channels hold what was asked; others were added for a run of its own; nothing says how often it comes."""
FEWEST_SIMILAR = 20
"""Similar cases below which a record of past answers says nothing."""
BOTH_DEAD, NO_TOLL, NO_MODE, NO_ISSUE, OTHER = "both sides' dead", "no toll", "no mode", "no issue", "other"
"""Acts count the dead of several actors together; have no toll, no mode, no issue; something else is not known."""
