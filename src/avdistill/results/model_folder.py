"""The folder of a trained network: `model.keras`, and `model.json` for prediction."""

import json
import re
import warnings
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import numpy as np

from avdistill.avia.dataset import DatasetDescription
from avdistill.avia.vocabulary import SAMPLE_RATE
from avdistill.errors import InputError, explain_errors
from avdistill.files.atomic import atomic_file, read_json, write_json
from avdistill.networks.registry import NetworkSpec, network_spec
from avdistill.records.audio import NETWORK_SAMPLE_RATE, NUM_BINS, NoiseBins, Statistics

if TYPE_CHECKING:
    import keras

MODEL_FILE = "model.keras"
DESCRIPTION_FILE = "model.json"

_BOUNDS = ("minimum", "maximum")
_FIXED_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest date in a zip archive
_KINDS = {
    "network": str,
    "classes": list,
    "scenarios": list,
    "scope": str,
    "split": str,
    "supervision": str,
    "seed": int,
    "initial_weights": str,
    "teacher_initial_weights": (str, type(None)),
    "backbone": (str, type(None)),
    "data_source": str,
    "input": str,
    "length_seconds": int,
    "frames": (list, type(None)),
    "sample_rate_recorded": int,
    "sample_rate_network": int,
    "statistics": (dict, type(None)),
}


def save_model(model: "keras.Model", path: Path) -> None:
    """Write architecture and weights as `.keras`, atomically; equal models give equal bytes.

    Optimizer and loss are not kept. Keras writes the date and memory addresses into the archive,
    and zip writes the date into every entry. All of these are replaced by fixed values.
    """
    import keras  # noqa: PLC0415, TensorFlow starts with it

    bare = keras.Model(model.inputs, model.outputs, name=model.name)
    with atomic_file(path) as partial:
        with warnings.catch_warnings():
            # Keras converts tensors in a way that NumPy 2 warns of; users cannot change that.
            warnings.filterwarnings("ignore", "__array__ implementation", DeprecationWarning)
            bare.save(partial)
        with zipfile.ZipFile(partial) as dated:
            contents = {name: dated.read(name) for name in sorted(dated.namelist())}
        metadata = json.loads(contents["metadata.json"]) | {"date_saved": "1980-01-01@00:00:00"}
        contents["metadata.json"] = json.dumps(metadata)
        contents["config.json"] = _without_addresses(contents["config.json"].decode())
        with zipfile.ZipFile(partial, "w") as fixed:
            for name, content in contents.items():
                fixed.writestr(zipfile.ZipInfo(name, _FIXED_DATE), content)


def _without_addresses(config: str) -> str:
    """Return a configuration with numbers for the memory addresses of shared objects."""
    numbers: dict[str, int] = {}
    return re.sub(
        r'(?<="shared_object_id": )\d+',
        lambda match: str(numbers.setdefault(match[0], len(numbers) + 1)),
        config,
    )


def load_model(path: Path) -> "keras.Model":
    """Return the model of a `.keras` file, for prediction; Keras's safe mode runs no code in it.

    Raises
    ------
    InputError : the file is missing or damaged, or has an unknown layer.
    """
    import keras  # noqa: PLC0415, TensorFlow starts with it

    path = Path(path)
    if not path.is_file():
        raise InputError(f"{path}: no such model; run the rule that makes it")
    # Keras, zipfile and h5py raise many exceptions for damaged files.
    with explain_errors(path, {Exception: "damaged model ({reason}); delete it and run again"}):
        model = keras.saving.load_model(path, compile=False, safe_mode=True)
    network_spec(model.name)
    return model


@dataclass(frozen=True)
class Origin:
    """Where a trained network comes from.

    Attributes
    ----------
    scope, seed : of its run.
    split : sha256 of the file with the scope's split.
    supervision : `ground_truth`, or the teacher or ensemble of its soft labels.
    initial_weights : source of its initial weights.
    teacher_initial_weights : source of the teacher's initial weights; None without soft labels.
    backbone : sha256 of the backbone whose features it takes; None if it takes no video.
    frames : numbers of the video frames of a second that it takes; None if it takes no video.
    """

    scope: str
    split: str
    supervision: str
    seed: int
    initial_weights: str = "random"
    teacher_initial_weights: str | None = None
    backbone: str | None = None
    frames: Sequence[int] | None = None


def write_model_description(
    folder: Path,
    spec: NetworkSpec,
    dataset: DatasetDescription,
    origin: Origin,
    statistics: Statistics | None,
) -> None:
    """Write `model.json`.

    Parameters
    ----------
    statistics : of the training spectrograms; None if it takes none.
    """
    bounds = statistics and [np.asarray(bound, np.float32).tolist() for bound in statistics[:2]]
    description = {
        "network": spec.name,
        "classes": list(dataset.classes),
        "scenarios": list(dataset.scenarios),
        "scope": origin.scope,
        "split": origin.split,
        "supervision": origin.supervision,
        "seed": origin.seed,
        "initial_weights": origin.initial_weights,
        "teacher_initial_weights": origin.teacher_initial_weights,
        "backbone": origin.backbone,
        "data_source": dataset.source,
        "input": spec.modality,
        "length_seconds": spec.length_seconds,
        "frames": None if origin.frames is None else list(origin.frames),
        "sample_rate_recorded": SAMPLE_RATE,
        "sample_rate_network": NETWORK_SAMPLE_RATE,
        "statistics": bounds
        and dict(zip(Statistics._fields, (*bounds, statistics.noise_bins), strict=True)),
    }
    write_json(Path(folder) / DESCRIPTION_FILE, description)


def read_model_description(folder: Path) -> dict[str, Any]:
    """Return the contents of `model.json`; raise `InputError` if it is missing or damaged."""
    path = Path(folder) / DESCRIPTION_FILE
    description = read_json(path)
    wrong = [
        key
        for key, kind in _KINDS.items()
        if not isinstance(description, dict) or not isinstance(description.get(key, ...), kind)
    ]
    if not wrong and not _are_statistics(description["statistics"]):
        wrong = ["statistics"]
    if wrong:
        raise InputError(f"{path}: missing or wrong: {', '.join(wrong)}; delete it and run again")
    network_spec(description["network"])
    return description


def check_classes(description: dict[str, Any], dataset: DatasetDescription, folder: Path) -> None:
    """Check that a network was trained on a data set's classes; `folder` is the network's.

    Raises
    ------
    InputError : it was trained on other classes, or on the same classes in another order.
    """
    if tuple(description["classes"]) != dataset.classes:
        raise InputError(
            f"{folder}: the network knows other classes than the data set; train it on this one"
        )


def _are_statistics(value: dict[str, Any] | None) -> bool:
    return value is None or (
        _noise_bins(value) in get_args(NoiseBins)
        and all(
            isinstance(bound, list)
            and len(bound) == NUM_BINS
            and all(isinstance(number, int | float) and np.isfinite(number) for number in bound)
            for bound in map(value.get, _BOUNDS)
        )
    )


def statistics_of(description: dict[str, Any]) -> Statistics | None:
    """Return the statistics in a description; None if it has none."""
    if (found := description["statistics"]) is None:
        return None
    return Statistics(*(np.float32(found[name]) for name in _BOUNDS), _noise_bins(found))


def _noise_bins(statistics: dict[str, Any]) -> NoiseBins:
    return statistics.get("noise_bins", "keep")  # models without it kept them


def open_model_directory(folder: Path) -> tuple["keras.Model", NetworkSpec, dict[str, Any]]:
    """Return a folder's model, network and description; raise `InputError` if they disagree."""
    description = read_model_description(folder)
    model = load_model(Path(folder) / MODEL_FILE)
    classes = model.output_shape[-1]
    if model.name != description["network"] or classes != len(description["classes"]):
        raise InputError(
            f"{folder}: {MODEL_FILE} is a {model.name} with {classes} classes, {DESCRIPTION_FILE} "
            f"says {description['network']} with {len(description['classes'])}; delete both and "
            "run again"
        )
    return model, network_spec(description["network"]), description
