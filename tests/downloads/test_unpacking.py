"""Unpacking archives that nobody vouches for."""

import gzip
import io
import os
import re
import stat
import tarfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avdistill.downloads.unpacking import safe_parts, unpack, unpack_together
from avdistill.errors import InputError


def entry(name: str, kind: bytes = tarfile.REGTYPE, *, content: bytes = b"", link: str = ""):
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.size = kind, link, len(content)
    return info, io.BytesIO(content)


def make_tar(path: Path, *entries, mode: str = "w") -> Path:
    with tarfile.open(path, mode) as archive:
        for info, content in entries:
            archive.addfile(info, content)
    return path


def make_zip(path: Path, *entries: tuple[str, bytes], kind: int = 0) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in entries:
            info = zipfile.ZipInfo(name)
            info.external_attr = kind << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return path


def tree(folder: Path) -> dict[str, bytes | None]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
    }


def unpack_to(archive, *, max_bytes=10**6, max_files=100):
    destination = archive.parent / "unpacked"
    unpack(archive, destination, max_bytes=max_bytes, max_files=max_files)
    return tree(destination)


def refuses(archive, message, **limits):
    """See that an archive is refused in one line that names it, and that nothing is left of it."""
    before = tree(archive.parent.parent)
    with pytest.raises(InputError, match=message) as caught:
        unpack_to(archive, **limits)
    assert str(caught.value).startswith(f"{archive}: ")
    assert "\n" not in str(caught.value)
    assert tree(archive.parent.parent) == before


@pytest.fixture
def folder(tmp_path):
    """One folder below `tmp_path`, so that an entry that leaves it would be seen there."""
    (tmp_path / "inner").mkdir()
    return tmp_path / "inner"


EXPECTED = {"a": None, "a/b.txt": b"b", "a/c": None, "top.txt": b"top"}


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
def test_tar_is_unpacked(folder, mode):
    entries = (
        entry("./", tarfile.DIRTYPE),
        entry("./a/b.txt", content=b"b"),
        entry("a/", tarfile.DIRTYPE),
        entry("a/c", tarfile.DIRTYPE),
        entry("top.txt", content=b"top"),
    )
    assert unpack_to(make_tar(folder / "x.bin", *entries, mode=mode)) == EXPECTED


def test_zip_is_unpacked(folder):
    archive = make_zip(folder / "x.bin", ("a/b.txt", b"b"), ("a/c/", b""), ("top.txt", b"top"))
    assert unpack_to(archive) == EXPECTED


def unpack_both(folder, one, other):
    archives = [make_zip(folder / "1.zip", *one), make_tar(folder / "2.tar", *other)]
    unpack_together(archives, folder / "together", max_bytes=100, max_files=10)
    return tree(folder / "together")


def test_archives_of_one_data_set_are_put_together(folder):
    one = [("set/read.me", b"same"), ("set/audio/a.wav", b"a")]
    other = [entry("set/audio/b.wav", content=b"b"), entry("set/read.me", content=b"same")]
    assert unpack_both(folder, one, other) == {
        "set": None,
        "set/audio": None,
        "set/audio/a.wav": b"a",
        "set/audio/b.wav": b"b",
        "set/read.me": b"same",
    }
    assert sorted(os.listdir(folder)) == ["1.zip", "2.tar", "together"]


@pytest.mark.parametrize("name", ["set/audio", "set", "set/read.me/a"])
def test_archives_that_contradict_each_other_leave_nothing(folder, name):
    one = [("set/audio/a.wav", b"a"), ("set/read.me", b"one")]
    with pytest.raises(InputError, match=r"2\.tar: .*differs from that of an archive before"):
        unpack_both(folder, one, [entry(name, content=b"two")])
    with pytest.raises(InputError, match=r"the entry 'set/read\.me' differs from that"):
        unpack_both(folder, one, [entry("set/read.me", content=b"two")])
    assert sorted(os.listdir(folder)) == ["1.zip", "2.tar"]


def test_metadata_is_not_taken_over(folder):
    info, content = entry("run.sh", content=b"#!")
    info.mode, info.mtime, info.uid = 0o6777, 0, 1
    unpack_to(make_tar(folder / "x.tar", (info, content)))
    status = (folder / "unpacked/run.sh").stat()
    assert not status.st_mode & (stat.S_ISUID | stat.S_ISGID | stat.S_IXUSR)
    assert status.st_uid == os.getuid()


def test_what_was_unpacked_before_is_replaced_only_by_a_whole_archive(folder):
    unpack_to(make_zip(folder / "x.zip", ("old", b"1")))
    refuses(make_zip(folder / "bad.zip", ("new", b"2"), ("../evil", b"")), "leaves the folder")
    assert unpack_to(make_zip(folder / "y.zip", ("new", b"2"))) == {"new": b"2"}


LEAVING = ["../evil", "a/../../evil", "/tmp/evil", "C:/evil", "a/c:evil", "..", "a/.."]


@pytest.mark.parametrize("name", LEAVING)
def test_entry_that_leaves_the_folder_is_refused(folder, name):
    message = f"the entry {re.escape(repr(name))} leaves the folder; use an archive without it"
    refuses(make_zip(folder / "x.zip", ("fine", b"1"), (name, b"evil")), message)
    fine = entry("fine", content=b"1")
    refuses(make_tar(folder / "x.tar", fine, entry(name, content=b"evil")), message)


@pytest.mark.parametrize("name", ["..\\evil", "C\\evil", "line\nbreak", "bell\x07", "del\x7f"])
def test_entry_with_a_dangerous_character_is_refused(folder, name):
    message = "has a backslash or a control character in its name"
    refuses(make_zip(folder / "x.zip", (name, b"evil")), message)
    refuses(make_tar(folder / "x.tar", entry(name, content=b"evil")), message)


def test_entry_with_a_hidden_end_of_name_is_refused(folder):
    archive = make_zip(folder / "x.zip", ("fine.txt_evil", b""))
    data = archive.read_bytes().replace(b"fine.txt_evil", b"fine.txt\0evil")
    archive.write_bytes(data)
    refuses(archive, "control character in its name|damaged")


@pytest.mark.parametrize("name", ["n" * 256, "n/" * 600 + "n"])
def test_entry_with_too_long_a_name_is_refused(folder, name):
    refuses(make_tar(folder / "x.tar", entry(name)), "has too long a name")
    refuses(make_zip(folder / "x.zip", (name, b"")), "has too long a name")


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE])
@pytest.mark.parametrize("target", ["/etc/passwd", "../..", "fine"])
def test_link_in_a_tar_is_refused(folder, kind, target):
    archive = make_tar(folder / "x.tar", entry("fine", content=b"1"), entry("l", kind, link=target))
    refuses(archive, "the entry 'l' is a link; use an archive without it")


@pytest.mark.parametrize("kind", [tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE, b"Z"])
def test_device_in_a_tar_is_refused(folder, kind):
    refuses(make_tar(folder / "x.tar", entry("d", kind)), "'d' is neither a file nor a folder")


def test_sparse_file_in_a_tar_is_refused(folder):
    # Its map may be of more bytes than its size, and `tarfile` writes them all before it cuts them.
    info, content = entry("holes", content=b"1234")
    info.pax_headers = {"GNU.sparse.map": "0,4", "GNU.sparse.size": "2"}
    refuses(make_tar(folder / "x.tar", (info, content)), "'holes' is neither a file nor a folder")


def test_python_without_filters_unpacks_no_tar(folder, monkeypatch):
    monkeypatch.delattr(tarfile, "data_filter")
    refuses(make_tar(folder / "x.tar", entry("a")), r"this Python .* use 3\.11\.4 or later")


def test_link_and_device_in_a_zip_are_refused(folder):
    link = make_zip(folder / "x.zip", ("l", b"/etc/passwd"), kind=stat.S_IFLNK | 0o777)
    refuses(link, "the entry 'l' is a link")
    device = make_zip(folder / "y.zip", ("d", b""), kind=stat.S_IFCHR | 0o666)
    refuses(device, "'d' is neither a file nor a folder")


@pytest.mark.parametrize("make", [make_zip, make_tar])
def test_entry_given_twice_is_refused(folder, make):
    names = ["a/b", "c", "a/b"]
    if make is make_zip:
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive = make(folder / "x", *((name, b"1") for name in names))
    else:
        archive = make(folder / "x", *(entry(name, content=b"1") for name in names))
    refuses(archive, "the entry 'a/b' comes twice")


@pytest.mark.parametrize("names", [("a", "a/b"), ("a/b", "a"), ("a", "a/"), ("a", ".")])
def test_file_and_folder_in_one_place_are_refused(folder, names):
    first, second = names
    kind = tarfile.DIRTYPE if second.endswith("/") else tarfile.REGTYPE
    refuses(make_tar(folder / "x", entry(first), entry(second, kind)), "comes twice")
    refuses(make_zip(folder / "y", (first, b""), (second, b"")), "comes twice")


def test_bomb_by_size_is_refused(folder):
    zeros = bytes(50 * 10**6)
    message = "unpacks to more than 1000000 bytes; if that is right, raise max_bytes"
    archive = make_zip(folder / "x.zip", ("zeros", zeros))
    assert archive.stat().st_size < 10**5
    refuses(archive, message)
    refuses(make_tar(folder / "x.tgz", entry("zeros", content=zeros), mode="w:gz"), message)


def test_many_files_together_can_be_a_bomb(folder):
    archive = make_zip(folder / "x.zip", *((str(i), bytes(1000)) for i in range(11)))
    refuses(archive, "unpacks to more than 10000 bytes", max_bytes=10_000)
    assert len(unpack_to(archive, max_bytes=11_000)) == 11


def test_size_in_the_header_is_not_believed(folder):
    archive = make_zip(folder / "x.zip", ("zeros", bytes(10**6)))
    data = archive.read_bytes()
    assert data.count((10**6).to_bytes(4, "little")) == 2  # local header and central directory
    archive.write_bytes(data.replace((10**6).to_bytes(4, "little"), (10).to_bytes(4, "little")))
    refuses(archive, "damaged|unpacks to more than 1000 bytes", max_bytes=1000)


@pytest.mark.parametrize("name", ["{}", "{}/", "a/b/c/d/{}"])
def test_bomb_by_count_is_refused(folder, name):
    names = [name.format(i) for i in range(11)]
    message = "holds more than 10 files and folders; if that is right, raise max_files"
    refuses(make_zip(folder / "x.zip", *((n, b"") for n in names)), message, max_files=10)
    entries = [entry(n, tarfile.DIRTYPE if n.endswith("/") else tarfile.REGTYPE) for n in names]
    refuses(make_tar(folder / "x.tar", *entries), message, max_files=10)


def test_bomb_by_depth_is_refused(folder):
    refuses(make_zip(folder / "x.zip", ("d/" * 200 + "f", b"")), "more than 100 files and folders")


def test_bomb_in_a_tar_header_is_refused(folder):
    info, _ = entry("././@LongLink", tarfile.GNUTYPE_LONGNAME)
    info.size = 30 * 10**6
    with gzip.open(folder / "x.tgz", "wb") as stream:
        stream.write(info.tobuf(tarfile.GNU_FORMAT))
        stream.write(bytes(info.size))
    refuses(folder / "x.tgz", "has a header of more than a mebibyte")


def whole_archives(folder: Path) -> list[Path]:
    content = os.urandom(30_000)
    entries = [("a/one", content), ("a/two", content[::-1]), ("three", content)]
    tars = [
        make_tar(folder / f"x.{mode}", *(entry(n, content=c) for n, c in entries), mode=f"w:{mode}")
        for mode in ("tar", "gz", "bz2", "xz")
    ]
    return [make_zip(folder / "x.zip", *entries), *tars]


@pytest.mark.parametrize("kept", [0, 0.001, 0.02, 0.4, 0.8, 0.999])
def test_truncated_archive_is_refused(folder, kept):
    for archive in whole_archives(folder):
        assert len(unpack_to(archive)) == 4
        data = archive.read_bytes()
        if archive.suffix == ".tar":
            data = data.rstrip(b"\0")  # the rest is padding
        archive.write_bytes(data[: int(kept * len(data))])
        refuses(archive, r"damaged, or not a zip or tar archive .* get it again")


def test_tar_that_ends_between_two_entries_is_refused(folder):
    archive = make_tar(folder / "x.tar", entry("one", content=b"1"), entry("two", content=b"2"))
    archive.write_bytes(archive.read_bytes()[:1024])
    refuses(archive, "it has no end mark")


def test_tar_that_goes_on_after_its_end_is_refused(folder):
    archive = make_tar(folder / "x.tar", entry("one", content=b"1"))
    archive.write_bytes(archive.read_bytes() + bytes(2 * 10**6))
    refuses(archive, "it goes on after its end mark")


def test_damaged_content_is_refused_where_the_format_can_tell(folder):
    for archive in whole_archives(folder):
        data = bytearray(archive.read_bytes())
        if archive.suffix == ".tar":
            continue  # a plain tar has no check sum of contents
        data[len(data) // 2] ^= 0xFF
        archive.write_bytes(data)
        refuses(archive, "damaged, or not a zip or tar archive")


def test_damaged_header_does_not_end_a_tar_early(folder):
    archive = make_tar(folder / "x.tar", entry("one", content=b"1"), entry("two", content=b"2"))
    data = bytearray(archive.read_bytes())
    data[1024 + 150] ^= 0xFF  # in the second header's check sum
    archive.write_bytes(data)
    refuses(archive, "it has no end mark")


def test_what_is_no_archive_is_refused(folder):
    for name, content in (("a.txt", b"hello" * 1000), ("empty.zip", b""), ("b.zip", b"PK nothing")):
        (folder / name).write_bytes(content)
        refuses(folder / name, "damaged, or not a zip or tar archive")
    with pytest.raises(InputError, match="no such archive"):
        unpack_to(folder / "absent.zip")


def test_encrypted_zip_is_refused(folder):
    archive = make_zip(folder / "x.zip", ("a", b"secret"))
    data = bytearray(archive.read_bytes())
    data[6] |= 1  # general purpose flags of the local header, and of the central directory
    data[data.index(b"PK\x01\x02") + 8] |= 1
    archive.write_bytes(data)
    refuses(archive, "encrypted.* pack it again without that")


names = st.one_of(
    st.text(max_size=40),
    st.lists(st.sampled_from(["..", ".", "", "a", "C:", "b\\", "\0", "~", "/", "c "])).map(
        "/".join
    ),
)


@settings(deadline=None, derandomize=True, max_examples=500)
@given(name=names)
def test_a_safe_name_stays_in_the_folder(name):
    root = Path("/root-of-all")
    try:
        parts = safe_parts(name)
    except InputError:
        return
    path = Path(os.path.normpath(root.joinpath(*parts)))
    assert path.is_relative_to(root)
    assert path.parts[len(root.parts) :] == parts  # nothing in it is absolute or goes up
    assert not any("\\" in part or re.match("[A-Za-z]:", part) for part in parts)
    assert all(0 < len(os.fsencode(part)) <= 255 for part in parts)


@settings(deadline=None, derandomize=True, max_examples=60)
@given(entries=st.lists(names, min_size=1, max_size=4, unique=True), data=st.data())
def test_no_archive_writes_outside_its_folder(tmp_path_factory, entries, data):
    top = tmp_path_factory.mktemp("top")
    (top / "inner").mkdir()
    archive = top / "inner/x.tar"
    kinds = [tarfile.REGTYPE, tarfile.DIRTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE]
    make_tar(
        archive, *(entry(name, data.draw(st.sampled_from(kinds)), link="..") for name in entries)
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(top)
        try:
            unpack(archive, top / "inner/unpacked", max_bytes=100, max_files=30)
        except InputError:
            assert not (top / "inner/unpacked").exists()
    assert {path.name for path in top.iterdir()} == {"inner"}
    assert {path.name for path in (top / "inner").iterdir()} <= {"x.tar", "unpacked"}
    assert not any(path.is_symlink() for path in top.rglob("*"))
