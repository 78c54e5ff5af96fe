"""What an analyst claims: a YAML file.

Its blocks, its loader with a line for every field, the checks that need no model, words of probability.
May import: base, events.
"""
