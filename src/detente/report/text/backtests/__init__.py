"""What `detente backtest` prints: of an argument, of past questions, of all pairs of a file.

One file each.
"""
