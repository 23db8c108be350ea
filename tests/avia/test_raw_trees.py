"""Links of an earlier version go, what they led to stays; trees of other data are refused."""

import os
import subprocess
import sys

import pytest

from avdistill.avia.raw_folder import refuse_other_trees, unlink_old_links
from avdistill.avia.vocabulary import TREES
from avdistill.downloads.stamp import ArchiveIdentity, write_stamp
from avdistill.errors import InputError


@pytest.fixture
def raw(tmp_path, monkeypatch):
    """The raw folder of a workspace, in which one is."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "results/raw"
    folder.mkdir(parents=True)
    return folder


def test_links_are_removed_and_not_followed(raw, tmp_path, put_sequence, capsys):
    put_sequence(tmp_path / "disk")
    before = {path: path.stat() for path in (tmp_path / "disk").rglob("*")}
    for name, tree in (("matfiles", "matfiles"), ("sync", "sync"), (".partial-sync", "sync")):
        (raw / name).symlink_to(tmp_path / "disk" / tree, target_is_directory=True)
    (raw / "manifest.csv").touch()
    unlink_old_links()
    assert os.listdir(raw) == ["manifest.csv"]
    assert {path: path.stat() for path in (tmp_path / "disk").rglob("*")} == before
    (message,) = capsys.readouterr().err.splitlines()
    assert message == (
        "Removed links of an earlier version: "
        f"results/raw/matfiles -> {tmp_path}/disk/matfiles, "
        f"results/raw/sync -> {tmp_path}/disk/sync, "
        f"results/raw/.partial-sync -> {tmp_path}/disk/sync. "
        "The data that they led to are as they were."
    )


def test_links_into_the_folder_of_an_archive_and_to_nowhere_are_removed(raw, capsys):
    (raw / "unpacked/sync/Location_1").mkdir(parents=True)
    (raw / "sync").symlink_to("unpacked/sync", target_is_directory=True)
    (raw / "matfiles").symlink_to("/nowhere", target_is_directory=True)
    unlink_old_links(raw)
    assert os.listdir(raw) == ["unpacked"]
    assert (raw / "unpacked/sync/Location_1").is_dir()
    assert "matfiles -> /nowhere" in capsys.readouterr().err


def test_folders_and_what_is_no_tree_stay_without_a_word(raw, tmp_path, put_sequence, capsys):
    put_sequence(raw)
    (raw / "notes").symlink_to(tmp_path)
    before = sorted(raw.rglob("*"))
    unlink_old_links(raw)
    unlink_old_links(tmp_path / "absent")
    assert sorted(raw.rglob("*")) == before
    assert capsys.readouterr().err == ""


def test_starting_scripts_import_little_for_it():
    code = "import sys, avdistill.avia.raw_trees; print(*sys.modules)"
    command = [sys.executable, "-c", code]
    loaded = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert "avdistill.avia.raw_trees" in loaded
    assert not {"numpy", "pandas", "snakemake", "tensorflow", "tqdm"} & {*loaded}


def test_trees_that_are_simulated_or_of_an_archive_take_no_others_place(raw, put_sequence):
    for from_archive in (True, False):
        refuse_other_trees(raw, from_archive=from_archive)
    put_sequence(raw)
    refuse_other_trees(raw, from_archive=False)
    message = "matfiles: is there already, simulated or your own; move or delete it"
    with pytest.raises(InputError, match=message):
        refuse_other_trees(raw, from_archive=True)
    for tree in TREES:
        write_stamp(raw / tree, [ArchiveIdentity(1, "sha256", "0")], [tree])
    refuse_other_trees(raw, from_archive=True)
    with pytest.raises(InputError, match="matfiles: is there already, unpacked from an archive"):
        refuse_other_trees(raw, from_archive=False)
