"""What a run plans: which jobs a configuration asks for, and what makes it stop."""

import json
import re
import shlex

import pytest
import yaml

pytestmark = pytest.mark.workflow


def options(**sections):
    """Lay sections over the configuration."""
    return ["--config", *(f"{key}={json.dumps(value)}" for key, value in sections.items())]


def commands(workspace, target, *more):
    """List the commands that a dry run would run, and the reason for each."""
    run = workspace.snakemake("--cores", "2", "--dry-run", "--printshellcmds", *more, "--", target)
    return re.findall(r"^Reason: (.*)\nShell command: avdistill (.*)", run.stdout, re.MULTILINE)


def test_statistics_and_soft_labels_are_made_for_students_that_use_them(fresh):
    sections = options(
        scopes=["all", "scenario1"],
        teachers={"avnet": {"epochs": 1}},
        students={
            "hearnet": {"supervision": ["ground_truth"], "scopes": ["scenario1"]},
            "soundnet": {"supervision": ["dualcamnet"], "scopes": ["all"]},
        },
        ensembles={"unused": ["dualcamnet", "avnet"]},
        grid={"scope": "each"},
    )
    planned = [command for _, command in commands(fresh, "all", *sections)]
    (statistics,) = [one for one in planned if one.startswith("compute-statistics")]
    assert "--output results/statistics/scenario1.npz " in statistics
    (labels,) = [one for one in planned if one.startswith("export-soft-labels")]
    assert "--output results/soft_labels/all/dualcamnet/seed0.parquet " in labels


def test_grids_are_drawn_of_searched_scopes_whatever_an_ensemble_is_called(fresh):
    sections = options(
        scopes=["all", "scenario1"],
        teachers={"avnet": {"epochs": 1}},
        students={"hearnet": {"supervision": ["all"]}},
        ensembles={"all": ["dualcamnet", "avnet"]},
        grid={"scope": "all"},
    )
    planned = [command for _, command in commands(fresh, "figures", *sections)]
    (drawn,) = [one for one in planned if one.startswith("draw-grid")]
    assert "results/figures/students/all/hearnet/all/seed0/grid.png" in drawn


def settings_in(command):
    """Return the settings that a command is given."""
    words = shlex.split(command)
    return json.loads(words[words.index("--settings") + 1])


def test_convolutions_over_time_are_trained_on_each_scope_of_their_own_backbone(fresh):
    sections = options(
        teachers={"resnet50": {}, "temporal_resnet50": {"epochs": 7, "learning_rate": 0.002}},
        vision={"train_temporal": True},
        training={"tensorboard": True},
    )
    planned = [command for _, command in commands(fresh, "vision", *sections)]
    plain, temporal = sorted(
        (one for one in planned if one.startswith("prepare-backbone")), key=len
    )
    for option in ("split", "live", "tensorboard"):
        assert f" --{option} " not in plain
    assert "--output results/vision/resnet50 " in plain
    assert settings_in(plain)["temporal_training"] is None
    assert "--output results/vision/temporal_resnet50_all " in temporal
    settings = settings_in(temporal)
    assert (settings["scope"], settings["recalibrate"]) == ("all", False)
    training = settings["temporal_training"]
    assert training["learning_rate"] == 0.002
    assert (training["fitting"]["epochs"], training["fitting"]["batch_size"]) == (7, 32)
    for option in ("live", "tensorboard"):
        assert f" --{option} results/{option}/vision/temporal_resnet50_all " in temporal
    for network in ("resnet50", "temporal_resnet50_all"):
        wanted = f"results/vision/{network}/manifest.csv"
        assert [one for one in planned if f"--output {wanted} " in one]


def gpus_of(command):
    """Return the GPUs that a command must have, and whether precision is mixed."""
    if option := re.search(r" --gpus (\d)", command):
        return int(option[1]), False
    if " --settings " not in command:
        return 0, False
    settings = settings_in(command)
    training = settings.get("temporal_training") or settings
    fitting = training.get("fitting", {})
    return fitting.get("gpus", 0), fitting.get("mixed_precision", False)


def test_training_takes_all_gpus_of_a_job_and_features_take_one(fresh):
    sections = options(
        teachers={"dualcamnet": {"epochs": 1}, "temporal_resnet50": {"epochs": 1}},
        vision={"train_temporal": True},
        training={"gpus": 2, "mixed_precision": True},
    )
    planned = [command for _, command in commands(fresh, "all", *sections)]
    found = {verb: set() for verb in (command.split()[0] for command in planned)}
    for command in planned:
        found[command.split()[0]].add(gpus_of(command))
    training = {"train-teacher", "search-grid", "prepare-backbone"}
    assert training <= found.keys()
    for verb, asked in found.items():
        other = {(1, False)} if verb == "compute-features" else {(0, False)}
        assert asked == ({(2, True)} if verb in training else other), verb


def test_features_are_computed_as_soon_as_their_own_records_are_there(fresh):
    planned = commands(fresh, "vision", *options(teachers={"resnet50": {}}))
    computed = [one for one in planned if one[1].startswith("compute-features")]
    assert len(computed) == 2
    for reason, command in computed:
        (batch,) = re.findall(r"--output results/vision/resnet50/batches/(\d+)\.csv", command)
        assert f"--records results/records/batches/{batch}.csv " in command
        assert f"results/records/batches/{batch}.csv" in reason
        assert "results/records/manifest.csv" not in reason


def test_every_file_of_a_checkpoint_is_an_input(fresh):
    parts = ["slim.ckpt.data-00000-of-00002", "slim.ckpt.data-00001-of-00002", "slim.ckpt.index"]
    for name in parts:
        (fresh / name).touch()
    sections = options(
        teachers={"resnet50": {}},
        vision={"weights": "file", "file": "slim.ckpt", "sha256": "0" * 64},
    )
    graph = fresh.snakemake("--filegraph", *sections, "--", "vision").stdout
    assert sorted(set(re.findall(r"slim\.ckpt[\w.-]*", graph))) == parts
    (fresh / "slim.ckpt.index").unlink()
    run = fresh.snakemake("--cores", "2", "--dry-run", *sections, "--", "vision", check=False)
    assert run.returncode != 0
    assert re.search(
        r"Missing input files for rule prepare_backbone.*slim\.ckpt\n", run.stdout, re.S
    )


@pytest.mark.parametrize(
    ("source", "section", "tree", "unpacking"),
    [
        ("folders", {"sync": "my data"}, "'my data'", []),
        (
            "archive",
            {"address": "avia.tar", "size": 1, "sha256": "0" * 64},
            "results/raw/sync",
            ["sync"],
        ),
    ],
)
def test_only_trees_of_the_modalities_are_read(fresh, source, section, tree, unpacking):
    values = yaml.safe_load((fresh / "config/micro.yaml").read_text())
    values["dataset"] |= {"source": source, source: section, "modalities": ["audio", "video"]}
    values["teachers"] = {}
    values["students"]["hearnet"]["supervision"] = ["ground_truth"]
    (fresh / "deaf.yaml").write_text(yaml.safe_dump(values))
    planned = [command for _, command in commands(fresh, "all", "--configfile", "deaf.yaml")]
    taken = re.findall(r"unpack-raw .* --trees (.*) --raw results/raw ", "\n".join(planned))
    assert taken == unpacking
    for verb in ("check-raw", "convert-records"):
        reading = [command for command in planned if command.startswith(verb)]
        assert len(reading) == 2
        for command in reading:
            assert f" --sync {tree} " in command
            assert "--matfiles" not in command
            assert " --modalities audio video " in command


@pytest.mark.parametrize("name", ["esc10", "dcase2018"])
def test_an_absent_folder_is_named_before_any_job(fresh, name):
    sections = options(transfer={name: {"folder": "nowhere"}})
    run = fresh.snakemake("--cores", "2", "--dry-run", *sections, check=False)
    assert run.returncode != 0
    assert f"transfer.{name}.folder: there is no folder nowhere" in run.stdout
    assert "Traceback" not in run.stdout


def test_a_verb_that_fails_fails_its_job_also_where_the_output_is_there(fresh):
    rule = 'rule broken:\n    output: "done"\n    shell: "touch {output}; false | tee log"\n'
    with (fresh / "Snakefile").open("a") as file:
        file.write(f"\n\n{rule}")
    run = fresh.snakemake("--cores", "1", "--", "done", check=False)
    assert run.returncode != 0
    assert "MissingOutputException" not in run.stdout
    assert not (fresh / "done").exists()
