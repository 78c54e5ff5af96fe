"""`python -m detente` is the command line.

May import: cli.
"""

from detente.cli.main import main

if __name__ == "__main__":
    main()
