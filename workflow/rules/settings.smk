# The validated configuration, its plan, and functions of all rule files.

import shlex
import sys
from pathlib import Path

from snakemake.exceptions import WorkflowError

from avdistill.configuration.configuration import validate
from avdistill.errors import InputError
from avdistill.networks.registry import STUDENT_SECONDS
from avdistill.plan import Plan
from avdistill.provenance.code_digest import code_digest
from avdistill.provenance.reruns import RECORDS_BEGAN, input_digest
from avdistill.runs.run import STUDENTS, TEACHERS, Run
from avdistill.runs.settings import canonical

# `set` stands for Snakemake's own prefix, which this one replaces: a command that fails in a
# pipeline fails the job. PATH leads to the `avdistill` of this environment, however Snakemake was
# called.
shell.prefix(
    f"set -euo pipefail; PATH={shlex.quote(str(Path(sys.executable).parent))}:$PATH; "
)

try:
    settings = validate(config)
except InputError as error:
    raise WorkflowError(str(error))

plan = Plan(settings)
dataset = settings.description()
sequences = [sequence.name for sequence in dataset.sequences()]
batch_size = settings.dataset.sequences_per_job
batches = {
    f"{number:05d}": sequences[start : start + batch_size]
    for number, start in enumerate(range(0, len(sequences), batch_size))
}
simulated = settings.dataset.source == "simulation"
threads_of_tensorflow = settings.training.tensorflow_threads
teacher_folder, student_folder = f"results/{TEACHERS}", f"results/{STUDENTS}"


wildcard_constraints:
    batch=r"\d{5}",
    scope="|".join(dataset.scopes),
    network=r"[a-z0-9_]+",
    supervision=r"[a-z0-9_]+",
    ensemble="|".join(settings.ensembles) or "none",
    backbone=r"(temporal_)?resnet50(_[a-z0-9]+)?",
    seed=r"\d+",
    slice=r"\d+",
    run=r"(teachers|students)/[a-z0-9_/]+",


# Snakemake compares a rule's parameters with those of the job that made its results, and runs it
# again if one differs: `code` is a digest of what the code does, `settings` is all else that
# decides the result. A parameter whose function takes `input` or `output` is not compared. So
# these say how a job is run and where its files are, which decides no result.


def code(verb):
    """Digest of the code that decides the results of a command."""
    return lambda wildcards: code_digest(f"commands.{verb}")


def network_code(verb):
    """The same, for a command that works on the network in the wildcard."""
    return lambda wildcards: code_digest(
        f"commands.{verb}", f"networks.{wildcards.network}"
    )


def contents(files):
    """Digest of the user's files: by times alone, an older file that is put back goes unnoticed."""
    return lambda wildcards: input_digest(*files)


def settings_of(section):
    """Settings of a job for the run in the wildcards, as JSON."""
    return lambda wildcards: canonical(section(Run.from_wildcards(wildcards)))


def inputs_of(files):
    """Input files of a job for the run in the wildcards."""
    return lambda wildcards: files(Run.from_wildcards(wildcards))


def input_options(wildcards, input):
    """A job's input files, as options of its command."""
    roles = ("dataset", "records", "split", "statistics", "features")
    roles += ("soft_labels", "grid", "weights")
    return [
        word
        for role, file in input.items()
        if role in roles
        for word in (f"--{role.replace('_', '-')}", file)
    ]


def execution_options(name, *, caches=True):
    """Options of how a training is run: where it keeps decoded images and logs its progress."""

    def options(wildcards, input):
        folder = name.format(**wildcards)
        words = ["--cache", settings.training.cache] if caches else []
        words += ["--live", f"results/live/{folder}"]
        if settings.training.tensorboard:
            words += ["--tensorboard", f"results/tensorboard/{folder}"]
        return words

    return options


def files_below(folder, key):
    """All files below a folder of the user's, as inputs: a changed file runs their rule again."""
    if not Path(folder).is_dir():
        raise WorkflowError(
            f"{key}: there is no folder {folder}; correct the path, or leave the key out"
        )
    return sorted(str(path) for path in Path(folder).rglob("*") if path.is_file())


def sequences_of_batch(wildcards):
    return batches[wildcards.batch]


def results_of(runs, file):
    """One file of each run."""
    return [run.file(file) for run in runs]


def labels_of(**more):
    """Labels of a run's figure in the report."""
    return lambda wildcards: Run.from_name(wildcards.run).labels | more


def parent(item, levels=1):
    """The folder of an input or output, by the item's name, as a parameter of a rule."""

    def folder(wildcards, input, output):
        files = {**dict(input.items()), **dict(output.items())}
        file = files[item] if isinstance(files[item], str) else files[item][0]
        return str(Path(file).parents[levels - 1])

    return folder


def folders_of(item):
    """Folders of an input's files, as a parameter of a rule."""
    return lambda wildcards, input: [str(Path(file).parent) for file in input[item]]
