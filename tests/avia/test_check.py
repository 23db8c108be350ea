import shutil

import numpy as np
import pytest

from avdistill.avia.check import (
    Problem,
    check_sequence,
    describe_broken,
    describe_check,
    read_problems,
    write_problems,
)
from avdistill.avia.raw_trees import RawTrees
from avdistill.avia.vocabulary import SequenceId
from avdistill.cli import main
from avdistill.errors import InputError
from avdistill.files.manifest import ManifestRow, describe_file, read_manifest

FIRST = SequenceId(1, 1, 1)
NAME = FIRST.name
TREES = "--matfiles raw/matfiles --sync raw/sync"


def problems_of(raw, **options) -> list[tuple[str, str, str]]:
    """What is wrong: modality, file without its folders, problem."""
    _, problems = check_sequence(RawTrees.below(raw), FIRST, **options)
    assert {problem.sequence for problem in problems} <= {NAME}
    return [(p.modality, p.file.rpartition("/")[2], p.problem) for p in problems]


def test_whole_sequence(tmp_path, put_sequence):
    put_sequence(tmp_path)
    rows, problems = check_sequence(RawTrees.below(tmp_path), FIRST)
    assert problems == []
    assert len(rows) == 9
    for row in rows:
        assert row == describe_file(NAME, row.file, (tmp_path / row.file).read_bytes())


def test_absent_sequence_lacks_each_modality(tmp_path):
    expected = [(modality, "", "missing modality") for modality in ("acoustic", "audio", "video")]
    assert problems_of(tmp_path) == expected
    assert problems_of(tmp_path, modalities=["audio"]) == [("audio", "", "missing modality")]


def test_missing_modality_is_no_differing_count(tmp_path, put_sequence):
    matfiles, _ = put_sequence(tmp_path)
    shutil.rmtree(matfiles)
    assert problems_of(tmp_path) == [("acoustic", "", "missing modality")]
    assert problems_of(tmp_path, modalities=["audio", "video"]) == []


def test_differing_counts(tmp_path, put_sequence):
    _, sync = put_sequence(tmp_path)
    (sync / "audio/A_000003.npy").unlink()
    problem = "differing counts: 3 acoustic, 2 audio, 3 video"
    assert problems_of(tmp_path) == [("", "", problem)]


def test_gaps_in_the_numbering(tmp_path, put_sequence):
    matfiles, sync = put_sequence(tmp_path, frames=9)
    for number in (2, 4, 5, 6):
        (matfiles / f"MFCC_Image/Data_{number}.mat").unlink()
        (sync / f"audio/A_{number:06d}.npy").unlink()
        (sync / f"video/I_{number:06d}.jpeg").unlink()
    gap = "gap in the numbering: 2, 4-6"
    assert problems_of(tmp_path) == [(m, "", gap) for m in ("acoustic", "audio", "video")]


def test_numbering_from_zero_and_numbers_given_twice(tmp_path, put_sequence):
    _, sync = put_sequence(tmp_path)
    (sync / "audio/A_000003.npy").rename(sync / "audio/A_0.npy")
    (sync / "video/I_000003.jpeg").rename(sync / "video/I_2.jpeg")
    assert problems_of(tmp_path) == [
        ("audio", "", "numbered from 0 instead of 1"),
        ("video", "", "number given twice: 2"),
    ]


def test_unreadable_files(tmp_path, put_sequence, make_jpeg):
    matfiles, sync = put_sequence(tmp_path)
    (matfiles / "MFCC_Image/Data_1.mat").write_bytes(b"not MATLAB's")
    (sync / "audio/A_000002.npy").write_bytes(b"not NumPy's")
    (sync / "video/I_000003.jpeg").write_bytes(make_jpeg()[:-500])
    (sync / "video/I_000002.jpeg").unlink()
    (sync / "video/I_000002.jpeg").mkdir()
    found = dict(((m, f), p) for m, f, p in problems_of(tmp_path))
    assert found.keys() == {
        ("acoustic", "Data_1.mat"),
        ("audio", "A_000002.npy"),
        ("video", "I_000002.jpeg"),
        ("video", "I_000003.jpeg"),
    }
    assert found["acoustic", "Data_1.mat"].startswith("not a readable MATLAB file")
    assert found["audio", "A_000002.npy"].startswith("not a readable NumPy file")
    assert found["video", "I_000002.jpeg"] == "unreadable: Is a directory"
    assert found["video", "I_000003.jpeg"].startswith("not a whole JPEG (image file is truncated")


def test_wrong_shapes_and_types(tmp_path, put_sequence, make_mat, make_npy, make_jpeg):
    matfiles, sync = put_sequence(tmp_path)
    (matfiles / "MFCC_Image/Data_1.mat").write_bytes(make_mat(np.zeros((48, 36, 12))))
    (matfiles / "MFCC_Image/Data_2.mat").write_bytes(make_mat(np.zeros((36, 48, 12), np.int32)))
    (sync / "audio/A_000001.npy").write_bytes(make_npy(np.ones((2, 1000), np.int32)))
    (sync / "audio/A_000002.npy").write_bytes(make_npy(np.ones((2, 1024), np.int64)))
    (sync / "video/I_000001.jpeg").write_bytes(make_jpeg((320, 240)))
    assert problems_of(tmp_path) == [
        ("acoustic", "Data_1.mat", "MFCC is 48 x 36 x 12, not 36 x 48 x 12"),
        ("acoustic", "Data_2.mat", "MFCC holds int32, not floats"),
        ("audio", "A_000001.npy", "is 2 x 1000, not microphones x 1024"),
        ("audio", "A_000002.npy", "holds int64, not int32"),
        ("video", "I_000001.jpeg", "is 320x240 RGB, not 640x480 RGB"),
    ]


def test_smaller_acoustic_image_is_no_problem(tmp_path, put_sequence, make_mat):
    matfiles, _ = put_sequence(tmp_path)
    (matfiles / "MFCC_Image/Data_1.mat").write_bytes(make_mat(np.ones((35, 47, 12))))
    assert problems_of(tmp_path) == []


def test_empty_files_are_problems_and_stand_in_the_manifest(tmp_path, put_sequence):
    _, sync = put_sequence(tmp_path)
    (sync / "audio/A_000001.npy").write_bytes(b"")
    assert problems_of(tmp_path) == [("audio", "A_000001.npy", "is empty")]
    assert len(check_sequence(RawTrees.below(tmp_path), FIRST)[0]) == 9


def test_differing_microphones_and_silence(tmp_path, put_sequence, make_npy):
    _, sync = put_sequence(tmp_path)
    silent = np.zeros((3, 1024), np.int32)
    silent[1:] = 5  # microphone 0 is the one that counts
    (sync / "audio/A_000001.npy").write_bytes(make_npy(silent))
    differing = ("audio", "", "differing numbers of microphones: 2, 3")
    assert problems_of(tmp_path) == [differing]
    for number in (1, 2, 3):
        (sync / f"audio/A_{number:06d}.npy").write_bytes(make_npy(silent))
    assert problems_of(tmp_path) == [("audio", "", "silent: every sample of microphone 0 is zero")]


def test_folder_that_stands_there_twice_is_a_problem(tmp_path, put_sequence):
    put_sequence(tmp_path)
    (tmp_path / "sync/Location_001").mkdir()
    ((modality, file, problem),) = problems_of(tmp_path)
    assert (modality, file) == ("", "")
    assert "Location_001 and Location_1 are the same folder twice" in problem
    assert str(tmp_path) not in problem  # the report is the same wherever the data lie


def test_table_of_problems_is_read_back(tmp_path):
    problems = [Problem("b", "audio", "f", 'a "quoted", comma'), Problem("a", "", "", "ü")]
    write_problems(tmp_path / "p.csv", problems)
    assert read_problems(tmp_path / "p.csv") == sorted(problems)


def test_damaged_tables_are_named(tmp_path):
    with pytest.raises(InputError, match=r"p\.csv: no such table"):
        read_problems(tmp_path / "p.csv")
    (tmp_path / "p.csv").write_text("a,b\n")
    with pytest.raises(InputError, match=r"p\.csv: not a table of problems"):
        read_problems(tmp_path / "p.csv")
    (tmp_path / "p.csv").write_text("sequence,modality,file,problem\na,b\n")
    with pytest.raises(InputError, match=r"p\.csv: not a table of problems \(line 2 has 2 cells"):
        read_problems(tmp_path / "p.csv")


def test_report_gathers_files_with_the_same_problem():
    file = "sync/Location_1/Subject_1/Action_0/audio/A_{}.npy".format
    problems = [Problem(NAME, "audio", file(i), "holds int16, not int32") for i in (10, 9, 11)]
    problems.append(Problem(NAME, "", "", "differing counts: 1 a|b"))
    lines = describe_check([ManifestRow("x", "y", 7, "00")], problems).splitlines()
    assert lines[2] == "2 sequences, 1 files, 7 bytes. **1 sequence is broken.**"
    assert lines[-2:] == [
        rf"| {NAME} | all | differing counts: 1 a\|b |  |  |",
        f"| {NAME} | audio | holds int16, not int32 | 3 | {file(9)} |",
    ]


def test_message_names_the_first_few(tmp_path):
    problems = [Problem(name, "", "", "p") for name in "edcba"]
    message = describe_broken(problems, "check.md", [])
    assert "5 sequences are broken (a, b, c, …)" in message


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def broken_data(here, put_sequence, make_npy, make_jpeg, make_mat):
    """A data set of 9 sequences, all but the first and the last broken, each in another way."""
    dataset = "describe-dataset --source AVIA --scenarios chamber --subjects 1 --sequence-seconds 1"
    classes = [f"class {i}" for i in range(9)]
    assert main([*dataset.split(), "--classes", *classes, "--output", "dataset.json"]) == 0
    names = [f"Location_01/Subject_01/Action_{i:03d}" for i in range(1, 10)]
    folders = [put_sequence(here / "raw", name) for name in names]
    shutil.rmtree(folders[1][1] / "video")
    (folders[2][0] / "MFCC_Image/Data_3.mat").unlink()
    for leaf, name in (("audio", "A_{:06d}.npy"), ("video", "I_{:06d}.jpeg")):
        (folders[3][1] / leaf / name.format(2)).unlink()
    (folders[3][0] / "MFCC_Image/Data_2.mat").unlink()
    (folders[4][1] / "video/I_000001.jpeg").write_bytes(make_jpeg()[:2000])
    (folders[5][1] / "audio/A_000001.npy").write_bytes(make_npy(np.zeros((1, 2), np.int32)))
    (folders[6][0] / "MFCC_Image/Data_1.mat").write_bytes(make_mat(np.zeros((2, 2, 2), np.int8)))
    (folders[7][0] / "MFCC_Image/Data_1.mat").write_bytes(b"")
    return names


def check_in_batches(names, size):
    batches = [names[i : i + size] for i in range(0, len(names), size)]
    shutil.rmtree("batches", ignore_errors=True)
    shutil.rmtree("problems", ignore_errors=True)
    for i, batch in enumerate(batches):
        options = f"--manifest batches/{i}.csv --problems problems/{i}.csv {TREES}"
        command = ["check-raw", "--dataset", "dataset.json", *options.split()]
        assert main([*command, "--sequences", *batch]) == 0
    manifests = [f"batches/{i}.csv" for i in range(len(batches))]
    problems = [f"problems/{i}.csv" for i in range(len(batches))]
    command = ["report-raw", "--manifest", "manifest.csv", "--report", "check.md"]
    return main([*command, "--manifests", *manifests, "--problems", *problems])


def test_one_report_names_every_broken_sequence(broken_data, tmp_path, capsys):
    assert check_in_batches(broken_data, 4) == 1
    (error,) = [line for line in capsys.readouterr().err.splitlines() if "error:" in line]
    assert error == (
        "avdistill report-raw: error: check.md: 7 sequences are broken (Location_01/Subject_01/"
        "Action_002, Location_01/Subject_01/Action_003, Location_01/Subject_01/Action_004, …); "
        "repair the files and delete problems, or list the sequences under dataset.missing, "
        "and run again"
    )
    assert not (tmp_path / "manifest.csv").exists()
    report = (tmp_path / "check.md").read_text()
    assert "9 sequences, 74 files" in report
    for name, problem in zip(
        broken_data[1:-1],
        [
            "video | missing modality",
            "all | differing counts: 2 acoustic, 3 audio, 3 video",
            "audio | gap in the numbering: 2",
            "video | not a whole JPEG",
            "audio | is 1 x 2, not microphones x 1024",
            "acoustic | MFCC holds int8, not floats",
            "acoustic | is empty",
        ],
        strict=True,
    ):
        assert f"| {name} | {problem}" in report
    for name in (broken_data[0], broken_data[-1]):
        assert name not in report


def test_report_does_not_depend_on_the_batches(broken_data, tmp_path, capsys):
    reports = set()
    for size in (1, 4, 9):
        assert check_in_batches(broken_data, size) == 1
        reports.add((tmp_path / "check.md").read_bytes())
    assert len(reports) == 1
    manifests = set()
    for size in (1, 2):
        assert check_in_batches([broken_data[0], broken_data[-1]], size) == 0
        manifests.add((tmp_path / "manifest.csv").read_bytes())
    assert len(manifests) == 1
    assert len(read_manifest(tmp_path / "manifest.csv")) == 18
    assert "No problem was found." in (tmp_path / "check.md").read_text()


def test_unknown_sequence_is_refused(broken_data, capsys):
    command = f"check-raw --dataset dataset.json {TREES} --manifest m.csv --problems p.csv"
    assert main([*command.split(), "--sequences", "Location_02/Subject_01/Action_001"]) == 1
    assert "dataset.json: has no sequence Location_02/Subject_01/Action_001" in (
        capsys.readouterr().err
    )


def check_folders(*options) -> int:
    command = "check-raw --dataset dataset.json --manifest m.csv --problems p.csv"
    return main([*command.split(), "--sequences", NAME, *options])


def test_trees_may_lie_apart_under_any_names_and_are_called_by_their_own(
    here, broken_data, tmp_path
):
    assert check_folders(*TREES.split()) == 0
    expected = (here / "m.csv").read_bytes(), (here / "p.csv").read_bytes()
    (here / "raw/matfiles").rename(here / "images")
    (here / "raw/sync").rename(here / "images/sound")  # one in the other
    assert check_folders("--matfiles", "images", "--sync", f"{tmp_path}/images/sound") == 0
    assert ((here / "m.csv").read_bytes(), (here / "p.csv").read_bytes()) == expected
    files = [row.file for row in read_manifest(here / "m.csv")]
    assert files[0] == "matfiles/Location_1/Subject_1/Action_0/MFCC_Image/Data_1.mat"
    assert {file.partition("/")[0] for file in files} == {"matfiles", "sync"}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("--sync raw/sync", "--matfiles: is missing; name the folder, or fewer modalities"),
        ("--sync absent --modalities audio", "absent: no such folder; correct the path"),
        ("--sync raw --modalities audio", "raw: holds no folder Location_1 or the like"),
    ],
)
def test_folders_that_are_no_trees_are_named(broken_data, capsys, options, message):
    assert check_folders(*options.split()) == 1
    assert message in capsys.readouterr().err


def test_a_tree_that_no_modality_lies_in_is_not_looked_at(here, broken_data):
    (here / "raw/matfiles/Location_001").mkdir()  # twice
    options = ["--modalities", "audio", "--matfiles", "raw/matfiles", "--sync", "raw/sync"]
    assert check_folders(*options) == 0
    assert read_problems(here / "p.csv") == []
    assert len(read_manifest(here / "m.csv")) == 3
