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
