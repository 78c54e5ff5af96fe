"""The program `detente`, and `python -m detente`: the command line, which an interrupt ends even while it loads.

May import: cli.
"""

import os
import signal


def _leave(*_: object) -> None:
    # No file is open yet, and an exception in the middle of an import could be swallowed or told as a traceback.
    os.write(2, b"interrupted; nothing was left half-written\n")
    os._exit(130)


def main() -> None:
    """Run the command line."""
    signal.signal(signal.SIGINT, _leave)
    from detente.cli.main import main as run

    run()


if __name__ == "__main__":
    main()
