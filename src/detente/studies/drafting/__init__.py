"""A first argument drafted for the user.

From an event file: parties, channels, mechanisms, questions.
May import: no other study.
"""
