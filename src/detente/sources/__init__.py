"""Where events come from: files, and the chronicle that comes with the program."""

from detente.sources.embedded import EMBEDDED, embedded_actors, load_embedded
from detente.sources.folding import fold
from detente.sources.overlay import overlay
from detente.sources.tabular import load_actors, load_events, write_events

__all__ = [
    "EMBEDDED",
    "embedded_actors",
    "fold",
    "load_actors",
    "load_embedded",
    "load_events",
    "overlay",
    "write_events",
]
