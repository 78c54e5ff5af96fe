"""Sentences on the answer to a question: what a reader needs before any number.

May import: base, events, argument, model, questions, futures, lab, studies.
"""
