"""What can be asked of a chronicle, and how it is settled.

The grammar, statements, settling on one chronicle or thousands, answers, base rates.
May import: base, events, argument.
"""
