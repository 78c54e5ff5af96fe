"""Functions that tests send to other processes, which import them by name."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from time import sleep

import numpy as np

from detente.base.errors import Fault, FitError


def plus(amounts: np.ndarray, n: int) -> float:
    return float(amounts.sum()) + n


def fail(n: int) -> int:
    if n == 1:
        raise FitError(Fault("required", "as_of", got=n))
    return n


def vanish(n: int) -> int:
    if n == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return n


def settings_of_libraries(_: int) -> tuple[str | None, str | None]:
    return os.environ.get("OPENBLAS_NUM_THREADS"), os.environ.get("POLARS_MAX_THREADS")


def process_of(_: int) -> int:
    return os.getpid()


def die_once(mark: Path, n: int) -> int:
    """Kill the worker that comes here first."""
    if n == 3 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    sleep(0.05)
    return n * n


def gone(processes: list[int], seconds: float = 20) -> bool:
    """Return whether processes end within some time; a zombie has ended."""
    for _ in range(int(seconds * 20)):
        if not any(alive(n) for n in processes):
            return True
        sleep(0.05)
    return False


def alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False
