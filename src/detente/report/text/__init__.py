"""What the command line prints, as text.

One file a command, and the console they print on.
"""
