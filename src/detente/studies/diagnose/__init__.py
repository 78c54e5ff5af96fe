"""How well the fitted model describes the acts it was fitted to.

PIT histograms, rootograms, calibration, posterior predictive checks.
May import: no other study.
"""
