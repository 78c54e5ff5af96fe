"""Claims tested on other rivalries: a pooled event study, from a protocol fixed beforehand.

Its protocol, the readers of its sources, units and outcomes, estimates, permutations, pooling, reference rates.
May import: no other study.
"""
