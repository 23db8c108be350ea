"""Real engines for tests: how a missing one is reported, and a finished run under Git and DVC."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest


def do_without(message: str) -> None:
    """Skip the test, or fail it where engines are required."""
    if os.environ.get("AVDISTILL_REQUIRE_ENGINES") == "1":
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def engine() -> Callable[[str, str], str]:
    """Return a function that finds a program, or skips; a failure where engines are required."""

    def find(program: str, package: str) -> str:
        # First what was installed with this Python; Debian's servers are on root's path only.
        here = Path(sys.executable).parent
        found = shutil.which(program, path=f"{here}:{os.environ['PATH']}:/usr/sbin")
        if found is None:
            do_without(f"{program} is not installed ({package})")
        return found

    return find


class Slurm:
    """A Slurm cluster of virtual nodes in a folder."""

    def __init__(self, folder: Path):
        self.folder = folder

    def do(self, verb: str, *arguments: str) -> None:
        """Call `tests/engines/slurm.py VERB` on this cluster."""
        script = Path(__file__).with_name("slurm.py")
        subprocess.run([sys.executable, script, verb, self.folder, *arguments], check=True)

    def ask(self, *command: str) -> str:
        """Return what one of Slurm's commands prints."""
        command = (self.folder / "bin" / command[0], *command[1:])
        return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout

    def jobs(self, state: str = "all") -> dict[str, tuple[str, str, str]]:
        """Return state, node and rule of each job, or of those in one state, by number."""
        table = self.ask("squeue", "--noheader", f"--states={state}", "--format=%i|%T|%N|%k")
        rows = (line.split("|") for line in table.splitlines())
        return {number: (state, node, comment) for number, state, node, comment in rows}

    def running(self, rule: str, seconds: float = 180) -> tuple[str, str]:
        """Wait until a job of a rule runs; return its number and node."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for number, (_, node, comment) in self.jobs("running").items():
                if comment.startswith(f"rule_{rule}"):
                    return number, node
            time.sleep(0.3)
        raise AssertionError(f"no job of {rule} ran within {seconds} s: {self.jobs()}")

    def wait_for(self, number: str, state: str, seconds: float = 60) -> None:
        """Wait until Slurm says that a job is in a state."""
        until = time.monotonic() + seconds
        while (found := self.jobs().get(number, ("unknown",))[0]) != state:
            assert time.monotonic() < until, f"job {number} is {found}, not {state}"
            time.sleep(0.3)


@pytest.fixture(scope="session")
def slurm(engine, tmp_path_factory) -> Iterator[Slurm]:
    """Run a Slurm cluster of three virtual nodes on loopback."""
    for program in ("slurmctld", "slurmd", "munged", "sbatch"):
        engine(program, "python tests/engines/slurm.py install")
    if os.getuid() != 0:
        do_without("only root can start Slurm's nodes")
    cluster = Slurm(tmp_path_factory.mktemp("slurm") / "cluster")
    cluster.do("start")
    yield cluster
    cluster.do("stop")


@pytest.fixture(scope="session")
def home(tmp_path_factory) -> Path:
    """Make a home directory without anybody's settings, keys or credentials."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="session")
def environment(home) -> dict[str, str]:
    """Environment in which Git, DVC and SSH see nothing of this machine's user."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name != "SSH_AUTH_SOCK" and not name.startswith(("DVC_", "GIT_", "AWS_", "XDG_"))
    }
    who = {f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in
           (("NAME", "Test"), ("EMAIL", "test@example.org"))}  # fmt: skip
    return {
        **kept,
        **who,
        "PATH": f"{Path(sys.executable).parent}:{kept['PATH']}",
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "XDG_CACHE_HOME": str(home / ".cache"),
        "DVC_SYSTEM_CONFIG_DIR": str(home / "dvc-system"),
        "DVC_GLOBAL_CONFIG_DIR": str(home / "dvc-global"),
        "DVC_SITE_CACHE_DIR": str(home / "dvc-site"),
        "DVC_NO_ANALYTICS": "1",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "AWS_EC2_METADATA_DISABLED": "true",
    }


class Repository:
    """A folder under Git and DVC, and the commands that are run in it."""

    def __init__(self, folder: Path, environment: dict[str, str]):
        self.folder = folder
        self.environment = environment | {"PYTHONPATH": str(folder / "src")}  # its own code

    def __truediv__(self, name: str) -> Path:
        return self.folder / name

    def run(self, *command: str | Path, check: bool = True) -> subprocess.CompletedProcess:
        """Run a command here, without anybody to answer questions; messages are in `stdout`."""
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=1800,
        )
        if check:
            assert done.returncode == 0, f"{command}\n{done.stdout[-6000:]}"
        return done

    def git(self, *arguments: str | Path, check: bool = True) -> subprocess.CompletedProcess:
        return self.run("git", *arguments, check=check)

    def dvc(self, *arguments: str | Path, check: bool = True) -> subprocess.CompletedProcess:
        return self.run(sys.executable, "-m", "dvc", *arguments, check=check)

    def clone(self, folder: Path) -> "Repository":
        """Clone what Git has: code, settings and small tables, but no results of DVC's."""
        self.git("clone", "--quiet", self.folder, folder)
        return Repository(folder, self.environment)

    def commit(self, message: str) -> None:
        """Take the outputs as they are as up to date, and commit all that belongs into Git."""
        self.dvc("commit", "--force", "--quiet")
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)


@pytest.fixture(scope="session")
def dvc_repository(finished, environment, tmp_path_factory) -> Repository:
    """Make a Git and DVC repository of the finished run of micro. Treat as read-only."""
    folder = tmp_path_factory.mktemp("published") / "avdistill"
    shutil.copytree(finished.folder, folder, ignore=shutil.ignore_patterns(".cache"))
    stages = folder / "dvc.yaml"
    text, found = re.subn(
        r"(configuration: )config/demo\.yaml", r"\1config/micro.yaml", stages.read_text()
    )
    assert found == 1
    stages.write_text(text)
    repository = Repository(folder, environment)
    repository.git("init", "--quiet", "--initial-branch", "main")
    repository.commit("Finish a run")
    return repository
