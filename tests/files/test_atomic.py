import ctypes
import ctypes.util
import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from avdistill.errors import InputError
from avdistill.files.atomic import atomic_directory, atomic_file, read_json, write_json, write_text


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_file_appears_whole_in_a_new_folder(tmp_path):
    with atomic_file(tmp_path / "a/b/model.keras") as partial:
        assert partial.suffix == ".keras"  # which Keras looks at
        partial.write_text("new")
        assert not (tmp_path / "a/b/model.keras").exists()
    assert (tmp_path / "a/b/model.keras").read_text() == "new"
    assert names(tmp_path / "a/b") == ["model.keras"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_failure_keeps_the_old_file(tmp_path, error):
    path = tmp_path / "table.csv"
    path.write_text("old")

    def fail():
        with atomic_file(path) as partial:
            partial.write_text("ne")
            raise error

    with pytest.raises(error):
        fail()
    assert path.read_text() == "old"
    assert names(tmp_path) == ["table.csv"]


def test_failure_before_the_first_byte_leaves_nothing(tmp_path):
    with pytest.raises(ValueError, match="early"), atomic_file(tmp_path / "table.csv"):
        raise ValueError("early")
    assert names(tmp_path) == []


def test_file_that_was_never_written_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError), atomic_file(tmp_path / "table.csv"):
        pass


def test_folder_is_replaced_as_a_whole(tmp_path):
    for content in ("old", "new"):
        with atomic_directory(tmp_path / "records") as partial:
            (partial / content).touch()
    assert names(tmp_path) == ["records", "records/new"]


def test_failure_keeps_the_old_folder(tmp_path):
    with atomic_directory(tmp_path / "records") as partial:
        (partial / "old").touch()

    def fail():
        with atomic_directory(tmp_path / "records") as partial:
            (partial / "new").touch()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert names(tmp_path) == ["records", "records/old"]


def test_what_a_killed_process_left_is_cleared(tmp_path):
    (tmp_path / ".partial-records").mkdir()
    (tmp_path / ".partial-records/stale").touch()
    (tmp_path / ".partial-table.csv").write_text("a long stale line")
    with atomic_directory(tmp_path / "records") as partial:
        (partial / "new").touch()
    write_text(tmp_path / "table.csv", "new")
    assert names(tmp_path) == ["records", "records/new", "table.csv"]
    assert (tmp_path / "table.csv").read_text() == "new"


def test_links_in_a_replaced_folder_are_not_followed(tmp_path):
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious/recording").touch()
    with atomic_directory(tmp_path / "raw") as partial:
        (partial / "sync").symlink_to(tmp_path / "precious")
    with atomic_directory(tmp_path / "raw"):
        pass
    assert names(tmp_path) == ["precious", "precious/recording", "raw"]


def test_json_is_read_back(tmp_path):
    value = {"name": "scène", "values": [1, 2.5, None], "a": {"z": 1, "b": 2}}
    write_json(tmp_path / "x.json", value)
    assert read_json(tmp_path / "x.json") == value
    text = (tmp_path / "x.json").read_text(encoding="utf-8")
    assert text.endswith("}\n")
    assert "scène" in text
    assert text.index('"z"') < text.index('"b"')  # in the order given


def test_json_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(InputError, match=r"x\.json: no such file; run the rule that makes it"):
        read_json(tmp_path / "x.json")
    for content in (b"{", b"\xff"):
        (tmp_path / "x.json").write_bytes(content)
        with pytest.raises(InputError, match=r"x\.json: not valid JSON .*; delete it"):
            read_json(tmp_path / "x.json")


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 64 KiB, where this user may mount one."""
    libc = ctypes.CDLL(ctypes.util.find_library("c") or None, use_errno=True)
    mount, umount = getattr(libc, "mount", None), getattr(libc, "umount2", None)
    if mount is None or umount is None:
        pytest.skip("mounting a small file system: not on this system; see the file-size limit")
    folder = tmp_path / "small"
    folder.mkdir()
    target = os.fsencode(folder)
    if mount(b"tmpfs", target, b"tmpfs", 0, b"size=65536") != 0:
        reason = os.strerror(ctypes.get_errno())
        pytest.skip(f"mounting a small file system: {reason}; see the file-size limit")
    yield folder
    detach = 2  # MNT_DETACH
    assert umount(target, detach) == 0


def test_disk_that_is_full_keeps_the_old_file_on_a_mounted_small_file_system(small_disk):
    write_text(small_disk / "table.csv", "old")

    def fill():
        with atomic_file(small_disk / "table.csv") as partial:
            partial.write_bytes(bytes(200_000))

    with pytest.raises(OSError, match="No space left") as caught:
        fill()
    assert caught.value.errno == errno.ENOSPC
    assert names(small_disk) == ["table.csv"]
    assert (small_disk / "table.csv").read_text() == "old"

    def fill_folder():
        with atomic_directory(small_disk / "records") as partial:
            for i in range(50):
                (partial / str(i)).write_bytes(bytes(8192))

    with pytest.raises(OSError, match="No space left"):
        fill_folder()
    assert names(small_disk) == ["table.csv"]


# Writes a description of 10,000 classes; `{prepare}` may limit the size of files before.
COMMAND = """
import sys
{prepare}
from avdistill.cli import main
classes = [f"class {{i}}" for i in range(10_000)]
sys.exit(main(["describe-dataset", "--source", "AVIA", "--scenarios", "one", "--subjects", "1",
               "--sequence-seconds", "1", "--output", sys.argv[1], "--classes", *classes]))
"""


def describe_dataset(path: Path, prepare: str = "") -> subprocess.CompletedProcess:
    command = [sys.executable, "-c", COMMAND.format(prepare=prepare), str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def assert_one_message(done: subprocess.CompletedProcess, reason: str) -> None:
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith("avdistill describe-dataset: error: ")
    assert f"{reason}; nothing half-written was kept: free some space and run again" in line


def test_command_on_a_full_disk_on_a_mounted_small_file_system(small_disk):
    assert_one_message(describe_dataset(small_disk / "dataset.json"), "No space left on device")
    assert names(small_disk) == []


def test_command_on_a_full_disk_by_a_limit_on_file_sizes(tmp_path):
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))"
    write_text(tmp_path / "dataset.json", "old")
    assert_one_message(describe_dataset(tmp_path / "dataset.json", limit), "File too large")
    assert names(tmp_path) == ["dataset.json"]
    assert (tmp_path / "dataset.json").read_text() == "old"
    assert describe_dataset(tmp_path / "dataset.json").returncode == 0  # it was the limit
