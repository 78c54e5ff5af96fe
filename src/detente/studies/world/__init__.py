"""Hundreds of pairs fitted together.

Features, the fit of a class, totals, scores against other models, priors estimated from many pairs.
May import: scoring.
"""
