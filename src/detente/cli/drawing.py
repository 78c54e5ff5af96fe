"""Processes that draw pictures, started while the numbers behind them are still being computed."""

from __future__ import annotations

import atexit
import os
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from detente.base.workers import Workers

_MOST = 2


def start_drawing() -> Workers | None:
    """Return processes that draw; None where one core does everything, or where the system allows no processes.

    Drawing holds up all threads of its process. The processes get ready at once, and end with the program.
    """
    cores = os.cpu_count() or 1
    return None if cores == 1 else _processes(min(cores, _MOST))


@cache
def _processes(number: int) -> Workers | None:
    from detente.base.workers import Processes
    from detente.report.pictures.convert import warm_up

    workers = Processes(number)
    atexit.register(workers.close)
    try:
        with workers.submitter(warm_up, number) as submit:
            for _ in range(number):
                submit(None)
    except (
        OSError,
        NotImplementedError,
        ImportError,
    ):  # no semaphores, no memory to share or no room for a process
        return None
    return workers
