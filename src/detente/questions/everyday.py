"""Everyday words for acts, and what a question writes in their place."""

from __future__ import annotations

_WRITE = {
    "war within 12m, without parties": ("war", "wars", "invasion"),
    "phase crisis within 90d, without parties": ("crisis", "escalation"),
    "phase thaw within 12m, without parties": ("thaw", "détente", "detente"),
    "AGREE": ("accord", "agreement", "ceasefire", "deal", "peace", "treaty", "truce"),
    "talks": ("dialogue", "meet", "meeting", "negotiate", "negotiation", "negotiations", "summit"),
    "cooperation_by_word mode=mediation": ("mediate", "mediates", "mediation", "mediator"),
    "pressure": ("sanction", "sanctions", "embargo"),
    "force": ("attack", "attacks", "clash", "clashes", "hit", "raid", "strike", "strikes", "violence"),
    "force deaths>=1": ("kill", "killed", "kills"),
    "hostility_by_word": ("threat", "threaten", "threatens", "threats"),
    "cooperation_by_deed": ("aid", "concession", "concessions"),
}
WRITTEN = {word: line for line, words in _WRITE.items() for word in words}
"""What to write for a word, in lower case."""
