"""Statistics: minimum and maximum of each bin of a scope's training spectrograms."""

import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

import numpy as np
from tqdm import tqdm

from avdistill.errors import InputError, explain_errors, refuse
from avdistill.files.atomic import atomic_file
from avdistill.files.manifest import read_manifest
from avdistill.records.audio import FIRST_NOISE_BIN, NUM_BINS, NoiseBins, Statistics
from avdistill.records.crops import CropReader, evaluation_crops
from avdistill.records.schema import records_folder


def compute_statistics(
    records: Path,
    sequences: Sequence[str],
    sequence_seconds: int,
    crop_seconds: int,
    noise_bins: NoiseBins,
) -> Statistics:
    """Return the minimum and maximum of each bin over sequences' consecutive crops.

    Bounds of bins that are set to 0 are 0: those of their rounding errors would differ from one
    machine to the next.

    Parameters
    ----------
    sequences : names of the training sequences.
    sequence_seconds : length of a sequence.
    crop_seconds : length of a student's input: a crop is scaled as a whole.
    noise_bins : see `Statistics`.

    Raises
    ------
    InputError : no sequences, sequences shorter than a crop, or as `CropReader.read`.
    """
    if not sequences:
        raise InputError("no training sequences to take statistics from; write the split again")
    reader = CropReader(records, modality="spectrogram", length=crop_seconds)
    minimum, maximum = (np.full(NUM_BINS, bound, np.float32) for bound in (np.inf, -np.inf))
    crops = evaluation_crops(sequences, sequence_seconds, crop_seconds)
    for crop in tqdm(crops, desc="spectrograms", unit="crop"):
        spectrogram = reader.read(crop)
        np.minimum(minimum, spectrogram.min(axis=0), out=minimum)
        np.maximum(maximum, spectrogram.max(axis=0), out=maximum)
    if noise_bins == "zero":
        minimum[FIRST_NOISE_BIN:] = maximum[FIRST_NOISE_BIN:] = 0
    return Statistics(minimum, maximum, noise_bins)


def check_listed(manifest: Path, sequences: Sequence[str]) -> None:
    """Check that a manifest lists every sequence's records, and that these are beside it in full.

    Raises
    ------
    InputError : a sequence without records, a record of another size than listed, or as
        `avdistill.files.manifest.read_manifest`.
    """
    rows, wanted = read_manifest(manifest), set(sequences)
    if unlisted := sorted(wanted - {row.sequence for row in rows}):
        raise InputError(
            f"{manifest}: lists no records of {unlisted[0]}; convert it, or name it "
            "among the sequences that the data set lacks"
        )
    folder = records_folder(manifest)
    for row in rows:
        path = folder / row.file
        if row.sequence in wanted and (not path.is_file() or path.stat().st_size != row.size):
            raise InputError(f"{path}: differs from its manifest; run the conversion again")


def write_statistics(path: Path, statistics: Statistics) -> None:
    """Write a `.npz` file, atomically. NumPy dates its members 1980, so that its bytes repeat."""
    with atomic_file(path) as partial:
        np.savez(partial, **statistics._asdict())


def read_statistics(path: Path) -> Statistics:
    """Return what `write_statistics` wrote.

    Raises
    ------
    InputError : no such file, or not what `write_statistics` wrote.
    """
    damages = (ValueError, KeyError, EOFError, AttributeError, zipfile.BadZipFile)
    problems = {
        FileNotFoundError: "no such statistics; run compute-statistics",
        damages: "damaged statistics ({error}); run compute-statistics",
    }
    with (
        explain_errors(path, problems),
        Path(path).open("rb") as file,
        np.load(file, allow_pickle=False) as arrays,
    ):
        minimum, maximum = arrays["minimum"], arrays["maximum"]
        noise_bins = str(arrays.get("noise_bins", "keep"))  # without it: as they once all were
    fits = minimum.shape == maximum.shape == (NUM_BINS,)
    is_known = noise_bins in get_args(NoiseBins)
    cases = [
        (not fits, f"not {NUM_BINS} bins; delete it and run compute-statistics"),
        (not is_known, f"unknown noise_bins {noise_bins!r}; run compute-statistics"),
    ]
    refuse(path, cases)
    return Statistics(minimum, maximum, noise_bins)
