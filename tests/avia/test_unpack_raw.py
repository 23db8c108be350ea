import http.server
import tarfile
import threading

import pytest

from avdistill.avia.raw_archive import describe_trees
from avdistill.avia.raw_layout import find_sequence
from avdistill.avia.raw_trees import RawTrees
from avdistill.avia.vocabulary import TREES, SequenceId
from avdistill.cli import main
from avdistill.downloads.stamp import ArchiveIdentity, write_stamp
from avdistill.files.manifest import file_sha256, read_manifest


@pytest.fixture
def archive(tmp_path, put_sequence, monkeypatch):
    monkeypatch.chdir(tmp_path)
    put_sequence(tmp_path / "disk")
    with tarfile.open(tmp_path / "avia.tar", "w") as packed:
        packed.add(tmp_path / "disk", "AVIA")
    return tmp_path / "avia.tar"


def unpack_raw(*options) -> int:
    return main(["unpack-raw", *map(str, options), "--raw", "raw", "--manifest", "unpacked.csv"])


def identity(archive) -> list:
    return ["--size", archive.stat().st_size, "--sha256", file_sha256(archive)]


@pytest.mark.parametrize("address", ["avia.tar", "file"])
def test_an_archive_ends_as_folders(tmp_path, archive, address):
    address = archive.as_uri() if address == "file" else address
    assert unpack_raw("--archive", address, *identity(archive)) == 0
    assert read_manifest(tmp_path / "unpacked.csv") == describe_trees(tmp_path / "disk")
    trees = RawTrees.below(tmp_path / "raw")
    assert len(find_sequence(trees, SequenceId(1, 1, 1))["video"]) == 3
    assert archive.exists()  # only a download is removed


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--archive", "absent", "--size", "1", "--sha256", "0"], "absent: no such archive"),
        (["--archive", "avia.tar", "--size", "1", "--sha256", "0"], "bytes, not 1; get it again"),
    ],
)
def test_wrong_input_gives_one_line_and_no_output(archive, tmp_path, capsys, options, message):
    assert unpack_raw(*options) == 1
    (line,) = [line for line in capsys.readouterr().err.splitlines() if "error" in line]
    assert line.startswith("avdistill unpack-raw: error: ")
    assert message in line
    assert sorted(path.name for path in tmp_path.iterdir()) == ["avia.tar", "disk"]


def test_trees_that_are_no_archives_are_never_replaced(archive, tmp_path, put_sequence, capsys):
    put_sequence(tmp_path / "raw")
    before = sorted((tmp_path / "raw").rglob("*"))
    assert unpack_raw("--archive", archive, *identity(archive)) == 1
    assert "matfiles: is there already, simulated or your own" in capsys.readouterr().err
    assert sorted((tmp_path / "raw").rglob("*")) == before


def test_a_workspace_of_an_earlier_version_is_taken_over(archive, tmp_path, capsys):
    raw = tmp_path / "raw"
    raw.mkdir()
    (tmp_path / "disk").rename(raw / "unpacked")
    size, _, sha256 = identity(archive)[1:]
    write_stamp(raw / "unpacked", [ArchiveIdentity(size, "sha256", sha256)], TREES)
    for tree in TREES:
        (raw / tree).symlink_to(f"unpacked/{tree}", target_is_directory=True)
    archive.unlink()  # it was a download
    assert unpack_raw("--archive", archive, "--size", size, "--sha256", sha256) == 0
    assert "Removed links of an earlier version" in capsys.readouterr().err
    assert sorted(path.name for path in raw.iterdir()) == ["matfiles", "sync"]
    assert len(find_sequence(RawTrees.below(raw), SequenceId(1, 1, 1))["video"]) == 3


@pytest.mark.parametrize("limit", ["--max-bytes", "--max-files"])
def test_limits_are_passed_on(archive, tmp_path, capsys, limit):
    assert unpack_raw("--archive", "avia.tar", *identity(archive), limit, 5) == 1
    option = limit.removeprefix("--").replace("-", "_")
    assert f"if that is right, raise {option}" in capsys.readouterr().err
    assert not (tmp_path / "unpacked.csv").exists()
    assert list((tmp_path / "raw").iterdir()) == []


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def test_download_is_removed_once_it_is_unpacked(archive, tmp_path, monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), QuietHandler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        address = f"http://127.0.0.1:{server.server_port}/avia.tar"
        # Refused after the download, which is kept for the second try: the server is gone by then.
        assert unpack_raw("--archive", address, *identity(archive), "--max-files", 2) == 1
        server.shutdown()
        thread.join()
    assert [path.name for path in (tmp_path / "raw").iterdir()] == ["download"]
    assert unpack_raw("--archive", address, *identity(archive)) == 0
    names = sorted(path.name for path in (tmp_path / "raw").iterdir())
    assert names == ["matfiles", "sync"]


def test_what_is_unpacked_already_is_not_asked_for_again(archive, tmp_path, capsys):
    local = ["--archive", archive, *identity(archive)]
    assert unpack_raw(*local) == 0
    first = read_manifest(tmp_path / "unpacked.csv")
    archive.rename(tmp_path / "elsewhere.tar")
    assert unpack_raw(*local) == 0
    assert read_manifest(tmp_path / "unpacked.csv") == first
    assert unpack_raw(*local, "--trees", "sync") == 0  # a part of it
    next((tmp_path / "raw/sync/").rglob("*.jpeg")).unlink()  # damaged
    assert unpack_raw(*local) == 1
    assert "no such archive" in capsys.readouterr().err
