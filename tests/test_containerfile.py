"""The Containerfile, which no test builds: its rules, and its command in a bare folder, without rights if it can be."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
NOBODY = 65534


def steps() -> list[tuple[str, str]]:
    """Return the instructions of the file with their text, lines joined."""
    text = re.sub(r"\\\n", " ", (ROOT / "Containerfile").read_text(encoding="utf-8"))
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    joined = re.sub(r"\n\s+", " ", "\n".join(lines))
    return [(line.split(" ", 1)[0], line.split(" ", 1)[1]) for line in joined.splitlines()]


def last_stage() -> list[tuple[str, str]]:
    found = steps()
    return found[max(i for i, (name, _) in enumerate(found) if name == "FROM") :]


def test_it_installs_the_locked_packages_and_the_wheel() -> None:
    made = " ".join(text for name, text in steps() if name == "RUN")
    assert "--require-hashes --requirement locks/web.txt" in made
    assert re.search(r"--no-index --no-deps /wheel/detente-\*\.whl", made)
    for name, text in steps():
        if name == "COPY" and not text.startswith("--from"):
            for source in text.split()[:-1]:
                assert (ROOT / source).exists(), source


def test_what_runs_has_no_rights_and_no_network_step() -> None:
    names = [name for name, _ in last_stage()]
    assert dict(last_stage())["USER"] not in ("root", "0")
    assert names.index("USER") < names.index("ENTRYPOINT")
    assert "HEALTHCHECK" in names
    for name, text in last_stage():
        if name == "RUN":
            assert not re.search(r"\b(pip|apt|apt-get|curl|wget|git)\b", text)


def without_rights() -> dict[str, int]:
    """Return how a process becomes a user without rights, or nothing where that user may not read this Python."""
    if os.name != "posix" or os.geteuid() != 0:
        return {}
    who = {"user": NOBODY, "group": NOBODY}
    try:
        subprocess.run([sys.executable, "-c", "import detente"], check=True, capture_output=True, **who)  # type: ignore[call-overload]
    except (OSError, subprocess.CalledProcessError):
        return {}
    return who


@pytest.mark.slow
def test_its_command_runs_in_a_bare_folder_without_rights(tmp_path: Path) -> None:
    """Everything but the cache is as a user without rights finds it; the health check answers."""
    stage = dict(last_stage())
    kept = tmp_path / "kept"
    kept.mkdir()
    who: Any = without_rights()
    if who:
        os.chown(kept, NOBODY, NOBODY)
        for folder in (tmp_path, tmp_path.parent, tmp_path.parent.parent):
            folder.chmod(folder.stat().st_mode | 0o011)
    entry, command = json.loads(stage["ENTRYPOINT"]), json.loads(stage["CMD"])
    program = [sys.executable, "-m", "detente", *entry[1:]]
    env = {"DETENTE_CACHE": str(kept), "NUMBA_CACHE_DIR": str(kept / "compiled"), "PATH": "/usr/bin:/bin"}
    made = subprocess.run(
        [*program, "--make-password-file", str(kept / "password")],
        input="a long password\na long password\n", text=True, env=env, cwd=kept,
        capture_output=True, check=False, **who,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    secret = kept / "password"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [secret if part.startswith("/run/secrets") else part for part in command]
    served = subprocess.Popen([*program, *map(str, command), "--port", str(port)], env=env, cwd=kept, **who)
    try:
        for _ in range(300):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/live", timeout=3) as answer:
                    assert answer.status == 200
                    break
            except OSError:
                assert served.poll() is None, "it ended"
                time.sleep(0.2)
        else:
            pytest.fail("it did not answer")
    finally:
        served.terminate()
        assert served.wait(20) is not None
