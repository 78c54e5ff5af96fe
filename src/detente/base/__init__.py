"""What every part of the program needs.

Errors, days and windows, random streams, thread pools, caches, files written whole, tables.
May import: nothing.
"""
