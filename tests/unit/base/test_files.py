"""Files are written whole or not at all, through links, and devices stay devices."""

import errno
import os
import stat
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.base import files
from detente.base.errors import ClosedPipeError, OutputError
from detente.base.files import beside, regular_file, replacing, write_files, write_whole

pytestmark = pytest.mark.skipif(os.name != "posix", reason="links, devices and pipes as POSIX has them")


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def in_folder(out):
    write_files([("a", b"new")], 1, out.parent)


def alone(out):
    write_whole(out, b"new")


WRITERS = pytest.mark.parametrize("write", [alone, in_folder])


@WRITERS
@pytest.mark.parametrize("there", [True, False])
def test_a_link_stays_and_its_target_is_written(tmp_path, write, there):
    (tmp_path / "far").mkdir()
    (tmp_path / "near").mkdir()
    if there:
        (tmp_path / "far" / "real").write_text("old")
    (tmp_path / "near" / "a").symlink_to("../far/hop")
    (tmp_path / "far" / "hop").symlink_to("real")
    write(tmp_path / "near" / "a")
    assert (tmp_path / "far" / "real").read_bytes() == b"new"
    assert (tmp_path / "near" / "a").is_symlink()
    assert names(tmp_path / "far") == ["hop", "real"]
    assert names(tmp_path / "near") == ["a"]


def test_a_link_to_another_file_system_is_followed(tmp_path, monkeypatch):
    (tmp_path / "far").write_text("old")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a").symlink_to(tmp_path / "far")
    move = Path.replace

    def across(self, target):
        if self.parent.name == "new":
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        return move(self, target)

    monkeypatch.setattr(Path, "replace", across)
    in_folder(tmp_path / "out" / "a")
    assert (tmp_path / "far").read_bytes() == b"new"
    assert names(tmp_path) == ["far", "out"]


@WRITERS
def test_links_in_a_circle_are_an_error(tmp_path, write):
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(OutputError, match="cannot be written: Too many levels of symbolic links"):
        write(tmp_path / "a")
    with pytest.raises(OutputError, match="cannot be written: Too many levels of symbolic links"):
        write(tmp_path / "a" / "c")
    assert names(tmp_path) == ["a", "b"]


def test_a_device_takes_a_stream_and_stays():
    before = Path("/dev/null").stat()
    write_whole(Path("/dev/null"), b"new")
    assert Path("/dev/null").stat().st_rdev == before.st_rdev
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)
    with pytest.raises(OutputError, match="Free some space"):
        write_whole(Path("/dev/full"), b"new")
    with pytest.raises(OutputError, match="it is a stream"), replacing(Path("/dev/null")):
        pass


def test_a_link_to_a_device_in_a_folder_is_refused_and_nothing_is_written(tmp_path):
    (tmp_path / "a").symlink_to("/dev/null")
    with pytest.raises(OutputError, match="a is a stream"):
        write_files([("a", b"new"), ("b", b"new")], 2, tmp_path)
    assert names(tmp_path) == ["a"]


def test_a_pipe_takes_a_stream(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append((tmp_path / "pipe").read_bytes()))
    reader.start()
    write_whole(tmp_path / "pipe", b"new")
    reader.join()
    assert read == [b"new"]
    assert names(tmp_path) == ["pipe"]


def test_what_is_open_is_written_where_it_stands(tmp_path):
    with (tmp_path / "log").open("wb", buffering=0) as log:
        log.write(b"before ")
        write_whole(Path(f"/dev/fd/{log.fileno()}"), b"new")
        log.write(b" after")
    assert (tmp_path / "log").read_bytes() == b"before new after"
    assert regular_file(Path("/dev/stdout")) is None


def test_a_reader_who_has_left_is_an_error_of_its_own():
    read, write = os.pipe()
    os.close(read)
    with pytest.raises(ClosedPipeError, match="Broken pipe"):
        write_whole(Path(f"/dev/fd/{write}"), b"new")
    os.close(write)


def test_a_socket_is_refused(tmp_path):
    os.mknod(tmp_path / "socket", stat.S_IFSOCK | 0o600)
    with pytest.raises(OutputError, match="it is a block device or a socket"):
        write_whole(tmp_path / "socket", b"new")
    assert stat.S_ISSOCK((tmp_path / "socket").stat().st_mode)


def test_rights_of_a_file_are_kept(tmp_path):
    (tmp_path / "a").write_text("old")
    (tmp_path / "a").chmod(0o600)
    write_whole(tmp_path / "a", b"new")
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o600


def test_folders_made_for_a_file_go_again_if_it_fails(tmp_path, monkeypatch):
    def full(_):
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OutputError, match="No such file or directory"):
        write_whole(tmp_path / "deep" / "deeper" / "a", b"new")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="Free some space"):
        write_whole(tmp_path / "deep" / "deeper" / "a", b"new", parents=True)
    assert names(tmp_path) == []
    monkeypatch.undo()
    write_whole(tmp_path / "deep" / "deeper" / "a", b"new", parents=True)
    assert names(tmp_path / "deep" / "deeper") == ["a"]


def test_a_fault_in_what_is_written_is_not_called_one_of_the_place(tmp_path):
    def contents():
        yield "a", b"new"
        raise ValueError("a mistake of ours")

    with pytest.raises(ValueError, match="a mistake of ours"):
        write_files(contents(), 2, tmp_path / "out")
    assert names(tmp_path) == []


def test_what_a_killed_run_left_is_removed_by_the_next(tmp_path, monkeypatch):
    def left(monkeypatch):
        monkeypatch.setattr(files, "hidden_prefix", lambda name: f".{name}.detente-{machine}-{2**22 + 1}-7-")
        return beside(tmp_path / "a")

    machine = files.hidden_prefix("a").split("-")[1]
    left(monkeypatch).write_text("half")
    monkeypatch.undo()
    write_whole(tmp_path / "a", b"new")
    assert names(tmp_path) == ["a"]


@given(
    st.dictionaries(
        st.text("abc.é ", min_size=1, max_size=4).filter(lambda n: n.strip(".")), st.binary(), min_size=1
    )
)
def test_what_is_written_is_what_is_there(tmp_path_factory, contents):
    out = tmp_path_factory.mktemp("out")
    write_files(contents.items(), len(contents), out)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == contents
