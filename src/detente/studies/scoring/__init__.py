"""Forecasts scored against what happened.

Scores, reference forecasts, the protocol, the backtest, rival arguments compared.
May import: whatif.
"""
