import shutil
import tarfile
import zipfile

import pytest

from avdistill.avia.raw_archive import are_placed, describe_trees, place_trees, unpack_trees
from avdistill.avia.raw_layout import find_sequence
from avdistill.avia.raw_trees import RawTrees
from avdistill.avia.vocabulary import TREES, SequenceId
from avdistill.downloads.stamp import ArchiveIdentity, write_stamp
from avdistill.errors import InputError

FIRST = SequenceId(1, 1, 1)
LIMITS = {"max_bytes": 10**7, "max_files": 100}
ONE, OTHER = (ArchiveIdentity(size, "sha256", "0" * 64) for size in (1, 2))


@pytest.fixture
def trees(tmp_path, put_sequence):
    put_sequence(tmp_path / "disk")
    return tmp_path / "disk"


def pack(folder, path, below=""):
    with zipfile.ZipFile(path, "w") as archive:
        for file in folder.rglob("*"):
            archive.write(file, f"{below}{file.relative_to(folder)}")
    return path


def unpack(archive, raw, identity=ONE, trees=TREES):
    unpack_trees(archive, raw / "unpacked", trees, **LIMITS)
    place_trees(raw / "unpacked", raw, identity, trees)


def counts(raw, sequence=FIRST):
    return [len(files) for files in find_sequence(RawTrees.below(raw), sequence).values()]


@pytest.mark.parametrize("below", ["", "AVIA/"])
def test_archive_ends_in_the_raw_layout(tmp_path, trees, below):
    archive = pack(trees, tmp_path / "avia.zip", below)
    with zipfile.ZipFile(archive, "a") as more:
        more.writestr("LICENCE.txt", "free")
    raw = tmp_path / "raw"
    unpack(archive, raw)
    assert counts(raw) == [3, 3, 3]
    for path in trees.rglob("*.*"):
        assert (raw / path.relative_to(trees)).read_bytes() == path.read_bytes()
    # Nothing but the trees is kept, and these are folders, so that DVC keeps what is in them.
    assert sorted(path.name for path in raw.iterdir()) == ["matfiles", "sync"]
    assert not any(path.is_symlink() for path in raw.rglob("*"))
    assert are_placed(raw, ONE, TREES)


def test_tar_archive_ends_in_the_raw_layout(tmp_path, trees):
    with tarfile.open(tmp_path / "avia.tgz", "w:gz") as archive:
        archive.add(trees, "AVIA")
    unpack(tmp_path / "avia.tgz", tmp_path / "raw")
    assert counts(tmp_path / "raw") == [3, 3, 3]


def test_trees_of_another_archive_are_replaced_all_of_them(tmp_path, trees, put_sequence):
    raw = tmp_path / "raw"
    unpack(pack(trees, tmp_path / "1.zip"), raw)
    put_sequence(trees, "Location_01/Subject_01/Action_002")
    shutil.rmtree(trees / "sync/Location_1/Subject_1/Action_0")
    unpack(pack(trees, tmp_path / "2.zip"), raw, OTHER)
    assert counts(raw) == [3, 0, 0]
    assert counts(raw, SequenceId(1, 1, 2)) == [3, 3, 3]
    assert are_placed(raw, OTHER, TREES)
    assert not are_placed(raw, ONE, TREES)
    unpack(tmp_path / "1.zip", raw, ONE, ["sync"])
    assert [path.name for path in raw.iterdir()] == ["sync"]


def test_trees_that_an_earlier_version_unpacked_are_moved(tmp_path, trees):
    raw = tmp_path / "raw"
    raw.mkdir()
    trees.rename(raw / "unpacked")
    write_stamp(raw / "unpacked", [ONE], TREES)
    inode = (raw / "unpacked/sync").stat().st_ino
    place_trees(raw / "unpacked", raw, ONE, TREES)
    assert (raw / "sync").stat().st_ino == inode
    assert are_placed(raw, ONE, TREES)
    assert sorted(path.name for path in raw.iterdir()) == ["matfiles", "sync"]


def test_a_tree_that_was_changed_or_was_not_asked_for_is_not_placed(tmp_path, trees):
    raw = tmp_path / "raw"
    unpack(pack(trees, tmp_path / "avia.zip"), raw, trees=["sync"])
    assert are_placed(raw, ONE, ["sync"])
    assert not are_placed(raw, ONE, TREES)
    next(raw.rglob("*.jpeg")).unlink()
    assert not are_placed(raw, ONE, ["sync"])


def test_a_tree_that_is_not_asked_for_need_not_be_there(tmp_path, trees):
    shutil.rmtree(trees / "matfiles")
    archive = pack(trees, tmp_path / "avia.zip")
    with pytest.raises(InputError, match="has the tree matfiles neither at its top"):
        unpack(archive, tmp_path / "raw", trees=["matfiles"])
    unpack(archive, tmp_path / "raw", trees=["sync"])
    assert counts(tmp_path / "raw") == [0, 3, 3]
    assert [row.file for row in describe_trees(tmp_path / "raw", ["sync"])] == ["sync"]


def test_archive_without_the_trees_is_refused(tmp_path, trees):
    archive = pack(trees, tmp_path / "x.zip", "a/b/")
    found = "neither at its top nor in one folder there"
    with pytest.raises(InputError, match=f"has the trees matfiles and sync {found}"):
        unpack(archive, tmp_path / "raw")
    archive = pack(trees, tmp_path / "y.zip", "one/")
    with zipfile.ZipFile(archive, "a") as more:
        more.writestr("two/matfiles/x", "")
        more.writestr("two/sync/x", "")
    with pytest.raises(InputError, match="in more than one folder"):
        unpack(archive, tmp_path / "raw")
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as archive:
        archive.writestr("matfiles/x", "")
        archive.writestr("sync/x", "")
    with pytest.raises(InputError, match=r"z\.zip: matfiles: holds no folder Location_1"):
        unpack(tmp_path / "z.zip", tmp_path / "raw")
    assert list((tmp_path / "raw").iterdir()) == []


def test_archive_in_the_folder_that_is_replaced_is_refused(tmp_path, trees):
    (tmp_path / "raw/unpacked").mkdir(parents=True)
    archive = pack(trees, tmp_path / "raw/unpacked/avia.zip")
    with pytest.raises(InputError, match="which is replaced; move it elsewhere"):
        unpack(archive, tmp_path / "raw")
    assert archive.exists()


def test_trees_are_described_by_names_and_sizes(tmp_path, trees):
    unpack(pack(trees, tmp_path / "avia.zip"), tmp_path / "raw")
    rows = describe_trees(tmp_path / "raw")
    assert rows == describe_trees(trees)  # stamps aside
    assert [row.file for row in rows] == ["matfiles", "sync"]
    files = [path for path in (trees / "sync").rglob("*") if path.is_file()]
    assert rows[1].size == sum(file.stat().st_size for file in files)
    files[0].rename(files[0].with_suffix(".bak"))
    changed = describe_trees(trees)
    assert changed[0] == rows[0]
    assert changed[1].sha256 != rows[1].sha256
