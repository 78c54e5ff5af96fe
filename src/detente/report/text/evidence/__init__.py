"""What other rivalries say, in words.

Of claims, and of the futures of a run.
"""
