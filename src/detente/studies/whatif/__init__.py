"""Levers tried on futures, and the unlock test of who can restart talks.

What-ifs, every lever in turn, the unlock test with its record, mediators.
May import: no other study.
"""
