"""The web interface: a route reads what a page was asked for, calls what the command of that name calls, and renders.

The address of a page holds all that it was asked for. Work over a second is a job, found again by what was asked.
Every text goes through `detente.web.words.translated`, so that languages can be added without touching logic.
May import: base, events, argument, model, questions, futures, lab, studies, report.
"""
