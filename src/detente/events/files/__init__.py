"""Event files read completely, then accepted or rejected as a whole.

Raw tables, codebooks, rows, folding of repetitions, files laid over a chronicle.
"""
