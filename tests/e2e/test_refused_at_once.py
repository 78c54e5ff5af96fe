"""What never ends, or is too much, is refused by cold processes before the costly part."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from pathlib import Path

import pytest

TIMES = 3.0
"""How many times the processor time of loading a case a refusal may take."""
CASES = {
    "fifo": "check fifo.yaml",
    "device": "run us-iran --events zero.csv",
    "aliases": "run alias.yaml",
    "large": "check large.yaml",
    "breaks": "check breaks.yaml",
    "comments": "check comments.yaml",
    "gzip": "import csv bomb.csv.gz --codebook cameo --out out.parquet",
    "false size": "import csv false.csv.gz --codebook cameo --out out.parquet",
    "events": "run us-iran --events false.csv.gz",
    "futures": "run us-iran --futures 1000000 --days 36500",
    "report": "report us-iran --futures 1000000 --days 36500",
    "levers": "whatif us-iran --lever relief=0.33@30 --futures 1000000 --days 36500",
    "days": "run us-iran --days 99999999",
    "question": f"ask us-iran {'x' * 100_000}",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make what no reader may read to its end."""
    folder = tmp_path_factory.mktemp("endless")
    os.mkfifo(folder / "fifo.yaml")
    (folder / "zero.csv").symlink_to("/dev/zero")
    (folder / "large.yaml").write_text("a: 1\n" * 10_000_000)
    (folder / "breaks.yaml").write_text("\n" * 1_999_000)
    (folder / "comments.yaml").write_text("#\n" * 999_000)
    lists = (f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 11))
    (folder / "alias.yaml").write_text("a0: &a0 [x]\n" + "\n".join(lists))
    rows = b"1990-08-02,IRQ,KWT,190\n" * 1_400_000
    with gzip.open(folder / "bomb.csv.gz", "wb", compresslevel=1) as stream:
        stream.write(b"date,source,target,code\n")
        for _ in range(64):
            stream.write(rows)
            stream.write(os.urandom(180_000))
    whole = (folder / "bomb.csv.gz").read_bytes()
    assert len(whole) > 12_000_000
    (folder / "false.csv.gz").write_bytes(whole[:-4] + (1000).to_bytes(4, "little"))
    return folder


# A process starts with the peak memory of the one it was forked from: a small one stands between suite and command.
BETWEEN = """
import resource, subprocess, sys
code = subprocess.run(["timeout", "120", *sys.argv[1:]], stdout=subprocess.DEVNULL).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(code, used.ru_utime + used.ru_stime, used.ru_maxrss)
"""


def called(folder: Path, *words: str) -> tuple[int, str, float, int]:
    """Return the exit code of a cold process, its errors, its processor seconds and its memory in kB."""
    command = [sys.executable, "-c", BETWEEN, sys.executable, *words]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    code, seconds, memory = done.stdout.split()
    return int(code), done.stderr, float(seconds), int(memory)


@pytest.mark.slow
@pytest.mark.parametrize("command", CASES.values(), ids=CASES)
def test_it_is_refused_within_a_second(folder: Path, command: str) -> None:
    """A second on a machine that does nothing else; here, a few times what loading the case takes at the moment."""
    code, _, loading, _ = called(folder, "-c", "from detente import load_case; load_case('us-iran')")
    assert code == 0
    code, errors, seconds, memory = called(folder, "-m", "detente", *command.split(" "))
    assert code in (2, 3, 4, 7), errors
    assert "Traceback" not in errors
    assert seconds < TIMES * loading
    assert memory < 300_000
