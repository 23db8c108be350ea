# The validated configuration, its plan, and what every rule file takes from them.

import shlex
import sys
from pathlib import Path

from snakemake.exceptions import WorkflowError

from avdistill.configuration.configuration import validate
from avdistill.errors import InputError
from avdistill.plan import Plan
from avdistill.provenance.code_digest import code_digest
from avdistill.provenance.input_digest import input_digest
from avdistill.provenance.unrecorded_results import RECORDS_BEGAN
from avdistill.runs.run import STUDENTS, TEACHERS, Run
from avdistill.runs.settings import canonical

# A prefix replaces Snakemake's own, which makes a verb's failure that of its whole pipeline. Then
# the `avdistill` command of this very environment, however Snakemake was called.
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


# A rule's parameters are compared with those that its results were made with, and another value
# runs it again: `code` by what the code does, `settings` by all that decides the result. Not
# compared are parameters whose function takes `input` or `output`: how a job is run, and where its
# files are. (Snakemake tells them apart by that.)


def code(verb):
    """Digest of the code that the results of a verb depend on."""
    return lambda wildcards: code_digest(f"commands.{verb}")


def network_code(verb):
    """The same, for a verb that works on the network named by the wildcard."""
    return lambda wildcards: code_digest(
        f"commands.{verb}", f"networks.{wildcards.network}"
    )


def contents(files):
    """Digest of the user's files: by time alone, one that was put back would not be noticed."""
    return lambda wildcards: input_digest(*files)


def settings_of(section):
    """The settings of a job about the run that the wildcards name."""
    return lambda wildcards: canonical(section(Run.from_wildcards(wildcards)))


def inputs_of(files):
    """Input files of a job about the run that the wildcards name."""
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
    """How a training is run: where images are kept, and where its progress is logged."""

    def options(wildcards, input):
        folder = name.format(**wildcards)
        words = ["--cache", settings.training.cache] if caches else []
        words += ["--live", f"results/live/{folder}"]
        if settings.training.tensorboard:
            words += ["--tensorboard", f"results/tensorboard/{folder}"]
        return words

    return options


def files_below(folder, key):
    """Files of somebody's folder, as inputs: a changed recording reruns what is made of it."""
    if not Path(folder).is_dir():
        raise WorkflowError(
            f"{key}: there is no folder {folder}; correct the path, or leave the key out"
        )
    return sorted(str(path) for path in Path(folder).rglob("*") if path.is_file())


def sequences_of_batch(wildcards):
    return batches[wildcards.batch]


def results_of(runs, file):
    """One file of each run's results."""
    return [run.file(file) for run in runs]


def labels_of(**more):
    """Labels of a network's figure in the report."""
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
