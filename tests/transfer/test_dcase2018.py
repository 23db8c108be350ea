import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avdistill.errors import InputError
from avdistill.files.csv_tables import write_csv
from avdistill.transfer.clips import Clip, measure_clips
from avdistill.transfer.dcase2018 import (
    CLIPS,
    check_clips,
    draw_validation,
    find_clips,
    read_clips,
)

SHORT = {"seconds": 1}  # the layout is what is tested here


@pytest.mark.parametrize("name", ["data", "unpacked/data"])
def test_the_official_fold_is_found(make_dcase2018, tmp_path, name):
    root = make_dcase2018(name, **SHORT)
    found, clips = find_clips(tmp_path / name.split("/")[0], 0)
    assert found == root
    assert [clip.part for clip in clips].count("test") == 3
    assert {clip.origin for clip in clips if clip.part == "test"} == {
        f"helsinki-{number}" for number in (3, 7, 11)
    }
    assert clips[0] == Clip(
        "audio/airport-barcelona-0-0-a.wav", "airport", "training", "barcelona-0"
    )
    for scene in ("airport", "bus", "tram"):
        parts = sorted(clip.part for clip in clips if clip.category == scene)
        assert parts == ["test", "training", "training", "validation"]


def test_the_seed_draws_who_validates(make_dcase2018):
    root = make_dcase2018(**SHORT)
    drawn = {
        seed: {clip.origin for clip in find_clips(root, seed)[1] if clip.part == "validation"}
        for seed in range(8)
    }
    assert find_clips(root, 3) == find_clips(root, 3)
    assert len({frozenset(names) for names in drawn.values()}) > 2


training_parts = st.dictionaries(
    st.integers(0, 60), st.sampled_from(["airport", "bus", "tram"]), min_size=1
).filter(lambda scenes: min(list(scenes.values()).count(name) for name in scenes.values()) > 1)


@settings(deadline=None, max_examples=150, derandomize=True)
@given(scene_of=training_parts, seed=st.integers(0, 5), clips=st.integers(1, 4))
def test_no_location_trains_and_validates(scene_of, seed, clips):
    training = [
        Clip(f"audio/{place}-{number}.wav", scene, "", f"oslo-{place}")
        for place, scene in scene_of.items()
        for number in range(clips)
    ]
    drawn = draw_validation(training, seed, "x")
    assert drawn == draw_validation(training[::-1], seed, "x")  # whatever the order of the files
    for scene in set(scene_of.values()):
        places = {f"oslo-{place}" for place, name in scene_of.items() if name == scene}
        assert len(places & drawn) == max(1, round(0.3 * len(places)))
        assert places - drawn


def edit(old, new, file="meta.csv", count=-1):
    def spoil(root):
        text = (root / file).read_text()
        assert re.search(old, text)
        (root / file).write_text(re.sub(old, new, text, count=max(count, 0)))

    return spoil


TRAIN, EVALUATE = "evaluation_setup/fold1_train.txt", "evaluation_setup/fold1_evaluate.txt"


def remove(file):
    return lambda root: (root / file).unlink()


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (remove("meta.csv"), "not TUT Urban Acoustic Scenes 2018: has no meta.csv"),
        (
            remove(TRAIN),
            r"fold1_train\.txt: no such list of clips .*; unpack the archive that ends in meta",
        ),
        (edit("\t", ","), r"meta\.csv: .*its columns are not filename, scene_label"),
        (edit("filename.*\n", ""), r"meta\.csv: .*its columns are not"),
        (edit("\tbarcelona-0\ta", "\tbarcelona-0"), r"meta\.csv: .*line 2 has 3 cells, not 4"),
        (edit("audio/bus-barc", "../audio/bus-barc"), r"'\.\./audio/bus.*' is not a file in audio"),
        (edit("helsinki-1-1-a", "barcelona-0-0-a"), "is listed twice"),
        (
            edit("\tairport", " airport", TRAIN, 1),
            r"a scene in each line \(line 1 has 1 cells, not 2",
        ),
        (edit("\tairport", "\tbus", TRAIN, 1), "is bus there, but in meta.csv it is airport"),
        (edit("audio/air", "audio/fair", TRAIN, 1), "but in meta.csv it is absent"),
        (edit("^(.*\n)", r"\1\1", TRAIN, 1), r"fold1_train\.txt: .* is listed twice"),
        (edit("(.*\n)+", "", EVALUATE), r"fold1_evaluate\.txt: .*it is empty"),
        (edit(".*bus.*\n", "", EVALUATE), "no clip of bus in test"),
        (edit(".*bus-.*-[45].*\n", "", TRAIN), r"bus was recorded in one .* \(barcelona-6\)"),
        (edit("helsinki-3\t", "helsinki-1\t"), "location helsinki-1 is in both fold1_train.txt"),
    ],
)
def test_what_is_not_the_official_layout_is_refused(make_dcase2018, spoil, message):
    root = make_dcase2018(**SHORT)
    spoil(root)
    with pytest.raises(InputError, match=message):
        find_clips(root, 0)


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(InputError, match="absent: no such folder"):
        find_clips(tmp_path / "absent", 0)


def test_the_list_is_read_back_and_checked_again(make_dcase2018, tmp_path):
    listed = measure_clips(*find_clips(make_dcase2018(**SHORT), 0))
    path = tmp_path / "clips.csv"
    write_csv(path, CLIPS.columns, listed)
    assert path.read_text().splitlines()[0] == "file,class,part,location,size,sha256"
    assert read_clips(path) == listed
    path.write_text(path.read_text().replace(",test,helsinki-3,", ",test,barcelona-0,"))
    with pytest.raises(InputError, match="location barcelona-0 is in test and training"):
        read_clips(path)


def test_a_fold_needs_every_part(make_dcase2018):
    _, clips = find_clips(make_dcase2018(**SHORT), 0)
    for part in ("training", "validation", "test"):
        with pytest.raises(InputError, match="training, validation, test"):
            check_clips([clip for clip in clips if clip.part != part], "x")
    with pytest.raises(InputError, match="two scenes or more"):
        check_clips([clip for clip in clips if clip.category == "bus"], "x")
