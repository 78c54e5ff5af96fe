"""What happened: dated acts as a chronicle.

The chronicle, its phases, codes for acts and actors, event files, and the import of other formats.
May import: base.
"""
