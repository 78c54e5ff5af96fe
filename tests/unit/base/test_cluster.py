"""Workers given by a text, and those of a Dask cluster: the same results, lost workers, errors that say what to do."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from detente.base.cluster import Dask, workers_named
from detente.base.errors import ArgumentError, DetenteError, FitError
from detente.base.workers import Processes, Workers
from mapped import die_once, fail, gone, plus, process_of, settings_of_libraries, vanish


@pytest.mark.parametrize(
    ("text", "kind"),
    [("processes:3", Processes), ("local:2", Dask), ("tcp://h:8786", Dask), ("tls://h-1.x:1", Dask)],
)
def test_workers_are_named_by_a_text(text: str, kind: type[Workers]) -> None:
    with workers_named(text) as workers:
        assert type(workers) is kind


@pytest.mark.parametrize(
    "text",
    ["", "local", "local:", "local:-1", "local:two", "local:١", "threads:2", "tcp://h", "h:8786", "tcp://:1"],
)
def test_a_text_that_names_no_workers_is_refused(text: str) -> None:
    with pytest.raises(ArgumentError, match="must be local:N, processes:N or tcp://HOST:PORT"):
        workers_named(text)


@pytest.mark.parametrize(
    "make", [lambda: workers_named("local:0"), lambda: Processes(129), lambda: Dask(True)]
)
def test_a_number_of_workers_out_of_range_is_refused(make: Callable[[], Workers]) -> None:
    with pytest.raises(ArgumentError, match="cluster must be a whole number from 1 to 128"):
        make()


def test_without_dask_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(DetenteError, match=r"dask must be installed.*pip install \"detente\[cluster\]\""):
        Dask(2).map(abs, [1])


def test_dask_is_not_loaded_unless_asked_for() -> None:
    code = (
        "import sys; from detente.base.cluster import workers_named; from detente.base.workers import Threads; "
        "workers_named('local:2'); Threads(2).map(abs, [1]); "
        "print([m for m in ('dask', 'distributed', 'multiprocessing') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.slow
def test_a_local_cluster_gives_the_same_and_leaves_nothing() -> None:
    with Dask(2) as workers:
        assert workers.map(partial(plus, np.arange(1000.0)), range(20)) == [499500.0 + n for n in range(20)]
        assert workers.map(settings_of_libraries, [0]) == [("1", "1")]
        with pytest.raises(FitError, match="as_of is required"):
            workers.map(fail, range(9))
        children = workers.map(process_of, range(8))
    assert gone(children)


@pytest.mark.slow
def test_a_scheduler_that_does_not_answer_is_a_clear_error() -> None:
    with pytest.raises(DetenteError, match="cluster cannot be reached"):
        Dask("tcp://127.0.0.1:9").map(abs, [1])


@pytest.mark.slow
def test_a_tls_address_without_certificates_is_a_clear_error() -> None:
    with pytest.raises(DetenteError, match="cluster cannot be reached: TLS"):
        Dask("tls://127.0.0.1:9").map(abs, [1])


@pytest.mark.slow
def test_a_local_cluster_survives_the_loss_of_a_worker(tmp_path: Path) -> None:
    with Dask(2) as workers:
        assert workers.map(partial(die_once, tmp_path / "mark"), range(12)) == [n * n for n in range(12)]
    assert (tmp_path / "mark").exists()


@pytest.mark.slow
def test_what_kills_every_worker_is_a_clear_error() -> None:
    with Dask(2) as workers, pytest.raises(DetenteError, match="cluster lost a worker"):
        workers.map(vanish, range(4))
