import http.server
import tarfile
import threading

import pytest

from avdistill.avia.raw_layout import find_sequence
from avdistill.avia.vocabulary import SequenceId
from avdistill.cli import main
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
def test_archive_and_folders_end_in_the_same_layout(tmp_path, archive, address):
    address = archive.as_uri() if address == "file" else address
    assert unpack_raw("--archive", address, *identity(archive)) == 0
    from_archive = read_manifest(tmp_path / "unpacked.csv")
    assert len(find_sequence(tmp_path / "raw", SequenceId(1, 1, 1)).video) == 3
    assert archive.exists()  # only a download is removed
    assert unpack_raw("--matfiles", "disk/matfiles", "--sync", "disk/sync") == 0
    assert read_manifest(tmp_path / "unpacked.csv") == from_archive


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--archive", "avia.tar"], "--archive: needs --size and --sha256 as well"),
        (["--archive", "absent", "--size", "1", "--sha256", "0"], "absent: no such archive"),
        (["--archive", "avia.tar", "--size", "1", "--sha256", "0"], "bytes, not 1; get it again"),
        (["--sync", "absent"], "absent: no such folder; correct the path"),
        (["--archive", "avia.tar", "--sync", "disk/sync"], "give either --archive, or --matfiles"),
        ([], "give either --archive, or --matfiles"),
    ],
)
def test_wrong_input_gives_one_line_and_no_output(archive, tmp_path, capsys, options, message):
    assert unpack_raw(*options) == 1
    (line,) = [line for line in capsys.readouterr().err.splitlines() if "error" in line]
    assert line.startswith("avdistill unpack-raw: error: ")
    assert message in line
    assert sorted(path.name for path in tmp_path.iterdir()) == ["avia.tar", "disk"]


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
    assert names == ["matfiles", "sync", "unpacked"]


def test_what_is_unpacked_already_is_not_asked_for_again(archive, tmp_path, capsys):
    local = ["--archive", archive, *identity(archive)]
    assert unpack_raw(*local) == 0
    first = read_manifest(tmp_path / "unpacked.csv")
    archive.rename(tmp_path / "elsewhere.tar")
    (tmp_path / "raw/sync").unlink()
    assert unpack_raw(*local) == 0
    assert read_manifest(tmp_path / "unpacked.csv") == first
    assert unpack_raw(*local, "--trees", "sync") == 1  # other parts
    assert "no such archive" in capsys.readouterr().err
    next((tmp_path / "raw/sync/").rglob("*.jpeg")).unlink()  # damaged
    assert unpack_raw(*local) == 1
