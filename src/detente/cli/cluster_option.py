"""The option that sends work to other processes or machines, and the workers it stands for."""

from __future__ import annotations

from typing import Annotated

import typer

from detente.base.cluster import workers_named
from detente.base.errors import ArgumentError, Fault
from detente.base.workers import Threads, Workers

Cluster = Annotated[
    str | None,
    typer.Option(
        metavar="WORKERS",
        help="processes:N, local:N (Dask on this machine) or tcp://HOST:PORT (a Dask scheduler) instead of threads; "
        "results do not depend on it (docs/cluster.md)",
        rich_help_panel="Run",
    ),
]


def workers_given(threads: int, cluster: str | None) -> Workers:
    """Return the workers that the options name; they start when they are needed.

    Raises
    ------
    ArgumentError
        If both options are given, or the cluster cannot be read.
    """
    if cluster is None:
        return Threads(threads)
    if threads:
        raise ArgumentError(Fault("cannot_combine", "threads", got=threads, other="cluster"))
    return workers_named(cluster)
