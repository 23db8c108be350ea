import hashlib
import os
import resource

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avdistill.errors import InputError
from avdistill.files.manifest import (
    ManifestRow,
    describe_file,
    file_sha256,
    merge_manifests,
    read_manifest,
    write_manifest,
    write_merged_manifest,
)

TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20)
ROW = st.builds(ManifestRow, TEXT, TEXT, st.integers(0, 2**50), TEXT)
ROWS = st.lists(ROW, max_size=8)


def test_file_is_measured(tmp_path):
    (tmp_path / "a").write_bytes(b"abc")
    digest = hashlib.sha256(b"abc").hexdigest()
    assert describe_file("s", "sync/a", b"abc") == ManifestRow("s", "sync/a", 3, digest)
    assert file_sha256(tmp_path / "a") == digest


@settings(deadline=None, derandomize=True, max_examples=50)
@given(rows=ROWS)
def test_manifest_is_read_back_in_order(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("manifests") / "m.csv"
    write_manifest(path, rows)
    assert read_manifest(path) == sorted(rows)


def test_bytes_do_not_depend_on_the_order_of_rows(tmp_path):
    rows = [ManifestRow("b", "2", 2, "00"), ManifestRow("a", "3", 1, "11")]
    write_manifest(tmp_path / "1.csv", rows)
    write_manifest(tmp_path / "2.csv", rows[::-1])
    expected = b"sequence,file,size,sha256\na,3,1,11\nb,2,2,00\n"
    assert (tmp_path / "1.csv").read_bytes() == (tmp_path / "2.csv").read_bytes() == expected


def test_failure_while_listing_leaves_no_manifest(tmp_path):
    def rows():
        yield ManifestRow("a", "1", 1, "00")
        raise InputError("broken")

    with pytest.raises(InputError, match="broken"):
        write_manifest(tmp_path / "m.csv", rows())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", r"not a manifest \(its columns are not sequence, .*\); delete it"),
        ("sequence,file,size\n", r"not a manifest \(its columns are not sequence, .*\); delete it"),
        ("sequence,file,size,sha256\na,b,many,00\n", r"not a manifest \(line 2, size: .*many"),
        ("sequence,file,size,sha256\na,b\n", r"not a manifest \(line 2 has 2 cells, not 4"),
    ],
)
def test_what_is_no_manifest_is_named(tmp_path, content, message):
    (tmp_path / "m.csv").write_text(content)
    with pytest.raises(InputError, match=rf"m\.csv: {message}"):
        read_manifest(tmp_path / "m.csv")


def test_missing_manifest_is_named(tmp_path):
    with pytest.raises(InputError, match=r"m\.csv: no such manifest; run the rule that makes it"):
        read_manifest(tmp_path / "m.csv")


def test_merging_does_not_depend_on_the_batches(tmp_path):
    rows = [ManifestRow("s", str(number), number, "00") for number in range(4)]
    for name, some in {"a": rows[2:], "b": rows[:2], "c": rows[1::-1], "d": rows[3:1:-1]}.items():
        write_manifest(tmp_path / name, some)
    assert list(merge_manifests([tmp_path / "a", tmp_path / "b"])) == rows
    assert list(merge_manifests([tmp_path / "c", tmp_path / "d"])) == rows


@settings(deadline=None, derandomize=True, max_examples=50)
@given(rows=st.lists(ROW, max_size=12, unique_by=lambda row: row[:2]), data=st.data())
def test_merged_manifest_is_that_of_all_rows(tmp_path_factory, rows, data):
    folder = tmp_path_factory.mktemp("manifests")
    batches = [data.draw(st.integers(0, 3)) for _ in rows]
    for batch in range(4):
        some = [row for row, its in zip(rows, batches, strict=True) if its == batch]
        write_manifest(folder / f"{batch}.csv", some)
    write_manifest(folder / "all.csv", rows)
    write_merged_manifest(folder / "merged.csv", [folder / f"{batch}.csv" for batch in range(4)])
    assert (folder / "merged.csv").read_bytes() == (folder / "all.csv").read_bytes()


def test_more_manifests_are_merged_than_files_may_be_open(tmp_path):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    number = len(os.listdir("/dev/fd")) + 50
    paths = [tmp_path / f"{batch:03d}.csv" for batch in range(number)]
    rows = [ManifestRow(f"{batch:03d}", "a", 1, "00") for batch in range(number)]
    for path, row in zip(paths, rows, strict=True):
        write_manifest(path, [row])
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (number, hard))
        assert list(merge_manifests(paths)) == rows
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_rows_out_of_order_are_refused(tmp_path):
    (tmp_path / "m.csv").write_text("sequence,file,size,sha256\nb,1,1,00\na,2,1,00\n")
    with pytest.raises(InputError, match=r"m\.csv: its rows are not in order; delete it"):
        list(merge_manifests([tmp_path / "m.csv"]))


def test_a_file_in_two_manifests_is_refused(tmp_path):
    row = ManifestRow("s", "sync/a", 1, "00")
    write_manifest(tmp_path / "0.csv", [row])
    write_manifest(tmp_path / "1.csv", [row])
    with pytest.raises(InputError, match=r"1\.csv: sync/a stands in .*0\.csv as well"):
        list(merge_manifests([tmp_path / "0.csv", tmp_path / "1.csv"]))
