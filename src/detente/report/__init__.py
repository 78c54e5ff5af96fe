"""Results as text, pictures and pages; nothing is computed here.

One file a page, a picture or a text, and the templates.
May import: base, pull, events, argument, model, questions, futures, lab, studies.
"""
