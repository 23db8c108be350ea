"""What a job is asked for, and what an interrupted one must share with the one that goes on."""

import json
import shlex
import shutil

import pytest

from avdistill.cli import build_parser
from avdistill.commands import prepare_backbone, search_grid, select_student, train_teacher
from avdistill.errors import InputError
from avdistill.options.job_settings import describe, read_inputs, read_job
from avdistill.provenance import code_digest
from avdistill.runs.run_file import write_run_file
from avdistill.runs.settings import (
    BackboneSettings,
    SearchSettings,
    StudentSettings,
    TeacherSettings,
)

SETTINGS = {
    "network": "dualcamnet",
    "scope": "all",
    "learning_rate": 1e-3,
    "fitting": {"epochs": 2},
}


@pytest.fixture
def files(tmp_path):
    """Three files that nearly every job takes, as options."""
    options = []
    for role in ("dataset", "records", "split"):
        (tmp_path / role).write_text(role)
        options += [f"--{role}", str(tmp_path / role)]
    return options


def parse(verb, *options):
    return build_parser().parse_args([verb, *map(str, options)])


def describe_teacher(*options, settings=SETTINGS):
    words = ["--settings", json.dumps(settings)] if settings else []
    arguments = parse("train-teacher", *words, "--output", "out", *options)
    return describe(arguments, *read_job(arguments, TeacherSettings))


@pytest.mark.parametrize(
    "change",
    [
        {"seed": 1},
        {"learning_rate": 1e-4},
        {"scope": "scenario1"},
        {"tensorflow_threads": 1},
        {"fitting": {"epochs": 3}},
        {"fitting": {"epochs": 2, "crops": {"fresh": True}}},
        {"fitting": {"epochs": 2, "batch_size": 8}},
        {"fitting": {"epochs": 2, "gpus": 1}},
        {"fitting": {"epochs": 2, "mixed_precision": True}},
    ],
)
def test_what_changes_weights_makes_another_job(files, change):
    job, other = (describe_teacher(*files, settings=SETTINGS | some) for some in ({}, change))
    assert job.identity() != other.identity()


@pytest.mark.parametrize(
    "change",
    [
        "--cache disk",
        "--output elsewhere",
        "--records {folder}/moved",
        "--live logs",
        "--tensorboard events",
    ],
)
def test_what_changes_no_weights_does_not(files, tmp_path, change):
    shutil.copy(tmp_path / "records", tmp_path / "moved")
    options = change.format(folder=tmp_path).split()
    assert describe_teacher(*files, *options).identity() == describe_teacher(*files).identity()


def test_files_count_by_their_content(files, tmp_path):
    for name in ("a", "b", "c"):
        (tmp_path / name).write_text("sequence" if name < "c" else "other")
    a, b, c = (describe_teacher(*files, "--split", tmp_path / name).identity() for name in "abc")
    assert a == b != c


@pytest.mark.parametrize(
    ("file", "is_same"),
    [
        ("figures/style.py", {"dualcamnet": True, "resnet50": True}),
        ("networks/dualcamnet.py", {"dualcamnet": False, "resnet50": True}),
        ("training/fitting.py", {"dualcamnet": False, "resnet50": False}),
        ("options/jobs.py", {"dualcamnet": False, "resnet50": False}),
    ],
)
def test_changed_code_makes_another_job_of_what_it_is_used_for(
    files, tmp_path, monkeypatch, file, is_same
):
    def codes():
        return [describe_teacher(*files, settings=SETTINGS | {"network": n}).code for n in is_same]

    before, package = codes(), tmp_path / "avdistill"
    shutil.copytree(code_digest.PACKAGE, package)
    with (package / file).open("a") as handle:
        handle.write("changed = 1\n")
    monkeypatch.setattr(code_digest, "PACKAGE", package)
    assert [one == other for one, other in zip(codes(), before, strict=True)] == [*is_same.values()]


@pytest.mark.parametrize("old", ['help="split of the scope (CSV)"', 'help="folder to write"'])
def test_a_help_text_makes_no_other_job(files, tmp_path, monkeypatch, old):
    before, package = describe_teacher(*files).code, tmp_path / "avdistill"
    shutil.copytree(code_digest.PACKAGE, package)
    text = (package / "options/jobs.py").read_text()
    assert old in text
    (package / "options/jobs.py").write_text(text.replace(old, 'help="something else"'))
    monkeypatch.setattr(code_digest, "PACKAGE", package)
    assert describe_teacher(*files).code == before


@pytest.mark.parametrize(
    ("command", "kind"),
    [
        (train_teacher, TeacherSettings),
        (search_grid, SearchSettings),
        (select_student, StudentSettings),
        (prepare_backbone, BackboneSettings),
    ],
)
def test_the_examples_of_the_commands_are_jobs(command, kind):
    _, verb, *options = shlex.split(command.COMMAND.example)
    settings, _ = read_job(parse(verb, *options), kind, required=())
    assert isinstance(settings, kind)


def test_settings_may_be_in_a_file(files, tmp_path):
    (tmp_path / "settings.json").write_text(json.dumps(SETTINGS))
    options = ("--settings", tmp_path / "settings.json", "--output", "out", *files)
    settings, inputs = read_job(parse("train-teacher", *options), TeacherSettings)
    assert settings == TeacherSettings(**SETTINGS)
    assert inputs.split == tmp_path / "split"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ([], "give either --settings, or --run with an earlier job's run.json"),
        (["--settings", "{}", "--run", "run.json"], "give either --settings, or --run"),
        (["--settings", "{"], "--settings: not valid JSON"),
        (["--settings", "absent.json"], "absent.json: no such file"),
        (["--settings", '{"network": "dualcamnet"}'], "--settings: wrong settings\n  scope: is"),
        (["--settings", json.dumps(SETTINGS)], "--dataset is not given"),
        (["--settings", json.dumps(SETTINGS), "--dataset", "a"], "--records is not given"),
        (["--run", "absent.json"], "absent.json: no such file"),
    ],
)
def test_what_is_not_given_or_wrong_is_one_message(options, message):
    with pytest.raises(InputError) as error:
        read_job(parse("train-teacher", *options, "--output", "out"), TeacherSettings)
    assert message in str(error.value)


def test_a_selection_needs_its_slices(files):
    settings = '{"network": "hearnet", "scope": "all"}'
    arguments = parse("select-student", "--settings", settings, "--output", "out", *files)
    with pytest.raises(InputError, match="--slices is not given"):
        read_job(arguments, StudentSettings, required=("dataset", "slices"))
    slices = ("--slices", "a/cells.csv", "b/cells.csv")
    arguments = parse("select-student", "--settings", settings, "--output", "out", *slices)
    assert [str(path) for path in read_inputs(arguments).slices] == ["a/cells.csv", "b/cells.csv"]


@pytest.fixture
def earlier(files, tmp_path):
    """Path of the run.json of an earlier job."""
    write_run_file(tmp_path, describe_teacher(*files))
    return tmp_path / "run.json"


def test_a_run_file_gives_settings_and_inputs_and_options_count_besides(earlier, files, tmp_path):
    arguments = parse("train-teacher", "--run", earlier, "--output", "elsewhere")
    settings, inputs = read_job(arguments, TeacherSettings)
    assert settings == TeacherSettings(**SETTINGS)
    assert inputs.files() == {role: tmp_path / role for role in ("dataset", "records", "split")}
    shutil.copy(tmp_path / "split", tmp_path / "other")
    options = ("--run", earlier, "--split", tmp_path / "other", "--output", "elsewhere")
    _, inputs = read_job(parse("train-teacher", *options), TeacherSettings)
    assert (inputs.split, inputs.records) == (tmp_path / "other", tmp_path / "records")


def test_the_same_job_is_repeated_without_a_message(earlier, capsys):
    assert describe_teacher("--run", earlier, settings=None).code
    assert capsys.readouterr().err == ""


def test_changed_files_and_code_are_reported(earlier, tmp_path, capsys):
    (tmp_path / "split").write_text("other sequences")
    value = json.loads(earlier.read_text())
    earlier.write_text(json.dumps(value | {"code": "0" * 64}))
    describe_teacher("--run", earlier, settings=None)
    message = f"{earlier}: --split, the code changed since; results may differ\n"
    assert capsys.readouterr().err == message


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"command": "search-grid"}, "is of search-grid, not of train-teacher; name a run.json"),
        ({"settings": {"network": "dualcamnet"}}, "run.json: wrong settings\n  scope: is missing"),
        ({"inputs": {"folder": "a"}}, "how a run was made\n  inputs.folder: there is no such key"),
        ({"code": 1}, "run.json: does not say how a run was made\n  code: input should be a valid"),
    ],
)
def test_a_run_file_of_something_else_is_one_message(earlier, change, message):
    value = json.loads(earlier.read_text())
    earlier.write_text(json.dumps(value | change))
    with pytest.raises(InputError) as error:
        describe_teacher("--run", earlier, settings=None)
    assert message in str(error.value)


def test_an_input_that_is_gone_is_named(earlier, tmp_path):
    (tmp_path / "records").unlink()
    with pytest.raises(InputError, match="records: no such file; run the rule that makes it"):
        describe_teacher("--run", earlier, settings=None)
