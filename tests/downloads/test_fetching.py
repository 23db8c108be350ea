"""Archives at hand and archives fetched from a real server."""

import hashlib
import http.server
import os
import socket
import threading

import pytest

from avdistill.downloads.fetching import fetch
from avdistill.downloads.stamp import ArchiveIdentity
from avdistill.errors import InputError

CONTENT = bytes(range(256)) * 1200  # 300 KiB
SIZE = len(CONTENT)
SHA256 = hashlib.sha256(CONTENT).hexdigest()
MD5 = hashlib.md5(CONTENT, usedforsecurity=False).hexdigest()


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        bodies = {
            "/right": CONTENT,
            "/cut": CONTENT[:1000],
            "/short": CONTENT[:1000],
            "/long": CONTENT + bytes(5000),
            "/other": CONTENT[::-1],
            "/again": CONTENT,
        }
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/right")
            self.end_headers()
            return
        if self.path not in bodies:
            self.send_error(404)
            return
        self.server.asked.append(self.path)
        body = bodies[self.path]
        self.send_response(200)
        # The connection of /cut ends before what was announced.
        announced = len(CONTENT) if self.path == "/cut" else len(body)
        self.send_header("Content-Length", str(announced))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        running.asked = []
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        running.address = f"http://127.0.0.1:{running.server_port}"
        yield running
        running.shutdown()
        thread.join()


def fetch_from(source, destination, *, size=SIZE, sha256=SHA256):
    return fetch(str(source), ArchiveIdentity(size, "sha256", sha256), destination)


@pytest.mark.parametrize("form", ["{}", "file://{}"])
def test_archive_at_hand_is_verified_where_it_lies(tmp_path, form):
    (tmp_path / "avia 1.zip").write_bytes(CONTENT)
    path = fetch_from(form.format(tmp_path / "avia 1.zip"), tmp_path / "download")
    assert path == tmp_path / "avia 1.zip"
    assert os.listdir(tmp_path) == ["avia 1.zip"]


def test_digest_may_be_written_in_capitals(tmp_path):
    (tmp_path / "a").write_bytes(CONTENT)
    fetch_from(tmp_path / "a", tmp_path / "download", sha256=SHA256.upper())


def test_missing_archive_is_named(tmp_path):
    with pytest.raises(InputError, match=r"absent\.zip: no such archive; correct the path"):
        fetch_from(tmp_path / "absent.zip", tmp_path / "download")


def test_wrong_size_and_digest_at_hand_are_refused(tmp_path):
    (tmp_path / "a.zip").write_bytes(CONTENT)
    with pytest.raises(InputError, match=rf"a\.zip: is {len(CONTENT)} bytes, not 7; get it again"):
        fetch_from(tmp_path / "a.zip", tmp_path / "download", size=7)
    with pytest.raises(InputError, match=rf"a\.zip: its sha256 is {SHA256}, not 00"):
        fetch_from(tmp_path / "a.zip", tmp_path / "download", sha256="00" * 32)


@pytest.mark.parametrize("form", ["{}/right", "a.zip"])
def test_md5_serves_where_nothing_else_is_published(server, tmp_path, monkeypatch, form):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.zip").write_bytes(CONTENT)
    source = form.format(server.address)
    path = fetch(source, ArchiveIdentity(SIZE, "md5", MD5), tmp_path / "download")
    assert path.read_bytes() == CONTENT
    with pytest.raises(InputError, match=rf"its md5 is {MD5}, not 00.*correct the md5"):
        fetch(source, ArchiveIdentity(SIZE, "md5", "00" * 16), tmp_path / "other")


def test_nothing_is_fetched_unverified(tmp_path):
    (tmp_path / "a").write_bytes(CONTENT)
    with pytest.raises(InputError, match="a: no digest to verify it with"):
        fetch_from(tmp_path / "a", tmp_path / "download", sha256="")


def test_other_kinds_of_address_are_refused(tmp_path):
    with pytest.raises(InputError, match="not an address that can be fetched"):
        fetch_from("ftp://127.0.0.1/a.zip", tmp_path / "download")


def test_download(server, tmp_path):
    path = fetch_from(f"{server.address}/right", tmp_path / "new/download")
    assert path == tmp_path / "new/download"
    assert path.read_bytes() == CONTENT
    assert os.listdir(tmp_path / "new") == ["download"]


def test_download_from_where_it_has_moved(server, tmp_path):
    assert fetch_from(f"{server.address}/moved", tmp_path / "a").read_bytes() == CONTENT


def test_verified_download_is_used_again_and_another_replaced(server, tmp_path):
    for _ in range(2):
        fetch_from(f"{server.address}/again", tmp_path / "download")
    assert server.asked == ["/again"]
    (tmp_path / "download").write_bytes(b"stale")
    fetch_from(f"{server.address}/again", tmp_path / "download")
    assert server.asked == ["/again", "/again"]
    assert (tmp_path / "download").read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("path", "message"),
    [
        (
            "cut",
            "ended after 1000 of 307200 bytes; run again if the connection was cut|IncompleteR",
        ),
        ("short", "ended after 1000 of 307200 bytes"),
        ("long", "is more than the 307200 bytes expected"),
        ("other", f"its sha256 is [0-9a-f]{{64}}, not {SHA256}"),
        ("absent", "the server answers 404 Not Found; correct the address"),
    ],
)
def test_wrong_download_leaves_nothing(server, tmp_path, path, message):
    with pytest.raises(InputError, match=f"{server.address}/{path}: .*({message})"):
        fetch_from(f"{server.address}/{path}", tmp_path / "download")
    assert os.listdir(tmp_path) == []


def test_server_that_does_not_answer(tmp_path, monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    # A port that is held without listening refuses, and nobody else gets it.
    with socket.socket() as refusing:
        refusing.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{refusing.getsockname()[1]}/a.zip"
        with pytest.raises(InputError, match=r"cannot be fetched .* check the address and the net"):
            fetch_from(address, tmp_path / "download")
    assert os.listdir(tmp_path) == []
