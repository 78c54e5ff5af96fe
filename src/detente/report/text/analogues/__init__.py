"""Sentences about analogues: moments, crises, and what they are worth."""
