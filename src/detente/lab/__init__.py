"""One case and one run of it.

Loading and checking, the settings, the run with its answers, further questions and why they come out so.
May import: base, events, argument, model, questions, futures.
"""
