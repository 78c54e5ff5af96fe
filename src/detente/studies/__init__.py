"""What else is asked of a case: one folder a subject, with its use case, its result and its method.

Claims, what-ifs, the bargain, scoring, diagnosis, the world model, exercises, drafting, differences.
May import: base, events, argument, model, questions, futures, lab, and the other studies that its own line names.
"""
