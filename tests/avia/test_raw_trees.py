import shutil
import tarfile
import zipfile
from pathlib import Path

import pytest

from avdistill.avia.raw_layout import find_sequence
from avdistill.avia.raw_trees import describe_trees, link_folders, place_archive, refuse_links
from avdistill.avia.vocabulary import SequenceId
from avdistill.errors import InputError

FIRST = SequenceId(1, 1, 1)
LIMITS = {"max_bytes": 10**7, "max_files": 100}


@pytest.fixture
def trees(tmp_path, put_sequence):
    put_sequence(tmp_path / "disk")
    return tmp_path / "disk"


def both(folder):
    return {tree: folder / tree for tree in ("matfiles", "sync")}


def pack(folder, path, below=""):
    with zipfile.ZipFile(path, "w") as archive:
        for file in folder.rglob("*"):
            archive.write(file, f"{below}{file.relative_to(folder)}")
    return path


@pytest.mark.parametrize("below", ["", "AVIA/"])
def test_archive_ends_in_the_raw_layout(tmp_path, trees, below):
    archive = pack(trees, tmp_path / "avia.zip", below)
    with zipfile.ZipFile(archive, "a") as more:
        more.writestr("LICENCE.txt", "free")
    place_archive(archive, tmp_path / "raw", **LIMITS)
    found = find_sequence(tmp_path / "raw", FIRST)
    assert [len(files) for files in found[1:]] == [3, 3, 3]
    assert found.acoustic[0].read_bytes() == find_sequence(trees, FIRST).acoustic[0].read_bytes()
    # Nothing but the trees is kept, and the links go with the folder when it is moved.
    names = {path.name for path in (tmp_path / "raw").rglob("*") if path.is_file()}
    assert "LICENCE.txt" not in names
    (tmp_path / "raw").rename(tmp_path / "elsewhere")
    assert len(find_sequence(tmp_path / "elsewhere", FIRST).video) == 3


def test_tar_archive_ends_in_the_raw_layout(tmp_path, trees):
    with tarfile.open(tmp_path / "avia.tgz", "w:gz") as archive:
        archive.add(trees, "AVIA")
    place_archive(tmp_path / "avia.tgz", tmp_path / "raw", **LIMITS)
    assert len(find_sequence(tmp_path / "raw", FIRST).video) == 3


def test_archive_can_be_placed_again(tmp_path, trees, put_sequence):
    place_archive(pack(trees, tmp_path / "1.zip"), tmp_path / "raw", **LIMITS)
    put_sequence(trees, "Location_01/Subject_01/Action_002")
    place_archive(pack(trees, tmp_path / "2.zip"), tmp_path / "raw", **LIMITS)
    assert len(find_sequence(tmp_path / "raw", SequenceId(1, 1, 2)).video) == 3


def test_folders_are_linked_and_untouched(tmp_path, trees, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for _ in range(2):  # again, on top of the first links
        link_folders(both(Path("disk")), tmp_path / "results/raw")
    assert len(find_sequence(tmp_path / "results/raw", FIRST).video) == 3
    assert (tmp_path / "results/raw/sync").readlink() == trees / "sync"
    assert sorted(path.name for path in trees.iterdir()) == ["matfiles", "sync"]


def test_archive_can_take_the_place_of_folders_without_touching_them(tmp_path, trees):
    archive = pack(trees, tmp_path / "avia.zip")
    link_folders(both(trees), tmp_path / "raw")
    place_archive(archive, tmp_path / "raw", **LIMITS)
    assert len(find_sequence(trees, FIRST).video) == 3
    assert (tmp_path / "raw/sync").resolve() == tmp_path / "raw/unpacked/sync"


def test_a_tree_that_is_not_asked_for_need_not_be_there(tmp_path, trees):
    link_folders(both(trees), tmp_path / "raw")
    shutil.rmtree(trees / "matfiles")
    link_folders({"sync": trees / "sync"}, tmp_path / "raw")
    assert [path.name for path in (tmp_path / "raw").iterdir()] == ["sync"]
    archive = pack(trees, tmp_path / "avia.zip")
    with pytest.raises(InputError, match="has the tree matfiles neither at its top"):
        place_archive(archive, tmp_path / "raw", trees=["matfiles"], **LIMITS)
    place_archive(archive, tmp_path / "raw", trees=["sync"], **LIMITS)
    assert (tmp_path / "raw/sync").resolve() == tmp_path / "raw/unpacked/sync"
    found = find_sequence(tmp_path / "raw", FIRST)
    assert [len(files) for files in found[1:]] == [0, 3, 3]
    assert [row.file for row in describe_trees(tmp_path / "raw", ["sync"])] == ["sync"]


def test_data_that_are_there_are_never_replaced(tmp_path, trees, put_sequence):
    put_sequence(tmp_path / "raw")
    message = "matfiles: is there already, simulated or your own; move or delete it"
    with pytest.raises(InputError, match=message):
        link_folders(both(trees), tmp_path / "raw")
    with pytest.raises(InputError, match=message):
        place_archive(pack(trees, tmp_path / "avia.zip"), tmp_path / "raw", **LIMITS)
    assert len(find_sequence(tmp_path / "raw", FIRST).video) == 3


def test_simulation_can_refuse_to_write_into_real_data(tmp_path, trees):
    refuse_links(tmp_path / "raw")
    link_folders(both(trees), tmp_path / "raw")
    with pytest.raises(InputError, match="matfiles: a link to real data; delete the link"):
        refuse_links(tmp_path / "raw")


def test_wrong_folders_are_refused(tmp_path, trees):
    with pytest.raises(InputError, match="absent: no such folder; correct the path"):
        link_folders(both(trees) | {"matfiles": tmp_path / "absent"}, tmp_path / "raw")
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="empty: holds no folder Location_1 or the like"):
        link_folders(both(trees) | {"sync": tmp_path / "empty"}, tmp_path / "raw")
    assert not (tmp_path / "raw").exists()


def test_archive_without_the_trees_is_refused(tmp_path, trees):
    for below, found in (("a/b/", "neither at its top nor in one folder there"),):
        archive = pack(trees, tmp_path / "x.zip", below)
        with pytest.raises(InputError, match=f"has the trees matfiles and sync {found}"):
            place_archive(archive, tmp_path / "raw", **LIMITS)
    archive = pack(trees, tmp_path / "y.zip", "one/")
    with zipfile.ZipFile(archive, "a") as more:
        more.writestr("two/matfiles/x", "")
        more.writestr("two/sync/x", "")
    with pytest.raises(InputError, match="in more than one folder"):
        place_archive(archive, tmp_path / "raw", **LIMITS)
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as archive:
        archive.writestr("matfiles/x", "")
        archive.writestr("sync/x", "")
    with pytest.raises(InputError, match=r"z\.zip: matfiles: holds no folder Location_1"):
        place_archive(tmp_path / "z.zip", tmp_path / "raw", **LIMITS)
    assert list((tmp_path / "raw").iterdir()) == []


def test_archive_in_the_folder_that_is_replaced_is_refused(tmp_path, trees):
    (tmp_path / "raw/unpacked").mkdir(parents=True)
    archive = pack(trees, tmp_path / "raw/unpacked/avia.zip")
    with pytest.raises(InputError, match="which is replaced; move it elsewhere"):
        place_archive(archive, tmp_path / "raw", **LIMITS)
    assert archive.exists()


def test_trees_are_described_by_names_and_sizes(tmp_path, trees):
    link_folders(both(trees), tmp_path / "raw")
    rows = describe_trees(tmp_path / "raw")
    assert rows == describe_trees(trees)  # wherever they lie
    assert [row.file for row in rows] == ["matfiles", "sync"]
    files = [path for path in (trees / "sync").rglob("*") if path.is_file()]
    assert rows[1].size == sum(file.stat().st_size for file in files)
    files[0].rename(files[0].with_suffix(".bak"))
    changed = describe_trees(trees)
    assert changed[0] == rows[0]
    assert changed[1].sha256 != rows[1].sha256
