"""Every claim of an argument, with a number and a verdict.

The rule, the rows, episodes, experiments, forecasts in words, the same claim over many pairs.
May import: whatif, scoring, bargain, analogues.
"""
