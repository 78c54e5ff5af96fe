"""Related pieces: earlier moments and international crises like the as-of day, what followed them, and other cases.

May import: scoring.
"""
