"""Sound files of any origin, read as one channel of samples."""

import io
from pathlib import Path

import numpy as np

from avdistill.errors import InputError, explain_errors


def decode(data: bytes, name: Path | str) -> tuple[np.ndarray, int]:
    """Decode a sound file and average its channels.

    Returns
    -------
    Samples, (num_samples,) float64, and their rate, Hz.

    Raises
    ------
    InputError : it is no sound file, is truncated or empty, has samples that are not numbers, or is
        silent from beginning to end, which a sequence of the data set must not be either.
    """
    import soundfile  # noqa: PLC0415, loads a shared library that only reading files needs

    problem = "cannot be read as sound ({error}); get it again"
    with explain_errors(name, {(soundfile.SoundFileError, OSError): problem}):
        samples, rate = soundfile.read(io.BytesIO(data), dtype="float64", always_2d=True)
    if not len(samples) or not np.isfinite(samples).all():
        raise InputError(f"{name}: is empty, or has samples that are not numbers; get it again")
    mono = samples.mean(axis=1)
    if not mono.any():
        raise InputError(f"{name}: is silent from beginning to end; get it again")
    return mono, rate
