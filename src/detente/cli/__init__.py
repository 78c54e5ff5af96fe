"""The command line: reads options, calls a use case, prints.

The entry point, the option groups, the output, and one file a command.
May import: base, pull, events, model, lab, studies, report, web.
"""
