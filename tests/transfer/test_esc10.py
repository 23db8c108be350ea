import csv
import shutil

import pytest

from avdistill.errors import InputError
from avdistill.files.csv_tables import write_csv
from avdistill.transfer.clips import measure_clips
from avdistill.transfer.esc10 import CLIPS, FOLDS, find_clips, read_clips


def list_clips(folder):
    return measure_clips(*find_clips(folder))


def test_both_layouts_give_the_same_clips(make_esc10, make_esc50):
    _, own = find_clips(make_esc10())
    root, marked = find_clips(make_esc50())
    assert len(own) == len(marked) == 50
    assert sorted((clip.category.lower(), *clip[2:]) for clip in own) == sorted(
        clip[1:] for clip in marked
    )
    assert all((root / clip.file).is_file() for clip in marked)


@pytest.mark.parametrize("layout", ["make_esc10", "make_esc50"])
def test_the_folder_may_hold_the_data_sets_one_folder(layout, request, tmp_path):
    root = request.getfixturevalue(layout)("unpacked/ESC-master")
    found, clips = find_clips(tmp_path / "unpacked")
    assert found == root
    assert len(clips) == 50


def test_real_esc10_is_five_folds_of_eighty(shared):
    _, clips = find_clips(shared / "esc10")
    assert [sum(clip.part == fold for clip in clips) for fold in FOLDS] == [80] * 5
    assert {clip.category for clip in clips} >= {"Dog bark", "Fire crackling"}


def without_a_class(root):
    shutil.rmtree(root / "004 - Class 3")


def without_a_fold(root):
    for path in root.glob("*/3-*"):
        path.unlink()


def without_a_class_in_a_fold(root):
    next(root.glob("005*/2-*")).unlink()


def recording_in_two_folds(root):
    path = next(root.glob("001*/1-*"))
    path.rename(path.with_name("1-200-A.ogg"))


def with_a_strange_file(root):
    (root / "001 - Class 0" / "notes.txt").touch()


def without_layout(root):
    shutil.rmtree(root)
    (root / "sounds").mkdir(parents=True)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (without_a_class, "9 classes"),
        (without_a_fold, r"folds are \[1, 2, 4, 5\]"),
        (without_a_class_in_a_fold, "fold 2 has no clip of 'Class 4'"),
        (recording_in_two_folds, "recording 200 are in folds 1 and 2"),
        (with_a_strange_file, r"notes\.txt: not named FOLD-SOURCE-TAKE"),
        (without_layout, "neither ESC-10's layout"),
        (shutil.rmtree, "no such folder"),
    ],
)
def test_what_is_not_esc10_is_refused(make_esc10, spoil, message):
    root = make_esc10()
    spoil(root)
    with pytest.raises(InputError, match=message):
        find_clips(root)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("src_file", "source", "no column src_file"),
        (
            "1-100-A-0.wav,1,",
            "1-100-A-0.wav,one,",
            r"esc50\.csv: not a table .*line 2, fold: .*one",
        ),
        ("1-100-A-0.wav", "../1-100-A-0.wav", "not a plain name"),
        ("True", "False", r"folds are \[\]"),
    ],
)
def test_a_damaged_table_is_refused(make_esc50, old, new, message):
    root = make_esc50()
    table = root / "meta" / "esc50.csv"
    table.write_text(table.read_text().replace(old, new))
    with pytest.raises(InputError, match=message):
        find_clips(root)


def test_the_list_says_what_each_file_is_and_is_read_back(make_esc10, tmp_path, monkeypatch):
    make_esc10()
    monkeypatch.chdir(tmp_path)
    from pathlib import Path

    listed = list_clips(Path("esc10"))
    assert listed[0].file == "esc10/001 - Class 0/1-100-A.ogg"
    assert listed[0].size == Path(listed[0].file).stat().st_size
    path = tmp_path / "out" / "clips.csv"
    write_csv(path, CLIPS.columns, listed)
    with path.open(newline="") as handle:
        header = next(csv.reader(handle))
    assert header == ["file", "class", "fold", "source", "size", "sha256"]
    assert read_clips(path) == listed


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("class", "category", "not a list of clips"),
        (",1,100,", ",x,100,", "not a list of clips"),
        (",1,100,", ",1,", "not a list of clips"),
        (",1,100,", ",1,200,", "in folds 1 and 2"),
    ],
)
def test_a_damaged_list_is_refused(make_esc10, tmp_path, old, new, message):
    path = tmp_path / "clips.csv"
    write_csv(path, CLIPS.columns, list_clips(make_esc10()))
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(InputError, match=message):
        read_clips(path)
    path.unlink()
    with pytest.raises(InputError, match="no such list of clips"):
        read_clips(path)
