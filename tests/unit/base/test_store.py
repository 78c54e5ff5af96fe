"""The store: what is kept comes back whole or not at all, and never takes more room than it may."""

from __future__ import annotations

import io
import os
import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from detente.base.errors import DetenteWarning
from detente.base.store import KINDS, Store, key_of, store_of, user_cache
from unit.base.test_input_limits import ENDLESS, endless

KEY = key_of({"a": 1})
NUMBERS = {"mean": np.array([1.5, -0.0, np.inf]), "none": np.empty((0, 3), np.int16), "word": np.array("ab")}


@given(
    arrays(st.sampled_from([np.float64, np.int8, np.uint16, np.int32]), array_shapes(max_dims=3, max_side=4))
)
def test_arrays_come_back_to_the_bit(array: np.ndarray) -> None:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        store = Store(Path(folder))
        store.keep_arrays("fit", KEY, {"x": array})
        found = store.arrays("fit", KEY)
    assert found is not None
    assert found["x"].dtype == array.dtype
    assert found["x"].tobytes() == array.tobytes()


def test_kinds_and_keys_do_not_mix(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.keep("rates", KEY, [1])
    assert store.value("rates", KEY) == [1]
    assert store.value("backtest", KEY) is None
    assert store.value("rates", key_of({"a": 2})) is None
    with pytest.raises(ValueError, match="kind must be one of fit"):
        store.keep("answers", KEY, [1])


def test_every_damage_counts_as_absent(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.keep_arrays("fit", KEY, NUMBERS)
    (file,) = tmp_path.iterdir()
    whole = file.read_bytes()
    step = max(1, len(whole) // 97)
    for place in range(0, len(whole), step):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        assert store.arrays("fit", KEY) is None
        file.write_bytes(whole[:place])
        assert store.arrays("fit", KEY) is None
    file.write_bytes(whole)
    assert store.arrays("fit", KEY) is not None


def test_foreign_files_are_not_trusted(tmp_path: Path) -> None:
    store, file = Store(tmp_path), tmp_path / f"fit-{KEY}.npz"
    content = io.BytesIO()
    np.savez(content, mean=np.zeros(3))
    file.write_bytes(content.getvalue())
    assert store.arrays("fit", KEY) is None
    content = io.BytesIO()
    np.savez(content, mean=np.array([{"an": "object"}], dtype=object))
    file.write_bytes(content.getvalue())
    assert store.arrays("fit", KEY) is None, "never unpickled"
    store.keep_arrays("fit", key_of({"b": 1}), NUMBERS)
    (tmp_path / f"fit-{key_of({'b': 1})}.npz").replace(file)
    assert store.arrays("fit", KEY) is None, "kept under another key"


@pytest.mark.parametrize("kind", ENDLESS)
@pytest.mark.parametrize("suffix", ["json", "npz"])
def test_an_entry_that_never_ends_counts_as_absent(
    tmp_path: Path, kind: str, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    endless(tmp_path, kind, f"rates-{KEY}.{suffix}")
    assert (Store(tmp_path).value if suffix == "json" else Store(tmp_path).arrays)("rates", KEY) is None


def test_a_pipe_in_the_place_of_an_entry_is_not_waited_for(tmp_path: Path) -> None:
    file = tmp_path / f"rates-{KEY}.json"
    os.mkfifo(file)
    reader = os.open(file, os.O_RDONLY | os.O_NONBLOCK)  # or else the mistake would hang this test
    with pytest.warns(DetenteWarning, match="it is a stream"):
        Store(tmp_path).keep("rates", KEY, 1)
    os.close(reader)


def test_an_entry_of_brackets_counts_as_absent(tmp_path: Path) -> None:
    (tmp_path / f"rates-{KEY}.json").write_text("[" * 100_000)
    assert Store(tmp_path).value("rates", KEY) is None


def test_the_least_recently_used_goes_first_and_foreign_files_stay(tmp_path: Path) -> None:
    store = Store(tmp_path, most=20_000)
    (tmp_path / "notes.txt").write_text("x" * 20_000)
    keys = [key_of({"n": n}) for n in range(5)]
    for n, key in enumerate(keys[:4]):
        store.keep_arrays("fit", key, {"x": np.full(200, float(n))})
        os.utime(tmp_path / f"fit-{key}.npz", (1000 + n, 1000 + n))
    assert store.arrays("fit", keys[0]) is not None  # used again: now the second is the oldest
    store = Store(tmp_path, most=8_000)
    store.keep_arrays("fit", keys[4], {"x": np.arange(200.0)})
    assert [store.arrays("fit", key) is not None for key in keys] == [True, False, True, True, True]
    assert sum(file.bytes for file in store.files()) <= 8_000
    assert store.clear() == 4
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_a_result_too_large_for_the_folder_is_not_kept(tmp_path: Path) -> None:
    store = Store(tmp_path, most=4_000)
    store.keep_arrays("fit", KEY, {"x": np.zeros(126)})
    store.keep("rates", KEY, "x" * 1_001)
    assert store.files() == []


def test_two_writers_and_a_reader_share_a_folder(tmp_path: Path) -> None:
    store, wrong = Store(tmp_path), []

    def write() -> None:
        for _ in range(20):
            store.keep_arrays("fit", KEY, NUMBERS)

    def read() -> None:
        for _ in range(60):
            found = store.arrays("fit", KEY)
            if found is not None and found["mean"].tobytes() != NUMBERS["mean"].tobytes():
                wrong.append(found)

    threads = [threading.Thread(target=job) for job in (write, write, read)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    assert [path.name for path in tmp_path.iterdir()] == [f"fit-{KEY}.npz"]


@pytest.mark.parametrize(("kind", "told"), [("fit", 0), ("backtest", 1)])
def test_the_users_own_folder_warns_only_of_work_of_minutes(tmp_path: Path, kind: str, told: int) -> None:
    (tmp_path / "file").write_text("mine")
    store = Store(tmp_path / "file" / f"{kind}", chosen=False)
    with pytest.warns(DetenteWarning) if told else _silence():
        store.keep(kind, KEY, 1)
        store.keep(kind, KEY, 1)
    assert store.value(kind, KEY) is None
    assert store.files() == []


class _silence:  # noqa: N801  a context, like `pytest.warns`
    def __enter__(self) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        pass


def test_the_store_stands_where_the_platform_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("DETENTE_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert user_cache() == tmp_path / "detente" == store_of(True).folder
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert "detente" in user_cache().parts
    monkeypatch.setenv("DETENTE_CACHE", str(tmp_path / "own"))
    assert store_of(True).folder == tmp_path / "own"
    assert store_of(True).chosen
    assert store_of(tmp_path).folder == tmp_path
    assert store_of(False).folder is None


def test_a_user_without_a_home_keeps_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.delenv("DETENTE_CACHE", raising=False)
    monkeypatch.setattr(Path, "home", homeless)
    store = store_of(True)
    store.keep("fit", KEY, 1)
    assert store.folder is None
    assert store.value("fit", KEY) is None


def test_every_kind_is_a_name_of_a_file() -> None:
    assert all(kind.isalpha() for kind in KINDS)
