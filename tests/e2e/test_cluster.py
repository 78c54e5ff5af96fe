"""The same numbers from threads, processes and a Dask cluster; interrupts and lost workers."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from command_line import DETENTE, detente
from detente.base.cluster import workers_named
from detente.base.workers import Threads, Workers
from detente.lab.arguments import load_argument
from detente.studies.claims.over_pairs import claims_of_pairs
from detente.studies.scoring.backtest import run_backtest
from detente.studies.scoring.protocol import Protocol
from detente.studies.world.run import skill_of, world_of
from many_pairs import event_file
from worlds import baseline, random_chronicle

SHORT = Protocol(
    fan_dates=(date(2001, 6, 1),),
    apart=(),
    origins=(date(2002, 1, 1), date(2002, 4, 1)),
    end=date(2002, 7, 1),
    split=None,
    fixed=True,
    futures=50,
)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return event_file(tmp_path_factory.mktemp("world") / "made.csv")


@pytest.fixture(scope="module", params=["processes:2", pytest.param("local:2", marks=pytest.mark.slow)])
def workers(request: pytest.FixtureRequest) -> Iterator[Workers]:
    with workers_named(request.param) as found:
        yield found


def world(file: Path, threads: Workers) -> Any:
    return world_of(file, pairs=6, threads=threads).to_dict()


def claims(file: Path, threads: Workers) -> Any:
    chronicle = random_chronicle(3, days=700)
    return claims_of_pairs(chronicle, load_argument("pairs"), pairs=1, threads=threads).to_dict()


def backtest(file: Path, threads: Workers) -> Any:
    argument, chronicle = baseline("A", "B"), random_chronicle(days=1300)
    return run_backtest(argument, chronicle, SHORT, threads=threads).to_dict()


def skill(file: Path, threads: Workers) -> Any:
    options: dict[str, Any] = {"pairs": 6, "train_share": 0.7, "horizons": (1, 7), "futures": 10}
    found = skill_of(file, **options, ablations=False, trees=False, threads=threads).to_dict()
    for model in found["models"]:
        del model["seconds"]
    return found


def alike(one: Any, other: Any) -> bool:
    """Return whether two results are the same: whole numbers and words exactly, others to 1e-10 of their size."""
    if isinstance(one, dict):
        return list(one) == list(other) and all(alike(one[k], other[k]) for k in one)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(alike, one, other))
    if isinstance(one, float):
        return bool(one == pytest.approx(other, rel=1e-10, abs=1e-10, nan_ok=True))
    return bool(one == other)


@pytest.mark.parametrize("study", [world, claims, backtest, skill], ids=lambda f: f.__name__)
def test_every_kind_of_workers_gives_the_same(
    study: Callable[[Path, Workers], Any], workers: Workers, file: Path
) -> None:
    assert alike(study(file, Threads(1)), study(file, workers))


def test_the_command_line_takes_workers(file: Path) -> None:
    plain = detente("world", file, "--pairs", "6", "--json").stdout
    assert detente("world", file, "--pairs", "6", "--json", "--cluster", "processes:1").stdout == plain


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("world", "FILE", "--cluster", "many"), "must be local:N, processes:N or tcp://HOST:PORT"),
        (("backtest", "FILE", "--cluster", "local:0"), "must be a whole number from 1 to 128"),
        (
            ("backtest", "us-iran", "--threads", "2", "--cluster", "local:2"),
            "cannot be combined with cluster",
        ),
        (("claims", "us-iran", "--cluster", "local:2"), "can be used only with pairs"),
        (("backtest", "us-iran", "--cluster", "local:2", "--dry-run"), "cannot be combined with cluster"),
    ],
)
def test_workers_that_cannot_be_had_are_refused(words: tuple[str, ...], message: str, file: Path) -> None:
    done = detente(*(str(file) if word == "FILE" else word for word in words), code=4)
    assert message in done.stderr


# --- processes that die -----------------------------------------------------------------------------------------------


def descendants(process: int) -> set[int]:
    """Return the processes that a process started, and those that they started."""
    parent: dict[int, int] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                state = (folder / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            if state[0] != "Z":
                parent[int(folder.name)] = int(state[1])
    found = {process}
    while more := {p for p, above in parent.items() if above in found} - found:
        found |= more
    return found - {process}


def busy(process: int) -> bool:
    """Return whether a process computes: more than four seconds of its own."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return False
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") > 4


def wait_for(condition: Callable[[], Any], seconds: float = 120) -> Any:
    for _ in range(int(seconds * 20)):
        if found := condition():
            return found
        time.sleep(0.05)
    raise AssertionError(f"nothing after {seconds} seconds")


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file whose backtest keeps workers busy for a while."""
    return event_file(tmp_path_factory.mktemp("large") / "made.csv", days=1200)


@contextmanager
def started(large: Path, cluster: str, folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Start the command as the leader of a group of its own, and see to it that nothing of it outlives the test."""
    command = [DETENTE, "backtest", large, "--pairs", "8", "--quick", "--horizons", "1,30", "--json"]
    process = subprocess.Popen(
        [*command, "--cluster", cluster],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=folder,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


@pytest.mark.slow
@pytest.mark.parametrize("cluster", ["processes:2", "local:2"])
def test_an_interrupt_ends_at_once_and_leaves_no_process(cluster: str, large: Path, tmp_path: Path) -> None:
    with started(large, cluster, tmp_path) as process:
        wait_for(lambda: any(map(busy, descendants(process.pid))))
        children = descendants(process.pid)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to all of them
        begun = time.monotonic()
        out, err = process.communicate(timeout=60)
        assert time.monotonic() - begun < 10
    assert (process.returncode, out, err) == (130, "", "interrupted; nothing was left half-written\n")
    wait_for(lambda: not any(Path(f"/proc/{n}").exists() for n in children), 20)
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_a_cluster_that_loses_a_worker_gives_the_same(large: Path, tmp_path: Path) -> None:
    with started(large, "local:2", tmp_path) as process:
        os.kill(wait_for(lambda: [n for n in descendants(process.pid) if busy(n)])[0], signal.SIGKILL)
        out, err = process.communicate(timeout=300)
    assert (process.returncode, err) == (0, "")
    plain = detente("backtest", large, "--pairs", "8", "--quick", "--horizons", "1,30", "--json").stdout
    with_loss, without = json.loads(out), json.loads(plain)
    for found in (with_loss, without):
        for model in found["models"]:
            del model["seconds"]
    assert alike(with_loss, without)


@pytest.mark.slow
def test_a_process_that_is_lost_is_a_clear_error(large: Path, tmp_path: Path) -> None:
    with started(large, "processes:2", tmp_path) as process:
        os.kill(wait_for(lambda: [n for n in descendants(process.pid) if busy(n)])[0], signal.SIGKILL)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "lost a worker" in out + err
    assert "Traceback" not in out + err
