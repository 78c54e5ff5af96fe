"""How acts feed acts: an argument compiled against what was known, and fitted.

Channels, memories, mechanisms (one file each), the compiler, the fit and its clocks.
May import: base, events, argument.
"""
