"""Recordings of the user's stay as they are, whatever DVC, Snakemake and make do around them.

An earlier version of the workflow linked the user's folders into `results/raw`, which DVC tracks:
a checkout of a simulated run went through the links, and over the recordings.
"""

import hashlib
import shutil
import sys
from pathlib import Path

import pytest
import yaml

pytestmark = [pytest.mark.engine, pytest.mark.workflow]

CONFIGURATION = "config/micro.yaml"
TREES = ("matfiles", "sync")


def digests(folder: Path) -> dict[str, str]:
    """Digest every file below a folder."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


class Project:
    """A clone whose branch `main` has a simulated run, and `real` one on the user's folders."""

    def __init__(self, repository, originals: Path):
        self.repository = repository
        self.originals = originals
        self.before = digests(originals)
        self.raw = repository / "results/raw"

    def link(self) -> None:
        """Put the links in place that the earlier version made."""
        self.raw.mkdir(parents=True, exist_ok=True)
        for tree in TREES:
            (self.raw / tree).symlink_to(self.originals / tree, target_is_directory=True)

    def checkout(self, branch: str) -> None:
        self.repository.git("checkout", "--quiet", "--force", branch)

    def says_that_links_are_gone(self, said: str) -> bool:
        """Whether a command said, once, that it removed the links."""
        links = [f"results/raw/{tree} -> {self.originals / tree}" for tree in TREES]
        return all(said.count(link) == 1 for link in links)

    def pull(self) -> str:
        return self.repository.run(sys.executable, "workflow/pull.py", "raw").stdout

    def make_all_anew(self, target: str) -> str:
        return self.repository.run(
            sys.executable, "-m", "snakemake", "--configfile", CONFIGURATION, "--cores", "2",
            "--forceall", "--", target,
        ).stdout  # fmt: skip

    def assert_originals_are_untouched(self) -> None:
        assert digests(self.originals) == self.before
        assert not any(path.is_symlink() for path in self.raw.rglob("*"))

    def trees(self) -> dict[str, str]:
        """Digest the trees that lie below `results/raw`."""
        return {
            name: digest
            for name, digest in digests(self.raw).items()
            if name.partition("/")[0] in TREES
        }


@pytest.fixture(scope="module")
def project(dvc_repository, tmp_path_factory) -> Project:
    """Make the recordings and the clone; `real` is checked out, and was run over old links."""
    folder = tmp_path_factory.mktemp("originals")
    for tree in TREES:
        shutil.copytree(dvc_repository / f"results/raw/{tree}", folder / "avia" / tree)
        # No recording is like the simulated one of its name: to write over it would show.
        scenario = folder / "avia" / tree / "Location_1"
        for new, old in ((9, 1), (1, 2), (2, 3), (3, 9)):
            (scenario / f"Subject_{old}").rename(scenario / f"Subject_{new}")
    repository = dvc_repository.clone(folder / "clone")
    repository.dvc(
        "remote", "add", "--local", "--default", "storage", dvc_repository / ".dvc/cache"
    )
    project = Project(repository, folder / "avia")

    repository.git("checkout", "--quiet", "-b", "real")
    configuration = yaml.safe_load((repository / CONFIGURATION).read_text())
    configuration["dataset"] |= {
        "source": "folders",
        "folders": {tree: str(project.originals / tree) for tree in TREES},
    }
    (repository / CONFIGURATION).write_text(yaml.safe_dump(configuration))
    project.link()
    assert project.says_that_links_are_gone(repository.dvc("repro", "records").stdout)
    repository.git("commit", "--quiet", "--message", "Run on recordings", CONFIGURATION, "dvc.lock")
    project.assert_originals_are_untouched()
    return project


def test_a_new_workspace_goes_from_recordings_to_a_simulation_and_back(project, dvc_repository):
    project.checkout("main")
    project.repository.dvc("pull", "raw")
    project.assert_originals_are_untouched()
    simulated = digests(dvc_repository / "results/raw")
    assert digests(project.raw) == simulated
    assert project.trees().keys() == project.before.keys()
    assert not project.trees().items() & project.before.items()

    project.checkout("real")
    project.repository.dvc("checkout", "raw", "records")
    project.assert_originals_are_untouched()
    assert project.trees() == {}
    project.pull()
    project.make_all_anew("results/records/manifest.csv")
    project.assert_originals_are_untouched()
    assert project.trees() == {}


def test_links_of_an_earlier_version_are_removed_and_never_followed(project, dvc_repository):
    project.checkout("real")
    project.link()
    assert project.says_that_links_are_gone(project.make_all_anew("results/raw/manifest.csv"))
    project.assert_originals_are_untouched()

    project.checkout("main")
    project.link()
    assert project.says_that_links_are_gone(project.pull())
    project.assert_originals_are_untouched()
    assert digests(project.raw) == digests(dvc_repository / "results/raw")

    for tree in TREES:
        shutil.rmtree(project.raw / tree)
    project.link()
    project.repository.run("make", "clean")
    project.assert_originals_are_untouched()
    assert not (project.repository / "results").exists()
