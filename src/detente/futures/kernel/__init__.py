"""The compiled simulation of futures.

The plan, the loop, the arithmetic, and the event log it writes.
"""
