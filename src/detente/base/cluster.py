"""Work sent to a Dask cluster, and workers given by a text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from importlib.metadata import version
from typing import Any, TypeVar

from detente.base.errors import ArgumentError, DetenteError, Fault
from detente.base.workers import ONE_THREAD, Opened, Processes, Workers, checked_number, reason_of

T = TypeVar("T")
R = TypeVar("R")

_LOCAL = re.compile(r"(local|processes):(\d{1,6})", re.ASCII)
_ADDRESS = re.compile(r"(tcp|tls)://[^\s:/]+:\d{1,5}", re.ASCII)
_SECONDS_TO_CONNECT, _SECONDS_TO_CLOSE = 10, 5


class Dask(Opened[Any]):
    """Workers of a Dask cluster.

    A worker that is lost is replaced by another where there is one, and its work is done again.

    Parameters
    ----------
    where : int or str
        How many workers to start on this machine, or the address of a running scheduler, ``tcp://HOST:PORT``.

    Raises
    ------
    ArgumentError
        If the number is not between 1 and 128, or the address is none.
    """

    def __init__(self, where: int | str) -> None:
        super().__init__()
        if isinstance(where, str) and not _ADDRESS.fullmatch(where):
            raise _unreadable(where)
        self.where = where if isinstance(where, str) else checked_number(where)

    def start(self) -> Any:
        """Start a cluster on this machine, or connect to a running one.

        Raises
        ------
        DetenteError
            If Dask is not installed, nobody answers at the address, or the workers there have another version of this
            program.
        """
        try:
            distributed: Any = import_module("distributed")
        except ImportError:
            raise DetenteError(Fault("not_installed", "dask", hint="install_cluster")) from None
        self.losses = *Workers.losses, distributed.KilledWorker, distributed.comm.CommClosedError
        if isinstance(self.where, int):
            cluster = distributed.LocalCluster(
                n_workers=self.where,
                threads_per_worker=1,
                dashboard_address=":0",  # any free port
                silence_logs="CRITICAL",
                env=ONE_THREAD,
            )
            return distributed.Client(cluster)
        try:
            client = distributed.Client(self.where, timeout=_SECONDS_TO_CONNECT)
            client.wait_for_workers(1, timeout=_SECONDS_TO_CONNECT)
        except (OSError, TimeoutError, TypeError, ValueError) as error:  # also TLS without keys
            raise DetenteError(
                Fault("unreachable", "cluster", got=self.where, hint="start_cluster", reason=reason_of(error))
            ) from error
        found = client.run(_version, on_error="return").values()
        versions = {each if isinstance(each, str) else "none" for each in found}
        if versions != {_version()}:
            got, hint = tuple(sorted(versions)), "same_version"
            raise DetenteError(Fault("other_version", "cluster", got=got, hint=hint, version=_version()))
        return client

    def stop(self, pool: Any) -> None:
        """Leave the cluster; stop it if it was started here."""
        cluster = pool.cluster
        with suppress(TimeoutError):  # then they end with this process
            pool.close(timeout=_SECONDS_TO_CLOSE)
            if cluster is not None:
                cluster.close(timeout=_SECONDS_TO_CLOSE)

    @contextmanager
    def submitter(self, function: Callable[[T], R], items: int | None) -> Iterator[Callable[[T], Any]]:
        """Send the function once to every worker, and again to one that takes the place of a lost one."""
        client, config = self.pool, import_module("dask.config")
        with config.set({"distributed.admin.large-graph-warning-threshold": "100GB"}):
            sent = client.submit(_same, function, pure=False)
        executor = client.get_executor()
        yield lambda item: executor.submit(_apply, sent, item)


def workers_named(text: str) -> Workers:
    """Return the workers that a text names: ``processes:N``, ``local:N`` (Dask on this machine) or an address.

    Raises
    ------
    ArgumentError
        If it names none.

    Examples
    --------
    >>> workers_named("processes:4").number, workers_named("tcp://10.0.0.1:8786").where
    (4, 'tcp://10.0.0.1:8786')
    >>> workers_named("local:0")
    Traceback (most recent call last):
    detente.base.errors.ArgumentError: cluster must be a whole number from 1 to 128, got 0. Try 4.
    """
    if _ADDRESS.fullmatch(text):
        return Dask(text)
    match = _LOCAL.fullmatch(text)
    if match is None:
        raise _unreadable(text)
    return (Processes if match[1] == "processes" else Dask)(int(match[2]))


def _unreadable(text: str) -> ArgumentError:
    return ArgumentError(Fault("not_a_cluster", "cluster", got=text, hint="try", example="processes:4"))


def _version() -> str:
    return version("detente")


def _same(function: Callable[[T], R]) -> Callable[[T], R]:
    return function


def _apply(function: Callable[[T], R], item: T) -> R:
    return function(item)
