"""The fitted model run forward.

The compiled kernel, futures as chronicles, levers (one file each) and the acts they put in.
May import: base, events, argument, model.
"""
