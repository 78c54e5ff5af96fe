"""The bargain: which demands close the zone of agreement, and the game of a crisis.

The zone, its inputs and draws, opening moves, sensitivity, classical solutions.
May import: no other study.
"""
