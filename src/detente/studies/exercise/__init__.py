"""Crisis exercises: one simulated future told as injects, with moves of the players.

The exercise, its injects and the moves.
May import: no other study.
"""
