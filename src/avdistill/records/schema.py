"""The content of a record: one second of one sequence, in the released code's keys and types."""

import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from google.protobuf.message import DecodeError

from avdistill.avia.vocabulary import (
    ACOUSTIC_IMAGE_SHAPE,
    FRAME_SHAPE,
    FRAMES_PER_SECOND,
    SAMPLES_PER_FRAME,
    SequenceId,
)
from avdistill.errors import InputError, explain_errors
from avdistill.records.example import SequenceExample
from avdistill.records.tfrecord import read_record

ALL_FRAMES = tuple(range(FRAMES_PER_SECOND))
BATCHES = "batches"  # folder, beside the records, of the manifests that the jobs write

_LABELS = ("location", "subject", "action")  # counted from 0 in a record
_FEATURE_LISTS = {"acoustic": "audio/image", "audio": "audio/data", "video": "video/image"}


def record_path(sequence: str, second: int) -> str:
    """Return the path, below the records folder, of a sequence's second, counted from 0."""
    return f"{sequence}/Data_{second + 1:03d}.tfrecord"


def records_folder(manifest: Path) -> Path:
    """Return the folder of the records that a manifest lists.

    It is the manifest's own folder, or for a batch's manifest, in `batches`, the folder above.

    Raises
    ------
    InputError : there is no such manifest.
    """
    if not manifest.is_file():
        raise InputError(
            f"{manifest}: no such manifest; name the records' manifest.csv, in their folder"
        )
    folder = manifest.parent
    return folder.parent if folder.name == BATCHES else folder


def encode_second(
    sequence: SequenceId,
    *,
    acoustic: Sequence[np.ndarray] | None = None,
    audio: Sequence[np.ndarray] | None = None,
    video: Sequence[bytes] | None = None,
) -> bytes:
    """Serialise one second; a modality that is None is left out. Same input, same bytes.

    Parameters
    ----------
    acoustic : 12 x (36, 48, 12) float32, dimensionless.
    audio : 12 x (microphones, 1024) int32 at 12,288 Hz.
    video : 12 JPEG files of 640x480, stored as they are.
    """
    example = SequenceExample()
    context = {key: getattr(sequence, key) - 1 for key in _LABELS}
    if acoustic is not None:
        context |= _extent("audio_image", ACOUSTIC_IMAGE_SHAPE)
        _add_steps(example, "acoustic", [image.astype("<f4").tobytes() for image in acoustic])
    if audio is not None:
        context |= {"audio_data/mics": len(audio[0]), "audio_data/samples": SAMPLES_PER_FRAME}
        _add_steps(example, "audio", [samples.astype("<i4").tobytes() for samples in audio])
    if video is not None:
        context |= _extent("video", FRAME_SHAPE)
        example.context.feature["video/encoding"].bytes_list.value.append(b"jpeg")
        _add_steps(example, "video", video)
    for key, value in context.items():
        example.context.feature[key].int64_list.value.append(value)
    return example.SerializeToString(deterministic=True)  # maps in the order of their keys


def _extent(name: str, shape: tuple[int, int, int]) -> dict[str, int]:
    return dict(zip((f"{name}/height", f"{name}/width", f"{name}/depth"), shape, strict=True))


def _add_steps(example: SequenceExample, modality: str, steps: Sequence[bytes]) -> None:
    features = example.feature_lists.feature_list[_FEATURE_LISTS[modality]].feature
    for step in steps:
        features.add().bytes_list.value.append(step)


def read_acoustic(path: Path, *, sequence: SequenceId | None = None) -> np.ndarray:
    """Read a record's acoustic images: (12, 36, 48, 12) float32, dimensionless.

    Parameters
    ----------
    sequence : the one that the record must belong to; None allows any.

    Raises
    ------
    InputError : no such record, damaged, without acoustic images or with others in their place,
        or of another sequence.
    """
    steps, _ = _read_steps(path, "acoustic", sequence)
    return _as_array(steps, "<f4", ACOUSTIC_IMAGE_SHAPE, path)


def read_audio(
    path: Path, microphone: int = 0, *, sequence: SequenceId | None = None
) -> np.ndarray:
    """Read one microphone of a record: (12,288,) int32 at 12,288 Hz.

    Parameters
    ----------
    sequence : the one that the record must belong to; None allows any.

    Raises
    ------
    InputError : no such record, damaged, without audio or that microphone, or of another sequence.
    """
    steps, example = _read_steps(path, "audio", sequence)
    microphones = _context(example, "audio_data/mics", path)
    if not microphone < microphones:
        raise InputError(
            f"{path}: holds {microphones} microphones, number {microphone} (from 0) is asked for; "
            "convert again with more"
        )
    samples = _as_array(steps, "<i4", (microphones, SAMPLES_PER_FRAME), path)
    return samples[:, microphone].reshape(-1)


def read_video(
    path: Path, frames: Sequence[int] = ALL_FRAMES, *, sequence: SequenceId | None = None
) -> np.ndarray:
    """Read frames of a record: (len(frames), 480, 640, 3) uint8, RGB.

    Parameters
    ----------
    frames : which of the second's 12 frames, from 0; no other is decoded.
    sequence : the one that the record must belong to; None allows any.

    Raises
    ------
    InputError : no such record, damaged, without video, with a frame that is not an image, or of
        another sequence.
    """
    steps, example = _read_steps(path, "video", sequence)
    wanted, context = [steps[frame] for frame in frames], example.context.feature
    if "video/encoding" not in context:  # the released converter's raw frames, in OpenCV's BGR
        return _as_array(wanted, "u1", FRAME_SHAPE, path)[..., ::-1]
    if list(context["video/encoding"].bytes_list.value) != [b"jpeg"]:
        raise InputError(f"{path}: frames are neither JPEG nor raw; convert it again")
    return np.stack([_decode_jpeg(frame, path) for frame in wanted])


def _decode_jpeg(data: bytes, path: Path) -> np.ndarray:
    from PIL import Image  # noqa: PLC0415, only video needs it

    problem = "holds a damaged frame ({error}); convert it again"
    with (
        explain_errors(path, {(OSError, SyntaxError): problem}),  # Pillow's, for damaged files
        Image.open(io.BytesIO(data), formats=["JPEG"]) as image,
    ):
        frame = np.asarray(image.convert("RGB"))
    if frame.shape != FRAME_SHAPE:
        raise InputError(f"{path}: a frame is {frame.shape}, not {FRAME_SHAPE}; convert it again")
    return frame


def _read_steps(
    path: Path, modality: str, sequence: SequenceId | None
) -> tuple[list[bytes], SequenceExample]:
    """Return a modality's 12 byte strings, and the example for its context."""
    with explain_errors(path, {DecodeError: "holds no SequenceExample; convert it again"}):
        example = SequenceExample.FromString(read_record(path))
    if sequence is not None:
        labels = SequenceId(*(_context(example, key, path) + 1 for key in _LABELS))
        if labels != sequence:
            raise InputError(
                f"{path}: holds a second of {labels.name}, not of {sequence.name}; "
                "convert both sequences again"
            )
    lists = example.feature_lists.feature_list
    if _FEATURE_LISTS[modality] not in lists:
        present = [name for name, key in _FEATURE_LISTS.items() if key in lists]
        raise InputError(
            f"{path}: holds no {modality}, only {', '.join(present) or 'nothing'}; "
            f"convert the raw data again with {modality} among the modalities"
        )
    features = lists[_FEATURE_LISTS[modality]].feature
    steps = [value for feature in features for value in feature.bytes_list.value]
    if len(steps) != FRAMES_PER_SECOND:
        raise InputError(
            f"{path}: holds {len(steps)} frames of {modality}, not {FRAMES_PER_SECOND}; "
            "convert it again"
        )
    return steps, example


def _context(example: SequenceExample, key: str, path: Path) -> int:
    features = example.context.feature
    if key not in features or len(features[key].int64_list.value) != 1:
        raise InputError(f"{path}: has no {key}; convert it again")
    return features[key].int64_list.value[0]


def _as_array(steps: list[bytes], dtype: str, shape: tuple[int, ...], path: Path) -> np.ndarray:
    """View each step as an array of that type and shape; stack them in native byte order."""
    expected = np.dtype(dtype).itemsize * int(np.prod(shape))
    if any(len(step) != expected for step in steps):
        raise InputError(
            f"{path}: a step is not {' x '.join(map(str, shape))} of {np.dtype(dtype).name}; "
            "convert it again"
        )
    native = np.dtype(dtype).newbyteorder("=")
    return np.frombuffer(b"".join(steps), dtype).reshape(-1, *shape).astype(native, copy=False)
