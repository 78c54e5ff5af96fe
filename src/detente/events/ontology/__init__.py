"""Codes for acts and actors.

Actions and modes, classes and schemes, actors, crosswalks between codebooks.
"""
