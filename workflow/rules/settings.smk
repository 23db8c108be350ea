# The validated configuration and what every rule file takes from it.

import shlex
import sys
from pathlib import Path

from snakemake.exceptions import WorkflowError

from avdistill.configuration.configuration import validate
from avdistill.errors import InputError
from avdistill.networks.registry import NETWORKS
from avdistill.provenance.sources import source_files
from avdistill.records.caches import CACHES

# A prefix replaces Snakemake's own, which makes a verb's failure that of its whole pipeline. Then
# the `avdistill` command of this very environment, however Snakemake was called.
shell.prefix(
    f"set -euo pipefail; PATH={shlex.quote(str(Path(sys.executable).parent))}:$PATH; "
)

try:
    settings = validate(config)
except InputError as error:
    raise WorkflowError(str(error))

dataset = settings.description()
sequences = [sequence.name for sequence in dataset.sequences()]
batch_size = settings.dataset.sequences_per_job
batches = {
    f"{number:05d}": sequences[start : start + batch_size]
    for number, start in enumerate(range(0, len(sequences), batch_size))
}
simulated = settings.dataset.source == "simulation"
# Networks are trained on some scopes, and tested or transferred to the others too.
scopes_in_use = (
    dataset.scopes
    if settings.evaluation.across_scopes or settings.transfer.scopes
    else settings.scopes
)
threads_of_tensorflow = settings.training.tensorflow_threads


# Teachers that use features of video frames.
SEEING = [name for name, spec in NETWORKS.items() if spec.uses_video_features]


wildcard_constraints:
    batch=r"\d{5}",
    scope="|".join(dataset.scopes),
    network=r"[a-z0-9_]+",
    supervision=r"[a-z0-9_]+",
    ensemble="|".join(settings.ensembles) or "none",
    backbone=r"(temporal_)?resnet50(_[a-z0-9]+)?",
    seed=r"\d+",
    slice=r"\d+",
    role=r"(teachers|students)/[a-z0-9_/]+",


def code(verb):
    """Source files that the results of a verb depend on."""
    return source_files(f"commands.{verb}")


def network_code(verb):
    """The same, for a verb that works on the network named by the wildcard."""
    return lambda wildcards: source_files(
        f"commands.{verb}", f"networks.{wildcards.network}"
    )


def files_below(folder, key):
    """Files of somebody's folder, as inputs: a changed recording reruns what is made of it."""
    if not Path(folder).is_dir():
        raise WorkflowError(
            f"{key}: there is no folder {folder}; correct the path, or leave the key out"
        )
    return sorted(str(path) for path in Path(folder).rglob("*") if path.is_file())


def sequences_of_batch(wildcards):
    return batches[wildcards.batch]


crop_options = ["--crop-seed", settings.crops.seed]
if settings.crops.per_sequence is not None:
    crop_options += ["--crops-per-sequence", settings.crops.per_sequence]
if settings.crops.fresh:
    crop_options += ["--fresh-crops"]


# Of a job's GPUs: training takes all, and what only looks at frames takes one.
gpus_of = {"training": settings.training.gpus, "seeing": min(1, settings.training.gpus)}


def gpu_options(use):
    options = ["--gpus", gpus_of[use]] if gpus_of[use] else []
    if use == "training" and settings.training.mixed_precision:
        options += ["--mixed-precision"]
    return options


def cache_option(wildcards, resources):
    """Where images are kept: from a resource, which unlike params reruns nothing.

    A number, since jobs with different words as a resource could not go into one group.
    """
    return ["--cache", CACHES[resources.cached]]


def watching_options(role):
    """Where a run logs its progress: side effects, no outputs; TensorBoard's if asked, likewise."""

    def options(wildcards, resources):
        name = role.format(**wildcards)
        folders = ["--live", f"results/live/{name}"]
        if resources.tensorboard:
            folders += ["--tensorboard", f"results/tensorboard/{name}"]
        return folders

    return options


def labels_of(role, **more):
    """Labels of a network's figure in the report, from the folder of its results."""
    kind, scope, network, *supervision, seed = role.split("/")
    return {
        "network": network,
        "supervision": supervision[0] if supervision else "ground_truth",
        "scope": scope,
        "seed": seed.removeprefix("seed"),
        **more,
    }


def parent(item, levels=1):
    """The folder of an input or output, by the item's name, as a parameter of a rule."""

    def folder(wildcards, input, output):
        files = {**dict(input.items()), **dict(output.items())}
        file = files[item] if isinstance(files[item], str) else files[item][0]
        return str(Path(file).parents[levels - 1])

    return folder
