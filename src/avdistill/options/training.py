"""Command-line options that several verbs of this phase have in common."""

import hashlib
import re
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from pathlib import Path
from typing import Any

from avdistill.errors import InputError
from avdistill.files.manifest import file_sha256
from avdistill.networks.registry import NetworkSpec
from avdistill.provenance.sources import PACKAGE, source_files
from avdistill.records.caches import CACHES

MANIFEST_FILE = "manifest.csv"  # of what a folder holds, as the workflow calls it
_WITHOUT_INFLUENCE = {"cache", "live", "output", "records", "run", "tensorboard"}  # on weights


def add_data_options(
    parser: ArgumentParser, *, statistics: bool = False, features: bool = False
) -> None:
    """Say where the data are, and what else a network's inputs are made with."""
    parser.add_argument("--dataset", required=True, type=Path, help="dataset.json")
    parser.add_argument("--records", required=True, type=Path, help="folder of the records")
    parser.add_argument("--manifest", required=True, type=Path, help="manifest of the records")
    parser.add_argument("--split", required=True, type=Path, help="split of the scope (CSV)")
    if statistics:
        parser.add_argument(
            "--statistics",
            type=Path,
            help="bounds of the scope's spectrograms; for students that hear spectrograms, and "
            "only these",
        )
    if features:
        parser.add_argument(
            "--features",
            type=Path,
            help="folder of a backbone, with its features and their manifest.csv; for networks "
            "that see frames, and only these",
        )


def add_run_options(parser: ArgumentParser) -> None:
    """Say what of a run names it and decides chance."""
    parser.add_argument("--scope", required=True, help="`scenario1` and so on, or `all`")
    parser.add_argument("--seed", required=True, type=whole, help="seed of the run")
    add_thread_option(parser)


def add_thread_option(parser: ArgumentParser) -> None:
    """Fix TensorFlow's threads."""
    parser.add_argument(
        "--tensorflow-threads",
        type=positive,
        default=2,
        help="threads of TensorFlow; results depend on it (default: 2)",
    )


def add_gpu_option(parser: ArgumentParser) -> None:
    """Say how many GPUs there must be."""
    parser.add_argument(
        "--gpus",
        type=whole,
        default=0,
        help="GPUs that there must be, and that are used; results depend on it (default: 0: none "
        "must be, one is used if there is)",
    )


def add_precision_option(parser: ArgumentParser) -> None:
    """Choose the precision of training."""
    parser.add_argument(
        "--mixed-precision",
        action="store_true",
        help="train in float16 with the loss in float32, for GPUs; everything else is in float32",
    )


def add_fitting_options(parser: ArgumentParser) -> None:
    """Say how a network is fitted."""
    parser.add_argument("--epochs", required=True, type=positive, help="epochs")
    parser.add_argument("--batch-size", type=positive, default=32, help="default: 32")
    parser.add_argument(
        "--crop-seed", type=whole, default=42, help="seed of the training crops (default: 42)"
    )
    parser.add_argument(
        "--crops-per-sequence",
        type=positive,
        help="training crops of a sequence (default: as many as fit side by side)",
    )
    parser.add_argument(
        "--fresh-crops", action="store_true", help="draw new training crops in every epoch"
    )
    parser.add_argument(
        "--cache",
        choices=CACHES,
        default="memory",
        help="where decoded acoustic images are kept between epochs: in memory, on disk below "
        "TMPDIR, or nowhere; concerns nothing else (default: memory)",
    )
    add_watching_options(parser)


def add_watching_options(parser: ArgumentParser) -> None:
    """Say where a training's progress is logged."""
    parser.add_argument(
        "--live",
        type=Path,
        metavar="FOLDER",
        help="folder for this run alone, where DVCLive logs every epoch as soon as it ends "
        "(default: no such log)",
    )
    parser.add_argument(
        "--tensorboard",
        type=Path,
        metavar="FOLDER",
        help="folder for this run alone, where the same is logged for TensorBoard (default: no "
        "such log)",
    )


def check_inputs(arguments: Namespace, spec: NetworkSpec) -> None:
    """See that `--statistics` and `--features` are given to the networks that need them alone.

    Raises
    ------
    InputError : one is missing, or given to a network that has no use for it.
    """
    needed = {"statistics": spec.uses_statistics, "features": spec.uses_video_features}
    for option, is_needed in needed.items():
        if is_needed != (getattr(arguments, option, None) is not None):
            mend = "give its" if is_needed else "leave out"
            raise InputError(f"{spec.name} takes {spec.modality} input; {mend} --{option}")


def check_supervision(name: str) -> None:
    """See that a supervision's name can be part of folders' names; an ensemble may have any such.

    Raises
    ------
    InputError : it cannot.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise InputError(
            f"supervision {name!r}: use lower-case letters, digits and underscores, a letter first"
        )


def identity_of(arguments: Namespace, network: str) -> dict[str, Any]:
    """Say what a network's weights depend on: settings, and digests of the files that are named.

    Records and features are stood for by their manifests, the code by its source files.
    """
    identity = {"code": _code_digest(arguments.verb, network)}
    for name, value in sorted(vars(arguments).items()):
        if name in _WITHOUT_INFLUENCE:
            continue
        if isinstance(value, Path):
            file = value / MANIFEST_FILE if value.is_dir() else value
            value = file_sha256(file) if file.is_file() else None  # noqa: PLW2901
        identity[name] = value
    return identity


def _code_digest(verb: str, network: str) -> str:
    files = source_files(f"commands.{verb.replace('-', '_')}", f"networks.{network}")
    listing = [
        f"{file} {file_sha256(PACKAGE / file.removeprefix('src/avdistill/'))}\n" for file in files
    ]
    return hashlib.sha256("".join(listing).encode()).hexdigest()


def positive(text: str) -> int:
    """Read a whole number from 1."""
    return _number(text, 1)


def whole(text: str) -> int:
    """Read a whole number from 0."""
    return _number(text, 0)


def _number(text: str, least: int) -> int:
    if not text.isdecimal() or int(text) < least:
        raise ArgumentTypeError(f"{text!r} is not a whole number from {least}")
    return int(text)


def rate(text: str) -> float:
    """Read a learning rate: a finite number above 0."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < float("inf"):
        raise ArgumentTypeError(f"{text!r} is not a finite number above 0")
    return value
