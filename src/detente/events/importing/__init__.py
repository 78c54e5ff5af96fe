"""Event data of other projects turned into our event files.

Formats and their layouts, names of actors, classification of rows, blocks read in parallel.
"""
