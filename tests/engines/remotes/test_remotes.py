"""Results travel through remotes on real servers; what fails leaves the workspace alone."""

import hashlib
import re
import sys
from pathlib import Path

import pytest
import yaml

pytestmark = [pytest.mark.engine, pytest.mark.workflow]

KINDS = ["folder", "ssh", "s3", "http"]
SPLIT = "results/splits/all.csv"
STUDENT = "results/students/all/hearnet/ground_truth/seed0"


def digests(repository, name: str = "results") -> dict[str, str]:
    """Digest the files below a folder of a repository."""
    return {
        str(path.relative_to(repository.folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted((repository / name).rglob("*"))
        if path.is_file()
    }


def pull(repository, *targets: str):
    """Pull as docs/dvc.md says."""
    return repository.run(sys.executable, "workflow/pull.py", *targets, check=False)


def outdated_clone(newer, published, folder: Path):
    """Clone a repository; its splits are the ones before its last commit, in the cache as well."""
    clone = newer.clone(folder)
    published("folder").set_up(clone)
    clone.git("checkout", "--quiet", "HEAD~", "--", "dvc.lock")
    clone.dvc("pull", "splits")
    clone.git("checkout", "--quiet", "HEAD", "--", "dvc.lock")
    return clone


@pytest.fixture(scope="module")
def newer(dvc_repository, published, tmp_path_factory):
    """Clone the repository and commit other splits."""
    newer = dvc_repository.clone(tmp_path_factory.mktemp("newer") / "avdistill")
    published("folder").set_up(newer)
    newer.dvc("pull", "raw", "records", "splits")  # `dvc commit` wants what splits depend on
    (newer / SPLIT).write_text((newer / SPLIT).read_text() + "\n")
    newer.dvc("commit", "--force", "--quiet", "splits")
    newer.git("commit", "--quiet", "--message", "Split otherwise", "--", "dvc.lock")
    return newer


@pytest.fixture(scope="module")
def outdated(newer, published, tmp_path_factory):
    """Clone the newer commit into a workspace with the older results. To be left as it is."""
    return outdated_clone(newer, published, tmp_path_factory.mktemp("outdated") / "avdistill")


def test_without_a_remote_pull_asks_for_the_pages_line(dvc_repository, published, page, tmp_path):
    reader = dvc_repository.clone(tmp_path / "reader")
    before = digests(reader)
    (line,) = re.findall(r"^dvc remote add .*ssh://.*$", page, flags=re.MULTILINE)
    for done, said in (
        (reader.dvc("pull", check=False), "No remote provided and no default remote set."),
        (pull(reader), line),
    ):
        assert done.returncode == 1
        assert said in done.stdout
    assert digests(reader) == before
    reader.run("bash", "-euc", re.sub(r"ssh://\S+", str(published("folder").folder), line))
    reader.dvc("pull", "splits")
    assert digests(reader, "results/splits") == digests(dvc_repository, "results/splits")


@pytest.mark.parametrize("kind", KINDS)
def test_a_clone_pulls_what_was_pushed(kind, dvc_repository, published, tmp_path):
    reader = dvc_repository.clone(tmp_path / "reader")
    published(kind).set_up(reader)
    done = pull(reader, "splits", "figures")
    assert done.returncode == 0, done.stdout
    for folder in ("results/splits", "results/figures"):
        assert digests(reader, folder) == digests(dvc_repository, folder)


def test_pulling_moves_no_more_bytes_than_the_tracked_outputs(dvc_repository, published, tmp_path):
    reader = dvc_repository.clone(tmp_path / "reader")
    remote = published("http")
    remote.set_up(reader)
    remote.sent.clear()
    reader.dvc("pull")
    assert digests(reader).items() <= digests(dvc_repository).items()
    in_git = reader.git("ls-files").stdout
    stages = yaml.safe_load((reader / "dvc.lock").read_text())["stages"].values()
    outputs = {out["path"]: out["size"] for stage in stages for out in stage["outs"]}
    tracked = sum(size for path, size in outputs.items() if f"\n{path}" not in in_git)
    # Listings of directories are sent several times: less than what equal files save.
    assert 0.9 * tracked < sum(size for _, size in remote.sent) <= tracked


@pytest.mark.parametrize(
    ("kind", "fault", "said"),
    [
        ("ssh", "wrong_key", "Permission denied"),
        ("s3", "wrong_key", "Forbidden"),
        ("ssh", "unreachable", "Connect call failed"),
        ("s3", "unreachable", "Could not connect to the endpoint"),
        ("http", "unreachable", "missing on the remote"),
        ("folder", "unreachable", "missing on the remote"),
    ],
)
def test_a_remote_out_of_reach_leaves_the_workspace(outdated, published, kind, fault, said):
    before = digests(outdated)
    remote = published(kind)
    remote.set_up(outdated, **getattr(remote, fault))
    done = pull(outdated, "splits")
    assert done.returncode != 0
    assert said in done.stdout
    assert "Traceback" not in done.stdout
    assert digests(outdated) == before


@pytest.mark.parametrize(
    ("kind", "verify"), [("folder", "true"), ("ssh", "false"), ("s3", "true"), ("http", "false")]
)
def test_a_damaged_object_is_named_and_leaves_the_workspace(
    outdated, newer, published, kind, verify
):
    remote = published(kind)
    published("folder" if kind == "http" else kind).set_up(newer)
    newer.dvc("push", "splits")
    damaged = remote.damage(newer / SPLIT)
    before = digests(outdated)
    remote.set_up(outdated, verify=verify)
    done = pull(outdated, "splits")
    assert done.returncode == 1
    # With `verify` DVC has already deleted what arrived damaged.
    said = {"true": "missing on the remote, or damaged there", "false": "damaged on the remote"}
    assert f"{SPLIT}: {said[verify]} ({damaged} and its listing" in done.stdout
    assert digests(outdated) == before


def test_dvc_itself_refuses_a_damaged_object(newer, published, tmp_path):
    remote = published("ssh")
    remote.set_up(newer)
    newer.dvc("push", "splits")
    remote.damage(newer / SPLIT)
    reader = newer.clone(tmp_path / "reader")
    remote.set_up(reader)
    done = reader.dvc("pull", "splits", check=False)
    assert done.returncode != 0
    assert "Checkout failed" in done.stdout
    assert "results/splits" in done.stdout
    assert not (reader / SPLIT).exists()


def test_a_damaged_object_is_replaced_as_the_message_says(newer, published, tmp_path):
    remote = published("ssh")
    remote.set_up(newer)
    newer.dvc("push", "splits")
    remote.damage(newer / SPLIT)
    clone = outdated_clone(newer, published, tmp_path / "clone")
    remote.set_up(clone)
    for name in re.findall(r"files/md5/[0-9a-f]{2}/\S+?(?=[ )])", pull(clone, "splits").stdout):
        (remote.folder / name).unlink()
    newer.dvc("push", "splits")
    assert pull(clone, "splits").returncode == 0
    assert digests(clone, "results/splits") == digests(newer, "results/splits")


@pytest.fixture
def elsewhere(dvc_repository, published, tmp_path):
    """Return a folder without any repository, whose user's `~/.ssh/config` knows the SSH server.

    Beside it is `avdistill.git`: code, `dvc.lock`, and the remote's address in `.dvc/config`.
    """
    remote = published("ssh")
    publisher = dvc_repository.clone(tmp_path / "publisher")
    remote.set_up(publisher)
    publisher.git("commit", "--quiet", "--all", "--message", "Say where results are")
    publisher.git("clone", "--quiet", "--bare", ".", tmp_path / "avdistill.git")
    settings = tmp_path / "home/.ssh/config"
    settings.parent.mkdir(parents=True)
    settings.write_text(
        f"Host 127.0.0.1\n{remote.own['user me']}\n{remote.own['port 2222']}\n"
        f"IdentityFile {remote.own['~/.ssh/id_ed25519']}\n"
    )
    (tmp_path / "elsewhere").mkdir()
    environment = dvc_repository.environment | {"HOME": str(tmp_path / "home")}
    return type(dvc_repository)(tmp_path / "elsewhere", environment)


def lines_of(page: str, language: str, word: str, repository: Path) -> str:
    """Return a page's block of code with a word in it; the repository's address is replaced."""
    blocks = re.findall(rf"^```{language}\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    (block,) = [block for block in blocks if word in block]
    return block.replace("https://git.example.org/avdistill.git", str(repository))


def test_a_model_is_fetched_without_a_clone(elsewhere, dvc_repository, page, tmp_path):
    lines = lines_of(page, "sh", "dvc get", tmp_path / "avdistill.git").splitlines()
    elsewhere.run("bash", "-euc", next(line for line in lines if line.startswith("dvc get")))
    fetched = {name.removeprefix("hearnet/"): sha for name, sha in digests(elsewhere, ".").items()}
    model = digests(dvc_repository, STUDENT)
    assert fetched == {name.removeprefix(f"{STUDENT}/"): sha for name, sha in model.items()}


def test_python_reads_a_result_without_a_clone(elsewhere, dvc_repository, page, tmp_path):
    code = lines_of(page, "python", "dvc.api", tmp_path / "avdistill.git")
    assert len([line for line in code.splitlines() if line]) == 3
    said = elsewhere.run(sys.executable, "-c", code).stdout
    assert (dvc_repository / STUDENT / "metrics.json").read_text() in said
