"""Temporary files: where they are, that nothing is left of them, and what is said without room."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from avdistill.errors import InputError
from avdistill.records.temporary import temporary_file

HELD_OPEN = """
from avdistill.records.temporary import temporary_file
with temporary_file(2**20, "images") as file:
    print(file.fileno(), flush=True)
    input()
"""


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="needs /proc")
def test_it_is_in_the_folder_asked_for_and_gone_though_the_process_is_killed(tmp_path):
    with subprocess.Popen(
        [sys.executable, "-c", HELD_OPEN],
        env={**os.environ, "TMPDIR": str(tmp_path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        file = Path("/proc", str(process.pid), "fd", process.stdout.readline().strip())
        assert Path(os.readlink(file)).is_relative_to(tmp_path)
        assert file.stat().st_blocks * 512 >= 2**20  # its room is taken
        assert list(tmp_path.iterdir()) == []  # and it has no name already
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL


@pytest.mark.parametrize(
    ("folder", "size", "reason"),
    [
        ("absent", 1, "No such file or directory"),
        ("file", 1, "Not a directory"),
        (".", 2**60, "No space left on device"),
    ],
)
def test_a_folder_that_cannot_take_it_is_one_message(tmp_path, monkeypatch, folder, size, reason):
    (tmp_path / "file").touch()
    monkeypatch.setenv("TMPDIR", str(tmp_path / folder))
    message = f"{tmp_path / folder}: cannot take {size / 1e9:.3g} GB of images ({reason}); name"
    with pytest.raises(InputError, match=re.escape(message)), temporary_file(size, "images"):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def fill(file):
    """Write to a disk that others have filled meanwhile."""
    with Path("/dev/full").open("wb", buffering=0) as full:
        os.dup2(full.fileno(), file.fileno())
    file.write(bytes(2**20))


def test_what_goes_wrong_while_it_is_written_is_the_same_message(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    message = "cannot take 1e-09 GB of images .No space left on device."
    with pytest.raises(InputError, match=message), temporary_file(1, "images") as file:
        fill(file)
    assert list(tmp_path.iterdir()) == []
