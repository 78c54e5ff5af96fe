"""Event data fetched from those who publish them, into one folder.

One declaration a source (`data/pull`), one engine for all of them, and the only HTTP client.
May import: base.
"""
